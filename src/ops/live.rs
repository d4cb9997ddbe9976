//! The live state: accounts as they stand now, as if a snapshot of each were taken now, without taking one.
//!
//! It is put together from the same parts, by the same rules, as a snapshot is; a property test holds the two
//! together. Nothing is written.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::answer::Answerer;
use super::rules::Rules;
use crate::error::Result;
use crate::events::put_together;
use crate::model::canonical::hex;
use crate::model::health::scorer::Scorer;
use crate::model::health::source::IngestedHealth;
use crate::model::ids::{AccountId, ChangeId, ContentId, CustomerId, ScoringConfigId, SnapshotId};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::note::RECENT_NOTES;
use crate::model::score::Score;
use crate::model::snapshot::build::{Movement, movement};
use crate::model::snapshot::content::{AccountParts, TopKpi};
use crate::model::snapshot::{SNAPSHOT_VERSION, SnapshotContent, SnapshotType};
use crate::model::time::Timestamp;
use crate::report::snapshot::SnapshotView;
use crate::store::{AccountHead, Reader, SnapshotRecord};

/// The number of no snapshot and no configuration: the state is not stored.
const NONE: i64 = 0;

/// These accounts of a customer as they stand now, by id. `snapshot_id` is 0 and `chain_hash` is empty, for there is no
/// snapshot; type and trigger say nothing.
///
/// # Errors
/// Anything that the database says.
pub fn live_views(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Vec<SnapshotView>> {
    let series = reader.series(customer)?;
    let records = live_records(reader, customer, rules, &series, accounts, now)?;
    let mut views = Answerer::new(reader, customer, now, rules.zone)?
        .with_rules(ScoringConfigId::new(NONE), rules.scoring.clone())
        .answer_records(records)?;
    for view in &mut views {
        // Whatever the newest snapshot lacks, this state does not.
        view.dirty_since = None;
        if !rules.recommender.is_empty() {
            view.playbook_recommendations_active =
                Some(rules.recommender.recommendations_for(&view.state()?));
        }
    }
    Ok(views)
}

/// These accounts' states in the shape in which snapshots are read, by id.
///
/// # Errors
/// Anything that the database says.
pub fn live_records(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    series: &SeriesSet,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Vec<SnapshotRecord>> {
    let records = reader.load_accounts(customer, accounts)?;
    // A retracted snapshot is the one before, and not what the account's movement is measured against.
    let standing: FxHashMap<AccountId, SnapshotId> =
        records.iter().filter_map(|record| Some((record.head.id, record.snapshot?))).collect();
    let heads: Vec<AccountHead> = records.into_iter().map(|record| record.head).collect();
    let accounts: Vec<AccountId> = heads.iter().map(|head| head.id).collect();
    let wanted = heads.iter().filter_map(AccountHead::newest_snapshot).chain(standing.values().copied());
    let wanted: BTreeSet<SnapshotId> = wanted.collect();
    let before: FxHashMap<SnapshotId, SnapshotRecord> = reader
        .load_snapshots(customer, &wanted.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    let states = reader.kpi_states(&accounts)?;
    let parts = load_parts(reader, rules, &heads, now)?;
    let window_scores = reader.window_scores(&heads, rules.scoring.trend.window, now)?;
    let builder = Builder {
        scorer: Scorer::new(&rules.scoring, &rules.dictionary, series),
        series,
        config_hash: rules.scoring.hash(),
        now,
    };
    let (no_state, no_parts) = (KpiState::default(), AccountParts::default());
    let records = heads.into_par_iter().map(|head| {
        let state = states.get(&head.id).unwrap_or(&no_state);
        let parts = parts.get(&head.id).unwrap_or(&no_parts);
        let before = Before {
            newest: head.newest_snapshot().and_then(|id| before.get(&id)),
            measured: standing.get(&head.id).and_then(|id| before.get(id)),
            window_score: window_scores.get(&head.id).copied(),
        };
        builder.record(head, state, parts, &before)
    });
    Ok(records.collect())
}

fn load_parts(
    reader: &Reader<'_>,
    rules: &Rules<'_>,
    heads: &[AccountHead],
    now: Timestamp,
) -> Result<FxHashMap<AccountId, AccountParts>> {
    let profiles: Vec<_> = heads.iter().filter_map(|head| head.profile).collect();
    let health: Vec<_> = heads.iter().filter_map(|head| head.health).collect();
    let profiles = reader.profiles_by_id(&profiles)?;
    let health = reader.health_rows_by_id(&health)?;
    let runs = reader.playbook_outlines(heads)?;
    let notes = reader.recent_notes(heads, RECENT_NOTES)?;
    let parts = heads.iter().map(|head| {
        let runs = runs.get(&head.id).map_or(&[][..], Vec::as_slice);
        let notes = notes.get(&head.id).map_or(&[][..], Vec::as_slice);
        let mut parts = put_together(head, runs, notes, now, rules.zone);
        parts.profile = head.profile.and_then(|id| Some((id, profiles.get(&id)?.clone())));
        let version = head.health.and_then(|id| health.get(&id));
        parts.health =
            version.map(|row| IngestedHealth { row: row.id, scores: row.scores, came_in: row.change });
        (head.id, parts)
    });
    Ok(parts.collect())
}

struct Builder<'a> {
    scorer: Scorer<'a>,
    series: &'a SeriesSet,
    config_hash: String,
    now: Timestamp,
}

/// What an account's state is compared with.
struct Before<'a> {
    /// Its newest snapshot.
    newest: Option<&'a SnapshotRecord>,
    /// Its newest snapshot that is not retracted.
    measured: Option<&'a SnapshotRecord>,
    /// The score in force where the trend's window begins.
    window_score: Option<Score>,
}

impl Builder<'_> {
    fn record(
        &self,
        head: AccountHead,
        state: &KpiState,
        parts: &AccountParts,
        snapshots: &Before<'_>,
    ) -> SnapshotRecord {
        let before = snapshots.newest;
        let config = self.scorer.config();
        let (_, summary) = self.scorer.score(state);
        let content = SnapshotContent::new(&summary, head.kpis(), parts, config);
        let top: Vec<TopKpi<'_>> =
            summary.top_critical.iter().filter_map(|kpi| TopKpi::new(kpi, self.series)).collect();
        let profile = parts.profile.as_ref().map(|(_, profile)| profile);
        let hash = hex(&content.hash(&top, profile, &mut Vec::with_capacity(2048)));
        let previous = snapshots.measured.map(|before| (before.taken_at, &before.content));
        let moved = movement(self.now, &content, previous, snapshots.window_score, config);
        let unchanged_since =
            before.filter(|before| before.content_hash == hash && before.content == content);
        let Movement {
            days_since_last,
            score_change,
            score_change_window,
            revenue_change,
            trend,
            is_significant,
        } = moved;
        SnapshotRecord {
            id: SnapshotId::new(NONE),
            // Every change is known to the live state.
            change: ChangeId::new(i64::MAX),
            chain_hash: String::new(),
            taken_at: self.now,
            snapshot_type: SnapshotType::Manual,
            trigger: None,
            action: None,
            event: None,
            reason: None,
            created_by: None,
            sequence: before.map_or(1, |before| before.sequence.saturating_add(1)),
            previous: before.map(|before| before.id),
            unchanged_since: unchanged_since.map_or(self.now, |before| before.unchanged_since),
            days_since_last,
            is_significant,
            trend,
            score_change,
            score_change_window,
            revenue_change,
            config: ScoringConfigId::new(NONE),
            config_hash: self.config_hash.clone(),
            content_id: ContentId::new(NONE),
            version: SNAPSHOT_VERSION,
            content_hash: hash,
            completed_in_window: parts.completed_in_window,
            recommendations: Some(Vec::new()),
            uploads: head.part_uploads(),
            content,
            account: head,
        }
    }
}
