//! In which order a column writes day, month and year, from all of its dates together.

use chrono::NaiveDate;

use super::sighting::{Sighting, Subject};
use crate::error::{Choice, Error, Result};
use crate::ingest::date::Digits;
use crate::model::reading::DateOrder;

const ORDERS: [DateOrder; 3] = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];
/// Every two of [`ORDERS`], by their places.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// What the dates of a column say; only those of digits alone, for others say their day by themselves.
#[derive(Debug, Default)]
pub(super) struct DateColumn {
    /// By which it is read; None while that is being found out.
    assumed: Option<DateOrder>,
    /// Per order, the first cell that is no day in it.
    excluded_by: [Option<Sighting>; 3],
    /// Per order, how many cells are a day in it alone.
    says: [u64; 3],
    /// Per pair, how many cells are two different days in them, and the first of these.
    differing: [(u64, Option<Sighting>); 3],
    /// Per order, whether a cell was read as another day than it is in that order.
    was_read_otherwise: [bool; 3],
}

/// What was found out of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SettledOrder {
    pub(super) order: DateOrder,
    /// How many cells say so by themselves; 0 where only all of them together do.
    pub(super) cells: u64,
    /// Whether another order would have given other days, or none, somewhere in the column.
    pub(super) matters: bool,
    /// Whether its cells were read otherwise.
    pub(super) is_news: bool,
}

impl DateColumn {
    /// A column that is read in this order.
    pub(super) fn assuming(order: DateOrder) -> Self {
        Self { assumed: Some(order), ..Self::default() }
    }

    /// The day of a date, for the time being: what its column says is known at the end.
    pub(super) fn day(&mut self, digits: Digits, line: u32, text: &str) -> Option<NaiveDate> {
        let days = ORDERS.map(|order| digits.day(order));
        for (day, excluded_by) in days.iter().zip(&mut self.excluded_by) {
            if day.is_none() && excluded_by.is_none() {
                *excluded_by = Some(Sighting::new(line, text));
            }
        }
        if days.iter().flatten().count() == 1 {
            days.iter().zip(&mut self.says).for_each(|(day, says)| *says += u64::from(day.is_some()));
        }
        for ((first, second), (count, example)) in PAIRS.into_iter().zip(&mut self.differing) {
            let [first, second] = [first, second].map(|place| days.get(place).copied().flatten());
            if first.is_some() && second.is_some() && first != second {
                *count += 1;
                example.get_or_insert_with(|| Sighting::new(line, text));
            }
        }
        let read = match self.assumed {
            Some(order) => digits.day(order),
            None => self.likely_day(days),
        };
        days.iter().zip(&mut self.was_read_otherwise).for_each(|(day, otherwise)| *otherwise |= *day != read);
        read
    }

    /// The day in the first order that the column has not excluded so far.
    fn likely_day(&self, days: [Option<NaiveDate>; 3]) -> Option<NaiveDate> {
        let open = days.iter().zip(&self.excluded_by).find(|(_, excluded_by)| excluded_by.is_none());
        open.and_then(|(day, _)| *day).or_else(|| days.into_iter().flatten().next())
    }

    /// The only order that fits every cell.
    ///
    /// # Errors
    /// None does, or several that give different days.
    pub(super) fn settle(&self, subject: &Subject) -> Result<SettledOrder> {
        let open: Vec<usize> = (0..ORDERS.len()).filter(|place| self.is_open(*place)).collect();
        let Some(first) = open.first().copied() else { return Err(self.contradiction(subject)) };
        let differing = PAIRS
            .iter()
            .zip(&self.differing)
            .filter(|((one, other), _)| self.is_open(*one) && self.is_open(*other));
        let most = differing.max_by_key(|(_, (count, _))| *count);
        if let Some((_, (count, Some(example)))) = most {
            return Err(Self::undecided(subject, &open, *count, example));
        }
        let at = |values: [bool; 3]| values.get(first).copied().unwrap_or_default();
        Ok(SettledOrder {
            order: ORDERS.get(first).copied().unwrap_or(DateOrder::Ymd),
            cells: self.says.get(first).copied().unwrap_or_default(),
            matters: open.len() == 1,
            is_news: at(self.was_read_otherwise),
        })
    }

    fn is_open(&self, place: usize) -> bool {
        self.excluded_by.get(place).is_some_and(Option::is_none)
    }

    /// The refusal of a column that no order fits.
    fn contradiction(&self, subject: &Subject) -> Error {
        let mut cells: Vec<&Sighting> = self.excluded_by.iter().flatten().collect();
        cells.dedup();
        cells.truncate(2);
        let told: Vec<String> = cells.iter().map(|cell| cell.told()).collect();
        let what = format!("no order of day, month and year fits both {}", told.join(" and "));
        let hint = "mend the column, or say the order with --date-order dmy, mdy or ymd: rows that it does not fit \
                    are set aside";
        let choices = choices(&ORDERS);
        subject.refusal("date_order_contradiction", &what, hint, &cells).with_choices(choices)
    }

    /// The refusal of a column that several orders fit.
    fn undecided(subject: &Subject, open: &[usize], count: u64, example: &Sighting) -> Error {
        let orders: Vec<DateOrder> = open.iter().filter_map(|place| ORDERS.get(*place).copied()).collect();
        let phrases: Vec<&str> = orders.iter().map(|order| phrase(*order)).collect();
        let flags: Vec<String> =
            orders.iter().map(|order| format!("--date-order {}", order.name())).collect();
        let dates = if count == 1 { "1 date".to_owned() } else { format!("{count} dates") };
        let what = format!("{dates} such as {} can be {}", example.told(), phrases.join(" or "));
        let hint = format!("say which: {}", flags.join(" or "));
        let choices = choices(&orders);
        subject.refusal("date_order_undecided", &what, &hint, &[example]).with_choices(choices)
    }
}

/// Each order, for whoever knows which it is.
fn choices(orders: &[DateOrder]) -> Vec<Choice> {
    orders.iter().map(|order| Choice::new("--date-order", order.name())).collect()
}

/// `day-month-year`
pub(super) const fn phrase(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Dmy => "day-month-year",
        DateOrder::Mdy => "month-day-year",
        DateOrder::Ymd => "year-month-day",
    }
}
