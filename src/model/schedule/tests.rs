//! Slots over changes of the clocks, leap days, ISO weeks and year ends; what is owed, and what was missed.

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::{America, Asia, Australia, Europe, Pacific, Tz, UTC};
use proptest::prelude::*;

use super::*;
use crate::model::time::Timestamp;

fn rule(every: Cadence, at: &str) -> ScheduleRule {
    ScheduleRule { every, at: NaiveTime::parse_from_str(at, "%H:%M").unwrap(), ..ScheduleRule::weekly() }
}

fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn label(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// When the slot of a label is due.
fn due(rule: &ScheduleRule, period: &str, zone: Tz) -> String {
    slot_of(rule, label(period), zone).map_or("never".to_owned(), |slot| slot.due_at.to_string())
}

#[test]
fn due_times_over_changes_of_the_clocks() {
    let daily = |at: &str| rule(Cadence::Daily, at);
    let cases = [
        // put forward at 02:00: what is skipped moves to the end of the gap
        (daily("02:30"), America::New_York, "day 2026-03-07", "2026-03-07T07:30:00.000Z"),
        (daily("02:30"), America::New_York, "day 2026-03-08", "2026-03-08T07:00:00.000Z"),
        (daily("02:30"), America::New_York, "day 2026-03-09", "2026-03-09T06:30:00.000Z"),
        // put back at 02:00: the first of the two
        (daily("01:30"), America::New_York, "day 2026-11-01", "2026-11-01T05:30:00.000Z"),
        (daily("02:00"), America::New_York, "day 2026-11-01", "2026-11-01T07:00:00.000Z"),
        (daily("02:30"), Europe::Berlin, "day 2026-03-29", "2026-03-29T01:00:00.000Z"),
        (daily("02:30"), Europe::Berlin, "day 2026-10-25", "2026-10-25T00:30:00.000Z"),
        // half an hour: 02:00 to 02:30 is skipped, 01:30 to 02:00 is there twice
        (daily("02:15"), Australia::Lord_Howe, "day 2026-10-04", "2026-10-03T15:30:00.000Z"),
        (daily("02:45"), Australia::Lord_Howe, "day 2026-10-04", "2026-10-03T15:45:00.000Z"),
        (daily("01:45"), Australia::Lord_Howe, "day 2026-04-05", "2026-04-04T14:45:00.000Z"),
        // 05:45 east, all the year
        (daily("00:00"), Asia::Kathmandu, "day 2026-11-22", "2026-11-21T18:15:00.000Z"),
        // midnight is skipped
        (daily("00:00"), America::Sao_Paulo, "day 2017-10-15", "2017-10-15T03:00:00.000Z"),
        (daily("00:30"), America::Sao_Paulo, "day 2017-10-15", "2017-10-15T03:00:00.000Z"),
        (rule(Cadence::Weekly, "00:00"), Europe::Berlin, "week 2026-W13", "2026-03-22T23:00:00.000Z"),
        (rule(Cadence::Weekly, "00:00"), Europe::Berlin, "week 2026-W14", "2026-03-29T22:00:00.000Z"),
        (rule(Cadence::Weekly, "06:00"), UTC, "week 2026-W53", "2026-12-28T06:00:00.000Z"),
        (rule(Cadence::Weekly, "06:00"), UTC, "week 2027-W01", "2027-01-04T06:00:00.000Z"),
        (rule(Cadence::Monthly, "02:00"), America::New_York, "month 2027-01", "2027-01-01T07:00:00.000Z"),
        (rule(Cadence::Quarterly, "02:00"), America::New_York, "quarter 2026-Q3", "2026-07-01T06:00:00.000Z"),
        (daily("12:00"), UTC, "day 2024-02-29", "2024-02-29T12:00:00.000Z"),
    ];
    for (rule, zone, period, expected) in cases {
        assert_eq!(due(&rule, period, zone), expected, "{period} {rule} in {zone}");
    }
}

#[test]
fn a_day_that_never_was_has_no_slot_but_its_week_has_one() {
    let (daily, zone) = (rule(Cadence::Daily, "14:00"), Pacific::Apia);
    assert_eq!(due(&daily, "day 2011-12-29", zone), "2011-12-30T00:00:00.000Z");
    assert_eq!(due(&daily, "day 2011-12-30", zone), "never");
    assert_eq!(due(&daily, "day 2011-12-31", zone), "2011-12-31T00:00:00.000Z");
    let friday = ScheduleRule { on: Weekday::Fri, at: daily.at, ..ScheduleRule::weekly() };
    assert_eq!(due(&friday, "week 2011-W52", zone), "2011-12-30T10:00:00.000Z");
    let newest = newest_due(&daily, instant("2011-12-31T00:00:00Z"), zone).unwrap();
    assert_eq!(newest.period, label("day 2011-12-31"));
    assert_eq!(gap_before(&daily, &newest, instant("2011-12-30T00:00:00Z"), None, zone), None);
}

#[test]
fn the_newest_due_slot_and_the_next_one_to_the_millisecond() {
    let weekly = ScheduleRule { on: Weekday::Wed, ..rule(Cadence::Weekly, "09:30") };
    let cases = [
        (rule(Cadence::Daily, "02:00"), "2026-11-22T01:59:59.999Z", "day 2026-11-21", "day 2026-11-22"),
        (rule(Cadence::Daily, "02:00"), "2026-11-22T02:00:00.000Z", "day 2026-11-22", "day 2026-11-23"),
        (weekly.clone(), "2026-11-18T09:29:59.999Z", "week 2026-W46", "week 2026-W47"),
        (weekly, "2026-11-18T09:30:00Z", "week 2026-W47", "week 2026-W48"),
        (rule(Cadence::Monthly, "00:00"), "2026-12-31T23:59:59.999Z", "month 2026-12", "month 2027-01"),
        (rule(Cadence::Monthly, "00:00"), "2027-01-01T00:00:00Z", "month 2027-01", "month 2027-02"),
        (rule(Cadence::Quarterly, "05:00"), "2027-01-01T04:59:59Z", "quarter 2026-Q4", "quarter 2027-Q1"),
    ];
    for (rule, at, newest, next) in cases {
        let at = instant(at);
        assert_eq!(newest_due(&rule, at, UTC).map(|slot| slot.period), Some(label(newest)), "{rule} {at}");
        assert_eq!(next_due(&rule, at, UTC).map(|slot| slot.period), Some(label(next)), "{rule} {at}");
    }
}

#[test]
fn a_year_has_one_slot_a_period_in_every_zone() {
    let zones = [
        (UTC, 365),
        (America::New_York, 365),
        (Europe::Berlin, 365),
        (Australia::Lord_Howe, 365),
        (Asia::Kathmandu, 365),
        (Pacific::Apia, 365),
        (America::Sao_Paulo, 365),
    ];
    for (zone, days) in zones {
        let local = |day: &str| crate::model::zone::start_of_day(day.parse::<NaiveDate>().unwrap(), zone);
        let (from, until) = (local("2026-01-01"), local("2027-01-01").plus_millis(-1));
        let count =
            |cadence, at| slots_between(&rule(cadence, at), from.plus_millis(-1), until, zone).count();
        let counts = Cadence::ALL.map(|cadence| count(cadence, "02:15"));
        assert_eq!(counts, [days, 52, 12, 4], "{zone}");
    }
    let daily = rule(Cadence::Daily, "00:00");
    let leap_year = (instant("2023-12-31T23:59:59.999Z"), instant("2024-12-31T23:59:59.999Z"));
    assert_eq!(slots_between(&daily, leap_year.0, leap_year.1, UTC).count(), 366);
}

#[test]
fn a_slot_is_owed_once_and_only_after_the_first_fact() {
    let slot = newest_due(&rule(Cadence::Daily, "02:00"), instant("2026-11-22T12:00:00Z"), UTC).unwrap();
    let cases = [
        ("2026-11-22T01:59:59.999Z", None, true),
        ("2026-11-22T02:00:00.000Z", None, false),
        ("2026-11-22T02:00:00.001Z", None, false),
        ("2026-01-01T00:00:00Z", Some("day 2026-11-21"), true),
        ("2026-01-01T00:00:00Z", Some("day 2026-11-22"), false),
        // the clock went back by hours, or the zone changed
        ("2026-01-01T00:00:00Z", Some("day 2026-11-23"), false),
        // a clock that once was a year ahead
        ("2026-01-01T00:00:00Z", Some("day 2027-11-22"), true),
    ];
    for (first_fact, filled, expected) in cases {
        assert_eq!(
            is_owed(&slot, instant(first_fact), filled.map(label)),
            expected,
            "{first_fact} {filled:?}"
        );
    }
}

#[test]
fn a_weekday_that_is_moved_owes_no_second_slot_of_the_week() {
    let on = |on| ScheduleRule { on, ..ScheduleRule::weekly() };
    let tuesday = instant("2026-11-17T12:00:00Z");
    let newest = |rule: &ScheduleRule| newest_due(rule, tuesday, UTC).unwrap();
    let filled = Some(label("week 2026-W47"));
    assert!(!is_owed(&newest(&on(Weekday::Mon)), Timestamp::default(), filled));
    assert!(!is_owed(&newest(&on(Weekday::Fri)), Timestamp::default(), filled));
    assert_eq!(newest(&on(Weekday::Fri)).period, label("week 2026-W46"));
}

#[test]
fn a_gap_is_what_became_due_since_and_was_not_filled() {
    let daily = rule(Cadence::Daily, "02:00");
    let newest = newest_due(&daily, instant("2026-11-22T12:00:00Z"), UTC).unwrap();
    let gap = |since: &str, filled: Option<&str>| {
        gap_before(&daily, &newest, instant(since), filled.map(label), UTC)
            .map(|gap| format!("{} to {}: {}", gap.from, gap.to, gap.count))
    };
    assert_eq!(gap("2026-11-21T02:00:00Z", None), None);
    let one = "day 2026-11-21 to day 2026-11-21: 1";
    assert_eq!(gap("2026-11-21T01:59:59.999Z", None).as_deref(), Some(one));
    let week = "day 2026-11-15 to day 2026-11-21: 7";
    assert_eq!(gap("2026-11-14T12:00:00Z", Some("day 2026-11-14")).as_deref(), Some(week));
    assert_eq!(gap("2026-01-01T00:00:00Z", Some("day 2026-11-14")).as_deref(), Some(week));
    assert_eq!(gap("2026-01-01T00:00:00Z", Some("day 2026-11-21")), None);
    // what a clock that was wrong filled in the future hides no gap
    assert_eq!(gap("2026-11-14T12:00:00Z", Some("day 2027-11-22")).as_deref(), Some(week));
}

proptest! {
    /// Any instant lies between its newest due slot and its next one, and a slot's label names it.
    #[test]
    fn every_instant_lies_between_two_neighbours(
        millis in 0_i64..4_000_000_000_000,
        cadence in proptest::sample::select(Cadence::ALL.to_vec()),
        minute in 0_u32..1440,
        zone in proptest::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
    ) {
        let at = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let rule = ScheduleRule { every: cadence, at, ..ScheduleRule::weekly() };
        let now = Timestamp::from_millis(millis);
        let (newest, next) = (newest_due(&rule, now, zone).unwrap(), next_due(&rule, now, zone).unwrap());
        prop_assert!(newest.due_at <= now && now < next.due_at);
        prop_assert_eq!(newest_due(&rule, next.due_at, zone), Some(next));
        prop_assert_eq!(next_due(&rule, newest.due_at, zone), Some(next));
        let mut after = newest.period.next().unwrap();
        while slot_of(&rule, after, zone).is_none() {
            after = after.next().unwrap();
        }
        prop_assert_eq!(after, next.period);
    }
}
