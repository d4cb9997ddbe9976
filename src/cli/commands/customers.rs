//! `customers list` (every customer, unless the flag names one) and `customers rename`.

use super::chosen::answer_chosen_list;
use super::summary;
use crate::cli::args::customers::{CustomersArgs, CustomersCommand, RenameCustomerArgs};
use crate::cli::args::selection::FieldsArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::customers::{RenameCustomerOptions, list_customers, rename_customer};
use crate::report::customer_change;
use crate::report::customers::{HEADERS, SCHEMA, render};
use crate::report::list::List;

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &CustomersArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    match &arguments.command {
        CustomersCommand::List(fields) => list(fields, session, &workspace)?,
        CustomersCommand::Rename(arguments) => rename(arguments, session, &workspace)?,
    }
    Ok(Exit::Done)
}

fn list(fields: &FieldsArgs, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let list = List::new(SCHEMA, list_customers(&workspace.context(), workspace.only_customer())?);
    let width = session.printer.table_width();
    answer_chosen_list(session, &list, &HEADERS, fields, || render(&list.items, width, workspace.zone()))
}

fn rename(arguments: &RenameCustomerArgs, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let options = RenameCustomerOptions {
        customer: &arguments.old_name,
        name: &arguments.new_name,
        only: workspace.only_customer(),
    };
    let view = rename_customer(&workspace.context(), &options)?;
    summary(session, &view, || customer_change::render(&view, session.printer.text_width()))
}
