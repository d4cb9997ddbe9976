//! Logs of automated runs: what a CI system or a runner writes instead of executions.
//!
//! None of them names an account. They are told by their own members, element by element, and never by the name of
//! the file.

mod ansible;
mod dispatcher;
pub(super) mod github;
mod stream;

pub(super) use stream::{StreamRun, Streams};

use serde_json::{Map, Value};

/// What an element of a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogElement {
    /// A run, job or check of GitHub Actions, whole.
    GitHub,
    /// One event of an Ansible Runner stream.
    AnsibleEvent,
    /// One event of a playbook dispatcher's stream.
    DispatcherEvent,
}

impl LogElement {
    /// What the element is; None where it is an execution like any other.
    pub(super) fn of(element: &Map<String, Value>) -> Option<Self> {
        if github::is_run(element) {
            Some(Self::GitHub)
        } else if ansible::is_event(element) {
            Some(Self::AnsibleEvent)
        } else if dispatcher::is_event(element) {
            Some(Self::DispatcherEvent)
        } else {
            None
        }
    }
}

/// The text of a member; None where it is absent, blank or no text.
fn text<'e>(element: &'e Map<String, Value>, name: &str) -> Option<&'e str> {
    element.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The members of an object inside the element; None where there is none.
fn object<'e>(element: &'e Map<String, Value>, name: &str) -> Option<&'e Map<String, Value>> {
    element.get(name).and_then(Value::as_object)
}

/// Moves members into another object, unless they are null.
fn keep(from: &Map<String, Value>, names: &[&str], into: &mut Map<String, Value>) {
    for name in names {
        if let Some(value) = from.get(*name).filter(|value| !value.is_null()) {
            into.insert((*name).to_owned(), value.clone());
        }
    }
}
