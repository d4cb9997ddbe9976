//! `flush`: the snapshots that pending changes are owed, of every customer or of one.

use super::Context;
use super::context::Customer;
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::told;
use crate::error::Result;
use crate::events::{FlushOutcome, FlushScope, flush};
use crate::report::flush::{FlushView, Waiting};
use crate::store::{Store, WhichCustomer, WriteTransaction};

/// What is flushed.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlushOptions<'a> {
    /// Only this account, as a person names it.
    pub account: Option<&'a str>,
    /// Only this customer; None flushes all.
    pub customer: Option<&'a str>,
    /// Also those still in their cooldown.
    pub now: bool,
}

/// Flushes, one transaction a customer.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, and anything that the database says.
pub fn flush_pending(context: &Context<'_>, options: &FlushOptions<'_>) -> Result<FlushView> {
    let customers = {
        let store = context.open_to_read()?;
        let reader = store.reader()?;
        match options.customer.or(options.account.map(|_| context.customer)) {
            Some(name) => {
                let id = reader.find_customer(name)?;
                vec![Customer { id, name: reader.customer_name(id)? }]
            }
            None => {
                let all = reader.list_customers()?.into_iter();
                all.map(|customer| Customer { id: customer.id, name: customer.name }).collect()
            }
        }
    };
    let mut store = context.open_to_write()?;
    let mut view = FlushView::new();
    for customer in customers {
        flush_customer(context, &mut store, &customer, options, &mut view)?;
    }
    Ok(view)
}

fn flush_customer(
    context: &Context<'_>,
    store: &mut Store,
    customer: &Customer,
    options: &FlushOptions<'_>,
    view: &mut FlushView,
) -> Result<()> {
    context.cancel.check()?;
    let mut transaction = context.begin(store, WhichCustomer::Id(customer.id), "flush")?;
    let only = match options.account {
        Some(account) => Some(vec![transaction.reader().find_account(customer.id, account)?]),
        None => None,
    };
    let imported = transaction.reader().kpi_definitions(customer.id)?;
    let rules = Rules::new(context.config, &customer.name, &imported)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let scope = if options.now { FlushScope::Now } else { FlushScope::DueAndDeferred };
    let outcome = flush(&mut transaction, &snapshot_rules, scope, only.as_deref())?;
    let fates = told::of_flush(&transaction, &outcome);
    let now = transaction.now();
    add(view, customer, &transaction, &outcome);
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    Ok(())
}

fn add(
    view: &mut FlushView,
    customer: &Customer,
    transaction: &WriteTransaction<'_>,
    outcome: &FlushOutcome,
) {
    view.created += outcome.created();
    view.failed += outcome.failed();
    view.given_up += outcome.given_up.len() as u64;
    view.snapshot_ids.extend(outcome.taken.iter().filter_map(|taken| taken.result.as_ref().ok()));
    view.waiting.extend(outcome.waiting.iter().map(|(account, due)| Waiting {
        customer: customer.name.clone(),
        account_id: *account,
        account_name: transaction.head(*account).map(|head| head.name.clone()).unwrap_or_default(),
        due_at: *due,
    }));
}
