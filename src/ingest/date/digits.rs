//! A date of three numbers, read in any order. It must never prefer one.

use chrono::NaiveDate;

use super::number;
use crate::model::reading::DateOrder;

/// Years of two digits from here on are of the last century, as spreadsheets and POSIX have it.
const PIVOT: u32 = 69;

/// Three numbers, the last of which may be a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Digits {
    parts: [Part; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    number: u32,
    length: usize,
}

impl Digits {
    /// Three texts as such a date; None where no order makes a day of them.
    pub(super) fn of(texts: [&str; 3]) -> Option<Self> {
        let part = |text: &str| Some(Part { number: number(text)?, length: text.len() });
        let [first, second, third] = texts.map(part);
        let digits = Self { parts: [first?, second?, third?] };
        DateOrder::ALL.iter().any(|(_, order)| digits.day(*order).is_some()).then_some(digits)
    }

    /// The day in this order; None where it is none.
    pub(in crate::ingest) fn day(self, order: DateOrder) -> Option<NaiveDate> {
        let [first, second, third] = self.parts;
        let (year, month, day) = match order {
            DateOrder::Dmy => (third, second, first),
            DateOrder::Mdy => (third, first, second),
            DateOrder::Ymd => (first, second, third),
        };
        let is_short = |part: Part| (1..=2).contains(&part.length);
        let year = year.as_year().filter(|_| is_short(month) && is_short(day))?;
        NaiveDate::from_ymd_opt(year, month.number, day.number)
    }
}

impl Part {
    fn as_year(self) -> Option<i32> {
        let year = match (self.length, self.number) {
            (2, number @ PIVOT..) => 1900 + number,
            (2, number) => 2000 + number,
            (4, number @ 1..) => number,
            _ => return None,
        };
        i32::try_from(year).ok()
    }
}

/// Whether a text is three numbers such as days have, parted alike, of which no order makes one: `2026-02-30`.
pub(in crate::ingest) fn is_no_day(text: &str) -> bool {
    let Some(mark) = text.trim().chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/.".contains(*c)) else {
        return false;
    };
    let parts: Vec<&str> = text.trim().split(mark).collect();
    let &[first, second, third] = parts.as_slice() else { return false };
    let is_number =
        |text: &str| matches!(text.len(), 1 | 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_a_year = [first, third].iter().any(|part| matches!(part.len(), 2 | 4));
    [first, second, third].into_iter().all(is_number)
        && second.len() < 3
        && has_a_year
        && Digits::of([first, second, third]).is_none()
}

/// The year that a text of two or four digits is.
pub(super) fn year(text: &str) -> Option<i32> {
    Part { number: number(text)?, length: text.len() }.as_year()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_that_are_no_day_in_any_order_are_known() {
        for (text, expected) in [
            ("2026-02-30", true),
            ("31/02/2026", true),
            ("2026-13-45", true),
            ("99.99.2026", true),
            ("2026-02-28", false),
            ("13/12/2026", false),
            ("2026-02", false),
            ("1.2.3.4", false),
            ("192.168.1", false),
            ("much", false),
        ] {
            assert_eq!(is_no_day(text), expected, "{text}");
        }
    }
}
