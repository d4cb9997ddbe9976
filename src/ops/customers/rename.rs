//! `customers rename`: another name of a customer; the old one goes on leading to it, and its settings go on holding.

use crate::error::{Error, ErrorKind, Result};
use crate::model::names::name_key;
use crate::ops::Context;
use crate::ops::names::checked_name;
use crate::ops::settle::flush_and_conclude;
use crate::report::customer_change::{CustomerAction, CustomerChangeView, SCHEMA};
use crate::store::{WhichCustomer, WriteTransaction};

/// What is renamed.
#[derive(Debug, Clone, Copy)]
pub struct RenameCustomerOptions<'a> {
    /// The customer, by any of its names.
    pub customer: &'a str,
    /// Its name from now on.
    pub name: &'a str,
    /// Where it is given, no customer but this one exists.
    pub only: Option<&'a str>,
}

/// Gives a customer another name.
///
/// # Errors
/// `InputRefused` where it is no name, or leads to another customer; `NoDatabase`, `UnknownCustomer`, and anything
/// that the database says; nothing was written then.
pub fn rename_customer(
    context: &Context<'_>,
    options: &RenameCustomerOptions<'_>,
) -> Result<CustomerChangeView> {
    checked_name("the customer", options.customer)?;
    checked_name("the new name", options.name)?;
    let name = options.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut store = context.open_to_write()?;
    let which = WhichCustomer::Named(options.only.unwrap_or(options.customer));
    let mut transaction = context.begin(&mut store, which, "customers rename")?;
    let customer = transaction.customer();
    if transaction.reader().match_customer(options.customer)? != Some(customer) {
        return Err(Error::new(ErrorKind::UnknownCustomer, format!("no customer '{}'", options.customer))
            .with_hint(
                "--customer narrows this command too; leave it out, the first name says which customer",
            ));
    }
    let before = transaction.customer_name().to_owned();
    let changed = before != name;
    if changed {
        refuse_other(&transaction, &name)?;
        transaction.rename_customer(&name)?;
    }
    let view = CustomerChangeView {
        schema: SCHEMA,
        action: CustomerAction::Renamed,
        changed,
        dry_run: context.dry_run,
        customer_id: customer,
        customer: name,
        previous_name: changed.then_some(before),
        notes: section_note(context, &transaction)?.into_iter().collect(),
    };
    if changed {
        flush_and_conclude(context, transaction)?;
    }
    Ok(view)
}

fn refuse_other(transaction: &WriteTransaction<'_>, name: &str) -> Result<()> {
    match transaction.reader().match_customer(name)? {
        Some(other) if other != transaction.customer() => {
            Err(Error::new(ErrorKind::InputRefused, format!("'{name}' leads to another customer"))
                .with_hint("take another name; names that a customer had once go on leading to it"))
        }
        _ => Ok(()),
    }
}

/// Where snapshots.toml has sections under names that are no longer the customer's: which of them holds.
fn section_note(context: &Context<'_>, transaction: &WriteTransaction<'_>) -> Result<Option<String>> {
    let names = transaction.reader().customer_names(transaction.customer())?;
    let mut sections = names.iter().filter(|name| context.config.has_section_of(name));
    let Some(holds) = sections.next() else { return Ok(None) };
    let is_present = names.first().is_some_and(|name| name_key(name) == name_key(holds));
    let left = sections.find(|name| name_key(name) != name_key(holds));
    Ok(match left {
        Some(left) => Some(format!(
            "snapshots.toml has settings under [customers.\"{holds}\"], which hold, and under [customers.\"{left}\"], \
             which do not"
        )),
        None if is_present => None,
        None => Some(format!(
            "its settings in snapshots.toml stand under [customers.\"{holds}\"] and go on holding"
        )),
    })
}
