//! The fields of a date, numbers and words, and the forms that they make.

use chrono::NaiveDate;

use super::digits::{self, Digits};
use super::{WrittenDate, month_of_name, number, period};

/// A date has no more fields than `Q`, quarter and year.
const MOST: usize = 3;

/// What a text without a time says.
pub(super) fn read(text: &str) -> Option<WrittenDate> {
    let Fields { texts, count, separators } = Fields::of(text)?;
    let [first, second, third] = texts;
    match (count, separators) {
        (1, _) => compact(first),
        (2, _) => two(first, second).map(days),
        (3, Separators::Words) => three(first, second, third),
        (3, Separators::One) => numbers(texts).or_else(|| three(first, second, third)),
        _ => None,
    }
}

fn days((first, last): (NaiveDate, NaiveDate)) -> WrittenDate {
    WrittenDate::Days(first, last)
}

fn day(year: i32, month: u32, day: &str) -> Option<WrittenDate> {
    let number = number(day).filter(|_| day.len() <= 2)?;
    NaiveDate::from_ymd_opt(year, month, number).map(|day| WrittenDate::Days(day, day))
}

/// `20261031`, `1998`.
fn compact(text: &str) -> Option<WrittenDate> {
    match text.len() {
        4 => period::year(full_year(text)?).map(days),
        8 => day(full_year(text.get(..4)?)?, number(text.get(4..6)?)?, text.get(6..)?),
        _ => None,
    }
}

/// A year of four digits.
fn full_year(text: &str) -> Option<i32> {
    digits::year(text).filter(|_| text.len() == 4)
}

/// A month or a year's part: `10/2026`, `2026-10`, `Oct 2026`, `Jan-87`, `2026 October`.
fn two(first: &str, second: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(month) = month_of_name(first) {
        return period::month(digits::year(second)?, month);
    }
    let year = full_year(first);
    match (year, month_of_name(second)) {
        (Some(year), Some(month)) => period::month(year, month),
        (Some(year), None) => period::month(year, number(second).filter(|_| second.len() <= 2)?),
        (None, None) => period::month(full_year(second)?, number(first).filter(|_| first.len() <= 2)?),
        // `6-Jun` is what a spreadsheet makes of other things.
        (None, Some(_)) => None,
    }
}

/// Three numbers: the year first where it has four digits, else in an order that others settle.
fn numbers(texts: [&str; 3]) -> Option<WrittenDate> {
    let [first, second, third] = texts;
    if let Some(year) = full_year(first) {
        return day(year, number(second).filter(|_| second.len() <= 2)?, third);
    }
    Digits::of(texts).map(WrittenDate::Digits)
}

/// `23 September 2011`, `Sep 23, 2011`, `2011-Sep-23`, `Q3 2026`, `2026-W47`.
fn three(first: &str, second: &str, third: &str) -> Option<WrittenDate> {
    if let Some(month) = month_of_name(second) {
        return match full_year(first) {
            Some(year) => day(year, month, third),
            None => day(digits::year(third)?, month, first),
        };
    }
    if let Some(month) = month_of_name(first) {
        return day(digits::year(third)?, month, second);
    }
    let part = |word: &str, number_text: &str, year: &str| {
        let (number, year) = (number(number_text)?, full_year(year)?);
        match word {
            "Q" | "q" if number_text.len() == 1 => period::quarter(year, number),
            "W" | "w" if number_text.len() <= 2 => period::week(year, number),
            _ => None,
        }
    };
    part(first, second, third).or_else(|| part(second, third, first)).map(days)
}

/// What stands between the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separators {
    /// The same character, once between any two.
    One,
    /// Whatever may stand around words.
    Words,
}

struct Fields<'t> {
    texts: [&'t str; MOST],
    count: usize,
    separators: Separators,
}

impl<'t> Fields<'t> {
    /// Cuts a text into numbers and words; None where there are too many, or something else stands between them.
    fn of(text: &'t str) -> Option<Self> {
        let mut fields = Self { texts: [""; MOST], count: 0, separators: Separators::One };
        let mut between = None;
        let mut rest = text;
        loop {
            let is_word = rest.starts_with(char::is_alphabetic);
            let belongs = |c: char| if is_word { c.is_alphabetic() } else { c.is_ascii_digit() };
            let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
            let (field, after) = rest.split_at_checked(length).filter(|(field, _)| !field.is_empty())?;
            // `23 de septiembre de 2011`
            if !field.eq_ignore_ascii_case("de") {
                *fields.texts.get_mut(fields.count)? = field;
                fields.count += 1;
            }
            if after.is_empty() {
                return Some(fields);
            }
            let length = after.find(|c: char| c.is_alphanumeric()).unwrap_or(after.len());
            let (separator, next) = after.split_at_checked(length)?;
            let is_known = matches!(separator, "" | "-" | "/" | "." | "_" | " " | ", " | ". " | ".-" | ",");
            let is_plain = matches!(separator, "-" | "/" | "." | "_");
            if !is_known {
                return None;
            }
            if !is_plain || between.is_some_and(|before| before != separator) {
                fields.separators = Separators::Words;
            }
            between = Some(separator);
            rest = next;
        }
    }
}
