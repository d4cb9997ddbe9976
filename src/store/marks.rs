//! Tags and pins: marks of snapshots. Each is a row of the history; the newest of its key says how things stand.

use super::append::value::{int, maybe, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::tag::Tag;

/// Whether a row `t` of tags is the newest of its account and name, and names a snapshot.
pub(super) const TAG_HOLDS: &str = "t.snapshot_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tags n \
     WHERE n.name_key = t.name_key AND n.account_id = t.account_id AND n.id > t.id)";

impl WriteTransaction<'_> {
    /// Has a tag name a snapshot of an account from now on, or none.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn set_tag(&mut self, account: AccountId, tag: &Tag, snapshot: Option<SnapshotId>) -> Result<()> {
        let key = self.loaded_head(account)?.salt;
        let (id, change, name_key) = (self.next_id("tag")?, self.change().get(), tag.key());
        let row = [
            int(id),
            int(account.get()),
            int(change),
            maybe(snapshot.map(SnapshotId::get)),
            text(tag.name()),
            text(&name_key),
        ];
        self.appender(Table::Tags)?.append(Some(&key), &row)
    }

    /// Pins a snapshot of an account, or takes the pin away.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn set_pin(&mut self, account: AccountId, snapshot: SnapshotId, is_pinned: bool) -> Result<()> {
        let key = self.loaded_head(account)?.salt;
        let (id, change) = (self.next_id("pin")?, self.change().get());
        let row = [int(id), int(account.get()), int(change), int(snapshot.get()), int(i64::from(is_pinned))];
        self.appender(Table::Pins)?.append(Some(&key), &row)
    }
}
