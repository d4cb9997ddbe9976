//! Digits with a decimal mark, separators and an exponent, read as a 64-bit float.
//!
//! Powers of ten are written into the text that is parsed, never multiplied: `2.3M` is 2300000 exactly.

use super::{DecimalMark, ValueError};

/// Why digits make no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// The cell as a whole has to say why.
    Unclear,
    /// This is why.
    Because(ValueError),
}

impl From<ValueError> for Miss {
    fn from(error: ValueError) -> Self {
        Self::Because(error)
    }
}

/// A numeral as it stands in a cleaned cell, without sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numeral<'t> {
    /// Digits, marks and separators.
    mantissa: &'t str,
    /// The power of ten that follows `e`.
    exponent: i64,
}

impl<'t> Numeral<'t> {
    /// The numeral at the start of the text, and what follows it.
    pub(super) fn strip(text: &'t str, decimal: DecimalMark) -> Option<(Self, &'t str)> {
        let (mantissa, rest) = text.split_at_checked(mantissa_length(text, decimal))?;
        if !mantissa.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (exponent, rest) = strip_exponent(rest).unwrap_or((0, rest));
        Some((Self { mantissa, exponent }, rest))
    }

    /// The number times ten to the power of `scale`: finite, and zero only where every digit is.
    pub(super) fn number(self, scale: u8, decimal: DecimalMark) -> Result<f64, Miss> {
        let digits = plain_digits(self.mantissa, decimal)?;
        let exponent = self.exponent.saturating_add(i64::from(scale));
        let number = if exponent == 0 { digits.parse() } else { format!("{digits}e{exponent}").parse() };
        let number: f64 = number.map_err(|_| Miss::Unclear)?;
        let vanished = number == 0.0 && digits.contains(|c| matches!(c, '1'..='9'));
        if number.is_finite() && !vanished { Ok(number) } else { Err(ValueError::OutOfRange.into()) }
    }
}

/// Digits, marks, apostrophes, and single spaces between digits.
fn mantissa_length(text: &str, decimal: DecimalMark) -> usize {
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.clone().next() {
        let followed_by_digit = rest.clone().nth(1).is_some_and(|next| next.is_ascii_digit());
        let belongs = match c {
            '0'..='9' => true,
            ' ' => before.is_ascii_digit() && followed_by_digit,
            '.' | ',' => followed_by_digit || c == decimal.mark(),
            '\'' => followed_by_digit,
            _ => false,
        };
        if !belongs {
            break;
        }
        before = c;
        rest.next();
    }
    text.len() - rest.as_str().len()
}

/// `e3`, `E-3` and what follows; None where no digits follow the letter.
fn strip_exponent(text: &str) -> Option<(i64, &str)> {
    let text = text.strip_prefix(['e', 'E'])?;
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.strip_suffix(rest).filter(|digits| !digits.is_empty())?;
    let size = digits.parse().unwrap_or(i64::MAX / 2);
    Some((if negative { -size } else { size }, rest))
}

/// The mantissa with a decimal point and without separators.
fn plain_digits(mantissa: &str, decimal: DecimalMark) -> Result<String, Miss> {
    let ambiguous = ValueError::AmbiguousDecimal { expected: decimal };
    let (whole, fraction) = mantissa.split_once(decimal.mark()).unwrap_or((mantissa, ""));
    if fraction.contains(decimal.mark()) {
        // `1.234.567` where the point is the decimal mark; anything else may be a date or a version.
        let other_whole = mantissa.split(decimal.group()).next().unwrap_or_default();
        let grouped = ungroup(other_whole, decimal.mark()).is_some();
        return Err(if grouped { ambiguous.into() } else { Miss::Unclear });
    }
    if fraction.contains(decimal.group()) {
        return Err(ambiguous.into());
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ValueError::BadGrouping.into());
    }
    let mut digits = match whole.chars().find(|c| !c.is_ascii_digit()) {
        None => whole.to_owned(),
        Some(separator) => ungroup(whole, separator).ok_or_else(|| {
            let could_be_decimal = whole.matches(decimal.group()).count() == 1 && fraction.is_empty();
            if could_be_decimal { ambiguous } else { ValueError::BadGrouping }
        })?,
    };
    if digits.is_empty() && fraction.is_empty() {
        return Err(Miss::Unclear);
    }
    digits.push('.');
    digits.push_str(fraction);
    Ok(digits)
}

/// The digits without separators, where these part groups of three and the first group is no bare zero.
fn ungroup(digits: &str, separator: char) -> Option<String> {
    let mut groups = digits.split(separator);
    let first = groups.next()?;
    let plain = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = matches!(first.len(), 1..=3) && plain(first) && !first.starts_with('0');
    let rest = groups.all(|group| group.len() == 3 && plain(group));
    (well_formed && rest).then(|| digits.replace(separator, ""))
}
