//! What stands beside a value: date, weight and impact, each combination kept once.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::date::read_day;
use super::fields::KpiField;
use crate::ingest::convention::{Conventions, Place};
use crate::ingest::date::is_iso_like;
use crate::ingest::fault::Fault;
use crate::ingest::intern::{RawCache, is_same};
use crate::model::kpi::Impact;
use crate::model::kpi::batch::RowContext;

/// A context as it is compared: day, bits of the weight, impact.
type ContextKey = (Option<NaiveDate>, Option<u64>, Option<Impact>);

/// The contexts met so far.
pub(super) struct Contexts<'a> {
    /// What dates a row that has no date of its own.
    period: Option<NaiveDate>,
    today: NaiveDate,
    conventions: &'a Conventions,
    contexts: Vec<RowContext>,
    numbers: HashMap<ContextKey, u32>,
    /// The contexts of values of wide tables, by the context without its column, and for each column the last one.
    in_columns: HashMap<(u32, u16), u32>,
    last_in_column: Vec<(u32, u32)>,
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
            contexts: Vec::new(),
            numbers: HashMap::new(),
            in_columns: HashMap::new(),
            last_in_column: Vec::new(),
            cache: RawCache::default(),
            last_date: (String::new(), period),
        }
    }

    /// The number of the context that a row's cells give.
    pub(super) fn find(
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
        let context = RowContext { observed_on, weight, impact, column: None };
        let key = (observed_on, context.weight.map(f64::to_bits), context.impact);
        let next = u32::try_from(self.contexts.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.contexts.push(context);
        }
        self.cache.remember(raw, number);
        Ok(number)
    }

    /// The number of a context in a column of a wide table.
    pub(super) fn in_column(&mut self, number: u32, column: u16) -> u32 {
        let place = usize::from(column);
        if self.last_in_column.len() <= place {
            self.last_in_column.resize(place + 1, (u32::MAX, u32::MAX));
        }
        let Some(last) = self.last_in_column.get_mut(place) else { return number };
        if last.0 != number {
            let next = u32::try_from(self.contexts.len()).unwrap_or(u32::MAX);
            let found = *self.in_columns.entry((number, column)).or_insert(next);
            if found == next {
                let context = self.contexts.get(number as usize).copied().unwrap_or(RowContext::NONE);
                self.contexts.push(RowContext { column: Some(column), ..context });
            }
            *last = (number, found);
        }
        last.1
    }

    /// The day of a context.
    pub(super) fn day_of(&self, number: u32) -> Option<NaiveDate> {
        self.contexts.get(number as usize)?.observed_on
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
        assert_eq!(contexts.find(2, AT, "2026-10", "0.5", "High"), Ok(0));
        assert_eq!(contexts.find(2, AT, "2026-10-31", " 0.50", "high"), Ok(0));
        assert_eq!(contexts.find(2, AT, "", "0.5", "High"), Ok(1));
        assert_eq!(contexts.find(2, AT, "", "", ""), Ok(2));
        let kept = contexts.into_contexts();
        assert_eq!(kept[0].observed_on, Some("2026-10-31".parse().unwrap()));
        assert_eq!(kept[2], RowContext::NONE);
    }

    #[test]
    fn a_context_is_another_in_each_column_of_a_wide_table() {
        let conventions = Conventions::default();
        let mut contexts = contexts(None, &conventions);
        let [one, other] = ["2026-10", "2026-09"].map(|date| contexts.find(2, AT, date, "", "").unwrap());
        let numbers =
            [(one, 3), (one, 4), (one, 3), (other, 3), (one, 3)].map(|(of, at)| contexts.in_column(of, at));
        assert_eq!(numbers, [2, 3, 2, 4, 2]);
        let kept = contexts.into_contexts();
        assert_eq!((kept[4].column, kept[4].observed_on), (Some(3), kept[1].observed_on));
    }

    #[test]
    fn the_period_dates_rows_without_a_date_alone() {
        let conventions = Conventions::default();
        let mut contexts = contexts(Some("2026-09-30"), &conventions);
        contexts.find(2, AT, "", "", "").unwrap();
        contexts.find(2, AT, "2026-08-01", "", "").unwrap();
        contexts.find(2, AT, " ", "", "").unwrap();
        let days: Vec<_> =
            contexts.into_contexts().into_iter().filter_map(|context| context.observed_on).collect();
        assert_eq!(days, ["2026-09-30".parse().unwrap(), "2026-08-01".parse::<NaiveDate>().unwrap()]);
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
            assert_eq!(contexts.find(2, AT, date, weight, impact).unwrap_err().code, code);
        }
    }
}
