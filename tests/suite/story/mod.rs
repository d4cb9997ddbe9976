//! Stories: what may happen to customers, told to the program and to the naive model alike.

pub mod chance;
pub mod program;
pub mod seen;
pub mod text;

use acctsnap::model::time::Timestamp;
use chrono::{Days, NaiveDate};

/// The customers of a story.
pub const CUSTOMERS: [&str; 2] = ["north", "south"];
/// Each account's name, later name and alias; both customers have accounts of these names.
pub const ACCOUNTS: [[&str; 3]; 3] = [
    ["Acme", "Zenith", "The Anvil People"],
    ["Borealis", "Yonder", "Northern Lights"],
    ["Chinook", "Xylo", "Salmon Street"],
];
/// Two that have a definition and are scored, one that is only kept.
pub const KPIS: [&str; 3] = ["Net Promoter Score (NPS)", "Ticket Volume", "Salmon Caught"];

/// The story's clock: milliseconds from midnight of its first day.
#[expect(clippy::expect_used, reason = "a constant that is an instant")]
pub fn instant(millis: i64) -> Timestamp {
    Timestamp::parse("2026-11-22T00:00:00Z").expect("an instant").plus_millis(millis)
}

/// A day, counted from the story's first.
#[expect(clippy::expect_used, reason = "a constant that is a day")]
pub fn day(number: i64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    match u64::try_from(number) {
        Ok(later) => first + Days::new(later),
        Err(_) => first - Days::new(number.unsigned_abs()),
    }
}
