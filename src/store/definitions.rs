//! KPI definitions that a customer imported: append-only, the newest of a KPI holds.

use super::append::value::{int, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::kpi::series::kpi_key;

/// A definition about to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDefinition<'a> {
    /// The KPI's name.
    pub kpi_name: &'a str,
    /// The definition as JSON.
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
            let key = kpi_key(definition.kpi_name);
            let row = [int(id), int(customer), int(change), text(&key), text(definition.content)];
            self.appender(Table::KpiDefinitions)?.append(None, &row)?;
        }
        Ok(())
    }
}
