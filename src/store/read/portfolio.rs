//! All accounts of a customer at one moment, as narrow as a comparison of portfolios needs them.
//!
//! Set-oriented: one walk back through the snapshots finds those in force, one statement loads them; never a query per
//! account.

use rusqlite::{OptionalExtension as _, Row};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Reader;
use super::retention::{HIDDEN, PREVIOUS};
use super::retracted::{RETRACTED, standing};
use super::snapshots::{SUMMARY_COLUMNS, SUMMARY_JOINS, SnapshotSummary, summary};
use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, CustomerId, KpiChangeId, ScoringConfigId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::tag::Tag;
use crate::model::time::Timestamp;
use crate::store::heads::id_list;

/// An account by the snapshot that is in force at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The account.
    pub account: AccountId,
    /// What it is called today.
    pub name: String,
    /// Its external id.
    pub external_id: Option<String>,
    /// The snapshot; None for the live state.
    pub snapshot: Option<SnapshotId>,
    /// The change that wrote it.
    pub change: ChangeId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The rules of its scores.
    pub config: ScoringConfigId,
    /// The overall score.
    pub score: Option<Score>,
    /// Its band.
    pub band: Option<Band>,
    /// What the account pays a year, in minor units, and the currency.
    pub revenue: Option<(i64, String)>,
    /// The newest row of what uploads had said of its KPIs.
    pub kpi_row: Option<KpiChangeId>,
    /// Its status, as its profile had it.
    pub status: Option<String>,
    /// Whether it was archived by then.
    pub archived: bool,
}

/// Which snapshot of each account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// The newest of those taken at or before an instant.
    At(Timestamp),
    /// The newest.
    Latest,
    /// The one before the newest.
    Previous,
}

impl Reader<'_> {
    /// The accounts of a customer that have such a snapshot, by account.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn standings(&self, customer: CustomerId, which: InForce) -> Result<Vec<Standing>> {
        let (snapshots, until) = match which {
            InForce::At(at) => match self.last_change_at(customer, at)? {
                Some(change) => (self.snapshots_by(customer, change)?, change),
                None => return Ok(Vec::new()),
            },
            InForce::Latest => (self.standing_ids(customer)?, ChangeId::new(i64::MAX)),
            InForce::Previous => (self.previous_ids(customer)?, ChangeId::new(i64::MAX)),
        };
        self.load_standings(customer, &snapshots, until)
    }

    /// The accounts of a customer that have a snapshot of a tag, by account; as they are archived now.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn standings_tagged(&self, customer: CustomerId, tag: &Tag) -> Result<Vec<Standing>> {
        let snapshots: Vec<SnapshotId> = self.tagged(customer, tag, None)?.into_values().collect();
        self.load_standings(customer, &snapshots, ChangeId::new(i64::MAX))
    }

    /// The snapshot in force at an instant of each account that has one.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn snapshots_at(&self, customer: CustomerId, at: Timestamp) -> Result<Vec<SnapshotId>> {
        match self.last_change_at(customer, at)? {
            Some(change) => self.snapshots_by(customer, change),
            None => Ok(Vec::new()),
        }
    }

    /// The newest snapshot that is not retracted of each of a customer's accounts in one line, by account; of those that
    /// have one.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn newest_snapshots(&self, customer: CustomerId) -> Result<Vec<SnapshotSummary>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {SUMMARY_COLUMNS} FROM json_each(?2) j CROSS JOIN snapshots s ON s.id = j.value \
             JOIN account_heads h ON h.account_id = s.account_id AND h.customer_id = ?1 {SUMMARY_JOINS} \
             ORDER BY s.account_id"
        ))?;
        let newest = id_list(self.standing_ids(customer)?.iter().map(|id| id.get()));
        let mut rows = statement.query((customer.get(), newest))?;
        let mut summaries = Vec::new();
        while let Some(row) = rows.next()? {
            summaries.push(summary(row)?);
        }
        Ok(summaries)
    }

    fn load_standings(
        &self,
        customer: CustomerId,
        snapshots: &[SnapshotId],
        until: ChangeId,
    ) -> Result<Vec<Standing>> {
        let archived = self.archived_by(until)?;
        let mut statement = self.sql().prepare_cached(
            "SELECT h.account_id, h.name, h.external_id, s.id, s.change_id, g.recorded_at, s.scoring_config_id, \
             c.overall_score, c.overall_band, c.revenue_minor, c.currency, c.kpi_change_row, \
             p.content ->> '$.account_status' \
             FROM json_each(?2) j CROSS JOIN snapshots s ON s.id = j.value \
             JOIN account_heads h ON h.account_id = s.account_id AND h.customer_id = ?1 \
             JOIN changes g ON g.id = s.change_id JOIN snapshot_contents c ON c.id = s.content_id \
             LEFT JOIN profiles p ON p.id = c.profile_id",
        )?;
        let mut rows = statement.query((customer.get(), id_list(snapshots.iter().map(|id| id.get()))))?;
        let mut standings = Vec::with_capacity(snapshots.len());
        while let Some(row) = rows.next()? {
            standings.push(standing_from(row, &archived)?);
        }
        standings.sort_unstable_by_key(|standing| standing.account);
        Ok(standings)
    }

    /// The last change of a customer that was recorded at or before an instant.
    fn last_change_at(&self, customer: CustomerId, at: Timestamp) -> Result<Option<ChangeId>> {
        let last: Option<i64> = self.sql().query_one(
            "SELECT max(id) FROM changes WHERE customer_id = ?1 AND recorded_at <= ?2",
            (customer.get(), at.millis()),
            |row| row.get(0),
        )?;
        Ok(last.map(ChangeId::new))
    }

    /// Each account's last snapshot up to a change: back from the newest of them, until every account is met.
    fn snapshots_by(&self, customer: CustomerId, change: ChangeId) -> Result<Vec<SnapshotId>> {
        let mut missing: FxHashSet<i64> = self
            .sql()
            .prepare_cached("SELECT id FROM accounts WHERE customer_id = ?1 AND change_id <= ?2")?
            .query_map((customer.get(), change.get()), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut found = Vec::with_capacity(missing.len());
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT s.id, s.account_id FROM snapshots s WHERE s.id <= ?1 AND NOT {HIDDEN} AND NOT {RETRACTED} \
             ORDER BY s.id DESC"
        ))?;
        let mut rows = statement.query([self.newest_snapshot_by(change)?])?;
        while !missing.is_empty()
            && let Some(row) = rows.next()?
        {
            if missing.remove(&row.get(1)?) {
                found.push(SnapshotId::new(row.get(0)?));
            }
        }
        Ok(found)
    }

    /// An id up to which snapshots were written by a change or before. Ids rise with changes, so it is found by halving.
    fn newest_snapshot_by(&self, change: ChangeId) -> Result<i64> {
        let mut statement = self
            .sql()
            .prepare_cached("SELECT id, change_id FROM snapshots WHERE id <= ?1 ORDER BY id DESC LIMIT 1")?;
        let mut at_or_before = |id: i64| {
            let row = statement.query_row([id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
            row.optional()
        };
        let (mut low, mut high) = (0, at_or_before(i64::MAX)?.map_or(0, |(id, _)| id));
        while low < high {
            let middle = low + (high - low + 1) / 2;
            match at_or_before(middle)? {
                Some((id, written_by)) if written_by > change.get() => high = id - 1,
                _ => low = middle,
            }
        }
        Ok(low)
    }

    /// Each account's newest snapshot that is not retracted; retention never hides it.
    fn standing_ids(&self, customer: CustomerId) -> Result<Vec<SnapshotId>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT snapshot_id FROM account_heads WHERE customer_id = ?1 AND snapshot_id IS NOT NULL",
        )?;
        let ids = statement.query_map([customer.get()], |row| row.get(0).map(SnapshotId::new))?;
        let ids: Vec<SnapshotId> = ids.collect::<Result<_, _>>()?;
        let standing = standing(self.sql(), &ids)?;
        Ok(ids.into_iter().filter_map(|id| standing.get(&id).copied().unwrap_or(Some(id))).collect())
    }

    /// For each account the snapshot before its newest, over those that are hidden, gone or retracted.
    fn previous_ids(&self, customer: CustomerId) -> Result<Vec<SnapshotId>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "WITH RECURSIVE walk (id, passed_over) AS (SELECT {PREVIOUS}, 1 FROM json_each(?1) j \
             CROSS JOIN snapshots s ON s.id = j.value WHERE s.previous_id IS NOT NULL UNION ALL \
             SELECT CASE WHEN {HIDDEN} OR {RETRACTED} THEN {PREVIOUS} ELSE s.id END, {HIDDEN} OR {RETRACTED} \
             FROM walk w JOIN snapshots s ON s.id = w.id WHERE w.passed_over) \
             SELECT id FROM walk WHERE NOT passed_over"
        ))?;
        let newest = id_list(self.standing_ids(customer)?.iter().map(|id| id.get()));
        let ids = statement.query_map([newest], |row| row.get(0).map(SnapshotId::new))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The accounts that were archived by a change and not taken back since; of all customers.
    fn archived_by(&self, change: ChangeId) -> Result<FxHashSet<AccountId>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT account_id, archived FROM account_archivings WHERE change_id <= ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([change.get()])?;
        let mut newest: FxHashMap<AccountId, bool> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            newest.insert(AccountId::new(row.get(0)?), row.get(1)?);
        }
        Ok(newest.into_iter().filter_map(|(account, archived)| archived.then_some(account)).collect())
    }
}

fn standing_from(row: &Row<'_>, archived: &FxHashSet<AccountId>) -> Result<Standing> {
    let account = AccountId::new(row.get(0)?);
    let minor_units: Option<i64> = row.get(9)?;
    Ok(Standing {
        account,
        name: row.get(1)?,
        external_id: row.get(2)?,
        snapshot: Some(SnapshotId::new(row.get(3)?)),
        change: ChangeId::new(row.get(4)?),
        taken_at: Timestamp::from_millis(row.get(5)?),
        config: ScoringConfigId::new(row.get(6)?),
        score: row.get::<_, Option<i32>>(7)?.map(Score::from_hundredths),
        band: row.get::<_, Option<i64>>(8)?.and_then(Band::from_number),
        revenue: minor_units.zip(row.get(10)?),
        kpi_row: row.get::<_, Option<i64>>(11)?.map(KpiChangeId::new),
        status: row.get(12)?,
        archived: archived.contains(&account),
    })
}
