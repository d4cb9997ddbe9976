//! Runs of digits that people would dial.
//!
//! Dates, years from and to, amounts of money and decimals are none.

use std::ops::Range;

use chrono::NaiveDate;

/// Fewer digits than these are no number to dial.
const FEWEST_DIGITS: usize = 7;

/// So many digits without any separator are one, fewer are taken for an id, unless they begin with a zero or a plus.
const FEWEST_BARE_DIGITS: usize = 10;

/// What may stand between two digits of a number, one behind the other: as in `) - `.
const MOST_SEPARATORS: usize = 4;

/// Where phone numbers stand.
pub(super) fn numbers(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(run) = next_run(text, from) {
        from = run.end;
        if let Some(date) = date_at(text, run.start) {
            from = date;
        } else if is_number(text, &run) {
            found.push(with_sign(text, run));
        }
    }
    found
}

/// The next run of digits and what may stand between them; it begins and ends with a digit. A date ends it.
fn next_run(text: &[char], from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from.saturating_add(rest.iter().position(|character| character.is_numeric())?);
    let (mut end, mut separators) = (start, 0);
    for (place, character) in text.iter().enumerate().skip(start) {
        if character.is_numeric() {
            let begins_group = separators > 0;
            if begins_group && date_at(text, place).is_some() {
                break;
            }
            (end, separators) = (place.saturating_add(1), 0);
        } else if is_separator(*character) && separators < MOST_SEPARATORS {
            separators += 1;
        } else {
            break;
        }
    }
    Some(start..end)
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{202f}' | '.' | '/' | '(' | ')' | '-' | '\u{2010}'..='\u{2015}' | '−'
    )
}

/// Where a date, or a year and a year, that begins here ends: `2026-11-22`, `22.11.2026`, `11/22/2026`, `2025-2026`.
fn date_at(text: &[char], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let is_of_date = |character: &&char| character.is_ascii_digit() || "-./–".contains(**character);
    let whole: String = rest.iter().take_while(is_of_date).collect();
    // A full stop may end the sentence.
    let written = whole.trim_end_matches(['.', '-', '/', '–']);
    let is_date = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]
        .iter()
        .filter_map(|format| NaiveDate::parse_from_str(written, format).ok())
        .any(|date| is_year(&date.format("%Y").to_string()));
    let mut halves = written.split(['-', '–', '/']);
    let are_years = matches!((halves.next(), halves.next(), halves.next()), (Some(one), Some(other), None)
        if is_year(one) && is_year(other));
    (is_date || are_years).then(|| start.saturating_add(written.chars().count()))
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &[char], run: &Range<usize>) -> bool {
    let written = text.get(run.clone()).unwrap_or_default();
    let digits = written.iter().filter(|character| character.is_numeric()).count();
    if digits < FEWEST_DIGITS {
        return false;
    }
    if has_plus(text, run.start) {
        return true;
    }
    let is_bare = digits == written.len();
    match is_bare {
        true => digits >= FEWEST_BARE_DIGITS || written.first() == Some(&'0'),
        false => !is_decimal(written) && !is_amount(text, run),
    }
}

/// `1250000.50`: one point and at most two digits behind it.
fn is_decimal(written: &[char]) -> bool {
    let mut parts = written.split(|character| *character == '.');
    let is_all_digits = |part: &[char]| !part.is_empty() && part.iter().all(char::is_ascii_digit);
    matches!((parts.next(), parts.next(), parts.next()), (Some(whole), Some(cents), None)
        if is_all_digits(whole) && is_all_digits(cents) && cents.len() <= 2)
}

/// `$1 234 567`, `1.234.567 EUR`: groups of three beside a sign or a code of money.
fn is_amount(text: &[char], run: &Range<usize>) -> bool {
    let written = text.get(run.clone()).unwrap_or_default();
    let mut groups = written.split(|character| !character.is_ascii_digit());
    let is_grouped = groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3);
    let before = text.get(..run.start).unwrap_or_default().iter().rev().find(|c| !c.is_whitespace());
    let behind = text.get(run.end..).unwrap_or_default().iter().skip_while(|c| c.is_whitespace());
    let word: String = behind.take_while(|c| !c.is_whitespace()).take(3).collect();
    let is_sign = |character: &char| "$€£¥%".contains(*character);
    let is_code = word.chars().count() == 3 && word.chars().all(|c| c.is_ascii_uppercase());
    is_grouped && (before.is_some_and(is_sign) || word.chars().next().is_some_and(|c| is_sign(&c)) || is_code)
}

fn has_plus(text: &[char], start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().iter().rev().take(2);
    before.take_while(|character| matches!(character, '(' | '+' | '＋')).any(|character| *character != '(')
}

/// The number with the plus and the bracket in front of it.
fn with_sign(text: &[char], run: Range<usize>) -> Range<usize> {
    let before = text.get(..run.start).unwrap_or_default().iter().rev().take(2);
    let signs = before.take_while(|character| matches!(character, '(' | '+' | '＋')).count();
    run.start.saturating_sub(signs)..run.end
}
