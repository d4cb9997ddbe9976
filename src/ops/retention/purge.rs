//! `retention purge`: removes for good what retention hid, a batch a transaction.

use rustc_hash::FxHashSet;

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::retention::RunKind;
use crate::ops::Context;
use crate::ops::context::Customer;
use crate::ops::observer::{Level, Message};
use crate::report::retention::purge::{PurgeFailure, PurgeView};
use crate::store::{NewRetentionRun, Store, WhichCustomer};

/// What is removed.
#[derive(Debug, Clone, Copy, Default)]
pub struct PurgeOptions<'a> {
    /// Only this customer's; None: everyone's.
    pub customer: Option<&'a str>,
}

/// Snapshots that are removed in one transaction, so that others can write in between.
const BATCH: usize = 1000;

/// How many snapshots of each customer served are hidden.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn hidden_snapshots(context: &Context<'_>, only: Option<&str>) -> Result<Vec<(String, u64)>> {
    let customers = context.customers_served(only)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let hidden = customers.into_iter().map(|customer| {
        let hidden = reader.list_hidden(customer.id, None)?.len() as u64;
        Ok((customer.name, hidden))
    });
    hidden
        .filter(|counted| counted.as_ref().is_ok_and(|(_, hidden)| *hidden > 0) || counted.is_err())
        .collect()
}

/// Removes what is hidden. What fails is named; where a batch cannot be written at all, what came before it stays done,
/// and the view says why it ended.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `Busy`, and anything that the database says, where nothing was removed yet.
pub fn purge_retention(context: &Context<'_>, options: &PurgeOptions<'_>) -> Result<PurgeView> {
    let customers = context.customers_served(options.customer)?;
    let mut store = context.open_to_write()?;
    let mut view = PurgeView::new(context.dry_run);
    for customer in &customers {
        if let Err(error) = purge_customer(context, &mut store, customer, &mut view) {
            if view.removed == 0 || context.dry_run {
                return Err(error);
            }
            tell_end(context, customer, &error);
            view.ended_by = Some(error.message().to_owned());
            break;
        }
    }
    Ok(view)
}

fn purge_customer(
    context: &Context<'_>,
    store: &mut Store,
    customer: &Customer,
    view: &mut PurgeView,
) -> Result<()> {
    let hidden = store.reader()?.list_hidden(customer.id, None)?;
    for batch in hidden.chunks(BATCH) {
        context.cancel.check()?;
        purge_batch(context, store, customer, batch, view)?;
    }
    Ok(())
}

fn purge_batch(
    context: &Context<'_>,
    store: &mut Store,
    customer: &Customer,
    batch: &[(AccountId, SnapshotId)],
    view: &mut PurgeView,
) -> Result<()> {
    let mut transaction = context.begin(store, WhichCustomer::Id(customer.id), "retention purge")?;
    let reader = transaction.reader();
    // Somebody may have brought some back, and what was marked since is not removed either.
    let still: FxHashSet<SnapshotId> =
        reader.list_hidden(customer.id, None)?.into_iter().map(|(_, id)| id).collect();
    let ids: Vec<SnapshotId> = batch.iter().map(|(_, id)| *id).collect();
    let marked = reader.marks(&ids)?;
    drop(reader);
    let (hidden, back): (Vec<_>, Vec<_>) = batch.iter().copied().partition(|(_, id)| still.contains(id));
    let (held, removed): (Vec<_>, Vec<_>) = hidden.into_iter().partition(|(_, id)| marked.contains_key(id));
    let outcome = transaction.purge_snapshots(&removed)?;
    if !outcome.removed.is_empty() {
        let snapshots = outcome.removed.len() as u64;
        let run = NewRetentionRun { kind: RunKind::Purge, undoes: None, snapshots, policy: None };
        transaction.append_retention_run(&run)?;
        context.conclude(transaction)?;
    }
    view.removed += outcome.removed.len() as u64;
    view.contents += outcome.contents;
    view.held += (held.len() + back.len()) as u64;
    for (snapshot, error) in outcome.failed {
        let text = format!("snapshot {snapshot} could not be removed: {error}");
        context.tell(Level::Error, &Message::new(text).of("snapshot_not_removed"));
        view.failed.push(PurgeFailure { customer: customer.name.clone(), snapshot_id: snapshot, error });
    }
    Ok(())
}

fn tell_end(context: &Context<'_>, customer: &Customer, error: &Error) {
    let text = match error.kind() {
        ErrorKind::Interrupted => format!("stopped while removing snapshots of customer '{}'", customer.name),
        _ => format!("removing snapshots of customer '{}' ended: {error}", customer.name),
    };
    context.tell(Level::Error, &Message::new(text).of("purge_ended"));
}
