//! Filling slots: a snapshot for each, and the record of what it fills. A snapshot that failed fills none.

use super::calendar::Calendar;
use super::owed::OwedSlot;
use crate::error::Result;
use crate::events::{Request, SnapshotRules, Summaries, take};
use crate::model::event::EventType;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::snapshot::SnapshotType;
use crate::store::{NewSlot, SnapshotReason, WriteTransaction};

/// What became of an owed slot.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    pub(super) owed: OwedSlot,
    /// The snapshot that fills it, or why there is none.
    pub(super) result: Result<SnapshotId, String>,
}

/// Takes the snapshots of owed slots and records which filled which.
pub(super) fn fill(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    calendar: &Calendar,
    owed: Vec<OwedSlot>,
) -> Result<Vec<Filled>> {
    let requests: Vec<Request> = owed.iter().map(|owed| request(calendar, owed)).collect();
    let taken = take(transaction, rules, &Summaries::default(), &requests)?;
    let filled: Vec<Filled> =
        owed.into_iter().zip(taken).map(|(owed, taken)| Filled { owed, result: taken.result }).collect();
    let slots: Vec<NewSlot<'_>> = filled.iter().filter_map(|filled| slot(calendar, filled)).collect();
    transaction.append_slots(&slots)?;
    Ok(filled)
}

/// The accounts whose snapshot failed.
pub(super) fn failed_accounts(filled: &[Filled]) -> Vec<AccountId> {
    filled.iter().filter(|filled| filled.result.is_err()).map(|filled| filled.owed.account).collect()
}

fn rule_name<'c>(calendar: &'c Calendar, owed: &OwedSlot) -> &'c str {
    calendar.rules.get(owed.rule).map_or("", |rule| rule.name.as_str())
}

fn slot<'a>(calendar: &'a Calendar, filled: &Filled) -> Option<NewSlot<'a>> {
    let owed = &filled.owed;
    Some(NewSlot {
        account: owed.account,
        slot: owed.slot,
        snapshot: *filled.result.as_ref().ok()?,
        rule: rule_name(calendar, owed),
        gap: owed.gap,
    })
}

fn request(calendar: &Calendar, owed: &OwedSlot) -> Request {
    Request {
        account: owed.account,
        reason: SnapshotReason {
            snapshot_type: SnapshotType::Scheduled,
            trigger: Some(EventType::Schedule),
            action: Some(rule_name(calendar, owed).to_owned()),
            event: None,
            reason: None,
            created_by: None,
        },
    }
}
