//! What is known of accounts beside their KPIs, loaded for many at once: only what an account has is looked for.

use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::health::source::IngestedHealth;
use crate::model::ids::AccountId;
use crate::model::note::RECENT_NOTES;
use crate::model::snapshot::content::AccountParts;
use crate::model::snapshot::parts::{KnownRun, NoteState, PlaybookState, completed_since};
use crate::model::time::Timestamp;
use crate::store::{AccountHead, NoteVersion, RunVersion, WriteTransaction};

/// "Completed in the last 30 days", in milliseconds.
const COMPLETED_WINDOW: i64 = 30 * 86_400_000;

/// The ingested health rows that count, for accounts whose heads are loaded; an account without one is absent.
///
/// # Errors
/// Anything that the database says.
pub fn load_ingested_health(
    transaction: &WriteTransaction<'_>,
    accounts: &[AccountId],
) -> Result<FxHashMap<AccountId, IngestedHealth>> {
    let has_health = |id: &&AccountId| transaction.head(**id).is_some_and(|head| head.health.is_some());
    let accounts: Vec<AccountId> = accounts.iter().filter(has_health).copied().collect();
    if accounts.is_empty() {
        return Ok(FxHashMap::default());
    }
    let versions = transaction.load_current_health(&accounts)?.into_iter();
    let ingested = versions.map(|(account, version)| {
        let health = IngestedHealth { row: version.id, scores: version.scores, came_in: version.change };
        (account, health)
    });
    Ok(ingested.collect())
}

/// What is known of accounts beside their KPIs; an account of which nothing is known is absent.
pub(super) fn load_parts(
    transaction: &WriteTransaction<'_>,
    accounts: &[AccountId],
    zone: Tz,
) -> Result<FxHashMap<AccountId, AccountParts>> {
    let has_parts = |id: &&AccountId| {
        transaction.head(**id).is_some_and(|head| {
            head.profile.is_some()
                || head.health.is_some()
                || head.playbook_row.is_some()
                || head.note_row.is_some()
        })
    };
    let accounts: Vec<AccountId> = accounts.iter().filter(has_parts).copied().collect();
    if accounts.is_empty() {
        return Ok(FxHashMap::default());
    }
    let mut profiles = transaction.load_profiles(&accounts)?;
    let mut health = load_ingested_health(transaction, &accounts)?;
    let runs = transaction.load_playbook_outlines(&accounts)?;
    let notes = transaction.load_recent_notes(&accounts, RECENT_NOTES)?;
    let now = transaction.recorded_at();
    let parts = accounts.into_iter().filter_map(|account| {
        let head = transaction.head(account)?;
        let runs = runs.get(&account).map_or(&[][..], Vec::as_slice);
        let notes = notes.get(&account).map_or(&[][..], Vec::as_slice);
        let mut parts = put_together(head, runs, notes, now, zone);
        parts.profile = head.profile.zip(profiles.remove(&account));
        parts.health = health.remove(&account);
        Some((account, parts))
    });
    Ok(parts.collect())
}

/// What is known of an account beside KPIs, profile and health: its executions and its newest notes, as of `now`.
#[must_use]
pub fn put_together(
    head: &AccountHead,
    runs: &[RunVersion],
    notes: &[NoteVersion],
    now: Timestamp,
    zone: Tz,
) -> AccountParts {
    let runs: Vec<KnownRun<'_>> = runs
        .iter()
        .map(|version| KnownRun { run: &version.run, recorded_completed_at: version.recorded_completed_at })
        .collect();
    let since = now.plus_millis(-COMPLETED_WINDOW);
    AccountParts {
        profile: None,
        health: None,
        values_changed: head.kpi_values_change,
        playbooks: PlaybookState::of(&runs, zone),
        completed_in_window: (!runs.is_empty()).then(|| completed_since(&runs, since, now)),
        notes: NoteState::of(notes.iter().map(|version| &version.note), zone),
    }
}
