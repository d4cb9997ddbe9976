//! The values of a condition: what a literal means for the field that it is compared with.

use std::fmt;

use chrono::NaiveDate;

use super::error::ConditionError;
use super::field::is_clearly_a_field;
use super::lexer::{KEYWORDS, Token, TokenKind};
use crate::model::names::word_key;
use crate::model::snapshot::fields::FieldKind;
use crate::model::suggest::nearest;
use crate::model::time::Timestamp;

/// A value that a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    /// A number.
    Number(Number),
    /// A text, whose key is compared.
    Text {
        /// As it was written.
        written: String,
        /// As it is compared.
        key: String,
    },
    /// A text of which every letter counts.
    Key(String),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    Instant(Timestamp),
    /// True or false.
    Boolean(bool),
}

/// A finite number that is not -0, so that equality is total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number(f64);

impl Eq for Number {}

impl Number {
    /// The number itself.
    pub(super) const fn get(self) -> f64 {
        self.0
    }

    /// Reads digits with at most one point and a sign; no exponent, no separators, nothing too large.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
        // Adding 0 turns -0 into 0.
        (is_plain(whole) && is_plain(decimals)).then_some(Self(number + 0.0))
    }
}

/// The value of a literal for a field that holds `kind`.
pub(super) fn operand(token: &Token, kind: FieldKind) -> Result<Operand, ConditionError> {
    let (written, is_bare) = match &token.kind {
        TokenKind::Word(_) if token.kind.is_any_keyword() => return Err(no_value(token, kind)),
        TokenKind::Word(word) if is_clearly_a_field(word) => {
            let got = format!("the field '{word}'");
            return Err(ConditionError::expected(token.column, "a value (put a text in quotes)", got));
        }
        TokenKind::Word(word) => (word.as_str(), true),
        TokenKind::Quoted(text) => (text.as_str(), false),
        _ => return Err(no_value(token, kind)),
    };
    let read = match kind {
        FieldKind::Number => number(written).filter(|_| is_bare),
        FieldKind::Text | FieldKind::Texts => Some(text(written)),
        FieldKind::Key => Some(Operand::Key(written.trim().to_owned())),
        FieldKind::Word(words) => word(written, words),
        FieldKind::Day => day(written),
        FieldKind::Instant => day(written).or_else(|| instant(written)),
        FieldKind::Boolean => boolean(written).filter(|_| is_bare),
        FieldKind::Attributes => Some(of_attribute(written, is_bare)),
        FieldKind::Structure => None,
    };
    read.ok_or_else(|| wrong_kind(token, written, kind))
}

fn number(written: &str) -> Option<Operand> {
    Number::parse(written).map(Operand::Number)
}

fn text(written: &str) -> Operand {
    Operand::Text { written: written.trim().to_owned(), key: word_key(written) }
}

fn word(written: &str, words: &[&str]) -> Option<Operand> {
    let key = word_key(written);
    words.iter().find(|word| word_key(word) == key).map(|word| text(word))
}

fn day(written: &str) -> Option<Operand> {
    let has_shape = written.len() == "2027-01-01".len();
    has_shape.then(|| written.parse().ok()).flatten().map(Operand::Day)
}

fn instant(written: &str) -> Option<Operand> {
    Timestamp::parse(written).ok().map(Operand::Instant)
}

fn boolean(written: &str) -> Option<Operand> {
    match written.to_ascii_lowercase().as_str() {
        "true" => Some(Operand::Boolean(true)),
        "false" => Some(Operand::Boolean(false)),
        _ => None,
    }
}

/// An attribute has no kind of its own: the literal's is taken, and one in quotes is a text.
fn of_attribute(written: &str, is_bare: bool) -> Operand {
    let typed = is_bare.then(|| number(written).or_else(|| day(written))).flatten();
    typed.unwrap_or_else(|| text(written))
}

fn no_value(token: &Token, kind: FieldKind) -> ConditionError {
    let quoted = matches!(&token.kind, TokenKind::Word(_)).then(|| token.kind.to_string());
    ConditionError::expected(token.column, expected(kind), &token.kind).or_rather(quoted)
}

fn wrong_kind(token: &Token, written: &str, kind: FieldKind) -> ConditionError {
    let meant = match kind {
        FieldKind::Number => plain_number(written),
        FieldKind::Word(words) => nearest(written, words.iter().copied()).map(str::to_owned),
        FieldKind::Boolean => boolean(written).map(|meant| meant.to_string()),
        _ => None,
    };
    ConditionError::expected(token.column, expected(kind), &token.kind).or_rather(meant)
}

/// What a field of this kind is compared with.
fn expected(kind: FieldKind) -> String {
    match kind {
        FieldKind::Number => "a number such as 70 or 1200000.50".to_owned(),
        FieldKind::Word(words) => format!("one of {}", words.join(", ")),
        FieldKind::Day => "a date such as 2027-01-31".to_owned(),
        FieldKind::Instant => {
            "a date such as 2027-01-31 or an instant such as 2027-01-31T10:00:00Z".to_owned()
        }
        FieldKind::Boolean => "true or false".to_owned(),
        FieldKind::Attributes => "a number, a date or a text".to_owned(),
        FieldKind::Text | FieldKind::Key | FieldKind::Texts | FieldKind::Structure => "a text".to_owned(),
    }
}

/// How a number with separators, an exponent or a suffix is written plainly.
fn plain_number(written: &str) -> Option<String> {
    let bare: String = written
        .chars()
        .filter(|sign| !matches!(sign, '_' | ',' | '$' | ' '))
        .collect::<String>()
        .to_ascii_lowercase();
    let (digits, zeros) = [("mm", 6), ("k", 3), ("m", 6), ("b", 9)]
        .iter()
        .find_map(|(suffix, zeros)| Some((bare.strip_suffix(suffix)?, *zeros)))
        .unwrap_or((&bare, 0));
    let scaled = format!("{digits}e{zeros}").parse::<f64>().or_else(|_| digits.parse::<f64>()).ok()?;
    let sized = scaled.is_finite() && scaled.abs() < 1e15;
    sized.then(|| scaled.to_string())
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{}", number.get()),
            Self::Text { written, .. } | Self::Key(written) => f.write_str(&literal(written)),
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at) => write!(f, "{at}"),
            Self::Boolean(value) => write!(f, "{value}"),
        }
    }
}

/// A text as a condition has it: bare where nothing else could be meant, else in quotes.
pub(super) fn literal(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
        && !KEYWORDS.iter().any(|keyword| text.eq_ignore_ascii_case(keyword))
        && !is_clearly_a_field(text);
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::new();
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    push_quoted(&mut quoted, text, quote);
    quoted
}

/// Appends a text in quotes; a quote in it is doubled.
pub(super) fn push_quoted(to: &mut String, text: &str, quote: char) {
    to.push(quote);
    for letter in text.chars() {
        to.push(letter);
        if letter == quote {
            to.push(quote);
        }
    }
    to.push(quote);
}
