//! `accounts set-external-id`: the account's id in the customer's own systems.

use super::change::{Done, change_account, without_head};
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::ops::Context;
use crate::ops::names::checked_name;
use crate::report::account_change::{AccountAction, AccountChangeView};
use crate::store::{AccountHead, WriteTransaction};

/// Gives an account an external id. It is text, and compared exactly.
///
/// # Errors
/// `InputRefused` where it is none, or another account bears it today; as the lookup of an account.
pub fn set_external_id(context: &Context<'_>, account: &str, external_id: &str) -> Result<AccountChangeView> {
    checked_name("the external id", external_id)?;
    let external_id = external_id.trim();
    change_account(context, account, AccountAction::ExternalIdSet, |transaction, head| {
        if head.external_id.as_deref() == Some(external_id) {
            return Ok(Done::default());
        }
        let notes = moved_from(context, transaction, head.id, external_id)?;
        transaction.set_external_id(head.id, external_id)?;
        Ok(Done {
            changed: true,
            previous_leads_here: head.external_id.as_ref().map(|_| true),
            notes: notes.into_iter().collect(),
            ..Done::default()
        })
    })
}

/// An id that another account bears today is refused; one that it bore once moves, and that is said.
fn moved_from(
    context: &Context<'_>,
    transaction: &mut WriteTransaction<'_>,
    account: AccountId,
    external_id: &str,
) -> Result<Option<String>> {
    let holder = transaction.reader().account_of_external_id(transaction.customer(), external_id)?;
    let Some(holder) = holder.filter(|holder| *holder != account) else { return Ok(None) };
    transaction.load_heads(&[holder])?;
    let holder = transaction.head(holder).ok_or_else(|| without_head(holder))?;
    if holder.external_id.as_deref() == Some(external_id) {
        return Err(taken(context, holder, external_id));
    }
    let newer = holder.external_id.as_deref().unwrap_or_default();
    Ok(Some(format!(
        "'{external_id}' was an id of '{}' (id:{}), which has '{newer}' today; it leads to account {account} from now on",
        holder.name, holder.id
    )))
}

fn taken(context: &Context<'_>, holder: &AccountHead, external_id: &str) -> Error {
    let (name, id) = (&holder.name, holder.id);
    let give = context.command_line(context.customer, &format!("accounts set-external-id id:{id} ID"));
    Error::new(
        ErrorKind::InputRefused,
        format!("'{external_id}' is the external id of another account: '{name}' (id:{id})"),
    )
    .with_hint(format!("where it is really this one's, give that account its own first: {give}"))
}
