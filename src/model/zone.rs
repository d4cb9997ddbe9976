//! Local times of a time zone, as instants.
//!
//! Where clocks are put forward a local time does not exist: it moves to the gap's end. Where they are put back
//! it exists twice: the first one is meant.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::{GapInfo, Tz};

use super::time::Timestamp;

/// The instant of a local time; held within what a calendar can show.
#[must_use]
pub fn instant_of(local: NaiveDateTime, zone: Tz) -> Timestamp {
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| GapInfo::new(&local, &zone).and_then(|gap| gap.end));
    // only at the ends of the calendar is there neither
    found.map_or_else(|| local.and_utc(), |at: DateTime<Tz>| at.to_utc()).into()
}

/// What clocks of a zone show at an instant; held within what a calendar can show.
#[must_use]
pub fn local_time(at: Timestamp, zone: Tz) -> NaiveDateTime {
    let utc = at.to_utc().naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).unwrap_or(utc)
}

/// The first instant of a day: midnight, or the end of the gap where clocks are put forward at midnight.
#[must_use]
pub fn start_of_day(day: NaiveDate, zone: Tz) -> Timestamp {
    instant_of(day.and_time(NaiveTime::MIN), zone)
}

/// The last millisecond of a day.
#[must_use]
pub fn end_of_day(day: NaiveDate, zone: Tz) -> Timestamp {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    start_of_day(next, zone).plus_millis(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str, zone: Tz) -> String {
        instant_of(text.parse().unwrap(), zone).to_string()
    }

    #[test]
    fn a_time_in_a_gap_moves_to_its_end_and_a_doubled_one_is_the_first() {
        use chrono_tz::Europe::Berlin;
        assert_eq!(local("2026-03-29T01:59:59", Berlin), "2026-03-29T00:59:59.000Z");
        assert_eq!(local("2026-03-29T02:00:00", Berlin), "2026-03-29T01:00:00.000Z");
        assert_eq!(local("2026-03-29T02:30:00", Berlin), "2026-03-29T01:00:00.000Z");
        assert_eq!(local("2026-03-29T03:00:00", Berlin), "2026-03-29T01:00:00.000Z");
        assert_eq!(local("2026-10-25T02:30:00", Berlin), "2026-10-25T00:30:00.000Z");
    }

    fn day(text: &str, zone: Tz) -> (String, String) {
        let day = text.parse().unwrap();
        (start_of_day(day, zone).to_string(), end_of_day(day, zone).to_string())
    }

    #[test]
    fn days_whose_midnight_is_missing_or_doubled() {
        use chrono_tz::America::{Havana, New_York, Sao_Paulo};
        let expect = |from: &str, to: &str| (format!("{from}.000Z"), format!("{to}.999Z"));
        assert_eq!(day("2026-03-08", New_York), expect("2026-03-08T05:00:00", "2026-03-09T03:59:59"));
        assert_eq!(day("2026-11-01", New_York), expect("2026-11-01T04:00:00", "2026-11-02T04:59:59"));
        // midnight is skipped: the day begins at one o'clock
        assert_eq!(day("2017-10-15", Sao_Paulo), expect("2017-10-15T03:00:00", "2017-10-16T01:59:59"));
        // 23:00 to midnight is there twice: the day is 25 hours long
        assert_eq!(day("2018-02-17", Sao_Paulo), expect("2018-02-17T02:00:00", "2018-02-18T02:59:59"));
        // midnight to 01:00 is there twice: the day begins with the first
        assert_eq!(day("2026-11-01", Havana), expect("2026-11-01T04:00:00", "2026-11-02T04:59:59"));
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for zone in [chrono_tz::UTC, chrono_tz::Pacific::Auckland, chrono_tz::America::New_York] {
            for day in [NaiveDate::MIN, NaiveDate::MAX] {
                let _ = (start_of_day(day, zone), end_of_day(day, zone));
            }
            for millis in [i64::MIN, i64::MAX] {
                let at = Timestamp::from_millis(millis);
                assert_eq!(at.date_in(zone), local_time(at, zone).date());
            }
        }
    }
}
