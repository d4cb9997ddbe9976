//! The language by tables and by properties.

mod properties;
mod refusals;
mod truths;

use serde_json::{Map, Value, json};

use super::Condition;

/// The condition of a text that is one.
fn condition(text: &str) -> Condition {
    Condition::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An account at risk.
fn state() -> Map<String, Value> {
    let state = json!({
        "account_name": "Retail Chain Corp", "external_account_id": "00A", "account_id": 7,
        "revenue": 1_200_000.5, "overall_health_score": 65.25, "overall_health_status": "at_risk",
        "account_status": "At Risk", "account_tier": "A+", "assigned_csm": null, "region": "EMEA",
        "days_to_renewal": -3, "renewal_date": "2026-11-19", "is_significant_change": true,
        "snapshot_timestamp": "2026-11-22T23:30:00.000Z", "playbooks_running": ["voc-sprint", "save"],
        "products_used": [], "tags": ["qbr"], "champion_status": "it's \"complicated\"",
        "attributes": {"Seats": "25", "Key Contact": "Ann", "Beta": true, "Since": "2024-02-29", "Size": 3,
            "Tools": ["Jira", 7], "Nested": {"a": 1}, "Gone": null},
    });
    state.as_object().cloned().unwrap_or_default()
}

#[test]
fn a_condition_is_shown_as_written_or_plainly() {
    let condition = condition("  Health<70   AND (not Status IN ['at risk',active] or tier == \"A+\") ");
    assert_eq!(condition.written(), "Health<70   AND (not Status IN ['at risk',active] or tier == \"A+\")");
    assert_eq!(condition.to_string(), "health < 70 and (not status in ['at risk', active] or tier = 'A+')");
    let fields: Vec<&str> = condition.fields().collect();
    assert_eq!(fields, ["account_status", "account_tier", "overall_health_score"]);
}

#[test]
fn a_condition_is_shown_so_that_it_reads_back() {
    for (text, shown) in [
        ("attributes.\"Seats\" > 1", "attributes.Seats > 1"),
        ("attributes.\"Key Contact\" = Ann", "attributes.\"Key Contact\" = Ann"),
        ("revenue > -0", "revenue > 0"),
        ("champion_status = \"it's\"", "champion_status = \"it's\""),
        ("champion_status = 'say \"hi\"'", "champion_status = 'say \"hi\"'"),
        ("champion_status = 'it''s \"so\"'", "champion_status = 'it''s \"so\"'"),
    ] {
        assert_eq!(condition(text).to_string(), shown);
    }
}

#[test]
fn why_tells_what_was_compared() {
    for (text, why) in [
        ("revenue > 1000000", "revenue 1200000.5 > 1000000"),
        ("health<70 and status in [at-risk]", "health 65.25 < 70 and status 'At Risk' in [at-risk]"),
        ("health > 90 or (csm = Ann or renewal_date < 2027-01-01)", "renewal_date 2026-11-19 < 2027-01-01"),
        ("health > 90 or csm = Ann", "health 65.25 > 90 or csm unknown = Ann"),
        ("not (health > 90 or tier = B)", "not (health 65.25 > 90 or tier 'A+' = B)"),
        ("playbooks_running = save", "playbooks_running [voc-sprint, save] = save"),
        ("attributes.\"key contact\" != Bob", "attributes.\"key contact\" Ann != Bob"),
        ("is_significant_change = true", "is_significant_change true = true"),
    ] {
        assert_eq!(condition(text).why(&state()), why, "{text}");
    }
}

#[test]
fn of_a_long_list_five_are_shown() {
    let mut state = state();
    for (count, why) in [(5, "tags [a0, a1, a2, a3, a4] = a0"), (6, "tags [a0, a1, a2, a3, a4, …] = a0")] {
        let tags: Vec<String> = (0..count).map(|number| format!("a{number}")).collect();
        state.insert("tags".to_owned(), json!(tags));
        assert_eq!(condition("tags = a0").why(&state), why);
    }
}
