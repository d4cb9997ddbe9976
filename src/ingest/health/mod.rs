//! Files of health scores: an account's scores of a month a row, as others computed them.
//!
//! Rows become a batch, and what cannot be taken becomes rejections: read = rows + rejections. Rows that
//! contradict each other are found afterwards; whether an account exists, and whether a score is new, is not decided here.

mod duplicates;
mod fields;
mod month;
mod row;

pub use duplicates::{find_duplicate_health, merge_duplicate_health};
pub(super) use fields::HealthField;

use super::columns::{Columns, Shapes};
use super::convention::{Conventions, settled};
use super::fault;
use super::note::Notes;
use super::options::{KindFile, RowOptions};
use super::rows::read_rows;
use super::source::Source;
use crate::error::Result;
use crate::model::health::month::HealthBatch;
use fields::SCORES;
use row::RowReader;

/// Why a row of a health file was set aside.
type Fault = fault::Fault<HealthField>;

/// Reads a file of health scores.
///
/// # Errors
/// The file as a whole cannot be read: it has no column for the account, the month or any score, or is no CSV or
/// JSON.
pub fn read_health(source: &Source, mut options: RowOptions<'_>) -> Result<KindFile<HealthBatch>> {
    settled(source, |conventions| read_once(source, &mut options, conventions))
}

fn read_once(
    source: &Source,
    options: &mut RowOptions<'_>,
    conventions: &Conventions,
) -> Result<KindFile<HealthBatch>> {
    let mut notes = Notes::default();
    let mut reader = RowReader::new(options);
    let (account_is_given, period_is_given) = (options.given_account.is_some(), options.period.is_some());
    let fit = |columns: &mut Columns<HealthField>, notes: &mut Notes| {
        require(columns, account_is_given, period_is_given)?;
        columns.note_unread(&Shapes::default(), notes);
        Ok(())
    };
    let end = read_rows(source, options, conventions, &mut notes, fit, |row, ()| reader.take(row))?;
    let batch = reader.finish(end.columns().next(), &mut notes);
    Ok(end.into_file(batch, notes))
}

/// Checks that what a row needs is there: an account, a month and a score.
fn require(columns: &mut Columns<HealthField>, account_is_given: bool, period_is_given: bool) -> Result<()> {
    columns.require_account(account_is_given)?;
    let has = |field| columns.index(field).is_some();
    if !SCORES.into_iter().any(has) {
        let hint = "name one of them health_score, or say which it is: --map 'COLUMN=overall_health_score'";
        return Err(columns.missing("a health score", hint));
    }
    if has(HealthField::Month) || has(HealthField::Date) {
        return Ok(());
    }
    if !period_is_given {
        let hint = "give the month of all rows with --period 2026-10, or name a column month, period or date";
        return Err(columns.missing("the month", hint));
    }
    // A year alone dates nothing.
    columns.forget(HealthField::Year);
    Ok(())
}

#[cfg(test)]
mod tests;
