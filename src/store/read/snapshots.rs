//! Snapshots as they were written, put together with the words that they refer to.

use rusqlite::Row;

use super::Reader;
use super::retention::{HIDDEN, PREVIOUS};
use super::retracted::RETRACTED;
use crate::error::Result;
use crate::model::canonical::hex;
use crate::model::event::EventType;
use crate::model::health::Trend;
use crate::model::ids::{
    AccountId, ChangeId, ContentId, CustomerId, EventId, KpiChangeId, ScoringConfigId, SnapshotId, UploadId,
};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::snapshot::{SnapshotContent, SnapshotType};
use crate::model::time::Timestamp;
use crate::store::failure::damaged;
use crate::store::heads::{AccountHead, HEAD_COLUMN_COUNT, HEAD_COLUMNS, id_list};
use crate::store::snapshots::{CONTENT_COLUMN_COUNT, CONTENT_COLUMNS, content_from, stored};

/// The upload from which a part of a snapshot came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSource {
    /// The upload.
    pub upload: UploadId,
    /// The file's name.
    pub file_name: String,
    /// When it was ingested.
    pub ingested_at: Timestamp,
}

/// A snapshot as it was written.
#[derive(Debug, Clone)]
pub struct SnapshotRecord {
    /// Our id.
    pub id: SnapshotId,
    /// The account, as it is known today.
    pub account: AccountHead,
    /// The change that wrote it.
    pub change: ChangeId,
    /// The digest of that change, in hexadecimal.
    pub chain_hash: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Its type.
    pub snapshot_type: SnapshotType,
    /// What triggered it.
    pub trigger: Option<EventType>,
    /// The trigger in more words.
    pub action: Option<String>,
    /// The event that it answers.
    pub event: Option<EventId>,
    /// The reason that a person gave.
    pub reason: Option<String>,
    /// Who took it; None for automatic ones.
    pub created_by: Option<String>,
    /// Its number among the account's snapshots.
    pub sequence: i64,
    /// The snapshot before.
    pub previous: Option<SnapshotId>,
    /// When its content first appeared in its unbroken run.
    pub unchanged_since: Timestamp,
    /// Whole 24 hours since the one before.
    pub days_since_last: Option<i64>,
    /// Whether score or revenue moved by more than the limits.
    pub is_significant: bool,
    /// Where the score was heading.
    pub trend: Option<Trend>,
    /// The score's change since the one before.
    pub score_change: Option<Score>,
    /// The score's change within the trend's window.
    pub score_change_window: Option<Score>,
    /// The revenue's change since the one before, in minor units.
    pub revenue_change: Option<i64>,
    /// The rules of its scores.
    pub config: ScoringConfigId,
    /// The hash of those rules.
    pub config_hash: String,
    /// Its content's id.
    pub content_id: ContentId,
    /// The account's state.
    pub content: SnapshotContent,
    /// The number of the content's format.
    pub version: i64,
    /// SHA-256 of the content as shown, in hexadecimal.
    pub content_hash: String,
    /// How many playbook executions were completed in the 30 days before; None where none is known.
    pub completed_in_window: Option<u32>,
    /// The playbooks that its state called for; None where its program did not ask.
    pub recommendations: Option<Vec<String>>,
    /// The uploads that had last named each part of the account.
    pub uploads: PartUploads,
}

/// The uploads that had last named each part of an account; None where none had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartUploads {
    /// Its KPIs.
    pub kpis: Option<UploadId>,
    /// Its profile.
    pub profile: Option<UploadId>,
    /// Its health scores.
    pub health: Option<UploadId>,
    /// Its playbooks.
    pub playbooks: Option<UploadId>,
    /// Its notes.
    pub notes: Option<UploadId>,
}

impl PartUploads {
    /// Those that there are.
    pub fn all(self) -> impl Iterator<Item = UploadId> {
        [self.kpis, self.profile, self.health, self.playbooks, self.notes].into_iter().flatten()
    }
}

impl SnapshotRecord {
    /// Whether its KPIs are still the account's newest.
    #[must_use]
    pub fn holds_newest_kpis(&self) -> bool {
        self.content.kpi_row == self.account.kpi_fact
    }

    /// The newest row of what uploads had said of the account's KPIs.
    #[must_use]
    pub fn kpi_row(&self) -> Option<KpiChangeId> {
        self.content.kpi_row
    }
}

/// A snapshot in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotSummary {
    /// Our id.
    pub id: SnapshotId,
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The account's external id.
    pub external_account_id: Option<String>,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Its type.
    pub snapshot_type: SnapshotType,
    /// What triggered it.
    pub trigger: Option<EventType>,
    /// The trigger in more words.
    pub action: Option<String>,
    /// The reason that a person gave.
    pub reason: Option<String>,
    /// Its number among the account's snapshots.
    pub sequence: i64,
    /// The overall score.
    pub score: Option<Score>,
    /// Its band.
    pub band: Option<Band>,
    /// The score's change since the one before.
    pub score_change: Option<Score>,
    /// Whether the content is the one before's.
    pub is_unchanged: bool,
}

/// Which snapshots.
#[derive(Debug, Clone, Copy)]
pub struct SnapshotFilter {
    /// Of this account only.
    pub account: Option<AccountId>,
    /// Of this type only.
    pub snapshot_type: Option<SnapshotType>,
    /// Taken at or after this instant.
    pub since: Option<Timestamp>,
    /// Taken at or before this instant.
    pub until: Option<Timestamp>,
    /// Only such as are not retracted.
    pub standing: bool,
    /// At most so many.
    pub limit: u32,
}

impl Default for SnapshotFilter {
    fn default() -> Self {
        Self {
            account: None,
            snapshot_type: None,
            since: None,
            until: None,
            standing: false,
            limit: u32::MAX,
        }
    }
}

impl Reader<'_> {
    /// These snapshots of a customer, by id; others' are passed over.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_snapshots(
        &self,
        customer: CustomerId,
        snapshots: &[SnapshotId],
    ) -> Result<Vec<SnapshotRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {HEAD_COLUMNS}, {CONTENT_COLUMNS}, s.id, s.change_id, g.digest, g.recorded_at, s.snapshot_type, \
             s.trigger_event, s.trigger_action, s.event_id, s.reason, s.created_by, s.sequence, s.previous_id, \
             rg.recorded_at, s.days_since_last, s.significant, s.trend, s.score_change, \
             s.score_change_window, s.revenue_change, s.scoring_config_id, f.hash, s.content_id, c.version, c.hash, \
             s.completed_in_window, s.kpis_upload_id, s.profile_upload_id, s.health_upload_id, s.playbooks_upload_id, \
             s.notes_upload_id, s.recommendations \
             FROM json_each(?2) j CROSS JOIN snapshots s ON s.id = j.value \
             JOIN account_heads h ON h.account_id = s.account_id AND h.customer_id = ?1 \
             JOIN accounts a ON a.id = s.account_id JOIN changes g ON g.id = s.change_id \
             JOIN snapshot_contents c ON c.id = s.content_id JOIN scoring_configs f ON f.id = s.scoring_config_id \
             JOIN changes rg ON rg.id = c.change_id \
             ORDER BY s.id"
        ))?;
        let mut rows = statement.query((customer.get(), id_list(snapshots.iter().map(|id| id.get()))))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(record(row)?);
        }
        Ok(records)
    }

    /// A customer's snapshots in one line each, newest first; without those that retention hid.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_snapshots(
        &self,
        customer: CustomerId,
        filter: SnapshotFilter,
    ) -> Result<Vec<SnapshotSummary>> {
        let source = match filter.account {
            Some(_) => format!(
                "WITH RECURSIVE walk (id) AS (SELECT snapshot_id FROM account_heads WHERE account_id = ?2 \
                 AND customer_id = ?1 AND snapshot_id IS NOT NULL UNION ALL SELECT {PREVIOUS} FROM walk w \
                 JOIN snapshots s ON s.id = w.id WHERE s.previous_id IS NOT NULL) "
            ),
            None => String::new(),
        };
        let from = match filter.account {
            Some(_) => "FROM walk w JOIN snapshots s ON s.id = w.id",
            None => "FROM snapshots s",
        };
        let mut statement = self.sql().prepare_cached(&format!(
            "{source}SELECT {SUMMARY_COLUMNS} {from} \
             JOIN account_heads h ON h.account_id = s.account_id AND h.customer_id = ?1 {SUMMARY_JOINS} \
             WHERE (?2 IS NULL OR s.account_id = ?2) AND (?3 IS NULL OR s.snapshot_type = ?3) \
             AND (?4 IS NULL OR g.recorded_at >= ?4) AND (?5 IS NULL OR g.recorded_at <= ?5) AND NOT {HIDDEN} \
             AND (?7 = 0 OR NOT {RETRACTED}) ORDER BY s.id DESC LIMIT ?6"
        ))?;
        let mut rows = statement.query((
            customer.get(),
            filter.account.map(AccountId::get),
            filter.snapshot_type.map(SnapshotType::number),
            filter.since.map(Timestamp::millis),
            filter.until.map(Timestamp::millis),
            filter.limit,
            filter.standing,
        ))?;
        let mut summaries = Vec::new();
        while let Some(row) = rows.next()? {
            summaries.push(summary(row)?);
        }
        Ok(summaries)
    }

    /// For each account, the instant of the oldest change of its facts that its newest snapshot lacks.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn dirty_since(&self, accounts: &[AccountId]) -> Result<rustc_hash::FxHashMap<AccountId, Timestamp>> {
        let mut statement = self.sql().prepare_cached(include_str!("../sql/changed_since.sql"))?;
        let changed: Vec<i64> = statement
            .query_map([id_list(accounts.iter().map(|id| id.get()))], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if changed.is_empty() {
            return Ok(rustc_hash::FxHashMap::default());
        }
        let mut statement = self.sql().prepare_cached(include_str!("../sql/dirty_since.sql"))?;
        let dirty = statement
            .query_map([id_list(changed)], |row| {
                Ok((AccountId::new(row.get(0)?), Timestamp::from_millis(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(dirty)
    }

    /// For each account, when an upload last named its KPIs.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpis_named_at(
        &self,
        accounts: &[AccountId],
    ) -> Result<rustc_hash::FxHashMap<AccountId, Timestamp>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT h.account_id, g.recorded_at FROM json_each(?1) j CROSS JOIN account_heads h ON h.account_id = j.value \
             JOIN uploads u ON u.id = h.kpis_upload_id JOIN changes g ON g.id = u.change_id",
        )?;
        let named = statement
            .query_map([id_list(accounts.iter().map(|id| id.get()))], |row| {
                Ok((AccountId::new(row.get(0)?), Timestamp::from_millis(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(named)
    }
}

pub(super) const SUMMARY_COLUMNS: &str = "s.id, s.account_id, h.name, h.external_id, g.recorded_at, s.snapshot_type, \
     s.trigger_event, s.trigger_action, s.reason, s.sequence, c.overall_score, c.overall_band, s.score_change, \
     s.run_start_id IS NOT NULL";
pub(super) const SUMMARY_JOINS: &str =
    "JOIN changes g ON g.id = s.change_id JOIN snapshot_contents c ON c.id = s.content_id";

/// The head comes first, then the content.
const CONTENT_AT: usize = HEAD_COLUMN_COUNT;
const HEADER_AT: usize = CONTENT_AT + CONTENT_COLUMN_COUNT;

fn record(row: &Row<'_>) -> Result<SnapshotRecord> {
    let at = |place: usize| HEADER_AT + place;
    let number = |place: usize| -> Result<Option<i64>> { Ok(row.get(at(place))?) };
    let score = |place: usize| -> Result<Option<Score>> {
        Ok(row.get::<_, Option<i32>>(at(place))?.map(Score::from_hundredths))
    };
    let upload = |place: usize| -> Result<Option<UploadId>> { Ok(number(place)?.map(UploadId::new)) };
    Ok(SnapshotRecord {
        account: AccountHead::from_row(row)?,
        content: content_from(row, CONTENT_AT)?,
        id: SnapshotId::new(row.get(at(0))?),
        change: ChangeId::new(row.get(at(1))?),
        chain_hash: hex(&row.get::<_, Vec<u8>>(at(2))?),
        taken_at: Timestamp::from_millis(row.get(at(3))?),
        snapshot_type: snapshot_type(row, at(4))?,
        trigger: number(5)?.and_then(EventType::from_number),
        action: row.get(at(6))?,
        event: number(7)?.map(EventId::new),
        reason: row.get(at(8))?,
        created_by: row.get(at(9))?,
        sequence: row.get(at(10))?,
        previous: number(11)?.map(SnapshotId::new),
        unchanged_since: Timestamp::from_millis(row.get(at(12))?),
        days_since_last: number(13)?,
        is_significant: row.get(at(14))?,
        trend: number(15)?.and_then(Trend::from_number),
        score_change: score(16)?,
        score_change_window: score(17)?,
        revenue_change: number(18)?,
        config: ScoringConfigId::new(row.get(at(19))?),
        config_hash: row.get(at(20))?,
        content_id: ContentId::new(row.get(at(21))?),
        version: row.get(at(22))?,
        content_hash: hex(&row.get::<_, Vec<u8>>(at(23))?),
        completed_in_window: row.get(at(24))?,
        uploads: PartUploads {
            kpis: upload(25)?,
            profile: upload(26)?,
            health: upload(27)?,
            playbooks: upload(28)?,
            notes: upload(29)?,
        },
        recommendations: stored(row, at(30))?,
    })
}

fn snapshot_type(row: &Row<'_>, place: usize) -> Result<SnapshotType> {
    SnapshotType::from_number(row.get(place)?).ok_or_else(|| damaged("a snapshot has an unknown type"))
}

pub(super) fn summary(row: &Row<'_>) -> Result<SnapshotSummary> {
    let score = |place: usize| -> Result<Option<Score>> {
        Ok(row.get::<_, Option<i32>>(place)?.map(Score::from_hundredths))
    };
    Ok(SnapshotSummary {
        id: SnapshotId::new(row.get(0)?),
        account: AccountId::new(row.get(1)?),
        account_name: row.get(2)?,
        external_account_id: row.get(3)?,
        taken_at: Timestamp::from_millis(row.get(4)?),
        snapshot_type: snapshot_type(row, 5)?,
        trigger: row.get::<_, Option<i64>>(6)?.and_then(EventType::from_number),
        action: row.get(7)?,
        reason: row.get(8)?,
        sequence: row.get(9)?,
        score: score(10)?,
        band: row.get::<_, Option<i64>>(11)?.and_then(Band::from_number),
        score_change: score(12)?,
        is_unchanged: row.get(13)?,
    })
}
