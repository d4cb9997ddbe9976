//! What the headers of wide files say besides the KPI: its unit, its month.

use super::tests::{read_as, told};
use crate::model::reading::Layout;

fn read(text: &str) -> crate::ingest::kpis::KpiFile {
    read_as(text, Layout::Auto, None, &[]).unwrap()
}

/// The codes and hints of what was set aside.
fn refused(text: &str) -> Vec<(&'static str, String)> {
    let problems = read(text).rejections.problems;
    problems.iter().map(|problem| (problem.code, problem.hint.clone().unwrap_or_default())).collect()
}

#[test]
fn a_unit_behind_the_name_is_that_of_every_cell() {
    let file = read("account,First Response Time (days),Time in App [hours]\nAcme,2,5\nBeta,3 h,6\n");
    assert_eq!(
        told(&file),
        [
            "Acme|First Response Time||48",
            "Acme|Time in App [hours]||5",
            "Beta|First Response Time||3",
            "Beta|Time in App [hours]||6"
        ]
    );
    let units: Vec<_> =
        file.batch.kpis.iter().map(|kpi| kpi.unit.map(crate::model::kpi::Unit::name)).collect();
    assert_eq!(units, [Some("hours"), Some("hours")]);
}

#[test]
fn a_unit_of_another_dimension_or_currency_is_refused_as_a_cell_that_says_so() {
    let [(code, hint)] = &refused("account,Ticket Volume (%)\nAcme,5\n")[..] else { panic!("one problem") };
    assert!(hint.contains("--unit %"), "{code}: {hint}");
    let euros = refused("account,Cost Savings in EUR\nAcme,5\n");
    assert_eq!(euros.len(), 1, "{euros:?}");
    let plain = read("account,Cost Savings ($)\nAcme,5\n");
    assert_eq!(told(&plain), ["Acme|Cost Savings||5"]);
}

#[test]
fn a_kpi_and_its_month_are_parted_at_the_longest_month() {
    let file = read("account,Logins Aug 2026,Logins Sep 2026\nAcme,5,6\n");
    assert_eq!(told(&file), ["Acme|Logins|2026-08-31|5", "Acme|Logins|2026-09-30|6"]);
}

#[test]
fn months_without_a_year_are_refused() {
    for text in [
        "account,Jan,Feb,Mar\nAcme,5,6,7\n",
        "account,NPS Jan,NPS Feb\nAcme,5,6\n",
        "account,kpi,Jan,Feb\nAcme,NPS,5,6\n",
        "account,kpi,2026-01,Feb\nAcme,NPS,5,6\n",
        "account,kpi,Q1 2026,Q2\nAcme,NPS,5,6\n",
    ] {
        let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
        assert!(error.message().contains("without a year"), "{text}: {error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("2026")), "{text}: {error:?}");
    }
    let dated = read("Account,KPI,Jan 2026,Feb-26\nAcme,NPS,10,20\n");
    assert_eq!(
        told(&dated),
        ["Acme|Net Promoter Score (NPS)|2026-01-31|10", "Acme|Net Promoter Score (NPS)|2026-02-28|20"]
    );
    // One month's name alone may be a KPI's.
    assert_eq!(told(&read("account,May,Logins\nAcme,5,6\n")).len(), 2);
}

#[test]
fn a_number_in_thousands_is_of_the_unit_behind_the_name_too() {
    let euros = refused("account,Cost Savings (EUR)\nAcme,1.5K\nBeta,2M\n");
    assert_eq!(euros.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["other_currency"]);
    let file = read("account,Cost Savings (USD)\nAcme,1.5K\n");
    assert_eq!(told(&file), ["Acme|Cost Savings||1500"]);
}

#[test]
fn a_first_row_of_values_is_no_header() {
    for maps in [[("Acme", "account")].as_slice(), &[]] {
        let error = read_as("Acme,85\nBeta,90\n", Layout::Auto, None, maps).unwrap_err();
        assert!(error.message().contains("no header"), "{error:?}");
        assert!(error.hint().unwrap().contains("--header none --map"), "{error:?}");
    }
    let file = read("account,85,30\nAcme,1,2\n");
    assert_eq!(file.batch.kpis.len(), 2);
}

#[test]
fn words_that_tell_columns_apart_are_no_units() {
    for header in
        ["Feature Adoption Rate (users)", "Ticket Volume (week)", "Ticket Volume (day)", "Ticket Volume (M)"]
    {
        let file = read(&format!("account,{header}\nAcme,5\n"));
        assert_eq!(told(&file), [format!("Acme|{header}||5")]);
    }
    let file = read("account,First Response Time (min)\nAcme,90\n");
    assert_eq!(told(&file), ["Acme|First Response Time||1.5"]);
}

#[test]
fn months_without_a_year_are_kpis_of_the_date_beside_them() {
    assert_eq!(told(&read("account,date,Jan,Feb\nAcme,2025,1,2\n")).len(), 2);
}

#[test]
fn an_account_of_which_one_cell_is_bad_keeps_its_good_ones() {
    let text = "KPI,Acme,Beta\nNPS,1,x\nTicket Volume,3,4\n";
    let file = read_as(text, Layout::Transposed, None, &[]).unwrap();
    assert_eq!(file.records_read, 4);
    assert_eq!(file.rejections.len(), 1);
    assert!(told(&file).contains(&"Beta|Ticket Volume||4".to_owned()), "{:?}", told(&file));
}

#[test]
fn a_total_of_a_long_or_dated_table_is_no_account() {
    for text in [
        "Account,KPI,Value\nAcme,Ticket Volume,5\nBeta,Ticket Volume,4\nTotal,Ticket Volume,9\n",
        "Account,KPI,2026-01,2026-02\nAcme,NPS,5,5\nBeta,NPS,4,4\nGrand Total,NPS,9,9\n",
    ] {
        let file = read(text);
        let names: Vec<_> = file.batch.accounts.iter().filter_map(|account| account.name.clone()).collect();
        assert_eq!(names, ["Acme", "Beta"], "{text}");
    }
    let energy = read("Account,Account ID,KPI,Value\nAcme,1,NPS,5\nTotal,2,NPS,4\n");
    assert_eq!(told(&energy).len(), 2, "one with an id is an account");
}
