//! What the calendar owes is worked out from these: accounts with the slots filled last, and the runs.

use rusqlite::{OptionalExtension, Row};
use rustc_hash::FxHashSet;

use super::Reader;
use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, CustomerId, ScheduleRunId};
use crate::model::schedule::{Cadence, Period};
use crate::model::time::Timestamp;
use crate::store::failure::damaged;
use crate::store::heads::id_list;

/// An account that takes part in the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledAccount {
    /// Our id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// When its first fact was recorded.
    pub first_fact_at: Timestamp,
    /// The slot of each cadence that was filled last.
    filled: Vec<Period>,
}

impl ScheduledAccount {
    /// The slot of a cadence that was filled last.
    #[must_use]
    pub fn last_filled(&self, cadence: Cadence) -> Option<Period> {
        self.filled.iter().copied().find(|period| period.cadence() == cadence)
    }
}

/// A run for a customer, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRunRecord {
    /// Its id.
    pub id: ScheduleRunId,
    /// The change that it is.
    pub change: ChangeId,
    /// The run before it.
    pub previous: Option<ScheduleRunId>,
    /// The instant by which it judged what was due.
    pub evaluated_at: Timestamp,
    /// Slots that it filled.
    pub created: u64,
    /// Snapshots of pending changes that it wrote besides.
    pub flushed: u64,
    /// A hash of the rules that decided.
    pub rules_hash: String,
    /// Accounts whose slot it could not fill.
    pub failed: Vec<AccountId>,
}

const RUN: &str = "SELECT id, change_id, previous_id, evaluated_at, created, flushed, rules_hash, failed_accounts \
                   FROM schedule_runs";

fn run_from(row: &Row<'_>) -> Result<ScheduleRunRecord> {
    let failed = row.get_ref(7)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    let failed: Option<Vec<AccountId>> = failed
        .map(serde_json::from_str)
        .transpose()
        .map_err(|error| damaged(format!("a run of the schedule cannot be read ({error})")))?;
    Ok(ScheduleRunRecord {
        id: ScheduleRunId::new(row.get(0)?),
        change: ChangeId::new(row.get(1)?),
        previous: row.get::<_, Option<i64>>(2)?.map(ScheduleRunId::new),
        evaluated_at: Timestamp::from_millis(row.get(3)?),
        created: row.get(4)?,
        flushed: row.get(5)?,
        rules_hash: row.get(6)?,
        failed: failed.unwrap_or_default(),
    })
}

impl Reader<'_> {
    /// The accounts of a customer that take part in the schedule, by id: those that are not archived.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_scheduled_accounts(&self, customer: CustomerId) -> Result<Vec<ScheduledAccount>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT a.id, h.name, g.recorded_at, s.label FROM accounts a \
             JOIN account_heads h ON h.account_id = a.id JOIN changes g ON g.id = a.change_id \
             LEFT JOIN slot_heads s ON s.account_id = a.id \
             WHERE a.customer_id = ?1 AND h.archived = 0 ORDER BY a.id, s.cadence",
        )?;
        let mut rows = statement.query([customer.get()])?;
        let mut accounts: Vec<ScheduledAccount> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = AccountId::new(row.get(0)?);
            if accounts.last().is_none_or(|last| last.id != id) {
                let first_fact_at = Timestamp::from_millis(row.get(2)?);
                accounts.push(ScheduledAccount { id, name: row.get(1)?, first_fact_at, filled: Vec::new() });
            }
            let label = row.get_ref(3)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            let filled =
                label.map(|label| Period::parse(label).ok_or_else(|| unknown_label(label))).transpose()?;
            if let Some(last) = accounts.last_mut() {
                last.filled.extend(filled);
            }
        }
        Ok(accounts)
    }

    /// Which of these accounts have the slot of a period filled.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn find_filled(&self, period: Period, accounts: &[AccountId]) -> Result<FxHashSet<AccountId>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT s.account_id FROM json_each(?1) j CROSS JOIN slots s ON s.label = ?2 AND s.account_id = j.value",
        )?;
        let ids = id_list(accounts.iter().map(|id| id.get()));
        let filled = statement
            .query_map((ids, period.to_string()), |row| Ok(AccountId::new(row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        Ok(filled)
    }

    /// The customer's last run.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn last_schedule_run(&self, customer: CustomerId) -> Result<Option<ScheduleRunRecord>> {
        Ok(self.list_schedule_runs(customer, 1)?.pop())
    }

    /// The customer's last runs, the newest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_schedule_runs(&self, customer: CustomerId, limit: usize) -> Result<Vec<ScheduleRunRecord>> {
        let mut statement =
            self.sql().prepare_cached(&format!("{RUN} WHERE customer_id = ?1 ORDER BY id DESC LIMIT ?2"))?;
        let mut rows = statement.query((customer.get(), limit))?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(run_from(row)?);
        }
        Ok(runs)
    }

    /// A run by its id.
    ///
    /// # Errors
    /// `Damaged` where it is not there, and anything that the database says.
    pub fn load_schedule_run(&self, id: ScheduleRunId) -> Result<ScheduleRunRecord> {
        let mut statement = self.sql().prepare_cached(&format!("{RUN} WHERE id = ?1"))?;
        let run = statement.query_one([id.get()], |row| Ok(run_from(row))).optional()?;
        run.ok_or_else(|| damaged(format!("run {id} of the schedule is missing")))?
    }
}

fn unknown_label(label: &str) -> crate::error::Error {
    damaged(format!("a filled slot has the unknown label '{label}'"))
}
