//! What is not in the language, with the column and the words in which it is refused.

use super::Condition;
use crate::model::condition::parser::DEPTH;

const FIELD: &str = "expected a field's name, not or '('";
const AFTER: &str = "expected =, !=, <, <=, >, >=, in or not in after";

fn unexpected(column: usize, got: &str) -> String {
    format!("column {column}: expected a name, a value, a comparison, and, or, not or a bracket, got {got}")
}

/// A text, and what is said of it.
fn refusals() -> Vec<(&'static str, String)> {
    let end = "expected and, or or the end";
    vec![
        ("", format!("column 1: {FIELD}, got the end")),
        ("   ", format!("column 4: {FIELD}, got the end")),
        ("revenue", format!("column 8: {AFTER} revenue, got the end")),
        ("revenue >", "column 10: expected a number such as 70 or 1200000.50, got the end".into()),
        ("revenue > 1 and", format!("column 16: {FIELD}, got the end")),
        ("and revenue > 1", format!("column 1: {FIELD}, got 'and'")),
        ("(revenue > 1", "column 13: expected and, or or ')', got the end".into()),
        ("revenue > 1)", format!("column 12: {end}, got ')'")),
        ("revnue > 1", "column 1: expected a field of the snapshot, got 'revnue'; did you mean revenue?".into()),
        ("helth<7", "column 1: expected a field of the snapshot, got 'helth'; did you mean health?".into()),
        ("renewal < 30", "column 1: expected a field of the snapshot, got 'renewal'; did you mean renewal_date or days_to_renewal?".into()),
        ("70 > health", "column 1: expected a field's name, got '70'".into()),
        ("'health' > 70", format!("column 1: {FIELD}, got the text 'health'")),
        ("health > 'abc'", "column 10: expected a number such as 70 or 1200000.50, got the text 'abc'".into()),
        ("health > '70'", "column 10: expected a number such as 70 or 1200000.50, got the text '70'; did you mean 70?".into()),
        ("revenue > 1_000_000", "column 11: expected a number such as 70 or 1200000.50, got '1_000_000'; did you mean 1000000?".into()),
        ("revenue > 1.5M", "column 11: expected a number such as 70 or 1200000.50, got '1.5M'; did you mean 1500000?".into()),
        ("revenue > 1e6", "column 11: expected a number such as 70 or 1200000.50, got '1e6'; did you mean 1000000?".into()),
        ("revenue > 1,000", format!("column 12: {end} (numbers have no separators), got ','")),
        ("revenue > -", "column 11: expected a name, a value, a comparison, and, or, not or a bracket, got '-'".into()),
        ("revenue > $5", "column 11: expected a name, a value, a comparison, and, or, not or a bracket, got '$'".into()),
        ("revenue + 1 > 2", "column 9: expected a name, a value, a comparison, and, or, not or a bracket, got '+'".into()),
        ("revenue -1 > 2", format!("column 9: {AFTER} revenue, got '-1'")),
        ("count(tags) > 1", "column 1: expected a field of the snapshot, got 'count'".into()),
        ("health(1) > 2", format!("column 7: {AFTER} health, got '('")),
        ("health in (select 1)", "column 11: expected a list such as [one, two], got '('; did you mean [?".into()),
        ("health in 70", "column 11: expected a list such as [one, two], got '70'".into()),
        ("health in []", "column 12: expected a number such as 70 or 1200000.50, got ']'".into()),
        ("health in [1,]", "column 14: expected a number such as 70 or 1200000.50, got ']'".into()),
        ("health in [1 2]", "column 14: expected ',' or ']', got '2'; did you mean '1 2'?".into()),
        ("health between 1 and 2", format!("column 8: {AFTER} health, got 'between'")),
        ("tags like x", format!("column 6: {AFTER} tags, got 'like'")),
        ("status is null", format!("column 8: {AFTER} status, got 'is'")),
        ("status = ", "column 10: expected a text, got the end".into()),
        ("status = At Risk", format!("column 13: {end}, got 'Risk'; did you mean 'At Risk'?")),
        ("status in [At Risk]", "column 15: expected ',' or ']', got 'Risk'; did you mean 'At Risk'?".into()),
        ("status = not", "column 10: expected a text, got 'not'; did you mean 'not'?".into()),
        ("status > active", "column 8: expected =, !=, in or not in after status, which is no number and no date, got '>'".into()),
        ("status = 'active", "column 10: expected an end of this text ('), got none".into()),
        ("status = “active”", "column 10: expected a name, a value, a comparison, and, or, not or a bracket, got '“'; did you mean \"?".into()),
        ("health < 70 && tier = A", "column 13: expected a name, a value, a comparison, and, or, not or a bracket, got '&'; did you mean and?".into()),
        ("health < 70 | tier = A", unexpected(13, "'|'; did you mean or?")),
        ("health ≤ 70", unexpected(8, "'≤'; did you mean <=?")),
        ("health ≥ 70", unexpected(8, "'≥'; did you mean >=?")),
        ("health ≠ 70", unexpected(8, "'≠'; did you mean !=?")),
        ("status = ‘active’", unexpected(10, "'‘'; did you mean '?")),
        ("status in {active}", unexpected(11, "'{'; did you mean [?")),
        ("status in [active}", unexpected(18, "'}'; did you mean ]?")),
        ("region'EMEA' = 1", format!("column 7: {AFTER} region, got the text 'EMEA'")),
        ("status = At in", format!("column 13: {end}, got 'in'")),
        ("revenue > 1_000_000_000_000_000", "column 11: expected a number such as 70 or 1200000.50, got '1_000_000_000_000_000'".into()),
        ("!health < 70", "column 1: expected a name, a value, a comparison, and, or, not or a bracket, got '!'; did you mean not?".into()),
        ("account_owner = assigned_csm", "column 17: expected a value (put a text in quotes), got the field 'assigned_csm'".into()),
        ("renewal_date < 2027-02-30", "column 16: expected a date such as 2027-01-31, got '2027-02-30'".into()),
        ("renewal_date < 90d", "column 16: expected a date such as 2027-01-31, got '90d'".into()),
        ("is_significant_change", format!("column 22: {AFTER} is_significant_change, got the end")),
        ("pinned = yes", "column 10: expected true or false, got 'yes'".into()),
        ("pinned = 'true'", "column 10: expected true or false, got the text 'true'; did you mean true?".into()),
        ("health_score_trend = improoving", "column 22: expected one of improving, declining, stable, got 'improoving'; did you mean improving?".into()),
        ("sources = x", "column 1: expected a field with a single value or a list of texts, got 'sources'".into()),
        ("attributes = x", "column 1: expected an attribute's name such as attributes.Segment or attributes.\"Key Contact\", got none".into()),
        ("attributes.'' = x", "column 1: expected an attribute's name such as attributes.Segment or attributes.\"Key Contact\", got none".into()),
        ("attributes.Seats > many", "column 20: expected a number or a date after '>', got 'many'".into()),
        ("health > 1; drop", "column 11: expected a name, a value, a comparison, and, or, not or a bracket, got ';'".into()),
        ("health > 1 health < 3", format!("column 12: {end}, got 'health'; did you mean '1 health'?")),
        ("région > 1 é", "column 1: expected a field of the snapshot, got 'région'; did you mean region?".into()),
    ]
}

#[test]
fn what_is_not_in_the_language_is_refused_with_its_column() {
    for (text, said) in refusals() {
        let error = Condition::parse(text).expect_err(text);
        assert_eq!(error.to_string(), said, "{text}");
    }
}

#[test]
fn brackets_and_nots_have_a_depth() {
    let nested = |depth: usize| format!("{}health > 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Condition::parse(&nested(DEPTH)).is_ok());
    let error = Condition::parse(&nested(DEPTH + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column 65: expected at most 64 brackets and nots inside each other, got one more"
    );
    assert!(Condition::parse(&nested(100_000)).is_err());
    assert!(Condition::parse(&format!("{}health > 1", "not ".repeat(100_000))).is_err());
    let flat = vec!["health > 1"; 10_000].join(" or ");
    assert!(Condition::parse(&flat).is_ok());
}
