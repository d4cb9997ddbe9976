//! `retention plan`: each snapshot with its verdict and every reason.

use super::CustomerRules;
use crate::error::Result;
use crate::model::retention::{Candidate, RunKind, judge};
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::context::Customer;
use crate::report::retention::plan::{CustomerPlan, HidingRun, PlannedSnapshot, ReasonView, Verdict};
use crate::store::{Reader, Retainable};

/// The plan of every customer, or of `only` one, by customer, account and the order in which snapshots were taken.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`; anything that the database says.
pub fn plan_retention(context: &Context<'_>, only: Option<&str>) -> Result<Vec<CustomerPlan>> {
    let customers = context.customers_served(only)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let plans = customers.iter().map(|customer| {
        context.cancel.check()?;
        plan_customer(context, &reader, customer, context.clock.now())
    });
    plans.collect()
}

/// The plan of one customer at an instant.
pub(super) fn plan_customer(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: &Customer,
    now: Timestamp,
) -> Result<CustomerPlan> {
    let CustomerRules { policies, zone } = CustomerRules::load(context, reader, customer.id)?;
    let snapshots = reader.list_retainable(customer.id)?;
    let mut planned = Vec::with_capacity(snapshots.len());
    for of_account in snapshots.chunk_by(|a, b| a.account == b.account) {
        let candidates: Vec<Candidate> =
            of_account.iter().map(|snapshot| snapshot.candidate.clone()).collect();
        let judged = judge(&candidates, &policies, now, zone);
        for (snapshot, judgement) in of_account.iter().zip(judged) {
            let reasons = judgement.reasons.iter().map(ReasonView::of).collect();
            let verdict = if judgement.keep { Verdict::Keep } else { Verdict::Remove };
            planned.push(item(customer, snapshot, now, verdict, reasons));
        }
    }
    let runs = reader.list_retention_runs(customer.id)?.into_iter();
    let hiding = runs.filter(|run| run.kind == RunKind::Apply && run.hidden > 0);
    Ok(CustomerPlan {
        customer: customer.name.clone(),
        zone,
        policies,
        hiding: hiding
            .map(|run| HidingRun { run_id: run.id, applied_at: run.recorded_at, hidden: run.hidden })
            .collect(),
        snapshots: planned,
    })
}

fn item(
    customer: &Customer,
    snapshot: &Retainable,
    now: Timestamp,
    verdict: Verdict,
    reasons: Vec<ReasonView>,
) -> PlannedSnapshot {
    let candidate = &snapshot.candidate;
    PlannedSnapshot {
        customer: customer.name.clone(),
        snapshot_id: candidate.id,
        account_id: snapshot.account,
        external_account_id: snapshot.external_account_id.clone(),
        account_name: snapshot.account_name.clone(),
        snapshot_timestamp: candidate.taken_at,
        snapshot_type: candidate.snapshot_type,
        verdict,
        is_future_dated: candidate.taken_at > now,
        reasons,
    }
}
