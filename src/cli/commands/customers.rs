//! `customers list`: every customer, unless the flag names one.

use super::answer_list;
use crate::cli::args::customers::{CustomersArgs, CustomersCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::customers::list_customers;
use crate::report::customers::{HEADERS, SCHEMA, render};
use crate::report::list::List;

/// Lists customers.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`.
pub fn run(arguments: &CustomersArgs, session: &Session) -> Result<Exit> {
    let CustomersCommand::List = &arguments.command;
    let workspace = Workspace::open(session)?;
    let list = List::new(SCHEMA, list_customers(&workspace.context(), workspace.only_customer())?);
    let width = session.printer.table_width();
    answer_list(session, &list, &HEADERS, || render(&list.items, width, workspace.zone()))?;
    Ok(Exit::Done)
}
