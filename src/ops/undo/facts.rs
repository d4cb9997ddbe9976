//! The facts of each kind as the uploads that count said them, written where they are others than those known so far.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::refold::{Turn, refold};
use crate::error::Result;
use crate::model::health::month::{HealthRow, Month, MonthScores};
use crate::model::ids::{AccountId, ChangeId, HealthRowId, UploadId};
use crate::model::kpi::retell::retell;
use crate::model::kpi::state::KpiState;
use crate::model::note::Note;
use crate::model::playbook::{Merged, PlaybookRun, PlaybookSaid};
use crate::model::profile::Profile;
use crate::model::snapshot::content::ScoreSource;
use crate::ops::ingest::health::Known;
use crate::store::{HealthVersion, NewHealth, SaidRow, WriteTransaction};

/// Per account whose facts are others now: the uploads after which something untrue was known.
pub(super) type Changed = BTreeMap<AccountId, Vec<UploadId>>;

pub(super) fn profiles(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = transaction.said_profiles(accounts)?;
    let mut current = transaction.load_profiles(accounts)?;
    let mut changed = Changed::new();
    for account in accounts {
        let Some(rows) = said.get(account) else { continue };
        let refolded = refold(rows, turn, |profile: &mut Profile, rows| {
            for row in rows {
                profile.apply(&row.said);
            }
        });
        if current.remove(account).unwrap_or_default() != refolded.known {
            transaction.append_refolded_profile(*account, turn.upload, &refolded.known)?;
            changed.insert(*account, refolded.differing);
        }
    }
    Ok(changed)
}

pub(super) fn notes(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = transaction.said_notes(accounts)?;
    let mut changed = Changed::new();
    for account in accounts {
        let Some(rows) = said.get(account) else { continue };
        let refolded = refold(rows, turn, |notes: &mut BTreeMap<String, Note>, rows| {
            for SaidRow { said, .. } in rows {
                let known = notes.get(&said.note_id);
                let note = known.map_or_else(|| said.clone(), |known| known.after(said));
                notes.insert(said.note_id.clone(), note);
            }
        });
        let keys: Vec<(AccountId, String)> =
            rows.iter().map(|row| (*account, row.said.note_id.clone())).collect();
        let current = transaction.load_notes_by_id(&keys)?;
        let mut is_changed = false;
        for key in keys.into_iter().collect::<std::collections::BTreeSet<_>>() {
            let (was, is) = (current.get(&key), refolded.known.get(&key.1));
            let Some(note) = is.or(was.map(|was| &was.note)) else { continue };
            if was.map(|was| &was.note) != is {
                let replaces = was.map(|was| was.id);
                transaction.append_refolded_note(*account, turn.upload, note, replaces, is.is_some())?;
                is_changed = true;
            }
        }
        if is_changed {
            changed.insert(*account, refolded.differing);
        }
    }
    Ok(changed)
}

pub(super) fn playbooks(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = transaction.said_playbooks(accounts)?;
    let mut current = transaction.load_playbook_runs(accounts)?;
    let mut changed = Changed::new();
    for account in accounts {
        let Some(rows) = said.get(account) else { continue };
        let refolded = refold(rows, turn, take_runs);
        let versions = current.remove(account).unwrap_or_default();
        let mut was: BTreeMap<&str, _> =
            versions.iter().map(|version| (version.run.execution_id.as_str(), version)).collect();
        let mut is_changed = false;
        for (execution, run) in &refolded.known {
            let before = was.remove(execution.as_str());
            if before.map(|before| &before.run) != Some(run) {
                let replaces = before.map(|before| before.id);
                transaction.append_refolded_run(*account, turn.upload, run, replaces, true)?;
                is_changed = true;
            }
        }
        for gone in was.into_values() {
            transaction.append_refolded_run(*account, turn.upload, &gone.run, Some(gone.id), false)?;
            is_changed = true;
        }
        if is_changed {
            changed.insert(*account, refolded.differing);
        }
    }
    Ok(changed)
}

fn take_runs(runs: &mut BTreeMap<String, PlaybookRun>, rows: &[SaidRow<PlaybookSaid>]) {
    for SaidRow { said, .. } in rows {
        // What tells of an earlier state, or adds to an execution that none speaks of, is not taken.
        if let Merged::Run(run) = PlaybookRun::after(runs.get(&said.execution_id), said) {
            runs.insert(said.execution_id.clone(), *run);
        }
    }
}

pub(super) fn health(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = transaction.said_health(accounts)?;
    let mut months = transaction.load_health_months(accounts, ScoreSource::Ingested)?;
    let mut days = transaction.load_health_days(accounts, ScoreSource::Ingested)?;
    let mut changed = Changed::new();
    for account in accounts {
        let Some(rows) = said.get(account) else { continue };
        let refolded = refold(rows, turn, |known: &mut Known, rows| {
            let mut rows: Vec<&HealthRow> = rows.iter().map(|row| &row.said).collect();
            rows.sort_by_key(|row| (row.month, row.observed_on));
            rows.into_iter().for_each(|row| take_scores(known, row));
        });
        let was = Known {
            months: months.remove(account).unwrap_or_default(),
            days: days.remove(account).unwrap_or_default(),
        };
        if write_health(transaction, *account, turn.upload, &was, &refolded.known)? {
            transaction.refresh_current_health(*account)?;
            changed.insert(*account, refolded.differing);
        }
    }
    Ok(changed)
}

fn take_scores(known: &mut Known, row: &HealthRow) {
    let judged = known.judge(row);
    if row.scores.is_empty() || judged.is_same {
        return;
    }
    let version = HealthVersion {
        id: HealthRowId::new(0),
        month: row.month,
        observed_on: row.observed_on,
        scores: judged.scores,
        change: ChangeId::new(0),
        upload: None,
    };
    known.take(version, judged.is_late);
}

/// What a version says, whichever row it stands in.
type Scores = (Option<NaiveDate>, MonthScores);

fn scores<K: Ord + Copy>(versions: &BTreeMap<K, HealthVersion>) -> BTreeMap<K, Scores> {
    versions.iter().map(|(key, version)| (*key, (version.observed_on, version.scores))).collect()
}

/// Writes the days and months that are others than so far; says whether any was.
fn write_health(
    transaction: &mut WriteTransaction<'_>,
    account: AccountId,
    upload: UploadId,
    was: &Known,
    is: &Known,
) -> Result<bool> {
    let (days_were, days_are) = (scores(&was.days), scores(&is.days));
    let (months_were, months_are) = (scores(&was.months), scores(&is.months));
    let row = |month, observed_on, scores, replaces, is_late| NewHealth {
        source: ScoreSource::Ingested,
        month,
        observed_on,
        said: MonthScores::default(),
        scores,
        replaces,
        is_late,
    };
    let mut any = false;
    for day in keys(&days_were, &days_are) {
        // The day of a month's own row is written with the month.
        let of_month = |known: &BTreeMap<Month, Scores>| {
            known.get(&Month::of(day)).is_some_and(|(observed_on, _)| *observed_on == Some(day))
        };
        if days_were.get(&day) == days_are.get(&day) || of_month(&months_are) {
            continue;
        }
        let scores = days_are.get(&day).map(|(_, scores)| *scores).unwrap_or_default();
        let replaces = was.days.get(&day).map(|version| version.id);
        let late = row(Month::of(day), Some(day), scores, replaces, true);
        transaction.append_refolded_health(account, upload, late)?;
        any = true;
    }
    for month in keys(&months_were, &months_are) {
        if months_were.get(&month) == months_are.get(&month) {
            continue;
        }
        let (observed_on, scores) = months_are.get(&month).copied().unwrap_or_default();
        let replaces = was.months.get(&month).map(|version| version.id);
        transaction.append_refolded_health(
            account,
            upload,
            row(month, observed_on, scores, replaces, false),
        )?;
        any = true;
    }
    Ok(any)
}

fn keys<K: Ord + Copy, V>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> std::collections::BTreeSet<K> {
    a.keys().chain(b.keys()).copied().collect()
}

/// The KPIs of accounts: refolded, scored and written.
pub(super) fn kpis(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
    mut score: impl FnMut(&mut WriteTransaction<'_>, AccountId, &KpiState) -> Result<()>,
    today: NaiveDate,
) -> Result<Changed> {
    let told = transaction.told_rows(accounts, turn.upload, turn.counts)?;
    let current: FxHashMap<_, _> = transaction.load_kpi_states(accounts)?;
    let mut changed = Changed::new();
    for account in accounts {
        let Some(rows) = told.get(account) else { continue };
        let retold = retell(rows);
        if retold.retold.is_empty() && current.get(account).is_some_and(|state| *state == retold.state) {
            continue;
        }
        transaction.append_retold(*account, turn.upload, &retold, today)?;
        match retold.state.entries().is_empty() {
            true => transaction.clear_kpi_state(*account)?,
            false => score(transaction, *account, &retold.state)?,
        }
        changed.insert(*account, retold.differing);
    }
    Ok(changed)
}
