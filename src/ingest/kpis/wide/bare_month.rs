//! Headers that name a month and no year (`Jan`, `NPS Feb`). Which year is meant nothing says, and it is never made up:
//! neither are they KPIs, nor are their values of today.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::ingest::date::month_of_name;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::ingest::refusal::{self, quoted};
use crate::model::kpi::series::kpi_key;
use crate::model::names::loose_key;

/// How many headers the error names.
const NAMED: usize = 4;

/// Refuses a table that has a column for each of several months of no year, where its rows bear no date: under one
/// they are KPIs of that date, the months of a year. What it lacks besides, such as an account, is told first.
///
/// # Errors
/// It has.
pub(in crate::ingest::kpis) fn refuse(seen: &Seen<'_>) -> Result<()> {
    let has_account = seen.rules.given_account.is_some()
        || [KpiField::Account, KpiField::ExternalId].into_iter().any(|field| seen.rank(field).is_some());
    if !has_account || seen.rank(KpiField::Date).is_some() {
        return Ok(());
    }
    let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for header in seen.headers.iter().map(|header| header.trim()).filter(|header| !is_said(seen, header)) {
        if let Some(name) = name_beside_month(header) {
            by_name.entry(kpi_key(name)).or_default().push(header);
        }
    }
    // One alone may be anything, such as the abbreviation MAR.
    match by_name.into_values().find(|headers| headers.len() > 1) {
        Some(headers) => Err(error(seen, &headers)),
        None => Ok(()),
    }
}

/// What stands before or behind the name of a month; nothing where that stands alone.
fn name_beside_month(header: &str) -> Option<&str> {
    if month_of_name(header).is_some() {
        return Some("");
    }
    // Digits may be the year, on whichever side.
    if header.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts = [header.rsplit_once([' ', '_']), header.split_once([' ', '_']).map(|(a, b)| (b, a))];
    let mut parts = parts.into_iter().flatten();
    parts.find(|(_, month)| month_of_name(month).is_some()).map(|(name, _)| name)
}

/// Whether the caller or a definition says what a column is.
fn is_said(seen: &Seen<'_>, header: &str) -> bool {
    let key = loose_key(header);
    seen.rules.dictionary.find(header).is_some()
        || seen.maps.iter().any(|(column, _)| column.trim() == header || loose_key(column) == key)
}

fn error(seen: &Seen<'_>, headers: &[&str]) -> Error {
    let listed: Vec<String> = headers.iter().take(NAMED).map(|header| quoted(header)).collect();
    let more = if headers.len() > NAMED { ", ..." } else { "" };
    let what = format!("has columns of months without a year: {}{more}", listed.join(", "));
    let first = headers.first().copied().unwrap_or_default();
    let hint = format!(
        "write the year into each header, such as {}, or say what each column is: --map '{first}=kpi:NAME'",
        quoted(&format!("{first} 2026"))
    );
    refusal::file(seen.name, &what, &hint)
}
