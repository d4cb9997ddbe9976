//! The series of a customer, and its scoring configurations.

use rusqlite::{Connection, OptionalExtension, Row};

use super::append::value::{int, maybe, maybe_text, text};
use super::failure::damaged;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::health::config::ScoringConfig;
use crate::model::ids::{ChangeId, CustomerId, ScoringConfigId, SeriesId};
use crate::model::kpi::batch::KpiMention;
use crate::model::kpi::series::{Series, SeriesSet, kpi_key};
use crate::model::kpi::{Category, Unit};
use crate::model::names::name_key;

/// All series of a customer.
pub(super) fn load(sql: &Connection, customer: CustomerId) -> Result<SeriesSet> {
    let mut statement = sql.prepare_cached(
        "SELECT id, kpi, product, unit, category FROM kpi_series WHERE customer_id = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([customer.get()])?;
    let mut set = SeriesSet::default();
    while let Some(row) = rows.next()? {
        set.insert(Series {
            id: SeriesId::new(row.get(0)?),
            kpi: row.get(1)?,
            product: row.get(2)?,
            unit: unit(row, 3)?,
            category: category(row, 4)?,
        });
    }
    restate(sql, customer, &mut set)?;
    Ok(set)
}

/// Takes in the words in which series were stated anew.
fn restate(sql: &Connection, customer: CustomerId, set: &mut SeriesSet) -> Result<()> {
    let mut statement = sql.prepare_cached(
        "SELECT series_id, change_id, kpi, unit, category FROM kpi_series_words WHERE customer_id = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([customer.get()])?;
    while let Some(row) = rows.next()? {
        let id = SeriesId::new(row.get(0)?);
        let Some(made) = set.get(id) else { continue };
        let product = made.product.clone();
        let (unit, category) = (unit(row, 3)?, category(row, 4)?);
        set.restate(ChangeId::new(row.get(1)?), Series { id, kpi: row.get(2)?, product, unit, category });
    }
    Ok(())
}

fn unit(row: &Row<'_>, place: usize) -> Result<Option<Unit>> {
    let name: Option<String> = row.get(place)?;
    Ok(name.as_deref().and_then(Unit::parse))
}

fn category(row: &Row<'_>, place: usize) -> Result<Option<Category>> {
    let place: Option<usize> = row.get(place)?;
    Ok(place.and_then(|place| Category::ALL.get(place).copied()))
}

fn category_number(category: Option<Category>) -> Option<i64> {
    category.and_then(|category| i64::try_from(category.index()).ok())
}

impl WriteTransaction<'_> {
    /// The customer's series.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_series(&self) -> Result<SeriesSet> {
        load(&self.sql, self.customer.id)
    }

    /// Finds or makes the series that a file mentions; one id a mention, in its order.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn resolve_series(&mut self, set: &mut SeriesSet, mentions: &[KpiMention]) -> Result<Vec<SeriesId>> {
        mentions.iter().map(|mention| self.series_of(set, mention)).collect()
    }

    fn series_of(&mut self, set: &mut SeriesSet, mention: &KpiMention) -> Result<SeriesId> {
        if let Some(known) = set.find(&mention.name, mention.product.as_deref()) {
            return Ok(known);
        }
        let id = SeriesId::new(self.next_id("series")?);
        let series = Series {
            id,
            kpi: mention.name.clone(),
            product: mention.product.clone(),
            unit: mention.unit,
            category: mention.category,
        };
        let (customer, change) = (self.customer.id.get(), self.change().get());
        let product_key = series.product.as_deref().map(name_key);
        let key = kpi_key(&series.kpi);
        let row = [
            int(id.get()),
            int(customer),
            int(change),
            text(&series.kpi),
            text(&key),
            maybe_text(series.product.as_deref()),
            maybe_text(product_key.as_deref()),
            maybe_text(series.unit.map(Unit::name)),
            maybe(category_number(series.category)),
        ];
        self.appender(Table::KpiSeries)?.append(None, &row)?;
        set.insert(series);
        Ok(id)
    }

    /// States series anew: name, unit and category from this change on.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn restate_series(&mut self, series: &[Series]) -> Result<()> {
        let (customer, change) = (self.customer.id.get(), self.change().get());
        for series in series {
            let id = self.next_id("series_words")?;
            let row = [
                int(id),
                int(customer),
                int(change),
                int(series.id.get()),
                text(&series.kpi),
                maybe_text(series.unit.map(Unit::name)),
                maybe(category_number(series.category)),
            ];
            self.appender(Table::KpiSeriesWords)?.append(None, &row)?;
        }
        Ok(())
    }

    /// Makes this the customer's scoring configuration; says whether it differs from the one before.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn use_scoring_config(&mut self, config: &ScoringConfig) -> Result<(ScoringConfigId, ConfigChange)> {
        let hash = config.hash();
        let before = self.customer.scoring_config;
        let known = self
            .sql
            .prepare_cached(
                "SELECT id FROM scoring_configs WHERE customer_id = ?1 AND hash = ?2 ORDER BY id DESC LIMIT 1",
            )?
            .query_one((self.customer.id.get(), &hash), |row| row.get(0))
            .optional()?
            .map(ScoringConfigId::new);
        let id = match known {
            Some(id) => {
                // No row tells of a way back, so the change itself must stand in the ledger.
                self.returned_to_earlier_config = before.is_some_and(|before| before != id);
                id
            }
            None => self.append_scoring_config(&hash, &config.canonical_json())?,
        };
        self.customer.scoring_config = Some(id);
        let change = match before {
            None => ConfigChange::First,
            Some(before) if before == id => ConfigChange::Same,
            Some(_) => ConfigChange::Changed,
        };
        Ok((id, change))
    }

    fn append_scoring_config(&mut self, hash: &str, content: &str) -> Result<ScoringConfigId> {
        let id = self.next_id("scoring_config")?;
        let row = [int(id), int(self.customer.id.get()), int(self.change().get()), text(hash), text(content)];
        self.appender(Table::ScoringConfigs)?.append(None, &row)?;
        Ok(ScoringConfigId::new(id))
    }
}

/// How a scoring configuration relates to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigChange {
    /// The customer had none.
    First,
    /// It is the same.
    Same,
    /// It differs: scores made from now on follow other rules.
    Changed,
}

/// A scoring configuration and its hash.
pub(super) fn load_config(sql: &Connection, id: ScoringConfigId) -> Result<(ScoringConfig, String)> {
    let (content, hash): (String, String) = sql
        .prepare_cached("SELECT content, hash FROM scoring_configs WHERE id = ?1")?
        .query_one([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| damaged(format!("scoring configuration {id} is missing")))?;
    let config = ScoringConfig::from_json(&content)
        .map_err(|error| damaged(format!("scoring configuration {id} cannot be read ({error})")))?;
    Ok((config, hash))
}
