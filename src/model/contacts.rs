//! E-mail addresses and phone numbers in free text, masked: what a language model is told shall not hold them unasked.
//!
//! It errs on the side of masking: a long number in a note may be one. Dates and amounts with separated thousands are
//! told from phone numbers by their form.

use std::borrow::Cow;

/// What stands where an address stood.
pub const MASKED_ADDRESS: &str = "[e-mail]";
/// What stands where a phone number stood.
pub const MASKED_PHONE: &str = "[phone]";

/// Fewer digits are no phone number that reaches anybody from afar.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=17;

/// The text without addresses and phone numbers, and how many there were.
#[must_use]
pub fn mask(text: &str) -> (Cow<'_, str>, u32) {
    let (without_addresses, addresses) = mask_addresses(text);
    let (masked, phones) = mask_phones(&without_addresses);
    match addresses + phones {
        0 => (Cow::Borrowed(text), 0),
        count => (Cow::Owned(masked), count),
    }
}

/// A run of characters around an `@` with something on both sides.
fn mask_addresses(text: &str) -> (String, u32) {
    let mut masked = String::with_capacity(text.len());
    let mut count = 0;
    for piece in text.split_inclusive(|c: char| ends_word(c)) {
        let word = piece.trim_end_matches(ends_word);
        let is_address = word.char_indices().any(|(at, character)| {
            is_at_sign(character)
                && word.get(..at).is_some_and(|local| local.chars().any(char::is_alphanumeric))
                && word.get(at..).is_some_and(|domain| domain.chars().any(char::is_alphanumeric))
        });
        if is_address {
            count += 1;
            masked.push_str(MASKED_ADDRESS);
            masked.push_str(piece.get(word.len()..).unwrap_or_default());
        } else {
            masked.push_str(piece);
        }
    }
    (masked, count)
}

fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, ',' | ';' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '|')
}

fn is_at_sign(character: char) -> bool {
    matches!(character, '@' | '＠' | '﹫')
}

/// A run of digits and what people put between them.
fn mask_phones(text: &str) -> (String, u32) {
    let mut masked = String::with_capacity(text.len());
    let mut count = 0;
    let mut rest = text;
    while let Some(start) = rest.find(starts_number) {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let end = from.find(|c: char| !in_number(c)).unwrap_or(from.len());
        let run = from.get(..end).unwrap_or(from).trim_end_matches(|c: char| !c.is_numeric());
        let run = if run.is_empty() {
            from.get(..from.chars().next().map_or(0, char::len_utf8)).unwrap_or(from)
        } else {
            run
        };
        if is_phone(run) && !continues_word(before) {
            count += 1;
            masked.push_str(MASKED_PHONE);
        } else {
            masked.push_str(run);
        }
        rest = from.get(run.len()..).unwrap_or_default();
    }
    masked.push_str(rest);
    (masked, count)
}

fn starts_number(character: char) -> bool {
    character.is_numeric() || matches!(character, '+' | '＋' | '(')
}

fn in_number(character: char) -> bool {
    character.is_numeric()
        || matches!(
            character,
            '+' | '＋' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{202f}'
        )
}

/// `KPI-1234567` and `#1234567` are ids, not numbers to call.
fn continues_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '#' | ','))
        || before.chars().rev().nth(1).is_some_and(char::is_alphanumeric) && before.ends_with(['-', '_'])
}

fn is_phone(run: &str) -> bool {
    let digits = run.chars().filter(|c| c.is_numeric()).count();
    PHONE_DIGITS.contains(&digits) && !run.split(' ').all(is_date_or_short)
}

/// `2026-07-01`, `1.7.2026`, `7/1/26`, a year, a count.
fn is_date_or_short(word: &str) -> bool {
    let groups: Vec<&str> = word.split(['-', '.', '/']).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.chars().count()).collect();
    let is_plain = groups.iter().all(|group| !group.is_empty() && group.chars().all(char::is_numeric));
    match lengths.as_slice() {
        [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4] => is_plain,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_and_numbers_go_and_the_rest_stays() {
        for (text, expected) in [
            ("write to jo.doe+x@acme.example.com, please", "write to [e-mail], please"),
            ("<mailto:jo@acme.example>", "<[e-mail]>"),
            ("ask @jo about it", "ask @jo about it"),
            ("call +1 (555) 010-9999 today", "call [phone] today"),
            ("call 555-010-9999.", "call [phone]."),
            ("030/1234567", "[phone]"),
            ("fax ５５５０１０９９９９", "fax [phone]"),
            ("renewed 2026-07-01, was 1.7.2025", "renewed 2026-07-01, was 1.7.2025"),
            ("pays 1,200,000 USD for 2,500 seats", "pays 1,200,000 USD for 2,500 seats"),
            ("ticket KPI-12345678 and #12345678", "ticket KPI-12345678 and #12345678"),
            ("score 71.2 -> 64.9", "score 71.2 -> 64.9"),
        ] {
            assert_eq!(mask(text).0, expected, "{text}");
        }
        assert_eq!(mask("jo@a.b and 555 010 9999").1, 2);
    }

    proptest! {
        #[test]
        fn no_address_survives(before in ".{0,20}", local in "[a-z0-9.+_-]{0,8}[a-z0-9]", domain in "[a-z0-9][a-z0-9.-]{0,12}", after in ".{0,20}") {
            let address = format!("{local}@{domain}");
            let text = format!("{before} {address} {after}");
            prop_assert!(!mask(&text).0.contains(&address));
        }

        #[test]
        fn no_phone_number_survives(
            before in "[a-z ,.]{0,20}",
            groups in prop::collection::vec("[0-9]{3,4}", 3..5),
            separator in prop::sample::select(vec![" ", "-", ".", "/", " - "]),
            plus in any::<bool>(),
        ) {
            let number = format!("{}{}", if plus { "+" } else { "" }, groups.join(separator));
            let text = format!("{before} {number} thanks");
            prop_assert!(!mask(&text).0.contains(&number), "{text}");
        }

        #[test]
        fn any_text_is_masked_without_a_panic_and_once(text in ".{0,80}") {
            let masked = mask(&text).0.into_owned();
            prop_assert_eq!(mask(&masked).1, 0, "{}", masked);
        }
    }
}
