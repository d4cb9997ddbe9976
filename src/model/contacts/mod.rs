//! E-mail addresses and phone numbers in what people wrote, and the same text without them.
//!
//! A guess by shape alone, without any list of domains or countries. Where in doubt it hides: a ticket number that is
//! taken for a phone number costs less than a phone number that is taken for a ticket. Invisible characters are no
//! part of an address here: whoever calls takes them out first.

mod phone;

use std::borrow::Cow;
use std::ops::Range;

/// What stands where an address stood.
pub const MASKED_ADDRESS: &str = "[e-mail]";
/// What stands where a phone number stood.
pub const MASKED_PHONE: &str = "[phone]";

/// The text without addresses and phone numbers, and how many there were.
#[must_use]
pub fn mask(text: &str) -> (Cow<'_, str>, u32) {
    match mask_addresses(text) {
        (Cow::Borrowed(text), _) => masked(text, phone::numbers, MASKED_PHONE),
        (Cow::Owned(text), addresses) => {
            let (text, numbers) = masked(&text, phone::numbers, MASKED_PHONE);
            (Cow::Owned(text.into_owned()), addresses.saturating_add(numbers))
        }
    }
}

/// The text without addresses, and how many there were: for ids, which may be as long as phone numbers are.
#[must_use]
pub fn mask_addresses(text: &str) -> (Cow<'_, str>, u32) {
    match text.contains(is_at) {
        true => masked(text, addresses, MASKED_ADDRESS),
        false => (Cow::Borrowed(text), 0),
    }
}

fn masked<'t>(text: &'t str, find: impl Fn(&[char]) -> Vec<Range<usize>>, mask: &str) -> (Cow<'t, str>, u32) {
    let characters: Vec<char> = text.chars().collect();
    let ranges = find(&characters);
    if ranges.is_empty() {
        return (Cow::Borrowed(text), 0);
    }
    let count = u32::try_from(ranges.len()).unwrap_or(u32::MAX);
    let mut masked = String::with_capacity(text.len());
    let mut kept_until = 0;
    for range in ranges {
        masked.extend(characters.get(kept_until..range.start).unwrap_or_default());
        masked.push_str(mask);
        kept_until = range.end;
    }
    masked.extend(characters.get(kept_until..).unwrap_or_default());
    (Cow::Owned(masked), count)
}

/// The sign itself and its wide and small forms.
fn is_at(character: char) -> bool {
    matches!(character, '@' | '＠' | '﹫')
}

/// Where addresses stand: around each sign that has something right before and right behind it.
fn addresses(text: &[char]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, character) in text.iter().enumerate() {
        if !is_at(*character) {
            continue;
        }
        // Nothing lies between a sign within the last address and its end.
        let free_from = found.last().map_or(0, |range| range.end);
        let before = reach(text.get(free_from..at).unwrap_or_default().iter().rev());
        let behind = reach(text.get(at.saturating_add(1)..).unwrap_or_default().iter());
        if before > 0 && behind > 0 {
            found.push(at - before..at.saturating_add(1).saturating_add(behind));
        }
    }
    found
}

/// How many characters, beginning next to the sign, belong to its address. Where the first is none that addresses are
/// usually made of (a quote, a bracket, an ideograph), everything up to the next space does.
fn reach<'c>(side: impl Iterator<Item = &'c char> + Clone) -> usize {
    match side.clone().next() {
        Some(first) if is_usual(*first) => side.take_while(|character| is_usual(**character)).count(),
        _ => side.take_while(|character| !character.is_whitespace()).count(),
    }
}

/// Texts without spaces between words would be hidden whole if their characters were taken for parts of addresses.
const IDEOGRAPHS_FROM: char = '\u{2e80}';

fn is_usual(character: char) -> bool {
    is_at(character)
        || character < IDEOGRAPHS_FROM
            && (character.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(character))
}

#[cfg(test)]
mod tests;
