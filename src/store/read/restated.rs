//! What an upload corrected of the past, and how many snapshots were made with what was known before.

use chrono::{Days, NaiveDate};
use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::health::month::{Month, MonthScores};
use crate::model::ids::{AccountId, ChangeId, HealthRowId, KpiChangeId, UploadId};
use crate::model::kpi::Category;
use crate::model::kpi::replay::Said;
use crate::model::kpi::restated::{Restated, restated};
use crate::model::score::Score;
use crate::model::upload::UploadKind;
use crate::store::day;
use crate::store::heads::id_list;
use crate::store::health_scores::{HEALTH_COLUMNS, HealthVersion, version_from};
use crate::store::undoings::said;

/// How many accounts are looked at at once.
const CHUNK: usize = 2000;

/// A value of a past day that an upload of KPIs corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct RestatedKpi {
    /// The account.
    pub account: AccountId,
    /// The value, before and after.
    pub restated: Restated,
    /// How many snapshots were made with the old value as the current one.
    pub snapshots: u64,
}

/// A score of a past month that an upload of health scores corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedScore {
    /// The account.
    pub account: AccountId,
    /// The month.
    pub month: Month,
    /// Which score; None for the overall one.
    pub category: Option<Category>,
    /// What was known.
    pub old: Score,
    /// What the upload says.
    pub new: Score,
    /// How many snapshots were made with the old score in force.
    pub snapshots: u64,
}

/// Which rows an upload wrote, and when.
struct Written {
    upload: UploadId,
    ingested_on: NaiveDate,
    first: i64,
    last: i64,
}

/// The rows that a snapshot holds.
struct Holding {
    kpis: Option<KpiChangeId>,
    health: Option<HealthRowId>,
}

type Snapshots = FxHashMap<AccountId, Vec<Holding>>;

fn count(snapshots: &Snapshots, account: AccountId, holds: impl Fn(&Holding) -> bool) -> u64 {
    snapshots.get(&account).map_or(0, |of| of.iter().filter(|snapshot| holds(snapshot)).count() as u64)
}

impl Reader<'_> {
    /// The values of past days that an upload of KPIs corrected; `accounts`: in rising order, the only ones that can
    /// have one, where that is known.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn restated_kpis(
        &self,
        upload: UploadId,
        accounts: Option<&[AccountId]>,
    ) -> Result<Vec<RestatedKpi>> {
        let Some(written) = self.written(upload, UploadKind::Kpis)? else { return Ok(Vec::new()) };
        let may = |account: &AccountId| accounts.is_none_or(|known| known.binary_search(account).is_ok());
        let mut last = self.last_rows_of_past_days(&written)?;
        last.retain(|(account, ..)| may(account));
        let mut found = Vec::new();
        for chunk in last.chunks(CHUNK) {
            let mut corrections = Vec::new();
            for (account, rows) in self.rows_up_to(chunk)? {
                let of_account = restated(&rows, upload).into_iter();
                corrections.extend(of_account.map(|restated| (account, restated)));
            }
            let since =
                corrections.iter().flat_map(|(_, restated)| &restated.held).map(|held| held.start).min();
            let holders = corrections.iter().map(|(account, _)| *account).collect();
            let snapshots = match since {
                Some(row) => self.snapshots_back(holders, self.change_of_row(row)?)?,
                None => Snapshots::default(),
            };
            found.extend(corrections.into_iter().map(|(account, restated)| {
                let holds = |snapshot: &Holding| snapshot.kpis.is_some_and(|row| restated.was_in(row));
                RestatedKpi { account, snapshots: count(&snapshots, account, holds), restated }
            }));
        }
        Ok(found)
    }

    /// The scores of past months that an upload of health scores corrected: those before the month of its ingest.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn restated_health(&self, upload: UploadId) -> Result<Vec<RestatedScore>> {
        let Some(written) = self.written(upload, UploadKind::Health)? else { return Ok(Vec::new()) };
        let versions = self.versions_of_past_months(&written)?;
        let Some(oldest) = versions.iter().map(|(_, version)| version.change).min() else {
            return Ok(Vec::new());
        };
        let accounts = versions.iter().map(|(account, _)| *account).collect();
        let snapshots = self.snapshots_back(accounts, oldest)?;
        let mut found = Vec::new();
        for of_month in versions.chunk_by(|a, b| (a.0, a.1.month) == (b.0, b.1.month)) {
            let is_new = |(_, version): &&(AccountId, HealthVersion)| version.upload == Some(upload);
            let before: Vec<&HealthVersion> =
                of_month.iter().filter(|version| !is_new(version)).map(|(_, version)| version).collect();
            let after = of_month.iter().rfind(is_new);
            let (Some(known), Some((account, after))) = (before.last(), after) else { continue };
            for (category, old) in scores(&known.scores) {
                let score = |scores: &MonthScores| self::score(scores, category);
                let (Some(old), Some(new)) = (old, score(&after.scores)) else { continue };
                if old == new {
                    continue;
                }
                let held = before.iter().rev().take_while(|version| score(&version.scores) == Some(old));
                let held: Vec<HealthRowId> = held.map(|version| version.id).collect();
                let holds = |snapshot: &Holding| snapshot.health.is_some_and(|row| held.contains(&row));
                let snapshots = count(&snapshots, *account, holds);
                found.push(RestatedScore {
                    account: *account,
                    month: after.month,
                    category,
                    old,
                    new,
                    snapshots,
                });
            }
        }
        Ok(found)
    }

    /// What an upload wrote; None where it is of another kind or wrote nothing. Its change need not be recorded yet.
    fn written(&self, upload: UploadId, kind: UploadKind) -> Result<Option<Written>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT ingested_on, rows_from, rows_to FROM uploads \
             WHERE id = ?1 AND kind = ?2 AND rows_from IS NOT NULL",
        )?;
        let written = statement.query_one((upload.get(), kind.number()), |row| {
            let ingested_on = day(row.get_ref(0)?.as_str()?)?;
            Ok(Written { upload, ingested_on, first: row.get(1)?, last: row.get(2)? })
        });
        Ok(written.optional()?)
    }

    fn last_rows_of_past_days(&self, written: &Written) -> Result<Vec<(AccountId, KpiChangeId, NaiveDate)>> {
        let mut statement = self.sql().prepare_cached(include_str!("../sql/last_rows_of_past_days.sql"))?;
        let parameters = (written.first, written.last, written.upload.get(), written.ingested_on.to_string());
        let rows = statement
            .query_map(parameters, |row| {
                let oldest = day(row.get_ref(2)?.as_str()?)?;
                Ok((AccountId::new(row.get(0)?), KpiChangeId::new(row.get(1)?), oldest))
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// What was said of accounts up to these rows, as far back as it can matter: a day can have been spoken of up to
    /// a quarter before it, while its period ran, and what was said before that outranks nothing of it.
    fn rows_up_to(
        &self,
        last: &[(AccountId, KpiChangeId, NaiveDate)],
    ) -> Result<FxHashMap<AccountId, Vec<(KpiChangeId, Said)>>> {
        let mut accounts: FxHashMap<AccountId, Vec<(KpiChangeId, Said)>> = FxHashMap::default();
        let Some(oldest) = last.iter().map(|(.., day)| *day).min() else { return Ok(accounts) };
        let since = oldest.checked_sub_days(Days::new(92)).unwrap_or(oldest).to_string();
        let mut statement = self.sql().prepare_cached(include_str!("../sql/kpi_rows_up_to.sql"))?;
        let mut rows = statement.query((id_list(last.iter().map(|(_, row, _)| row.get())), since))?;
        while let Some(row) = rows.next()? {
            let account = AccountId::new(row.get(7)?);
            accounts.entry(account).or_default().push((KpiChangeId::new(row.get(6)?), said(row)?));
        }
        Ok(accounts)
    }

    fn change_of_row(&self, row: KpiChangeId) -> Result<ChangeId> {
        let mut statement = self.sql().prepare_cached("SELECT change_id FROM kpi_changes WHERE id = ?1")?;
        Ok(statement.query_one([row.get()], |row| row.get(0).map(ChangeId::new))?)
    }

    /// What the snapshots of accounts hold that were taken in a change or later.
    fn snapshots_back(&self, mut accounts: Vec<AccountId>, since: ChangeId) -> Result<Snapshots> {
        accounts.sort_unstable();
        accounts.dedup();
        let mut statement = self.sql().prepare_cached(include_str!("../sql/snapshots_back.sql"))?;
        let mut rows = statement.query((id_list(accounts.iter().map(|id| id.get())), since.get()))?;
        let mut snapshots = Snapshots::default();
        while let Some(row) = rows.next()? {
            let (kpis, health): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            let holding = Holding { kpis: kpis.map(KpiChangeId::new), health: health.map(HealthRowId::new) };
            snapshots.entry(AccountId::new(row.get(0)?)).or_default().push(holding);
        }
        Ok(snapshots)
    }

    /// By account and month, oldest first, every ingested version up to an upload of the accounts of which it has
    /// another version of a past month; late ones aside.
    fn versions_of_past_months(&self, written: &Written) -> Result<Vec<(AccountId, HealthVersion)>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT s.account_id, {HEALTH_COLUMNS} FROM (SELECT DISTINCT account_id FROM health_scores \
             WHERE id BETWEEN ?1 AND ?2 AND upload_id = ?3 AND replaces_id IS NOT NULL AND is_late IS NULL \
             AND month < ?4) a CROSS JOIN health_scores s ON s.account_id = a.account_id WHERE s.source = 1 \
             AND s.is_late IS NULL AND s.month < ?4 AND s.id <= ?2 ORDER BY s.account_id, s.month, s.id"
        ))?;
        let month = Month::of(written.ingested_on).to_string();
        let parameters = (written.first, written.last, written.upload.get(), month);
        let versions = statement
            .query_map(parameters, |row| Ok((AccountId::new(row.get(0)?), version_from(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(versions)
    }
}

/// The overall score, then those of the categories.
fn scores(scores: &MonthScores) -> impl Iterator<Item = (Option<Category>, Option<Score>)> {
    let categories = Category::ALL.map(Some).into_iter().zip(scores.categories);
    std::iter::once((None, scores.overall)).chain(categories)
}

fn score(scores: &MonthScores, category: Option<Category>) -> Option<Score> {
    match category {
        None => scores.overall,
        Some(category) => scores.categories.get(category.index()).copied().flatten(),
    }
}
