//! `accounts list` and `accounts show`.

use super::{answer, answer_list};
use crate::cli::args::accounts::{AccountsArgs, AccountsCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::accounts::{list_accounts, show_account};
use crate::report::accounts::{HEADERS, SCHEMA};
use crate::report::list::List;
use crate::report::{account, accounts};

/// Lists accounts or shows one.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`.
pub fn run(arguments: &AccountsArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let context = workspace.context();
    let printer = &session.printer;
    match &arguments.command {
        AccountsCommand::List => {
            let list = List::new(SCHEMA, list_accounts(&context)?);
            answer_list(session, &list, &HEADERS, || accounts::render(&list.items, printer.table_width()))?;
        }
        AccountsCommand::Show(arguments) => {
            let view = show_account(&context, &arguments.account)?;
            let (width, table_width) = (printer.text_width(), printer.table_width());
            answer(session, &view, || account::render(&view, width, table_width, workspace.zone()))?;
        }
    }
    Ok(Exit::Done)
}
