//! Files of playbook executions: what a success platform exports, what a CI system or a runner logs.
//!
//! Each row is read by itself, so that executions and reports can share a file. Whether an account exists, and
//! whether a state is new, is not decided here; nor is anything ever made up that a file does not say.

mod element;
mod fields;
mod logs;
mod names;
mod reader;
mod said;
mod suggestion;
mod told;

use super::columns::{Columns, Ranks, aliases_named};
use super::convention::{Conventions, settled};
use super::fault::Fault;
use super::note::Notes;
use super::options::{KindFile, RowOptions};
use super::rows::read_rows;
use super::source::Source;
use crate::error::Result;
use crate::model::playbook::PlaybookBatch;
use fields::PlaybookField;
use names::Names;
use reader::PlaybookReader;
use said::Rules;

/// Why a row was set aside.
type PlaybookFault = Fault<PlaybookField>;

/// What the columns of a file are.
type PlaybookColumns = Columns<PlaybookField>;

/// Reads a file of playbook executions, CSV or JSON.
///
/// # Errors
/// The file as a whole cannot be read: it is neither, lacks what every execution needs, or is a log and no account
/// is given.
pub fn read_playbooks(source: &Source, mut options: RowOptions<'_>) -> Result<KindFile<PlaybookBatch>> {
    settled(source, |conventions| read_once(source, &mut options, conventions))
}

fn read_once(
    source: &Source,
    options: &mut RowOptions<'_>,
    conventions: &Conventions,
) -> Result<KindFile<PlaybookBatch>> {
    let mut notes = Notes::default();
    let names = Names::new(Ranks::new(&aliases_named(options.column_aliases)?), options.maps);
    let rules = Rules::new(options.today, options.zone);
    let mut reader = PlaybookReader::new(names, rules, options);
    // Whether a file is one of executions or a log is known once its rows are.
    let fit = |_: &mut PlaybookColumns, _: &mut Notes| Ok(());
    let mut end = read_rows(source, options, conventions, &mut notes, fit, |row, ()| reader.take(row))?;
    end.columns().try_for_each(|columns| reader.require(source.name(), columns))?;
    let batch = reader.finish(&mut end, &mut notes);
    let mut read = end.into_file(batch, notes);
    // Many events are one execution.
    read.records_read = read.batch.rows.len() as u64 + read.rejections.len();
    Ok(read)
}

#[cfg(test)]
mod tests;
