//! Headers that are months or quarters without a year (`Jan`, `NPS Jan`, `Q1`): no date, and no KPI of that name either.

use std::collections::BTreeSet;

use super::is_period;
use crate::error::{Error, Result};
use crate::ingest::date::month_of_name;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::ingest::refusal;
use crate::model::kpi::series::kpi_key;

/// How many such headers are shown.
const SHOWN: usize = 3;

/// Refuses a table of which several columns are months of one thing, and none says of which year; under a date in
/// its rows they are KPIs of that date. A missing account is told first.
///
/// # Errors
/// It names the headers.
pub(in crate::ingest::kpis) fn refuse(seen: &Seen<'_>) -> Result<()> {
    let has_account = seen.rules.given_account.is_some()
        || [KpiField::Account, KpiField::ExternalId].into_iter().any(|field| seen.rank(field).is_some());
    if !has_account || seen.rank(KpiField::Date).is_some() {
        return Ok(());
    }
    let found: Vec<(String, u32, &str)> = seen
        .headers
        .iter()
        .filter(|header| seen.rules.dictionary.find(header).is_none())
        .filter_map(|header| part(header).map(|(stem, month)| (kpi_key(stem), month, header.as_str())))
        .collect();
    let months = |stem: &str| {
        let of_stem = found.iter().filter(|(other, ..)| other == stem).map(|(_, month, _)| *month);
        of_stem.collect::<BTreeSet<u32>>().len()
    };
    // Beside dates one is enough: it would be the only one that is left out. And only there is `Q1` a quarter: by
    // themselves such columns are as likely the questions of a survey.
    let beside_dates = seen.headers.iter().any(|header| is_period(seen, header));
    let is_month = |stem: &str, month: u32| match beside_dates {
        true => stem.is_empty() || months(stem) > 1,
        false => month < QUARTERS && months(stem) > 1,
    };
    let several: Vec<&str> =
        found.iter().filter(|(stem, month, _)| is_month(stem, *month)).map(|(.., header)| *header).collect();
    match several.first() {
        Some(first) => Err(error(seen.name, first, &several)),
        None => Ok(()),
    }
}

fn error(name: &str, first: &str, headers: &[&str]) -> Error {
    let shown: Vec<String> = headers.iter().take(SHOWN).map(|header| refusal::quoted(header)).collect();
    let more = if headers.len() > SHOWN { ", ..." } else { "" };
    let what = format!("has months or quarters without a year in its header: {}{more}", shown.join(", "));
    refusal::file(name, &what, &format!("write the year into the headers: '{} 2026'", first.trim()))
}

/// What is beside a month's name in a header; nothing where it is all of it.
fn part(header: &str) -> Option<(&str, u32)> {
    let header = header.trim();
    if let Some(quarter) = quarter(header) {
        return Some(("", quarter));
    }
    if let Some((stem, word)) = header.rsplit_once([' ', '_', '-'])
        && let Some(quarter) = quarter(word)
        && !stem.contains(char::is_numeric)
    {
        return Some((stem, quarter));
    }
    // `Jan 2026`, `Jan-26`, `NPS 2026 Jan`: the year is there.
    if header.contains(char::is_numeric) {
        return None;
    }
    if let Some(month) = month_of_name(header) {
        return Some(("", month));
    }
    let behind =
        header.rsplit_once([' ', '_', '-']).and_then(|(stem, word)| Some((stem, month_of_name(word)?)));
    behind.or_else(|| {
        let (word, stem) = header.split_once([' ', '_', '-'])?;
        Some((stem, month_of_name(word)?))
    })
}

/// Quarters are numbered from here on, beyond the months.
const QUARTERS: u32 = 100;

/// The number of a quarter: `Q1`, `q4`.
fn quarter(word: &str) -> Option<u32> {
    let number: u32 = word.strip_prefix(['Q', 'q'])?.parse().ok()?;
    (1..=4).contains(&number).then_some(QUARTERS + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_stand_alone_behind_or_in_front() {
        assert_eq!(part("Jan"), Some(("", 1)));
        assert_eq!(part(" NPS Feb."), Some(("NPS", 2)));
        assert_eq!(part("März_NPS"), Some(("NPS", 3)));
        for with_year in ["NPS 2026", "Jan 2026", "Jan-26", "2026 Jan", "Jan '26"] {
            assert_eq!(part(with_year), None, "{with_year}");
        }
        assert_eq!(part("Tickets"), None);
        assert_eq!(part("Q1"), Some(("", 101)));
        assert_eq!(part("NPS Q4"), Some(("NPS", 104)));
        for other in ["Q5", "Q1 2026", "2026 Q1", "Q12"] {
            assert_eq!(part(other), None, "{other}");
        }
    }
}
