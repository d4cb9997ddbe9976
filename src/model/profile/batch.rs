//! The rows of a profile file, as they pass from the reader to the store.

use rust_decimal::Decimal;

use super::ProfilePatch;
use crate::model::kpi::batch::AccountMention;
use crate::model::money::RevenueBasis;
use crate::model::rejection::BadRow;

/// A revenue as a file states it: the currency is the row's, else the account's known one, else the customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevenueSaid {
    /// The amount a year, exact.
    pub amount: Decimal,
    /// ISO 4217 code, where the row gives one.
    pub currency: Option<String>,
    /// Where it was read.
    pub basis: RevenueBasis,
}

/// One row: what it says of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileRow {
    /// Index into [`ProfileBatch::accounts`].
    pub account: u32,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
    /// What it says, but for a revenue that is not emptied.
    pub patch: ProfilePatch,
    /// The revenue that it gives.
    pub revenue: Option<RevenueSaid>,
    /// A currency that it gives without a revenue.
    pub currency: Option<String>,
    /// How many of its cells are blank.
    pub blanks: u32,
}

/// Every good row of a file; of rows of one account the first says all, and the others nothing.
#[derive(Debug, Default)]
pub struct ProfileBatch {
    /// The accounts named, each once, in order of first mention.
    pub accounts: Vec<AccountMention>,
    /// The rows, in file order.
    pub rows: Vec<ProfileRow>,
    /// Rows of which all but the account cannot be taken.
    pub bad: Vec<BadRow<()>>,
}
