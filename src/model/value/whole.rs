//! Whole numbers alone: no sign, unit or exponent. It must never round.

use super::numeral::Numeral;
use super::{DecimalMark, clean};

/// A whole number from 0; `5.0` and `1,234` are, too.
#[must_use]
pub fn whole_number(cell: &str, decimal: DecimalMark) -> Option<u32> {
    let text = clean::clean(cell, decimal).ok()?;
    let is_numeral = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'');
    if !text.chars().all(is_numeral) {
        return None;
    }
    let (numeral, rest) = Numeral::strip(&text, decimal)?;
    // Ten digits and a fraction of zeros: far within what a float holds exactly.
    let number = numeral.number(0, decimal).ok().filter(|_| rest.is_empty())?;
    let whole = number.to_string();
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_nothing_behind_their_mark() {
        for (cell, point, comma) in [
            ("5", Some(5), Some(5)),
            (" 05 ", Some(5), Some(5)),
            ("5.0", Some(5), None),
            ("5,00", None, Some(5)),
            ("1,234", Some(1234), None),
            ("1.234", None, Some(1234)),
            ("1 234", Some(1234), Some(1234)),
            ("4294967295", Some(u32::MAX), Some(u32::MAX)),
            ("4294967296", None, None),
            ("5.5", None, None),
            ("-5", None, None),
            ("+5", None, None),
            ("1e3", None, None),
            ("5 %", None, None),
            ("", None, None),
            (".", None, None),
            ("99999999999999999999999", None, None),
        ] {
            assert_eq!(whole_number(cell, DecimalMark::Point), point, "{cell:?}");
            assert_eq!(whole_number(cell, DecimalMark::Comma), comma, "{cell:?}");
        }
    }
}
