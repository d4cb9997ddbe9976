//! Rows of one file that speak of the same account: what they say is put together, and rows that contradict each
//! other are all set aside.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::fields::ProfileColumn;
use crate::ingest::columns::Columns;
use crate::ingest::twice::reject_contradicting;
use crate::model::kpi::batch::AccountMention;
use crate::model::names::name_key;
use crate::model::profile::ProfileValue;
use crate::model::profile::batch::{ProfileBatch, ProfileRow};
use crate::model::rejection::{Problem, Rejections};

/// Takes rows of one account together, and moves those that contradict each other from the batch to the rejections.
/// To be called again where two accounts of the batch have become one.
pub fn find_duplicate_profiles(batch: &mut ProfileBatch, rejections: &mut Rejections) {
    let bare = |name: &str| name.strip_prefix("attributes.").unwrap_or(name).to_owned();
    merge(batch, bare, rejections);
    rejections.sort_by_line();
}

/// Leaves one row an account; `header` is the file's own name for what a row says. Returns how many rows were taken
/// together with another.
pub(super) fn merge(
    batch: &mut ProfileBatch,
    header: impl Fn(&str) -> String,
    rejections: &mut Rejections,
) -> u64 {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, row) in batch.rows.iter().enumerate() {
        let mention = batch.accounts.get(row.account as usize);
        groups.entry(mention.map(key).unwrap_or_default()).or_default().push(place);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    let (mut gone, mut merged) = (HashSet::new(), 0);
    for group in groups {
        let rows: Vec<&ProfileRow> = group.iter().filter_map(|place| batch.rows.get(*place)).collect();
        if let Some((name, said)) = contradiction(&rows, &batch.accounts) {
            let problem = problem(&name, header(&name));
            let lines = rows.iter().zip(said);
            let told = |(row, said): (&&ProfileRow, Option<String>)| {
                (row.line, said.unwrap_or_else(|| "nothing".to_owned()))
            };
            reject_contradicting(rejections, &problem, lines.map(told));
            gone.extend(group);
        } else if let Some(whole) = together(&rows) {
            let (first, rest) = group.split_first().unwrap_or((&0, &[]));
            if let Some(row) = batch.rows.get_mut(*first) {
                *row = whole;
            }
            merged += rest.len() as u64;
            gone.extend(rest);
        }
    }
    let mut place = 0..;
    batch.rows.retain(|_| place.next().is_none_or(|place| !gone.contains(&place)));
    merged
}

/// What tells accounts apart within a file: the id, else the name.
fn key(mention: &AccountMention) -> String {
    match (&mention.external_id, &mention.name) {
        (Some(id), _) => format!("id {id}"),
        (None, name) => format!("name {}", name_key(name.as_deref().unwrap_or_default())),
    }
}

/// What each row says of the first thing in which they differ, and its name; None where they differ in nothing.
fn contradiction(rows: &[&ProfileRow], accounts: &[AccountMention]) -> Option<(String, Vec<Option<String>>)> {
    let said: Vec<_> = rows.iter().map(|row| sayings(row, accounts)).collect();
    let names: BTreeMap<&String, ()> =
        said.iter().flat_map(|said| said.keys()).map(|name| (name, ())).collect();
    names.into_keys().find_map(|name| {
        let values: Vec<Option<String>> = said.iter().map(|said| said.get(name).cloned()).collect();
        let mut spoken = values.iter().flatten();
        let first = spoken.next()?;
        spoken.any(|other| other != first).then(|| (name.clone(), values.clone()))
    })
}

/// Everything that a row says, by the name of what it is of.
fn sayings(row: &ProfileRow, accounts: &[AccountMention]) -> BTreeMap<String, String> {
    let text = |value: Option<Value>| match value {
        None => "emptied".to_owned(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    };
    let fields = row.patch.fields.iter();
    let mut said: BTreeMap<String, String> = fields
        .map(|(field, value)| (field.name().to_owned(), text(value.as_ref().map(ProfileValue::to_json))))
        .collect();
    let attributes = row.patch.attributes.iter();
    said.extend(attributes.map(|(name, value)| (format!("attributes.{name}"), text(value.clone()))));
    if let Some(revenue) = &row.revenue {
        said.insert("revenue".to_owned(), revenue.amount.to_string());
    }
    let currency = row.revenue.as_ref().and_then(|revenue| revenue.currency.as_ref());
    said.extend(currency.or(row.currency.as_ref()).map(|code| ("currency".to_owned(), code.clone())));
    let name = accounts.get(row.account as usize).and_then(|mention| mention.name.as_deref());
    said.extend(name.map(|name| ("account".to_owned(), name_key(name))));
    said
}

fn problem(name: &str, header: String) -> Problem {
    Problem {
        code: "duplicate_row",
        column: Some(header),
        message: format!("the same account stands in the file twice with different values of {name}"),
        hint: Some("keep one of the rows, or give them the same value".to_owned()),
    }
}

/// The file's own name for what a row says.
pub(super) fn header(name: &str, columns: &Columns<ProfileColumn>) -> String {
    use crate::ingest::columns::Field;
    let bare = name.strip_prefix("attributes.").unwrap_or(name);
    let revenue = [ProfileColumn::Arr, ProfileColumn::Mrr, ProfileColumn::Revenue];
    let found = match name {
        "revenue" => revenue.into_iter().find(|field| columns.index(*field).is_some()),
        name if name == bare => ProfileColumn::parse(name),
        _ => None,
    };
    found.map_or_else(|| bare.to_owned(), |field| columns.header(field))
}

/// One row that says what all of them say; a revenue's currency may stand in another row.
fn together(rows: &[&ProfileRow]) -> Option<ProfileRow> {
    let (first, rest) = rows.split_first()?;
    let mut whole = (*first).clone();
    for row in rest {
        whole.patch.fields.extend(row.patch.fields.clone());
        whole.patch.attributes.extend(row.patch.attributes.clone());
        whole.revenue = whole.revenue.or_else(|| row.revenue.clone());
        whole.currency = whole.currency.or_else(|| row.currency.clone());
        whole.blanks = whole.blanks.min(row.blanks);
        whole.further += 1 + row.further;
    }
    if let Some(revenue) = &mut whole.revenue {
        let currency = whole.currency.take();
        revenue.currency = revenue.currency.take().or(currency);
    }
    Some(whole)
}
