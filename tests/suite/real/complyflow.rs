//! A made-up firm's accounts, subscriptions, scores and experiments, one file each, joined by ids.

use super::case::{Case, in_folder, reads};

const ACCOUNTS: (&str, &str) = ("real/complyflow/accounts.csv", "profiles --no-events");

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    let known = |file, words| reads(file, words).after(ACCOUNTS.0, ACCOUNTS.1);
    in_folder(
        "real/complyflow",
        vec![
            reads("accounts.csv", "profiles")
                .rows(1800)
                .rejected(0)
                .accounts(1800)
                .field("ACC-00001", "account_name", "Ashley, Nielsen and Sellers")
                .field("ACC-00001", "revenue", "41341.92")
                .number("sum of ARR", "SELECT round(sum(revenue), 2) FROM v_latest", 109_125_950.73)
                .number("names", "SELECT count(DISTINCT account_name) FROM v_accounts", 1729.0),
            known("customer_health_scores.csv", "health --no-events")
                .rows(787)
                .rejected(0)
                .number("with scores", "SELECT count(DISTINCT account_id) FROM v_health_scores", 615.0)
                .number("lowest", "SELECT count(*) FROM v_health_scores WHERE overall_health_score = 0", 0.0),
            known("customer_health_scores.csv", "kpis --no-events --map sub_id=product")
                .rejected(0)
                .accounts(615)
                .values_of("health_score", 787)
                .sum_of("health_score", 50_482.0),
            known("retention_experiments.csv", "playbooks").refused("state"),
            known("retention_experiments.csv", "kpis --map experiment_id=product --map assigned_date=date")
                .rejected(0)
                .accounts(312)
                .values_of("pre_experiment_mrr", 345),
            known("subscriptions.csv", "kpis --no-events").refused("--duplicates"),
            known("subscriptions.csv", "kpis --no-events --map sub_id=product --map start_date=date")
                .rejected(0)
                .accounts(615)
                .values_of("mrr", 787)
                .sum_of("mrr", 145_630.31),
            known(
                "revenue_events.csv",
                "kpis --no-events --map event_id=product --map type=kpi --map amount=value",
            )
            .rows(964)
            .rejected(0)
            .accounts(615)
            .number("sum", "SELECT round(sum(value), 2) FROM v_kpi_history", 135_603.09)
            .number("lowest", "SELECT min(value) FROM v_kpi_history", -639.33),
        ],
    )
}
