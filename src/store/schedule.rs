//! Appending runs of the schedule, and the slots that they filled.

use super::append::value::{count, int, maybe, maybe_text, text};
use super::failure::damaged;
use super::heads::id_list;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{AccountId, ScheduleRunId, SnapshotId};
use crate::model::schedule::{Gap, Slot};

/// A run, about to be recorded; it judged what was due by the transaction's now.
#[derive(Debug, Clone, Copy)]
pub struct NewScheduleRun<'a> {
    /// Slots that it filled.
    pub created: u64,
    /// Accounts whose slot it could not fill.
    pub failed: &'a [AccountId],
    /// Snapshots of pending changes that it wrote besides.
    pub flushed: u64,
    /// A hash of the rules that decided.
    pub rules_hash: &'a str,
}

/// A slot that a snapshot fills.
#[derive(Debug, Clone, Copy)]
pub struct NewSlot<'a> {
    /// Of which account.
    pub account: AccountId,
    /// The slot.
    pub slot: Slot,
    /// The snapshot.
    pub snapshot: SnapshotId,
    /// The name of the rule that decided.
    pub rule: &'a str,
    /// The slots before it that nobody filled.
    pub gap: Option<Gap>,
}

impl WriteTransaction<'_> {
    /// Records a run.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_schedule_run(&mut self, run: &NewScheduleRun<'_>) -> Result<ScheduleRunId> {
        let previous = self.reader().last_schedule_run(self.customer())?;
        let id = ScheduleRunId::new(self.next_id("schedule_run")?);
        let failed = (!run.failed.is_empty()).then(|| id_list(run.failed.iter().map(|id| id.get())));
        let failures = run.failed.len() as u64;
        let (now, evaluated) = (self.now(), self.now().to_string());
        let row = [
            int(id.get()),
            int(self.customer().get()),
            int(self.change().get()),
            maybe(previous.map(|run| run.id.get())),
            int(now.millis()),
            count(run.created.saturating_add(failures)),
            count(run.created),
            count(failures),
            count(run.flushed),
            text(run.rules_hash),
            text(&evaluated),
            maybe_text(failed.as_deref()),
        ];
        self.appender(Table::ScheduleRuns)?.append(None, &row)?;
        Ok(id)
    }

    /// Records filled slots. Of accounts the heads must be loaded, and no slot may be filled a second time: the
    /// database refuses it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_slots(&mut self, slots: &[NewSlot<'_>]) -> Result<()> {
        slots.iter().try_for_each(|slot| self.append_slot(slot))
    }

    fn append_slot(&mut self, new: &NewSlot<'_>) -> Result<()> {
        let id = self.next_id("slot")?;
        let change = self.change().get();
        let Some(key) = self.heads.get(&new.account).map(|head| head.salt) else {
            return Err(damaged(format!("account {} is not loaded", new.account)));
        };
        let Slot { period, due_at } = new.slot;
        let label = period.to_string();
        let gap = new.gap.map(|gap| (gap.from.to_string(), gap.to.to_string(), gap.count));
        let row = [
            int(id),
            int(new.account.get()),
            int(change),
            text(&label),
            int(period.cadence().number()),
            int(due_at.millis()),
            int(new.snapshot.get()),
            text(new.rule),
            // Written out up to version 3; the views show it from its number.
            text(""),
            maybe_text(gap.as_ref().map(|(from, ..)| from.as_str())),
            maybe_text(gap.as_ref().map(|(_, to, _)| to.as_str())),
            maybe(gap.as_ref().map(|(.., count)| i64::from(*count))),
        ];
        self.appender(Table::Slots)?.append(Some(&key), &row)?;
        self.sql
            .prepare_cached(
                "INSERT INTO slot_heads (account_id, cadence, label, due_at) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (account_id, cadence) DO UPDATE SET label = excluded.label, due_at = excluded.due_at",
            )?
            .execute((new.account.get(), period.cadence().number(), &label, due_at.millis()))?;
        Ok(())
    }
}
