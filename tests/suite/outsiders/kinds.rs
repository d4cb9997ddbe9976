//! What is known of an account beside its KPIs: handed to the store as an ingest does, and read as a snapshot does.

use acctsnap::model::health::month::{Month, MonthScores};
use acctsnap::model::ids::{AccountId, UploadId};
use acctsnap::model::money::{Revenue, RevenueBasis};
use acctsnap::model::note::{Note, RECENT_NOTES};
use acctsnap::model::playbook::{PlaybookRun, PlaybookStatus};
use acctsnap::model::profile::{Profile, ProfileField, ProfilePatch, ProfileValue};
use acctsnap::model::score::Score;
use acctsnap::model::snapshot::content::{AccountParts, ScoreSource};
use acctsnap::model::snapshot::parts::{KnownRun, NoteState, PlaybookState, completed_since};
use acctsnap::model::upload::{UploadCounts, UploadKind};
use acctsnap::store::{NewHealth, WriteTransaction};
use serde_json::Value;

use super::portfolio::{insert_upload, instant};

/// Takes in a file of another kind than KPIs; `rows` writes what it says.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn upload(
    write: &mut WriteTransaction<'_>,
    kind: UploadKind,
    file_name: &str,
    accounts: &[AccountId],
    rows: impl FnOnce(&mut WriteTransaction<'_>, UploadId),
) -> UploadId {
    write.load_heads(accounts).expect("the accounts");
    let upload = write.next_upload().expect("an upload's id");
    rows(write, upload);
    insert_upload(write, upload, kind, file_name, UploadCounts::default());
    upload
}

/// Says fields of a profile.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn say_profile(
    write: &mut WriteTransaction<'_>,
    account: AccountId,
    upload: UploadId,
    fields: &[(ProfileField, Option<ProfileValue>)],
    attributes: &[(&str, Value)],
) {
    let said = ProfilePatch {
        fields: fields.iter().cloned().collect(),
        attributes: attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some(value.clone())))
            .collect(),
    };
    let mut profile = write.load_profiles(&[account]).expect("profiles").remove(&account).unwrap_or_default();
    profile.apply(&said);
    write.append_profile(account, upload, &said, &profile).expect("a profile");
}

/// A text of a profile.
pub fn text(text: &str) -> Option<ProfileValue> {
    Some(ProfileValue::Text(text.to_owned()))
}

/// A revenue of a profile.
pub fn revenue(minor_units: i64, currency: &str) -> Option<ProfileValue> {
    let currency = currency.to_owned();
    Some(ProfileValue::Revenue(Revenue { minor_units, currency, basis: RevenueBasis::MrrX12 }))
}

/// Says an overall score and one for support, of a month such as `2026-10`.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn say_health(
    write: &mut WriteTransaction<'_>,
    account: AccountId,
    upload: Option<UploadId>,
    month: &str,
    overall: i32,
) {
    let month = Month::from_stored(month).expect("a month");
    let source = if upload.is_some() { ScoreSource::Ingested } else { ScoreSource::Calculated };
    let support = Score::from_hundredths(overall / 2);
    let said = MonthScores {
        overall: Some(Score::from_hundredths(overall)),
        categories: [None, Some(support), None, None, None],
    };
    let known = write.load_health_months(&[account], source).expect("months");
    let replaces = known.get(&account).and_then(|months| months.get(&month)).map(|version| version.id);
    let observed_on = upload.map(|_| month.last_day());
    let new = NewHealth { source, month, observed_on, said, scores: said, replaces, is_late: false };
    write.append_health(account, upload, new).expect("a health row");
}

/// An execution that began on 1 November 2026.
pub fn run(execution_id: &str, status: PlaybookStatus, completed_at: Option<&str>) -> PlaybookRun {
    PlaybookRun {
        execution_id: execution_id.to_owned(),
        playbook_id: Some("voc \"sprint\" 🎉".to_owned()),
        status,
        started_at: Some(instant("2026-11-01T08:00:00.007Z")),
        completed_at: completed_at.map(instant),
        current_step: Some("2, \"interviews\"".to_owned()),
        report: None,
        details: serde_json::Map::from_iter([("customerId".to_owned(), Value::from("7"))]),
    }
}

/// Says an execution as it stands.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn say_run(write: &mut WriteTransaction<'_>, account: AccountId, upload: UploadId, run: &PlaybookRun) {
    let runs = write.load_playbook_runs(&[account]).expect("executions").remove(&account).unwrap_or_default();
    let known = runs.iter().find(|known| known.run.execution_id == run.execution_id);
    let replaces = known.map(|known| known.id);
    write.append_playbook_run(account, upload, run, "status", replaces).expect("an execution");
}

/// A note.
pub fn note(note_id: &str, content: &str, written_at: Option<&str>) -> Note {
    Note {
        note_id: note_id.to_owned(),
        note_type: Some("call".to_owned()),
        title: Some(format!("about \"{note_id}\"")),
        content: Some(content.to_owned()),
        author: Some("Zoë".to_owned()),
        written_at: written_at.map(instant),
    }
}

/// Says a note as it stands.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn say_note(write: &mut WriteTransaction<'_>, account: AccountId, upload: UploadId, note: &Note) {
    let key = (account, note.note_id.clone());
    let known = write.load_notes_by_id(std::slice::from_ref(&key)).expect("notes");
    let replaces = known.get(&key).map(|known| known.id);
    write.append_note(account, upload, note, "content,title", replaces).expect("a note");
}

/// All that a snapshot takes of an account beside its KPIs; the KPIs' scores count, not the ingested ones.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn parts(write: &WriteTransaction<'_>, account: AccountId) -> (AccountParts, Option<Profile>) {
    let profile = write.load_profiles(&[account]).expect("profiles").remove(&account);
    let runs = write.load_playbook_outlines(&[account]).expect("executions").remove(&account);
    let runs = runs.unwrap_or_default();
    let runs: Vec<KnownRun<'_>> = runs
        .iter()
        .map(|it| KnownRun { run: &it.run, recorded_completed_at: it.recorded_completed_at })
        .collect();
    let notes = write.load_recent_notes(&[account], RECENT_NOTES).expect("notes").remove(&account);
    let notes = notes.unwrap_or_default();
    let since = write.recorded_at().plus_millis(-30 * 86_400_000);
    let completed = completed_since(&runs, since, write.recorded_at());
    let parts = AccountParts {
        profile: write.head(account).and_then(|head| head.profile).zip(profile.clone()),
        playbooks: PlaybookState::of(&runs, chrono_tz::UTC),
        completed_in_window: (!runs.is_empty()).then_some(completed),
        notes: NoteState::of(notes.iter().map(|version| &version.note), chrono_tz::UTC),
        ..AccountParts::default()
    };
    (parts, profile)
}
