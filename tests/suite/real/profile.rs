//! What CRMs export of accounts, contacts and deals.

use super::case::{Case, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("real/profile", [crm(), others()].concat())
}

fn crm() -> Vec<Case> {
    vec![
        reads("hubspot_company_data.csv", "profiles")
            .rows(24)
            .rejected(0)
            .accounts(24)
            .attribute("2182162682", "property_hs_all-funky-a9384-syntax", "23")
            .attribute("2182162682", "company_revenue", "10000000"),
        reads("hubspot_contact_data.csv", "profiles").rows(22).rejected(0).attribute(
            "78971951",
            "property_firstname",
            "db320f93ead463e1a2faee198cd9a122",
        ),
        reads("hubspot_deal_data.csv", "profiles").refused("--account"),
        reads("hubspot_deal_data.csv", "profiles --map deal_id=account")
            .rows(44)
            .rejected(0)
            .accounts(44)
            .attribute("1244495215", "portal_id", "4727653"),
        reads("salesforce_ebikes_Accounts.json", "profiles").rows(3).rejected(0).attribute(
            "Wheelworks",
            "BillingPostalCode",
            "02478",
        ),
        reads("sfdc_accountsForInsert.csv", "profiles")
            .rows(4)
            .rejected(0)
            .attribute("Company A", "NumEmp", "25")
            .with_attribute("RichText", 4),
        reads("sfdc_acctsWithBinaryDataInRTF.csv", "profiles")
            .rows(1)
            .rejected(0)
            .with_attribute("RICHTEXT__c", 1),
        reads("sfdc_insertAccountCsv.csv", "profiles")
            .rows(100)
            .rejected(0)
            .accounts(100)
            .attribute("ACCT_1", "ORACLE_ID__C", "1-00001")
            .attribute("ACCT_1", "company_revenue", "1000"),
        reads("sfdc_upsertAccountCsvTemplate.csv", "profiles")
            .rows(100)
            .rejected(0)
            .accounts(100)
            .attribute("ACCT_0", "ORACLE_ID__C", "1-000000")
            .attribute("ACCT_1", "ORACLE_ID__C", "1-000001"),
    ]
}

fn others() -> Vec<Case> {
    let usage = "SELECT count(*) FROM v_health_scores WHERE product_usage_score = 72";
    let sentiment = "SELECT count(*) FROM v_health_scores WHERE account_name = 'Acme Corp' \
                     AND customer_sentiment_score IS NULL";
    vec![
        reads("cs_sample_accounts.json", "profiles")
            .rows(6)
            .rejected(0)
            .accounts(6)
            .field("ACME", "renewal_date", "2026-11-01")
            .field("BETA", "revenue", "620000.0")
            .attribute("ACME", "floors", "[\"auto_renew_off\",\"optout_no_convo\"]")
            .attributes("calendar.accepted_by", "UNKNOWN", 0),
        reads(
            "cs_sample_accounts.json",
            "health --period 2026-10 --map families.usage=product_usage_score \
             --map families.support=support_score --map families.sentiment=customer_sentiment_score",
        )
        .after("real/profile/cs_sample_accounts.json", "profiles")
        .rows(6)
        .rejected(0)
        .number("usage of Acme Corp kept", usage, 1.0)
        .number("no sentiment of Acme Corp", sentiment, 1.0),
        reads("uk-500_cr_newlines.csv", "profiles").refused("duplicate_row"),
        reads("uk-500_cr_newlines.csv", "profiles --on-error skip").rows(500).rejected(4).attribute(
            "Alan D Rosenburg Cpa Pc",
            "phone1",
            "01835-703597",
        ),
    ]
}
