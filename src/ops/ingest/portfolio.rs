//! What a file means for the portfolio: who is missing from it, and whose band it changed.

use super::facts::{Crossing, Facts};
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::store::WriteTransaction;

/// How many names an answer lists.
const NAMED: usize = 5;

/// What a file means for the portfolio.
#[derive(Debug, Default)]
pub(super) struct Portfolio {
    /// How many known accounts the file does not name.
    pub(super) absent: u64,
    /// The first of them.
    pub(super) absent_names: Vec<String>,
    /// Accounts whose band changed, with their names.
    pub(super) crossings: Vec<(String, Crossing)>,
}

/// Compares a file with the customer's accounts; only one of the whole portfolio is expected to name them all.
pub(super) fn compare(
    transaction: &WriteTransaction<'_>,
    facts: &Facts,
    is_of_portfolio: bool,
) -> Result<Portfolio> {
    let name =
        |account: AccountId| transaction.head(account).map(|head| head.name.clone()).unwrap_or_default();
    let crossings = facts.crossings.iter().map(|crossing| (name(crossing.account), *crossing)).collect();
    if !is_of_portfolio {
        return Ok(Portfolio { crossings, ..Portfolio::default() });
    }
    let (absent, absent_names) = transaction.absent_accounts(&facts.touched, NAMED)?;
    Ok(Portfolio { absent, absent_names, crossings })
}
