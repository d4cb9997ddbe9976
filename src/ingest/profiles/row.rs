//! One row to what it says of an account's profile. Of several faults of a row the first is told.

use super::attributes::Attributes;
use super::fields::ProfileColumn;
use super::revenue;
use super::words::Words;
use crate::ingest::columns::Field;
use crate::ingest::fault::Fault;
use crate::ingest::rows::row::Row;
use crate::model::profile::batch::ProfileRow;
use crate::model::profile::{ProfileField, ProfilePatch, ProfileValue, ValueKind};
use crate::model::value::ValueReader;

/// What rows are read by.
pub(super) struct Rules<'a> {
    pub(super) values: &'a ValueReader,
    pub(super) currency: &'a str,
    pub(super) words: Words<'a>,
    pub(super) attributes: Attributes,
}

/// Reads a row of the account of this number.
pub(super) fn read(
    row: &Row<'_, ProfileColumn>,
    account: u32,
    rules: &Rules<'_>,
) -> Result<ProfileRow, Fault<ProfileColumn>> {
    let mut patch = ProfilePatch::default();
    let money = revenue::read(row, &rules.words, rules.currency)?;
    if money.is_cleared {
        patch.fields.insert(ProfileField::Revenue, None);
    }
    for column in ProfileColumn::ALL {
        let ProfileColumn::Is(field) = column else { continue };
        if rules.words.clears(&row.cell(*column)) {
            patch.fields.insert(*field, None);
        } else if let Some(value) = value(row, *column, *field, rules.values)? {
            patch.fields.insert(*field, Some(value));
        }
    }
    patch.attributes.extend(rules.attributes.read(row, &rules.words)?);
    Ok(ProfileRow {
        account,
        line: row.line,
        patch,
        revenue: money.revenue,
        currency: money.currency,
        blanks: row.blanks(),
    })
}

fn value(
    row: &Row<'_, ProfileColumn>,
    column: ProfileColumn,
    field: ProfileField,
    values: &ValueReader,
) -> Result<Option<ProfileValue>, Fault<ProfileColumn>> {
    Ok(match field.kind() {
        ValueKind::Text => row.text(column)?.map(ProfileValue::Text),
        ValueKind::Day => row.day(column)?.map(ProfileValue::Day),
        ValueKind::List => row.list(column)?.map(ProfileValue::List),
        ValueKind::Count => row.whole_number(column)?.map(ProfileValue::Count),
        ValueKind::Score => row.score(column, values)?.map(ProfileValue::Score),
        // It has columns of its own.
        ValueKind::Revenue => None,
    })
}
