//! Pieces of text answers: escaping, widths, wrapping, label and value blocks, ages, counts, numbers.

use std::borrow::Cow;

use chrono_tz::Tz;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::style::{FAINT, plain, styled};
use crate::model::time::Timestamp;

/// The narrowest width that text answers are laid out for.
pub const NARROWEST: usize = 60;
/// The width of text that goes to no terminal.
pub const DEFAULT_WIDTH: usize = 100;

/// Shows what would steer a terminal or deceive a reader (CWE-150): control characters, C1, bidi overrides,
/// zero-width and other invisible characters appear as `\u{1b}`; all other text stays as it is.
#[must_use]
pub fn escape_text(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_treacherous(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character is invisible or steers how others are shown. Variation selectors are not: emoji bear them.
#[must_use]
pub fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// How many terminal columns the text takes, styles aside.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.contains('\u{1b}') { plain(text).width() } else { text.width() }
}

/// The text, padded on the right to a width.
#[must_use]
pub fn pad_right(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text, padded on the left to a width.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Plain text cut to a width, with `…` where something was cut.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let mut cut = String::new();
    let mut left = columns.saturating_sub(1);
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if wide > left {
            break;
        }
        left -= wide;
        cut.push(character);
    }
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    Cow::Owned(cut)
}

/// Breaks text at spaces into lines of at most so many columns; a longer word keeps a line of its own.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Labels and values in two aligned columns, values wrapped under themselves; every value is on its own row.
#[must_use]
pub fn key_values(pairs: &[(&str, String)], columns: usize) -> String {
    let label_width = pairs.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    key_values_under(label_width, pairs, columns)
}

/// As [`key_values`], with labels of a given width, so that several blocks stand under each other.
#[must_use]
pub fn key_values_under(label_width: usize, pairs: &[(&str, String)], columns: usize) -> String {
    let value_width = columns.saturating_sub(label_width + 2).max(20);
    let mut block = String::new();
    for (label, value) in pairs {
        for (index, line) in wrap(value, value_width).iter().enumerate() {
            let label = if index == 0 { *label } else { "" };
            block.push_str(&styled(FAINT, pad_right(label, label_width)));
            block.push_str("  ");
            block.push_str(line);
            block.push('\n');
        }
    }
    block
}

/// An age of whole seconds as people say it, in its two largest units: `45 s`, `12 min`, `3 h 5 min`, `3 d 4 h`.
#[must_use]
pub fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |first: i64, unit: &str, second: i64, smaller: &str| match second {
        0 => format!("{first} {unit}"),
        _ => format!("{first} {unit} {second} {smaller}"),
    };
    match () {
        () if days > 0 => two(days, "d", hours, "h"),
        () if hours > 0 => two(hours, "h", minutes, "min"),
        () if minutes > 0 => format!("{minutes} min"),
        () => format!("{seconds} s"),
    }
}

/// An instant in a time zone, with its offset: `2026-11-22 05:00:05 -05:00`.
#[must_use]
pub fn instant(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// A count with its noun: `1 account`, `1,250 accounts`; the plural is the noun with an `s`.
#[must_use]
pub fn count(number: u64, noun: &str) -> String {
    count_as(number, noun, &format!("{noun}s"))
}

/// A count with a noun of irregular plural: `1 entry`, `2 entries`.
#[must_use]
pub fn count_as(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&number.to_string()), if number == 1 { one } else { many })
}

/// A plain decimal with its thousands set apart: `-1234567.5` becomes `-1,234,567.5`; other text stays.
#[must_use]
pub fn grouped(decimal: &str) -> String {
    let (sign, size) = decimal.strip_prefix('-').map_or(("", decimal), |size| ("-", size));
    let (whole, fraction) = size.find('.').map_or((size, ""), |point| size.split_at(point));
    if whole.len() < 4 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return decimal.to_owned();
    }
    let mut parts = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            parts.push(',');
        }
        parts.push(digit);
    }
    parts.push_str(fraction);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_and_nothing_else() {
        assert_eq!(escape_text("a\u{1b}[31mb\u{9b}c"), r"a\u{1b}[31mb\u{9b}c");
        assert_eq!(escape_text("x\u{202e}y\u{200b}z\u{feff}"), r"x\u{202e}y\u{200b}z\u{feff}");
        assert_eq!(escape_text("two\nlines\t"), r"two\u{a}lines\u{9}");
        for harmless in ["Müller & Söhne", "株式会社", "⚠️  careful", "✅", r"back\slash", "no\u{a0}break"]
        {
            assert!(matches!(escape_text(harmless), Cow::Borrowed(same) if same == harmless));
        }
    }

    #[test]
    fn widths_count_columns_not_characters() {
        assert_eq!(width("株式"), 4);
        assert_eq!(pad_left("株式", 6), "  株式");
        assert_eq!(pad_right(&styled(FAINT, "ab"), 4).len(), styled(FAINT, "ab").len() + 2);
        assert_eq!(truncate("TechCorp Solutions", 10), "TechCorp…");
        assert_eq!(truncate("株式会社", 5), "株式…");
        assert_eq!(truncate("short", 5), "short");
        assert_eq!(truncate("any", 0), "…");
    }

    #[test]
    fn wrapping_keeps_every_word() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        assert!(wrap("  ", 4).is_empty());
    }

    #[test]
    fn labels_and_values_stand_in_two_columns() {
        let block = key_values(&[("CSM", "Jane".into()), ("Products", "one two three four five".into())], 30);
        assert_eq!(plain(&block), "CSM       Jane\nProducts  one two three four\n          five\n");
    }

    #[test]
    fn ages_show_two_units() {
        let cases = [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3_600, "1 h"), (11_100, "3 h 5 min")];
        for (seconds, shown) in cases {
            assert_eq!(age(seconds), shown);
        }
        assert_eq!(age(3 * 86_400 + 4 * 3_600 + 59), "3 d 4 h");
        assert_eq!(age(86_400), "1 d");
    }

    #[test]
    fn instants_bear_the_offset_of_their_day() {
        let zone = chrono_tz::America::New_York;
        let shown = |text| instant(Timestamp::parse(text).unwrap(), zone);
        assert_eq!(shown("2026-11-22T10:00:05Z"), "2026-11-22 05:00:05 -05:00");
        assert_eq!(shown("2026-07-01T00:00:00Z"), "2026-06-30 20:00:00 -04:00");
    }

    #[test]
    fn counts_and_numbers_are_grouped() {
        assert_eq!(count(1, "account"), "1 account");
        assert_eq!(count(17_000, "account"), "17,000 accounts");
        assert_eq!(count_as(0, "entry", "entries"), "0 entries");
        assert_eq!(grouped("-1234567.50"), "-1,234,567.50");
        assert_eq!(grouped("-123"), "-123");
        assert_eq!(grouped("1e21"), "1e21");
    }
}
