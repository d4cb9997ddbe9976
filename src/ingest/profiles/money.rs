//! An amount of money as people and platforms write it, exact.
//!
//! `2468639`, `$1,234.56`, `2.5K`, `(500)`, `1 234 EUR`, `1.48e5`. It must never pass through a float, and never
//! guess which mark is the decimal one: its column has settled that.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::model::money::is_currency;
use crate::model::value::{DecimalMark, currency_sign, plain_text};

/// An amount, and the currency that is written beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount<'t> {
    pub(super) number: Decimal,
    pub(super) written: Option<Written<'t>>,
}

/// A currency as it is written beside an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written<'t> {
    /// A sign, and the codes of all currencies that use it.
    Sign(&'static [&'static str]),
    /// A code, case aside.
    Code(&'t str),
}

impl Written<'_> {
    /// Whether it may be this currency.
    pub(super) fn may_be(self, currency: &str) -> bool {
        match self {
            Self::Sign(codes) => codes.contains(&currency),
            Self::Code(code) => code.eq_ignore_ascii_case(currency),
        }
    }
}

/// A cell without what only looks different: digits of other scripts, invisible characters, odd spaces.
pub(super) fn cleaned(cell: &str, decimal: DecimalMark) -> Option<String> {
    plain_text(cell, decimal).ok()
}

/// The amount that a cleaned text is; None where it is none.
pub(super) fn amount(text: &str, decimal: DecimalMark) -> Option<Amount<'_>> {
    let (text, in_brackets) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let (text, first_sign) = sign(text);
    let (before, text) = currency(text);
    let (text, second_sign) = sign(text);
    let length = numeral_length(text);
    let (numeral, tail) = text.split_at_checked(length)?;
    let (zeros, tail) = scale(tail.trim_start());
    let (after, tail) = currency(tail.trim_start());
    let signs = usize::from(in_brackets) + [first_sign, second_sign].iter().flatten().count();
    let agree = match (before, after) {
        (Some(Written::Sign(codes)), Some(Written::Code(code))) => {
            codes.iter().any(|known| code.eq_ignore_ascii_case(known))
        }
        (Some(_), Some(_)) => false,
        _ => true,
    };
    if !tail.is_empty() || signs > 1 || !agree {
        return None;
    }
    let number = number(&with_point(numeral.trim_end(), decimal))?
        .checked_mul(Decimal::from(10_u64.checked_pow(zeros)?))?;
    let is_negative = in_brackets || first_sign == Some('-') || second_sign == Some('-');
    let number = if is_negative { -number } else { number };
    Some(Amount { number, written: after.or(before) })
}

/// A sign at the start; no space follows it.
fn sign(text: &str) -> (&str, Option<char>) {
    match text.chars().next().filter(|sign| matches!(sign, '-' | '+')) {
        Some(sign) => (text.get(1..).unwrap_or_default(), Some(sign)),
        None => (text, None),
    }
}

/// A currency at the start, and what follows it.
fn currency(text: &str) -> (Option<Written<'_>>, &str) {
    if let Some((codes, rest)) = currency_sign(text) {
        return (Some(Written::Sign(codes)), rest.trim_start());
    }
    match text.split_at_checked(3) {
        Some((code, rest))
            if is_currency(&code.to_ascii_uppercase()) && !rest.starts_with(char::is_alphabetic) =>
        {
            (Some(Written::Code(code)), rest.trim_start())
        }
        _ => (None, text),
    }
}

/// How much of the text is a number: digits, marks, and an exponent as JSON writes it.
fn numeral_length(text: &str) -> usize {
    let is_mark = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' ');
    let mantissa = text.find(|c| !is_mark(c)).unwrap_or(text.len());
    let exponent = text.get(mantissa..).and_then(|rest| rest.strip_prefix(['e', 'E'])).and_then(|rest| {
        let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        (length > 0).then(|| 1 + rest.len() - digits.len() + length)
    });
    mantissa + exponent.unwrap_or(0)
}

/// How many zeros a word such as `K` stands for.
fn scale(text: &str) -> (u32, &str) {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(length).unwrap_or(("", text));
    match word.to_ascii_lowercase().as_str() {
        "k" | "thousand" => (3, rest),
        "m" | "mm" | "mn" | "million" => (6, rest),
        "b" | "bn" | "billion" => (9, rest),
        _ => (0, text),
    }
}

/// The numeral with the point as its decimal mark.
fn with_point(numeral: &str, decimal: DecimalMark) -> Cow<'_, str> {
    match decimal {
        DecimalMark::Point => Cow::Borrowed(numeral),
        DecimalMark::Comma => {
            let exchanged = numeral.chars().map(|c| match c {
                '.' => ',',
                ',' => '.',
                other => other,
            });
            Cow::Owned(exchanged.collect())
        }
    }
}

/// Digits in groups of three, or without groups, with a fraction and an exponent.
fn number(numeral: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match numeral.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (numeral, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = ungrouped(whole)?;
    if !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) || mantissa.ends_with('.') {
        return None;
    }
    let number = Decimal::from_str_exact(&format!("0{whole}.{fraction}0")).ok()?.normalize();
    // Past this many places an amount fits no currency.
    let power = Decimal::from(10_u64.checked_pow(exponent.unsigned_abs())?);
    if exponent < 0 { number.checked_div(power) } else { number.checked_mul(power) }
}

/// The digits of a whole number without what groups them by three.
fn ungrouped(whole: &str) -> Option<String> {
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else { return Some(whole.to_owned()) };
    let mut groups = whole.split(mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    rest.iter().all(|group| is_group(group)).then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Option<String> {
        read_by(cell, DecimalMark::Point)
    }

    fn read_by(cell: &str, decimal: DecimalMark) -> Option<String> {
        let text = cleaned(cell, decimal)?;
        let amount = amount(&text, decimal)?;
        let written = match amount.written {
            None => String::new(),
            Some(Written::Sign(codes)) => format!(" {}", codes[0]),
            Some(Written::Code(code)) => format!(" {code}"),
        };
        Some(format!("{}{written}", amount.number.normalize()))
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (cell, expected) in [
            ("2468639", "2468639"),
            (" $1,234.56 ", "1234.56 USD"),
            ("$2.5K", "2500 USD"),
            ("2.5 million USD", "2500000 USD"),
            ("(500)", "-500"),
            ("($1,200)", "-1200 USD"),
            ("-$5", "-5 USD"),
            ("$-5", "-5 USD"),
            ("€ 1 234", "1234 EUR"),
            ("1'234.50 CHF", "1234.5 CHF"),
            ("eur 5m", "5000000 eur"),
            ("1.48e5", "148000"),
            ("1E-2", "0.01"),
            ("0.10", "0.1"),
            (".5", "0.5"),
            ("1\u{a0}234\u{202f}567", "1234567"),
            ("148000.005", "148000.005"),
            ("99999999999999999999.99", "99999999999999999999.99"),
            ("$5 USD", "5 USD"),
            ("0", "0"),
            ("kr 500", "500 SEK"),
            ("5 Kč", "5 CZK"),
        ] {
            assert_eq!(read(cell).as_deref(), Some(expected), "{cell:?}");
        }
    }

    #[test]
    fn a_decimal_comma_is_read_where_the_column_writes_one() {
        for (cell, expected) in [
            ("€ 1.234,56", Some("1234.56 EUR")),
            ("1.234.567", Some("1234567")),
            ("4,5K", Some("4500")),
            ("1 234,5 EUR", Some("1234.5 EUR")),
            ("1.234", Some("1234")),
            ("4.5", None),
            ("1,234.56", None),
        ] {
            assert_eq!(read_by(cell, DecimalMark::Comma).as_deref(), expected, "{cell:?}");
        }
    }

    #[test]
    fn what_could_be_two_amounts_is_none() {
        for cell in [
            "1.234,56",
            "1,23",
            "12,34,567",
            "1,234 567",
            "five",
            "5%",
            "5 hours",
            "",
            "$",
            "--5",
            "(-5)",
            "5-",
            "5.",
            "1.2.3",
            "€5 USD",
            "5 USD 3",
            "1e999",
            "10 20",
            "5 dollars",
            "1,234,",
            "2.5KK",
            "$5 $",
        ] {
            assert_eq!(read(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn a_sign_may_be_several_currencies() {
        let dollar = amount("$5", DecimalMark::Point).and_then(|amount| amount.written).unwrap();
        assert!(dollar.may_be("USD") && dollar.may_be("CAD") && !dollar.may_be("EUR"));
        let code = amount("5 usd", DecimalMark::Point).and_then(|amount| amount.written).unwrap();
        assert!(code.may_be("USD") && !code.may_be("CAD"));
    }
}
