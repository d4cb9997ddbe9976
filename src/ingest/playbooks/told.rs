//! A row as its fields tell it, and everything else by name. It must never drop anything that a row says.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::PlaybookFault;
use super::fields::PlaybookField;
use super::logs::StreamRun;
use super::names::{Candidate, Meaning, Names};
use crate::ingest::columns::Field;
use crate::model::names::loose_key;

/// What a report is made of where it stands among the members of its execution.
const REPORT: [&str; 2] = ["executivesummary", "outcomesachieved"];

/// What a row tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The text of each field that has one, never blank.
    texts: HashMap<PlaybookField, String>,
    /// The report, where it is an object of its own.
    report: Option<Map<String, Value>>,
    /// Everything else, by name, as it stands.
    rest: Map<String, Value>,
    /// How many fields are there and blank.
    pub(super) blanks: u32,
}

impl Told {
    /// What an element tells; `is_blank` tells which texts say nothing.
    ///
    /// # Errors
    /// A field holds a list, or two members of equal right hold different texts for it.
    pub(super) fn of_element(
        element: &Map<String, Value>,
        names: &Names,
        is_blank: &impl Fn(&str) -> bool,
    ) -> Result<Self, PlaybookFault> {
        let candidates = names.candidates(element);
        let mut told = Self::default();
        let mut taken = HashSet::new();
        for field in PlaybookField::ALL {
            let found = candidates.iter().filter(|candidate| candidate.field == *field);
            let said: Vec<_> = found.clone().filter(|found| !is_nothing(found.value, is_blank)).collect();
            match said.as_slice() {
                [] => told.blanks += u32::from(found.count() > 0),
                [best, others @ ..] => {
                    if told.take(best, others)? && best.is_member {
                        taken.insert(best.member);
                    }
                }
            }
        }
        let kept = |(name, value): &(&String, &Value)| {
            !taken.contains(name.as_str())
                && names.meaning(name) != Meaning::PassedOver
                && !is_nothing(value, &str::is_empty)
        };
        told.rest = element.iter().filter(kept).map(|(name, value)| (name.clone(), value.clone())).collect();
        Ok(told)
    }

    /// Takes the best of what a field is told by; false where it is to stay among the rest too.
    fn take(&mut self, best: &Candidate<'_>, others: &[&Candidate<'_>]) -> Result<bool, PlaybookFault> {
        match (best.field, best.value) {
            (PlaybookField::Report, Value::Object(report)) => self.report = Some(report.clone()),
            (PlaybookField::Report | PlaybookField::Results, _) => return Ok(false),
            (field, value) => {
                let text = text(field, value)?;
                let differs = |other: &&&Candidate<'_>| {
                    other.rank == best.rank && self::text(field, other.value).as_ref() != Ok(&text)
                };
                if others.iter().find(differs).is_some() {
                    let expected = "expected one value, found two members that differ";
                    return Err(PlaybookFault::of(field, "two_values", expected)
                        .with_hint("say with --map which one counts"));
                }
                self.texts.insert(field, text.into_owned());
            }
        }
        Ok(best.field.is_taken())
    }

    /// What the events of a stream tell of an execution.
    pub(super) fn of_run(run: StreamRun) -> Self {
        let status = run.status.map(|status| status.code().to_owned());
        let texts = [
            (PlaybookField::ExecutionId, Some(run.execution_id)),
            (PlaybookField::Playbook, run.playbook),
            (PlaybookField::Status, status),
            (PlaybookField::Started, run.started),
            (PlaybookField::Completed, run.completed),
            (PlaybookField::CurrentStep, run.current_step),
        ];
        let texts = texts.into_iter().filter_map(|(field, text)| Some((field, text?))).collect();
        Self { texts, rest: run.details, ..Self::default() }
    }

    /// The text of a field; None where it says nothing.
    pub(super) fn text(&self, field: PlaybookField) -> Option<&str> {
        self.texts.get(&field).map(String::as_str)
    }

    /// The report, and what else the row says.
    ///
    /// Where a row has a report's members and tells of no state, it is a report of its own: all of it is.
    pub(super) fn into_report(self, has_status: bool) -> (Option<Map<String, Value>>, Map<String, Value>) {
        if !self.rest.keys().any(|name| is_report_member(name)) {
            return (self.report, self.rest);
        }
        let (own, rest): (Map<_, _>, Map<_, _>) =
            self.rest.into_iter().partition(|(name, _)| !has_status || is_report_member(name));
        let mut report = self.report.unwrap_or_default();
        report.extend(own);
        (Some(report), rest)
    }
}

/// Whether this is what a report is told by, wherever it stands.
pub(super) fn is_report_member(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    REPORT.contains(&loose_key(last).as_str())
}

/// Whether a value says nothing.
fn is_nothing(value: &Value, is_blank: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => is_blank(text.trim()),
        _ => false,
    }
}

/// The text of a field's value, trimmed; numbers as they are written.
fn text(field: PlaybookField, value: &Value) -> Result<Cow<'_, str>, PlaybookFault> {
    match value {
        Value::String(text) => Ok(Cow::Borrowed(text.trim())),
        Value::Number(_) | Value::Bool(_) => Ok(Cow::Owned(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(PlaybookFault::of(field, "not_a_text", "expected a text or a number, found a list"))
        }
    }
}

#[cfg(test)]
impl Told {
    /// What a JSON value tells by the plain names.
    pub(super) fn sample(row: &Value) -> Result<Self, PlaybookFault> {
        use crate::ingest::columns::Ranks;
        let names = Names::new(Ranks::new(&[]), &[]);
        let is_blank = |text: &str| text.is_empty() || text == "N/A";
        Self::of_element(row.as_object().unwrap(), &names, &is_blank)
    }
}
