//! Where a setting comes from, so that `config show --explain` can say which place won.
//!
//! Nothing here decides; precedence is the business of `settings` and `globals`.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// A place in the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The line, from 1.
    pub(super) line: u32,
    /// The column in characters, from 1.
    pub(super) column: u32,
}

/// A value of the configuration file and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed<T> {
    /// What was read.
    pub(super) value: T,
    /// Its full key, e.g. `customers.acme.cooldown.event_driven`.
    pub(super) key: String,
    /// Where the value begins.
    pub(super) place: Place,
}

impl<T> Placed<T> {
    /// The same place with what `change` makes of the value.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { value: change(self.value), key: self.key, place: self.place }
    }
}

/// What a setting was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "from", content = "at", rename_all = "snake_case")]
pub enum Origin {
    /// The flag of this name, e.g. `--db`.
    Flag(&'static str),
    /// The environment variable of this name, e.g. `ACCTSNAP_DB`.
    Environment(&'static str),
    /// The configuration file.
    File {
        /// The file, as it was given.
        path: PathBuf,
        /// The line of the value, from 1.
        line: u32,
        /// The full key.
        key: String,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "flag {name}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::File { path, line, key } => write!(f, "{}:{line} ({key})", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting that holds, and what it was taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<T> {
    /// The value that holds.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Resolved<T> {
    /// The same origin with what `change` makes of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Resolved<U> {
        Resolved { value: change(self.value), origin: self.origin }
    }

    /// A value that nobody set.
    pub(super) fn default_of(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}
