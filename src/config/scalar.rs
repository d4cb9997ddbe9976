//! Reads single TOML values: each function takes a value or says what it expected.
//!
//! None of them knows which key it reads for.

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::DeValue;

use crate::model::condition::Condition;
use crate::model::duration::Span;
use crate::model::suggest::nearest;

/// How much of a wrong value is shown.
const SHOWN_CHARACTERS: usize = 80;

/// Why a value cannot be taken: what was expected instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// E.g. `a duration such as 5m`.
    pub(super) expected: String,
    /// What was got, where that is not the whole value.
    pub(super) got: Option<String>,
    /// What was probably meant.
    pub(super) suggestion: Option<String>,
    /// After how many characters of a text the trouble begins.
    pub(super) within: Option<usize>,
}

impl Mismatch {
    /// Without a suggestion.
    pub(super) fn expected(what: impl Into<String>) -> Self {
        Self { expected: what.into(), got: None, suggestion: None, within: None }
    }
}

/// A value as a message shows it: shortened, text in quotes.
pub(super) fn shown(value: &DeValue<'_>) -> String {
    if value.is_str() { format!("'{}'", bare(value)) } else { bare(value) }
}

/// A value's own text, shortened.
pub(super) fn bare(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => match text.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_string(),
        },
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A text that is not blank, without outer space.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, Mismatch> {
    let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| Mismatch::expected("a text in quotes that is not blank"))
}

/// A text without outer space, which may be blank.
pub(super) fn text_or_empty(value: &DeValue<'_>) -> Result<String, Mismatch> {
    let text = value.as_str().map(str::trim);
    text.map(str::to_owned).ok_or_else(|| Mismatch::expected("a text in quotes"))
}

/// A condition over a snapshot's fields.
pub(super) fn condition(value: &DeValue<'_>) -> Result<Condition, Mismatch> {
    let example = || Mismatch::expected("a condition in quotes such as \"revenue > 1000000\"");
    Condition::parse(value.as_str().ok_or_else(example)?).map_err(|error| Mismatch {
        expected: error.expected,
        got: Some(error.got),
        suggestion: error.suggestion,
        within: Some(error.column.saturating_sub(1)),
    })
}

/// A list of texts that are not blank.
pub(super) fn texts(value: &DeValue<'_>) -> Result<Vec<String>, Mismatch> {
    let expected = || Mismatch::expected("a list of texts such as [\"one\", \"two\"]");
    let one = |item: &DeValue<'_>| text(item).map_err(|_| Mismatch { got: Some(shown(item)), ..expected() });
    value.as_array().ok_or_else(expected)?.iter().map(|item| one(item.get_ref())).collect()
}

/// `true` or `false`.
pub(super) fn boolean(value: &DeValue<'_>) -> Result<bool, Mismatch> {
    value.as_bool().ok_or_else(|| Mismatch::expected("true or false"))
}

/// A finite number, whole or not.
pub(super) fn number(value: &DeValue<'_>) -> Result<f64, Mismatch> {
    let number = match value {
        DeValue::Integer(_) => integer(value).and_then(|number| number.to_string().parse().ok()),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite()).ok_or_else(|| Mismatch::expected("a number"))
}

/// A finite number of at least 0.
pub(super) fn not_negative(value: &DeValue<'_>) -> Result<f64, Mismatch> {
    let expected = || Mismatch::expected("a number of at least 0");
    // Adding 0 turns -0 into 0, so that no sign survives in shown or hashed settings.
    number(value)
        .map_err(|_| expected())
        .and_then(|number| if number < 0.0 { Err(expected()) } else { Ok(number + 0.0) })
}

/// A whole number within limits, `expected` being what to call it.
pub(super) fn whole(
    limits: std::ops::RangeInclusive<u32>,
    expected: &'static str,
) -> impl Fn(&DeValue<'_>) -> Result<u32, Mismatch> {
    move |value| {
        let number = integer(value).and_then(|number| u32::try_from(number).ok());
        number.filter(|number| limits.contains(number)).ok_or_else(|| Mismatch::expected(expected))
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// One of a few words, each with what it means.
pub(super) fn one_of<T: Copy>(choices: &[(&'static str, T)]) -> impl Fn(&DeValue<'_>) -> Result<T, Mismatch> {
    move |value| {
        let word = value.as_str().map(str::trim);
        if let Some((_, meaning)) = choices.iter().find(|(name, _)| Some(*name) == word) {
            return Ok(*meaning);
        }
        let names = || choices.iter().map(|(name, _)| *name);
        let mut mismatch = Mismatch::expected(format!("one of {}", names().collect::<Vec<_>>().join(", ")));
        mismatch.suggestion = word.and_then(|word| nearest(word, names())).map(|name| format!("'{name}'"));
        Err(mismatch)
    }
}

/// A list of such words, each at most once.
pub(super) fn some_of<T: Copy + PartialEq>(
    choices: &[(&'static str, T)],
) -> impl Fn(&DeValue<'_>) -> Result<Vec<T>, Mismatch> {
    move |value| {
        let list = value.as_array().ok_or_else(|| {
            let names = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>();
            Mismatch::expected(format!("a list of some of {}", names.join(", ")))
        })?;
        let mut taken = Vec::new();
        for item in list.iter() {
            let choice = one_of(choices)(item.get_ref())
                .map_err(|mismatch| Mismatch { got: Some(shown(item.get_ref())), ..mismatch })?;
            if !taken.contains(&choice) {
                taken.push(choice);
            }
        }
        Ok(taken)
    }
}

/// A duration without calendar units, in milliseconds.
pub(super) fn millis(value: &DeValue<'_>) -> Result<i64, Mismatch> {
    let length = value.as_str().and_then(|text| Span::parse(text).ok());
    length.and_then(Span::millis).ok_or_else(|| Mismatch::expected("a duration such as 5m or 1h30m"))
}

/// A duration, calendar units allowed.
pub(super) fn length(value: &DeValue<'_>) -> Result<Span, Mismatch> {
    value
        .as_str()
        .and_then(|text| Span::parse(text).ok())
        .ok_or_else(|| Mismatch::expected("a duration such as 30d or 12mo"))
}

/// An IANA time zone.
pub(super) fn time_zone(value: &DeValue<'_>) -> Result<Tz, Mismatch> {
    let name = value.as_str().map(str::trim);
    name.and_then(|name| name.parse().ok()).ok_or_else(|| {
        let near = name.and_then(near_zone).map(|zone| format!("'{zone}'"));
        Mismatch { suggestion: near, ..Mismatch::expected("an IANA time zone such as Europe/Berlin") }
    })
}

/// A zone whose city was given alone, else the one nearest by letters.
fn near_zone(name: &str) -> Option<&'static str> {
    let city = name.replace(' ', "_").to_lowercase();
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let of_city = |zone: &&str| zone.rsplit('/').next().is_some_and(|last| last.to_lowercase() == city);
    names().find(of_city).or_else(|| nearest(name, names()))
}

/// An ISO 4217 code, in capitals.
pub(super) fn currency(value: &DeValue<'_>) -> Result<String, Mismatch> {
    let code = value.as_str().map(str::trim);
    code.filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
        .ok_or_else(|| Mismatch::expected("an ISO 4217 code of three letters such as EUR"))
}

/// The name of an encoding, one of the labels of the WHATWG Encoding Standard.
pub(super) fn encoding(value: &DeValue<'_>) -> Result<String, Mismatch> {
    let name = value.as_str().map(str::trim);
    name.filter(|name| encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).is_some())
        .map(str::to_owned)
        .ok_or_else(|| Mismatch::expected("the name of an encoding such as windows-1252"))
}
