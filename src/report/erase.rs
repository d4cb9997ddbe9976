//! What an erasure took out, and where what it erased may still be (`acctsnap.erase/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text, wrap};
use crate::model::ids::{AccountId, CustomerId};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.erase/1";

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ErasedRows")]
pub struct ErasedRows {
    /// The table.
    pub table: String,
    /// How many of its rows are gone, or have words taken out.
    pub rows: u64,
}

/// What an erasure did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.erase/1")]
pub struct EraseView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whose data.
    pub customer: String,
    /// What was erased: `person`, `account` or `customer`. The first two are not named again.
    pub kind: &'static str,
    /// Our id of an account that was erased; null for a person or a customer.
    pub account_id: Option<AccountId>,
    /// Our id of a customer that was erased; null for a person or an account.
    pub customer_id: Option<CustomerId>,
    /// Whether there was anything.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Accounts that were touched.
    pub accounts: u64,
    /// Rows that are gone or redacted, in all.
    pub rows: u64,
    /// The same by table.
    pub tables: Vec<ErasedRows>,
    /// Where the words still stand, as table, row and column: rules and KPIs, which the settings make.
    pub left: Vec<String>,
    /// Where the settings still name a customer that was erased: a variable, or a file with its line and key.
    pub named_in: Vec<String>,
    /// Why the log or free space of the database's file may still hold it; null where both were emptied.
    pub not_emptied: Option<String>,
    /// Databases of acctsnap beside this one, which may still hold it.
    pub copies: Vec<String>,
    /// The file that repeats the erasure on older backups; null where none was asked for.
    pub erasures: Option<String>,
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &EraseView, width: usize) -> String {
    let mut lines = Vec::new();
    match view.changed {
        false => lines.push(format!("nothing of this {} is kept: nothing was changed", view.kind)),
        true => {
            let did = if view.kind == "person" { "redacted" } else { "removed" };
            let did = if view.dry_run { format!("would be {did}") } else { did.to_owned() };
            let whose = match view.customer_id {
                Some(_) => format!(", and the customer '{}' itself", escape_text(&view.customer)),
                None => String::new(),
            };
            lines.push(format!(
                "{} {did} for good, of {}{whose}; no undo brings them back",
                count(view.rows, "row"),
                count(view.accounts, "account")
            ));
            lines.push(by_table(view));
        }
    }
    lines.extend(
        view.left.iter().map(|place| format!("left, as a rule or KPI says it: {}", escape_text(place))),
    );
    lines.extend(view.named_in.iter().map(|place| {
        let place = escape_text(place);
        format!("still named by {place}: take it out there; commands that mean it find nothing, and an ingest makes a new one")
    }));
    lines.extend(view.not_emptied.iter().map(|why| {
        let again = if view.kind == "person" {
            "the same command again empties them"
        } else {
            "the same command again empties them, and then ends with 4: it is gone"
        };
        format!("the database's log and free space may still hold it ({}): {again}", escape_text(why))
    }));
    lines.extend(view.copies.iter().map(|copy| format!("may still hold it: {}", escape_text(copy))));
    match &view.erasures {
        Some(file) => lines.push(format!(
            "backups of before still hold it; on each: acctsnap restore BACKUP --erasures {}",
            escape_text(file)
        )),
        None if view.changed => lines.push(
            "backups of before still hold it: delete them, or give --erasures FILE, which restore takes too"
                .to_owned(),
        ),
        None => {}
    }
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

/// What is asked about before.
#[must_use]
pub fn question(view: &EraseView, width: usize) -> String {
    let (rows, accounts) = (count(view.rows, "row"), count(view.accounts, "account"));
    let what = match view.kind {
        "person" => format!("takes a person's words out of {rows} of {accounts}, for good"),
        "account" => format!("removes {rows} of {accounts}, for good"),
        _ => {
            format!("removes the customer '{}', {rows} of {accounts}, for good", escape_text(&view.customer))
        }
    };
    let mut lines = vec![what];
    lines.push(by_table(view));
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

/// `notes 3, profiles 1`
fn by_table(view: &EraseView) -> String {
    let tables = view.tables.iter().map(|rows| format!("{} {}", rows.table, rows.rows));
    tables.collect::<Vec<_>>().join(", ")
}
