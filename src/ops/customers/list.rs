//! `customers list`: who there is, and where each ledger stands.

use crate::error::Result;
use crate::ops::Context;
use crate::report::customers::CustomerLine;

/// Every customer by id, or `only` the one of this name.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn list_customers(context: &Context<'_>, only: Option<&str>) -> Result<Vec<CustomerLine>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let only = only.map(|name| reader.find_customer(name)).transpose()?;
    let customers = reader.list_customers()?.into_iter();
    let wanted = customers.filter(|customer| only.is_none_or(|only| only == customer.id));
    let lines = wanted.map(|customer| CustomerLine {
        customer_id: customer.id,
        customer: customer.name,
        accounts_count: customer.accounts,
        snapshots_count: customer.snapshots,
        last_change_id: customer.last_change,
        last_change_at: customer.last_change_at,
        digest: customer.digest,
    });
    Ok(lines.collect())
}
