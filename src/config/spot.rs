//! Full keys: how a place in the file is named in messages and origins.
//!
//! It only writes keys; which of them exist is for the readers to know.

use super::origin::Place;

/// Where a value or table stands.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// The keys that lead to it, as one would write them; a table of an array with its number, from 1.
    pub(super) path: String,
    /// The same with `*` for the names that are free to choose.
    pub(super) pattern: String,
    /// Where the value, or the header of the table, begins.
    pub(super) place: Place,
}

impl Spot {
    /// The whole file.
    pub(super) fn top(place: Place) -> Self {
        Self { path: String::new(), pattern: String::new(), place }
    }

    /// A key of this table.
    pub(super) fn below(&self, key: &str, place: Place) -> Self {
        Self { path: join(&self.path, &quoted(key)), pattern: join(&self.pattern, key), place }
    }

    /// A key of this table whose name is free to choose.
    pub(super) fn named(&self, name: &str, place: Place) -> Self {
        Self { path: join(&self.path, &quoted(name)), pattern: join(&self.pattern, "*"), place }
    }

    /// A table of an array, counted from 1.
    pub(super) fn item(&self, key: &str, number: usize, place: Place) -> Self {
        let path = format!("{}[{number}]", join(&self.path, key));
        Self { path, pattern: join(&self.pattern, key), place }
    }
}

/// A key below others; at the top it stands alone.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A key as TOML wants it written.
pub(super) fn quoted(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) { key.to_owned() } else { format!("{key:?}") }
}
