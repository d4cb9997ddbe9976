//! What holds: tables of comparisons, and of what `and`, `or` and `not` make of unknown.

use serde_json::{Map, json};

use super::{condition, state};

const HOLD: [&str; 53] = [
    "revenue > 1000000",
    "revenue = 1200000.50",
    "revenue >= 1200000.5 and revenue <= 1200000.5",
    "revenue != 0",
    "revenue <> 0",
    "health < 70 and health > 65",
    "overall_health_score in [1, 65.25]",
    "overall_health_score not in [1, 2]",
    "overall_health_status = at-risk",
    "overall_health_status in [healthy, 'At Risk']",
    "status = 'at risk'",
    "status = at_risk",
    "STATUS == AT-RISK",
    "Account_Status in [\"  at  risk \"]",
    "tier = 'a+'",
    "tier != A",
    "tier != 'A-'",
    "external_account_id = 00A",
    "external_account_id != 00a",
    "account_id = 7",
    "days_to_renewal < 0",
    "days_to_renewal = -3",
    "days_to_renewal > -3.5",
    "renewal_date < 2027-01-01",
    "renewal_date = '2026-11-19'",
    "renewal_date in [2026-11-19, 2026-11-20]",
    "is_significant_change = TRUE",
    "is_significant_change != false",
    "snapshot_timestamp >= 2026-11-22",
    "snapshot_timestamp = 2026-11-22",
    "snapshot_timestamp < 2026-11-22T23:30:00.001Z",
    "snapshot_timestamp = '2026-11-23T00:30:00+01:00'",
    "playbooks_running = save",
    "playbooks_running in [other, voc_sprint]",
    "playbooks_running != none",
    "playbooks_running not in [a, b]",
    "products_used != CRM",
    "not tags = urgent",
    "champion_status = 'it''s \"complicated\"'",
    "champion_status = \"it's \"\"complicated\"\"\"",
    "attributes.Seats = 25.0",
    "attributes.seats > 9",
    "attributes.Seats = '25'",
    "attributes.Size in [1, 3]",
    "attributes.\"Key Contact\" = ann",
    "attributes.key_contact != bob",
    "attributes.Beta = true",
    "attributes.Since < 2024-03-01",
    "attributes.Tools = jira",
    "attributes.Tools = 7",
    "attributes.Size != small",
    "not (health > 70 and csm = Ann)",
    "csm = Ann or region = emea and not region = apac",
];

/// False or unknown.
const DO_NOT_HOLD: [&str; 27] = [
    "revenue > 1200000.5",
    "revenue in [1, 2]",
    "tier = A",
    "tier = 'A-'",
    "external_account_id = 00a",
    "playbooks_running != save",
    "playbooks_running not in [save]",
    "products_used = CRM",
    "is_significant_change = false",
    "csm = Ann",
    "csm != Ann",
    "not csm = Ann",
    "csm in [Ann]",
    "csm not in [Ann]",
    "industry = Food",
    "not industry = Food",
    "industry = Food or csm = Ann",
    "attributes.Gone = 1",
    "attributes.Gone != 1",
    "attributes.Nested = 1",
    "attributes.Nested != 1",
    "attributes.Nowhere not in [1]",
    "attributes.\"Key Contact\" > 5",
    "not attributes.\"Key Contact\" > 5",
    "attributes.Seats < 2024-01-01",
    "attributes.Tools > 3",
    "health < 70 and csm = Ann",
];

#[test]
fn comparisons_hold_as_the_tables_say() {
    let state = state();
    for text in HOLD {
        assert!(condition(text).holds(&state), "{text}");
    }
    for text in DO_NOT_HOLD {
        assert!(!condition(text).holds(&state), "{text}");
    }
}

#[test]
fn nothing_that_is_not_negated_holds_where_nothing_is_known() {
    for text in HOLD {
        assert!(!condition(text).holds(&Map::new()), "{text}");
    }
}

/// A true, a false and an unknown part.
const PARTS: [(&str, Option<bool>); 3] =
    [("revenue = 1", Some(true)), ("revenue = 2", Some(false)), ("health = 1", None)];

#[test]
fn three_values_join_as_kleene_has_it() {
    let state = json!({"revenue": 1});
    let state = state.as_object().unwrap();
    let truth = |text: &str| condition(text).expression.truth(state);
    for (left, first) in PARTS {
        assert_eq!(truth(left), first);
        assert_eq!(truth(&format!("not {left}")), first.map(|it| !it));
        for (right, second) in PARTS {
            let and = match (first, second) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            let or = match (first, second) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
            assert_eq!(truth(&format!("{left} and {right}")), and, "{left} and {right}");
            assert_eq!(truth(&format!("{left} or {right}")), or, "{left} or {right}");
        }
    }
}

#[test]
fn not_binds_before_and_and_and_before_or() {
    for (text, grouped) in [
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("not a and b", "(not a) and b"),
        ("not a or b", "(not a) or b"),
    ] {
        let filled = |text: &str| {
            let mut filled = text.to_owned();
            for (name, comparison) in [("a", "health = 1"), ("b", "health = 2"), ("c", "health = 3")] {
                let words = filled.split_inclusive(' ').map(|word| {
                    let core = word.trim_matches(['(', ')', ' ']);
                    if core == name { word.replace(name, comparison) } else { word.to_owned() }
                });
                filled = words.collect();
            }
            filled
        };
        for score in 0..4 {
            let state = json!({"overall_health_score": score});
            let truth = |text: &str| condition(&filled(text)).expression.truth(state.as_object().unwrap());
            assert_eq!(truth(text), truth(grouped), "{text} for {score}");
        }
    }
}
