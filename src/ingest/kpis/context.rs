//! What a value is of beside its account: its KPI, date, weight and impact, each combination kept once.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;

use super::date::read_day;
use super::fields::KpiField;
use crate::ingest::convention::{Conventions, Place};
use crate::ingest::date::is_iso_like;
use crate::ingest::fault::Fault;
use crate::ingest::intern::{RawCache, is_same};
use crate::model::kpi::Impact;
use crate::model::kpi::batch::RowContext;

/// What stands beside a value.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Beside {
    observed_on: Option<NaiveDate>,
    weight: Option<f64>,
    impact: Option<Impact>,
}

/// As it is compared: day, bits of the weight, impact.
type BesideKey = (Option<NaiveDate>, Option<u64>, Option<Impact>);

/// What makes a context: what stands beside, the KPI, the column of a wide table.
type ContextKey = (u32, u32, Option<u16>);

/// The contexts met so far.
pub(super) struct Contexts<'a> {
    /// What dates a row that has no date of its own.
    period: Option<NaiveDate>,
    today: NaiveDate,
    conventions: &'a Conventions,
    beside: Vec<Beside>,
    beside_numbers: HashMap<BesideKey, u32>,
    contexts: Vec<RowContext>,
    numbers: FxHashMap<ContextKey, u32>,
    /// For each KPI, or column of a wide table, the context found last: most often it is the next one too.
    last: Vec<Option<(ContextKey, u32)>>,
    cache: RawCache<u32>,
    /// The date cell read last that says its day by itself, and that day.
    last_date: (String, Option<NaiveDate>),
}

impl<'a> Contexts<'a> {
    pub(super) fn new(period: Option<NaiveDate>, today: NaiveDate, conventions: &'a Conventions) -> Self {
        Self {
            period,
            today,
            conventions,
            beside: Vec::new(),
            beside_numbers: HashMap::new(),
            contexts: Vec::new(),
            numbers: FxHashMap::default(),
            last: Vec::new(),
            cache: RawCache::default(),
            last_date: (String::new(), period),
        }
    }

    /// The number of what a row's cells say beside its value.
    pub(super) fn find_beside(
        &mut self,
        line: u32,
        date_at: Place,
        date: &str,
        weight: &str,
        impact: &str,
    ) -> Result<u32, Fault<KpiField>> {
        let observed_on = self.day(line, date_at, date)?;
        // The day, not its cell: a time in every date would fill the cache.
        let day = observed_on.map_or(0, |day| day.num_days_from_ce()).to_le_bytes();
        let raw = [day.as_slice(), weight.as_bytes(), impact.as_bytes()];
        if let Some(number) = self.cache.find(raw) {
            return Ok(number);
        }
        let (weight, impact) = (read_weight(weight)?, read_impact(impact)?);
        let key = (observed_on, weight.map(f64::to_bits), impact);
        let next = u32::try_from(self.beside.len()).unwrap_or(u32::MAX);
        let number = *self.beside_numbers.entry(key).or_insert(next);
        if number == next {
            self.beside.push(Beside { observed_on, weight, impact });
        }
        self.cache.remember(raw, number);
        Ok(number)
    }

    /// The number of the context of a KPI's value, in a column where the table is a wide one.
    pub(super) fn find(&mut self, beside: u32, kpi: u32, column: Option<u16>) -> u32 {
        let key = (beside, kpi, column);
        let place = column.map_or(kpi as usize, usize::from);
        if self.last.len() <= place {
            self.last.resize(place + 1, None);
        }
        if let Some(Some((_, number))) =
            self.last.get(place).filter(|last| last.is_some_and(|(k, _)| k == key))
        {
            return *number;
        }
        let next = u32::try_from(self.contexts.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            let known = self.beside.get(beside as usize).copied();
            let Beside { observed_on, weight, impact } =
                known.unwrap_or(Beside { observed_on: None, weight: None, impact: None });
            self.contexts.push(RowContext { kpi, observed_on, weight, impact, column });
        }
        if let Some(last) = self.last.get_mut(place) {
            *last = Some((key, number));
        }
        number
    }

    /// The day of what stands beside a value.
    pub(super) fn day_of(&self, beside: u32) -> Option<NaiveDate> {
        self.beside.get(beside as usize)?.observed_on
    }

    /// The contexts in order of their numbers.
    pub(super) fn into_contexts(self) -> Vec<RowContext> {
        self.contexts
    }

    fn day(&mut self, line: u32, at: Place, cell: &str) -> Result<Option<NaiveDate>, Fault<KpiField>> {
        if is_same(cell.as_bytes(), self.last_date.0.as_bytes()) {
            return Ok(self.last_date.1);
        }
        let day = read_day(cell, at, line, self.conventions, self.today)?.or(self.period);
        // Any other date means what its column says.
        if cell.is_empty() || is_iso_like(cell) {
            cell.clone_into(&mut self.last_date.0);
            self.last_date.1 = day;
        }
        Ok(day)
    }
}

/// Above this, sums of weights could leave the range of a number.
const HEAVIEST: f64 = 1e12;

/// A weight: a number of 0 or more; `15%` is 0.15, so that both ways of writing it may stand in one column.
fn read_weight(cell: &str) -> Result<Option<f64>, Fault<KpiField>> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let weight = number.parse::<f64>().ok().filter(|weight| is_plain && (0.0..=HEAVIEST).contains(weight));
    // -0.0 passes as not negative; as bits it would differ from 0.
    weight.map(|weight| Some(weight.abs() / scale)).ok_or_else(|| {
        Fault::of(KpiField::Weight, "bad_weight", "expected a number of 0 or more, such as 0.15 or 15%")
    })
}

fn read_impact(cell: &str) -> Result<Option<Impact>, Fault<KpiField>> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let expected = "expected High, Medium or Low";
    Impact::parse(cell).map(Some).ok_or_else(|| Fault::of(KpiField::ImpactLevel, "bad_impact", expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Place = Place { table: 0, column: 0 };

    fn contexts<'a>(period: Option<&str>, conventions: &'a Conventions) -> Contexts<'a> {
        let period = period.map(|day| day.parse().unwrap());
        Contexts::new(period, "2026-11-22".parse().unwrap(), conventions)
    }

    #[test]
    fn weights_are_plain_numbers() {
        for (cell, weight) in [
            ("0.15", Some(0.15)),
            ("15%", Some(0.15)),
            ("15 %", Some(0.15)),
            (" 5 ", Some(5.0)),
            ("0", Some(0.0)),
            ("", None),
            ("1e1", Some(10.0)),
        ] {
            assert_eq!(read_weight(cell), Ok(weight), "{cell:?}");
        }
        for cell in ["-1", "inf", "NaN", "infinity", "1e999", "1e13", "heavy", "%", "1,5", "0x10"] {
            assert_eq!(read_weight(cell).unwrap_err().code, "bad_weight", "{cell:?}");
        }
        assert_eq!(read_weight("-0").unwrap().map(f64::to_bits), Some(0.0_f64.to_bits()));
    }

    #[test]
    fn equal_contexts_are_kept_once_however_they_are_written() {
        let conventions = Conventions::default();
        let mut contexts = contexts(None, &conventions);
        assert_eq!(contexts.find_beside(2, AT, "2026-10", "0.5", "High"), Ok(0));
        assert_eq!(contexts.find_beside(2, AT, "2026-10-31", " 0.50", "high"), Ok(0));
        assert_eq!(contexts.find_beside(2, AT, "", "0.5", "High"), Ok(1));
        assert_eq!(contexts.find_beside(2, AT, "", "", ""), Ok(2));
        assert_eq!([0, 2].map(|beside| contexts.day_of(beside)), [Some("2026-10-31".parse().unwrap()), None]);
        let numbers = [(2, 7), (0, 7), (2, 8), (0, 7)].map(|(beside, kpi)| contexts.find(beside, kpi, None));
        assert_eq!(numbers, [0, 1, 2, 1]);
        let kept = contexts.into_contexts();
        assert_eq!([kept[0], kept[2]], [RowContext::of(7), RowContext::of(8)]);
        assert_eq!((kept[1].kpi, kept[1].weight, kept[1].impact), (7, Some(0.5), Some(Impact::High)));
    }

    #[test]
    fn a_context_is_another_in_each_column_of_a_wide_table() {
        let conventions = Conventions::default();
        let mut contexts = contexts(None, &conventions);
        let [one, other] =
            ["2026-10", "2026-09"].map(|date| contexts.find_beside(2, AT, date, "", "").unwrap());
        let numbers = [(one, 3), (one, 4), (one, 3), (other, 3), (one, 3)]
            .map(|(beside, column)| contexts.find(beside, 0, Some(column)));
        assert_eq!(numbers, [0, 1, 0, 2, 0]);
        let kept = contexts.into_contexts();
        assert_eq!((kept[2].column, kept[2].observed_on), (Some(3), Some("2026-09-30".parse().unwrap())));
    }

    #[test]
    fn the_period_dates_rows_without_a_date_alone() {
        let conventions = Conventions::default();
        let mut contexts = contexts(Some("2026-09-30"), &conventions);
        let numbers = ["", "2026-08-01", " "].map(|date| contexts.find_beside(2, AT, date, "", "").unwrap());
        let days = numbers.map(|beside| contexts.day_of(beside).unwrap().to_string());
        assert_eq!(days, ["2026-09-30", "2026-08-01", "2026-09-30"]);
    }

    #[test]
    fn a_bad_cell_names_its_field() {
        let conventions = Conventions::default();
        let mut contexts = contexts(None, &conventions);
        for (date, weight, impact, code) in [
            ("x", "", "", "bad_date"),
            ("2027-01", "", "", "future_date"),
            ("", "x", "", "bad_weight"),
            ("", "", "x", "bad_impact"),
        ] {
            assert_eq!(contexts.find_beside(2, AT, date, weight, impact).unwrap_err().code, code);
        }
    }
}
