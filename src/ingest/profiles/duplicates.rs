//! Rows of one file that speak of the same account: what they say is put together, and rows that contradict each
//! other are all set aside.
//!
//! It must never change how many rows there are but by what it sets aside: every row read is counted.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::ingest::duplicates::{Duplicates, Merged};
use crate::ingest::twice::{beside_bad, reject_contradicting};
use crate::ingest::used::keep_used;
use crate::model::profile::batch::{ProfileBatch, ProfileRow, RevenueSaid};
use crate::model::profile::{ProfilePatch, ProfileValue};
use crate::model::rejection::{Problem, Rejections};

/// Moves rows that contradict each other from the batch to the rejections, both of which stay in file order; of
/// other rows of one account the first says all, and the rest nothing. To be called again where two accounts of
/// the batch have become one.
pub fn find_duplicate_profiles(batch: &mut ProfileBatch, rejections: &mut Rejections, policy: Duplicates) {
    let mut rejected = vec![false; batch.rows.len()];
    let groups = if policy == Duplicates::Refuse { groups(&batch.rows) } else { Vec::new() };
    if policy != Duplicates::Refuse {
        reject_beside_bad(batch, policy, rejections, &mut rejected);
    }
    for group in groups {
        let rows: Vec<&ProfileRow> = group.iter().filter_map(|place| batch.rows.get(*place)).collect();
        let Some(name) = contradiction(&rows) else {
            put_together(&mut batch.rows, &group);
            continue;
        };
        let speaking: Vec<&ProfileRow> = rows.into_iter().filter(|row| speaks(row)).collect();
        reject_contradicting(rejections, &problem(&name), told(&speaking, &name).into_iter());
        for place in group {
            if let Some(rejected) = rejected.get_mut(place) {
                *rejected = batch.rows.get(place).is_some_and(speaks);
            }
        }
    }
    if !rejected.contains(&true) {
        return;
    }
    let mut rejected = rejected.into_iter();
    batch.rows.retain(|_| rejected.next() != Some(true));
    rejections.sort_by_line();
    keep_used_accounts(batch);
}

/// Drops the accounts that no good row names, and the bad rows of them.
pub(super) fn keep_used_accounts(batch: &mut ProfileBatch) {
    let used: FxHashSet<u32> = batch.rows.iter().map(|row| row.account).collect();
    batch.bad.retain(|bad| used.contains(&bad.account));
    let numbers = keep_used(&mut batch.accounts, used.into_iter());
    batch.rows.iter_mut().for_each(|row| numbers.apply(&mut row.account));
    batch.bad.iter_mut().for_each(|bad| numbers.apply(&mut bad.account));
}

/// Sets the rows aside that would be put together with one that cannot be taken: mended, that one would otherwise
/// come after them, whichever was to count.
fn reject_beside_bad(
    batch: &ProfileBatch,
    policy: Duplicates,
    rejections: &mut Rejections,
    rejected: &mut [bool],
) {
    let lines: FxHashMap<u32, u32> = batch.bad.iter().rev().map(|bad| (bad.account, bad.line)).collect();
    for (row, rejected) in batch.rows.iter().zip(rejected) {
        if let Some(line) = lines.get(&row.account).filter(|_| speaks(row)) {
            let problem = beside_bad("account", policy, &rejections.said(*line));
            rejections.add(row.line, problem, None);
            *rejected = true;
        }
    }
}

/// Puts together what the rows of each account say; of what they say differently, the first one's holds, or the last
/// one's. To be called once, when every name led to its account.
pub fn merge_duplicate_profiles(batch: &mut ProfileBatch, policy: Duplicates) -> Merged {
    let mut merged = Merged::default();
    if policy == Duplicates::Refuse {
        return merged;
    }
    for mut group in groups(&batch.rows) {
        let rows: Vec<&ProfileRow> = group.iter().filter_map(|place| batch.rows.get(*place)).collect();
        if contradiction(&rows).is_some() {
            merged.rows += rows.iter().filter(|row| speaks(row)).count() as u64;
            merged.values += 1;
        }
        // Of what is put together, the later one holds.
        if policy == Duplicates::First {
            group.reverse();
        }
        put_together(&mut batch.rows, &group);
    }
    merged
}

/// The places of two or more rows of one account, each group in file order.
fn groups(rows: &[ProfileRow]) -> Vec<Vec<usize>> {
    let account = |place: &usize| rows.get(*place).map(|row| row.account);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(account);
    let groups = order.chunk_by(|a, b| account(a) == account(b));
    groups.filter(|group| group.len() > 1).map(<[usize]>::to_vec).collect()
}

fn speaks(row: &ProfileRow) -> bool {
    !row.patch.is_empty() || row.revenue.is_some() || row.currency.is_some()
}

/// The first thing of which rows say different values.
fn contradiction(rows: &[&ProfileRow]) -> Option<String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut differs: Option<String> = None;
    for (name, said) in rows.iter().flat_map(|row| sayings(row)) {
        match known.get(&name) {
            Some(earlier) if *earlier != said => {
                differs = Some(differs.map_or(name.clone(), |first| first.min(name)));
            }
            Some(_) => {}
            None => drop(known.insert(name, said)),
        }
    }
    differs
}

/// Everything that a row says, by the name of what it is of.
fn sayings(row: &ProfileRow) -> BTreeMap<String, String> {
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
    said
}

/// What each row says of it, and in which line: the rows that say something of it first.
fn told(rows: &[&ProfileRow], name: &str) -> Vec<(u32, String)> {
    let said = |row: &&ProfileRow| (row.line, sayings(row).remove(name));
    let mut told: Vec<(u32, Option<String>)> = rows.iter().map(said).collect();
    told.sort_by_key(|(_, said)| said.is_none());
    let first = told.first().and_then(|(_, said)| said.clone());
    // The first one, then what differs from it: two are told.
    if let Some((_, others)) = told.split_first_mut() {
        others.sort_by_key(|(_, said)| said.is_none() || *said == first);
    }
    told.into_iter().map(|(line, said)| (line, shortened(&said.unwrap_or("nothing".to_owned())))).collect()
}

/// At most 20 characters of a value.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

fn problem(name: &str) -> Problem {
    Problem {
        code: "duplicate_row",
        column: Some(name.strip_prefix("attributes.").unwrap_or(name).to_owned()),
        message: format!("the same account stands in the file twice with different values of {name}"),
        hint: Some("keep one of the rows, give them the same value, or say which one counts: --duplicates first|last".to_owned()),
    }
}

/// Gives the first row of a group all that its rows say; of what several say, the later one's holds. A revenue's
/// currency may stand in another row.
fn put_together(rows: &mut [ProfileRow], group: &[usize]) {
    let Some((first, rest)) = group.split_first() else { return };
    let mut said = (ProfilePatch::default(), None, None);
    for place in rest {
        let Some(row) = rows.get_mut(*place) else { continue };
        let patch = std::mem::take(&mut row.patch);
        said.0.fields.extend(patch.fields);
        said.0.attributes.extend(patch.attributes);
        said.1 = later_revenue(said.1, row.revenue.take());
        said.2 = row.currency.take().or(said.2);
    }
    let Some(row) = rows.get_mut(*first) else { return };
    row.patch.fields.extend(said.0.fields);
    row.patch.attributes.extend(said.0.attributes);
    row.revenue = later_revenue(row.revenue.take(), said.1);
    row.currency = said.2.or(row.currency.take());
    if let Some(revenue) = &mut row.revenue {
        let currency = row.currency.take();
        revenue.currency = revenue.currency.take().or(currency);
    }
}

/// The later of two revenues; where both are of one amount, the currency that either gives.
fn later_revenue(earlier: Option<RevenueSaid>, later: Option<RevenueSaid>) -> Option<RevenueSaid> {
    match (earlier, later) {
        (Some(earlier), Some(mut later)) => {
            if later.currency.is_none() && later.amount == earlier.amount {
                later.currency = earlier.currency;
            }
            Some(later)
        }
        (earlier, later) => later.or(earlier),
    }
}
