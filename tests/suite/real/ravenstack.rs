//! A made-up vendor's five tables with days first, a byte order mark and DOS line ends.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    let known = |file, words| {
        reads(file, words).after("real/ravenstack_dmy/ravenstack_accounts.csv", "profiles --no-events")
    };
    in_folder(
        "real/ravenstack_dmy",
        vec![
            reads("ravenstack_accounts.csv", "profiles")
                .rows(500)
                .rejected(0)
                .accounts(500)
                .field("A-2e4581", "account_name", "Company_0")
                .attribute("A-2e4581", "signup_date", "16-10-2024")
                .attributes("seats", "9", 22)
                .attributes("plan_tier", "Pro", 178),
            known("ravenstack_churn_events.csv", "playbooks").refused("state"),
            known(
                "ravenstack_churn_events.csv",
                "notes --map churn_event_id=note_id --map reason_code=title --map feedback_text=content \
                 --map churn_date=date --on-error skip",
            )
            .rows(600)
            .number(
                "of Company_0's neighbour on 27 October 2024",
                "SELECT count(*) FROM v_notes WHERE external_account_id = 'A-c37cab' \
                 AND note_id = 'C-816288' AND written_at LIKE '2024-10-27%'",
                1.0,
            ),
            asks_for_account("ravenstack_feature_usage.csv"),
            reads(
                "ravenstack_feature_usage.csv",
                "kpis --no-events --map subscription_id=account --map feature_name=kpi --map usage_count=value",
            )
            .refused("--duplicates"),
            reads(
                "ravenstack_feature_usage.csv",
                "kpis --no-events --map subscription_id=account --map feature_name=kpi --map usage_count=value \
                 --map usage_id=product",
            )
            .rows(25_000)
            .rejected(0)
            .accounts(4967)
            .number("sum", "SELECT sum(value) FROM v_kpi_history", 250_525.0),
            known("ravenstack_subscriptions.csv", "kpis --no-events").refused("--duplicates"),
            known(
                "ravenstack_subscriptions.csv",
                "kpis --no-events --map subscription_id=product --map start_date=date",
            )
            .rejected(0)
            .accounts(500)
            .values_of("mrr_amount", 5000)
            .sum_of("mrr_amount", 11_338_747.0)
            .number(
                "zeros",
                "SELECT count(*) FROM v_kpi_history WHERE kpi = 'mrr_amount' AND value = 0",
                778.0,
            ),
            known(
                "ravenstack_supports_ticket.csv",
                "kpis --no-events --map ticket_id=product --map submitted_at=date",
            )
            .rejected(0)
            .accounts(492)
            .values_of("satisfaction_score", 1175)
            .sum_of("satisfaction_score", 4678.0)
            .sum_of("resolution_time_hours", 71_722.0),
        ],
    )
}
