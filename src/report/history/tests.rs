use super::*;
use crate::report::style::plain;
use crate::report::text::width as columns_of;

fn item() -> HistoryItem {
    HistoryItem {
        snapshot_id: Some(SnapshotId::new(12_345)),
        snapshot_timestamp: Some(Timestamp::parse("2026-11-22T10:00:05Z").unwrap()),
        snapshot_type: Some("event_driven".into()),
        trigger_event: Some("kpi_data_uploaded".into()),
        snapshot_sequence_number: Some(3),
        overall_health_score: Some(Score::from_hundredths(10_000)),
        overall_health_status: Some(Band::Critical),
        health_score_change_from_last: Some(Score::from_hundredths(-1_250)),
        critical_kpis_count: Some(14),
        is_significant_change: Some(true),
        is_unchanged: Some(false),
        scoring_config_hash: Some("0".repeat(64)),
        is_scoring_config_changed: Some(true),
        ..HistoryItem::default()
    }
}

fn kpi(value: Option<f64>) -> KpiAtSnapshot {
    KpiAtSnapshot {
        kpi_name: "Service Level Agreements (SLAs) compliance\u{1b}".into(),
        product: Some("Mobile".into()),
        value,
        unit: Some(Unit::Percent),
        observed_at: None,
    }
}

fn view(items: Vec<HistoryItem>) -> HistoryView {
    HistoryView { schema: LIST_SCHEMA, count: items.len(), items, kpi_history: Vec::new() }
}

fn period(label: &str, item: HistoryItem) -> HistoryItem {
    HistoryItem { period: Some(label.into()), ..item }
}

fn fits(view: &HistoryView) {
    for width in 60..120 {
        let text = plain(&render("TechCorp Solutions", view, Some(width), chrono_tz::UTC));
        for line in text.lines() {
            assert!(columns_of(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    fits(&view(vec![item()]));
    let with_kpis = |value| HistoryItem { kpis: vec![kpi(value); 5], ..item() };
    let revenue = |minor| Some(MoneyNumber::new(minor, 2));
    let mut rows = vec![with_kpis(Some(1_234_567.891)); 40];
    rows.push(HistoryItem {
        revenue: revenue(123_456_789_012),
        currency: Some("USD".into()),
        ..with_kpis(None)
    });
    rows.push(HistoryItem { revenue: revenue(1), currency: Some("USD".into()), ..with_kpis(Some(-5.0)) });
    fits(&view(rows.clone()));
    fits(&view(rows.into_iter().map(|row| period("2026-W47", row)).collect()));
}

#[test]
fn one_snapshot_is_a_line_and_nothing_drawn() {
    let text = render("TechCorp\u{1b}", &view(vec![item()]), Some(60), chrono_tz::America::New_York);
    let expected = "TechCorp\\u{1b}\n\
                    taken                       id   score  change  status\n\
                    2026-11-22 05:00 -05:00  12345  100.00  -12.50  critical  *\n\
                    * other scoring rules than before\n";
    assert_eq!(plain(&text), expected);
}

#[test]
fn a_period_without_a_snapshot_says_so() {
    let gap = HistoryItem { period: Some("2026-10".into()), gap: true, ..HistoryItem::default() };
    let low = HistoryItem { overall_health_score: Some(Score::from_hundredths(2_500)), ..item() };
    let rows = vec![period("2026-09", low), gap, period("2026-11", item())];
    let text = plain(&render("Acme", &view(rows), Some(60), chrono_tz::UTC));
    let expected = "Acme\n\
                    health  ▁ █  25.00 -> 100.00\n\n\
                    period    score  change  status             id\n\
                    2026-09   25.00          critical     *  12345\n\
                    2026-10                  no snapshot\n\
                    2026-11  100.00          critical     *  12345\n\
                    * other scoring rules than before\n";
    assert_eq!(text, expected);
}
