//! One plain spelling of a cell: signs, digits and spaces of every script become ASCII, invisible characters go.
//!
//! It must never change what a number says; compatibility normalisation would (`5²` would become 52), so only
//! the characters listed here are touched.

use super::{DecimalMark, ValueError};

/// Zeros of the decimal digits beyond ASCII, each followed by its one to nine (Unicode 14, general category Nd).
const ZEROS: [u32; 65] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
    0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC,
    0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// The cell's plain spelling, trimmed; empty for a blank cell.
///
/// # Errors
/// A control character or line break within the text.
pub(super) fn clean(cell: &str, decimal: DecimalMark) -> Result<String, ValueError> {
    let mut text = String::with_capacity(cell.len());
    text.extend(cell.chars().filter(|&c| !is_invisible(c)).map(|c| plain(c, decimal)));
    let trimmed = text.trim();
    if trimmed.contains(char::is_control) {
        return Err(ValueError::ControlCharacter);
    }
    if trimmed.len() == text.len() { Ok(text) } else { Ok(trimmed.to_owned()) }
}

/// Zero-width characters, the byte order mark, and the marks of writing direction.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn plain(c: char, decimal: DecimalMark) -> char {
    match c {
        '\0'..='\u{7f}' => c,
        // Separators of lines, unlike those of words, are no part of a value.
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{66a}' | '\u{fe6a}' => '%',
        '\u{66b}' => decimal.mark(),
        '\u{66c}' => decimal.group(),
        '\u{d7}' => 'x',
        '\u{fe62}' => '+',
        '\u{fe69}' => '$',
        '\u{ffe1}' => '£',
        '\u{ffe5}' => '¥',
        '\u{ffe6}' => '₩',
        _ if c.is_whitespace() => ' ',
        _ => ascii_digit(c).or_else(|| half_width(c)).unwrap_or(c),
    }
}

fn ascii_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = *ZEROS.get(ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?)?;
    char::from_digit(code.checked_sub(zero)?, 10)
}

/// Full-width forms of ASCII lie in one block, in ASCII's order.
fn half_width(c: char) -> Option<char> {
    let code = u32::from(c);
    if (0xFF01..=0xFF5E).contains(&code) { char::from_u32(code - 0xFEE0) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_signs_and_spaces_of_every_script_become_ascii() {
        for (cell, plain) in [
            ("＋５％", "+5%"),
            ("\u{feff}８５．５\u{200b}%", "85.5%"),
            ("٨٥٫٥٪", "85.5%"),
            ("१२३", "123"),
            ("𝟗𝟘", "90"),
            ("1\u{202f}234\u{a0}€", "1 234 €"),
            ("（＄５）", "($5)"),
            ("\u{2212}5", "-5"),
            (" \t5\r\n", "5"),
            ("\u{a0}\u{200b} ", ""),
        ] {
            assert_eq!(clean(cell, DecimalMark::Point).as_deref(), Ok(plain), "{cell:?}");
        }
        assert_eq!(clean("١٬٢٣٤٫٥", DecimalMark::Comma).as_deref(), Ok("1.234,5"));
    }

    #[test]
    fn what_would_change_a_number_is_left_alone() {
        for cell in ["5²", "½", "①", "⁵", "Ⅷ"] {
            assert_eq!(clean(cell, DecimalMark::Point).as_deref(), Ok(cell));
        }
    }

    #[test]
    fn control_characters_within_are_refused() {
        for cell in ["\0", "8\u{0}5", "8\t5", "8\n5", "8\u{2028}5", "\u{1b}[1m5"] {
            assert_eq!(clean(cell, DecimalMark::Point), Err(ValueError::ControlCharacter), "{cell:?}");
        }
    }
}
