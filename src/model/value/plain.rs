//! The fast path: plain ASCII cells such as `71.2`, `85.5%`, `$41,234.50`, `12.5 days`.
//!
//! It allocates nothing and answers only where the grammar would give the same quantity; everything else is None.

use super::DecimalMark;
use super::grammar::Rules;
use super::quantity::{Mark, Quantity, TimeUnit, Whose};
use super::words::{self, Word};

/// Room for the digits; longer numerals are unusual.
const ROOM: usize = 48;

/// The quantity, where the cell is plain.
pub(super) fn quantity(cell: &str, rules: Rules<'_>) -> Option<Quantity> {
    match bare(cell.as_bytes(), rules.decimal) {
        Some(number) => Some(Quantity::simple(number, None)),
        None => marked(cell, rules),
    }
}

/// The most digits of which any whole number and any power of ten are exact as f64, so that their quotient is the
/// nearest one to the decimal number.
const EXACT_DIGITS: usize = 15;

/// Digits, at most one mark among them, at most a minus before them, and nothing else: nearly every cell.
fn bare(cell: &[u8], decimal: DecimalMark) -> Option<f64> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    let (mut number, mut scale, mut place) = (0_u64, 1_u64, None);
    if digits.len() > EXACT_DIGITS {
        return None;
    }
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + u64::from(byte - b'0');
                scale = if place.is_some() { scale * 10 } else { 1 };
            }
            _ if char::from(*byte) == decimal.mark() && place.is_none() && at > 0 => place = Some(at),
            _ => return None,
        }
    }
    if digits.is_empty() || place.is_some_and(|place| place + 1 == digits.len()) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "both have at most 15 digits, which f64 holds exactly")]
    let number = number as f64 / scale as f64;
    Some(if cell.len() > digits.len() { -number } else { number })
}

/// The quantity of a cell that may have signs and words about its number.
fn marked(cell: &str, rules: Rules<'_>) -> Option<Quantity> {
    let text = cell.trim_matches(' ');
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (money, text) = match after(text, '$') {
        Some(text) if rules.currency.writes_dollar => (Some(Mark::Money(Whose::Own)), text),
        Some(_) => return None,
        None => (None, text),
    };
    let mut digits = Digits::default();
    let rest = digits.take(text, rules.decimal)?;
    let tail = tail(rest, money, rules.minutes)?;
    if tail.scale > 0 {
        digits.push(b'e')?;
        digits.push(b'0' + tail.scale)?;
    }
    let number = match bare(digits.filled(), DecimalMark::Point) {
        Some(number) => number,
        None => digits.text()?.parse().ok()?,
    };
    Some(Quantity::simple(if negative { -number } else { number }, tail.mark))
}

struct Tail {
    scale: u8,
    mark: Option<Mark>,
}

/// What follows the digits: nothing, `%`, or one known word, after at most one space.
fn tail(rest: &str, money: Option<Mark>, minutes: bool) -> Option<Tail> {
    if rest.is_empty() {
        return Some(Tail { scale: 0, mark: money });
    }
    let word = after(rest, ' ').unwrap_or(rest);
    if word == "%" && money.is_none() {
        return Some(Tail { scale: 0, mark: Some(Mark::Percent) });
    }
    match words::lookup(word)? {
        Word::Unit(mark) if money.is_none() => Some(Tail { scale: 0, mark: Some(mark) }),
        Word::Unit(_) => None,
        Word::Scale(scale) => Some(Tail { scale, mark: money }),
        Word::MillionOrMinutes if minutes && money.is_none() => {
            let minutes = Some(Mark::Time(TimeUnit::Minute));
            (word == "m").then_some(Tail { scale: 0, mark: minutes })
        }
        Word::MillionOrMinutes => Some(Tail { scale: 6, mark: money }),
    }
}

/// What follows an ASCII character at the start. It is `strip_prefix` without its call of `memcmp`.
fn after(text: &str, character: char) -> Option<&str> {
    let starts = text.as_bytes().first().is_some_and(|byte| char::from(*byte) == character);
    if starts { text.get(1..) } else { None }
}

/// The numeral as Rust parses it, on the stack.
struct Digits {
    bytes: [u8; ROOM],
    length: usize,
}

impl Default for Digits {
    fn default() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }
}

impl Digits {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = byte;
        self.length += 1;
        Some(())
    }

    fn filled(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.filled()).ok()
    }

    /// Takes digits, well-formed groups of three and one fraction from the start; gives what follows.
    fn take<'t>(&mut self, text: &'t str, decimal: DecimalMark) -> Option<&'t str> {
        let mut rest = self.take_run(text)?;
        let mut group = text.len() - rest.len();
        let leading_zero = text.starts_with('0');
        let mut grouped = false;
        while let Some(after) = after(rest, decimal.group()) {
            let well_formed = if grouped { group == 3 } else { group <= 3 && !leading_zero };
            if !well_formed {
                return None;
            }
            rest = self.take_run(after)?;
            group = after.len() - rest.len();
            grouped = true;
        }
        if grouped && group != 3 {
            return None;
        }
        if let Some(after) = after(rest, decimal.mark()) {
            self.push(b'.')?;
            rest = self.take_run(after)?;
        }
        // A further separator, an exponent or a second numeral is for the grammar.
        let next = after(rest, ' ').unwrap_or(rest).bytes().next();
        if next.is_some_and(|byte| !byte.is_ascii_alphabetic() && byte != b'%') { None } else { Some(rest) }
    }

    /// Takes one digit or more.
    fn take_run<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        for byte in text.bytes().take(length) {
            self.push(byte)?;
        }
        if length > 0 { text.get(length..) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_bare_number_is_the_one_that_rust_reads(cell in "-?[0-9]{1,16}(\\.[0-9]{1,15})?") {
            let number = bare(cell.as_bytes(), DecimalMark::Point);
            prop_assert_eq!(number.is_some(), cell.trim_start_matches('-').len() <= EXACT_DIGITS);
            let read: f64 = cell.parse().unwrap();
            prop_assert!(number.is_none_or(|number| number.to_bits() == read.to_bits()), "{}", cell);
        }

        #[test]
        fn what_is_not_bare_is_left_alone(cell in "[-+$]?[0-9]{0,2}[.,]?[0-9]{0,2}[.,%k ]?") {
            for mark in [DecimalMark::Point, DecimalMark::Comma] {
                let is_number = cell.replace(mark.mark(), ".").parse::<f64>().is_ok();
                let begins_and_ends = |text: &str| text.trim_start_matches('-').bytes().next().is_some_and(|b| b.is_ascii_digit())
                    && text.bytes().last().is_some_and(|b| b.is_ascii_digit());
                let other = if mark == DecimalMark::Point { ',' } else { '.' };
                let is_bare = is_number && begins_and_ends(&cell) && !cell.contains(other);
                prop_assert_eq!(bare(cell.as_bytes(), mark).is_some(), is_bare, "{}", cell);
            }
        }
    }
}
