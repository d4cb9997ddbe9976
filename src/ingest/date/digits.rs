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

/// The year that a text of two or four digits is.
pub(super) fn year(text: &str) -> Option<i32> {
    Part { number: number(text)?, length: text.len() }.as_year()
}
