//! The words that a person may be about to type: names of a customer's things, for completion in a shell.
//!
//! It reads only, waits for nobody, and never brings a database up to date: a key press changes nothing.

use std::path::Path;

use crate::error::Result;
use crate::model::kpi::catalogue::builtin;
use crate::store::Store;

/// Which words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Names of accounts, of those that are not archived.
    Accounts,
    /// External ids of the same.
    ExternalIds,
    /// Names of customers.
    Customers,
    /// Tags of snapshots.
    Tags,
    /// Names of KPIs: the customer's, then the catalogue's.
    Kpis,
}

/// A word, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As it is typed.
    pub word: String,
    /// A remark; empty where there is none.
    pub note: String,
}

impl Known {
    fn bare(word: impl Into<String>) -> Self {
        Self { word: word.into(), note: String::new() }
    }
}

/// The words of a kind, in the customer where they are a customer's; none where the database is not of today's
/// schema version.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `Busy`, and anything that the database says.
pub fn known(kind: Kind, database: &Path, customer: &str) -> Result<Vec<Known>> {
    let Some(store) = Store::open_if_current(database)? else { return Ok(Vec::new()) };
    let reader = store.reader()?;
    if kind == Kind::Customers {
        return Ok(reader.list_customers()?.into_iter().map(|customer| Known::bare(customer.name)).collect());
    }
    let customer = reader.find_customer(customer)?;
    let mut words: Vec<Known> = match kind {
        Kind::Accounts => {
            reader.account_words(customer)?.into_iter().map(|(name, _)| Known::bare(name)).collect()
        }
        Kind::ExternalIds => {
            let accounts = reader.account_words(customer)?.into_iter();
            accounts.filter_map(|(name, id)| Some(Known { word: id?, note: name })).collect()
        }
        Kind::Tags => reader.tag_words(customer)?.into_iter().map(Known::bare).collect(),
        Kind::Customers => Vec::new(),
        Kind::Kpis => {
            let series = reader.series(customer)?;
            let own = series.all().iter().map(|series| Known::bare(&series.kpi));
            own.chain(builtin().iter().map(|definition| Known::bare(&definition.kpi_name))).collect()
        }
    };
    words.sort_by(|a, b| a.word.cmp(&b.word));
    words.dedup_by(|a, b| a.word == b.word);
    Ok(words)
}
