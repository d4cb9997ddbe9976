//! Writing a portfolio through the store, as an ingest and a snapshot do, one transaction an instant.

use std::path::{Path, PathBuf};
use std::time::Duration;

use acctsnap::clock::Clock;
use acctsnap::model::health::config::ScoringConfig;
use acctsnap::model::health::scorer::Scorer;
use acctsnap::model::ids::{AccountId, EventId, SnapshotId, UploadId};
use acctsnap::model::kpi::Impact;
use acctsnap::model::kpi::batch::{AccountMention, KpiMention};
use acctsnap::model::kpi::dictionary::KpiDictionary;
use acctsnap::model::kpi::fold::{self, History, Saying, Statement};
use acctsnap::model::snapshot::build::movement;
use acctsnap::model::snapshot::content::TopKpi;
use acctsnap::model::snapshot::{SnapshotContent, SnapshotType};
use acctsnap::model::time::Timestamp;
use acctsnap::model::upload::{UploadCounts, UploadKind};
use acctsnap::store::{
    Begin, Creation, EventRow, KpiDays, NewSnapshot, NewUpload, Resolution, SnapshotReason, Store,
    WhichCustomer, WriteTransaction,
};

use super::kinds;

/// What a file says of one KPI.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// The account's name.
    pub account: &'static str,
    /// The KPI.
    pub kpi: &'static str,
    /// The product; None for the whole account.
    pub product: Option<&'static str>,
    /// The value; None where it is withdrawn.
    pub value: Option<f64>,
    /// The day; None where the row is undated.
    pub on: Option<&'static str>,
}

/// An undated value of the whole account.
pub const fn said(account: &'static str, kpi: &'static str, value: Option<f64>) -> Said {
    Said { account, kpi, product: None, value, on: None }
}

/// What an ingest left.
#[derive(Debug, Clone)]
pub struct Ingested {
    /// The upload.
    pub upload: UploadId,
    /// The accounts named, in order of first mention.
    pub accounts: Vec<AccountId>,
}

/// A database that is being written.
pub struct Portfolio {
    store: Store,
    path: PathBuf,
}

#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
impl Portfolio {
    /// A new one.
    pub fn create(path: &Path) -> Self {
        let (store, _) = Store::open_or_create(path).expect("a new database");
        Self { store, path: path.to_owned() }
    }

    /// Runs one write transaction of a customer at an instant, and commits it.
    pub fn write<T>(
        &mut self,
        at: &str,
        customer: &str,
        work: impl FnOnce(&mut WriteTransaction<'_>) -> T,
    ) -> T {
        let begin = Begin {
            clock: Clock::Fixed(instant(at)),
            customer: WhichCustomer::NamedOrNew(customer),
            command: "test",
            actor: "Zoë \"Z\" <zoe@example>",
            wait: Duration::ZERO,
            waiting: &mut |_| true,
        };
        let mut transaction = self.store.begin(begin).expect("a transaction");
        let done = work(&mut transaction);
        transaction.commit().expect("a commit");
        done
    }

    /// Ends the writing; the file is then one whole file.
    pub fn finish(self) -> PathBuf {
        drop(self.store);
        self.path
    }
}

/// An instant by its text.
#[expect(clippy::expect_used, reason = "tests write instants that can be read")]
pub fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Takes in a KPI file as an ingest does: accounts, series, changes, current values, the upload with its counts.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn ingest(
    transaction: &mut WriteTransaction<'_>,
    file_name: &str,
    ids: &[(&str, &str)],
    said: &[Said],
) -> Ingested {
    let mut mentions: Vec<AccountMention> = Vec::new();
    for one in said {
        if mentions.iter().all(|mention| mention.name.as_deref() != Some(one.account)) {
            let external_id =
                ids.iter().find(|(name, _)| *name == one.account).map(|(_, id)| (*id).to_owned());
            mentions.push(AccountMention { name: Some(one.account.to_owned()), external_id });
        }
    }
    let (resolved, _) = transaction.resolve_accounts(&mentions, Creation::Always).expect("accounts");
    let accounts: Vec<AccountId> = resolved.iter().filter_map(Resolution::account).collect();
    let upload = transaction.next_upload().expect("an upload's id");
    let mut counts = UploadCounts {
        read: u64::try_from(said.len()).expect("a count"),
        accounts_touched: u64::try_from(accounts.len()).expect("a count"),
        ..UploadCounts::default()
    };
    for (account, mention) in accounts.iter().zip(&mentions) {
        let own: Vec<&Said> =
            said.iter().filter(|one| mention.name.as_deref() == Some(one.account)).collect();
        let folded = take_in(transaction, *account, upload, &own);
        counts.inserted += folded.inserted;
        counts.updated += folded.updated;
        counts.unchanged += folded.unchanged;
    }
    insert_upload(transaction, upload, UploadKind::Kpis, file_name, counts);
    Ingested { upload, accounts }
}

#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
fn take_in(
    transaction: &mut WriteTransaction<'_>,
    account: AccountId,
    upload: UploadId,
    said: &[&Said],
) -> fold::RowCounts {
    let dictionary = KpiDictionary::builtin();
    let mut series = transaction.load_series().expect("series");
    let mentions: Vec<KpiMention> = said
        .iter()
        .map(|one| {
            let found = dictionary.find(one.kpi);
            KpiMention {
                name: one.kpi.to_owned(),
                product: one.product.map(ToOwned::to_owned),
                category: found.as_ref().and_then(|found| found.definition.category),
                unit: found.as_ref().and_then(|found| found.definition.unit),
                definition: found.as_ref().map(|found| found.index),
            }
        })
        .collect();
    let ids = transaction.resolve_series(&mut series, &mentions).expect("series");
    let mut statements: Vec<Statement> = said
        .iter()
        .zip(ids)
        .map(|(one, series)| Statement {
            series,
            value: one.value,
            observed_on: one.on.map(|day| day.parse().expect("a day")),
            weight: None,
            impact: one.product.map(|_| Impact::High),
        })
        .collect();
    let mut states = transaction.load_kpi_states(&[account]).expect("current values");
    let mut state = states.remove(&account).unwrap_or_default();
    let saying = Saying { upload, today: transaction.today(chrono_tz::UTC) };
    let folded = fold::apply(&mut state, &History::new(), &mut statements, saying);
    transaction.append_kpi_changes(account, upload, &KpiDays::new(folded.days)).expect("KPI changes");
    let config = ScoringConfig::default();
    let (config_id, _) = transaction.use_scoring_config(&config).expect("a scoring configuration");
    let (scored, _) = Scorer::new(&config, dictionary, &series).score(&state);
    transaction.save_kpi_state(account, &state, &scored, config_id).expect("current values");
    folded.counts
}

/// Records a file whose SHA-256 is its upload's number, 32 times.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn insert_upload(
    transaction: &mut WriteTransaction<'_>,
    upload: UploadId,
    kind: UploadKind,
    file_name: &str,
    counts: UploadCounts,
) {
    let new = NewUpload {
        kind,
        file_name,
        sha256: [u8::try_from(upload.get()).expect("few uploads"); 32],
        bytes: 1234,
        reading: "{}",
        ingested_on: transaction.today(chrono_tz::UTC),
        counts,
    };
    transaction.insert_upload(upload, &new).expect("an upload");
}

/// An event's row with nothing but its first decision.
pub fn event(
    id: EventId,
    account: AccountId,
    outcome: acctsnap::model::decision::Outcome,
) -> EventRow<'static> {
    EventRow {
        id,
        account,
        event_type: acctsnap::model::event::EventType::KpiDataUploaded,
        action: None,
        upload: None,
        outcome,
        snapshot: None,
        due_at: None,
        error: None,
    }
}

/// The reason of a snapshot that answers an event.
pub fn answering(event: EventId) -> SnapshotReason {
    SnapshotReason {
        snapshot_type: SnapshotType::EventDriven,
        trigger: Some(acctsnap::model::event::EventType::KpiDataUploaded),
        action: None,
        event: Some(event),
        reason: None,
        created_by: None,
    }
}

/// Takes a snapshot of an account's current KPIs.
#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
pub fn snapshot(
    transaction: &mut WriteTransaction<'_>,
    account: AccountId,
    reason: &SnapshotReason,
) -> SnapshotId {
    transaction.load_heads(&[account]).expect("the account");
    let config = ScoringConfig::default();
    let (config_id, _) = transaction.use_scoring_config(&config).expect("a scoring configuration");
    let series = transaction.load_series().expect("series");
    let state = transaction.load_kpi_states(&[account]).expect("current values").remove(&account);
    let (_, summary) =
        Scorer::new(&config, KpiDictionary::builtin(), &series).score(&state.unwrap_or_default());
    let (change, row) = transaction.kpis_of(account);
    let (parts, profile) = kinds::parts(transaction, account);
    let content = SnapshotContent::new(&summary, (change, row), &parts, &config);
    let top: Vec<TopKpi<'_>> =
        summary.top_critical.iter().filter_map(|kpi| TopKpi::new(kpi, &series)).collect();
    let hash = content.hash(&top, profile.as_ref(), &mut Vec::new());
    let previous = transaction.load_previous(&[account]).expect("the snapshot before").remove(&account);
    let before = previous.as_ref().and_then(|previous| previous.content.overall);
    let new = NewSnapshot {
        account,
        content: &content,
        hash,
        movement: movement(
            transaction.recorded_at(),
            &content,
            previous.as_ref().map(|previous| (previous.taken_at, &previous.content)),
            before,
            &config,
        ),
        previous: previous.as_ref(),
        reason,
        config: config_id,
        completed_in_window: parts.completed_in_window,
        recommendations: &[],
    };
    transaction.append_snapshots(&[new]).expect("a snapshot")[0]
}
