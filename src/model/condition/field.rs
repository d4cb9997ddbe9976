//! The names of a condition: which field of a snapshot each means.

use std::fmt;

use serde_json::{Map, Value};

use super::error::ConditionError;
use super::operand::push_quoted;
use crate::model::names::loose_key;
use crate::model::snapshot::fields::{FIELDS, FieldKind, kind_of};
use crate::model::suggest::nearest;

/// Short names, and the fields that they mean.
const SHORT: [(&str, &str); 4] = [
    ("health", "overall_health_score"),
    ("status", "account_status"),
    ("tier", "account_tier"),
    ("csm", "assigned_csm"),
];

/// What stands before an attribute's name.
const ATTRIBUTES: &str = "attributes";

/// A field that is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    /// A field of the snapshot.
    Own {
        /// The name that the condition uses: short, or the field's.
        written: &'static str,
        /// The field's name in JSON.
        name: &'static str,
        /// What it holds.
        kind: FieldKind,
    },
    /// One of the attributes, by its name.
    Attribute(String),
}

impl Field {
    /// The field of a name; case makes no difference.
    pub(super) fn named(word: &str, column: usize) -> Result<Self, ConditionError> {
        let name = word.to_ascii_lowercase();
        if let Some(rest) = word.get(ATTRIBUTES.len()..).filter(|_| name.starts_with(ATTRIBUTES))
            && let Some(attribute) = rest.strip_prefix('.').or(rest.is_empty().then_some(""))
        {
            return Self::attribute(attribute, column);
        }
        let short = SHORT.iter().find(|(short, _)| *short == name);
        let full = short.map_or(name.as_str(), |(_, full)| full);
        match FIELDS.iter().find(|(known, _)| *known == full) {
            Some((known, FieldKind::Structure)) => Err(not_comparable(known, column)),
            Some((known, kind)) => {
                Ok(Self::Own { written: short.map_or(known, |(short, _)| short), name: known, kind: *kind })
            }
            None => Err(unknown(word, column)),
        }
    }

    /// The attribute of a name.
    pub(super) fn attribute(name: &str, column: usize) -> Result<Self, ConditionError> {
        if name.trim().is_empty() {
            let expected = "an attribute's name such as attributes.Segment or attributes.\"Key Contact\"";
            return Err(ConditionError::expected(column, expected, "none"));
        }
        Ok(Self::Attribute(name.trim().to_owned()))
    }

    /// What it holds.
    pub(super) const fn kind(&self) -> FieldKind {
        match self {
            Self::Own { kind, .. } => *kind,
            Self::Attribute(_) => FieldKind::Attributes,
        }
    }

    /// The snapshot's field in which it is found.
    pub(super) const fn json_name(&self) -> &str {
        match self {
            Self::Own { name, .. } => name,
            Self::Attribute(_) => ATTRIBUTES,
        }
    }

    /// Its value in an account's state; null is unknown, and so is what is not there.
    pub(super) fn value<'s>(&self, state: &'s Map<String, Value>) -> &'s Value {
        let value = state.get(self.json_name());
        match self {
            Self::Own { .. } => value,
            Self::Attribute(name) => value.and_then(Value::as_object).and_then(|all| attribute(all, name)),
        }
        .unwrap_or(&Value::Null)
    }
}

/// The attribute of this very name, else the first whose name differs in case, spaces and punctuation alone.
fn attribute<'s>(attributes: &'s Map<String, Value>, name: &str) -> Option<&'s Value> {
    attributes.get(name).or_else(|| {
        let wanted = loose_key(name);
        attributes
            .iter()
            .find(|(known, _)| !wanted.is_empty() && loose_key(known) == wanted)
            .map(|(_, it)| it)
    })
}

/// Whether a word names a field beyond doubt: `region` may well be a value, `account_owner` hardly.
pub(super) fn is_clearly_a_field(word: &str) -> bool {
    word.contains('_') && kind_of(&word.to_ascii_lowercase()).is_some()
}

fn not_comparable(name: &str, column: usize) -> ConditionError {
    ConditionError::expected(column, "a field with a single value or a list of texts", format!("'{name}'"))
}

fn unknown(word: &str, column: usize) -> ConditionError {
    let is_name = word.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let expected = if is_name { "a field of the snapshot" } else { "a field's name" };
    let names = || SHORT.iter().map(|(short, _)| *short).chain(FIELDS.iter().map(|(name, _)| *name));
    let meant = nearest(word, names()).map(str::to_owned).or_else(|| containing(word));
    let meant = meant.filter(|_| is_name);
    ConditionError::expected(column, expected, format!("'{word}'")).or_rather(meant)
}

/// The fields that have the word in their name, where they are at most three.
fn containing(word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    let names: Vec<&str> = FIELDS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| name.split('_').any(|part| part == word))
        .collect();
    (1..=3).contains(&names.len()).then(|| names.join(" or "))
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own { written, .. } => f.write_str(written),
            Self::Attribute(name) => {
                let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                if is_plain {
                    return write!(f, "{ATTRIBUTES}.{name}");
                }
                let mut quoted = String::new();
                push_quoted(&mut quoted, name, '"');
                write!(f, "{ATTRIBUTES}.{quoted}")
            }
        }
    }
}
