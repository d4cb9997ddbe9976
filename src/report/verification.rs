//! What a look at everything gave (`acctsnap.verification/1`): how much was checked, and each thing that is wrong.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text, wrap};
use crate::model::ids::{AccountId, ChangeId, CustomerId, SnapshotId};
use crate::model::time::Timestamp;
use crate::model::verification::{Checked, FindingKind};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.verification/1";

/// What a look at everything gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.verification/1")]
pub struct VerificationView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The database file.
    pub database: String,
    /// Whether nothing was found of whom the answer is; of the whole file only where nothing was found elsewhere.
    pub is_sound: bool,
    /// The customer to which it was narrowed; null where it is all of them.
    pub customer: Option<String>,
    /// The account to which it was narrowed.
    pub account_id: Option<AccountId>,
    /// How much was looked at.
    pub checked: CheckedView,
    /// How many ledger heads of an anchor were compared.
    pub anchors_checked: u64,
    /// The anchor that was written; null where none was asked for, or something is wrong.
    pub anchor_written: Option<String>,
    /// How many things are wrong.
    pub findings_total: u64,
    /// How many things are wrong with customers or accounts to which the answer was not narrowed.
    pub findings_elsewhere: u64,
    /// The first 10,000 of those that are counted in `findings_total`.
    pub findings: Vec<FindingLine>,
    /// The last change of each customer's ledger.
    pub heads: Vec<HeadLine>,
}

/// How much was looked at. Digests lean on all the rows before them, so that changes, rows, snapshots and events are
/// those of the whole database also where findings are of one customer or account only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckedView {
    /// Customers.
    pub customers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Changes whose digests were computed.
    pub changes: u64,
    /// Rows that entered those digests.
    pub rows: u64,
    /// Snapshots that were computed anew.
    pub snapshots: u64,
    /// Events.
    pub events: u64,
    /// Rows of caches that were folded anew.
    pub cached_rows: u64,
}

impl From<Checked> for CheckedView {
    fn from(checked: Checked) -> Self {
        let Checked { customers, accounts, changes, rows, snapshots, events, cached_rows } = checked;
        Self { customers, accounts, changes, rows, snapshots, events, cached_rows }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingLine {
    /// What kind of thing.
    pub kind: FindingKind,
    /// Whose it is.
    pub customer: Option<String>,
    /// Of which account.
    pub account_id: Option<AccountId>,
    /// What that is called.
    pub account_name: Option<String>,
    /// In which snapshot.
    pub snapshot_id: Option<SnapshotId>,
    /// In which table, view or trigger.
    pub table: Option<String>,
    /// In which of its rows.
    pub row: Option<i64>,
    /// What is wrong, in words.
    pub what: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

/// The last change of a customer's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeadLine {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer: String,
    /// The change.
    pub change_id: ChangeId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its digest, in hexadecimal.
    pub digest: String,
}

/// The headers of its CSV: a row a finding.
pub const HEADERS: [&str; 10] = [
    "kind",
    "customer",
    "account_id",
    "account_name",
    "snapshot_id",
    "table",
    "row",
    "what",
    "expected",
    "found",
];

/// How many findings text shows; JSON has them all.
const SHOWN: usize = 100;

/// What was looked at in a line, then a line a finding.
#[must_use]
pub fn render(view: &VerificationView, width: usize) -> String {
    let checked = view.checked;
    let mut text = match view.findings_total {
        0 if view.findings_elsewhere > 0 => format!("{} is sound\n", escape_text(&narrowed_to(view))),
        0 => format!("{} is sound\n", escape_text(&view.database)),
        found => format!("{} in {}\n", count(found, "finding"), escape_text(&view.database)),
    };
    let parts = [
        count(checked.changes, "change"),
        count(checked.rows, "row"),
        count(checked.snapshots, "snapshot"),
        count(checked.events, "event"),
        count(checked.accounts, "account"),
        count(checked.customers, "customer"),
        count(checked.cached_rows, "cached row"),
    ];
    push_wrapped(&mut text, &format!("checked {}", parts.join(", ")), width);
    if view.findings_elsewhere > 0 {
        let found = count(view.findings_elsewhere, "finding");
        push_wrapped(
            &mut text,
            &format!("elsewhere in {}: {found}, told by `acctsnap verify` of all", view.database),
            width,
        );
    }
    match view.anchors_checked {
        0 => {}
        anchors if view.findings.iter().all(|finding| finding.kind != FindingKind::Anchor) => {
            push_wrapped(
                &mut text,
                &format!("the history holds {} of the anchor", count(anchors, "head")),
                width,
            );
        }
        anchors => {
            push_wrapped(&mut text, &format!("compared {} of the anchor", count(anchors, "head")), width);
        }
    }
    if let Some(path) = &view.anchor_written {
        push_wrapped(
            &mut text,
            &format!("wrote {} to {path}", count(view.heads.len() as u64, "ledger head")),
            width,
        );
    }
    for finding in view.findings.iter().take(SHOWN) {
        push_wrapped(&mut text, &line(finding), width);
    }
    let hidden = view.findings_total.saturating_sub(view.findings.len().min(SHOWN) as u64);
    if hidden > 0 {
        push_wrapped(&mut text, &format!("and {} more: --format json", count(hidden, "finding")), width);
    }
    text
}

/// Of whom the answer is: `account 3 of north`.
fn narrowed_to(view: &VerificationView) -> String {
    let customer = view.customer.clone().unwrap_or_default();
    match view.account_id {
        Some(account) => format!("account {account} of {customer}"),
        None => customer,
    }
}

fn push_wrapped(text: &mut String, line: &str, width: usize) {
    for (place, part) in wrap(&escape_text(line), width.saturating_sub(2)).into_iter().enumerate() {
        text.push_str(if place == 0 { "" } else { "  " });
        text.push_str(&part);
        text.push('\n');
    }
}

/// `TechCorp Solutions, snapshot 12, snapshots row 12: its sequence is not ...: expected 3, found 4`
fn line(finding: &FindingLine) -> String {
    let mut place = Vec::new();
    match (&finding.account_name, finding.account_id) {
        (Some(name), Some(id)) => place.push(format!("{name} (account {id})")),
        (None, Some(id)) => place.push(format!("account {id}")),
        (_, None) => place.extend(finding.customer.clone()),
    }
    place.extend(finding.snapshot_id.map(|id| format!("snapshot {id}")));
    match (&finding.table, finding.row) {
        (Some(table), _) if table == "snapshots" && finding.snapshot_id.is_some() => {}
        (Some(table), Some(row)) => place.push(format!("{table} row {row}")),
        (Some(table), None) => place.push(table.clone()),
        (None, _) => {}
    }
    let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
    let differs = match (&finding.expected, &finding.found) {
        (Some(expected), Some(found)) => format!(": expected {expected}, found {found}"),
        _ => String::new(),
    };
    format!("{place}{}{differs}", finding.what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::width;

    fn finding() -> FindingLine {
        FindingLine {
            kind: FindingKind::Snapshot,
            customer: Some("acme".to_owned()),
            account_id: Some(AccountId::new(3)),
            account_name: Some("Tech\u{1b}Corp".to_owned()),
            snapshot_id: Some(SnapshotId::new(12)),
            table: Some("snapshots".to_owned()),
            row: Some(12),
            what: "its trend is not what the history gives".to_owned(),
            expected: Some("1".to_owned()),
            found: Some("-1".to_owned()),
        }
    }

    fn view(findings: Vec<FindingLine>) -> VerificationView {
        VerificationView {
            schema: SCHEMA,
            database: "acctsnap.db".to_owned(),
            is_sound: findings.is_empty(),
            customer: None,
            account_id: None,
            checked: Checked { changes: 1234, rows: 1, ..Checked::default() }.into(),
            anchors_checked: 0,
            anchor_written: None,
            findings_total: findings.len() as u64,
            findings_elsewhere: 0,
            findings,
            heads: Vec::new(),
        }
    }

    #[test]
    fn a_finding_is_one_line_that_steers_no_terminal_and_fits() {
        let text = render(&view(vec![finding()]), 200);
        let line = text.lines().last().unwrap_or_default();
        let expected = r"Tech\u{1b}Corp (account 3), snapshot 12: its trend is not what the history gives: expected 1, found -1";
        assert_eq!(line, expected);
        let narrow = render(&view(vec![finding()]), 60);
        assert!(narrow.lines().all(|line| width(line) <= 60), "{narrow}");
    }

    #[test]
    fn a_sound_database_says_so_and_many_findings_are_counted() {
        assert!(
            render(&view(Vec::new()), 100)
                .starts_with("acctsnap.db is sound\nchecked 1,234 changes, 1 row, ")
        );
        let text = render(&view(vec![finding(); 150]), 200);
        assert!(
            text.starts_with("150 findings in acctsnap.db\n")
                && text.ends_with("and 50 findings more: --format json\n")
        );
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(finding()).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
