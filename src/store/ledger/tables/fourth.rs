//! The tables of the ledger that came with version 4.

use super::Shape;

pub(super) const TAGS: Shape = Shape {
    name: "tags",
    tag: 25,
    columns: &["id", "account_id", "change_id", "snapshot_id", "name", "name_key"],
    keyed_by: Some(1),
};

pub(super) const PINS: Shape = Shape {
    name: "pins",
    tag: 26,
    columns: &["id", "account_id", "change_id", "snapshot_id", "pinned"],
    keyed_by: Some(1),
};

pub(super) const RETENTION_RUNS: Shape = Shape {
    name: "retention_runs",
    tag: 27,
    columns: &["id", "customer_id", "change_id", "kind", "undoes_id", "snapshots", "policy"],
    keyed_by: None,
};

pub(super) const TOMBSTONES: Shape = Shape {
    name: "tombstones",
    tag: 28,
    columns: &["id", "account_id", "change_id", "run_id", "snapshot_id", "hidden"],
    keyed_by: Some(1),
};

pub(super) const REMOVED_ROWS: Shape = Shape {
    name: "removed_rows",
    tag: 29,
    columns: &[
        "id",
        "customer_id",
        "change_id",
        "table_tag",
        "row_id",
        "row_change_id",
        "hash",
        "redacted_hash",
    ],
    keyed_by: None,
};

pub(super) const UPLOAD_UNDOINGS: Shape = Shape {
    name: "upload_undoings",
    tag: 30,
    columns: &["id", "customer_id", "change_id", "upload_id", "undone"],
    keyed_by: None,
};

pub(super) const RETRACTIONS: Shape = Shape {
    name: "retractions",
    tag: 31,
    columns: &["id", "account_id", "change_id", "snapshot_id", "upload_id"],
    keyed_by: Some(1),
};

pub(super) const ACCOUNT_MERGES: Shape = Shape {
    name: "account_merges",
    tag: 32,
    columns: &["id", "account_id", "change_id", "into_id"],
    keyed_by: Some(1),
};
