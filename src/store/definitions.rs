//! What a customer says of its KPIs, by imports and by hand: append-only, the newest version of a KPI holds.

use super::append::value::{int, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::kpi::series::kpi_key;

/// A version about to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDefinition<'a> {
    /// The name under which the KPI was first known: versions of one name replace each other.
    pub identity: &'a str,
    /// The record as JSON.
    pub content: &'a str,
}

impl WriteTransaction<'_> {
    /// Appends definitions of the customer's KPIs; each holds in place of the one before it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_kpi_definitions(&mut self, definitions: &[NewDefinition<'_>]) -> Result<()> {
        let (customer, change) = (self.customer().get(), self.change().get());
        for definition in definitions {
            let id = self.next_id("kpi_definition")?;
            let key = kpi_key(definition.identity);
            let row = [int(id), int(customer), int(change), text(&key), text(definition.content)];
            self.appender(Table::KpiDefinitions)?.append(None, &row)?;
        }
        Ok(())
    }
}
