//! `retention undo`: brings back what an apply hid, as far as no purge removed it.

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::RetentionRunId;
use crate::model::retention::RunKind;
use crate::ops::Context;
use crate::report::retention::undo::{SCHEMA, UndoView};
use crate::store::{NewRetentionRun, RetentionRunRecord, WhichCustomer};

/// What is brought back.
#[derive(Debug, Clone, Copy)]
pub struct UndoOptions<'a> {
    /// What this apply hid.
    pub run: RetentionRunId,
    /// It must be this customer's; None: of whichever customer.
    pub customer: Option<&'a str>,
}

/// Brings back what a run hid. Doing it again changes nothing.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `Busy`; `NoSnapshot` where no apply of the customer has this number;
/// `InputRefused` where everything was removed for good; anything that the database says.
pub fn undo_retention(context: &Context<'_>, options: &UndoOptions<'_>) -> Result<UndoView> {
    let customers = context.customers_served(options.customer)?;
    let found = find(context, options.run)?.and_then(|run| {
        let customer = customers.into_iter().find(|customer| customer.id == run.customer)?;
        (run.kind == RunKind::Apply).then_some(customer)
    });
    let Some(customer) = found else { return Err(no_such_run(options.run)) };
    let mut store = context.open_to_write()?;
    let mut transaction = context.begin(&mut store, WhichCustomer::Id(customer.id), "retention undo")?;
    let reader = transaction.reader();
    let run = reader.find_retention_run(options.run)?.ok_or_else(|| no_such_run(options.run))?;
    let hidden = reader.list_hidden(customer.id, Some(options.run))?;
    let is_undone = reader.is_undone(options.run)?;
    drop(reader);
    let shown = hidden.len() as u64;
    let mut view = UndoView {
        schema: SCHEMA,
        changed: shown > 0,
        dry_run: context.dry_run,
        customer: customer.name,
        run_id: options.run,
        shown,
        removed: if is_undone { 0 } else { run.snapshots.saturating_sub(shown) },
        undone_by: None,
    };
    if hidden.is_empty() {
        return if is_undone { Ok(view) } else { Err(all_removed(options.run)) };
    }
    let new =
        NewRetentionRun { kind: RunKind::Undo, undoes: Some(options.run), snapshots: shown, policy: None };
    let undo = transaction.append_retention_run(&new)?;
    transaction.show_snapshots(undo, &hidden)?;
    context.conclude(transaction)?;
    view.undone_by = (!context.dry_run).then_some(undo);
    Ok(view)
}

fn find(context: &Context<'_>, run: RetentionRunId) -> Result<Option<RetentionRunRecord>> {
    let store = context.open_to_read()?;
    store.reader()?.find_retention_run(run)
}

fn no_such_run(run: RetentionRunId) -> Error {
    Error::new(ErrorKind::NoSnapshot, format!("no retention apply has the number {run}"))
        .with_hint("`acctsnap retention plan` shows the runs that hide snapshots")
}

fn all_removed(run: RetentionRunId) -> Error {
    Error::new(ErrorKind::InputRefused, format!("what retention run {run} hid was removed for good"))
        .with_hint("a backup of before the purge still has it")
}
