//! The moments that a comparison takes: a snapshot's id, a moment, `latest`, `previous`, `now`.

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::tag::Tag;
use crate::model::time::Timestamp;
use crate::ops::retention::refuse_absent;
use crate::store::{Reader, SnapshotFilter};

/// A place in an account's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A snapshot.
    Snapshot(SnapshotId),
    /// The newest snapshot taken at or before an instant.
    At(Timestamp),
    /// The newest snapshot.
    Latest,
    /// The one before the newest.
    Previous,
    /// The one that a tag names.
    Tagged(Tag),
    /// The live state.
    Now,
}

/// A place, and the words in which it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// As it was asked for.
    pub asked: String,
    /// What that means.
    pub place: Place,
}

impl Point {
    /// The newest snapshot.
    #[must_use]
    pub fn latest() -> Self {
        Self { asked: "latest".to_owned(), place: Place::Latest }
    }

    /// The one before it.
    #[must_use]
    pub fn previous() -> Self {
        Self { asked: "previous".to_owned(), place: Place::Previous }
    }

    /// The snapshot that is named by its id.
    pub(super) fn snapshot(&self) -> Option<SnapshotId> {
        match self.place {
            Place::Snapshot(id) => Some(id),
            _ => None,
        }
    }

    /// The snapshot of an account that it means; None for the live state.
    pub(in crate::ops) fn find(
        &self,
        reader: &Reader<'_>,
        customer: CustomerId,
        account: AccountId,
    ) -> Result<Option<SnapshotId>> {
        let newest = |until, limit| {
            let filter = SnapshotFilter {
                account: Some(account),
                until,
                limit,
                standing: true,
                ..SnapshotFilter::default()
            };
            reader.list_snapshots(customer, filter)
        };
        let found = match &self.place {
            Place::Now => return Ok(None),
            Place::Snapshot(id) => {
                let id = *id;
                refuse_absent(reader, customer, id)?;
                let records = reader.load_snapshots(customer, &[id])?;
                let record = records.first().ok_or_else(|| no_such_snapshot(&[id]))?;
                if record.account.id != account {
                    return Err(of_another_account(id, &record.account.name));
                }
                Some(id)
            }
            Place::Tagged(tag) => {
                let only = [account].into_iter().collect();
                reader.tagged(customer, tag, Some(&only))?.remove(&account)
            }
            Place::At(at) => newest(Some(*at), 1)?.first().map(|summary| summary.id),
            Place::Latest => newest(None, 1)?.first().map(|summary| summary.id),
            Place::Previous => newest(None, 2)?.get(1).map(|summary| summary.id),
        };
        match found {
            Some(id) => Ok(Some(id)),
            None => Err(self.no_snapshot(reader, customer, account)?),
        }
    }

    fn no_snapshot(&self, reader: &Reader<'_>, customer: CustomerId, account: AccountId) -> Result<Error> {
        let name = reader.load_accounts(customer, &[account])?.pop().map(|record| record.head.name);
        let name = name.unwrap_or_default();
        let what = match &self.place {
            Place::Previous => format!("account '{name}' has no snapshot before its newest"),
            Place::At(_) => format!("account '{name}' has no snapshot of {} or before", self.asked),
            Place::Tagged(tag) => format!("account '{name}' has no snapshot with the tag '{}'", tag.name()),
            _ => format!("account '{name}' has no snapshot"),
        };
        let hint = match &self.place {
            Place::Tagged(_) => {
                "`acctsnap tags list` shows the tags; a moment is a day or a month: 2026-09-30, 2026-09"
            }
            _ => "`acctsnap history -a ...` shows the snapshots that there are",
        };
        Ok(Error::new(ErrorKind::NoSnapshot, what).with_hint(hint))
    }
}

/// The error for ids that no snapshot of the customer has.
pub(super) fn no_such_snapshot(ids: &[SnapshotId]) -> Error {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Error::new(ErrorKind::NoSnapshot, format!("no snapshot {}", ids.join(", ")))
        .with_hint("`acctsnap snapshot list` shows them")
}

fn of_another_account(id: SnapshotId, name: &str) -> Error {
    Error::new(
        ErrorKind::NoSnapshot,
        format!("snapshot {id} is of account '{name}', not of the one compared"),
    )
    .with_hint("compare two moments of one account; `compare --all` compares portfolios")
}
