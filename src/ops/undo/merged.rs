//! What was said of an account and of those that were merged into it.
//!
//! What was said of the account before a merge wins; what was said of the other one fills its gaps. From the merge on
//! their uploads are those of one account.

use std::collections::BTreeSet;

use super::refold::Turn;
use crate::error::Result;
use crate::model::health::month::HealthRow;
use crate::model::ids::AccountId;
use crate::model::note::Note;
use crate::model::playbook::PlaybookSaid;
use crate::model::profile::ProfilePatch;
use crate::store::{Merge, SaidOf, SaidRow, WriteTransaction};

/// What an upload said, of which a part may be known already.
pub(super) trait Statement: Clone {
    /// What it speaks of.
    fn topics(&self) -> Vec<String>;

    /// Without what is known of these; None where nothing is left.
    fn without(&self, known: &BTreeSet<String>) -> Option<Self>;
}

impl Statement for ProfilePatch {
    fn topics(&self) -> Vec<String> {
        self.names()
    }

    fn without(&self, known: &BTreeSet<String>) -> Option<Self> {
        let mut left = self.clone();
        left.fields.retain(|field, _| !known.contains(field.name()));
        left.attributes.retain(|name, _| !known.contains(&format!("attributes.{name}")));
        (!left.is_empty()).then_some(left)
    }
}

/// A month, an execution or a note is taken whole or not at all.
fn unless_known<T: Statement>(said: &T, known: &BTreeSet<String>) -> Option<T> {
    (!said.topics().iter().any(|topic| known.contains(topic))).then(|| said.clone())
}

impl Statement for HealthRow {
    fn topics(&self) -> Vec<String> {
        vec![self.month.to_string()]
    }

    fn without(&self, known: &BTreeSet<String>) -> Option<Self> {
        unless_known(self, known)
    }
}

impl Statement for PlaybookSaid {
    fn topics(&self) -> Vec<String> {
        vec![self.execution_id.clone()]
    }

    fn without(&self, known: &BTreeSet<String>) -> Option<Self> {
        unless_known(self, known)
    }
}

impl Statement for Note {
    fn topics(&self) -> Vec<String> {
        vec![self.note_id.clone()]
    }

    fn without(&self, known: &BTreeSet<String>) -> Option<Self> {
        unless_known(self, known)
    }
}

/// What counted so far of an account, and what counts now, in upload order.
pub(super) struct Sides<T> {
    pub(super) before: Vec<SaidRow<T>>,
    pub(super) now: Vec<SaidRow<T>>,
}

impl<T> Sides<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.before.is_empty() && self.now.is_empty()
    }
}

/// The sides of accounts; `load` reads what was said of them and of those that were merged into them.
pub(super) fn sides<T: Statement>(
    transaction: &WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
    load: impl FnOnce(&[AccountId]) -> Result<SaidOf<T>>,
) -> Result<Vec<(AccountId, Sides<T>)>> {
    let merges = transaction.merges_under(accounts)?;
    let all: BTreeSet<AccountId> =
        accounts.iter().copied().chain(merges.iter().map(|merge| merge.from)).collect();
    let said = load(&all.into_iter().collect::<Vec<_>>())?;
    let of = |account: &AccountId| {
        let before = counting(*account, &said, &merges, &|row| row.counts);
        let now = counting(*account, &said, &merges, &|row| match row.upload == turn.upload {
            true => turn.counts,
            false => row.counts,
        });
        (*account, Sides { before, now })
    };
    Ok(accounts.iter().map(of).filter(|(_, sides)| !sides.is_empty()).collect())
}

/// What counts of an account and of those under it.
fn counting<T: Statement>(
    account: AccountId,
    said: &SaidOf<T>,
    merges: &[Merge],
    counts: &dyn Fn(&SaidRow<T>) -> bool,
) -> Vec<SaidRow<T>> {
    let own = said.get(&account).map_or(&[][..], Vec::as_slice);
    let mut rows: Vec<SaidRow<T>> = own.iter().filter(|row| counts(row)).cloned().collect();
    for merge in merges.iter().filter(|merge| merge.into == account) {
        let earlier = rows.iter().filter(|row| Some(row.upload) <= merge.last_upload);
        let known: BTreeSet<String> = earlier.flat_map(|row| row.said.topics()).collect();
        let others = counting(merge.from, said, merges, counts);
        let left = |row: SaidRow<T>| {
            let said = row.said.without(&known)?;
            Some(SaidRow { upload: row.upload, counts: row.counts, said })
        };
        rows.extend(others.into_iter().filter_map(left));
    }
    rows.sort_by_key(|row| row.upload);
    rows
}
