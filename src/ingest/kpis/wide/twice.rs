//! Two columns of the same values: an error, for nothing says which of them is right.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{HEADER, HEADER_LINE, ValueColumn};
use crate::error::{Choice, Error, Result};
use crate::ingest::columns::Columns;
use crate::ingest::convention::Place;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::ingest::refusal::{self, quoted};
use crate::model::kpi::advice::shell_word;
use crate::model::kpi::series::kpi_key;
use crate::model::names::name_key;

/// What a column is of, as it is compared: account, KPI, definition, last day.
type Key = (String, String, Option<usize>, Option<NaiveDate>);

/// Checks that no two columns are of the same values.
///
/// # Errors
/// Two are; the error names them both.
pub(super) fn check(seen: &Seen<'_>, columns: &Columns<KpiField>, values: &[ValueColumn]) -> Result<()> {
    let mut found: HashMap<Key, usize> = HashMap::new();
    for value in values {
        if let Some(first) = found.insert(key(seen, value), value.column) {
            return Err(two_columns(seen, columns, first, value));
        }
    }
    Ok(())
}

fn key(seen: &Seen<'_>, value: &ValueColumn) -> Key {
    let definition = seen.rules.dictionary.find(&value.kpi).map(|found| found.index);
    let kpi = definition.map_or_else(|| kpi_key(&value.kpi), |_| String::new());
    let days =
        seen.rules.conventions.days(Place { table: seen.table, column: HEADER }, HEADER_LINE, &value.date);
    (name_key(&value.account), kpi, definition, days.map(|(_, last)| last))
}

fn two_columns(seen: &Seen<'_>, columns: &Columns<KpiField>, first: usize, second: &ValueColumn) -> Error {
    let (one, other) = (columns.header_at(first), columns.header_at(second.column));
    let whose = match (second.kpi.as_str(), second.account.as_str()) {
        ("", "") => "one period".to_owned(),
        ("", account) => format!("account {}", quoted(account)),
        (kpi, _) => {
            let found = seen.rules.dictionary.find(kpi);
            format!("KPI {}", quoted(found.map_or(kpi, |found| &found.definition.kpi_name)))
        }
    };
    let what = format!(
        "has two columns for {whose}: {} (column {}) and {} (column {})",
        quoted(one),
        first + 1,
        quoted(other),
        second.column + 1
    );
    let pass_over = |column: usize| format!("{}=", columns.map_name(column));
    let words = shell_word(&pass_over(second.column)).into_owned();
    let hint = format!("remove or rename one of them, or pass one over: --map {words}");
    let choices = [second.column, first].map(|column| Choice::new("--map", pass_over(column))).into();
    refusal::file(seen.name, &what, &hint).with_choices(choices)
}
