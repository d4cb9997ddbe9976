//! The thorough path: every form of one quantity that HEALTH.md reads.
//!
//! It takes a cleaned cell whole or not at all; why a cell is no quantity is told by `explain`, and what the
//! quantity means for a KPI by `convert`.
//!
//! ```text
//! cell  = lead numeral (over | tail)
//! lead  = sign, opening bracket and currency in any order, each at most once, no space after a sign
//! over  = "/" numeral
//! tail  = [suffix] then unit, currency and closing bracket, or the further parts of a duration
//! ```

use super::currency::{Currency, WrittenAs};
use super::numeral::{Miss, Numeral};
use super::quantity::{Mark, Quantity, TimeUnit, Whose};
use super::words::{self, Word};
use super::{DecimalMark, ValueError};

/// What decides how a quantity is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'r> {
    /// The customer's.
    pub(super) currency: &'r Currency,
    /// The column's.
    pub(super) decimal: DecimalMark,
    /// Whether `5m` is five minutes rather than five million.
    pub(super) minutes: bool,
}

/// The quantity that the cleaned text is.
pub(super) fn quantity(text: &str, rules: Rules<'_>) -> Result<Quantity, Miss> {
    let mut cell =
        Cell { rest: text, rules, sign: None, bracket: Bracket::Absent, money: Money::default(), mark: None };
    cell.lead()?;
    let numeral = cell.numeral().ok_or(Miss::Unclear)?;
    let scale = cell.scale()?;
    let number = numeral.number(scale, rules.decimal)?;
    if scale == 0 && cell.eat('/') {
        return cell.over(number);
    }
    let (number, compound) = cell.tail(number)?;
    let number = if cell.is_negative()? { -number } else { number };
    Ok(Quantity { compound, ..Quantity::simple(number, cell.mark) })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Absent,
    Open,
    Closed,
}

/// A currency may be written twice, by sign and by code (`$5 USD`).
#[derive(Debug, Clone, Copy, Default)]
struct Money {
    sign: bool,
    code: bool,
}

/// A cell while it is read from the front.
struct Cell<'t, 'r> {
    rest: &'t str,
    rules: Rules<'r>,
    sign: Option<char>,
    bracket: Bracket,
    money: Money,
    mark: Option<Mark>,
}

impl<'t> Cell<'t, '_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// Takes the character, and spaces before it.
    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start_matches(' ').strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The word that comes next, spaces before it aside; not taken.
    fn next_word(&self) -> (&'t str, &'t str) {
        let text = self.rest.trim_start_matches(' ');
        let rest = text.trim_start_matches(char::is_alphabetic);
        (text.strip_suffix(rest).unwrap_or_default(), rest)
    }

    fn numeral(&mut self) -> Option<Numeral<'t>> {
        let (numeral, rest) = Numeral::strip(self.rest, self.rules.decimal)?;
        self.rest = rest;
        Some(numeral)
    }

    /// Sign, opening bracket and currency.
    fn lead(&mut self) -> Result<(), Miss> {
        loop {
            if let Some(sign) = self.rest.chars().next().filter(|c| matches!(c, '-' | '+')) {
                self.eat(sign);
                if self.sign.replace(sign).is_some() || self.rest.starts_with(' ') {
                    return Err(Miss::Unclear);
                }
            } else if self.rest.starts_with('(') {
                self.eat('(');
                self.bracket = match self.bracket {
                    Bracket::Absent => Bracket::Open,
                    _ => return Err(Miss::Unclear),
                };
            } else if !self.currency()? {
                return Ok(());
            }
            self.skip_spaces();
        }
    }

    /// Takes a currency's sign or code.
    fn currency(&mut self) -> Result<bool, Miss> {
        let text = self.rest.trim_start_matches(' ');
        let Some((whose, written_as, rest)) = self.rules.currency.strip(text) else {
            return Ok(false);
        };
        let seen = match written_as {
            WrittenAs::Sign => &mut self.money.sign,
            WrittenAs::Code => &mut self.money.code,
        };
        let both = match self.mark {
            None => whose,
            Some(Mark::Money(first)) if !*seen && first == whose => whose,
            Some(Mark::Money(_)) if !*seen => Whose::Other,
            Some(_) => return Err(Miss::Unclear),
        };
        *seen = true;
        self.mark = Some(Mark::Money(both));
        self.rest = rest;
        Ok(true)
    }

    /// The power of ten of a suffix, taken; 0 where there is none.
    fn scale(&mut self) -> Result<u8, Miss> {
        let (word, rest) = self.next_word();
        let scale = match words::lookup(word) {
            Some(Word::Scale(scale)) => scale,
            Some(Word::MillionOrMinutes) if !self.rules.minutes || self.mark.is_some() => 6,
            Some(Word::MillionOrMinutes) if word == "M" => return Err(ValueError::AmbiguousSuffix.into()),
            _ => return Ok(0),
        };
        self.rest = rest;
        Ok(scale)
    }

    /// The denominator that ends the cell.
    fn over(mut self, number: f64) -> Result<Quantity, Miss> {
        self.skip_spaces();
        let denominator = self.numeral().ok_or(Miss::Unclear)?.number(0, self.rules.decimal)?;
        if !self.rest.is_empty() || self.mark.is_some() || self.bracket != Bracket::Absent {
            return Err(Miss::Unclear);
        }
        let number = if self.is_negative()? { -number } else { number };
        Ok(Quantity { denominator: Some(denominator), ..Quantity::simple(number, None) })
    }

    /// Units and the closing bracket; the number, and whether it is the sum of several parts.
    fn tail(&mut self, mut number: f64) -> Result<(f64, bool), Miss> {
        let mut compound = false;
        loop {
            self.skip_spaces();
            if self.rest.is_empty() {
                return Ok((number, compound));
            } else if self.bracket == Bracket::Open && self.eat(')') {
                self.bracket = Bracket::Closed;
            } else if self.eat('%') {
                self.set_unit(Mark::Percent)?;
            } else if !self.currency()? {
                let unit = self.unit_word().ok_or(Miss::Unclear)?;
                self.set_unit(unit)?;
                if let Mark::Time(longest) = unit {
                    (number, compound) = self.parts(number, longest)?;
                }
            }
        }
    }

    fn set_unit(&mut self, unit: Mark) -> Result<(), Miss> {
        if self.mark.replace(unit).is_some() { Err(Miss::Unclear) } else { Ok(()) }
    }

    /// Takes a unit word, and the full stop of an abbreviation (`2 hrs.`).
    fn unit_word(&mut self) -> Option<Mark> {
        let (word, rest) = self.next_word();
        let mark = match words::lookup(word)? {
            Word::Unit(mark) => mark,
            Word::MillionOrMinutes if self.rules.minutes => Mark::Time(TimeUnit::Minute),
            Word::MillionOrMinutes | Word::Scale(_) => return None,
        };
        self.rest = rest.strip_prefix('.').unwrap_or(rest);
        Some(mark)
    }

    /// The further parts of a duration, each of a shorter unit (`2 days 4 hours`), summed in the shortest.
    fn parts(&mut self, first: f64, longest: TimeUnit) -> Result<(f64, bool), Miss> {
        let (mut sum, mut unit, mut compound) = (first, longest, false);
        loop {
            let joined = self.eat(',') || self.eat_and();
            self.skip_spaces();
            let Some(numeral) = self.numeral() else {
                return if joined { Err(Miss::Unclear) } else { Ok((sum, compound)) };
            };
            let (word, rest) = self.next_word();
            let shorter = words::time_unit(word).filter(|shorter| *shorter < unit).ok_or(Miss::Unclear)?;
            self.rest = rest.strip_prefix('.').unwrap_or(rest);
            sum = unit.convert(sum, shorter) + numeral.number(0, self.rules.decimal)?;
            (unit, compound) = (shorter, true);
            self.mark = Some(Mark::Time(unit));
        }
    }

    fn eat_and(&mut self) -> bool {
        let (word, rest) = self.next_word();
        let found = word.eq_ignore_ascii_case("and");
        self.rest = if found { rest } else { self.rest };
        found
    }

    /// Whether sign or brackets make it negative.
    fn is_negative(&self) -> Result<bool, Miss> {
        match (self.bracket, self.sign) {
            (Bracket::Absent, sign) => Ok(sign == Some('-')),
            (Bracket::Closed, None) => Ok(true),
            _ => Err(Miss::Unclear),
        }
    }
}
