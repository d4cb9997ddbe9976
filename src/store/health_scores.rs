//! Health scores of months, as others computed them or as we did: a row a version of an account's month.
//!
//! Which of them counts is settled in the model; here the head is kept at the ingested row of the newest month.

use chrono::NaiveDate;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

use super::append::value::{int, maybe, maybe_text, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::undoings::Refolded;
use crate::error::Result;
use crate::model::health::month::{Month, MonthScores};
use crate::model::ids::{AccountId, ChangeId, HealthRowId, UploadId};
use crate::model::score::Score;
use crate::model::snapshot::content::ScoreSource;

/// A version of an account's scores of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthVersion {
    /// Its row.
    pub id: HealthRowId,
    /// The month.
    pub month: Month,
    /// The day, where the source gave one.
    pub observed_on: Option<NaiveDate>,
    /// The scores.
    pub scores: MonthScores,
    /// The change from which it counts: the one that recorded it or, where a taking back wrote the row, that of the
    /// upload that said it.
    pub change: ChangeId,
    /// The upload that said it; None for calculated ones.
    pub upload: Option<UploadId>,
}

/// A version, about to be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewHealth {
    /// Where the scores come from.
    pub source: ScoreSource,
    /// The month.
    pub month: Month,
    /// The day, where the source gives one.
    pub observed_on: Option<NaiveDate>,
    /// The scores that were said; at least one is.
    pub said: MonthScores,
    /// The scores that are known since.
    pub scores: MonthScores,
    /// The earlier version of the month.
    pub replaces: Option<HealthRowId>,
    /// Whether a later day of the month is known: then it is history, and counts nowhere.
    pub is_late: bool,
}

/// The columns of a version, as [`version_from`] reads them.
pub(super) const HEALTH_COLUMNS: &str = "s.id, s.month, s.observed_on, \
     coalesce((SELECT b.change_id FROM uploads b WHERE b.id = s.upload_id AND s.refolded IS NOT NULL), s.change_id), \
     s.upload_id, s.overall, \
     s.product_usage, s.support, s.customer_sentiment, s.business_outcomes, s.relationship_strength";

/// Reads a version whose columns begin at `first`.
pub(super) fn version_from(row: &Row<'_>, first: usize) -> rusqlite::Result<HealthVersion> {
    let score = |place: usize| -> rusqlite::Result<Option<Score>> {
        Ok(row.get::<_, Option<i32>>(first + place)?.map(Score::from_hundredths))
    };
    let observed_on = row.get_ref(first + 2)?.as_str_or_null()?.map(super::day).transpose()?;
    Ok(HealthVersion {
        id: HealthRowId::new(row.get(first)?),
        month: stored_month(row.get_ref(first + 1)?.as_str()?)?,
        observed_on,
        change: ChangeId::new(row.get(first + 3)?),
        upload: row.get::<_, Option<i64>>(first + 4)?.map(UploadId::new),
        scores: MonthScores {
            overall: score(5)?,
            categories: [score(6)?, score(7)?, score(8)?, score(9)?, score(10)?],
        },
    })
}

/// A month as it is stored.
pub(super) fn stored_month(text: &str) -> rusqlite::Result<Month> {
    Month::from_stored(text).ok_or_else(|| {
        let why = format!("expected a month such as 2026-10, found '{text}'");
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, why.into())
    })
}

/// Which scores were said: bit 1 the overall one, 2 to 32 the categories.
#[must_use]
pub fn said_bits(said: &MonthScores) -> i64 {
    let scores = std::iter::once(said.overall).chain(said.categories);
    scores.enumerate().filter(|(_, score)| score.is_some()).map(|(place, _)| 1_i64 << place).sum()
}

impl WriteTransaction<'_> {
    /// For accounts whose heads are loaded, the newest version of each month from one source, late ones aside.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_health_months(
        &self,
        accounts: &[AccountId],
        source: ScoreSource,
    ) -> Result<FxHashMap<AccountId, BTreeMap<Month, HealthVersion>>> {
        let with_rows = self.list_of_heads(accounts, |head| head.health_row.map(|_| head.id.get()));
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.account_id, {HEALTH_COLUMNS}, s.refolded IS 2 AS gone FROM json_each(?1) j \
             CROSS JOIN health_scores s ON s.account_id = j.value WHERE s.source = ?2 AND s.is_late IS NULL \
             ORDER BY s.id"
        ))?;
        let mut rows = statement.query((with_rows, source as i64))?;
        let mut months: FxHashMap<AccountId, BTreeMap<Month, HealthVersion>> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            // The rows come in the order in which they were written, so that the newest stays.
            let (version, of_account) =
                (version_from(row, 1)?, months.entry(AccountId::new(row.get(0)?)).or_default());
            match row.get::<_, bool>("gone")? {
                true => drop(of_account.remove(&version.month)),
                false => drop(of_account.insert(version.month, version)),
            }
        }
        Ok(months)
    }

    /// For accounts whose heads are loaded, the newest version of each day for which a row from one source was given,
    /// also of those that came late.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_health_days(
        &self,
        accounts: &[AccountId],
        source: ScoreSource,
    ) -> Result<FxHashMap<AccountId, BTreeMap<NaiveDate, HealthVersion>>> {
        let with_rows = self.list_of_heads(accounts, |head| head.health_row.map(|_| head.id.get()));
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.account_id, {HEALTH_COLUMNS}, s.refolded IS 2 AS gone FROM json_each(?1) j \
             CROSS JOIN health_scores s ON s.account_id = j.value \
             WHERE s.source = ?2 AND s.observed_on IS NOT NULL ORDER BY s.id"
        ))?;
        let mut rows = statement.query((with_rows, source as i64))?;
        let mut days: FxHashMap<AccountId, BTreeMap<NaiveDate, HealthVersion>> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let version = version_from(row, 1)?;
            let Some(day) = version.observed_on else { continue };
            let of_account = days.entry(AccountId::new(row.get(0)?)).or_default();
            match row.get::<_, bool>("gone")? {
                true => drop(of_account.remove(&day)),
                false => drop(of_account.insert(day, version)),
            }
        }
        Ok(days)
    }

    /// For accounts whose heads are loaded, the ingested row of the newest month; an account without one is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_current_health(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, HealthVersion>> {
        let current = self.list_of_heads(accounts, |head| head.health.map(HealthRowId::get));
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.account_id, {HEALTH_COLUMNS} FROM json_each(?1) j CROSS JOIN health_scores s ON s.id = j.value"
        ))?;
        let versions = statement
            .query_map([current], |row| Ok((AccountId::new(row.get(0)?), version_from(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(versions)
    }

    /// Appends a version of an account's month. An ingested one that is not late, of a month not before that of the
    /// current one, becomes the current one.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says, also where no score
    /// was said.
    pub fn append_health(
        &mut self,
        account: AccountId,
        upload: Option<UploadId>,
        health: NewHealth,
    ) -> Result<HealthRowId> {
        let id = HealthRowId::new(match upload {
            Some(_) => self.next_fact_id("health_score")?,
            None => self.next_id("health_score")?,
        });
        self.append_health_row(account, upload, health, id, None)?;
        if let Some(head) = self.head_mut(account) {
            head.health_upload = upload.or(head.health_upload);
            let is_newest = head.health_month.is_none_or(|newest| newest <= health.month);
            if health.source == ScoreSource::Ingested && is_newest && !health.is_late {
                (head.health, head.health_month) = (Some(id), Some(health.month));
            }
        }
        Ok(id)
    }

    /// Appends an account's month, or a day of it, as the uploads that count said it, in the name of the last one that
    /// changed it; where none is left, in that of the one that was taken back.
    ///
    /// # Errors
    /// As [`Self::append_health`].
    pub fn append_refolded_health(
        &mut self,
        account: AccountId,
        upload: UploadId,
        health: NewHealth,
    ) -> Result<HealthRowId> {
        let id = HealthRowId::new(self.next_id("health_score")?);
        let left = Refolded::of(!health.scores.is_empty());
        self.append_health_row(account, Some(upload), health, id, Some(left))?;
        Ok(id)
    }

    /// Has the heads of accounts name their ingested scores of the newest month that counts.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn refresh_current_health(&mut self, accounts: &[AccountId]) -> Result<()> {
        let months = self.load_health_months(accounts, ScoreSource::Ingested)?;
        for account in accounts {
            let newest = months.get(account).and_then(BTreeMap::last_key_value);
            let newest = newest.map(|(month, version)| (version.id, *month));
            if let Some(head) = self.head_mut(*account) {
                (head.health, head.health_month) = newest.unzip();
            }
        }
        Ok(())
    }

    fn append_health_row(
        &mut self,
        account: AccountId,
        upload: Option<UploadId>,
        health: NewHealth,
        id: HealthRowId,
        refolded: Option<Refolded>,
    ) -> Result<()> {
        let head = self.loaded_head(account)?;
        let (key, previous) = (head.salt, head.health_row);
        let (month, day) = (health.month.to_string(), health.observed_on.map(|day| day.to_string()));
        let score = |score: Option<Score>| maybe(score.map(|score| i64::from(score.hundredths())));
        let [usage, support, sentiment, outcomes, relationship] = health.scores.categories.map(score);
        let row: [ValueRef<'_>; 18] = [
            int(id.get()),
            int(account.get()),
            maybe(upload.map(UploadId::get)),
            int(self.change().get()),
            maybe(previous.map(HealthRowId::get)),
            maybe(health.replaces.map(HealthRowId::get)),
            int(health.source as i64),
            text(&month),
            int(said_bits(&health.said).max(1)),
            score(health.scores.overall),
            usage,
            support,
            sentiment,
            outcomes,
            relationship,
            maybe_text(day.as_deref()),
            maybe(health.is_late.then_some(1)),
            maybe(refolded.map(Refolded::number)),
        ];
        self.appender(Table::HealthScores)?.append(Some(&key), &row)?;
        if let Some(head) = self.head_mut(account) {
            head.health_row = Some(id);
        }
        Ok(())
    }
}
