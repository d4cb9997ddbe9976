//! Whatever is typed is read or refused; whatever is read can be written and read again.

use proptest::prelude::*;

use super::{Condition, state};

/// Pieces of conditions, right and wrong.
const PIECES: [&str; 36] = [
    "revenue",
    "health",
    "status",
    "tags",
    "attributes.x",
    "attributes.\"a b\"",
    "renewal_date",
    "pinned",
    "as_of",
    "and",
    "or",
    "not",
    "in",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "==",
    "!=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "1",
    "-2.50",
    "2027-01-01",
    "true",
    "At-Risk",
    "'a ''b'",
    "\"\"",
    "é",
    "$",
    "'",
];

/// A comparison that can be read.
fn comparison() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i32>().prop_map(|it| it.to_string()),
        (-1e6..1e6).prop_map(|it: f64| it.to_string())
    ];
    let text = "[^']{0,8}".prop_map(|text| format!("'{text}'"));
    let order = prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    prop_oneof![
        (order, number.clone()).prop_map(|(sign, number)| format!("revenue {sign} {number}")),
        prop::collection::vec(text.clone(), 1..4)
            .prop_map(|texts| format!("status not in [{}]", texts.join(","))),
        prop::collection::vec(number, 1..4).prop_map(|numbers| format!("health in [{}]", numbers.join(", "))),
        ("[a-z \"']{1,6}", text).prop_filter_map("a name", |(name, text)| {
            let name = name.replace('"', "\"\"");
            (!name.trim().is_empty()).then(|| format!("attributes.\"{name}\" = {text}"))
        }),
        Just("renewal_date <= 2027-01-31".to_owned()),
        Just("as_of > 2027-01-31T10:00:00.5Z".to_owned()),
        Just("attributes.Seats > 25".to_owned()),
        Just("is_significant_change = true".to_owned()),
    ]
}

/// A condition that can be read.
fn readable() -> impl Strategy<Value = String> {
    comparison().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" and ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" or ")),
            inner.clone().prop_map(|part| format!("not ({part})")),
            inner.prop_map(|part| format!("({part})")),
        ]
    })
}

proptest! {
    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = Condition::parse(&text);
    }

    #[test]
    fn pieces_in_any_order_are_read_or_refused(places in prop::collection::vec(0..PIECES.len(), 0..12)) {
        let text = places.iter().map(|place| PIECES[*place]).collect::<Vec<_>>().join(" ");
        match Condition::parse(&text) {
            Ok(condition) => prop_assert_eq!(&Condition::parse(&condition.to_string()).unwrap().expression, &condition.expression),
            Err(error) => prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1),
        }
    }

    #[test]
    fn what_is_written_reads_the_same(text in readable()) {
        let condition = Condition::parse(&text).unwrap();
        let again = Condition::parse(&condition.to_string()).unwrap();
        prop_assert_eq!(&again.expression, &condition.expression, "{}", condition);
        prop_assert_eq!(again.to_string(), condition.to_string());
        let state = state();
        prop_assert_eq!(again.holds(&state), condition.holds(&state));
        prop_assert!(!condition.why(&state).is_empty());
        let never = Condition::parse(&format!("({text}) and not ({text})")).unwrap();
        prop_assert!(!never.holds(&state));
    }
}
