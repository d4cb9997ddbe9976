//! Whether a condition holds, in three values: what is not known makes a comparison neither true nor false.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::expression::{Comparison, Expression, Relation, Test};
use super::operand::Operand;
use crate::model::names::word_key;
use crate::model::time::Timestamp;

/// How a value stands to another; None where that is not known.
type Compared = Option<Standing>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Both are of one kind that has an order.
    Ordered(Ordering),
    /// They are not equal; neither is greater.
    Different,
}

impl Expression {
    /// Whether it holds for a state; None where that is not known.
    pub(super) fn truth(&self, state: &Map<String, Value>) -> Option<bool> {
        match self {
            Self::All(parts) => decided(parts, state, false),
            Self::Any(parts) => decided(parts, state, true),
            Self::Not(part) => part.truth(state).map(|holds| !holds),
            Self::Compare(comparison) => comparison.truth(state),
        }
    }
}

/// The truth of several parts of which one that is `decisive` decides; else one that is unknown leaves it unknown.
fn decided(parts: &[Expression], state: &Map<String, Value>, decisive: bool) -> Option<bool> {
    let mut truth = Some(!decisive);
    for part in parts {
        match part.truth(state) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => truth = None,
        }
    }
    truth
}

impl Comparison {
    /// Whether it holds for a state; None where that is not known.
    pub(super) fn truth(&self, state: &Map<String, Value>) -> Option<bool> {
        let value = self.field.value(state);
        match &self.test {
            Test::Is(Relation::Unequal, operand) => equals(value, operand).map(|equal| !equal),
            Test::Is(Relation::Equal, operand) => equals(value, operand),
            Test::Is(relation, operand) => match compare(value, operand)? {
                Standing::Ordered(ordering) => Some(relation.holds_for(ordering)),
                Standing::Different => None,
            },
            Test::In(operands) => is_any(value, operands),
            Test::NotIn(operands) => is_any(value, operands).map(|is| !is),
        }
    }
}

impl Relation {
    fn holds_for(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

fn is_any(value: &Value, operands: &[Operand]) -> Option<bool> {
    operands.iter().try_fold(false, |is, operand| equals(value, operand).map(|equal| is || equal))
}

/// Whether a value, or for a list one of its values, equals the operand.
fn equals(value: &Value, operand: &Operand) -> Option<bool> {
    let one = |value: &Value| compare(value, operand).map(|it| it == Standing::Ordered(Ordering::Equal));
    match value {
        Value::Array(items) => Some(items.iter().any(|item| one(item) == Some(true))),
        value => one(value),
    }
}

/// How a single value stands to the operand.
fn compare(value: &Value, operand: &Operand) -> Compared {
    if matches!(value, Value::Null | Value::Object(_) | Value::Array(_)) {
        return None;
    }
    let ordering = match operand {
        Operand::Number(number) => number_of(value).and_then(|value| value.partial_cmp(&number.get())),
        Operand::Text { key, .. } => (word_key(&text_of(value)) == *key).then_some(Ordering::Equal),
        Operand::Key(key) => (text_of(value) == *key).then_some(Ordering::Equal),
        Operand::Day(day) => day_of(value).map(|value| value.cmp(day)),
        Operand::Instant(at) => instant_of(value).map(|value| value.cmp(at)),
        Operand::Boolean(expected) => (value.as_bool() == Some(*expected)).then_some(Ordering::Equal),
    };
    Some(ordering.map_or(Standing::Different, Standing::Ordered))
}

/// A number, or a text that is one: attributes are kept as the source gave them.
fn number_of(value: &Value) -> Option<f64> {
    let text = || value.as_str()?.trim().parse::<f64>().ok();
    value.as_f64().or_else(text).filter(|number| number.is_finite())
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// A day, or the day of an instant in UTC.
fn day_of(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str()?.trim();
    text.parse().ok().or_else(|| Some(Timestamp::parse(text).ok()?.to_utc().date_naive()))
}

fn instant_of(value: &Value) -> Option<Timestamp> {
    Timestamp::parse(value.as_str()?).ok()
}
