//! What a quantity means for a KPI: its number in the KPI's unit, or why it has none there.

use super::quantity::{Mark, Quantity, TimeUnit, Whose};
use super::{Reading, ValueError, ValueTarget};
use crate::model::kpi::Unit;
use crate::model::kpi::batch::Cell;

/// The reading of a quantity by the KPI's unit.
pub(super) fn reading(quantity: Quantity, target: ValueTarget) -> Result<Reading, ValueError> {
    if let Some(denominator) = quantity.denominator {
        check_denominator(denominator, target)?;
    }
    let number = match (target.unit, quantity.mark) {
        (None, _) if quantity.compound => return Err(ValueError::CompoundDuration),
        (None, _) => quantity.number,
        (Some(unit), Some(mark)) => by_mark(quantity.number, mark, unit)?,
        (Some(unit), None) => by_given(quantity.number, target.given, unit)?,
    };
    let vanished = number == 0.0 && quantity.number != 0.0;
    if !number.is_finite() || vanished {
        return Err(ValueError::OutOfRange);
    }
    let unit_ignored = target.unit.is_none() && quantity.mark.is_some();
    Ok(Reading { cell: Cell::Number(number), unit_ignored })
}

/// A denominator is the KPI's best value; a ratio, money or a time over something is another quantity altogether.
fn check_denominator(denominator: f64, target: ValueTarget) -> Result<(), ValueError> {
    match target.unit {
        None | Some(Unit::Percent | Unit::Score | Unit::Count) => {
            let is_best = target.best.is_some_and(|best| best > 0.0 && best == denominator);
            if is_best { Ok(()) } else { Err(ValueError::WrongDenominator) }
        }
        Some(Unit::Money | Unit::Days | Unit::Hours | Unit::Ratio) => Err(ValueError::Fraction),
    }
}

/// The number by the unit in the cell itself.
fn by_mark(number: f64, mark: Mark, unit: Unit) -> Result<f64, ValueError> {
    match (mark, TimeUnit::of(unit)) {
        (Mark::Time(from), Some(to)) => return Ok(from.convert(number, to)),
        (Mark::Calendar, Some(_)) => return Err(ValueError::CalendarUnit),
        _ => {}
    }
    match mark.nearest_unit() {
        Some(Unit::Money) if unit == Unit::Money && mark == Mark::Money(Whose::Other) => {
            Err(ValueError::OtherCurrency)
        }
        Some(found) if found == unit => Ok(number),
        Some(found) => Err(ValueError::WrongUnit { found, unit }),
        None => Err(ValueError::UnknownUnit),
    }
}

/// A bare number by the file's unit column.
fn by_given(number: f64, given: Option<Unit>, unit: Unit) -> Result<f64, ValueError> {
    match given {
        None => Ok(number),
        Some(given) if given == unit => Ok(number),
        Some(given) => match (TimeUnit::of(given), TimeUnit::of(unit)) {
            (Some(from), Some(to)) => Ok(from.convert(number, to)),
            _ => Err(ValueError::WrongGivenUnit { given, unit }),
        },
    }
}
