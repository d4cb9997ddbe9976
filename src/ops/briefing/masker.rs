//! Texts of customers on their way to a language model: contacts masked, long ones cut.

use serde_json::{Map, Value};

use crate::model::contacts::mask;

/// The longest that a single value may be, in characters.
const LONGEST_VALUE: usize = 200;
/// The longest that the text of a note or report may be.
const LONGEST_TEXT: usize = 800;

/// Masks and counts.
#[derive(Debug)]
pub(super) struct Masker {
    with_contacts: bool,
    /// How many addresses and numbers were masked.
    pub(super) masked: u32,
}

impl Masker {
    pub(super) fn new(with_contacts: bool) -> Self {
        Self { with_contacts, masked: 0 }
    }

    /// A short text: a name, a title, a value.
    pub(super) fn value_text(&mut self, text: &str) -> String {
        cut(&self.masked_text(text), LONGEST_VALUE)
    }

    /// A free text: the content of a note.
    pub(super) fn long_text(&mut self, text: &str) -> String {
        cut(&self.masked_text(text), LONGEST_TEXT)
    }

    /// Any JSON, its texts masked, and its names too: attributes bear whatever names the files give.
    pub(super) fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.value_text(text)),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(object) => Value::Object(self.object(object)),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// An object, its names and values.
    pub(super) fn object(&mut self, object: &Map<String, Value>) -> Map<String, Value> {
        object.iter().map(|(name, value)| (self.value_text(name), self.value(value))).collect()
    }

    fn masked_text(&mut self, text: &str) -> String {
        if self.with_contacts {
            return text.to_owned();
        }
        let (text, count) = mask(text);
        self.masked += count;
        text.into_owned()
    }
}

/// The text, cut to so many characters; a cut one says so.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{} [cut]", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_characters_and_say_so() {
        assert_eq!(cut("株式会社", 2), "株式 [cut]");
        assert_eq!(cut("short", 5), "short");
    }

    #[test]
    fn texts_are_masked_wherever_they_stand() {
        let mut masker = Masker::new(false);
        let value = serde_json::json!({"mail jo@a.example": ["x", {"y": "call 555 010 9999"}], "n": 5});
        let masked = masker.value(&value).to_string();
        assert_eq!(masked, r#"{"mail [e-mail]":["x",{"y":"call [phone]"}],"n":5}"#);
        assert_eq!(masker.masked, 2);
        assert_eq!(Masker::new(true).value(&value), value);
    }
}
