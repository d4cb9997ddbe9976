//! What uploads said of accounts' KPIs, and what is known of them now.

use chrono::NaiveDate;
use rayon::prelude::*;
use rusqlite::OptionalExtension;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::rc::Rc;

use super::append::value::{int, maybe, text};
use super::failure::damaged;
use super::heads::id_list;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::vector_text::{self, VectorText, Weighting};
use crate::error::Result;
use crate::model::health::ScoredEntry;
use crate::model::ids::{AccountId, KpiChangeId, ScoringConfigId, SeriesId, UploadId, WeightingId};
use crate::model::kpi::Impact;
use crate::model::kpi::fold::{DayChange, History, WeightChange};
use crate::model::kpi::state::{KpiState, Ranked};

/// An account's current KPIs as they are stored: pure text, so that many can be written at once on all cores.
pub struct KpiVector(Option<VectorText>);

impl KpiVector {
    /// The vector of a state and its scores, which stand in the order of its entries.
    #[must_use]
    pub fn new(state: &KpiState, scored: &[ScoredEntry]) -> Self {
        Self(vector_text::vector_text(state, scored))
    }
}

/// What a file says of an account's KPIs, day by day, as it is written down; made without the database, on any thread.
pub struct KpiDays(Vec<KpiDay>);

struct KpiDay {
    change: DayChange,
    observed_on: String,
    named: String,
    changed: String,
}

impl KpiDays {
    /// The rows of these days, in their order.
    #[must_use]
    pub fn new(days: Vec<DayChange>) -> Self {
        Self(days.into_iter().map(KpiDay::new).collect())
    }
}

impl KpiDay {
    fn new(change: DayChange) -> Self {
        let mut changed = String::with_capacity(change.changed.len().saturating_mul(16));
        vector_text::changed_text(&change.changed, &mut changed);
        let (observed_on, named) = (change.observed_on.to_string(), vector_text::ranges(&change.named));
        Self { change, observed_on, named, changed }
    }
}

/// A KPI's weight and impact, with their ranks.
type Held = (SeriesId, Option<Ranked<f64>>, Option<Ranked<Impact>>);

fn held(state: &KpiState) -> impl Iterator<Item = Held> + '_ {
    let entries = state.entries().iter().filter(|entry| entry.weight.is_some() || entry.impact.is_some());
    entries.map(|entry| (entry.series, entry.weight, entry.impact))
}

/// Weightings as they are needed within one transaction or answer.
#[derive(Default)]
pub(super) struct WeightingCache {
    /// What the last account's weights were, and under which id: most accounts of a file have the same.
    last_said: Option<(Vec<WeightChange>, WeightingId)>,
    last_held: Option<(Vec<Held>, WeightingId)>,
    by_id: FxHashMap<i64, Rc<Weighting>>,
    by_text: FxHashMap<String, WeightingId>,
}

impl WeightingCache {
    pub(super) fn get(&mut self, sql: &rusqlite::Connection, id: i64) -> Result<Rc<Weighting>> {
        if let Some(known) = self.by_id.get(&id) {
            return Ok(Rc::clone(known));
        }
        let content: String = sql
            .prepare_cached("SELECT content FROM weightings WHERE id = ?1")?
            .query_one([id], |row| row.get(0))
            .optional()?
            .ok_or_else(|| damaged(format!("weighting {id} is missing")))?;
        let weighting = Rc::new(vector_text::parse_weighting(&content)?);
        self.by_id.insert(id, Rc::clone(&weighting));
        Ok(weighting)
    }
}

/// From so many vectors on they are read on all cores.
const MANY: usize = 100;

/// A vector as it is kept.
struct KeptVector {
    account: AccountId,
    day: NaiveDate,
    upload: UploadId,
    weighting: Option<i64>,
    text: String,
}

/// The current KPIs of accounts; an account without any has an empty state.
pub(super) fn load_states(
    sql: &rusqlite::Connection,
    cache: &mut WeightingCache,
    accounts: &[AccountId],
) -> Result<FxHashMap<AccountId, KpiState>> {
    let mut statement = sql.prepare_cached(
        "SELECT k.account_id, k.observed_on, k.upload_id, k.weighting_id, k.vector FROM json_each(?1) j \
         CROSS JOIN kpi_current k ON k.account_id = j.value",
    )?;
    let mut rows = statement.query([id_list(accounts.iter().map(|id| id.get()))])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        kept.push(KeptVector {
            account: AccountId::new(row.get(0)?),
            day: super::day(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?,
            upload: UploadId::new(row.get(2)?),
            weighting: row.get(3)?,
            text: row.get(4)?,
        });
    }
    let parse = |kept: &KeptVector| vector_text::parse_vector(&kept.text, kept.day, kept.upload);
    let entries: Vec<_> = match kept.len() {
        0..MANY => kept.iter().map(parse).collect::<Result<_>>()?,
        _ => kept.par_iter().map(parse).collect::<Result<_>>()?,
    };
    let mut uploads: FxHashMap<UploadId, NaiveDate> = FxHashMap::default();
    for entry in entries.iter().flatten() {
        uploads.entry(entry.upload).or_insert(entry.observed_on);
    }
    load_days(sql, &mut uploads)?;
    let mut states = FxHashMap::default();
    for (KeptVector { account, weighting, .. }, entries) in kept.into_iter().zip(entries) {
        let weighting = weighting.map(|id| cache.get(sql, id)).transpose()?;
        states.insert(account, vector_text::state_from(entries, weighting.as_deref(), &uploads));
    }
    Ok(states)
}

/// Fills in the day on which each upload was ingested.
fn load_days(sql: &rusqlite::Connection, uploads: &mut FxHashMap<UploadId, NaiveDate>) -> Result<()> {
    let mut statement = sql.prepare_cached(
        "SELECT u.id, u.ingested_on FROM json_each(?1) j CROSS JOIN uploads u ON u.id = j.value",
    )?;
    let mut rows = statement.query([id_list(uploads.keys().map(|id| id.get()))])?;
    while let Some(row) = rows.next()? {
        let day = super::day(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        uploads.insert(UploadId::new(row.get(0)?), day);
    }
    Ok(())
}

impl WriteTransaction<'_> {
    /// The current KPIs of accounts of this customer; an account without any is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_kpi_states(&mut self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, KpiState>> {
        load_states(&self.sql, &mut self.weightings, accounts)
    }

    /// What was said of accounts' KPIs at days from `from` on: the newest statement of each series and day.
    ///
    /// A statement about a day can have been made up to a quarter before it, while its period ran; so the walk back
    /// from the newest row ends at uploads of more than 92 days before `from`.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_kpi_history(
        &self,
        accounts: &[AccountId],
        from: NaiveDate,
    ) -> Result<FxHashMap<AccountId, History>> {
        let since = from.checked_sub_days(chrono::Days::new(92)).unwrap_or(from).to_string();
        let mut statement = self.sql.prepare_cached(include_str!("sql/kpi_history_back.sql"))?;
        let mut rows = statement.query((id_list(accounts.iter().map(|id| id.get())), since))?;
        let mut histories: FxHashMap<AccountId, History> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let history = histories.entry(AccountId::new(row.get(0)?)).or_default();
            let day = super::day(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
            let changed = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            for (series, value) in vector_text::parse_changed(changed)? {
                history.insert((series, day), value);
            }
        }
        Ok(histories)
    }

    /// Records what an upload said of an account, a row a day.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_kpi_changes(&mut self, account: AccountId, upload: UploadId, days: &KpiDays) -> Result<()> {
        let change = self.change();
        for KpiDay { change: day, observed_on, named, changed } in &days.0 {
            let id = KpiChangeId::new(self.next_fact_id("kpi_change")?);
            let weighting = self.weighting_of(&day.weights)?;
            let confirmed = self.weighting_of(&day.confirmed)?;
            let Some(head) = self.head_mut(account) else { continue };
            let (salt, previous) = (head.salt, head.kpi_row);
            head.kpi_row = Some(id);
            head.kpis_upload = Some(upload);
            if day.is_news() {
                head.kpi_fact = Some(id);
                head.kpis_change = Some(change);
            }
            if !day.changed.is_empty() {
                head.kpi_values_change = Some(change);
            }
            let row = [
                int(id.get()),
                int(account.get()),
                int(upload.get()),
                int(change.get()),
                maybe(previous.map(KpiChangeId::get)),
                text(observed_on),
                int(i64::from(day.dated)),
                text(named),
                text(changed),
                maybe(weighting),
                ValueRef::Null,
                maybe(confirmed),
            ];
            self.appender(Table::KpiChanges)?.append(Some(&salt), &row)?;
        }
        Ok(())
    }

    /// Writes an account's current KPIs with their scores.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn save_kpi_state(
        &mut self,
        account: AccountId,
        state: &KpiState,
        scored: &[ScoredEntry],
        config: ScoringConfigId,
    ) -> Result<()> {
        self.save_kpi_vector(account, state, &KpiVector::new(state, scored), config)
    }

    /// As [`Self::save_kpi_state`], of a vector that was written before.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn save_kpi_vector(
        &mut self,
        account: AccountId,
        state: &KpiState,
        vector: &KpiVector,
        config: ScoringConfigId,
    ) -> Result<()> {
        let Some(vector) = &vector.0 else { return Ok(()) };
        let weighting = self.held_weighting(state)?.map(WeightingId::get);
        self.sql
            .prepare_cached(
                "INSERT INTO kpi_current (account_id, observed_on, upload_id, scoring_config_id, weighting_id, vector) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id) DO UPDATE SET \
                 observed_on = excluded.observed_on, upload_id = excluded.upload_id, \
                 scoring_config_id = excluded.scoring_config_id, weighting_id = excluded.weighting_id, \
                 vector = excluded.vector",
            )?
            .execute((
                account.get(),
                vector.observed_on.to_string(),
                vector.upload.get(),
                config.get(),
                weighting,
                &vector.text,
            ))?;
        Ok(())
    }

    /// The row that holds weights; None where there are none.
    pub(super) fn weighting_of(&mut self, weights: &[WeightChange]) -> Result<Option<i64>> {
        match weights.is_empty() {
            true => Ok(None),
            false => Ok(Some(self.said_weighting(weights)?.get())),
        }
    }

    fn said_weighting(&mut self, weights: &[WeightChange]) -> Result<WeightingId> {
        if let Some((_, id)) = self.weightings.last_said.as_ref().filter(|(last, _)| last == weights) {
            return Ok(*id);
        }
        let id = self.weighting_id(&vector_text::weight_change_text(weights))?;
        self.weightings.last_said = Some((weights.to_vec(), id));
        Ok(id)
    }

    fn held_weighting(&mut self, state: &KpiState) -> Result<Option<WeightingId>> {
        let is_last = |last: &[Held]| held(state).eq(last.iter().copied());
        if let Some((_, id)) = self.weightings.last_held.as_ref().filter(|(last, _)| is_last(last)) {
            return Ok(Some(*id));
        }
        let Some(text) = vector_text::weighting_text(state) else { return Ok(None) };
        let id = self.weighting_id(&text)?;
        self.weightings.last_held = Some((held(state).collect(), id));
        Ok(Some(id))
    }

    /// The customer's accounts whose current KPIs bear scores of another configuration, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn accounts_scored_otherwise(
        &self,
        config: ScoringConfigId,
    ) -> Result<Vec<(AccountId, ScoringConfigId)>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT a.id, k.scoring_config_id FROM accounts a JOIN kpi_current k ON k.account_id = a.id \
             WHERE a.customer_id = ?1 AND k.scoring_config_id <> ?2 ORDER BY a.id",
        )?;
        let accounts = statement
            .query_map((self.customer.id.get(), config.get()), |row| {
                Ok((AccountId::new(row.get(0)?), ScoringConfigId::new(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(accounts)
    }

    fn weighting_id(&mut self, content: &str) -> Result<WeightingId> {
        if let Some(known) = self.weightings.by_text.get(content) {
            return Ok(*known);
        }
        let digest = Sha256::digest(content.as_bytes());
        let hash = digest.iter().take(8).fold(0_i64, |hash, byte| (hash << 8) | i64::from(*byte));
        let known = self
            .sql
            .prepare_cached(
                "SELECT id FROM weightings WHERE customer_id = ?1 AND text_hash = ?2 AND content = ?3",
            )?
            .query_one((self.customer.id.get(), hash, content), |row| row.get(0))
            .optional()?;
        let id = match known {
            Some(id) => id,
            None => {
                let id = self.next_id("weighting")?;
                let row = [
                    int(id),
                    int(self.customer.id.get()),
                    int(self.change().get()),
                    int(hash),
                    text(content),
                ];
                self.appender(Table::Weightings)?.append(None, &row)?;
                id
            }
        };
        self.weightings.by_text.insert(content.to_owned(), WeightingId::new(id));
        Ok(WeightingId::new(id))
    }
}
