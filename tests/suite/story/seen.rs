//! What the program answers and what the model shows, in the same words.

use acctsnap::report::snapshot::{SnapshotView, Source};
use serde_json::{Value, json};

use super::{CUSTOMERS, KPIS, day, instant};
use crate::naive::account::{Account, KINDS};
use crate::naive::shown::{PlaybooksShown, Shown};

/// The fields that the model knows, as the program answers them.
pub fn answered(view: &SnapshotView) -> Value {
    let whole = serde_json::to_value(view).unwrap_or_default();
    let source = |source: &Option<Source>| source.as_ref().map(|source| source.upload_id.get());
    let sources = &view.sources;
    let worst: Vec<&str> = view.top_critical_kpis.iter().map(|kpi| kpi.kpi_name.as_str()).collect();
    let fields = MODELLED.split_whitespace().map(|name| (name.to_owned(), whole[name].clone()));
    let mut seen: serde_json::Map<String, Value> = fields.collect();
    seen.insert("worst".to_owned(), json!(worst));
    let of_parts =
        [&sources.kpis, &sources.profile, &sources.health, &sources.playbooks, &sources.notes].map(source);
    seen.insert("sources".to_owned(), json!(of_parts));
    plain(Value::from(seen))
}

/// Every number as a float: 20 and 20.0 are one.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => other,
    }
}

const MODELLED: &str = "customer snapshot_type trigger_event trigger_action snapshot_sequence_number
    is_significant_change dirty_since revenue currency revenue_change_from_last overall_health_score
    overall_health_status support_score customer_sentiment_score health_score_source
    health_score_change_from_last industry renewal_date assigned_csm playbooks_running
    playbooks_running_count playbooks_completed_count playbooks_completed_last_30_days last_playbook_executed
    total_kpis critical_kpis_count at_risk_kpis_count healthy_kpis_count unscored_kpis_count
    recent_csm_note_ids attributes";

/// The same of the model's account; None where it has no snapshot.
pub fn expected(customer: usize, account: &Account) -> Option<Value> {
    let shown = account.snapshots.last()?;
    let scores = &shown.scores;
    let [critical, at_risk, healthy, unscored] = shown.counts;
    let currency = shown.revenue.map(|(_, currency)| currency);
    let worst: Vec<&str> = shown.worst.iter().map(|kpi| KPIS[*kpi]).collect();
    let notes =
        shown.notes.as_ref().map(|notes| notes.iter().map(|note| format!("note-{note}")).collect::<Vec<_>>());
    let mut seen = json!({
        "customer": CUSTOMERS[customer],
        "snapshot_type": shown.snapshot_type,
        "trigger_event": shown.trigger.map(|(kind, _)| kind),
        "trigger_action": shown.trigger.and_then(|(_, action)| action),
        "snapshot_sequence_number": shown.sequence,
        "is_significant_change": shown.is_significant,
        "dirty_since": account.dirty_since().map(instant),
        "revenue": money(shown.revenue.map(|(minor, _)| minor), currency),
        "currency": currency,
        "revenue_change_from_last": money(shown.revenue_change, currency),
        "overall_health_score": points(scores.overall),
        "overall_health_status": scores.band,
        "support_score": points(scores.support),
        "customer_sentiment_score": points(scores.sentiment),
        "health_score_source": scores.source,
        "health_score_change_from_last": points(shown.score_change),
        "industry": shown.industry,
        "renewal_date": shown.renewal.map(day),
        "assigned_csm": shown.csm,
        "total_kpis": critical + at_risk + healthy + unscored,
        "critical_kpis_count": critical,
        "at_risk_kpis_count": at_risk,
        "healthy_kpis_count": healthy,
        "unscored_kpis_count": unscored,
        "worst": worst,
        "recent_csm_note_ids": notes,
        "attributes": shown.seats.map_or_else(|| json!({}), |seats| json!({"seats": seats.to_string()})),
        "sources": KINDS.map(|kind| shown.source(kind)),
    });
    add_playbooks(&mut seen, shown);
    Some(plain(seen))
}

fn add_playbooks(seen: &mut Value, shown: &Shown) {
    let playbooks = shown.playbooks.as_ref();
    let count = |of: fn(&PlaybooksShown) -> usize| json!(playbooks.map(of));
    seen["playbooks_running"] = json!(playbooks.map(|it| &it.running));
    seen["playbooks_running_count"] = count(|it| it.running_count);
    seen["playbooks_completed_count"] = count(|it| it.completed);
    seen["playbooks_completed_last_30_days"] = count(|it| it.completed_lately);
    seen["last_playbook_executed"] = json!(playbooks.map(|it| {
        let (playbook, execution, started) = &it.last;
        let started = started.map(|number| instant(number * crate::naive::DAY));
        json!({"playbook_id": playbook, "execution_id": execution, "status": it.last_status, "started_at": started})
    }));
}

fn points(hundredths: Option<i64>) -> Value {
    hundredths.map_or(Value::Null, |it| decimal(it, 100))
}

fn money(minor: Option<i64>, currency: Option<&str>) -> Value {
    let scale = if currency == Some("JPY") { 1 } else { 100 };
    minor.map_or(Value::Null, |minor| decimal(minor, scale))
}

/// A JSON number, made without arithmetic on floats.
fn decimal(number: i64, scale: i64) -> Value {
    if scale == 1 {
        return json!(number);
    }
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.abs() / scale, number.abs() % scale);
    serde_json::from_str(&format!("{sign}{whole}.{rest:02}")).unwrap_or_default()
}
