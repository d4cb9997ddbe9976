//! `--map 'COLUMN=field'`: columns to which the caller gives a meaning, or takes it (`--map 'COLUMN='`).

use std::collections::HashMap;

use super::field::{Field, field_named, header_key};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::refusal::{self, quoted};

/// What each mapped column is: a field, or None where it is passed over.
pub(super) type Mapped<F> = HashMap<usize, Option<F>>;

/// Finds the columns that are mapped; `listed` are all columns, for messages.
///
/// # Errors
/// A field or a column does not exist, or one of them is named twice.
pub(super) fn resolve<F: Field>(
    file: &str,
    headers: &[String],
    maps: &[(String, String)],
    listed: &str,
) -> Result<Mapped<F>> {
    let mut mapped = Mapped::new();
    for (column, field) in maps {
        let field = match field.trim() {
            "" => None,
            name => Some(field_named::<F>(name, &format!("--map '{column}={name}'"))?),
        };
        let place = find(file, headers, column, listed)?;
        let is_new = mapped.get(&place).is_none_or(|earlier| *earlier == field);
        let is_only = field.is_none() || mapped.iter().all(|(at, other)| *at == place || *other != field);
        if !is_new || !is_only {
            let what = match is_new {
                true => format!("two columns are mapped to {}", field.map_or("nothing", F::name)),
                false => format!("column {} is mapped twice", quoted(column)),
            };
            return Err(Error::new(ErrorKind::Usage, format!("--map: {what}"))
                .with_hint("give each column one field, and each field one column"));
        }
        mapped.insert(place, field);
    }
    Ok(mapped)
}

/// The column of this name, from 0.
///
/// # Errors
/// There is none, or several.
pub(in crate::ingest) fn column_of(file: &str, headers: &[String], column: &str) -> Result<usize> {
    let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
    let listed: Vec<String> = headers.iter().take(30).map(|header| quoted(header)).collect();
    find(file, &headers, column, &listed.join(", "))
}

/// The column of this name, from 0; None where there is none, or several.
pub(in crate::ingest) fn column_at(headers: &[String], column: &str) -> Option<usize> {
    column_of("", headers, column).ok()
}

/// The column of this name: as it stands, else by its letters and digits, else by its number (`column 7`), or as the
/// second of its name (`status#2`).
fn find(file: &str, headers: &[String], column: &str, listed: &str) -> Result<usize> {
    let places = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let found = headers.iter().enumerate().filter(|(_, header)| is_it(header));
        found.map(|(place, _)| place).collect()
    };
    let mut found = places(&|header| header == column.trim());
    let key = header_key(column);
    if found.is_empty() && !key.is_empty() {
        found = places(&|header| header_key(header) == key);
    }
    match found.as_slice() {
        [place] => Ok(*place),
        [] if numbered(headers, column).is_some() => Ok(numbered(headers, column).unwrap_or_default()),
        [] => {
            let what = format!("has no column {}; its columns are {listed}", quoted(column));
            Err(refusal::file(file, &what, "name one of them with --map"))
        }
        _ => {
            let what = format!("has several columns {}", quoted(column));
            let numbers: Vec<String> =
                found.iter().map(|place| format!("'column {}=...'", place + 1)).collect();
            let hint = format!("say which one by its number: --map {}", numbers.join(" or --map "));
            Err(refusal::file(file, &what, &hint))
        }
    }
}

/// The column that `column 7` or `status#2` counts out, from 1.
fn numbered(headers: &[String], column: &str) -> Option<usize> {
    let number = |text: &str| text.trim().parse::<usize>().ok()?.checked_sub(1);
    if let Some((name, nth)) = column.rsplit_once('#') {
        let named = headers.iter().enumerate().filter(|(_, header)| header_key(header) == header_key(name));
        return named.map(|(place, _)| place).nth(number(nth)?);
    }
    let (word, rest) = column.trim().split_at_checked("column".len())?;
    let place = number(rest).filter(|_| word.eq_ignore_ascii_case("column"))?;
    (place < headers.len()).then_some(place)
}
