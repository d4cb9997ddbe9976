//! `retention apply`: hides what the plan lets go of, a transaction a customer.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::plan::plan_customer;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::retention::{Policies, RunKind};
use crate::ops::Context;
use crate::ops::context::Customer;
use crate::ops::observer::{Level, Message};
use crate::report::retention::apply::{AppliedRun, ApplyView};
use crate::report::retention::plan::{CustomerPlan, Verdict};
use crate::store::{NewRetentionRun, Store, WhichCustomer};

/// What is hidden.
#[derive(Debug, Clone, Copy)]
pub struct ApplyOptions<'a> {
    /// The plan that was shown, and agreed to: no other customer is served, and nothing that it keeps is hidden.
    pub plan: &'a [CustomerPlan],
}

/// Hides the snapshots that the plan shown removes, and that may still go when the lock is held: what was tagged, or
/// became the last of its period, since then stays.
///
/// # Errors
/// `NoDatabase`, `Busy`; anything that the database says.
pub fn apply_retention(context: &Context<'_>, options: &ApplyOptions<'_>) -> Result<ApplyView> {
    let mut view = ApplyView::new(context.dry_run);
    let to_serve: Vec<&CustomerPlan> = options.plan.iter().filter(|plan| plan.removed() > 0).collect();
    if to_serve.is_empty() {
        return Ok(view);
    }
    let customers = context.customers_served(None)?;
    let mut store = context.open_to_write()?;
    let is_one = to_serve.len() == 1;
    for plan in to_serve {
        let Some(customer) = customers.iter().find(|customer| customer.name == plan.customer) else {
            continue;
        };
        match apply_to_customer(context, &mut store, customer, plan) {
            // An instant that one customer refuses does not keep the others from being served.
            Err(error) if error.kind() == ErrorKind::InputRefused && !is_one => {
                view.customers_left += 1;
                let text = format!("customer '{}' is left: {}", customer.name, error.message());
                context.tell(Level::Error, &Message::new(text).of("customer_left"));
            }
            done => view.runs.extend(done?),
        }
    }
    view.hidden = view.runs.iter().map(|run| run.hidden).sum();
    Ok(view)
}

/// None where nothing of what was shown may still go.
fn apply_to_customer(
    context: &Context<'_>,
    store: &mut Store,
    customer: &Customer,
    shown: &CustomerPlan,
) -> Result<Option<AppliedRun>> {
    context.cancel.check()?;
    let mut transaction = context.begin(store, WhichCustomer::Id(customer.id), "retention apply")?;
    let now = plan_customer(context, &transaction.reader(), customer, transaction.now())?;
    let agreed: FxHashSet<SnapshotId> = removed(shown).map(|(_, id)| id).collect();
    let hidden: Vec<(AccountId, SnapshotId)> = removed(&now).filter(|(_, id)| agreed.contains(id)).collect();
    if hidden.is_empty() {
        return Ok(None);
    }
    let policy = policy_text(&now.policies)?;
    let count = hidden.len() as u64;
    let new = NewRetentionRun { kind: RunKind::Apply, undoes: None, snapshots: count, policy: Some(&policy) };
    let run = transaction.append_retention_run(&new)?;
    transaction.hide_snapshots(run, &hidden)?;
    context.conclude(transaction)?;
    Ok(Some(AppliedRun {
        customer: customer.name.clone(),
        run_id: (!context.dry_run).then_some(run),
        hidden: count,
        kept: now.snapshots.len() as u64 - count,
    }))
}

fn removed(plan: &CustomerPlan) -> impl Iterator<Item = (AccountId, SnapshotId)> {
    let removed = plan.snapshots.iter().filter(|snapshot| snapshot.verdict == Verdict::Remove);
    removed.map(|snapshot| (snapshot.account_id, snapshot.snapshot_id))
}

/// The rules that decided, for the ledger.
fn policy_text(policies: &Policies) -> Result<String> {
    let by_type: BTreeMap<&str, String> =
        policies.iter().map(|(snapshot_type, policy)| (snapshot_type.code(), policy.to_string())).collect();
    serde_json::to_string(&by_type)
        .map_err(|error| Error::new(ErrorKind::Failed, "the policies have no JSON").with_cause(error))
}
