//! What the marks in a cell say of how its number is written. It must never say more than the cell shows.

use std::borrow::Cow;

use crate::model::value::{DecimalMark, plain_text};

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// Neither a point nor a comma: it reads the same either way.
    Unmarked,
    /// Marks that say nothing: `5.`, `12,34,567`, a date.
    Nothing,
    /// This mark stands before decimals, or the other one parts groups: `4,5`, `1.234,56`, `1.234.567`.
    Mark(DecimalMark),
    /// One group of three digits behind this mark, which may be either: `1,234`.
    Either(DecimalMark),
}

/// Looks at the first numeral of a cell that has a point or a comma.
pub(super) fn shows(cell: &str) -> Shows {
    let Some(first) = cell.bytes().position(|byte| matches!(byte, b'.' | b',')) else {
        return Shows::Unmarked;
    };
    if let Some(shown) = shown_by_bare(cell.as_bytes(), first) {
        return shown;
    }
    shown_by_numerals(cell)
}

fn shown_by_numerals(cell: &str) -> Shows {
    let cell = if cell.is_ascii() {
        Cow::Borrowed(cell)
    } else {
        plain_text(cell, DecimalMark::Point).map_or(Cow::Borrowed(""), Cow::Owned)
    };
    let mut rest: &str = &cell;
    while let Some(numeral) = Numeral::next(&mut rest) {
        match numeral.shows() {
            Shows::Unmarked => {}
            shown => return shown,
        }
    }
    Shows::Nothing
}

/// What digits show that have one mark among them and nothing about them but `-`, `$` or `%`: nearly every cell with
/// a mark.
fn shown_by_bare(cell: &[u8], place: usize) -> Option<Shows> {
    let (before, decimals) = (cell.get(..place)?, cell.get(place + 1..)?);
    let whole = before.strip_prefix(b"-").unwrap_or(before);
    let whole = whole.strip_prefix(b"$").unwrap_or(whole);
    let decimals = decimals.strip_suffix(b"%").unwrap_or(decimals);
    let is_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let mark = if cell.get(place) == Some(&b'.') { DecimalMark::Point } else { DecimalMark::Comma };
    let is_group = decimals.len() == 3 && whole.len() <= 3 && whole.first() != Some(&b'0');
    Some(if is_group { Shows::Either(mark) } else { Shows::Mark(mark) })
}

/// Digits and what stands between them.
struct Numeral<'t> {
    text: &'t str,
    has_exponent: bool,
}

impl<'t> Numeral<'t> {
    /// The next run of digits, marks, and what else parts groups; cut off `rest`.
    fn next(rest: &mut &'t str) -> Option<Self> {
        let first = rest.find(|c: char| c.is_ascii_digit())?;
        let (before, from_digit) = rest.split_at_checked(first)?;
        // `.5` begins with its mark, but that of `Rs.5` belongs to the word.
        let is_own = |mark| {
            let lead = before.strip_suffix(mark);
            lead.is_some_and(|lead| !lead.ends_with(|c: char| c.is_alphanumeric() || c == mark))
        };
        let start = if is_own('.') || is_own(',') { first - 1 } else { first };
        let length = run_length(from_digit);
        let after = from_digit.get(length..)?;
        let exponent = after.strip_prefix(['e', 'E']).map(|power| power.trim_start_matches(['+', '-']));
        let has_exponent = exponent.is_some_and(|power| power.starts_with(|c: char| c.is_ascii_digit()));
        let text = rest.get(start..first + length)?;
        *rest = after;
        Some(Self { text, has_exponent })
    }

    fn shows(&self) -> Shows {
        let count = |mark: DecimalMark| self.text.matches(mark.mark()).count();
        match (count(DecimalMark::Point), count(DecimalMark::Comma)) {
            (0, 0) => Shows::Unmarked,
            (1, 0) => self.lone(DecimalMark::Point),
            (0, 1) => self.lone(DecimalMark::Comma),
            (_, 0) if is_grouped(self.text, '.') => Shows::Mark(DecimalMark::Comma),
            (0, _) if is_grouped(self.text, ',') => Shows::Mark(DecimalMark::Point),
            (1, _) if self.is_grouped_before(DecimalMark::Point) => Shows::Mark(DecimalMark::Point),
            (_, 1) if self.is_grouped_before(DecimalMark::Comma) => Shows::Mark(DecimalMark::Comma),
            _ => Shows::Nothing,
        }
    }

    /// What the only mark says.
    fn lone(&self, mark: DecimalMark) -> Shows {
        let Some((whole, decimals)) = self.text.split_once(mark.mark()) else { return Shows::Nothing };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if decimals.is_empty() || !is_digits(decimals) {
            return Shows::Nothing;
        }
        let parted = whole.chars().find(|c| !c.is_ascii_digit());
        if parted.is_some_and(|separator| !is_grouped(whole, separator)) {
            return Shows::Nothing;
        }
        let is_group = decimals.len() == 3
            && (1..=3).contains(&whole.len())
            && !whole.starts_with('0')
            && !self.has_exponent;
        if is_group && parted.is_none() { Shows::Either(mark) } else { Shows::Mark(mark) }
    }

    /// Whether the other mark parts groups of three before the only one of this.
    fn is_grouped_before(&self, mark: DecimalMark) -> bool {
        self.text.split_once(mark.mark()).is_some_and(|(whole, decimals)| {
            is_grouped(whole, mark.group()) && decimals.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

/// How far digits and what parts them reach; a mark or separator at the end belongs to it only as a mark.
fn run_length(text: &str) -> usize {
    let is_mark = |byte: u8| matches!(byte, b'.' | b',');
    let bytes = text.as_bytes();
    let belongs = |at: usize, byte: u8| {
        let is_followed = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        byte.is_ascii_digit() || (is_followed && (is_mark(byte) || matches!(byte, b' ' | b'\'')))
    };
    let length = bytes.iter().enumerate().take_while(|(at, byte)| belongs(*at, **byte)).count();
    length + usize::from(bytes.get(length).is_some_and(|byte| is_mark(*byte)))
}

/// Whether this parts groups of three digits, the first of which is no bare zero.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && is_digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: DecimalMark = DecimalMark::Point;
    const COMMA: DecimalMark = DecimalMark::Comma;

    #[test]
    fn marks_say_what_they_show_and_no_more() {
        for (cell, shown) in [
            ("", Shows::Unmarked),
            ("1234", Shows::Unmarked),
            ("1 234 €", Shows::Unmarked),
            ("4,5", Shows::Mark(COMMA)),
            ("0,611553068", Shows::Mark(COMMA)),
            ("0,123", Shows::Mark(COMMA)),
            ("-,5", Shows::Mark(COMMA)),
            ("€ 1.234,56", Shows::Mark(COMMA)),
            ("1.234.567", Shows::Mark(COMMA)),
            ("12,5 %", Shows::Mark(COMMA)),
            ("1 234,567", Shows::Mark(COMMA)),
            ("1\u{202f}234,56", Shows::Mark(COMMA)),
            ("1'234,5", Shows::Mark(COMMA)),
            ("1234,567", Shows::Mark(COMMA)),
            ("(4,5)", Shows::Mark(COMMA)),
            ("1,234e5", Shows::Mark(COMMA)),
            ("4.5", Shows::Mark(POINT)),
            (".123", Shows::Mark(POINT)),
            ("0.123", Shows::Mark(POINT)),
            ("$1,234.56", Shows::Mark(POINT)),
            ("1,234,567", Shows::Mark(POINT)),
            ("1,234,567.8901", Shows::Mark(POINT)),
            ("5 of 4.25", Shows::Mark(POINT)),
            ("1,234", Shows::Either(COMMA)),
            ("-1.234 €", Shows::Either(POINT)),
            ("$12,345K", Shows::Either(COMMA)),
            ("Rs.500", Shows::Nothing),
            ("5.", Shows::Nothing),
            ("12,34,567", Shows::Nothing),
            ("1,23.45", Shows::Nothing),
            ("31.10.2026", Shows::Nothing),
            ("1 day, 4 hours", Shows::Nothing),
            ("none.", Shows::Nothing),
            ("...", Shows::Nothing),
            ("1.2.3", Shows::Nothing),
        ] {
            assert_eq!(shows(cell), shown, "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_bare_number_shows_what_its_numeral_does(cell in "[-$]{0,2}[0-9]{0,5}[.,]?[0-9]{0,5}[.,%e-]?[0-9]?") {
            let has_mark = cell.contains(['.', ',']);
            let expected = if has_mark { shown_by_numerals(&cell) } else { Shows::Unmarked };
            proptest::prop_assert_eq!(shows(&cell), expected);
        }

        #[test]
        fn no_cell_panics(cell in "[0-9., '€eE+()٫%-]{0,16}") {
            let _ = shows(&cell);
        }
    }
}
