//! Appending snapshots, and what the next one is compared with.

use chrono::NaiveDate;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::append::value::{int, maybe, maybe_text, text};
use super::failure::damaged;
use super::heads::id_list;
use super::ledger::Table;
use super::read::retracted::standing;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::event::EventType;
use crate::model::health::scorer::KpiCounts;
use crate::model::ids::{
    AccountId, ChangeId, ContentId, EventId, HealthRowId, KpiChangeId, ProfileId, ScoringConfigId, SeriesId,
    SnapshotId, UploadId,
};
use crate::model::kpi::Band;
use crate::model::money;
use crate::model::score::Score;
use crate::model::snapshot::build::{Measured, Movement, Previous, RunStart};
use crate::model::snapshot::content::ScoreSource;
use crate::model::snapshot::{SNAPSHOT_VERSION, SnapshotContent, SnapshotType};
use crate::model::time::Timestamp;

/// Why a snapshot is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotReason {
    /// Its type.
    pub snapshot_type: SnapshotType,
    /// What triggered it; None for a manual one.
    pub trigger: Option<EventType>,
    /// The trigger in more words.
    pub action: Option<String>,
    /// The event that it answers.
    pub event: Option<EventId>,
    /// What a person gave as the reason.
    pub reason: Option<String>,
    /// Who took it; None for automatic ones.
    pub created_by: Option<String>,
}

/// A snapshot, built and about to be appended.
#[derive(Debug, Clone)]
pub struct NewSnapshot<'a> {
    /// The account.
    pub account: AccountId,
    /// The account's state.
    pub content: &'a SnapshotContent,
    /// SHA-256 of that state as it is shown.
    pub hash: [u8; 32],
    /// How it moved.
    pub movement: Movement,
    /// The snapshot before.
    pub previous: Option<&'a Previous>,
    /// Why it is taken.
    pub reason: &'a SnapshotReason,
    /// The rules of its scores.
    pub config: ScoringConfigId,
    /// How many playbook executions were completed in the 30 days before; None where none is known.
    pub completed_in_window: Option<u32>,
    /// The playbooks that the state calls for.
    pub recommendations: &'a [String],
}

/// The columns of a content, as [`content_from`] reads them.
pub(super) const CONTENT_COLUMNS: &str = "c.overall_score, c.overall_band, c.score_source, c.product_usage, \
     c.support, c.customer_sentiment, c.business_outcomes, c.relationship_strength, c.account_level_kpis, \
     c.product_level_kpis, c.critical_kpis, c.at_risk_kpis, c.healthy_kpis, c.top_critical, c.kpis_change_id, \
     c.kpi_change_row, c.revenue_minor, c.currency, c.profile_id, c.health_id, c.playbooks, c.notes";

/// How many columns those are.
pub(super) const CONTENT_COLUMN_COUNT: usize = 22;

/// Reads a content whose columns begin at `first`.
pub(super) fn content_from(row: &Row<'_>, first: usize) -> Result<SnapshotContent> {
    let score = |place: usize| -> Result<Option<Score>> {
        Ok(row.get::<_, Option<i32>>(first + place)?.map(Score::from_hundredths))
    };
    let number = |place: usize| -> Result<Option<i64>> { Ok(row.get(first + place)?) };
    let count = |place: usize| -> Result<u32> { Ok(row.get(first + place)?) };
    let top = row.get_ref(first + 13)?.as_str().map_err(rusqlite::Error::from)?;
    let top: Vec<i64> =
        serde_json::from_str(top).map_err(|error| damaged(format!("a content cannot be read ({error})")))?;
    Ok(SnapshotContent {
        overall: score(0)?,
        band: number(1)?.and_then(Band::from_number),
        source: number(2)?.and_then(ScoreSource::from_number),
        categories: [score(3)?, score(4)?, score(5)?, score(6)?, score(7)?],
        counts: KpiCounts {
            account_level: count(8)?,
            product_level: count(9)?,
            critical: count(10)?,
            at_risk: count(11)?,
            healthy: count(12)?,
        },
        top_critical: top.into_iter().map(SeriesId::new).collect(),
        kpis_change: number(14)?.map(ChangeId::new),
        kpi_row: number(15)?.map(KpiChangeId::new),
        revenue_minor: number(16)?,
        currency: row.get(first + 17)?,
        profile: number(18)?.map(ProfileId::new),
        health: number(19)?.map(HealthRowId::new),
        playbooks: stored(row, first + 20)?,
        notes: stored(row, first + 21)?,
    })
}

/// Reads what is kept as JSON; None where nothing is.
pub(super) fn stored<T: serde::de::DeserializeOwned>(row: &Row<'_>, place: usize) -> Result<Option<T>> {
    let text = row.get_ref(place)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|error| damaged(format!("a content cannot be read ({error})")))
}

/// Where the run of a snapshot's content began; None where that snapshot itself is the first of it, or where the first
/// is gone.
fn run_start(row: &Row<'_>) -> Result<Option<RunStart>> {
    let Some(taken_at) = row.get::<_, Option<i64>>(9)? else { return Ok(None) };
    let is_first = row.get::<_, i64>(10)? == 1;
    Ok(Some(RunStart { taken_at: Timestamp::from_millis(taken_at), is_first }))
}

/// What is kept of a part, as JSON.
fn kept<T: serde::Serialize>(part: Option<&T>) -> Option<String> {
    // Plain text and integers always have a JSON.
    part.and_then(|part| serde_json::to_string(part).ok())
}

/// A list of texts as JSON.
fn texts(texts: &[String]) -> String {
    // A list of texts always has a JSON.
    if texts.is_empty() { "[]".to_owned() } else { serde_json::to_string(texts).unwrap_or_default() }
}

impl WriteTransaction<'_> {
    /// The last snapshot of each account that has one.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_previous(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, Previous>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.account_id, s.id, s.change_id, g.recorded_at, s.scoring_config_id, s.sequence, s.content_id, \
             s.run_start_id, c.hash, rg.recorded_at, r.sequence, {CONTENT_COLUMNS} \
             FROM json_each(?1) j CROSS JOIN snapshots s ON s.id = j.value JOIN changes g ON g.id = s.change_id \
             JOIN snapshot_contents c ON c.id = s.content_id LEFT JOIN snapshots r ON r.id = s.run_start_id \
             LEFT JOIN changes rg ON rg.id = r.change_id"
        ))?;
        let newest =
            accounts.iter().filter_map(|account| self.heads.get(account)?.snapshot.map(SnapshotId::get));
        let mut rows = statement.query([id_list(newest)])?;
        let mut previous = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let id = SnapshotId::new(row.get(1)?);
            previous.insert(
                AccountId::new(row.get(0)?),
                Previous {
                    id,
                    change: ChangeId::new(row.get(2)?),
                    taken_at: Timestamp::from_millis(row.get(3)?),
                    config: ScoringConfigId::new(row.get(4)?),
                    sequence: row.get(5)?,
                    content_id: ContentId::new(row.get(6)?),
                    run_start: row.get::<_, Option<i64>>(7)?.map_or(id, SnapshotId::new),
                    content_hash: row.get(8)?,
                    run: run_start(row)?,
                    content: content_from(row, 11)?,
                    measured_against: Measured::Last,
                },
            );
        }
        self.pass_over_retracted(&mut previous)?;
        Ok(previous)
    }

    fn pass_over_retracted(&self, previous: &mut FxHashMap<AccountId, Previous>) -> Result<()> {
        let newest: Vec<SnapshotId> = previous.values().map(|previous| previous.id).collect();
        let standing = standing(&self.sql, &newest)?;
        if standing.is_empty() {
            return Ok(());
        }
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT s.id, g.recorded_at, {CONTENT_COLUMNS} FROM json_each(?1) j CROSS JOIN snapshots s \
             ON s.id = j.value JOIN changes g ON g.id = s.change_id JOIN snapshot_contents c ON c.id = s.content_id"
        ))?;
        let mut rows = statement.query([id_list(standing.values().flatten().map(|id| id.get()))])?;
        let mut earlier = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let taken_at = Timestamp::from_millis(row.get(1)?);
            earlier.insert(SnapshotId::new(row.get(0)?), (taken_at, content_from(row, 2)?));
        }
        for previous in previous.values_mut() {
            let Some(instead) = standing.get(&previous.id) else { continue };
            previous.measured_against = match instead.and_then(|id| earlier.get(&id)) {
                Some((taken_at, content)) => Measured::Earlier(*taken_at, Box::new(content.clone())),
                None => Measured::Nothing,
            };
        }
        Ok(())
    }

    /// Appends snapshots, each with its content unless that is the account's newest one already, and stamps the
    /// cooldown of their type (a manual one has none). The ids come back in order.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_snapshots(&mut self, snapshots: &[NewSnapshot<'_>]) -> Result<Vec<SnapshotId>> {
        snapshots.iter().map(|snapshot| self.append_snapshot(snapshot)).collect()
    }

    fn append_snapshot(&mut self, snapshot: &NewSnapshot<'_>) -> Result<SnapshotId> {
        let same = snapshot.previous.filter(|previous| {
            previous.content_hash == snapshot.hash && previous.content == *snapshot.content
        });
        let content = match same {
            Some(previous) => previous.content_id,
            None => self.append_content(snapshot)?,
        };
        let id = SnapshotId::new(self.next_id("snapshot")?);
        let salt = match snapshot.reason.reason.is_some() || snapshot.reason.created_by.is_some() {
            true => Some(self.salts.next()?),
            false => None,
        };
        let change = self.change();
        let Some(head) = self.head_mut(snapshot.account) else {
            return Err(damaged(format!("account {} is not loaded", snapshot.account)));
        };
        let (key, kpis_upload) = (head.salt, head.kpis_upload);
        let upload = |upload: Option<UploadId>| maybe(upload.map(UploadId::get));
        let (profile_upload, health_upload) = (upload(head.profile_upload), upload(head.health_upload));
        let (playbooks_upload, notes_upload) = (upload(head.playbooks_upload), upload(head.notes_upload));
        head.snapshot = Some(id);
        head.content = Some(content);
        let (reason, movement) = (snapshot.reason, snapshot.movement);
        let recommendations = texts(snapshot.recommendations);
        let row = [
            int(id.get()),
            int(snapshot.account.get()),
            int(change.get()),
            int(content.get()),
            maybe(snapshot.previous.map(|previous| previous.id.get())),
            int(snapshot.previous.map_or(1, |previous| previous.sequence.saturating_add(1))),
            int(reason.snapshot_type.number()),
            maybe(reason.trigger.map(EventType::number)),
            maybe(reason.event.map(EventId::get)),
            maybe(same.map(|previous| previous.run_start.get())),
            maybe(movement.days_since_last),
            int(i64::from(movement.is_significant)),
            maybe(movement.trend.map(crate::model::health::Trend::number)),
            maybe(movement.score_change.map(|score| i64::from(score.hundredths()))),
            maybe(movement.score_change_window.map(|score| i64::from(score.hundredths()))),
            maybe(movement.revenue_change),
            int(snapshot.config.get()),
            maybe(kpis_upload.map(UploadId::get)),
            maybe_text(reason.action.as_deref()),
            maybe_text(reason.reason.as_deref()),
            maybe_text(reason.created_by.as_deref()),
            salt.as_ref().map_or(ValueRef::Null, |salt| ValueRef::Blob(salt)),
            text(&recommendations),
            maybe(snapshot.completed_in_window.map(i64::from)),
            profile_upload,
            health_upload,
            playbooks_upload,
            notes_upload,
        ];
        self.appender(Table::Snapshots)?.append(Some(&key), &row)?;
        if reason.snapshot_type != SnapshotType::Manual {
            self.stamp(snapshot.account, reason.snapshot_type)?;
        }
        Ok(id)
    }

    fn append_content(&mut self, snapshot: &NewSnapshot<'_>) -> Result<ContentId> {
        let id = ContentId::new(self.next_id("content")?);
        let change = self.change().get();
        let Some(key) = self.heads.get(&snapshot.account).map(|head| head.salt) else {
            return Err(damaged(format!("account {} is not loaded", snapshot.account)));
        };
        let content = snapshot.content;
        let score = |score: Option<Score>| maybe(score.map(|score| i64::from(score.hundredths())));
        let [usage, support, sentiment, outcomes, relationship] = content.categories.map(score);
        let counts = content.counts;
        let top = id_list(content.top_critical.iter().map(|series| series.get()));
        let (playbooks, notes) = (kept(content.playbooks.as_ref()), kept(content.notes.as_ref()));
        let row = [
            int(id.get()),
            int(snapshot.account.get()),
            int(change),
            int(SNAPSHOT_VERSION),
            ValueRef::Blob(&snapshot.hash),
            score(content.overall),
            maybe(content.band.map(|band| band as i64)),
            maybe(content.source.map(|source| source as i64)),
            usage,
            support,
            sentiment,
            outcomes,
            relationship,
            int(i64::from(counts.account_level)),
            int(i64::from(counts.product_level)),
            int(i64::from(counts.critical)),
            int(i64::from(counts.at_risk)),
            int(i64::from(counts.healthy)),
            text(&top),
            maybe(content.kpis_change.map(ChangeId::get)),
            maybe(content.kpi_row.map(KpiChangeId::get)),
            maybe(content.revenue_minor),
            maybe(content.profile.map(ProfileId::get)),
            maybe(content.health.map(HealthRowId::get)),
            maybe_text(playbooks.as_deref()),
            maybe_text(notes.as_deref()),
            maybe_text(content.currency.as_deref()),
            maybe(content.currency.as_deref().map(money::scale)),
        ];
        self.appender(Table::SnapshotContents)?.append(Some(&key), &row)?;
        Ok(id)
    }

    /// The change that last changed an account's KPIs, and the newest row that did so.
    #[must_use]
    pub fn kpis_of(&self, account: AccountId) -> (Option<ChangeId>, Option<KpiChangeId>) {
        self.heads.get(&account).map_or((None, None), |head| (head.kpis_change, head.kpi_fact))
    }

    /// The day of this transaction in a time zone.
    #[must_use]
    pub fn today(&self, zone: chrono_tz::Tz) -> NaiveDate {
        self.now().date_in(zone)
    }
}
