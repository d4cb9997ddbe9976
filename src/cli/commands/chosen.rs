//! `--field`: exactly the fields asked for, in the order asked for, of whatever reads.
//!
//! The names are those of the answer's JSON Schema, so that a wrong one is wrong also where a list is empty.

use serde::Serialize;
use serde_json::Value;

use super::{answer, answer_list, to_value};
use crate::cli::args::global::Format;
use crate::cli::args::selection::FieldsArgs;
use crate::cli::session::Session;
use crate::error::Result;
use crate::report::history::render_fields;
use crate::report::list::List;
use crate::report::schema;
use crate::report::snapshot::fields::{Fields, Kind, LIST_SCHEMA, fields_of};

/// As [`answer_list`]; with `--field` of each item these fields alone.
///
/// # Errors
/// `Usage` for a name that is no field; where the answer cannot be written.
pub fn answer_chosen_list<T: Serialize + Sync>(
    session: &Session,
    list: &List<T>,
    headers: &[&str],
    wanted: &FieldsArgs,
    text: impl FnOnce() -> String,
) -> Result<()> {
    if wanted.fields.is_empty() {
        return answer_list(session, list, headers, text);
    }
    let kind = kind(list.schema, "listed");
    let names = schema::field_names(kind.schema).unwrap_or_default();
    let known: Value = names.into_iter().map(|name| (name, Value::Null)).collect();
    fields_of(&known, &wanted.fields, kind)?;
    let items = list.items.iter().map(|item| fields_of(item, &wanted.fields, kind));
    let chosen = List::new(LIST_SCHEMA, items.collect::<Result<Vec<Fields>>>()?);
    let headers: Vec<&str> = wanted.fields.iter().map(String::as_str).collect();
    let text = render_fields(&wanted.fields, &chosen.items)?;
    answer_list(session, &chosen, &headers, || text)
}

/// As [`answer`]; with `--field` these fields alone.
///
/// # Errors
/// As [`answer_chosen_list`].
pub fn answer_chosen<T: Serialize + Sync>(
    session: &Session,
    view: &T,
    wanted: &FieldsArgs,
    text: impl FnOnce() -> String,
) -> Result<()> {
    if wanted.fields.is_empty() {
        return answer(session, view, text);
    }
    let value = to_value(view)?;
    let kind = kind(value["schema"].as_str().unwrap_or_default(), "top-level");
    let chosen = fields_of(&value, &wanted.fields, kind)?;
    if session.printer.options().format == Format::Csv {
        let headers: Vec<&str> = wanted.fields.iter().map(String::as_str).collect();
        return answer_list(session, &List::new(LIST_SCHEMA, vec![chosen]), &headers, String::new);
    }
    let text = chosen.text()?;
    answer(session, &chosen, || text)
}

/// `acctsnap.NAME/1` is what `schema NAME` prints.
fn kind<'s>(schema: &'s str, item: &'static str) -> Kind<'s> {
    let name = schema.strip_prefix("acctsnap.").unwrap_or(schema);
    Kind { item, schema: name.split('/').next().unwrap_or(name) }
}
