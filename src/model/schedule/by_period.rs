//! What happened in each period of a stretch of time, those in which nothing did included.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cadence::Cadence;
use super::period::Period;

/// The most periods that one answer tells: as many days as 50 years have.
pub const MOST_PERIODS: usize = 18_263;

/// The periods from the first day to the last, in order, each with the places of the days that lie in it; days
/// outside the stretch are in none. None where there would be more than [`MOST_PERIODS`].
#[must_use]
pub fn by_period(
    days: &[NaiveDate],
    cadence: Cadence,
    (first, last): (NaiveDate, NaiveDate),
) -> Option<Vec<(Period, Vec<usize>)>> {
    let mut places: BTreeMap<Period, Vec<usize>> = BTreeMap::new();
    for (place, day) in days.iter().enumerate() {
        places.entry(Period::containing(*day, cadence)).or_default().push(place);
    }
    let end = Period::containing(last, cadence);
    let mut next = Some(Period::containing(first, cadence));
    let mut periods = Vec::new();
    while let Some(period) = next.filter(|period| *period <= end) {
        if periods.len() == MOST_PERIODS {
            return None;
        }
        periods.push((period, places.remove(&period).unwrap_or_default()));
        next = period.next();
    }
    Some(periods)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(days: &[&str], cadence: Cadence, first: &str, last: &str) -> Vec<(String, Vec<usize>)> {
        let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
        let periods = by_period(&days, cadence, (day(first), day(last))).unwrap();
        periods.into_iter().map(|(period, places)| (period.to_string(), places)).collect()
    }

    #[test]
    fn months_without_a_day_are_there_and_empty() {
        let days = ["2026-11-03", "2026-11-30", "2027-01-01"];
        let expected = [("month 2026-10", vec![]), ("month 2026-11", vec![0, 1]), ("month 2026-12", vec![])];
        let expected: Vec<(String, Vec<usize>)> = expected
            .into_iter()
            .chain([("month 2027-01", vec![2])])
            .map(|(label, places)| (label.to_owned(), places))
            .collect();
        assert_eq!(told(&days, Cadence::Monthly, "2026-10-31", "2027-01-15"), expected);
    }

    #[test]
    fn days_of_a_clock_that_went_back_lie_where_they_lie() {
        let weeks = told(&["2027-01-04", "2027-01-03"], Cadence::Weekly, "2027-01-03", "2027-01-04");
        assert_eq!(weeks, [("week 2026-W53".to_owned(), vec![1]), ("week 2027-W01".to_owned(), vec![0])]);
    }

    #[test]
    fn a_stretch_that_ends_before_it_begins_is_empty_and_one_without_end_is_none() {
        assert_eq!(told(&[], Cadence::Daily, "2026-01-02", "2026-01-01"), []);
        assert_eq!(by_period(&[], Cadence::Daily, (day("2026-01-01"), NaiveDate::MAX)), None);
        assert!(by_period(&[], Cadence::Daily, (day("1976-01-01"), day("2025-12-31"))).is_some());
    }
}
