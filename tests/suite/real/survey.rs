//! Exports of a survey tool: names, labels and import ids in three header rows.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    let answer = "SELECT count(*) FROM v_kpi_current WHERE value = 2 AND (kpi LIKE 'Q1%' OR kpi LIKE '%multiple choice%')";
    let no_label = "SELECT count(*) FROM v_kpi_history WHERE value IS NULL";
    in_folder(
        "real/survey",
        vec![
            asks_for_account("sample.csv"),
            reads("sample.csv", "kpis -a ACME --map StartDate= --map EndDate= --map RecordedDate=date")
                .rejected(0)
                .accounts(1)
                .number("Q1 is 2", answer, 1.0)
                .number("labels taken for values", no_label, 0.0),
            asks_for_account("sample_legacy.csv"),
            reads("sample_legacy.csv", "kpis -a ACME")
                .rejected(0)
                .accounts(1)
                .number("Q1 is 2", answer, 1.0)
                .number("labels taken for values", no_label, 0.0),
        ],
    )
}
