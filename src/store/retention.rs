//! Runs of retention, and the tombstones by which they hide snapshots and bring them back.

use super::append::value::{count, int, maybe, maybe_text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{AccountId, RetentionRunId, SnapshotId};
use crate::model::retention::RunKind;

/// A run, about to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct NewRetentionRun<'a> {
    /// What it does.
    pub kind: RunKind,
    /// The apply that it takes back; None but for an undo.
    pub undoes: Option<RetentionRunId>,
    /// To how many snapshots.
    pub snapshots: u64,
    /// The policies that decided, as JSON; None where none did.
    pub policy: Option<&'a str>,
}

impl WriteTransaction<'_> {
    /// Records a run.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_retention_run(&mut self, run: &NewRetentionRun<'_>) -> Result<RetentionRunId> {
        let id = RetentionRunId::new(self.next_id("retention_run")?);
        let row = [
            int(id.get()),
            int(self.customer().get()),
            int(self.change().get()),
            int(run.kind.number()),
            maybe(run.undoes.map(RetentionRunId::get)),
            count(run.snapshots),
            maybe_text(run.policy),
        ];
        self.appender(Table::RetentionRuns)?.append(None, &row)?;
        Ok(id)
    }

    /// Hides snapshots of this customer: lists, histories and moments pass them over from here on.
    ///
    /// # Errors
    /// `UnknownAccount` for an account of another customer; anything that the database says.
    pub fn hide_snapshots(
        &mut self,
        run: RetentionRunId,
        snapshots: &[(AccountId, SnapshotId)],
    ) -> Result<()> {
        self.append_tombstones(run, snapshots, 1)
    }

    /// Brings hidden snapshots back.
    ///
    /// # Errors
    /// As [`WriteTransaction::hide_snapshots`].
    pub fn show_snapshots(
        &mut self,
        run: RetentionRunId,
        snapshots: &[(AccountId, SnapshotId)],
    ) -> Result<()> {
        self.append_tombstones(run, snapshots, 0)
    }

    fn append_tombstones(
        &mut self,
        run: RetentionRunId,
        snapshots: &[(AccountId, SnapshotId)],
        hidden: i64,
    ) -> Result<()> {
        let mut accounts: Vec<AccountId> = snapshots.iter().map(|(account, _)| *account).collect();
        accounts.dedup();
        self.load_heads(&accounts)?;
        for (account, snapshot) in snapshots {
            let key = self.loaded_head(*account)?.salt;
            let row = [
                int(self.next_id("tombstone")?),
                int(account.get()),
                int(self.change().get()),
                int(run.get()),
                int(snapshot.get()),
                int(hidden),
            ];
            self.appender(Table::Tombstones)?.append(Some(&key), &row)?;
        }
        Ok(())
    }
}
