//! When an account's events may have their snapshot, and of which type that is.
//!
//! Each event asks for a snapshot of its own type, under that type's cooldown. One snapshot holds what all of them
//! tell of; so it may be taken as soon as one of the types is free, and it is of that type: no type is ever written
//! within its own cooldown. Nothing is read or written here but the stamps.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::taker::SnapshotRules;
use crate::error::Result;
use crate::model::cooldown::{self, Verdict};
use crate::model::event::EventType;
use crate::model::ids::AccountId;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::store::WriteTransaction;

/// When accounts had their last snapshot of each type that events ask for.
pub(super) struct Stamps(BTreeMap<SnapshotType, FxHashMap<AccountId, Timestamp>>);

impl Stamps {
    /// The stamps of accounts, for the types that these events ask for.
    pub(super) fn load(
        transaction: &WriteTransaction<'_>,
        accounts: &[AccountId],
        events: impl IntoIterator<Item = EventType>,
    ) -> Result<Self> {
        let types: BTreeSet<SnapshotType> = events.into_iter().map(EventType::snapshot_type).collect();
        let load = |snapshot_type| Ok((snapshot_type, transaction.load_stamps(accounts, snapshot_type)?));
        Ok(Self(types.into_iter().map(load).collect::<Result<_>>()?))
    }

    /// When an account's events, oldest first, may have their snapshot; None without an event, or an account.
    pub(super) fn judge<'e, E>(
        &self,
        transaction: &WriteTransaction<'_>,
        rules: &SnapshotRules<'_>,
        account: AccountId,
        events: &[&'e E],
        event_type: impl Fn(&E) -> EventType,
    ) -> Option<Due<'e, E>> {
        let name = &transaction.head(account)?.name;
        let verdict = |event: &E| {
            let snapshot_type = event_type(event).snapshot_type();
            let stamp = self.0.get(&snapshot_type).and_then(|stamps| stamps.get(&account)).copied();
            cooldown::check(stamp, transaction.now(), (rules.window)(snapshot_type, name))
        };
        judge(events, verdict)
    }
}

/// When a snapshot may be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due<'e, E> {
    /// Now, in the name of this event.
    Now(&'e E),
    /// Not before this instant.
    At(Timestamp),
}

/// The newest event whose type is free; where none is, the first instant at which one will be.
fn judge<'e, E>(events: &[&'e E], verdict: impl Fn(&E) -> Verdict) -> Option<Due<'e, E>> {
    let mut first_due = None;
    for event in events.iter().rev() {
        let Verdict::Holds { due, .. } = verdict(event) else { return Some(Due::Now(event)) };
        first_due = Some(first_due.map_or(due, |earlier: Timestamp| earlier.min(due)));
    }
    first_due.map(Due::At)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events are their verdicts: free, or held until so many milliseconds.
    fn judged(held_until: &[Option<i64>]) -> Option<Result<usize, i64>> {
        let events: Vec<(usize, Option<i64>)> = held_until.iter().copied().enumerate().collect();
        let events: Vec<&(usize, Option<i64>)> = events.iter().collect();
        let verdict = |(_, held): &(usize, Option<i64>)| match held {
            None => Verdict::Over,
            Some(due) => Verdict::Holds { due: Timestamp::from_millis(*due), remaining_seconds: 1 },
        };
        judge(&events, verdict).map(|due| match due {
            Due::Now((place, _)) => Ok(*place),
            Due::At(at) => Err(at.millis()),
        })
    }

    #[test]
    fn the_newest_free_event_names_the_snapshot_and_else_the_first_to_be_free_is_waited_for() {
        for (held_until, expected) in [
            (vec![], None),
            (vec![None, None], Some(Ok(1))),
            (vec![None, Some(9)], Some(Ok(0))),
            (vec![Some(9), None], Some(Ok(1))),
            (vec![Some(9), Some(5), Some(7)], Some(Err(5))),
        ] {
            assert_eq!(judged(&held_until), expected, "{held_until:?}");
        }
    }
}
