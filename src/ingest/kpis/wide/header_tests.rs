//! What headers of wide files say of their values: units, months, nothing at all.

use super::tests::{read_as, told};
use crate::ingest::kpis::KpiFile;
use crate::model::kpi::Unit;
use crate::model::reading::Layout;

fn read(text: &str) -> KpiFile {
    read_as(text, Layout::Auto, None, &[]).unwrap()
}

fn codes(file: &KpiFile) -> Vec<&'static str> {
    file.rejections.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn a_cell_is_read_in_the_unit_of_its_header() {
    let kpi = "Customer Support Satisfaction";
    for (header, cell, expected) in [
        ("First Response Time (days)", "2", "First Response Time||48"),
        ("First Response Time [min]", "90", "First Response Time||1.5"),
        ("First Response Time in days", "2", "First Response Time||48"),
        ("First Response Time (days)", "3 hours", "First Response Time||3"),
        ("First Response Time", "2", "First Response Time||2"),
    ] {
        let file = read(&format!("account,{header},{kpi}\nAcme,{cell},\n"));
        assert!(told(&file).contains(&format!("Acme|{expected}")), "{header}: {:?}", told(&file));
    }
}

#[test]
fn a_header_of_another_currency_or_dimension_is_refused_as_a_cell_is() {
    let file = read("account,Cost Savings (EUR),Ticket Volume (%)\nAcme,5,88\nBeta,$6,N/A\n");
    assert_eq!(codes(&file), ["other_currency", "wrong_given_unit"]);
    let hint = file.rejections.problems[1].hint.clone().unwrap();
    assert!(hint.contains("acctsnap kpis set"), "{hint}");
    assert_eq!(told(&file), ["Beta|Cost Savings||6", "Beta|Ticket Volume||Withdrawn"]);
}

#[test]
fn a_kpi_that_nobody_defined_gets_the_unit_of_its_header() {
    let file = read("account,Handover (days),Fees (USD),Logins (week)\nAcme,2,3,4\n");
    let kpis: Vec<_> = file.batch.kpis.iter().map(|kpi| (kpi.name.as_str(), kpi.unit)).collect();
    let expected =
        [("Handover (days)", Some(Unit::Days)), ("Fees (USD)", Some(Unit::Money)), ("Logins (week)", None)];
    assert_eq!(kpis, expected);
}

#[test]
fn a_month_and_its_year_stand_together_behind_a_kpi() {
    let file = read("account,NPS Sep 2026,NPS Oct 2026,Aug 2026 Logins,Sep 2026 Logins\nAcme,1,2,3,4\n");
    assert_eq!(
        told(&file),
        [
            "Acme|Logins|2026-08-31|3",
            "Acme|Logins|2026-09-30|4",
            "Acme|Net Promoter Score (NPS)|2026-09-30|1",
            "Acme|Net Promoter Score (NPS)|2026-10-31|2"
        ]
    );
}

#[test]
fn months_without_a_year_are_neither_kpis_nor_today() {
    for text in [
        "account,Jan,Feb,Mar\nAcme,1,2,3\n",
        "account,NPS Jan,NPS Feb\nAcme,1,2\n",
        "account,kpi,Jan,Feb\nAcme,NPS,1,2\n",
    ] {
        let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
        assert!(error.message().contains("has columns of months without a year: '"), "{error:?}");
        assert!(error.hint().unwrap().contains("2026'"), "{error:?}");
    }
    assert_eq!(told(&read("account,date,Jan,Feb\nAcme,2025,1,2\n")).len(), 2);
    assert_eq!(told(&read("account,MAR\nAcme,1\n")), ["Acme|MAR||1"]);
    let maps = [("Jan", "kpi:Logins"), ("Feb", "")];
    let file = read_as("account,Jan,Feb\nAcme,1,2\n", Layout::Auto, None, &maps).unwrap();
    assert_eq!(told(&file), ["Acme|Logins||1"]);
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
