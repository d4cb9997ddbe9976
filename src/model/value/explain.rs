//! Why a cleaned cell is no quantity, for cells that the grammar refused without saying why.
//!
//! It must never make a value: it only names what was found, the most telling form first.

use chrono::NaiveDate;

use super::grammar::{self, Rules};
use super::words::{self, Word};
use super::{ValueError, numeral::Miss};

/// The cause that a person would name.
pub(super) fn explain(text: &str, rules: Rules<'_>) -> ValueError {
    let lower = text.to_lowercase();
    let lower = lower.as_str();
    if is_formula(text) {
        ValueError::Formula
    } else if is_spreadsheet_error(text) {
        ValueError::SpreadsheetError
    } else if !text.contains(|c: char| c.is_ascii_digit()) {
        without_digits(text, lower, rules)
    } else if is_excel_date(text) {
        ValueError::ExcelDate
    } else if is_date(text) {
        ValueError::Date
    } else if is_clock_time(lower) {
        ValueError::ClockTime
    } else if is_programming_notation(lower) {
        ValueError::ProgrammingNotation
    } else if is_inequality(lower) {
        ValueError::Inequality
    } else if is_approximation(lower) {
        ValueError::Approximation
    } else if is_range(lower, rules) {
        ValueError::Range
    } else {
        number_with_text(text, rules)
    }
}

/// `=...`, `@...`, and a sign before a name: `+A1`, `-SUM(`.
fn is_formula(text: &str) -> bool {
    let Some(after_sign) = text.strip_prefix(['+', '-']) else {
        return text.starts_with(['=', '@']);
    };
    let name = after_sign.trim_start_matches('$');
    let after_name = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$');
    after_name.len() < name.len() && after_name.starts_with(|c: char| matches!(c, '(' | '!' | '0'..='9'))
}

fn is_spreadsheet_error(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|rest| rest.ends_with(['!', '?', '#']) || rest == "N/A")
}

fn without_digits(text: &str, lower: &str, rules: Rules<'_>) -> ValueError {
    let core = lower.trim_matches(|c: char| !c.is_alphabetic() && c != '∞');
    if matches!(core, "inf" | "infinity" | "∞") {
        return ValueError::OutOfRange;
    }
    let after_currency = rules.currency.strip(text).map(|found| found.2.trim_start());
    match words::lookup(after_currency.unwrap_or(text)) {
        Some(Word::Scale(_) | Word::MillionOrMinutes) => ValueError::SuffixWithoutNumber,
        Some(Word::Unit(_)) => ValueError::UnitWithoutNumber,
        None if text == "%" || after_currency == Some("") => ValueError::UnitWithoutNumber,
        None => ValueError::NotANumber,
    }
}

/// Short names of months as spreadsheets write them, in English, German, French and Spanish.
const SHORT_MONTHS: [&str; 28] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mrz", "mär", "mai",
    "okt", "dez", "janv", "févr", "mars", "avr", "juin", "juil", "août", "sept", "déc", "ene", "dic",
];

/// Whether a text is what Excel shows of an entry that it took for a date: `Jun-25`, `6-Jun`, `01. Feb`, and a day
/// with a time of midnight, as tools export such a cell.
#[must_use]
pub fn is_excel_date(text: &str) -> bool {
    let text = text.trim();
    let is_month = |text: &str| SHORT_MONTHS.contains(&text.trim_end_matches('.').to_lowercase().as_str());
    let is_number =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let halves = text.split_once('-').or_else(|| text.split_once(". "));
    let is_short = halves.is_some_and(|(first, second)| {
        (is_month(first) && is_number(second)) || (is_number(first) && is_month(second))
    });
    let midnight = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00"));
    is_short || midnight.is_some_and(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok())
}

/// Days as files write them; a time of day may follow.
const DATE_FORMATS: [&str; 13] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%B-%Y",
    "%d %B %Y",
    "%d. %B %Y",
    "%B %d, %Y",
    "%B %d %Y",
];

/// Months, read with a first day put before them.
const MONTH_FORMATS: [&str; 6] = ["%d %Y-%m", "%d %Y/%m", "%d %B %Y", "%d %B-%Y", "%d %B %y", "%d %B-%y"];

fn is_date(text: &str) -> bool {
    let day = DATE_FORMATS.iter().any(|format| {
        let rest = NaiveDate::parse_and_remainder(text, format).map(|(_, rest)| rest);
        rest.is_ok_and(|rest| rest.is_empty() || rest.starts_with(['T', ' ']))
    });
    let has_year = text.starts_with("19") || text.starts_with("20");
    let names_year = text.starts_with(char::is_alphabetic) || (has_year && text.find(['-', '/']) == Some(4));
    let month = || {
        let first = format!("1 {text}");
        MONTH_FORMATS.iter().any(|format| NaiveDate::parse_from_str(&first, format).is_ok())
    };
    day || (names_year && month()) || is_quarter(text)
}

/// `Q3 2026`, `2026-Q3`.
fn is_quarter(text: &str) -> bool {
    let mut fields = text.split([' ', '-', '/']);
    let (Some(one), Some(other), None) = (fields.next(), fields.next(), fields.next()) else {
        return false;
    };
    let quarter = |field: &str| matches!(field, "Q1" | "Q2" | "Q3" | "Q4");
    let year = |field: &str| field.len() == 4 && field.bytes().all(|byte| byte.is_ascii_digit());
    (quarter(one) && year(other)) || (year(one) && quarter(other))
}

/// `12:30`, `12:30:15`, `5 pm`.
fn is_clock_time(lower: &str) -> bool {
    let halves = ["am", "pm", "a.m.", "p.m."];
    let hours = halves.iter().find_map(|half| lower.strip_suffix(half)).unwrap_or(lower);
    let marked = hours.len() < lower.len() || hours.contains(':');
    marked && hours.trim_end().bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

/// `1_000`, `0x10`, `0b11`.
fn is_programming_notation(lower: &str) -> bool {
    let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_hexdigit());
    let unsigned = lower.trim_start_matches(['-', '+']);
    let radix = ["0x", "0b", "0o"].iter().find_map(|prefix| unsigned.strip_prefix(prefix));
    let underscored = unsigned.split_once('_').is_some_and(|(before, after)| {
        before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit())
    });
    underscored || radix.is_some_and(digits)
}

fn is_inequality(lower: &str) -> bool {
    const LEADS: [&str; 14] = [
        "at least",
        "at most",
        "up to",
        "more than",
        "less than",
        "fewer than",
        "greater than",
        "no more than",
        "over",
        "under",
        "above",
        "below",
        "max",
        "min",
    ];
    const TAILS: [&str; 5] = ["or more", "or less", "plus", "max", "minimum"];
    lower.starts_with(['<', '>', '≤', '≥', '≠', '⩽', '⩾'])
        || lower.ends_with('+')
        || LEADS.iter().any(|lead| starts_with_word(lower, lead))
        || TAILS.iter().any(|tail| ends_with_word(lower, tail))
}

fn is_approximation(lower: &str) -> bool {
    const WORDS: [&str; 11] = [
        "approx",
        "approximately",
        "about",
        "around",
        "circa",
        "ca",
        "roughly",
        "nearly",
        "almost",
        "est",
        "estimated",
    ];
    let core = lower.trim_matches(['(', ')', '.', ' ']);
    lower.starts_with(['~', '≈', '∼', '±'])
        || lower.contains('±')
        || WORDS.iter().any(|word| starts_with_word(core, word) || ends_with_word(core, word))
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphabetic))
}

/// Two quantities with a dash, dots or a word between them.
fn is_range(lower: &str, rules: Rules<'_>) -> bool {
    if let Some((low, high)) = lower.strip_prefix("between ").and_then(|both| both.split_once(" and ")) {
        return is_quantity(low, rules) && is_quantity(high, rules);
    }
    ["–", "—", "‒", "~", "..", " to ", "-"].iter().any(|between| {
        // A sign in front is no dash between.
        let after_sign = lower.get(1..).and_then(|rest| rest.find(between)).map(|at| at + 1);
        let halves = after_sign.and_then(|at| lower.split_at_checked(at));
        halves.is_some_and(|(low, high)| {
            let high = high.strip_prefix(between).unwrap_or(high);
            is_quantity(low, rules) && is_quantity(high.trim_start_matches('.'), rules)
        })
    })
}

/// Whether the grammar takes it, or refuses it for its own cause (it is some number then).
fn is_quantity(text: &str, rules: Rules<'_>) -> bool {
    !matches!(grammar::quantity(text.trim(), rules), Err(Miss::Unclear))
}

/// What stands with the number: a suffix in front, one unknown word after it, or a remark.
fn number_with_text(text: &str, rules: Rules<'_>) -> ValueError {
    if leads_with_suffix(text) {
        return ValueError::SuffixWithoutNumber;
    }
    let number = text.trim_end_matches(char::is_alphabetic);
    if number.len() < text.len() && is_quantity(number, rules) {
        return ValueError::UnknownUnit;
    }
    ValueError::Commentary
}

/// `M1`, `K 5`.
fn leads_with_suffix(text: &str) -> bool {
    let rest = text.trim_start_matches(char::is_alphabetic);
    let word = text.strip_suffix(rest).unwrap_or_default();
    matches!(words::lookup(word), Some(Word::Scale(_) | Word::MillionOrMinutes))
        && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
}
