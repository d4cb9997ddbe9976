//! A simulated year of hourly runs in five time zones: exactly one snapshot for each account and slot, over both changes
//! of the clocks, the leap day, ISO week 53 and New Year; also with every run doubled, with runs missing, and with runs
//! killed before they were done.
//!
//! The whole year of every zone takes minutes and is run by `cargo test --test suite calendar_year:: -- --ignored`; else the
//! days around every jump of the calendar are.

use std::collections::BTreeMap;
use std::thread;

use crate::calendar::{ACCOUNTS, Calendar, labels};
use acctsnap::model::time::Timestamp;
use chrono_tz::{America, Asia, Australia, Europe, Tz, UTC};

const ZONES: [Tz; 5] = [UTC, America::New_York, Europe::Berlin, Australia::Lord_Howe, Asia::Kathmandu];

const HOUR: i64 = 3_600_000;

fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_default()
}

/// Every hour from one instant to another.
fn hours(from: &str, to: &str) -> Vec<Timestamp> {
    let (from, to) = (instant(from), instant(to));
    let count = to.millis_since(from) / HOUR;
    (0..=count).map(|hour| from.plus_millis(hour * HOUR)).collect()
}

const NEW_YEAR: (&str, &str) = ("2026-12-31T06:07:00Z", "2027-01-01T18:07:00Z");
const WEEK_53: (&str, &str) = ("2027-01-02T18:07:00Z", "2027-01-03T18:07:00Z");
const LEAP_DAY: (&str, &str) = ("2028-02-28T18:07:00Z", "2028-03-01T06:07:00Z");

/// The days around each jump of a zone's calendar: the changes of its clocks, and the jumps that all have.
fn jumps(zone: Tz) -> Vec<Timestamp> {
    let clocks: &[(&str, &str)] = match zone {
        America::New_York => &[
            ("2026-03-07T18:07:00Z", "2026-03-09T12:07:00Z"),
            ("2026-10-31T18:07:00Z", "2026-11-02T12:07:00Z"),
        ],
        Europe::Berlin => &[
            ("2026-03-28T12:07:00Z", "2026-03-30T06:07:00Z"),
            ("2026-10-24T12:07:00Z", "2026-10-26T06:07:00Z"),
        ],
        Australia::Lord_Howe => &[
            ("2026-04-04T06:07:00Z", "2026-04-05T18:07:00Z"),
            ("2026-10-03T06:07:00Z", "2026-10-04T18:07:00Z"),
        ],
        _ => &[],
    };
    let all = clocks.iter().chain(&[NEW_YEAR, WEEK_53, LEAP_DAY]);
    all.flat_map(|(from, to)| hours(from, to)).collect()
}

fn year() -> Vec<Timestamp> {
    hours("2026-01-01T00:07:00Z", "2027-01-05T23:07:00Z")
}

/// Every slot whose turn came at one of these runs is filled once, and no other.
#[track_caller]
fn assert_filled(calendar: &Calendar, runs: &[Timestamp]) {
    let expected = labels(calendar, runs);
    let filled = calendar.filled();
    assert_eq!(filled.len(), ACCOUNTS);
    for (account, slots) in &filled {
        let rule = &expected[account % expected.len()];
        assert!(slots.keys().eq(rule.iter()), "account {account}: {slots:?}\nexpected {rule:?}");
    }
    let slots: usize = filled.values().map(BTreeMap::len).sum();
    let scheduled = calendar.number("SELECT count(*) FROM snapshots WHERE snapshot_type = 4");
    assert_eq!(scheduled, i64::try_from(slots).unwrap_or(0), "a snapshot that fills no slot, or two");
}

/// Each slot was filled by the first run after it was due.
#[track_caller]
fn assert_in_time(calendar: &Calendar, first: Timestamp) {
    let late = format!(
        "SELECT count(*) FROM slots s JOIN changes g ON g.id = s.change_id \
         WHERE g.recorded_at - s.due_at >= {HOUR} AND s.due_at > {}",
        first.millis()
    );
    assert_eq!(calendar.number(&late), 0);
}

/// Filled slots and recorded gaps make up every slot from an account's first to its last, but for those before the
/// first run.
#[track_caller]
fn assert_gaps(calendar: &Calendar, all: &[Timestamp]) {
    let expected = labels(calendar, all);
    let gaps = |account: usize| {
        format!(
            "SELECT coalesce(sum(s.gap_count), 0) + count(*) FROM slots s JOIN account_heads h \
             ON h.account_id = s.account_id WHERE h.name = 'Account {account:02}' AND s.due_at > {}",
            all[0].millis()
        )
    };
    for (account, filled) in calendar.filled() {
        let newest = filled.keys().next_back().cloned().unwrap_or_default();
        let known = expected[account % expected.len()].range(..=newest);
        // The slot that was newest at the first run was due before it.
        let expected = i64::try_from(known.count()).unwrap_or(0) - 1;
        let is_long = account % 6 != 0 && account % 6 != 4;
        assert!(!is_long || calendar.number(&gaps(account)) == expected, "account {account}");
    }
}

/// Chance that is the same every time (Knuth's MMIX generator).
struct Chance(u64);

impl Chance {
    fn one_in(&mut self, many: u64) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).is_multiple_of(many)
    }
}

fn plain(zone: Tz, runs: &[Timestamp]) {
    let calendar = Calendar::new(zone);
    for at in runs {
        calendar.run(*at, false);
    }
    assert_filled(&calendar, runs);
    if runs.windows(2).all(|pair| pair[1].millis_since(pair[0]) == HOUR) {
        assert_in_time(&calendar, runs[0]);
        let later = "SELECT count(*) FROM slots WHERE gap_count > 0 AND change_id > \
                     (SELECT min(change_id) FROM schedule_runs)";
        assert_eq!(calendar.number(later), 0, "no gap is told where no run was missing");
    }
}

fn doubled(zone: Tz, runs: &[Timestamp]) {
    let calendar = Calendar::new(zone);
    for at in runs {
        calendar.run(*at, false);
        assert!(
            calendar.run(*at, false).snapshot_ids.is_empty(),
            "the second run of {at} found something to do"
        );
    }
    assert_filled(&calendar, runs);
}

fn missing(zone: Tz, runs: &[Timestamp]) {
    let calendar = Calendar::new(zone);
    let mut chance = Chance(7);
    // Besides one in ten, whole days in which nothing ran.
    let is_dead = |at: &Timestamp| at.millis() / (72 * HOUR) % 3 == 0;
    let held: Vec<Timestamp> = runs
        .iter()
        .copied()
        .enumerate()
        .filter(|(n, at)| *n == 0 || !(chance.one_in(10) || is_dead(at)))
        .map(|(_, at)| at)
        .collect();
    for at in &held {
        calendar.run(*at, false);
    }
    assert_filled(&calendar, &held);
    assert_gaps(&calendar, runs);
}

fn killed(zone: Tz, runs: &[Timestamp]) {
    let calendar = Calendar::new(zone);
    let mut chance = Chance(11);
    let mut done = Vec::new();
    for at in runs {
        let killed = chance.one_in(3);
        calendar.run(*at, killed);
        done.extend((!killed).then_some(*at));
    }
    assert_filled(&calendar, &done);
}

type Way = fn(Tz, &[Timestamp]);

fn side_by_side(pairs: &[(Tz, Way)], runs: impl Fn(Tz) -> Vec<Timestamp> + Sync) {
    thread::scope(|scope| {
        for (zone, way) in pairs {
            let runs = &runs;
            scope.spawn(move || way(*zone, &runs(*zone)));
        }
    });
}

#[test]
fn over_every_jump_each_account_and_slot_has_one_snapshot() {
    side_by_side(&ZONES.map(|zone| (zone, plain as Way)), jumps);
}

#[test]
fn doubled_and_killed_runs_change_nothing() {
    let pairs = [(America::New_York, doubled as Way), (Australia::Lord_Howe, killed as Way)];
    side_by_side(&pairs, jumps);
}

#[test]
fn runs_that_are_missing_leave_gaps_that_are_told() {
    side_by_side(&[(Europe::Berlin, missing as Way)], |_| {
        hours("2026-10-14T00:07:00Z", "2026-10-28T00:07:00Z")
    });
}

#[test]
#[ignore = "a whole year of hourly runs in five zones takes minutes"]
fn a_whole_year_in_every_zone() {
    side_by_side(&ZONES.map(|zone| (zone, plain as Way)), |_| year());
}

#[test]
#[ignore = "a whole year of hourly runs in five zones, three times, takes many minutes"]
fn a_whole_year_doubled_missing_and_killed() {
    for way in [doubled as Way, missing, killed] {
        side_by_side(&ZONES.map(|zone| (zone, way)), |_| year());
    }
}
