//! Profile files of real platforms and data sets: what an analyst would expect of each.
//!
//! They are not part of the project: where they are not there, these tests say so and pass.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, one that skips says so"
)]

use std::path::Path;

use acctsnap::Result;
use acctsnap::ingest::{Duplicates, KindFile, RowOptions, Source, find_duplicate_profiles, read_profiles};
use acctsnap::model::money::RevenueBasis;
use acctsnap::model::profile::ProfileField;
use acctsnap::model::profile::batch::{ProfileBatch, ProfileRow};
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};
use rust_decimal::Decimal;

type Maps<'a> = &'a [(&'a str, &'a str)];

/// Reads a file of the data sets from its line `header` on; None, and a word, where it is not there.
fn read(path: &str, header: usize, maps: Maps<'_>) -> Option<Result<KindFile<ProfileBatch>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let rest: Vec<&str> = text.split_inclusive('\n').skip(header - 1).collect();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = Source::spool(name, rest.concat().as_bytes()).unwrap();
    let missing = MISSING_TOKENS.map(str::to_owned);
    let values = ValueReader::new(&missing, "USD", DecimalMark::Point);
    let maps: Vec<_> = maps.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let file = read_profiles(
        &source,
        RowOptions {
            given_account: None,
            period: None,
            today: "2026-11-22".parse().unwrap(),
            zone: chrono_tz::UTC,
            values: &values,
            missing: &missing,
            currency: "USD",
            clear_token: None,
            column_aliases: &[],
            maps: &maps,
            on_progress: &mut |_| {},
        },
    );
    Some(file.map(|mut file| {
        find_duplicate_profiles(&mut file.batch, &mut file.rejections, Duplicates::Refuse);
        file
    }))
}

/// The file, of which every row is good; its rows and accounts are counted.
fn good(path: &str, header: usize, maps: Maps<'_>) -> Option<KindFile<ProfileBatch>> {
    let file = read(path, header, maps)?.unwrap();
    assert!(file.rejections.is_empty(), "{path}: {:?}", file.rejections.problems);
    assert_eq!(file.records_read, file.batch.rows.len() as u64, "{path}");
    Some(file)
}

fn revenue(rows: &[ProfileRow], basis: RevenueBasis) -> Decimal {
    let revenues = rows.iter().filter_map(|row| row.revenue.as_ref());
    revenues.filter(|revenue| revenue.basis == basis).map(|revenue| revenue.amount).sum()
}

fn has(row: &ProfileRow, field: ProfileField) -> bool {
    row.patch.fields.get(&field).is_some_and(Option::is_some)
}

#[test]
fn the_platforms_own_sheets_are_read_below_their_titles() {
    for folder in ["profile", "profile_seeded"] {
        let Some(file) = good(&format!("original/{folder}__customer_profile_input.csv"), 4, &[]) else {
            return;
        };
        assert!(!file.batch.rows.is_empty());
        for row in &file.batch.rows {
            assert_eq!(row.revenue.as_ref().map(|revenue| revenue.basis), Some(RevenueBasis::Arr));
            assert_eq!(row.patch.attributes.keys().collect::<Vec<_>>(), ["Strategic Account"]);
            assert_eq!(row.patch.fields.len(), 11, "{row:?}");
        }
        let Some(file) = good(&format!("original/{folder}__champion_stakeholder_input.csv"), 4, &[]) else {
            return;
        };
        let row = &file.batch.rows[0];
        assert!(
            has(row, ProfileField::PrimaryChampion) && has(row, ProfileField::ExecutiveSponsor),
            "{row:?}"
        );
        let Some(file) = good(&format!("original/{folder}__engagement_tracking_input.csv"), 4, &[]) else {
            return;
        };
        let row = &file.batch.rows[0];
        for field in [ProfileField::LastQbrDate, ProfileField::NextQbrDate, ProfileField::LifecycleStage] {
            assert!(has(row, field), "{field:?} {row:?}");
        }
        assert_eq!(row.patch.attributes["License Utilization %"], Some("70.7".into()));
    }
}

#[test]
fn a_seed_of_customers_says_what_they_pay_a_year() {
    let Some(file) = read("original/seed_marketplace_customers.csv", 1, &[]) else { return };
    let file = file.unwrap();
    // Line 8 has a comma too many.
    assert_eq!(
        (file.records_read, file.rejections.rows.len(), file.rejections.rows.get(0).expect("a row").line),
        (21, 1, 8)
    );
    let row = &file.batch.rows[0];
    assert_eq!(row.revenue.as_ref().unwrap().amount.to_string(), "23479.31");
    assert!(has(row, ProfileField::AssignedCsm) && has(row, ProfileField::AccountTier), "{row:?}");
    assert_eq!(file.batch.accounts[0].external_id.as_deref(), Some("MKTC-2022"));
}

#[test]
fn a_summary_with_two_revenues_needs_a_word() {
    let Some(refused) = read("original/company_summary.csv", 1, &[]) else { return };
    assert!(refused.unwrap_err().hint().unwrap().contains("--map 'revenue=company_revenue'"));
    let maps = [("revenue", "company_revenue")];
    let Some(file) = good("original/company_summary.csv", 1, &maps) else { return };
    assert_eq!(file.batch.rows[0].revenue.as_ref().unwrap().amount.to_string(), "2800000");
    assert_eq!(file.batch.rows[0].patch.attributes["company_revenue"], Some("$16,000,000".into()));
}

#[test]
fn exports_of_crms_are_read_by_their_own_headers() {
    let Some(file) = good("real/profile/hubspot_company_data.csv", 1, &[]) else { return };
    assert_eq!(file.batch.rows.len(), 24);
    assert_eq!(file.batch.accounts[0].external_id.as_deref(), Some("2182162682"));
    assert!(file.batch.rows.iter().all(|row| row.revenue.is_none()));
    let row = &file.batch.rows[0];
    assert_eq!(row.patch.attributes["company_revenue"], Some("10000000".into()));
    assert_eq!(row.patch.attributes["property_hs_all-funky-a9384-syntax"], Some("23".into()));
    for name in ["insertAccountCsv", "upsertAccountCsvTemplate"] {
        let Some(file) = good(&format!("real/profile/sfdc_{name}.csv"), 1, &[]) else { return };
        assert_eq!((file.batch.rows.len(), file.batch.accounts.len()), (100, 100));
        assert_eq!(file.batch.accounts[0].external_id.as_deref(), Some("ACCT_0"));
        assert_eq!(file.batch.rows[1].patch.attributes["company_revenue"], Some("1000".into()));
    }
    let Some(file) = good("real/profile/salesforce_ebikes_Accounts.json", 1, &[]) else { return };
    assert_eq!(file.batch.rows.len(), 3);
    assert_eq!(file.batch.rows[0].patch.attributes["BillingPostalCode"], Some("02478".into()));
}

#[test]
fn sample_accounts_of_a_skill_keep_what_is_nested() {
    let Some(file) = good("real/profile/cs_sample_accounts.json", 1, &[]) else { return };
    assert_eq!(file.batch.rows.len(), 6);
    let row = &file.batch.rows[0];
    assert_eq!(row.patch.attributes["calendar.acceptance_latency_days"], Some(9.into()));
    assert_eq!(
        row.patch.attributes["floors"],
        Some(serde_json::json!(["auto_renew_off", "optout_no_convo"]))
    );
    assert!(!row.patch.attributes.contains_key("families.sentiment"));
    assert!(!file.batch.rows[2].patch.attributes.contains_key("calendar.accepted_by"));
    assert!(has(row, ProfileField::RenewalDate));
}

#[test]
fn accounts_that_share_a_name_are_told_apart_by_their_ids() {
    let Some(file) = good("real/complyflow/accounts.csv", 1, &[]) else { return };
    assert_eq!((file.batch.rows.len(), file.batch.accounts.len()), (1800, 1800));
    assert!(revenue(&file.batch.rows, RevenueBasis::Arr) > Decimal::from(1_000_000));
    let Some(file) = good("real/ravenstack_dmy/ravenstack_accounts.csv", 1, &[]) else { return };
    assert_eq!(file.batch.rows.len(), 500);
    assert_eq!(file.batch.rows[0].patch.attributes["signup_date"], Some("16-10-2024".into()));
}

#[test]
fn rows_of_subscriptions_are_no_profiles() {
    let Some(file) = read("real/complyflow/subscriptions.csv", 1, &[]) else { return };
    let file = file.unwrap();
    assert_eq!(file.records_read, 787);
    assert!(file.rejections.problems.iter().all(|problem| problem.code == "duplicate_row"));
    assert!(!file.rejections.is_empty());
}

#[test]
fn line_ends_of_another_age_end_lines_and_namesakes_need_an_id() {
    let Some(file) = read("real/profile/uk-500_cr_newlines.csv", 1, &[]) else { return };
    let file = file.unwrap();
    assert_eq!((file.records_read, file.batch.rows.len(), file.rejections.len()), (500, 496, 4));
    let names = file.batch.accounts.iter().map(|account| account.name.clone().unwrap());
    assert!(names.into_iter().any(|name| name == "Alan D Rosenburg Cpa Pc"));
    assert!(file.rejections.problems.iter().all(|problem| problem.code == "duplicate_row"));
}
