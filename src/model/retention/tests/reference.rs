//! The rules read word by word, a snapshot at a time, each held against all others.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::model::zone;

fn arbitrary_keep() -> impl Strategy<Value = Option<Keep>> {
    prop_oneof![
        Just(None),
        (0_u32..5).prop_map(|count| Some(Keep::Count(count))),
        (0_u32..40).prop_map(|months| Some(Keep::For(Span::from_months(months)))),
        (0_i64..400).prop_map(|days| Some(Keep::For(Span::from_seconds(days * 86_400)))),
        Just(Some(Keep::All)),
    ]
}

fn arbitrary_policy() -> impl Strategy<Value = RetentionPolicy> {
    let keep_all = prop_oneof![Just(None), (0_u32..15).prop_map(|months| Some(Span::from_months(months)))];
    let periods = [arbitrary_keep(), arbitrary_keep(), arbitrary_keep(), arbitrary_keep(), arbitrary_keep()];
    (keep_all, periods, 1_u32..4).prop_map(|(keep_all, [day, week, month, quarter, year], min)| {
        RetentionPolicy { keep_all, day, week, month, quarter, year, min }
    })
}

/// Up to forty snapshots of two types within five years, some of them marked, some after `NOW`.
fn arbitrary_snapshots() -> impl Strategy<Value = Vec<Candidate>> {
    let mark = || prop::bool::weighted(0.1);
    let one = (0_i64..5 * 366 * 24, mark(), mark(), any::<bool>(), prop::bool::weighted(0.2));
    prop::collection::vec(one, 0..40).prop_map(|mut drawn| {
        drawn.sort_by_key(|(hour, ..)| *hour);
        let candidates =
            drawn.into_iter().zip(1..).map(|((hour, is_pinned, is_tagged, is_manual, is_retracted), id)| {
                Candidate {
                    id: SnapshotId::new(id),
                    taken_at: at("2022-01-01T00:00:00Z").plus_millis(hour * 3_600_000),
                    snapshot_type: if is_manual { SnapshotType::Manual } else { SnapshotType::Scheduled },
                    tags: is_tagged.then(|| "kept".to_owned()).into_iter().collect(),
                    is_pinned,
                    is_retracted,
                }
            });
        candidates.collect()
    })
}

const NOW: &str = "2026-11-22T12:00:00Z";

/// The days on which two instants lie belong to the same day, week, month, quarter or year.
fn alike(a: NaiveDate, b: NaiveDate) -> [bool; 5] {
    let quarter = |day: NaiveDate| (day.year(), day.month0() / 3);
    let month = |day: NaiveDate| (day.year(), day.month());
    [
        a == b,
        a.iso_week() == b.iso_week(),
        month(a) == month(b),
        quarter(a) == quarter(b),
        a.year() == b.year(),
    ]
}

fn first_day(day: NaiveDate, kind: usize) -> NaiveDate {
    let mut first = day;
    while let Some(before) = first.pred_opt().filter(|before| alike(*before, day)[kind]) {
        first = before;
    }
    first
}

/// Whether a snapshot is kept.
fn naive(all: &[Candidate], one: &Candidate, policy: &RetentionPolicy, now: Timestamp, zone: Tz) -> bool {
    let past: Vec<&Candidate> = all.iter().filter(|other| other.taken_at <= now).collect();
    let id = Some(one.id);
    let is_edge = id == all.first().map(|first| first.id)
        || id == all.last().map(|last| last.id)
        || id == past.last().map(|last| last.id)
        || id == past.iter().rfind(|other| !other.is_retracted).map(|last| last.id);
    if one.taken_at > now || is_edge || one.is_pinned || !one.tags.is_empty() {
        return true;
    }
    let is_young = policy.keep_all.is_some_and(|length| one.taken_at >= length.before(now, zone));
    if is_young || one.is_retracted {
        return is_young;
    }
    let alike_type: Vec<&Candidate> = past
        .into_iter()
        .filter(|other| other.snapshot_type == one.snapshot_type && !other.is_retracted)
        .collect();
    let newer = alike_type.iter().filter(|other| other.id > one.id).count();
    if newer < policy.min as usize {
        return true;
    }
    let day = |snapshot: &Candidate| snapshot.taken_at.date_in(zone);
    let keeps = [policy.day, policy.week, policy.month, policy.quarter, policy.year];
    keeps.into_iter().enumerate().any(|(kind, keep)| {
        let newer: Vec<&Candidate> = alike_type.iter().copied().filter(|other| other.id > one.id).collect();
        if newer.iter().any(|other| alike(day(other), day(one))[kind]) {
            return false;
        }
        match keep {
            None => false,
            Some(Keep::All) => true,
            Some(Keep::For(length)) => {
                let last = day(one).iter_days().take_while(|next| alike(*next, day(one))[kind]).last();
                let end = last.and_then(|last| last.succ_opt()).map(|after| zone::start_of_day(after, zone));
                end.is_some_and(|end| end > length.before(now, zone))
            }
            Some(Keep::Count(count)) => {
                let mut later: Vec<NaiveDate> =
                    newer.iter().map(|other| first_day(day(other), kind)).collect();
                later.dedup();
                later.len() < count as usize
            }
        }
    })
}

proptest! {
    #[test]
    fn verdicts_are_those_of_the_rules_read_word_by_word(
        snapshots in arbitrary_snapshots(), by_hand in arbitrary_policy(), others in arbitrary_policy(), in_new_york in any::<bool>(),
    ) {
        let zone = if in_new_york { New_York } else { UTC };
        let policies = Policies([by_hand, others, others, others, others]);
        let judged = judge(&snapshots, &policies, at(NOW), zone);
        prop_assert_eq!(judged.len(), snapshots.len());
        for (one, judgement) in snapshots.iter().zip(&judged) {
            let policy = if one.snapshot_type == SnapshotType::Manual { &by_hand } else { &others };
            prop_assert_eq!(judgement.keep, naive(&snapshots, one, policy, at(NOW), zone), "{:?} {:?}", one, judgement);
            prop_assert!(judgement.reasons.iter().all(|reason| reason.keeps() == judgement.keep));
            prop_assert!(!judgement.reasons.is_empty() || policy.is_empty());
        }
    }

    #[test]
    fn what_stays_stays_when_the_rest_is_gone(snapshots in arbitrary_snapshots(), policy in arbitrary_policy()) {
        let policies = Policies([policy; 5]);
        let judged = judge(&snapshots, &policies, at(NOW), UTC);
        let kept: Vec<Candidate> = snapshots.into_iter().zip(&judged).filter(|(_, judgement)| judgement.keep).map(|(one, _)| one).collect();
        prop_assert!(judge(&kept, &policies, at(NOW), UTC).iter().all(|judgement| judgement.keep));
    }
}
