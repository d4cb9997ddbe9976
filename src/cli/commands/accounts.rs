//! The commands about accounts: two that show, and those that give names, ids and archivings.

use super::chosen::{answer_chosen, answer_chosen_list};
use super::{NO_MATCH, done_or, summary};
use crate::cli::args::accounts::{
    AccountsArgs, AccountsCommand, ListAccountsArgs, MergeAccountsArgs, ShowAccountArgs,
};
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::accounts::{
    AccountsOptions, alias_account, archive_account, list_accounts, merge_accounts, rename_account,
    set_external_id, show_account, unarchive_account,
};
use crate::report::account_change::AccountChangeView;
use crate::report::accounts::{HEADERS, SCHEMA};
use crate::report::list::List;
use crate::report::{account, account_change, account_merge, accounts};

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &AccountsArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let context = workspace.context();
    match &arguments.command {
        AccountsCommand::List(arguments) => list(arguments, session, &workspace)?,
        AccountsCommand::Show(arguments) => show(arguments, session, &workspace)?,
        AccountsCommand::Rename(arguments) => {
            tell(
                session,
                &workspace,
                &rename_account(&context, &arguments.account.account, &arguments.name)?,
            )?;
        }
        AccountsCommand::Alias(arguments) => {
            let aliases: Vec<&str> = arguments.aliases.iter().map(String::as_str).collect();
            tell(session, &workspace, &alias_account(&context, &arguments.account.account, &aliases)?)?;
        }
        AccountsCommand::SetExternalId(arguments) => {
            tell(
                session,
                &workspace,
                &set_external_id(&context, &arguments.account.account, &arguments.external_id)?,
            )?;
        }
        AccountsCommand::Archive(arguments) => {
            let reason = arguments.reason.as_deref();
            tell(session, &workspace, &archive_account(&context, &arguments.account.account, reason)?)?;
        }
        AccountsCommand::Unarchive(arguments) => {
            tell(session, &workspace, &unarchive_account(&context, &arguments.account.account)?)?;
        }
        AccountsCommand::Merge(arguments) => return merge(arguments, session, &workspace),
    }
    Ok(Exit::Done)
}

fn list(arguments: &ListAccountsArgs, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let options = AccountsOptions { archived: arguments.archived, condition: arguments.condition.as_ref() };
    let found = list_accounts(&workspace.context(), options)?;
    let list = List::new(SCHEMA, found.accounts);
    let width = session.printer.table_width();
    let none_matches = arguments.condition.is_some() && list.items.is_empty();
    answer_chosen_list(session, &list, &HEADERS, &arguments.fields, || match none_matches {
        true => NO_MATCH.to_owned(),
        false => accounts::render(&list.items, found.archived_left_out, width),
    })
}

fn show(arguments: &ShowAccountArgs, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let view = show_account(&workspace.context(), &arguments.account.account)?;
    let (width, table_width) = (session.printer.text_width(), session.printer.table_width());
    answer_chosen(session, &view, &arguments.fields, || {
        account::render(&view, width, table_width, workspace.zone())
    })
}

fn merge(arguments: &MergeAccountsArgs, session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let width = session.printer.text_width();
    let view = merge_accounts(&workspace.context(), &arguments.from, &arguments.into, &mut |plan| {
        confirm(session, "accounts merge", &account_merge::render(plan, width))
    })?;
    summary(session, &view, || account_merge::render(&view, width))?;
    Ok(done_or(view.snapshots_failed > 0))
}

fn tell(session: &Session, workspace: &Workspace<'_>, view: &AccountChangeView) -> Result<()> {
    let width = session.printer.text_width();
    summary(session, view, || account_change::render(view, width, workspace.zone()))
}
