//! Why a condition holds: its comparisons with the values that were compared.

use serde_json::{Map, Value};

use super::expression::{Comparison, Expression};
use super::operand::literal;
use crate::model::snapshot::fields::FieldKind;

/// How many values of a list are shown.
const SHOWN_VALUES: usize = 5;

/// How many characters of a text are shown.
const SHOWN_CHARACTERS: usize = 60;

impl Expression {
    /// The comparisons with their values; of alternatives that hold, the first one that does.
    pub(super) fn why(&self, state: &Map<String, Value>) -> String {
        self.deciding(state).joined(&|comparison| comparison.why(state))
    }

    /// The same without the alternatives that did not decide.
    fn deciding(&self, state: &Map<String, Value>) -> Self {
        match self {
            Self::Any(parts) => {
                let holds = parts.iter().find(|part| part.truth(state) == Some(true));
                holds.map_or_else(|| self.clone(), |part| part.deciding(state))
            }
            Self::All(parts) => Self::All(parts.iter().map(|part| part.deciding(state)).collect()),
            Self::Not(_) | Self::Compare(_) => self.clone(),
        }
    }
}

impl Comparison {
    fn why(&self, state: &Map<String, Value>) -> String {
        let value = match (self.field.value(state), self.field.kind()) {
            (Value::String(moment), FieldKind::Day | FieldKind::Instant) => moment.clone(),
            (value, _) => shown(value),
        };
        format!("{} {value} {}", self.field, self.test)
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::String(text) => literal(&shortened(text)),
        Value::Array(items) => {
            let more = if items.len() > SHOWN_VALUES { ", …" } else { "" };
            let items: Vec<String> = items.iter().take(SHOWN_VALUES).map(shown).collect();
            format!("[{}{more}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
