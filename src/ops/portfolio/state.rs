//! What a condition or a segment's field asks of an account: its state at the later moment, of one that left that of
//! the earlier one.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::ends::End;
use super::pair::Pair;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::time::Timestamp;
use crate::ops::answer::Answerer;
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// How many states are put together at once.
const CHUNK: usize = 2000;

/// Shows each pair's state to `visit`.
pub(super) fn for_each_state(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    ends: [&End; 2],
    pairs: &[Pair<'_>],
    now: Timestamp,
    mut visit: impl FnMut(AccountId, &Map<String, Value>),
) -> Result<()> {
    let mut live: Vec<AccountId> = Vec::new();
    let mut stored: Vec<SnapshotId> = Vec::new();
    for pair in pairs {
        let (standing, end) = pair.telling(ends);
        match standing.snapshot {
            Some(snapshot) if !end.is_live => stored.push(snapshot),
            _ => live.push(standing.account),
        }
    }
    let mut show = |views: Vec<SnapshotView>| -> Result<()> {
        for view in views {
            visit(view.account_id, &view.state()?);
        }
        Ok(())
    };
    for chunk in live.chunks(CHUNK) {
        show(live_views(reader, customer, rules, chunk, now)?)?;
    }
    let mut answerer = Answerer::new(reader, customer, now, rules.zone)?;
    for chunk in stored.chunks(CHUNK) {
        show(answerer.answer_without_kpis(chunk)?)?;
    }
    Ok(())
}

/// The text of a field's value: of a list its JSON, of what is unknown nothing.
pub(super) fn text_of(state: &Map<String, Value>, field: &str) -> Option<String> {
    let value = match field.strip_prefix("attributes.") {
        Some(name) => state.get("attributes")?.get(name)?,
        None => state.get(field)?,
    };
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => crate::report::json::line(other).ok().map(|text| text.trim_end().to_owned()),
    }
}

/// Values by account.
pub(super) type Segments = FxHashMap<AccountId, Option<String>>;
