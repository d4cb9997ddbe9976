//! A row an account, a column a KPI. A known KPI's name makes a column one; under any other name it has to hold
//! values, and must not look like ids, codes or years.

use std::collections::HashMap;

use super::look::Look;
use super::unread::{Unread, Why};
use super::{ValueColumn, Wide, account, is_period};
use crate::error::Result;
use crate::ingest::columns::Columns;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::ingest::kpis::unit_word::find;
use crate::model::kpi::Unit;
use crate::model::kpi::series::kpi_key;
use crate::model::reading::Layout;

/// The fields that rows of this layout have beside their KPIs.
const FIELDS: [KpiField; 4] = [KpiField::Account, KpiField::ExternalId, KpiField::Product, KpiField::Date];

/// Of how many words a period in a header is at most: `31 Jan 2026`.
const PERIOD_WORDS: usize = 3;

/// A plan for a table with a KPI a column; None where no column is one.
///
/// # Errors
/// Nothing says which account a row is of, or two columns are one KPI.
pub(in crate::ingest::kpis) fn by_kpi(seen: &Seen<'_>) -> Result<Option<Wide>> {
    let mut columns = seen.columns(&seen.ranks.only(&FIELDS))?;
    columns.settle_lone_id();
    for field in [KpiField::Kpi, KpiField::Value] {
        columns.forget(field);
    }
    let pairs = pairs(seen, &columns);
    let mut unread = Unread::default();
    let mut values = Vec::new();
    for (column, header) in columns.others() {
        match value_column(seen, &columns, &pairs, column) {
            Ok(value) => values.push(value),
            Err(why) => unread.add(why, header),
        }
    }
    if values.is_empty() && unread.has_periods() {
        return Err(account::ask_for_kpi(seen, &columns));
    }
    if !values.is_empty() {
        account::require(seen, &columns)?;
    }
    Wide::new(seen, Layout::Wide, columns, values, unread)
}

/// What a column is read as, or why it is not.
fn value_column(
    seen: &Seen<'_>,
    columns: &Columns<KpiField>,
    pairs: &HashMap<usize, ValueColumn>,
    column: usize,
) -> Result<ValueColumn, Why> {
    let header = columns.header_at(column);
    if let Some(better) = columns.outdone_by(column) {
        return Err(Why::Outdone(better.to_owned()));
    }
    if let Some(pair) = pairs.get(&column) {
        return Ok(pair.clone());
    }
    if is_known(seen, header) || seen.is_said {
        return Ok(kpi_column(seen, column, header, ""));
    }
    if is_period(seen, header) {
        return Err(Why::Period);
    }
    match Look::of(header, seen.sample.column(column), seen.rules.values) {
        Look::Values => Ok(kpi_column(seen, column, header, "")),
        look => Err(Why::Looks(look)),
    }
}

fn kpi_column(seen: &Seen<'_>, column: usize, kpi: &str, date: &str) -> ValueColumn {
    let unit = find(kpi, seen.rules.dictionary, seen.rules.values).0.and_then(|found| found.definition.unit);
    ValueColumn {
        column,
        account: String::new(),
        kpi: kpi.to_owned(),
        date: date.to_owned(),
        is_percent: unit == Some(Unit::Percent),
    }
}

fn is_known(seen: &Seen<'_>, kpi: &str) -> bool {
    find(kpi, seen.rules.dictionary, seen.rules.values).0.is_some()
}

/// Columns whose headers are a KPI and a period (`NPS 2026-01`): where the KPI is known, or several columns name it.
fn pairs(seen: &Seen<'_>, columns: &Columns<KpiField>) -> HashMap<usize, ValueColumn> {
    let parted: Vec<(usize, &str, &str)> = columns
        .others()
        .filter(|(_, header)| !is_known(seen, header))
        .filter_map(|(column, header)| part(seen, header).map(|(kpi, date)| (column, kpi, date)))
        .collect();
    let mut times: HashMap<String, usize> = HashMap::new();
    for (_, kpi, _) in &parted {
        *times.entry(kpi_key(kpi)).or_default() += 1;
    }
    let is_pair = |kpi: &str| is_known(seen, kpi) || times.get(&kpi_key(kpi)).is_some_and(|times| *times > 1);
    let pairs = parted.into_iter().filter(|(_, kpi, _)| is_pair(kpi));
    pairs.map(|(column, kpi, date)| (column, kpi_column(seen, column, kpi, date))).collect()
}

/// The KPI and the period that a header names, whichever comes first.
fn part<'h>(seen: &Seen<'_>, header: &'h str) -> Option<(&'h str, &'h str)> {
    if !header.contains(|c: char| c.is_ascii_digit()) || is_period(seen, header) {
        return None;
    }
    let spaces: Vec<usize> = header.match_indices([' ', '_', '\n']).map(|(place, _)| place).collect();
    // The longest period first: `NPS Sep 2026` is September's NPS, not the year's "NPS Sep".
    let few = spaces.len().min(PERIOD_WORDS);
    let last = spaces.get(spaces.len() - few..).unwrap_or_default().iter();
    let first = spaces.get(..few).unwrap_or_default().iter().rev();
    let behind = last.map(|place| header.split_at(*place));
    let before = first.map(|place| header.split_at(*place)).map(|(start, end)| (end, start));
    let mut parts = behind.chain(before);
    parts.find_map(|(kpi, period)| {
        let around = |c: char| c.is_whitespace() || "_-–:,()[]".contains(c);
        let (kpi, period) =
            (kpi.trim_matches([' ', '_', '-', '–', ':', ',', '\n']), period.trim_matches(around));
        (kpi.contains(char::is_alphabetic) && is_period(seen, period)).then_some((kpi, period))
    })
}
