//! Which accounts a condition selects: by their snapshots as they are shown, or by their state as it stands now.

use super::live::live_views;
use super::rules::Rules;
use crate::error::Result;
use crate::model::condition::Condition;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::time::Timestamp;
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// How many states are put together at once.
const CHUNK: usize = 2000;

/// Those of the snapshots for which a condition holds, in their order.
///
/// # Errors
/// `Failed` where a snapshot has no JSON.
pub fn selected(condition: &Condition, snapshots: Vec<SnapshotView>) -> Result<Vec<SnapshotView>> {
    let mut selected = Vec::new();
    for snapshot in snapshots {
        if condition.holds(&snapshot.state()?) {
            selected.push(snapshot);
        }
    }
    Ok(selected)
}

/// Those of the accounts for whose state, as it stands now, a condition holds; by id.
///
/// # Errors
/// Anything that the database says.
pub fn selected_live(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    accounts: &[AccountId],
    now: Timestamp,
    condition: &Condition,
) -> Result<Vec<AccountId>> {
    let mut selected = Vec::new();
    for chunk in accounts.chunks(CHUNK) {
        for view in live_views(reader, customer, rules, chunk, now)? {
            if condition.holds(&view.state()?) {
                selected.push(view.account_id);
            }
        }
    }
    selected.sort_unstable();
    Ok(selected)
}
