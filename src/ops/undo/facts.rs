//! The facts of each kind as the uploads that count said them, written where they are others than those known so far.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::merged::sides;
use super::refold::{ById, Refolded, Told, Turn, are_same, refold, tell};
use crate::error::Result;
use crate::model::health::month::{HealthRow, Month, MonthScores};
use crate::model::ids::{AccountId, ChangeId, HealthRowId, UploadId};
use crate::model::note::Note;
use crate::model::playbook::{Merged, PlaybookRun, PlaybookSaid, PlaybookStatus};
use crate::model::profile::{Profile, ProfilePatch};
use crate::model::snapshot::content::ScoreSource;
use crate::ops::ingest::health::Known;
use crate::store::{HealthVersion, Left, NewHealth, RunVersion, SaidRow, WriteTransaction};

/// Per account whose facts are others now: the uploads after which something untrue was known.
pub(in crate::ops) type Changed = BTreeMap<AccountId, Vec<UploadId>>;

pub(in crate::ops) fn profiles(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = sides(transaction, accounts, turn, |all| transaction.said_profiles(all))?;
    let mut current = transaction.load_profiles(accounts)?;
    let mut changed = Changed::new();
    for (account, sides) in &said {
        let Refolded { known, differing } = refold(sides, take_profile, PartialEq::eq);
        if current.remove(account).unwrap_or_default() != known {
            transaction.append_refolded_profile(*account, turn.upload, &known)?;
            changed.insert(*account, differing);
        }
    }
    Ok(changed)
}

fn take_profile(profile: &mut Profile, rows: &[SaidRow<ProfilePatch>]) {
    for row in rows {
        profile.apply(&row.said);
    }
}

pub(in crate::ops) fn notes(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = sides(transaction, accounts, turn, |all| transaction.said_notes(all))?;
    let keys: BTreeSet<(AccountId, String)> = said
        .iter()
        .flat_map(|(account, sides)| {
            let rows = sides.before.iter().chain(&sides.now);
            rows.map(|row| (*account, row.said.note_id.clone()))
        })
        .collect();
    let mut current = transaction.load_notes_by_id(&keys.iter().cloned().collect::<Vec<_>>())?;
    let mut changed = Changed::new();
    for (account, sides) in &said {
        let Refolded { mut known, differing } = refold(sides, take_notes, are_same);
        let of_account = (*account, String::new())..;
        for key in keys.range(of_account).take_while(|(of, _)| of == account) {
            let (was, is) = (current.remove(key), known.remove(&key.1));
            if was.as_ref().map(|was| (&was.note, was.upload)) == is.as_ref().map(|is| (&is.thing, is.by)) {
                continue;
            }
            let (replaces, is_left) = (was.as_ref().map(|was| was.id), is.is_some());
            let by = is.as_ref().map_or(turn.upload, |is| is.by);
            if let Some(note) = is.map(|is| is.thing).or(was.map(|was| was.note)) {
                transaction.append_refolded_note(*account, by, &note, replaces, is_left)?;
                changed.insert(*account, differing.clone());
            }
        }
    }
    Ok(changed)
}

fn take_notes(notes: &mut ById<Note>, rows: &[SaidRow<Note>]) {
    for SaidRow { said, upload, .. } in rows {
        let known = notes.get(&said.note_id).map(|told| &told.thing);
        let note = known.map_or_else(|| said.clone(), |known| known.after(said));
        tell(notes, &said.note_id, note, *upload);
    }
}

/// An execution, and the upload that first completed it.
#[derive(Debug, Clone, PartialEq)]
struct Execution {
    run: PlaybookRun,
    completed_by: Option<UploadId>,
}

pub(in crate::ops) fn playbooks(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = sides(transaction, accounts, turn, |all| transaction.said_playbooks(all))?;
    let current = transaction.load_playbook_runs(accounts)?;
    let refolded: BTreeMap<AccountId, Refolded<ById<Execution>>> =
        said.iter().map(|(account, sides)| (*account, refold(sides, take_runs, are_same))).collect();
    let executions = refolded.values().flat_map(|refolded| refolded.known.values());
    let completing: Vec<UploadId> = executions.filter_map(|told| told.thing.completed_by).collect();
    let changes = transaction.changes_of_uploads(&completing)?;
    let mut changed = Changed::new();
    for (account, Refolded { known, differing }) in refolded {
        let versions = current.get(&account).map_or(&[][..], Vec::as_slice);
        let mut was: BTreeMap<&str, &RunVersion> =
            versions.iter().map(|version| (version.run.execution_id.as_str(), version)).collect();
        for (execution, Told { thing: Execution { run, completed_by }, by }) in &known {
            let before = was.remove(execution.as_str());
            let completed_in = completed_by.and_then(|upload| changes.get(&upload).copied());
            let is_same = before.is_some_and(|before| {
                (&before.run, before.upload, before.completed_in) == (run, *by, completed_in)
            });
            if !is_same {
                let (replaces, left) = (before.map(|before| before.id), Some(Left { completed_in }));
                transaction.append_refolded_run(account, *by, run, replaces, left)?;
                changed.insert(account, differing.clone());
            }
        }
        for gone in was.into_values() {
            transaction.append_refolded_run(account, turn.upload, &gone.run, Some(gone.id), None)?;
            changed.insert(account, differing.clone());
        }
    }
    Ok(changed)
}

fn take_runs(runs: &mut ById<Execution>, rows: &[SaidRow<PlaybookSaid>]) {
    for SaidRow { said, upload, .. } in rows {
        let known = runs.get(&said.execution_id).map(|told| &told.thing);
        // What tells of an earlier state, or adds to an execution that none speaks of, is not taken.
        let Merged::Run(run) = PlaybookRun::after(known.map(|known| &known.run), said) else { continue };
        let completed_before = known.and_then(|known| known.completed_by);
        let completes = run.status == PlaybookStatus::Completed;
        let completed_by = completed_before.or(completes.then_some(*upload));
        tell(runs, &said.execution_id, Execution { run: *run, completed_by }, *upload);
    }
}

pub(in crate::ops) fn health(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let said = sides(transaction, accounts, turn, |all| transaction.said_health(all))?;
    let mut months = transaction.load_health_months(accounts, ScoreSource::Ingested)?;
    let mut days = transaction.load_health_days(accounts, ScoreSource::Ingested)?;
    let mut changed = Changed::new();
    for (account, sides) in &said {
        let take = |known: &mut Known, rows: &[SaidRow<HealthRow>]| {
            let mut rows: Vec<&SaidRow<HealthRow>> = rows.iter().collect();
            rows.sort_by_key(|row| (row.said.month, row.said.observed_on));
            rows.into_iter().for_each(|row| take_scores(known, row));
        };
        let is_same = |a: &Known, b: &Known| {
            scores(&a.months) == scores(&b.months) && scores(&a.days) == scores(&b.days)
        };
        let refolded = refold(sides, take, is_same);
        let was = Known {
            months: months.remove(account).unwrap_or_default(),
            days: days.remove(account).unwrap_or_default(),
        };
        if write_health(transaction, *account, turn.upload, &was, &refolded.known)? {
            changed.insert(*account, refolded.differing);
        }
    }
    transaction.refresh_current_health(&changed.keys().copied().collect::<Vec<_>>())?;
    Ok(changed)
}

fn take_scores(known: &mut Known, SaidRow { said: row, upload, .. }: &SaidRow<HealthRow>) {
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
        upload: Some(*upload),
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
    turned: UploadId,
    was: &Known,
    is: &Known,
) -> Result<bool> {
    let mut new = Vec::new();
    for (day, known) in differing(&was.days, &is.days) {
        // The day of a month's own row is written with the month.
        let is_of_month =
            is.months.get(&Month::of(day)).is_some_and(|version| version.observed_on == Some(day));
        if !is_of_month {
            let replaces = was.days.get(&day).map(|version| version.id);
            new.push(refolded((Month::of(day), Some(day)), known, replaces, true));
        }
    }
    for (month, known) in differing(&was.months, &is.months) {
        let replaces = was.months.get(&month).map(|version| version.id);
        let day = known.and_then(|version| version.observed_on);
        new.push(refolded((month, day), known, replaces, false));
    }
    for (upload, health) in &new {
        transaction.append_refolded_health(account, upload.unwrap_or(turned), *health)?;
    }
    Ok(!new.is_empty())
}

/// What is said otherwise than it was, or by another upload; None where nothing says anything of it any more.
fn differing<'v, K: Ord + Copy>(
    was: &BTreeMap<K, HealthVersion>,
    is: &'v BTreeMap<K, HealthVersion>,
) -> Vec<(K, Option<&'v HealthVersion>)> {
    let keys: BTreeSet<K> = was.keys().chain(is.keys()).copied().collect();
    let said = |version: Option<&HealthVersion>| {
        version.map(|version| (version.observed_on, version.scores, version.upload))
    };
    let differing = keys.into_iter().filter(|key| said(was.get(key)) != said(is.get(key)));
    differing.map(|key| (key, is.get(&key))).collect()
}

/// A row to write of a month or a day of it, and the upload that said it.
fn refolded(
    (month, observed_on): (Month, Option<NaiveDate>),
    known: Option<&HealthVersion>,
    replaces: Option<HealthRowId>,
    is_late: bool,
) -> (Option<UploadId>, NewHealth) {
    let health = NewHealth {
        source: ScoreSource::Ingested,
        month,
        observed_on,
        said: MonthScores::default(),
        scores: known.map(|version| version.scores).unwrap_or_default(),
        replaces,
        is_late,
    };
    (known.and_then(|version| version.upload), health)
}
