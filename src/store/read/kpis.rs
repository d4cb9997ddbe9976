//! KPIs: which series there are, and what is known of an account's, now or at an earlier moment.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Reader;
use super::told::for_each_told;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, KpiChangeId, SeriesId, UploadId};
use crate::model::kpi::Band;
use crate::model::kpi::replay::Said;
use crate::model::kpi::retell::{ToldRow, retold_state};
use crate::model::kpi::state::KpiState;
use crate::model::score::Score;
use crate::store::heads::id_list;
use crate::store::kpis::load_states;
use crate::store::undoings::said;
use crate::store::{day, vector_text};

/// How much a series is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesUse {
    /// Accounts that have it.
    pub accounts: u64,
    /// Accounts that have a value of it.
    pub with_value: u64,
}

/// What is known now of one KPI of an account, with its score as it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurrentKpi {
    /// The account.
    pub account: AccountId,
    /// Which KPI and product.
    pub series: SeriesId,
    /// The value; None where it was withdrawn.
    pub value: Option<f64>,
    /// What it scores; None where it has no value or no definition.
    pub score: Option<Score>,
    /// The band in which it lies.
    pub band: Option<Band>,
    /// The day of the value.
    pub observed_on: NaiveDate,
    /// The upload that said it.
    pub upload: UploadId,
}

/// What was said of a KPI of an account at a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SaidValue {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The day of the value.
    pub observed_on: NaiveDate,
    /// The value; None where it was withdrawn.
    pub value: Option<f64>,
    /// The upload that said it.
    pub upload: UploadId,
}

impl Reader<'_> {
    /// The current KPIs of accounts; an account without any is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_states(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, KpiState>> {
        match self.known_at {
            None => load_states(self.sql(), &mut self.weightings.borrow_mut(), accounts),
            Some(_) => self.replayed_states(accounts),
        }
    }

    /// An account's KPIs as they were known when `row` was the newest of what uploads had said.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_state_at(&self, row: KpiChangeId) -> Result<KpiState> {
        Ok(self.kpi_states_at(&[row])?.remove(&row).unwrap_or_default())
    }

    /// As [`Reader::kpi_state_at`], for several rows of one account: its history is read once.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_states_at(&self, rows: &[KpiChangeId]) -> Result<FxHashMap<KpiChangeId, KpiState>> {
        let newest: Vec<KpiChangeId> = rows.iter().max().copied().into_iter().collect();
        self.kpi_states_of_many(&newest, &rows.iter().copied().collect())
    }

    /// As [`Reader::kpi_states_at`], for rows of many accounts at two moments: `newest` has each account's later row,
    /// `wanted` all rows whose states are asked for, none of them after that of its account.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_states_of_many(
        &self,
        newest: &[KpiChangeId],
        wanted: &FxHashSet<KpiChangeId>,
    ) -> Result<FxHashMap<KpiChangeId, KpiState>> {
        let mut found = FxHashMap::default();
        for_each_told(self.sql(), newest, |_, told| {
            told.states(wanted, &mut found);
            Ok(())
        })?;
        Ok(found)
    }

    /// What uploads that count said of an account's KPIs by the days of the values, of each series and day the newest
    /// statement; by series, then day. The walk begins at the newest row of what uploads had said.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn dated_values(&self, newest: KpiChangeId, series: &[SeriesId]) -> Result<Vec<SaidValue>> {
        let mut values: BTreeMap<(SeriesId, NaiveDate), SaidValue> = BTreeMap::new();
        for_each_told(self.sql(), &[newest], |_, told| {
            for said in told.counting() {
                let Said { observed_on, upload, changed, .. } = said;
                for (series, value) in changed.into_iter().filter(|(id, _)| series.contains(id)) {
                    values.insert((series, observed_on), SaidValue { series, observed_on, value, upload });
                }
            }
            Ok(())
        })?;
        Ok(values.into_values().collect())
    }

    /// Accounts' KPIs as they stood at the end of a day, by the days of the values and all that is known of them now;
    /// an account of which nothing was known then is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_states_on(
        &self,
        accounts: &[AccountId],
        last_day: NaiveDate,
    ) -> Result<FxHashMap<AccountId, KpiState>> {
        let mut statement = self.sql().prepare_cached(include_str!("../sql/kpi_rows_of_accounts.sql"))?;
        let mut rows = statement.query([id_list(accounts.iter().map(|id| id.get()))])?;
        let mut told: FxHashMap<AccountId, Vec<ToldRow>> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let said = said(row)?;
            if said.effective_on() <= last_day {
                told.entry(AccountId::new(row.get(7)?)).or_default().push(ToldRow::counting(said));
            }
        }
        Ok(told.into_iter().map(|(account, rows)| (account, retold_state(rows).0)).collect())
    }

    /// How many accounts use each of a customer's series.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn series_use(&self, customer: CustomerId) -> Result<FxHashMap<SeriesId, SeriesUse>> {
        self.fill_vectors(customer)?;
        let mut statement = self.sql().prepare_cached(
            "SELECT CAST(j.key AS INTEGER), count(*), count(json_extract(j.value, '$[0]')) FROM accounts a \
             JOIN kpi_current k ON k.account_id = a.id, json_each(k.vector) j WHERE a.customer_id = ?1 GROUP BY 1",
        )?;
        let used = statement
            .query_map([customer.get()], |row| {
                let used = SeriesUse { accounts: row.get(1)?, with_value: row.get(2)? };
                Ok((SeriesId::new(row.get(0)?), used))
            })?
            .collect::<Result<_, _>>()?;
        Ok(used)
    }

    /// Shows every current value of some of a customer's series, by account, then by series.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn for_each_current_kpi(
        &self,
        customer: CustomerId,
        series: &[SeriesId],
        mut visit: impl FnMut(CurrentKpi),
    ) -> Result<()> {
        self.fill_vectors(customer)?;
        // Only the entries asked for leave SQLite, and as text: numbers are read in Rust alone.
        let mut statement = self.sql().prepare_cached(
            "SELECT a.id, s.value, k.observed_on, k.upload_id, json_extract(k.vector, '$.\"' || s.value || '\"') \
             FROM accounts a JOIN kpi_current k ON k.account_id = a.id JOIN json_each(?2) s \
             WHERE a.customer_id = ?1 AND json_type(k.vector, '$.\"' || s.value || '\"') = 'array' \
             ORDER BY a.id, s.value",
        )?;
        let mut rows = statement.query((customer.get(), id_list(series.iter().map(|id| id.get()))))?;
        while let Some(row) = rows.next()? {
            let observed_on = day(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
            let entry = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
            let entry = vector_text::parse_scored_entry(entry, observed_on, UploadId::new(row.get(3)?))?;
            visit(CurrentKpi {
                account: AccountId::new(row.get(0)?),
                series: SeriesId::new(row.get(1)?),
                value: entry.value,
                score: entry.score,
                band: entry.band,
                observed_on: entry.observed_on,
                upload: entry.upload,
            });
        }
        Ok(())
    }
}
