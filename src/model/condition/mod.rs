//! Conditions: `revenue > 1000000 and health < 70 and status in [active, at-risk]`.
//!
//! Schedule rules, recommendations and `--where` share this one language. It compares fields of a snapshot with
//! values, and joins comparisons by `and`, `or`, `not` and brackets; there are no functions, no arithmetic and no
//! comparison of two fields, so that a condition always ends and never reaches beyond the account.
//!
//! Names are the fields of a snapshot's JSON, `attributes.NAME` or `attributes."Key Contact"`, and short names
//! (`health`, `status`, `tier`, `csm`). Values are plain numbers, dates, `true` and `false`, bare words, and texts
//! in quotes (a doubled quote is one). Case makes no difference, nor does a dash, an underscore or a space inside
//! a word. A list equals a value where one of its elements does. What is unknown makes a comparison unknown, `not
//! unknown` is unknown, and a condition that is unknown as a whole does not hold.

mod error;
mod expression;
mod field;
mod lexer;
mod operand;
mod parser;
#[cfg(test)]
mod tests;
mod truth;
mod why;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use error::ConditionError;
use expression::Expression;

/// A condition that was read; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    written: Arc<str>,
    expression: Arc<Expression>,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// The first thing that is not in the language, with its column and what was expected.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        Ok(Self { written: text.trim().into(), expression: Arc::new(parser::parse(text)?) })
    }

    /// As it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The fields of the snapshot that it compares, by their names in JSON, each once; `attributes` for all of those.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let mut names = BTreeSet::new();
        self.expression.visit(&mut |comparison| {
            names.insert(comparison.field.json_name());
        });
        names.into_iter()
    }

    /// Whether it holds for an account's state, which is a snapshot's JSON object. What is unknown does not hold.
    #[must_use]
    pub fn holds(&self, state: &Map<String, Value>) -> bool {
        self.expression.truth(state) == Some(true)
    }

    /// The comparisons with the values compared: `revenue 1200000 > 1000000`. Of alternatives that hold it tells
    /// the first.
    #[must_use]
    pub fn why(&self, state: &Map<String, Value>) -> String {
        self.expression.why(state)
    }
}

/// In its plainest form: one space between words, `=` for `==`, quotes only where they are needed.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}
