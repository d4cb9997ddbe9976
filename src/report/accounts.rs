//! The accounts of a customer, a line each (`acctsnap.accounts/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Column, Table};
use super::text::{age, count};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.accounts/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 14] = [
    "account_id",
    "account_name",
    "external_account_id",
    "customer",
    "archived",
    "overall_health_score",
    "overall_health_status",
    "snapshot_id",
    "snapshot_timestamp",
    "age_seconds",
    "dirty_since",
    "kpis_age_seconds",
    "as_of",
    "merged_into",
];

/// An account in one line. Score and status are those of its newest snapshot, null where it has none.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccountLine {
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Whose account.
    pub customer: String,
    /// Whether it was put aside.
    pub archived: bool,
    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which they lie.
    pub overall_health_status: Option<Band>,
    /// Its newest snapshot.
    pub snapshot_id: Option<SnapshotId>,
    /// When that was taken.
    pub snapshot_timestamp: Option<Timestamp>,
    /// Seconds from then to `as_of`.
    pub age_seconds: Option<i64>,
    /// The oldest change that the snapshot lacks.
    pub dirty_since: Option<Timestamp>,
    /// Seconds since an upload last named the account's KPIs.
    pub kpis_age_seconds: Option<i64>,
    /// The instant that this answer speaks of.
    pub as_of: Timestamp,
    /// The account that answers for it since it was merged into that one.
    pub merged_into: Option<AccountId>,
}

/// A line an account, what the mark beside a snapshot's age means, and how many archived ones were left out.
#[must_use]
pub fn render(accounts: &[AccountLine], archived_left_out: u64, width: Option<usize>) -> String {
    if accounts.is_empty() && archived_left_out == 0 {
        return "no accounts yet: acctsnap ingest kpis FILE\n".to_owned();
    }
    let mut text = if accounts.is_empty() { String::new() } else { table(accounts, width) };
    if archived_left_out > 0 {
        text.push_str(&format!("{} not shown: --archived\n", count(archived_left_out, "archived account")));
    }
    text
}

fn table(accounts: &[AccountLine], width: Option<usize>) -> String {
    let mut table = Table::new(&[
        Column::number("id"),
        Column::text("account").yielding(1),
        Column::text("external id").optional(3),
        Column::number("score"),
        Column::text("status"),
        Column::number("snapshot").optional(1),
        Column::text("age"),
        Column::text("KPIs' age").optional(2),
    ]);
    accounts.iter().for_each(|account| table.add_row(row(account)));
    let mut text = table.render(width);
    let dirty = accounts.iter().filter(|account| is_dirty(account)).count();
    if dirty > 0 {
        text.push_str(&format!("* {} with newer data than the snapshot\n", count(dirty as u64, "account")));
    }
    text
}

/// Where there is no snapshot at all, that says enough.
fn is_dirty(account: &AccountLine) -> bool {
    account.snapshot_id.is_some() && account.dirty_since.is_some()
}

fn row(account: &AccountLine) -> [String; 8] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let aside = match account.merged_into {
        Some(into) => format!(" (merged into {into})"),
        None if account.archived => " (archived)".to_owned(),
        None => String::new(),
    };
    let mark = if is_dirty(account) { " *" } else { "" };
    [
        account.account_id.to_string(),
        format!("{}{aside}", account.account_name),
        account.external_account_id.clone().unwrap_or_default(),
        or_dash(account.overall_health_score.map(|score| score.to_string())),
        or_dash(account.overall_health_status.map(|band| band.label().to_owned())),
        or_dash(account.snapshot_id.map(|id| id.to_string())),
        or_dash(account.age_seconds.map(|seconds| format!("{}{mark}", age(seconds)))),
        or_dash(account.kpis_age_seconds.map(age)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width;

    fn line(number: i64, name: &str) -> AccountLine {
        AccountLine {
            account_id: AccountId::new(number),
            account_name: name.to_owned(),
            external_account_id: Some("0015g00000AbCdEfGH".to_owned()),
            customer: "acme".to_owned(),
            archived: false,
            overall_health_score: Some(Score::from_hundredths(10_000)),
            overall_health_status: Some(Band::Critical),
            snapshot_id: Some(SnapshotId::new(1_234_567)),
            snapshot_timestamp: Some(Timestamp::default()),
            age_seconds: Some(300 * 86_400 + 23 * 3_600),
            dirty_since: Some(Timestamp::default()),
            kpis_age_seconds: Some(90),
            as_of: Timestamp::default(),
            merged_into: None,
        }
    }

    #[test]
    fn sixty_columns_are_enough_and_lose_the_least() {
        let accounts = [line(17_000, "TechCorp Solutions"), line(1, "Vantry Rail Services of the North")];
        let text = plain(&render(&accounts, 0, Some(60)));
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        assert!(text.contains("100.00  critical  300 d 23 h *"), "{text}");
        assert!(text.ends_with("* 2 accounts with newer data than the snapshot\n"), "{text}");
        assert!(plain(&render(&accounts, 0, None)).contains("of the North  0015g00000AbCdEfGH  100.00"));
    }

    #[test]
    fn an_account_without_a_snapshot_has_dashes_and_no_mark() {
        let mut account = line(1, "New");
        (account.overall_health_score, account.overall_health_status) = (None, None);
        (account.snapshot_id, account.snapshot_timestamp, account.age_seconds) = (None, None, None);
        let text = plain(&render(&[account], 0, Some(60)));
        assert!(!text.contains('*') && text.contains("    -  -              -  -"), "{text}");
        assert!(render(&[], 0, None).starts_with("no accounts yet"));
        assert_eq!(render(&[], 2, None), "2 archived accounts not shown: --archived\n");
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(line(1, "A")).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
