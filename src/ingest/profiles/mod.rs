//! Profile files: what is known of accounts beside their KPIs, one row an account.
//!
//! Columns that are no field are attributes: nothing of a row is dropped in silence. Whether an account exists, and
//! what of it is new, is not decided here.

mod attributes;
mod duplicates;
mod fields;
mod money;
mod revenue;
mod row;
mod words;

use super::accounts::Accounts;
use super::columns::{Columns, Field};
use super::convention::{Conventions, settled};
use super::kpis::fields::KpiField;
use super::note::Notes;
use super::options::{KindFile, RowOptions};
use super::refusal;
use super::rows::read_rows;
use super::source::Source;
use crate::error::Result;
use crate::model::names::loose_key;
use crate::model::profile::batch::ProfileBatch;
use crate::model::rejection::BadRow;
use attributes::Attributes;
pub use duplicates::{find_duplicate_profiles, merge_duplicate_profiles};
use fields::ProfileColumn;
use row::Rules;
use words::Words;

/// Reads a file of profiles; [`find_duplicate_profiles`] looks for rows of one account.
///
/// # Errors
/// The file as a whole cannot be read, names no accounts, or does not say which of its columns is the revenue.
pub fn read_profiles(source: &Source, mut options: RowOptions<'_>) -> Result<KindFile<ProfileBatch>> {
    settled(source, |conventions| read_once(source, &mut options, conventions))
}

fn read_once(
    source: &Source,
    options: &mut RowOptions<'_>,
    conventions: &Conventions,
) -> Result<KindFile<ProfileBatch>> {
    let RowOptions { given_account, values, currency, clear_token, .. } = *options;
    let mut notes = Notes::default();
    let mut accounts = Accounts::new(given_account).without_missing(values).without_token(clear_token);
    let mut batch = ProfileBatch::default();
    let fit = |columns: &mut Columns<ProfileColumn>, notes: &mut Notes| {
        columns.require_account(given_account.is_some())?;
        refuse_kpis(source.name(), columns)?;
        revenue::check_columns(source.name(), columns)?;
        columns.note_unnamed(notes);
        revenue::note_columns(columns, notes);
        let attributes = Attributes::of(source.name(), columns, notes)?;
        columns.read_others_as("attribute");
        Ok(Rules { values, currency, words: Words::new(clear_token), attributes })
    };
    let end = read_rows(source, options, conventions, &mut notes, fit, |row, rules| {
        let (name, id) = row.account();
        let account = accounts.find(&name, &id)?;
        match row::read(row, account, rules) {
            Ok(read) => batch.rows.push(read),
            Err(fault) => {
                batch.bad.push(BadRow { account, matter: (), line: row.line });
                return Err(fault);
            }
        }
        Ok(())
    })?;
    batch.accounts = accounts.into_mentions();
    duplicates::keep_used_accounts(&mut batch);
    Ok(end.into_file(batch, notes))
}

/// Refuses a file of KPIs, one value a row: as attributes they would be lost to the scores.
fn refuse_kpis(name: &str, columns: &Columns<ProfileColumn>) -> Result<()> {
    let stands = |field: KpiField| {
        let keys: Vec<String> = field
            .headers()
            .first()
            .copied()
            .unwrap_or_default()
            .iter()
            .map(|header| loose_key(header))
            .collect();
        columns.others().any(|(_, header)| keys.contains(&loose_key(header)))
    };
    if stands(KpiField::Kpi) && stands(KpiField::Value) {
        let what = "has a column of KPI names and one of values: it is a file of KPIs";
        return Err(refusal::file(name, what, "acctsnap ingest kpis FILE reads it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
