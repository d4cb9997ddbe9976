//! Taking snapshots of many accounts: load what they are compared with, build each in memory, append the batch.
//!
//! Building is pure, so one account's failure is a value. A few are appended under one savepoint (over all of them it
//! would make SQLite copy every page that is touched), and only where the database refuses these, again account by
//! account. A snapshot of whatever type covers what was pending.

use std::collections::HashMap;
use std::panic::resume_unwind;

use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use super::builder::{Built, BuiltChunk, LoadedChunk};
use super::recommend::{Coming, load_kpis_named, recommended};
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::health::scorer::{KpiSummary, Scorer};
use crate::model::ids::{AccountId, ScoringConfigId, SnapshotId};
use crate::model::kpi::series::SeriesSet;
use crate::model::recommendation::Recommender;
use crate::model::snapshot::SnapshotType;
use crate::model::snapshot::build::{self, Movement, Previous};
use crate::store::{LaterDecision, NewSnapshot, SnapshotReason, WriteTransaction};

/// KPIs that were scored in this transaction, in short, by account; boxed, for a table has more room than entries.
pub type Summaries = FxHashMap<AccountId, Box<KpiSummary>>;

/// What a cooldown's length depends on: the type and the account's name. In milliseconds.
pub type Window<'a> = dyn Fn(SnapshotType, &str) -> i64 + Sync + 'a;

/// By which rules snapshots are taken.
pub struct SnapshotRules<'a> {
    /// Scores the accounts' KPIs.
    pub scorer: Scorer<'a>,
    /// The customer's series, for the words of a content.
    pub series: &'a SeriesSet,
    /// The configuration under which the scores are kept.
    pub config: ScoringConfigId,
    /// The customer's time zone.
    pub zone: Tz,
    /// Which playbooks which states call for.
    pub recommender: &'a Recommender,
    /// How long each cooldown is.
    pub window: Box<Window<'a>>,
}

/// A snapshot that shall be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Of which account.
    pub account: AccountId,
    /// Why.
    pub reason: SnapshotReason,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Of which account.
    pub account: AccountId,
    /// The snapshot, or why there is none.
    pub result: Result<SnapshotId, String>,
}

/// How many accounts are built at once: enough for few statements, few enough for little memory.
const CHUNK: usize = 500;
/// How many snapshots are appended under one savepoint: what SQLite keeps of pages for it stays in memory with few.
const UNDER_ONE_SAVEPOINT: usize = 8;

/// Takes snapshots, of no account twice; the answers stand in the order of the requests.
///
/// # Errors
/// Failures that end the transaction.
pub fn take(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    summaries: &Summaries,
    requests: &[Request],
) -> Result<Vec<Taken>> {
    take_watched(transaction, rules, summaries, requests, &mut |_| Ok(()))
}

/// The same; `between` is told how many more were written, every time, and may stop it.
///
/// The next accounts are built while the snapshots of those before are written: a content needs no database.
///
/// # Errors
/// Failures that end the transaction, and what `between` says.
pub fn take_watched(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    summaries: &Summaries,
    requests: &[Request],
    between: &mut dyn FnMut(usize) -> Result<()>,
) -> Result<Vec<Taken>> {
    let mut taken = Vec::with_capacity(requests.len());
    let mut before: Option<BuiltChunk<'_>> = None;
    for chunk in requests.chunks(CHUNK) {
        let loaded = LoadedChunk::of(transaction, rules, summaries, chunk)?;
        let built = std::thread::scope(|scope| -> Result<_> {
            let Some(before) = before.take() else { return Ok(loaded.build(rules, summaries)) };
            let building = scope.spawn(|| loaded.build(rules, summaries));
            let written = append_chunk(transaction, rules, before)?;
            between(written.len())?;
            taken.extend(written);
            Ok(building.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })?;
        before = Some(built);
    }
    if let Some(last) = before {
        let written = append_chunk(transaction, rules, last)?;
        between(written.len())?;
        taken.extend(written);
    }
    cover_pending(transaction, requests, &taken)?;
    Ok(taken)
}

fn append_chunk(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    chunk: BuiltChunk<'_>,
) -> Result<Vec<Taken>> {
    let BuiltChunk { mut built, previous } = chunk;
    let movements: Vec<Movement> = built
        .iter()
        .map(|built| {
            let before = previous.get(&built.request.account);
            let (config, now) = (rules.scorer.config(), transaction.recorded_at());
            let last = before.and_then(Previous::measured);
            build::movement(now, &built.content, last, built.window_score, config)
        })
        .collect();
    let recommendations = recommend_all(transaction, rules, &mut built, &movements, &previous)?;
    let snapshots: Vec<NewSnapshot<'_>> = built
        .iter()
        .zip(movements)
        .zip(&recommendations)
        .map(|((built, movement), recommendations)| NewSnapshot {
            account: built.request.account,
            content: &built.content,
            hash: built.hash,
            movement,
            previous: previous.get(&built.request.account),
            reason: &built.request.reason,
            config: rules.config,
            completed_in_window: built.completed_in_window,
            recommendations,
        })
        .collect();
    append(transaction, &snapshots)
}

/// What each snapshot's state calls for, in the order of the snapshots.
fn recommend_all(
    transaction: &WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    built: &mut [Built<'_>],
    movements: &[Movement],
    previous: &FxHashMap<AccountId, Previous>,
) -> Result<Vec<Vec<String>>> {
    let accounts: Vec<AccountId> = built.iter().map(|built| built.request.account).collect();
    let kpis_named = load_kpis_named(transaction, rules, &accounts)?;
    let recommended = built.iter_mut().zip(movements).map(|(built, movement)| {
        let Some(state) = built.state.take() else { return Vec::new() };
        let coming = Coming {
            request: built.request,
            content: &built.content,
            state,
            movement: *movement,
            previous: previous.get(&built.request.account),
            completed_in_window: built.completed_in_window,
        };
        recommended(transaction, rules, &kpis_named, coming)
    });
    Ok(recommended.collect())
}

/// Appends snapshots, a few under one savepoint each; where the database refuses one of these few, one by one.
fn append(transaction: &mut WriteTransaction<'_>, snapshots: &[NewSnapshot<'_>]) -> Result<Vec<Taken>> {
    let mut taken = Vec::with_capacity(snapshots.len());
    for few in snapshots.chunks(UNDER_ONE_SAVEPOINT) {
        match transaction.savepoint(|transaction| transaction.append_snapshots(few)) {
            Ok(ids) => {
                let pairs = few.iter().zip(ids);
                taken.extend(pairs.map(|(snapshot, id)| Taken { account: snapshot.account, result: Ok(id) }));
            }
            Err(error) if transaction.is_over(&error) => return Err(error),
            Err(_) => {
                for snapshot in few {
                    taken.push(append_alone(transaction, snapshot)?);
                }
            }
        }
    }
    Ok(taken)
}

fn append_alone(transaction: &mut WriteTransaction<'_>, snapshot: &NewSnapshot<'_>) -> Result<Taken> {
    let alone = std::slice::from_ref(snapshot);
    let result = match transaction.savepoint(|transaction| transaction.append_snapshots(alone)) {
        Ok(ids) => ids.first().copied().ok_or_else(|| "no snapshot was written".to_owned()),
        Err(error) if transaction.is_over(&error) => return Err(error),
        Err(error) => {
            let causes: Vec<String> = error.causes().collect();
            Err(if causes.is_empty() { error.to_string() } else { causes.join(": ") })
        }
    };
    Ok(Taken { account: snapshot.account, result })
}

/// Decides what was pending: the event that a snapshot names is answered, the account's others are covered.
fn cover_pending(
    transaction: &mut WriteTransaction<'_>,
    requests: &[Request],
    taken: &[Taken],
) -> Result<()> {
    let snapshots: HashMap<AccountId, SnapshotId> =
        taken.iter().filter_map(|taken| Some((taken.account, *taken.result.as_ref().ok()?))).collect();
    if snapshots.is_empty() || !transaction.has_pending()? {
        return Ok(());
    }
    let named: HashMap<AccountId, _> =
        requests.iter().map(|request| (request.account, request.reason.event)).collect();
    let accounts: Vec<AccountId> = snapshots.keys().copied().collect();
    let pending = transaction.list_pending(Some(&accounts))?;
    let decisions: Vec<LaterDecision<'_>> = pending
        .iter()
        .flat_map(|pending| pending.events.iter().map(move |event| (pending.account, event.id)))
        .map(|(account, event)| LaterDecision {
            event,
            account,
            outcome: match named.get(&account) {
                Some(named) if *named == Some(event) => Outcome::Created,
                _ => Outcome::Covered,
            },
            snapshot: snapshots.get(&account).copied(),
            due_at: None,
            error: None,
        })
        .collect();
    transaction.append_decisions(&decisions)
}
