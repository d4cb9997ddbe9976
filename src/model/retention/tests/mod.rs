//! Verdicts by tables; `reference` holds them against a naive reading of the rules.

mod reference;

use chrono_tz::America::New_York;
use chrono_tz::{Tz, UTC};

use super::*;
use crate::model::duration::Span;
use crate::model::ids::SnapshotId;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;

const EMPTY: RetentionPolicy =
    RetentionPolicy { keep_all: None, day: None, week: None, month: None, quarter: None, year: None, min: 1 };

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn span(text: &str) -> Span {
    Span::parse(text).unwrap()
}

/// Snapshots of one type, in this order, with ids from 1.
fn taken(instants: &[&str]) -> Vec<Candidate> {
    let candidates = instants.iter().zip(1..).map(|(instant, id)| Candidate {
        id: SnapshotId::new(id),
        taken_at: at(instant),
        snapshot_type: SnapshotType::EventDriven,
        tags: Vec::new(),
        is_pinned: false,
        is_retracted: false,
    });
    candidates.collect()
}

/// For each snapshot its reasons, after + where it stays and - where it may go.
fn told(snapshots: &[Candidate], policy: RetentionPolicy, now: &str, zone: Tz) -> Vec<String> {
    let judged = judge(snapshots, &Policies([policy; 5]), at(now), zone);
    let told = judged.into_iter().map(|judgement| {
        let reasons: Vec<String> = judgement.reasons.iter().map(ToString::to_string).collect();
        format!("{}{}", if judgement.keep { '+' } else { '-' }, reasons.join(", "))
    });
    told.collect()
}

#[test]
fn what_was_taken_back_holds_no_place_and_the_newest_that_stands_is_kept() {
    let mut snapshots = taken(&[
        "2026-07-01T00:00:00Z",
        "2026-09-10T00:00:00Z",
        "2026-09-20T00:00:00Z",
        "2026-10-10T00:00:00Z",
        "2026-10-20T00:00:00Z",
    ]);
    for place in [2, 3, 4] {
        snapshots[place].is_retracted = true;
    }
    let policy = RetentionPolicy { year: Some(Keep::All), ..EMPTY };
    assert_eq!(
        told(&snapshots, policy, "2026-11-22T12:00:00Z", UTC),
        [
            "+the account's first",
            "+the account's newest that is not retracted, min 1, last of year 2026 (year all)",
            "-retracted",
            "-retracted",
            "+the account's newest",
        ]
    );
}

#[test]
fn the_standard_keeps_a_year_then_month_ends_for_five_then_quarter_ends() {
    let snapshots = taken(&[
        "2018-01-05T00:00:00Z",
        "2019-02-10T00:00:00Z",
        "2019-03-30T00:00:00Z",
        "2024-05-02T00:00:00Z",
        "2024-05-30T00:00:00Z",
        "2025-11-22T11:59:59.999Z",
        "2025-11-22T12:00:00Z",
        "2026-11-22T12:00:00Z",
    ]);
    let told = told(&snapshots, RetentionPolicy::standard(), "2026-11-22T12:00:00Z", UTC);
    assert_eq!(
        told,
        [
            "+the account's first, last of quarter 2018-Q1 (quarter all)",
            "-older than keep_all 1y, month 2019-02 is beyond month 5y, 3 is the last of quarter 2019-Q1",
            "+last of quarter 2019-Q1 (quarter all)",
            "-older than keep_all 1y, 5 is the last of month 2024-05, 5 is the last of quarter 2024-Q2",
            "+last of month 2024-05 (month 5y), last of quarter 2024-Q2 (quarter all)",
            "-older than keep_all 1y, 7 is the last of month 2025-11, 7 is the last of quarter 2025-Q4",
            "+within keep_all 1y, last of month 2025-11 (month 5y), last of quarter 2025-Q4 (quarter all)",
            "+the account's newest, within keep_all 1y, min 1, last of month 2026-11 (month 5y), \
             last of quarter 2026-Q4 (quarter all)",
        ]
    );
}

#[test]
fn a_period_s_last_stays_as_long_as_said_once_the_period_is_over() {
    let snapshots = taken(&["2023-01-01T00:00:00Z", "2024-12-31T18:00:00Z", "2025-02-20T00:00:00Z"]);
    let yearly = RetentionPolicy { year: Some(Keep::For(span("1y"))), ..EMPTY };
    let of_2024 = |now: &str| told(&snapshots, yearly, now, UTC)[1].clone();
    assert_eq!(of_2024("2025-12-31T23:59:59Z"), "+last of year 2024 (year 1y)");
    assert_eq!(of_2024("2026-01-01T00:00:00Z"), "-year 2024 is beyond year 1y");
}

#[test]
fn counts_are_of_periods_that_have_a_snapshot_and_a_minimum_of_snapshots() {
    let policy = RetentionPolicy { day: Some(Keep::Count(2)), min: 3, ..EMPTY };
    let snapshots = taken(&[
        "2026-01-01T00:00:00Z",
        "2026-01-02T00:00:00Z",
        "2026-03-05T08:00:00Z",
        "2026-03-05T09:00:00Z",
        "2026-11-20T08:00:00Z",
        "2026-11-20T09:00:00Z",
    ]);
    let told = told(&snapshots, policy, "2026-11-22T00:00:00Z", UTC);
    assert_eq!(
        told,
        [
            "+the account's first",
            "-beyond min 3, day 2026-01-02 is beyond day 2",
            "-beyond min 3, 4 is the last of day 2026-03-05",
            "+min 3, last of day 2026-03-05 (day 2)",
            "+min 3",
            "+the account's newest, min 3, last of day 2026-11-20 (day 2)",
        ]
    );
}

#[test]
fn what_was_marked_by_hand_stays() {
    let policy = RetentionPolicy { year: Some(Keep::Count(1)), ..EMPTY };
    let mut snapshots = taken(&[
        "2020-01-01T00:00:00Z",
        "2021-01-01T00:00:00Z",
        "2022-01-01T00:00:00Z",
        "2023-01-01T00:00:00Z",
        "2024-01-01T00:00:00Z",
    ]);
    snapshots[1].is_pinned = true;
    snapshots[2].tags = vec!["board".to_owned(), "qbr-3".to_owned()];
    let told = told(&snapshots, policy, "2026-11-22T00:00:00Z", UTC);
    let middle = ["+pinned", "+tagged board, tagged qbr-3", "-year 2023 is beyond year 1"];
    assert_eq!(told[1..4], middle);
}

#[test]
fn one_that_bears_an_instant_to_come_lets_nothing_go_and_stays() {
    let policy = RetentionPolicy { year: Some(Keep::Count(1)), ..EMPTY };
    let snapshots = taken(&[
        "2024-01-01T00:00:00Z",
        "2025-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
        "2031-01-01T00:00:00Z",
    ]);
    let told = told(&snapshots, policy, "2026-11-22T00:00:00Z", UTC);
    assert_eq!(
        told,
        [
            "+the account's first",
            "-year 2025 is beyond year 1",
            "+the account's newest, min 1, last of year 2026 (year 1)",
            "+dated after now",
        ]
    );
}

#[test]
fn days_are_those_of_the_zone() {
    let policy = RetentionPolicy { month: Some(Keep::All), ..EMPTY };
    let snapshots = taken(&[
        "2026-01-01T00:00:00Z",
        "2026-10-01T03:59:59Z",
        "2026-10-01T04:00:00Z",
        "2026-10-09T00:00:00Z",
    ]);
    let kept = |zone| {
        judge(&snapshots, &Policies([policy; 5]), at("2026-11-22T00:00:00Z"), zone)
            .iter()
            .map(|judgement| judgement.keep)
            .collect::<Vec<_>>()
    };
    assert_eq!((kept(New_York), kept(UTC)), (vec![true, true, false, true], vec![true, false, false, true]));
}

#[test]
fn each_type_is_judged_by_its_own_policy_among_its_own() {
    let mut snapshots = taken(&[
        "2026-01-01T00:00:00Z",
        "2026-01-02T00:00:00Z",
        "2026-01-03T00:00:00Z",
        "2026-01-04T00:00:00Z",
        "2026-01-05T00:00:00Z",
    ]);
    snapshots[1].snapshot_type = SnapshotType::Manual;
    let mut policies = Policies([RetentionPolicy { month: Some(Keep::All), ..EMPTY }; 5]);
    policies.0[0] = RetentionPolicy { keep_all: Some(span("1y")), ..EMPTY };
    let judged = judge(&snapshots, &policies, at("2026-11-22T00:00:00Z"), UTC);
    assert_eq!(
        judged.iter().map(|judgement| judgement.keep).collect::<Vec<_>>(),
        [true, true, false, false, true]
    );
}

#[test]
fn a_policy_that_keeps_nothing_is_empty() {
    let with = |change: fn(&mut RetentionPolicy)| {
        let mut policy = EMPTY;
        change(&mut policy);
        policy.is_empty()
    };
    assert!(EMPTY.is_empty());
    assert!(with(|policy| policy.day = Some(Keep::Count(0))));
    assert!(with(
        |policy| (policy.keep_all, policy.year) = (Some(Span::default()), Some(Keep::For(Span::default())))
    ));
    assert!(!with(|policy| policy.min = 2));
    assert!(!with(|policy| policy.week = Some(Keep::Count(1))));
    assert!(!with(|policy| policy.keep_all = Some(Span::from_seconds(1))));
    assert!(!RetentionPolicy::standard().is_empty());
}
