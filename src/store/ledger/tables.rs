//! The tables of the ledger: their columns in order, and what keys their hashes.

mod fourth;
mod second;
mod third;

use std::ops::Range;
use std::sync::LazyLock;

/// The append-only tables, in the order in which they enter a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the commands that write the newest tables come one by one")
)]
pub(in crate::store) enum Table {
    Customers,
    CustomerNames,
    Accounts,
    AccountNames,
    KpiDefinitions,
    ScoringConfigs,
    KpiSeries,
    Uploads,
    Sightings,
    Weightings,
    KpiChanges,
    Events,
    Decisions,
    SnapshotContents,
    Snapshots,
    Profiles,
    HealthScores,
    PlaybookRuns,
    Notes,
    Confirmations,
    AccountArchivings,
    KpiSeriesWords,
    ScheduleRuns,
    Slots,
    Tags,
    Pins,
    RetentionRuns,
    Tombstones,
    RemovedRows,
    UploadUndoings,
    Retractions,
}

/// A table's name, tag, columns in order, and the place of the account whose salt keys its hashes.
pub(in crate::store) struct Shape {
    pub(in crate::store) name: &'static str,
    pub(in crate::store) tag: u8,
    pub(in crate::store) columns: &'static [&'static str],
    pub(in crate::store) keyed_by: Option<usize>,
}

pub(in crate::store) const SHAPES: [Shape; 31] = [
    Shape { name: "customers", tag: 1, columns: &["id", "change_id", "salt"], keyed_by: None },
    Shape {
        name: "customer_names",
        tag: 2,
        columns: &["id", "customer_id", "change_id", "name", "name_key", "salt"],
        keyed_by: None,
    },
    Shape { name: "accounts", tag: 3, columns: &["id", "customer_id", "change_id", "salt"], keyed_by: None },
    Shape {
        name: "account_names",
        tag: 4,
        columns: &["id", "account_id", "customer_id", "change_id", "kind", "name", "name_key", "salt"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_definitions",
        tag: 5,
        columns: &["id", "customer_id", "change_id", "kpi_key", "content"],
        keyed_by: None,
    },
    Shape {
        name: "scoring_configs",
        tag: 6,
        columns: &["id", "customer_id", "change_id", "hash", "content"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_series",
        tag: 7,
        columns: &[
            "id",
            "customer_id",
            "change_id",
            "kpi",
            "kpi_key",
            "product",
            "product_key",
            "unit",
            "category",
        ],
        keyed_by: None,
    },
    Shape {
        name: "uploads",
        tag: 8,
        columns: &[
            "id",
            "customer_id",
            "change_id",
            "previous_id",
            "kind",
            "file_name",
            "sha256",
            "bytes",
            "reading",
            "ingested_on",
            "rows_read",
            "rows_inserted",
            "rows_updated",
            "rows_unchanged",
            "rows_rejected",
            "accounts_touched",
            "accounts_created",
            "rows_from",
            "rows_to",
            "salt",
        ],
        keyed_by: None,
    },
    Shape {
        name: "sightings",
        tag: 9,
        columns: &["id", "upload_id", "change_id", "file_name", "salt"],
        keyed_by: None,
    },
    Shape {
        name: "weightings",
        tag: 10,
        columns: &["id", "customer_id", "change_id", "text_hash", "content"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_changes",
        tag: 11,
        columns: &[
            "id",
            "account_id",
            "upload_id",
            "change_id",
            "previous_id",
            "observed_on",
            "dated",
            "named",
            "changed",
            "weighting_id",
            "retold",
        ],
        keyed_by: Some(1),
    },
    Shape {
        name: "events",
        tag: 12,
        columns: &[
            "id",
            "customer_id",
            "account_id",
            "change_id",
            "previous_id",
            "event_type",
            "upload_id",
            "outcome",
            "snapshot_id",
            "due_at",
            "action",
            "error",
        ],
        keyed_by: Some(2),
    },
    Shape {
        name: "decisions",
        tag: 13,
        columns: &[
            "id",
            "event_id",
            "customer_id",
            "account_id",
            "change_id",
            "outcome",
            "snapshot_id",
            "due_at",
            "error",
        ],
        keyed_by: Some(3),
    },
    Shape {
        name: "snapshot_contents",
        tag: 14,
        columns: &[
            "id",
            "account_id",
            "change_id",
            "version",
            "hash",
            "overall_score",
            "overall_band",
            "score_source",
            "product_usage",
            "support",
            "customer_sentiment",
            "business_outcomes",
            "relationship_strength",
            "account_level_kpis",
            "product_level_kpis",
            "critical_kpis",
            "at_risk_kpis",
            "healthy_kpis",
            "top_critical",
            "kpis_change_id",
            "kpi_change_row",
            "revenue_minor",
            "profile_id",
            "health_id",
            "playbooks",
            "notes",
            "currency",
            "revenue_scale",
        ],
        keyed_by: Some(1),
    },
    Shape {
        name: "snapshots",
        tag: 15,
        columns: &[
            "id",
            "account_id",
            "change_id",
            "content_id",
            "previous_id",
            "sequence",
            "snapshot_type",
            "trigger_event",
            "event_id",
            "run_start_id",
            "days_since_last",
            "significant",
            "trend",
            "score_change",
            "score_change_window",
            "revenue_change",
            "scoring_config_id",
            "kpis_upload_id",
            "trigger_action",
            "reason",
            "created_by",
            "salt",
            "recommendations",
            "completed_in_window",
            "profile_upload_id",
            "health_upload_id",
            "playbooks_upload_id",
            "notes_upload_id",
        ],
        keyed_by: Some(1),
    },
    second::PROFILES,
    second::HEALTH_SCORES,
    second::PLAYBOOK_RUNS,
    second::NOTES,
    second::CONFIRMATIONS,
    second::ACCOUNT_ARCHIVINGS,
    second::KPI_SERIES_WORDS,
    third::SCHEDULE_RUNS,
    third::SLOTS,
    fourth::TAGS,
    fourth::PINS,
    fourth::RETENTION_RUNS,
    fourth::TOMBSTONES,
    fourth::REMOVED_ROWS,
    fourth::UPLOAD_UNDOINGS,
    fourth::RETRACTIONS,
];

/// Which of the tables came with each version.
pub(in crate::store) const TABLES_OF_VERSION: [Range<usize>; 4] = [0..15, 15..22, 22..24, 24..31];

fn insert_sql(shape: &Shape) -> String {
    let places: Vec<String> = (1..=shape.columns.len()).map(|place| format!("?{place}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", shape.name, shape.columns.join(", "), places.join(", "))
}

impl Table {
    /// Every table of the ledger, in digest order.
    #[cfg(test)]
    pub(in crate::store) const ALL: [Self; 31] = [
        Self::Customers,
        Self::CustomerNames,
        Self::Accounts,
        Self::AccountNames,
        Self::KpiDefinitions,
        Self::ScoringConfigs,
        Self::KpiSeries,
        Self::Uploads,
        Self::Sightings,
        Self::Weightings,
        Self::KpiChanges,
        Self::Events,
        Self::Decisions,
        Self::SnapshotContents,
        Self::Snapshots,
        Self::Profiles,
        Self::HealthScores,
        Self::PlaybookRuns,
        Self::Notes,
        Self::Confirmations,
        Self::AccountArchivings,
        Self::KpiSeriesWords,
        Self::ScheduleRuns,
        Self::Slots,
        Self::Tags,
        Self::Pins,
        Self::RetentionRuns,
        Self::Tombstones,
        Self::RemovedRows,
        Self::UploadUndoings,
        Self::Retractions,
    ];

    pub(in crate::store) fn shape(self) -> &'static Shape {
        &SHAPES[self as usize]
    }

    /// The statement that appends a row; the text is made from our own table alone, once.
    pub(in crate::store) fn insert_sql(self) -> &'static str {
        static STATEMENTS: LazyLock<Vec<String>> = LazyLock::new(|| SHAPES.iter().map(insert_sql).collect());
        STATEMENTS.get(self as usize).map_or("", String::as_str)
    }
}
