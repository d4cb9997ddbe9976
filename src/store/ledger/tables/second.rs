//! The tables of the ledger that came with version 2.

use super::Shape;

pub(super) const PROFILES: Shape = Shape {
    name: "profiles",
    tag: 16,
    columns: &[
        "id",
        "account_id",
        "upload_id",
        "change_id",
        "previous_id",
        "said",
        "content",
        "salt",
        "refolded",
    ],
    keyed_by: None,
};

pub(super) const HEALTH_SCORES: Shape = Shape {
    name: "health_scores",
    tag: 17,
    columns: &[
        "id",
        "account_id",
        "upload_id",
        "change_id",
        "previous_id",
        "replaces_id",
        "source",
        "month",
        "said",
        "overall",
        "product_usage",
        "support",
        "customer_sentiment",
        "business_outcomes",
        "relationship_strength",
        "observed_on",
        "is_late",
        "refolded",
    ],
    keyed_by: Some(1),
};

pub(super) const PLAYBOOK_RUNS: Shape = Shape {
    name: "playbook_runs",
    tag: 18,
    columns: &[
        "id",
        "account_id",
        "upload_id",
        "change_id",
        "previous_id",
        "replaces_id",
        "execution_id",
        "playbook_id",
        "status",
        "started_at",
        "completed_at",
        "current_step",
        "details",
        "said",
        "salt",
        "report",
        "started_text",
        "completed_text",
        "refolded",
        "completed_change_id",
    ],
    keyed_by: None,
};

pub(super) const NOTES: Shape = Shape {
    name: "notes",
    tag: 19,
    columns: &[
        "id",
        "account_id",
        "upload_id",
        "change_id",
        "previous_id",
        "replaces_id",
        "note_id",
        "written_at",
        "said",
        "salt",
        "note_type",
        "title",
        "content",
        "author",
        "written_text",
        "refolded",
    ],
    keyed_by: None,
};

pub(super) const CONFIRMATIONS: Shape = Shape {
    name: "confirmations",
    tag: 20,
    columns: &["id", "account_id", "upload_id", "change_id", "row_ids", "fields"],
    keyed_by: Some(1),
};

pub(super) const ACCOUNT_ARCHIVINGS: Shape = Shape {
    name: "account_archivings",
    tag: 21,
    columns: &["id", "account_id", "change_id", "archived", "reason"],
    keyed_by: Some(1),
};

pub(super) const KPI_SERIES_WORDS: Shape = Shape {
    name: "kpi_series_words",
    tag: 22,
    columns: &["id", "customer_id", "change_id", "series_id", "kpi", "unit", "category"],
    keyed_by: None,
};
