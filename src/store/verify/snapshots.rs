//! Every snapshot, computed anew: its content from the facts of its moment, its header from the snapshots before it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::account::AccountFacts;
use super::cells::LedgerRow;
use super::contents::StoredContent;
use super::facts::{Facts, account_of};
use super::finding::{Finding, FindingKind, Findings};
use super::retracted::Retracted;
use super::standing::{Gone, Line};
use super::walk::{Change, Last};
use crate::model::canonical::sha256_hex;
use crate::model::health::Trend;
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, CustomerId, UploadId};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::score::Score;
use crate::model::snapshot::build::movement;
use crate::model::snapshot::{SnapshotContent, SnapshotType};
use crate::model::time::Timestamp;

/// A scoring configuration and the names that lead to its definitions.
pub(super) struct Rules {
    pub(super) scoring: ScoringConfig,
    pub(super) dictionary: KpiDictionary,
}

/// A cooldown's stamp, as the snapshots tell it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) change: i64,
    pub(super) recorded_at: Timestamp,
    /// Whether the clock may have stood earlier: the change was recorded under the instant of the one before.
    pub(super) may_be_earlier: bool,
}

/// An account's snapshots until now.
#[derive(Default)]
struct History {
    last: Option<LastSnapshot>,
    content: Option<StoredContent>,
    line: Line,
    stamps: BTreeMap<i64, Stamp>,
    /// Under which rules the last one was compared; with the same, and no news, the next one need not be.
    compared_by: Option<i64>,
}

struct LastSnapshot {
    id: i64,
    taken_at: Timestamp,
    sequence: i64,
    content_id: i64,
    content: SnapshotContent,
    run_start: i64,
}

/// All snapshots until now.
pub(super) struct Snapshots {
    pub(super) rules: FxHashMap<i64, Rules>,
    histories: FxHashMap<i64, History>,
    retracted: Retracted,
    are_rows_removed: bool,
    pub(super) checked: u64,
}

impl Snapshots {
    pub(super) fn new(retracted: Retracted, are_rows_removed: bool) -> Self {
        Self {
            rules: FxHashMap::default(),
            histories: FxHashMap::default(),
            retracted,
            are_rows_removed,
            checked: 0,
        }
    }

    /// The stamps of cooldowns that the snapshots should have left: account, type, stamp.
    pub(super) fn stamps(&self) -> BTreeMap<(i64, i64), Stamp> {
        let all = self.histories.iter().flat_map(|(account, history)| {
            history.stamps.iter().map(|(snapshot_type, stamp)| ((*account, *snapshot_type), *stamp))
        });
        all.collect()
    }

    /// Takes in a scoring configuration.
    pub(super) fn take_rules(&mut self, row: &LedgerRow, findings: &mut Findings) {
        let of_row = |what: String| {
            let customer = CustomerId::new(row.int("customer_id").unwrap_or(0));
            Finding::new(FindingKind::Row, what).at(row.shape().name, Some(row.id())).of_customer(customer)
        };
        let content = row.text("content").unwrap_or_default();
        let hash = sha256_hex(content.as_bytes());
        if row.text("hash") != Some(&hash) {
            let found = row.text("hash").unwrap_or_default();
            findings.add(of_row("its hash is not that of its content".to_owned()).differs(&hash, found));
        }
        match ScoringConfig::from_json(content) {
            Ok(scoring) => {
                let dictionary = KpiDictionary::new(scoring.definitions.clone(), &scoring.aliases);
                self.rules.insert(row.id(), Rules { scoring, dictionary });
            }
            Err(error) => findings.add(of_row(format!("the scoring configuration cannot be read ({error})"))),
        }
    }

    /// Checks the snapshots of a change against the facts, which know the change already.
    pub(super) fn check_change(
        &mut self,
        change: &Change,
        before: Option<&Last>,
        rows: &[LedgerRow],
        facts: &mut Facts,
        findings: &mut Findings,
    ) {
        self.retracted.take(rows);
        let mut scorers: FxHashMap<i64, Scorer<'_>> = FxHashMap::default();
        for row in rows {
            let Some(account) = row.account() else { continue };
            let history = self.histories.entry(account).or_default();
            if row.shape().name == "snapshot_contents" {
                match StoredContent::from_row(row) {
                    Some(content) => history.content = Some(content),
                    None => findings.add(
                        Finding::new(FindingKind::Row, "the content cannot be read")
                            .at(row.shape().name, Some(row.id()))
                            .of_account(AccountId::new(account)),
                    ),
                }
                history.compared_by = None;
                continue;
            }
            if row.shape().name != "snapshots" {
                continue;
            }
            self.checked += 1;
            let told = |finding: Finding| {
                let finding = finding.of_customer(CustomerId::new(change.customer)).in_snapshot(row.id());
                let finding =
                    if finding.table.is_none() { finding.at("snapshots", Some(row.id())) } else { finding };
                match account_of(row) {
                    Some(account) => finding.of_account(account),
                    None => finding,
                }
            };
            let wrong = |what: &str| told(Finding::new(FindingKind::Snapshot, what));
            let Some(of_account) = facts.accounts.get_mut(&account) else {
                findings.add(wrong("is of an account that does not exist"));
                continue;
            };
            if of_account.customer != change.customer {
                findings.add(wrong("was written by another customer than the account's"));
            }
            let config = row.int("scoring_config_id").unwrap_or(0);
            let Some(rules) = self.rules.get(&config) else {
                findings.add(wrong("names a scoring configuration that does not exist"));
                continue;
            };
            let Some(customer) = facts.customers.get(&of_account.customer) else { continue };
            let scorer = scorers
                .entry(config)
                .or_insert_with(|| Scorer::new(&rules.scoring, &rules.dictionary, &customer.series));
            if history.compared_by != Some(config) || of_account.has_news {
                if let Some(content) = &history.content {
                    let of_content =
                        content.compare(of_account, scorer, &customer.series, change.recorded_at);
                    of_content.into_iter().for_each(|finding| findings.add(told(finding)));
                }
                (history.compared_by, of_account.has_news) = (Some(config), false);
            }
            let retracted = &self.retracted;
            let header = Header { row, change, before, of_account, scoring: &rules.scoring, retracted };
            let of_header = history.take(&header, self.are_rows_removed);
            of_header.into_iter().for_each(|finding| findings.add(told(finding)));
        }
    }
}

/// What a snapshot's header is checked against.
struct Header<'c> {
    row: &'c LedgerRow,
    change: &'c Change,
    before: Option<&'c Last>,
    of_account: &'c AccountFacts,
    scoring: &'c ScoringConfig,
    retracted: &'c Retracted,
}

impl Header<'_> {
    /// Whether earlier snapshots than the last one are needed, because snapshots of the account are ever retracted.
    fn keeps_contents(&self) -> bool {
        self.row.account().is_some_and(|account| self.retracted.concerns(account))
    }
}

impl History {
    /// Takes a snapshot in; says what is wrong with its header.
    fn take(&mut self, header: &Header<'_>, are_rows_removed: bool) -> Vec<Finding> {
        let Header { row, change, .. } = *header;
        let snapshot_type = row.int("snapshot_type").unwrap_or(0);
        let Some(content) = &self.content else {
            return vec![Finding::new(FindingKind::Snapshot, "has no content")];
        };
        let (content_id, content) = (content.id, content.content.clone());
        let sequence = row.int("sequence").unwrap_or(0);
        let before = self.last.as_ref().map_or(0, |last| last.sequence);
        let follows_a_gap = are_rows_removed && sequence > before.saturating_add(1);
        let mut found = Vec::new();
        if !follows_a_gap {
            found.extend(self.check_chain(row, content_id));
            found.extend(self.check_movement(header, &content));
        }
        found.extend(check_parts(header));
        if snapshot_type != SnapshotType::Manual.number() {
            let may_be_earlier = header.before.is_some_and(|before| before.recorded_at == change.recorded_at);
            let stamp = Stamp { change: change.id, recorded_at: change.recorded_at, may_be_earlier };
            self.stamps.insert(snapshot_type, stamp);
        }
        self.line.push((row.id(), sequence), change.recorded_at, &content, header.keeps_contents());
        let same = self.last.as_ref().filter(|last| last.content_id == content_id && !follows_a_gap);
        // The run may have begun with one that is gone.
        let begun = if follows_a_gap { row.int("run_start_id") } else { None };
        let run_start = begun.or(same.map(|last| last.run_start)).unwrap_or(row.id());
        self.last = Some(LastSnapshot {
            id: row.id(),
            taken_at: change.recorded_at,
            sequence,
            content_id,
            content,
            run_start,
        });
        found
    }

    fn check_chain(&self, row: &LedgerRow, content_id: i64) -> Vec<Finding> {
        let last = self.last.as_ref();
        let same = last.filter(|last| last.content_id == content_id);
        let fields = [
            ("content_id", Some(content_id)),
            ("previous_id", last.map(|last| last.id)),
            ("sequence", Some(last.map_or(1, |last| last.sequence.saturating_add(1)))),
            ("run_start_id", same.map(|last| last.run_start)),
        ];
        differing(row, FindingKind::Link, &fields)
    }

    fn check_movement(&self, header: &Header<'_>, content: &SnapshotContent) -> Vec<Finding> {
        let now = header.change.recorded_at;
        let previous = match header.keeps_contents() {
            false => self.last.as_ref().map(|last| (last.taken_at, &last.content)),
            true => match self.line.last(header.retracted) {
                Ok(standing) => standing,
                Err(Gone) => return Vec::new(),
            },
        };
        let window_score = self.line.window_score(header.scoring.trend.window, now, header.retracted);
        let moved = movement(now, content, previous, window_score.unwrap_or_default(), header.scoring);
        let hundredths = |score: Option<Score>| score.map(|score| i64::from(score.hundredths()));
        let fields = [
            ("days_since_last", moved.days_since_last),
            ("significant", Some(i64::from(moved.is_significant))),
            ("trend", moved.trend.map(Trend::number)),
            ("score_change", hundredths(moved.score_change)),
            ("score_change_window", hundredths(moved.score_change_window)),
            ("revenue_change", moved.revenue_change),
        ];
        // What was measured against a snapshot that is gone cannot be measured again.
        let of_window = ["trend", "score_change_window"];
        let fields = fields.iter().filter(|(name, _)| window_score.is_ok() || !of_window.contains(name));
        differing(header.row, FindingKind::Snapshot, &fields.copied().collect::<Vec<_>>())
    }
}

/// Where the parts of the account came from, and what was completed lately.
fn check_parts(header: &Header<'_>) -> Vec<Finding> {
    let uploads = header.of_account.uploads;
    let completed = header.of_account.completed_in_window(header.change.recorded_at);
    let upload = |upload: Option<UploadId>| upload.map(UploadId::get);
    let fields = [
        ("kpis_upload_id", upload(uploads.kpis)),
        ("profile_upload_id", upload(uploads.profile)),
        ("health_upload_id", upload(uploads.health)),
        ("playbooks_upload_id", upload(uploads.playbooks)),
        ("notes_upload_id", upload(uploads.notes)),
        ("completed_in_window", completed.map(i64::from)),
    ];
    differing(header.row, FindingKind::Snapshot, &fields)
}

/// The columns that hold another number than they should.
fn differing(row: &LedgerRow, kind: FindingKind, fields: &[(&str, Option<i64>)]) -> Vec<Finding> {
    let said = |number: Option<i64>| number.map_or("nothing".to_owned(), |number| number.to_string());
    let wrong = fields.iter().filter(|(column, expected)| row.int(column) != *expected);
    let told = wrong.map(|(column, expected)| {
        Finding::new(kind, format!("its {column} is not what the history gives"))
            .differs(&said(*expected), &said(row.int(column)))
    });
    told.collect()
}
