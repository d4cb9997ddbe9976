//! What a column of an export is called, of which type it is, and how it is read off a row.
//!
//! The type says what a Parquet file holds; [`Column::text`] is the same value as CSV and JSON write it.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;

use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::json;
use crate::report::snapshot::MoneyNumber;

/// Something of which each is a row of an export.
pub trait Row: Serialize + Sized + 'static {
    /// Its columns, in their order.
    const COLUMNS: &'static [Column<Self>];

    /// The account that it is about.
    fn account_id(&self) -> AccountId;
}

/// A column of rows of one kind.
pub struct Column<R> {
    /// Its header.
    pub name: &'static str,
    /// How its value is read off a row; None is unknown.
    pub read: Read<R>,
}

/// How a value is read off a row, by type.
pub enum Read<R> {
    /// Text as people gave it, which may look like anything.
    Text(for<'r> fn(&'r R) -> Option<Cow<'r, str>>),
    /// A list or an object, as JSON text.
    Json(fn(&R) -> Result<Option<String>>),
    /// A whole number.
    Integer(fn(&R) -> Option<i64>),
    /// True or false.
    Boolean(fn(&R) -> Option<bool>),
    /// A number.
    Number(fn(&R) -> Option<f64>),
    /// Points of 100, with two decimals.
    Score(fn(&R) -> Option<Score>),
    /// An amount in major units, exact.
    Money(fn(&R) -> Option<MoneyNumber>),
    /// An instant.
    Instant(fn(&R) -> Option<Timestamp>),
    /// A day.
    Date(fn(&R) -> Option<NaiveDate>),
}

impl<R> Column<R> {
    /// The value as text that reads back the same; None is unknown.
    ///
    /// # Errors
    /// Where a list cannot be written as JSON.
    pub fn text<'r>(&self, row: &'r R) -> Result<Option<Cow<'r, str>>> {
        let owned = match self.read {
            Read::Text(read) => return Ok(read(row)),
            Read::Json(read) => read(row)?,
            Read::Integer(read) => read(row).map(|number| number.to_string()),
            Read::Boolean(read) => read(row).map(|truth| truth.to_string()),
            Read::Number(read) => read(row).map(json::number),
            Read::Score(read) => read(row).map(|score| json::number(score.points())),
            Read::Money(read) => read(row).map(|amount| amount.to_string()),
            Read::Instant(read) => read(row).map(|instant| instant.to_string()),
            Read::Date(read) => read(row).map(|date| date.to_string()),
        };
        Ok(owned.map(Cow::Owned))
    }

    /// Whether its values are text of people, which a spreadsheet may take for a formula.
    #[must_use]
    pub const fn is_free_text(&self) -> bool {
        matches!(self.read, Read::Text(_))
    }
}

/// Text that is always known.
pub(super) fn text(text: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(text))
}

/// Text that may be unknown.
pub(super) fn known(text: Option<&String>) -> Option<Cow<'_, str>> {
    text.map(|text| Cow::Borrowed(text.as_str()))
}

/// One of our own words.
pub(super) fn code<'r>(code: Option<&'static str>) -> Option<Cow<'r, str>> {
    code.map(Cow::Borrowed)
}

/// How many.
pub(super) fn count(count: Option<u32>) -> Option<i64> {
    count.map(i64::from)
}

/// A value as JSON text in one line, without a line end; nothing of an empty option.
///
/// # Errors
/// Where it has no JSON.
pub(super) fn json_text<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
    value.map(|value| json::line(value).map(|text| text.trim_end().to_owned())).transpose()
}

/// Columns, each as `name: Type |row| value`.
macro_rules! columns {
    ($row:ty: $($name:ident: $type:ident |$of:ident| $value:expr;)+) => {
        &[$($crate::report::export::column::Column {
            name: stringify!($name),
            read: $crate::report::export::column::Read::$type(|$of: &$row| $value),
        }),+]
    };
}
pub(super) use columns;
