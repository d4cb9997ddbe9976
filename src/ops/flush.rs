//! `flush`: the snapshots that pending changes are owed, of every customer or of one.

use super::Context;
use super::context::Customer;
use super::observer::{Level, Message};
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::told;
use crate::error::{ErrorKind, Result};
use crate::events::{FlushOutcome, FlushScope, flush};
use crate::model::kpi::advice::shell_word;
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
    let only = options.customer.or(options.account.map(|_| context.customer));
    let customers = context.customers_served(only)?;
    let mut store = context.open_to_write()?;
    let mut view = FlushView::new();
    let is_one = customers.len() == 1;
    for customer in customers {
        match flush_customer(context, &mut store, &customer, options, &mut view) {
            // An instant that one customer refuses does not keep the others from what they are owed.
            Err(error) if error.kind() == ErrorKind::InputRefused && !is_one => {
                view.customers_left += 1;
                let text = format!("customer '{}' is left: {}", customer.name, error.message());
                context.tell(Level::Error, &Message::new(text).of("customer_left"));
            }
            done => done?,
        }
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
    let rules = Rules::load(context.config, &transaction.reader(), customer.id)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let scope = if options.now { FlushScope::Now } else { FlushScope::DueAndDeferred };
    let outcome = flush(&mut transaction, &snapshot_rules, scope, only.as_deref())?;
    let fates = told::of_flush(&transaction, &outcome);
    let given_up = given_up_names(&transaction, &outcome);
    let now = transaction.now();
    add(view, customer, &transaction, &outcome);
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    tell_given_up(context, &customer.name, &given_up);
    Ok(())
}

/// The names of the accounts that a flush does not try any more.
pub(super) fn given_up_names(transaction: &WriteTransaction<'_>, outcome: &FlushOutcome) -> Vec<String> {
    let heads = outcome.given_up.iter().filter_map(|account| transaction.head(*account));
    heads.map(|head| head.name.clone()).collect()
}

/// Tells of accounts that a flush does not try any more.
pub(super) fn tell_given_up(context: &Context<'_>, customer: &str, accounts: &[String]) {
    for name in accounts.iter().take(told::TOLD_ONE_BY_ONE) {
        let create = context.command_line(customer, &format!("snapshot create -a {}", shell_word(name)));
        let text = format!(
            "the snapshot that account {name} is owed failed too often and is not tried again; when the cause is gone: {create}"
        );
        context.tell(Level::Warning, &Message::new(text).of("snapshot_given_up"));
    }
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
