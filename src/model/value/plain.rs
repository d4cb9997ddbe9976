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
    let text = cell.trim_matches(' ');
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (money, text) = match text.strip_prefix('$') {
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
    let number: f64 = digits.text()?.parse().ok()?;
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
    let word = rest.strip_prefix(' ').unwrap_or(rest);
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

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes.get(..self.length)?).ok()
    }

    /// Takes digits, well-formed groups of three and one fraction from the start; gives what follows.
    fn take<'t>(&mut self, text: &'t str, decimal: DecimalMark) -> Option<&'t str> {
        let mut rest = self.take_run(text)?;
        let mut group = text.len() - rest.len();
        let leading_zero = text.starts_with('0');
        let mut grouped = false;
        while let Some(after) = rest.strip_prefix(decimal.group()) {
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
        if let Some(after) = rest.strip_prefix(decimal.mark()) {
            self.push(b'.')?;
            rest = self.take_run(after)?;
        }
        // A further separator, an exponent or a second numeral is for the grammar.
        let next = rest.strip_prefix(' ').unwrap_or(rest).bytes().next();
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
