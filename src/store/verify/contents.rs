//! A snapshot's content, once as it is stored and once as the facts of its moment give it.

use super::account::AccountFacts;
use super::cells::LedgerRow;
use super::finding::{Finding, FindingKind};
use crate::model::canonical::hex;
use crate::model::health::scorer::{KpiCounts, Scorer};
use crate::model::ids::{ChangeId, HealthRowId, KpiChangeId, ProfileId, SeriesId};
use crate::model::kpi::Band;
use crate::model::kpi::series::SeriesSet;
use crate::model::score::Score;
use crate::model::snapshot::content::{ScoreSource, TopKpi};
use crate::model::snapshot::{SNAPSHOT_VERSION, SnapshotContent};
use crate::model::time::Timestamp;

/// A content as it is stored.
#[derive(Debug, Clone)]
pub(super) struct StoredContent {
    pub(super) id: i64,
    pub(super) content: SnapshotContent,
    hash: Vec<u8>,
    version: Option<i64>,
}

impl StoredContent {
    /// Reads a row; None where it is no content of ours.
    pub(super) fn from_row(row: &LedgerRow) -> Option<Self> {
        let score = |column: &str| -> Option<Score> {
            row.int(column).and_then(|hundredths| i32::try_from(hundredths).ok()).map(Score::from_hundredths)
        };
        let count = |column: &str| row.int(column).and_then(|count| u32::try_from(count).ok());
        let top: Vec<i64> = serde_json::from_str(row.text("top_critical")?).ok()?;
        let content = SnapshotContent {
            overall: score("overall_score"),
            band: row.int("overall_band").and_then(Band::from_number),
            source: row.int("score_source").and_then(ScoreSource::from_number),
            categories: [
                score("product_usage"),
                score("support"),
                score("customer_sentiment"),
                score("business_outcomes"),
                score("relationship_strength"),
            ],
            counts: KpiCounts {
                account_level: count("account_level_kpis")?,
                product_level: count("product_level_kpis")?,
                critical: count("critical_kpis")?,
                at_risk: count("at_risk_kpis")?,
                healthy: count("healthy_kpis")?,
            },
            top_critical: top.into_iter().map(SeriesId::new).collect(),
            kpis_change: row.int("kpis_change_id").map(ChangeId::new),
            kpi_row: row.int("kpi_change_row").map(KpiChangeId::new),
            revenue_minor: row.int("revenue_minor"),
            currency: row.text("currency").map(ToOwned::to_owned),
            profile: row.int("profile_id").map(ProfileId::new),
            health: row.int("health_id").map(HealthRowId::new),
            playbooks: row.text("playbooks").map(serde_json::from_str).transpose().ok()?,
            notes: row.text("notes").map(serde_json::from_str).transpose().ok()?,
        };
        let hash = row.blob("hash")?.to_vec();
        Some(Self { id: row.id(), content, hash, version: row.int("version") })
    }

    /// What in it differs from what the facts of the moment give, and the hash that it should have where it has another.
    pub(super) fn compare(
        &self,
        account: &AccountFacts,
        scorer: &Scorer<'_>,
        series: &SeriesSet,
        now: Timestamp,
    ) -> (Vec<Finding>, Option<[u8; 32]>) {
        let (_, summary) = scorer.score(&account.kpis);
        let parts = account.parts(now);
        let kpis = (account.kpis_change, account.kpi_fact);
        let mut expected = SnapshotContent::new(&summary, kpis, &parts, scorer.config());
        self.lend_days(&mut expected);
        let top: Vec<TopKpi<'_>> =
            summary.top_critical.iter().filter_map(|kpi| TopKpi::new(kpi, series)).collect();
        let profile = parts.profile.as_ref().map(|(_, profile)| profile);
        let mut findings = Vec::new();
        if self.version != Some(SNAPSHOT_VERSION) {
            let found = self.version.map_or("none".to_owned(), |version| version.to_string());
            let finding = Finding::new(FindingKind::Snapshot, "its content has an unknown version");
            findings.push(finding.differs(&SNAPSHOT_VERSION, &found));
        }
        if self.content != expected {
            findings.extend(differences(&expected, &self.content, |content| content.state(&top, profile)));
            findings.extend(other_sources(&expected, &self.content));
        }
        let hash = self.content.hash(&top, profile, &mut Vec::with_capacity(2048));
        let is_other = hash[..] != self.hash[..];
        if is_other {
            let finding =
                Finding::new(FindingKind::ContentHash, "its content_hash is not that of its content");
            findings.push(finding.differs(&hex(&hash), &hex(&self.hash)));
        }
        (findings, is_other.then_some(hash))
    }

    /// Days in the customer's time zone, which no row keeps, are taken as they stand.
    fn lend_days(&self, expected: &mut SnapshotContent) {
        if let (Some(ours), Some(theirs)) = (&mut expected.playbooks, &self.content.playbooks) {
            ours.newest = theirs.newest;
        }
        if let (Some(ours), Some(theirs)) = (&mut expected.notes, &self.content.notes) {
            ours.newest = theirs.newest;
        }
    }
}

/// The fields, as they are shown, in which two contents differ.
fn differences(
    expected: &SnapshotContent,
    found: &SnapshotContent,
    shown: impl Fn(&SnapshotContent) -> serde_json::Map<String, serde_json::Value>,
) -> Vec<Finding> {
    let (expected, found) = (shown(expected), shown(found));
    let differing = expected.iter().filter_map(|(field, expected)| {
        let found = found.get(field)?;
        let what = format!("{field} is not what the facts of its moment give");
        (expected != found).then(|| Finding::new(FindingKind::Snapshot, what).differs(expected, found))
    });
    differing.collect()
}

/// The rows from which two contents say that they were made.
fn other_sources(expected: &SnapshotContent, found: &SnapshotContent) -> Vec<Finding> {
    let rows = |content: &SnapshotContent| {
        let top = content.top_critical.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let row = |id: Option<i64>| id.map_or("none".to_owned(), |id| id.to_string());
        [
            ("change of the KPIs", row(content.kpis_change.map(ChangeId::get))),
            ("KPI row", row(content.kpi_row.map(KpiChangeId::get))),
            ("profile row", row(content.profile.map(ProfileId::get))),
            ("health row", row(content.health.map(HealthRowId::get))),
            ("list of critical KPIs", top),
        ]
    };
    let pairs = rows(expected).into_iter().zip(rows(found));
    let differing = pairs.filter(|(expected, found)| expected != found);
    let told = differing.map(|((what, expected), (_, found))| {
        Finding::new(FindingKind::Snapshot, format!("its content names another {what}"))
            .differs(&expected, &found)
    });
    told.collect()
}
