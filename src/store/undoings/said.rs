//! What each upload said of accounts' profiles, health scores, playbooks and notes, so that the uploads that count can be
//! folded again.
//!
//! What an upload confirmed is kept as the version that it confirmed and the fields that it named of it.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::NOT_UNDONE;
use crate::error::Result;
use crate::model::health::month::{HealthRow, MonthScores};
use crate::model::ids::{AccountId, NoteRowId, PlaybookRunId, UploadId};
use crate::model::note::Note;
use crate::model::playbook::PlaybookSaid;
use crate::model::profile::ProfilePatch;
use crate::model::upload::UploadKind;
use crate::store::failure::damaged;
use crate::store::heads::id_list;
use crate::store::health_scores::HEALTH_COLUMNS;
use crate::store::notes::{NOTE_COLUMNS, NoteVersion};
use crate::store::playbooks::RunVersion;
use crate::store::transaction::WriteTransaction;
use crate::store::{health_scores, notes, playbooks};

/// What an upload said of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidRow<T> {
    /// The upload.
    pub upload: UploadId,
    /// Whether it counts, as things stand.
    pub counts: bool,
    /// What it said.
    pub said: T,
}

/// What was said of each account, in upload order.
pub type SaidOf<T> = FxHashMap<AccountId, Vec<SaidRow<T>>>;

/// The contents of each account's profile, with the changes that wrote them, oldest first.
type ContentsOf = FxHashMap<AccountId, Vec<(i64, Map<String, Value>)>>;

/// What a confirmation confirms.
struct Confirmation {
    account: AccountId,
    upload: UploadId,
    counts: bool,
    change: i64,
    rows: Vec<i64>,
    fields: Vec<String>,
}

/// The versions of one kind, by row: of which account and upload, whether that counts, and what it said; None where a
/// taking back wrote it.
struct Version<T> {
    account: AccountId,
    upload: UploadId,
    counts: bool,
    whole: T,
    said: Option<T>,
}

impl WriteTransaction<'_> {
    /// What uploads said of accounts' profiles.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where a profile cannot be read.
    pub fn said_profiles(&self, accounts: &[AccountId]) -> Result<SaidOf<ProfilePatch>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT k.account_id, k.upload_id, {NOT_UNDONE}, k.said, k.content, k.change_id, k.refolded IS NOT NULL \
             FROM profiles k WHERE k.account_id IN (SELECT value FROM json_each(?1)) ORDER BY k.id"
        ))?;
        let mut rows = statement.query([list(accounts)])?;
        let mut said: SaidOf<ProfilePatch> = FxHashMap::default();
        let mut contents = ContentsOf::default();
        while let Some(row) = rows.next()? {
            let account = AccountId::new(row.get(0)?);
            let content: String = row.get(4)?;
            contents.entry(account).or_default().push((row.get(5)?, object(&content)?));
            if !row.get::<_, bool>(6)? {
                let text: String = row.get(3)?;
                let patch = patch(&text)?;
                let upload = UploadId::new(row.get(1)?);
                said.entry(account).or_default().push(SaidRow { upload, counts: row.get(2)?, said: patch });
            }
        }
        for confirmation in self.confirmations(accounts, UploadKind::Profiles)? {
            let Confirmation { account, upload, counts, change, fields, .. } = confirmation;
            let versions = contents.get(&account).map(Vec::as_slice).unwrap_or_default();
            let known = versions.iter().rev().find(|(of, _)| *of <= change).map(|(_, content)| content);
            let said_again = patch(&named(known, &fields).to_string())?;
            said.entry(account).or_default().push(SaidRow { upload, counts, said: said_again });
        }
        Ok(in_order(said))
    }

    /// What uploads said of accounts' health scores.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn said_health(&self, accounts: &[AccountId]) -> Result<SaidOf<HealthRow>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.account_id, k.upload_id, {NOT_UNDONE}, s.said, s.refolded IS NOT NULL, {HEALTH_COLUMNS} \
             FROM health_scores s JOIN (SELECT id, upload_id FROM health_scores) k ON k.id = s.id \
             WHERE s.source = 1 AND s.account_id IN (SELECT value FROM json_each(?1)) ORDER BY s.id"
        ))?;
        let mut rows = statement.query([list(accounts)])?;
        let mut versions = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let version = health_scores::version_from(row, 5)?;
            let bits: i64 = row.get(3)?;
            let whole = HealthRow {
                account: 0,
                line: 0,
                month: version.month,
                observed_on: version.observed_on,
                scores: version.scores,
                blanks: 0,
            };
            let said = HealthRow { scores: said_scores(&version.scores, bits), ..whole };
            let is_said = !row.get::<_, bool>(4)?;
            versions.insert(
                version.id.get(),
                Version {
                    account: AccountId::new(row.get(0)?),
                    upload: UploadId::new(row.get(1)?),
                    counts: row.get(2)?,
                    whole,
                    said: is_said.then_some(said),
                },
            );
        }
        self.with_confirmations(accounts, UploadKind::Health, &versions, |whole: &HealthRow, bits| {
            let bits = bits.parse().unwrap_or(i64::MAX);
            HealthRow { scores: said_scores(&whole.scores, bits), ..*whole }
        })
    }

    /// What uploads said of accounts' playbook executions.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where an execution cannot be read.
    pub fn said_playbooks(&self, accounts: &[AccountId]) -> Result<SaidOf<PlaybookSaid>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT k.account_id, NULL, k.id, k.upload_id, k.execution_id, k.playbook_id, k.status, k.started_at, \
             k.completed_at, k.current_step, k.report, k.details, NULL, {NOT_UNDONE}, k.said, k.refolded IS NOT NULL \
             FROM playbook_runs k WHERE k.account_id IN (SELECT value FROM json_each(?1)) ORDER BY k.id"
        ))?;
        let mut rows = statement.query([list(accounts)])?;
        let mut versions = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let version: RunVersion = playbooks::version_from(row)?;
            let names: String = row.get(14)?;
            let whole = said_run(&version, None);
            let said = said_run(&version, Some(&names));
            let is_said = !row.get::<_, bool>(15)?;
            versions.insert(
                PlaybookRunId::get(version.id),
                Version {
                    account: AccountId::new(row.get(0)?),
                    upload: version.upload,
                    counts: row.get(13)?,
                    whole,
                    said: is_said.then_some(said),
                },
            );
        }
        self.with_confirmations(accounts, UploadKind::Playbooks, &versions, named_of_run)
    }

    /// What uploads said of accounts' notes.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn said_notes(&self, accounts: &[AccountId]) -> Result<SaidOf<Note>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT n.account_id, k.upload_id, {NOT_UNDONE}, n.said, n.refolded IS NOT NULL, {NOTE_COLUMNS} \
             FROM notes n JOIN (SELECT id, upload_id FROM notes) k ON k.id = n.id \
             LEFT JOIN changes g ON g.id = n.change_id \
             WHERE n.account_id IN (SELECT value FROM json_each(?1)) ORDER BY n.id"
        ))?;
        let mut rows = statement.query((list(accounts), self.recorded_at().millis()))?;
        let mut versions = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let NoteVersion { id, note, .. } = notes::version_from(row, 5)?;
            let names: String = row.get(3)?;
            let said = said_note(&note, &names);
            let is_said = !row.get::<_, bool>(4)?;
            versions.insert(
                NoteRowId::get(id),
                Version {
                    account: AccountId::new(row.get(0)?),
                    upload: UploadId::new(row.get(1)?),
                    counts: row.get(2)?,
                    whole: note,
                    said: is_said.then_some(said),
                },
            );
        }
        self.with_confirmations(accounts, UploadKind::Notes, &versions, said_note)
    }

    /// What the versions and the confirmations of them say, in upload order.
    fn with_confirmations<T: Clone>(
        &self,
        accounts: &[AccountId],
        kind: UploadKind,
        versions: &FxHashMap<i64, Version<T>>,
        named: impl Fn(&T, &str) -> T,
    ) -> Result<SaidOf<T>> {
        let mut ids: Vec<i64> = versions.keys().copied().collect();
        ids.sort_unstable();
        let mut said: SaidOf<T> = FxHashMap::default();
        for version in ids.iter().filter_map(|id| versions.get(id)) {
            let Some(words) = version.said.clone() else { continue };
            let row = SaidRow { upload: version.upload, counts: version.counts, said: words };
            said.entry(version.account).or_default().push(row);
        }
        for Confirmation { account, upload, counts, rows, fields, .. } in
            self.confirmations(accounts, kind)?
        {
            let confirmed = rows.iter().enumerate().filter_map(|(place, row)| {
                let whole = &versions.get(row)?.whole;
                // Earlier versions of this program did not keep what was named: then it was all of it.
                Some(fields.get(place).map_or_else(|| whole.clone(), |fields| named(whole, fields)))
            });
            let rows = confirmed.map(|said| SaidRow { upload, counts, said });
            said.entry(account).or_default().extend(rows);
        }
        Ok(in_order(said))
    }

    fn confirmations(&self, accounts: &[AccountId], kind: UploadKind) -> Result<Vec<Confirmation>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT k.account_id, k.upload_id, {NOT_UNDONE}, k.change_id, k.row_ids, k.fields \
             FROM confirmations k JOIN uploads u ON u.id = k.upload_id WHERE u.kind = ?2 \
             AND k.account_id IN (SELECT value FROM json_each(?1)) ORDER BY k.id"
        ))?;
        let mut rows = statement.query((list(accounts), kind.number()))?;
        let mut confirmations = Vec::new();
        while let Some(row) = rows.next()? {
            let ids: String = row.get(4)?;
            let fields: Option<String> = row.get(5)?;
            confirmations.push(Confirmation {
                account: AccountId::new(row.get(0)?),
                upload: UploadId::new(row.get(1)?),
                counts: row.get(2)?,
                change: row.get(3)?,
                rows: serde_json::from_str(&ids)
                    .map_err(|error| damaged(format!("a confirmation cannot be read ({error})")))?,
                fields: fields.iter().flat_map(|fields| fields.split('\n')).map(ToOwned::to_owned).collect(),
            });
        }
        Ok(confirmations)
    }
}

fn list(accounts: &[AccountId]) -> String {
    id_list(accounts.iter().map(|id| id.get()))
}

/// What was written first stands first among what one upload said.
fn in_order<T>(mut said: SaidOf<T>) -> SaidOf<T> {
    said.values_mut().for_each(|rows| rows.sort_by_key(|row| row.upload));
    said
}

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(|error| damaged(format!("a profile cannot be read ({error})")))
}

fn patch(text: &str) -> Result<ProfilePatch> {
    ProfilePatch::from_stored(text).ok_or_else(|| damaged("what was said of a profile cannot be read"))
}

/// The named fields of a profile as they are known; null where they are not.
fn named(known: Option<&Map<String, Value>>, fields: &[String]) -> Value {
    const ATTRIBUTES: &str = "attributes";
    let mut said = Map::new();
    let mut attributes = Map::new();
    let of = |map: Option<&Map<String, Value>>, name: &str| {
        map.and_then(|map| map.get(name)).cloned().unwrap_or_default()
    };
    let known_attributes = known.and_then(|known| known.get(ATTRIBUTES)).and_then(Value::as_object);
    for field in fields {
        match field.strip_prefix("attributes.") {
            Some(name) => drop(attributes.insert(name.to_owned(), of(known_attributes, name))),
            None => drop(said.insert(field.clone(), of(known, field))),
        }
    }
    if !attributes.is_empty() {
        said.insert(ATTRIBUTES.to_owned(), Value::Object(attributes));
    }
    Value::Object(said)
}

fn said_scores(scores: &MonthScores, bits: i64) -> MonthScores {
    let is_said = |place: usize| bits & (1_i64 << place) != 0;
    let mut categories = scores.categories;
    for (place, score) in categories.iter_mut().enumerate() {
        *score = score.filter(|_| is_said(place + 1));
    }
    MonthScores { overall: scores.overall.filter(|_| is_said(0)), categories }
}

/// What a version said: the fields of these names, separated by commas; without them, all of it.
fn said_run(version: &RunVersion, names: Option<&str>) -> PlaybookSaid {
    let run = &version.run;
    let whole = PlaybookSaid {
        execution_id: run.execution_id.clone(),
        playbook_id: run.playbook_id.clone(),
        status: Some(run.status),
        started_at: run.started_at,
        completed_at: run.completed_at,
        current_step: run.current_step.clone(),
        report: run.report.clone(),
        details: run.details.clone(),
    };
    names.map_or_else(|| whole.clone(), |names| named_of_run(&whole, names))
}

fn named_of_run(whole: &PlaybookSaid, names: &str) -> PlaybookSaid {
    let names: Vec<&str> = names.split(',').collect();
    let is_said = |name: &str| names.contains(&name);
    PlaybookSaid {
        execution_id: whole.execution_id.clone(),
        playbook_id: whole.playbook_id.clone().filter(|_| is_said("playbook_id")),
        status: whole.status.filter(|_| is_said("status")),
        started_at: whole.started_at.filter(|_| is_said("started_at")),
        completed_at: whole.completed_at.filter(|_| is_said("completed_at")),
        current_step: whole.current_step.clone().filter(|_| is_said("current_step")),
        report: whole.report.clone().filter(|_| is_said("report")),
        details: whole.details.clone().into_iter().filter(|(name, _)| is_said(name)).collect(),
    }
}

fn said_note(note: &Note, names: &str) -> Note {
    let is_said = |name: &str| names.split(',').any(|said| said == name);
    Note {
        note_id: note.note_id.clone(),
        note_type: note.note_type.clone().filter(|_| is_said("note_type")),
        title: note.title.clone().filter(|_| is_said("title")),
        content: note.content.clone().filter(|_| is_said("content")),
        author: note.author.clone().filter(|_| is_said("author")),
        written_at: note.written_at.filter(|_| is_said("written_at")),
    }
}
