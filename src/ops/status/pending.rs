//! What waits for a snapshot, and what failed too often to be tried again.

use std::collections::{HashMap, HashSet};

use super::is_late;
use crate::events::RETRIES;
use crate::model::decision::Outcome;
use crate::model::ids::AccountId;
use crate::model::time::Timestamp;
use crate::report::status::{FailedEvent, PendingStatus};
use crate::store::{AccountAge, PendingRecord};

/// What waits, and what failed for good, of these accounts.
pub(super) fn of(
    pending: Vec<PendingRecord>,
    ages: &[AccountAge],
    now: Timestamp,
) -> (PendingStatus, Vec<FailedEvent>) {
    let names: HashMap<AccountId, &str> = ages.iter().map(|age| (age.id, age.name.as_str())).collect();
    let (mut status, mut failed) = (PendingStatus::default(), Vec::new());
    let (mut waiting, mut late) = (HashSet::new(), HashSet::new());
    for PendingRecord { event, failures } in pending {
        let Some(name) = names.get(&event.account) else { continue };
        if event.outcome == Outcome::Failed && failures > RETRIES {
            failed.push(FailedEvent {
                event_id: event.id,
                event_type: event.event_type,
                account_id: event.account,
                account_name: (*name).to_owned(),
                occurred_at: event.occurred_at,
                failures,
                error: event.error,
            });
            continue;
        }
        let due = event.due_at.unwrap_or(event.decided_at);
        status.events += 1;
        status.deferred += u64::from(event.outcome == Outcome::Deferred);
        status.failing += u64::from(event.outcome == Outcome::Failed);
        status.oldest_at = earlier(status.oldest_at, event.occurred_at);
        status.due_at = earlier(status.due_at, due);
        waiting.insert(event.account);
        if is_late(due, now) {
            late.insert(event.account);
        }
    }
    status.accounts = waiting.len() as u64;
    status.overdue_accounts = late.len() as u64;
    (status, failed)
}

fn earlier(known: Option<Timestamp>, at: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(at, |known| known.min(at)))
}
