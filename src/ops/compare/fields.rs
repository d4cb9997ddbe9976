//! Every field of a snapshot that differs, with old, new and change.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{CompareOptions, object};
use crate::error::Result;
use crate::report::compare::{Effect, FieldChange};
use crate::report::snapshot::{SnapshotView, fields};

/// What is about the snapshot or the answer and not about the account: who took it, when, how it moved against another
/// one. KPIs, playbooks and products have parts of their own.
const NOT_COMPARED: [&str; 36] = [
    "schema",
    "snapshot_id",
    "account_id",
    "account_name",
    "external_account_id",
    "customer",
    "snapshot_timestamp",
    "snapshot_type",
    "snapshot_reason",
    "trigger_event",
    "trigger_action",
    "created_by",
    "snapshot_version",
    "snapshot_sequence_number",
    "days_since_last_snapshot",
    "is_significant_change",
    "unchanged_since",
    "tags",
    "pinned",
    "retracted",
    "as_of",
    "age_seconds",
    "kpis_age_seconds",
    "dirty_since",
    "revenue_change_from_last",
    "revenue_change_percent",
    "health_score_change_from_last",
    "health_score_change_30d",
    "health_score_trend",
    "days_to_renewal",
    "top_critical_kpis",
    "sources",
    "content_hash",
    "chain_hash",
    "not_recorded",
    "attributes",
];

/// Where more is better, and where less is.
const BETTER_UP: [&str; 10] = [
    "revenue",
    "overall_health_score",
    "product_usage_score",
    "support_score",
    "customer_sentiment_score",
    "business_outcomes_score",
    "relationship_strength_score",
    "healthy_kpis_count",
    "engagement_score",
    "product_count",
];
const BETTER_DOWN: [&str; 1] = ["critical_kpis_count"];

/// Refuses names to be ignored that are no fields.
pub(super) fn check_names(names: &[String]) -> Result<()> {
    fields(&SnapshotView::default(), names).map(drop)
}

/// The fields that differ, in the order of a snapshot's fields, attributes last.
pub(super) fn differences(
    earlier: &SnapshotView,
    later: &SnapshotView,
    options: &CompareOptions<'_>,
) -> Result<Vec<FieldChange>> {
    let not_recorded = |field: &str| {
        let lacks = |view: &SnapshotView| view.not_recorded.iter().any(|name| name == field);
        match (lacks(earlier), lacks(later)) {
            (true, false) => Some("from"),
            (_, true) => Some("to"),
            (false, false) => None,
        }
    };
    let (old, new) = (flat(earlier)?, flat(later)?);
    let names = new.keys().chain(old.keys().filter(|name| !new.contains_key(*name)));
    let differences = names.filter_map(|name| {
        let value = |side: &Map<String, Value>| side.get(name).cloned().unwrap_or(Value::Null);
        let is_ignored = options.ignore.iter().any(|ignored| ignored == name || ignored == top(name));
        let (old, new) = (value(&old), value(&new));
        let change = change(&old, &new);
        let is_within = old.is_number() && change.is_some_and(|change| change.abs() <= options.tolerance);
        if is_ignored || old == new || is_within {
            return None;
        }
        let effect = change.and_then(|change| effect(name, change));
        Some(FieldChange { field: name.clone(), not_recorded: not_recorded(name), old, new, change, effect })
    });
    Ok(differences.collect())
}

/// `attributes` of `attributes.Seats`.
fn top(name: &str) -> &str {
    name.split_once('.').map_or(name, |(top, _)| top)
}

/// The fields that are compared, each attribute by itself.
fn flat(view: &SnapshotView) -> Result<Map<String, Value>> {
    let mut fields = object(view)?;
    fields.retain(|name, _| !NOT_COMPARED.contains(&name.as_str()));
    for (name, value) in &view.attributes {
        fields.insert(format!("attributes.{name}"), value.clone());
    }
    Ok(fields)
}

/// The difference of two numbers, to the digits in which they are shown; the days between two dates.
fn change(old: &Value, new: &Value) -> Option<f64> {
    if let (Some(old), Some(new)) = (old.as_f64(), new.as_f64()) {
        return Some(clean_difference(old, new));
    }
    let day = |value: &Value| value.as_str().and_then(|text| text.parse::<NaiveDate>().ok());
    let days = day(new)?.signed_duration_since(day(old)?).num_days();
    Some(days as f64)
}

/// `new - old` without the noise of binary fractions: 0.3 - 0.1 is 0.2.
pub(super) fn clean_difference(old: f64, new: f64) -> f64 {
    let difference = new - old;
    let rounded = format!("{difference:.9}").parse::<f64>().unwrap_or(difference);
    // Numbers too small or too large for nine decimals stay as they are.
    if (rounded - difference).abs() <= difference.abs() * 1e-9 { rounded } else { difference }
}

fn effect(field: &str, change: f64) -> Option<Effect> {
    let is_up = change > 0.0;
    if BETTER_UP.contains(&field) {
        Some(if is_up { Effect::Better } else { Effect::Worse })
    } else if BETTER_DOWN.contains(&field) {
        Some(if is_up { Effect::Worse } else { Effect::Better })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_passed_over_is_a_field() {
        let whole = object(&SnapshotView::default()).unwrap();
        for name in NOT_COMPARED.iter().chain(&BETTER_UP).chain(&BETTER_DOWN) {
            assert!(whole.contains_key(*name), "{name}");
        }
    }

    #[test]
    fn differences_are_without_noise() {
        assert_eq!(clean_difference(0.1, 0.3), 0.2);
        assert_eq!(clean_difference(71.2, 64.9), -6.3);
        assert_eq!(clean_difference(0.0, 1e-15), 1e-15);
        assert_eq!(clean_difference(1e20, 3e20), 2e20);
    }
}
