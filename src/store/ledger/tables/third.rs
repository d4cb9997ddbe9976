//! The tables of the ledger that came with version 3.

use super::Shape;

pub(super) const SCHEDULE_RUNS: Shape = Shape {
    name: "schedule_runs",
    tag: 23,
    columns: &[
        "id",
        "customer_id",
        "change_id",
        "previous_id",
        "evaluated_at",
        "due",
        "created",
        "failed",
        "flushed",
        "rules_hash",
        "evaluated_text",
        "failed_accounts",
    ],
    keyed_by: None,
};

pub(super) const SLOTS: Shape = Shape {
    name: "slots",
    tag: 24,
    columns: &[
        "id",
        "account_id",
        "change_id",
        "label",
        "cadence",
        "due_at",
        "snapshot_id",
        "rule",
        "due_text",
        "gap_from",
        "gap_to",
        "gap_count",
    ],
    keyed_by: Some(1),
};
