//! Texts of customers on their way to a language model: contacts masked, long ones cut.

use serde_json::{Map, Value};

use crate::model::contacts::{MASKED_PHONE, mask, mask_addresses};
use crate::report::snapshot::TopKpi;
use crate::report::text::is_treacherous;

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

    /// An id that another system gave: it may be as long as a phone number is, and keeps its digits.
    pub(super) fn id(&mut self, text: &str) -> String {
        let visible = visible(text);
        if self.with_contacts {
            return cut(&visible, LONGEST_VALUE);
        }
        let (masked, count) = mask_addresses(&visible);
        self.masked = self.masked.saturating_add(count);
        cut(&masked, LONGEST_VALUE)
    }

    /// Any JSON, its texts masked, and its names too: attributes bear whatever names the files give.
    pub(super) fn value(&mut self, value: &Value) -> Value {
        self.json(value, LONGEST_VALUE)
    }

    /// The value of a field of this name.
    pub(super) fn member(&mut self, name: &str, value: &Value) -> Value {
        self.named(name, value, LONGEST_VALUE)
    }

    /// An object, its names and values.
    pub(super) fn object(&mut self, object: &Map<String, Value>) -> Map<String, Value> {
        self.members(object, LONGEST_VALUE)
    }

    /// A report of a playbook, whose texts are as long as notes are.
    pub(super) fn report(&mut self, report: &Map<String, Value>) -> Map<String, Value> {
        self.members(report, LONGEST_TEXT)
    }

    /// A KPI: its words come from files.
    pub(super) fn kpi(&mut self, kpi: &TopKpi) -> TopKpi {
        TopKpi {
            kpi_name: self.value_text(&kpi.kpi_name),
            product: kpi.product.as_deref().map(|product| self.value_text(product)),
            ..kpi.clone()
        }
    }

    fn json(&mut self, value: &Value, longest: usize) -> Value {
        match value {
            Value::String(text) => Value::String(cut(&self.masked_text(text), longest)),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.json(item, longest)).collect()),
            Value::Object(object) => Value::Object(self.members(object, longest)),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn members(&mut self, object: &Map<String, Value>, longest: usize) -> Map<String, Value> {
        let mut members = Map::with_capacity(object.len());
        for (name, value) in object {
            let shown = self.named(name, value, longest);
            members.insert(self.value_text(name), shown);
        }
        members
    }

    /// A number is one to dial where its name says so.
    fn named(&mut self, name: &str, value: &Value, longest: usize) -> Value {
        if self.with_contacts || value.is_null() || !names_a_phone(name) {
            return self.json(value, longest);
        }
        self.masked = self.masked.saturating_add(1);
        Value::from(MASKED_PHONE)
    }

    fn masked_text(&mut self, text: &str) -> String {
        let visible = visible(text);
        if self.with_contacts {
            return visible;
        }
        let (masked, count) = mask(&visible);
        self.masked = self.masked.saturating_add(count);
        masked.into_owned()
    }
}

/// The text without what people do not see in it: an address may be hidden in two halves that way, and a whole
/// sentence in selectors of variants. Line ends stay.
fn visible(text: &str) -> String {
    let is_hidden = |character: &char| {
        let is_variation = matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        is_variation || is_treacherous(*character) && !character.is_whitespace()
    };
    text.chars().filter(|character| !is_hidden(character)).collect()
}

/// Whether a member of this name holds numbers to dial.
fn names_a_phone(name: &str) -> bool {
    let name = name.to_lowercase();
    ["phone", "mobile", "fax", "whatsapp", "telefon", "handy"].iter().any(|word| name.contains(word))
        || name
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| matches!(word, "tel" | "cell"))
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
        let kpi =
            TopKpi { kpi_name: "of jo@a.example".into(), product: Some("+49 30 1234567".into()), ..kpi() };
        let kpi = masker.kpi(&kpi);
        assert_eq!((kpi.kpi_name.as_str(), kpi.product.as_deref()), ("of [e-mail]", Some("[phone]")));
    }

    fn kpi() -> TopKpi {
        TopKpi {
            kpi_name: String::new(),
            product: None,
            value: None,
            unit: None,
            category: None,
            impact_level: None,
            score: None,
            health_status: None,
        }
    }

    #[test]
    fn numbers_are_masked_where_the_name_says_that_they_are_to_dial() {
        let value = serde_json::json!({"Phone": 4_930_123_456_i64, "Tel.": "12", "Hotel": 7, "Seats": 4_930_123_456_i64});
        let masked = Masker::new(false).value(&value).to_string();
        assert_eq!(masked, r#"{"Phone":"[phone]","Tel.":"[phone]","Hotel":7,"Seats":4930123456}"#);
        assert_eq!(Masker::new(true).value(&value), value);
    }

    #[test]
    fn what_nobody_sees_hides_nothing() {
        let mut masker = Masker::new(false);
        assert_eq!(
            masker.value_text("jo\u{200b}@\u{ad}a.example, +49\u{2060} 30 12\u{fe0f}34567"),
            "[e-mail], [phone]"
        );
        assert_eq!(masker.value_text("plain\u{e0041}\u{e0101}\u{202e}"), "plain");
        assert_eq!(masker.long_text("one\ntwo\u{1b}"), "one\ntwo");
        assert_eq!(masker.id("0038427716 of jo@a.example"), "0038427716 of [e-mail]");
    }
}
