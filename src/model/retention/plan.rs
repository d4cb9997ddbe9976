//! The verdicts about the snapshots of one account.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::period::{KeptPeriod, PeriodKind};
use super::policy::{Keep, RetentionPolicy};
use super::reason::Reason;
use crate::model::ids::SnapshotId;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::model::zone;

/// What a verdict looks at: one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Our id.
    pub id: SnapshotId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Its type.
    pub snapshot_type: SnapshotType,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Whether it is pinned.
    pub is_pinned: bool,
    /// Whether it was made from an upload that was taken back.
    pub is_retracted: bool,
}

/// The verdict about one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it stays.
    pub keep: bool,
    /// Every reason for that.
    pub reasons: Vec<Reason>,
}

/// The policy of each type, in the order of [`SnapshotType::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policies(pub [RetentionPolicy; SnapshotType::ALL.len()]);

impl Policies {
    /// The policy of each type with the type.
    pub fn iter(&self) -> impl Iterator<Item = (SnapshotType, &RetentionPolicy)> {
        SnapshotType::ALL.into_iter().zip(&self.0)
    }
}

/// Judges all snapshots of one account, which stand in the order in which they were taken; so do the verdicts.
///
/// Days and periods are those of `zone`.
#[must_use]
pub fn judge(snapshots: &[Candidate], policies: &Policies, now: Timestamp, zone: Tz) -> Vec<Judgement> {
    let mut reasons = always_kept(snapshots, now);
    for (snapshot_type, policy) in policies.iter() {
        let newest_first = snapshots.iter().enumerate().rev();
        let of_type: Vec<(usize, &Candidate)> = newest_first
            .filter(|(_, snapshot)| snapshot.snapshot_type == snapshot_type && snapshot.taken_at <= now)
            .collect();
        let mut of_policy = vec![Vec::new(); of_type.len()];
        keep_young_and_newest(&of_type, policy, now, zone, &mut of_policy);
        for (kind, keep) in policy.periods() {
            keep_period_ends(&of_type, (kind, keep), now, zone, &mut of_policy);
        }
        for ((place, _), of_policy) in of_type.iter().zip(of_policy) {
            if let Some(reasons) = reasons.get_mut(*place) {
                reasons.extend(of_policy);
            }
        }
    }
    reasons.into_iter().map(judgement).collect()
}

/// One reason that keeps is enough; beside it, those that would not are of no interest.
fn judgement(mut reasons: Vec<Reason>) -> Judgement {
    let keep = reasons.iter().any(Reason::keeps);
    reasons.retain(|reason| reason.keeps() == keep);
    Judgement { keep, reasons }
}

/// What keeps a snapshot whatever its policy says.
fn always_kept(snapshots: &[Candidate], now: Timestamp) -> Vec<Vec<Reason>> {
    let newest = snapshots.iter().rposition(|snapshot| snapshot.taken_at <= now);
    // What `latest` answers is another one where the newest is retracted.
    let standing = snapshots.iter().rposition(|snapshot| snapshot.taken_at <= now && !snapshot.is_retracted);
    let reasons = snapshots.iter().enumerate().map(|(place, snapshot)| {
        let mut reasons = Vec::new();
        // One whose clock stood ahead must not pass for the newest and let that one go.
        if snapshot.taken_at > now {
            reasons.push(Reason::FutureDated);
        }
        if Some(place) == newest {
            reasons.push(Reason::Newest);
        } else if Some(place) == standing {
            reasons.push(Reason::NewestStanding);
        }
        if place == 0 {
            reasons.push(Reason::First);
        }
        if snapshot.is_pinned {
            reasons.push(Reason::Pinned);
        }
        reasons.extend(snapshot.tags.iter().cloned().map(Reason::Tagged));
        reasons
    });
    reasons.collect()
}

fn keep_young_and_newest(
    of_type: &[(usize, &Candidate)],
    policy: &RetentionPolicy,
    now: Timestamp,
    zone: Tz,
    reasons: &mut [Vec<Reason>],
) {
    let since = policy.keep_all.map(|length| (length.before(now, zone), length));
    let mut rank = 0;
    for ((_, snapshot), reasons) in of_type.iter().zip(reasons) {
        if let Some((since, length)) = since {
            let young = snapshot.taken_at >= since;
            reasons.push(if young { Reason::Within(length) } else { Reason::OlderThan(length) });
        }
        if snapshot.is_retracted {
            reasons.push(Reason::Retracted);
            continue;
        }
        if rank < policy.min {
            reasons.push(Reason::AmongNewest(policy.min));
        } else if policy.min > 1 {
            reasons.push(Reason::NotAmongNewest(policy.min));
        }
        rank += 1;
    }
}

/// The last of each period, of as many periods back as the policy says.
fn keep_period_ends(
    of_type: &[(usize, &Candidate)],
    (kind, keep): (PeriodKind, Keep),
    now: Timestamp,
    zone: Tz,
    reasons: &mut [Vec<Reason>],
) {
    let mut last_of: HashMap<KeptPeriod, SnapshotId> = HashMap::new();
    let standing = of_type.iter().zip(reasons).filter(|((_, snapshot), _)| !snapshot.is_retracted);
    for ((_, snapshot), reasons) in standing {
        let period = KeptPeriod::containing(snapshot.taken_at.date_in(zone), kind);
        if let Some(last) = last_of.get(&period) {
            reasons.push(Reason::NotLastOf(period, *last));
            continue;
        }
        last_of.insert(period, snapshot.id);
        let reached = match keep {
            Keep::Count(count) => last_of.len() <= usize::try_from(count).unwrap_or(usize::MAX),
            // From its end on: what was taken as late in it as can be stays that long.
            Keep::For(length) => zone::start_of_day(period.day_after(), zone) > length.before(now, zone),
            Keep::All => true,
        };
        reasons.push(if reached { Reason::LastOf(period, keep) } else { Reason::Beyond(period, keep) });
    }
}
