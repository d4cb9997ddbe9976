//! What stands in one cell, of CSV or of JSON.

use std::borrow::Cow;

use serde_json::Value;

use super::json::value::{number_value, value_of};

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ingest) enum Cell<'r> {
    /// Nothing: an empty cell, null, no such key, an empty list or object.
    Blank,
    /// Text, as it stands in the file.
    Text(Cow<'r, str>),
    /// A number of JSON, in its own digits.
    Number(&'r str),
    /// A true or false of JSON.
    Flag(bool),
    /// A list of JSON.
    List(Vec<Value>),
}

impl<'r> Cell<'r> {
    /// A cell of CSV.
    pub(super) fn of_text(text: &'r str) -> Self {
        if text.trim().is_empty() { Self::Blank } else { Self::Text(Cow::Borrowed(text)) }
    }

    /// A value of JSON, by its text; none of an object, which has cells of its own.
    pub(in crate::ingest) fn of_json(raw: &'r str) -> Self {
        match raw.bytes().next() {
            Some(b'-' | b'0'..=b'9') => Self::Number(raw),
            Some(b't' | b'f') => Self::Flag(raw == "true"),
            // Without an escape the text stands between the quotes.
            Some(b'"') if !raw.contains('\\') => Self::of_text(raw.trim_matches('"')),
            Some(b'"') => match value_of(raw) {
                Some(Value::String(text)) if !text.trim().is_empty() => Self::Text(Cow::Owned(text)),
                _ => Self::Blank,
            },
            Some(b'[') => match value_of(raw) {
                Some(Value::Array(list)) if !list.is_empty() => Self::List(list),
                _ => Self::Blank,
            },
            _ => Self::Blank,
        }
    }

    /// Whether it says nothing.
    pub(in crate::ingest) fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }

    /// Its text: of a list the items, with semicolons between them.
    pub(in crate::ingest) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Blank => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Borrowed(number),
            Self::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::List(items) => Cow::Owned(items.iter().map(item_text).collect::<Vec<_>>().join("; ")),
        }
    }

    /// The items of a list: of text they are parted by `;`, `,`, `|` or line ends. Trimmed, each once.
    pub(in crate::ingest) fn items(&self) -> Vec<String> {
        let mut items: Vec<String> = Vec::new();
        let mut add = |item: &str| {
            let item = item.trim();
            if !item.is_empty() && !items.iter().any(|known| known == item) {
                items.push(item.to_owned());
            }
        };
        match self {
            Self::List(list) => list.iter().for_each(|item| add(&item_text(item))),
            cell => cell.text().split([';', ',', '|', '\n', '\r']).for_each(add),
        }
        items
    }

    /// As JSON: text trimmed, everything else as it is; None of a blank.
    pub(in crate::ingest) fn to_value(&self) -> Option<Value> {
        Some(match self {
            Self::Blank => return None,
            Self::Text(text) => Value::from(text.trim()),
            Self::Number(number) => number_value(number),
            Self::Flag(flag) => Value::from(*flag),
            Self::List(list) => Value::from(list.clone()),
        })
    }
}

fn item_text(item: &Value) -> Cow<'_, str> {
    match item {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_json_keep_their_kind_and_their_digits() {
        for (raw, text, value) in [
            ("\"02478\"", "02478", Value::from("02478")),
            ("\" a\\u00e9\\n \"", " aé\n ", Value::from("aé")),
            ("148000.10", "148000.10", Value::from(148_000.1)),
            ("12345678901234567890123", "12345678901234567890123", Value::from("12345678901234567890123")),
            ("true", "true", Value::from(true)),
            ("[1, \"b\"]", "1; b", serde_json::json!([1, "b"])),
        ] {
            let cell = Cell::of_json(raw);
            assert_eq!((cell.text().as_ref(), cell.to_value()), (text, Some(value)), "{raw}");
        }
        for raw in ["null", "\"\"", "\" \\n\"", "[]", "{}", ""] {
            assert!(Cell::of_json(raw).is_blank(), "{raw}");
        }
    }

    #[test]
    fn lists_are_cut_trimmed_and_each_item_kept_once() {
        assert_eq!(Cell::of_text("Core; Pro ,Core|\nPlus;;").items(), ["Core", "Pro", "Plus"]);
        assert_eq!(Cell::of_json("[\"a; b\", \" a; b\", null, 3]").items(), ["a; b", "3"]);
        assert!(Cell::of_text(" ").items().is_empty());
    }
}
