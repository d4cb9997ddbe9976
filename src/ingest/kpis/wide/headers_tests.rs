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
    ] {
        let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
        assert!(error.message().contains("months without a year"), "{text}: {error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("2026")), "{text}: {error:?}");
    }
    // One month's name alone may be a KPI's.
    assert_eq!(told(&read("account,May,Logins\nAcme,5,6\n")).len(), 2);
}
