//! What every change of an account's identity has in common: one transaction, one account, an answer, and nothing
//! written where everything is so already.

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::ops::Context;
use crate::ops::settle::flush_and_conclude;
use crate::report::account_change::{AccountAction, AccountChangeView, SCHEMA};
use crate::store::{AccountHead, WhichCustomer, WriteTransaction};

/// What a change did to its account.
#[derive(Default)]
pub(super) struct Done {
    /// Whether anything was written.
    pub(super) changed: bool,
    /// Whether the name or id that it replaced goes on leading to the account; None where it replaced none.
    pub(super) previous_leads_here: Option<bool>,
    /// The aliases that it gave.
    pub(super) aliases_added: Vec<String>,
    /// What else is to be known.
    pub(super) notes: Vec<String>,
}

/// Changes the account that a person names; `act` is handed its head as it was before.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`, what `act` said, and anything that the
/// database says; nothing was written then.
pub(super) fn change_account(
    context: &Context<'_>,
    account: &str,
    action: AccountAction,
    act: impl FnOnce(&mut WriteTransaction<'_>, &AccountHead) -> Result<Done>,
) -> Result<AccountChangeView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), action.command())?;
    let id = transaction.reader().find_account(transaction.customer(), account)?;
    let id = transaction.reader().answering_for(id)?;
    transaction.load_heads(&[id])?;
    let before = loaded_head(&transaction, id)?;
    let done = act(&mut transaction, &before)?;
    let after = loaded_head(&transaction, id)?;
    let archiving = transaction.reader().archiving(&after)?;
    let changed = done.changed;
    let view = AccountChangeView {
        schema: SCHEMA,
        action,
        changed,
        dry_run: context.dry_run,
        account_id: id,
        previous_name: (after.name != before.name).then_some(before.name),
        account_name: after.name,
        previous_external_id: before.external_id.filter(|id| after.external_id.as_ref() != Some(id)),
        external_account_id: after.external_id,
        customer: transaction.customer_name().to_owned(),
        archived: after.archived,
        previous_leads_here: done.previous_leads_here,
        aliases_added: done.aliases_added,
        archived_since: archiving.as_ref().map(|archiving| archiving.since),
        archived_reason: archiving.and_then(|archiving| archiving.reason),
        notes: done.notes,
    };
    if changed {
        flush_and_conclude(context, transaction)?;
    }
    Ok(view)
}

fn loaded_head(transaction: &WriteTransaction<'_>, account: AccountId) -> Result<AccountHead> {
    transaction.head(account).cloned().ok_or_else(|| without_head(account))
}

/// The error for an account of which the database has lost the head.
pub(super) fn without_head(account: AccountId) -> Error {
    Error::new(ErrorKind::Damaged, format!("account {account} has no head")).with_hint("restore a backup")
}
