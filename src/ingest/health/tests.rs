//! Whole files of health scores.

use super::*;
use crate::error::ErrorKind;
use crate::ingest::testing::{Reading, messages, real_file, told};
use crate::model::kpi::batch::{AccountMention, GivenAccount};

fn read(text: &str) -> Result<KindFile<HealthBatch>> {
    Reading::default().text("health.csv", text, read_health).map(without_duplicates)
}

fn without_duplicates(mut file: KindFile<HealthBatch>) -> KindFile<HealthBatch> {
    find_duplicate_health(&mut file.batch, &mut file.rejections, crate::ingest::Duplicates::Refuse);
    file
}

/// Each row as line, account, month or day, and its scores.
fn rows(file: &KindFile<HealthBatch>) -> Vec<String> {
    let rows = file.batch.rows.iter().map(|row| {
        let account = &file.batch.accounts[row.account as usize];
        let account = account.name.as_deref().or(account.external_id.as_deref()).unwrap();
        let on = row.observed_on.map_or_else(|| row.month.to_string(), |day| day.to_string());
        let scores = [row.scores.overall].into_iter().chain(row.scores.categories);
        let scores: Vec<String> =
            scores.map(|score| score.map_or_else(|| "-".to_owned(), |score| score.to_string())).collect();
        format!("{}: {account} {on} {}", row.line, scores.join(" "))
    });
    rows.collect()
}

/// The field that each column was read as.
fn fields(file: &KindFile<HealthBatch>) -> Vec<Option<&'static str>> {
    file.tables[0].columns.columns.iter().map(|column| column.field).collect()
}

#[test]
fn every_score_in_the_words_of_the_contract() {
    let text = "account,month,year,overall_health_score,product_usage_score,support_score,\
                customer_sentiment_score,business_outcomes_score,relationship_strength_score\n\
                Acme,10,2026,72.5,1,2,3,4,5\n\
                Acme,September,2026,,85%,85/100,,N/A,unknown\n";
    let file = read(text).unwrap();
    assert_eq!(
        rows(&file),
        ["2: Acme 2026-10 72.50 1.00 2.00 3.00 4.00 5.00", "3: Acme 2026-09 - 85.00 85.00 - - -"]
    );
    assert_eq!(file.batch.rows.iter().map(|row| row.blanks).collect::<Vec<_>>(), [0, 4]);
    let note = "2 cells hold a word for no value, such as N/A or UNKNOWN, and were read as blank";
    assert_eq!(messages(&file), [note]);
    assert!(fields(&file).iter().all(Option::is_some));
}

#[test]
fn headers_as_other_tools_write_them() {
    for (header, field) in [
        ("Health Score", "overall_health_score"),
        ("Score (%)", "overall_health_score"),
        ("Overall Score", "overall_health_score"),
        ("Product Usage", "product_usage_score"),
        ("Product Usage KPI", "product_usage_score"),
        ("Support Health", "support_score"),
        ("CustomerSentimentScore", "customer_sentiment_score"),
        ("Business_Outcomes__c", "business_outcomes_score"),
        ("relationship-strength-score", "relationship_strength_score"),
    ] {
        let file = read(&format!("company,period,{header}\nAcme,2026-10,5\n")).unwrap();
        assert_eq!(fields(&file), [Some("account"), Some("date"), Some(field)], "{header}");
    }
}

#[test]
fn json_says_the_same() {
    let json = r#"{"scores": [{"account_id": "007", "month": 10, "year": 2026, "health_score": 64.5},
        {"account_id": "008", "month": "Oct", "year": "2026", "health_score": null}]}"#;
    let file = Reading::default().text("health.json", json, read_health).unwrap();
    assert_eq!(rows(&file), ["1: 007 2026-10 64.50 - - - - -", "2: 008 2026-10 - - - - - -"]);
    assert_eq!(file.records_read, 2);
}

#[test]
fn what_cannot_be_taken_says_why() {
    let text = "account,month,year,score\nA,13,2026,5\nA,10,26,5\nA,10,2026,101\nA,10,2026,-1\n\
                A,10,2026,good\nA,12,2026,5\n,10,2026,5\nA,,,5\nA,10,2026\nA,10,2026,\n";
    let file = read(text).unwrap();
    let expected = [
        (2, "bad_month", "13"),
        (3, "bad_year", "26"),
        (4, "score_out_of_range", "101"),
        (5, "score_out_of_range", "-1"),
        (6, "not_a_number", "good"),
        (7, "future_date", "12"),
        (8, "missing_account", ""),
        (9, "missing_month", ""),
        (10, "ragged_row", ""),
    ];
    assert_eq!(told(&file.rejections), expected.map(|(line, code, value)| (line, code, value.to_owned())));
    assert_eq!(rows(&file), ["11: A 2026-10 - - - - - -"]);
    assert_eq!(file.records_read, 10);
    let months = file.rejections.problems.iter().find(|problem| problem.code == "bad_month").unwrap();
    assert_eq!(months.column.as_deref(), Some("month"));
}

#[test]
fn the_same_day_twice_agrees_or_is_set_aside() {
    let text = "account,date,score\nA,2026-10-20,5\nB,2026-10-20,6\nA,2026-10-05,7\nA,2026-10-20,5\nB,2026-10-20,8\n";
    let file = read(text).unwrap();
    assert_eq!(
        rows(&file),
        [
            "2: A 2026-10-20 5.00 - - - - -",
            "4: A 2026-10-05 7.00 - - - - -",
            "5: A 2026-10-20 5.00 - - - - -",
        ]
    );
    let value = "6.00 (line 3) and 8.00 (line 6)".to_owned();
    assert_eq!(told(&file.rejections), [(3, "duplicate_row", value.clone()), (6, "duplicate_row", value)]);
    assert_eq!(file.batch.rows.len() as u64 + file.rejections.len(), file.records_read);
}

#[test]
fn an_account_that_only_bad_rows_name_is_not_named() {
    let file = read("account,period,score\nA,2026-10,500\nB,2026-10,5\n").unwrap();
    assert_eq!(file.batch.accounts, [AccountMention { name: Some("B".to_owned()), external_id: None }]);
    assert_eq!(rows(&file), ["3: B 2026-10 5.00 - - - - -"]);
}

#[test]
fn the_month_may_be_given_for_the_whole_file() {
    let text = "account,year,score\nA,2025,5\n";
    let error = read(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InputRefused);
    assert!(error.message().starts_with("health.csv has no column for the month"), "{error:?}");
    assert!(error.hint().unwrap().contains("--period 2026-10"));
    let reading = Reading { period: Some("2026-10-31"), ..Reading::default() };
    let file = reading.text("health.csv", text, read_health).unwrap();
    assert_eq!(rows(&file), ["2: A 2026-10 5.00 - - - - -"]);
    assert_eq!(messages(&file), ["column 'year' means nothing here and was not read"]);
}

#[test]
fn columns_can_be_given_a_meaning_or_none() {
    let text = "usage_score,period,tier\n5,2026-10,gold\n";
    let acme = GivenAccount::from(AccountMention { name: Some("Acme".to_owned()), external_id: None });
    let reading = |maps| Reading { account: Some(&acme), maps, ..Reading::default() };
    let error = reading(&[]).text("health.csv", text, read_health).unwrap_err();
    let expected =
        "health.csv has no column for a health score; its columns are 'usage_score', 'period', 'tier'";
    assert_eq!(error.message(), expected);
    assert!(error.hint().unwrap().contains("--map 'COLUMN=overall_health_score'"));
    let maps = [("usage_score", "product_usage_score"), ("tier", "")];
    let file = reading(&maps).text("health.csv", text, read_health).unwrap();
    assert_eq!((rows(&file), messages(&file)), (vec!["2: Acme 2026-10 - 5.00 - - - -".to_owned()], vec![]));
}

#[test]
fn what_looks_like_another_scale_is_pointed_out() {
    let file = read("account,period,score,support\nA,2026-10,0.72,1\nB,2026-10,1,0\n").unwrap();
    assert_eq!(messages(&file), ["column 'score' holds nothing above 1: it was read as points of 100"]);
    assert_eq!(rows(&file)[0], "2: A 2026-10 0.72 - 1.00 - - -");
}

#[test]
fn a_date_outside_the_month_that_is_named_is_told() {
    let file =
        read("account,month,year,date,score\nA,10,2026,2026-11-02,5\nB,10,2026,2026-10-31,5\n").unwrap();
    assert_eq!(rows(&file), ["2: A 2026-10 5.00 - - - - -", "3: B 2026-10-31 5.00 - - - - -"]);
    assert_eq!(messages(&file), ["1 row names a month and a date outside it: the month counts"]);
}

#[test]
fn subscriptions_of_one_account_and_day_are_told_apart_by_nothing() {
    let Some(source) = real_file("real/complyflow/customer_health_scores.csv") else { return };
    let file = without_duplicates(Reading::default().source(&source, read_health).unwrap());
    assert_eq!(file.records_read, 787);
    assert_eq!(file.batch.rows.len() as u64 + file.rejections.len(), 787);
    assert!(file.rejections.problems.iter().all(|problem| problem.code == "duplicate_row"));
    assert!(file.batch.rows.iter().all(|row| row.observed_on.is_some() && row.scores.overall.is_some()));
    let read: Vec<_> = file.tables[0]
        .columns
        .columns
        .iter()
        .filter_map(|column| Some((column.header.as_str(), column.field?)))
        .collect();
    let expected =
        [("account_id", "external_id"), ("snapshot_date", "date"), ("health_score", "overall_health_score")];
    assert_eq!(read, expected);
}

#[test]
fn scores_of_other_families_are_not_ours() {
    let Some(source) = real_file("real/profile/cs_sample_accounts.json") else { return };
    let error = Reading::default().source(&source, read_health).unwrap_err();
    assert!(error.message().contains("has no column for a health score"), "{error:?}");
    assert!(error.message().contains("'families.usage'"), "{error:?}");
}

#[test]
fn a_score_without_a_date_needs_the_period() {
    let Some(source) = real_file("original/seed_marketplace_customers.csv") else { return };
    let error = Reading::default().source(&source, read_health).unwrap_err();
    assert!(error.hint().unwrap().contains("--period"), "{error:?}");
    let reading = Reading { period: Some("2026-10-31"), ..Reading::default() };
    let file = reading.source(&source, read_health).unwrap();
    // One of its records lost the quotes around a comma.
    assert_eq!(told(&file.rejections), [(8, "ragged_row", String::new())]);
    assert_eq!(file.batch.rows.len() as u64 + 1, file.records_read);
    assert!(file.batch.rows.iter().all(|row| row.month.to_string() == "2026-10" && row.blanks == 0));
}
