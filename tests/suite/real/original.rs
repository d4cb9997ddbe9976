//! The sheets of a customer-success platform's own workbooks.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("original", [companies(), tabs(), profiles(), reference()].concat())
}

fn companies() -> Vec<Case> {
    vec![
        reads("company_kpis_all.csv", "kpis").refused("275"),
        reads("company_kpis_all.csv", "kpis --on-error skip").rows(1475).rejected(275).accounts(25),
        reads("company_summary.csv", "profiles").refused("--map"),
        reads("company_summary.csv", "profiles --map revenue=company_revenue")
            .rows(25)
            .rejected(0)
            .accounts(25)
            .field("Transportation Logistics", "industry", "Transportation")
            .attribute("Transportation Logistics", "company_revenue", "$5,500,000")
            .field("Aerospace Technologies", "revenue", "2800000.0"),
        reads("corporate_companies__companies_list.csv", "profiles --map 'Revenue ($)=company_revenue'")
            .rows(25)
            .rejected(0)
            .accounts(25)
            .field("TechCorp Solutions", "revenue", "500000.0")
            .field("25", "account_name", "Data Analytics Corp"),
        reads("seed_marketplace_customers.csv", "profiles").refused("line 8 "),
        reads("seed_marketplace_customers.csv", "profiles --on-error skip")
            .rows(21)
            .rejected(1)
            .accounts(20)
            .field("MKTC-2022", "account_name", "Weekend Warriors")
            .field("MKTC-2022", "revenue", "23479.31"),
    ]
}

/// One category's KPIs of one account; where the values fit their KPIs' units is counted by hand.
fn tabs() -> Vec<Case> {
    let techcorp = |file, rows, rejected| {
        reads(file, "kpis -a TechCorp --on-error skip").rows(rows).rejected(rejected).accounts(1)
    };
    let template = |file, rows| {
        let case = reads(file, "kpis -a TechCorp").rows(rows).rejected(0).accounts(1);
        case.never_account("Total")
    };
    vec![
        techcorp("techcorp__business_outcomes_kpi.csv", 19, 3)
            .value("TechCorp", "Cost Savings", 97_000.0)
            .value("TechCorp", "Revenue Growth", 22.0),
        techcorp("techcorp__customer_sentiment_kpi.csv", 5, 1),
        techcorp("techcorp__product_usage_kpi.csv", 14, 1),
        techcorp("techcorp__relationship_strength_kpi.csv", 10, 4),
        techcorp("techcorp__support_kpi.csv", 11, 2).value("TechCorp", "First Response Time", 4.0),
        template("maturity__business_outcomes_kpi.csv", 19),
        template("maturity__customer_sentiment_kpi.csv", 5),
        template("maturity__product_usage_kpi.csv", 14).value("TechCorp", "Product Activation Rate", 9.0),
        template("maturity__relationship_strength_kpi.csv", 10),
        template("maturity__support_kpi.csv", 11),
    ]
}

fn profiles() -> Vec<Case> {
    let read = |file| reads(file, "profiles").rows(36).rejected(0).accounts(36);
    let sheets = |profile, champion, engagement| {
        vec![
            read(profile)
                .field("56", "account_name", "TechMasters Group")
                .field("11", "assigned_csm", "Emma Schmidt")
                .field("11", "region", "Europe"),
            read(champion).field("11", "primary_champion", "John Rodriguez"),
            read(engagement)
                .field("11", "last_qbr_date", "2025-09-15")
                .field("11", "lifecycle_stage", "Growth")
                .attribute("11", "License Utilization %", "70.7"),
        ]
    };
    [
        sheets(
            "profile__customer_profile_input.csv",
            "profile__champion_stakeholder_input.csv",
            "profile__engagement_tracking_input.csv",
        ),
        sheets(
            "profile_seeded__customer_profile_input.csv",
            "profile_seeded__champion_stakeholder_input.csv",
            "profile_seeded__engagement_tracking_input.csv",
        ),
    ]
    .concat()
}

/// Sheets that explain, sum up or list what is valid: no account's data.
fn reference() -> Vec<Case> {
    vec![
        asks_for_account("corporate_companies__instructions.csv"),
        asks_for_account("corporate_companies__summary.csv"),
        asks_for_account("maturity__health_score_components.csv"),
        asks_for_account("maturity__overall_health_score.csv"),
        asks_for_account("product_dimension__product_dimension_kpi_analysis.csv"),
        reads(
            "product_dimension__product_dimension_kpi_analysis.csv",
            "kpis -a 'Product A' --map 'Example: Product A Value=value' --on-error skip",
        )
        .accounts(1)
        .value("Product A", "Feature Adoption Rate", 95.0)
        .no_value("Product A", "Knowledge Base Usage"),
        asks_for_account("product_dimension__summary.csv"),
        reads("profile__reference_data.csv", "profiles").refused("--account"),
        reads("profile_seeded__reference_data.csv", "profiles").refused("--account"),
        asks_for_account("sample_industry_benchmarks.csv"),
        reads("techcorp__rollup.csv", "profiles")
            .either(|case| case.refused("--layout|--account"), |case| case.rows(1).rejected(0).accounts(1)),
        reads("techcorp__summary.csv", "profiles")
            .either(|case| case.refused("--layout|--account"), |case| case.rows(1).rejected(0).accounts(1)),
    ]
}
