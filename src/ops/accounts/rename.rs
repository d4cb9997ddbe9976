//! `accounts rename`: another name; the old one goes on leading to the account.

use super::change::{Done, change_account};
use crate::error::{Error, ErrorKind, Result};
use crate::model::names::{name_key, similar_key};
use crate::ops::Context;
use crate::ops::names::checked_name;
use crate::report::account_change::{AccountAction, AccountChangeView};
use crate::store::{AccountHead, NameBearer, NameClaim, WriteTransaction};

/// Gives an account another name.
///
/// # Errors
/// `InputRefused` where it is no name, or another account bears it and the two cannot be told apart by external id;
/// as the lookup of an account.
pub fn rename_account(context: &Context<'_>, account: &str, name: &str) -> Result<AccountChangeView> {
    checked_name("the new name", name)?;
    let name = name.trim();
    change_account(context, account, AccountAction::Renamed, |transaction, head| {
        if head.name == name {
            return Ok(Done::default());
        }
        let mut notes = other_bearers(context, transaction, head, name)?;
        notes.extend(look_alike(transaction, head, name)?);
        notes.extend(left_section(context, transaction, head, name)?);
        transaction.rename_account(head.id, name)?;
        let previous_leads_here = Some(goes_on_leading(transaction, head)?);
        Ok(Done { changed: true, previous_leads_here, notes, ..Done::default() })
    })
}

/// Whether the name until now goes on leading to the account, and to it alone: a namesake has the better claim to it.
fn goes_on_leading(transaction: &WriteTransaction<'_>, before: &AccountHead) -> Result<bool> {
    let bearers = transaction.reader().leading_bearers(transaction.customer(), &before.name)?;
    Ok(bearers.iter().all(|bearer| bearer.account == before.id))
}

/// Refuses a name that is another account's, unless both have external ids; says what it has led to until now.
fn other_bearers(
    context: &Context<'_>,
    transaction: &WriteTransaction<'_>,
    head: &AccountHead,
    name: &str,
) -> Result<Vec<String>> {
    let mut bearers = transaction.reader().name_bearers(transaction.customer(), name)?;
    bearers.retain(|bearer| bearer.account != head.id);
    for bearer in bearers.iter().filter(|bearer| bearer.claim != NameClaim::Former) {
        if head.external_id.is_none() || bearer.external_id.is_none() {
            return Err(taken(context, head, bearer, name));
        }
    }
    let notes = bearers.iter().map(|bearer| {
        let other = &bearer.account_name;
        match bearer.claim {
            NameClaim::Present => format!(
                "account {} is named '{other}' too: name each by external id, also in files",
                bearer.account
            ),
            NameClaim::Alias => {
                format!(
                    "'{name}' is an alias of '{other}'; alone it leads to account {} from now on",
                    head.id
                )
            }
            NameClaim::Former => {
                format!("'{name}' was a name of '{other}'; alone it leads to account {} from now on", head.id)
            }
        }
    });
    Ok(notes.collect())
}

fn taken(context: &Context<'_>, head: &AccountHead, bearer: &NameBearer, name: &str) -> Error {
    let whose = match bearer.claim {
        NameClaim::Alias => format!("is an alias of '{}' (id:{})", bearer.account_name, bearer.account),
        _ => format!("is the name of account {}", bearer.account),
    };
    let without = if head.external_id.is_none() { head.id } else { bearer.account };
    let give = context.command_line(context.customer, &format!("accounts set-external-id id:{without} ID"));
    Error::new(ErrorKind::InputRefused, format!("'{name}' {whose} already")).with_hint(format!(
        "take another name; two accounts may share one where both have external ids: {give}"
    ))
}

/// What is said of an account whose name differs only in punctuation or legal form: renaming is an explicit act, and
/// is not refused for that.
fn look_alike(transaction: &WriteTransaction<'_>, head: &AccountHead, name: &str) -> Result<Option<String>> {
    let (key, similar) = (name_key(name), similar_key(name));
    let others =
        transaction.reader().list_accounts(transaction.customer())?.into_iter().map(|record| record.head);
    let alike = others
        .filter(|other| other.id != head.id && name_key(&other.name) != key)
        .find(|other| similar_key(&other.name) == similar);
    Ok(alike.map(|other| {
        format!("account {} is named '{}', which looks like the same company", other.id, other.name)
    }))
}

/// Settings of an account stand under its name alone.
fn left_section(
    context: &Context<'_>,
    transaction: &WriteTransaction<'_>,
    head: &AccountHead,
    name: &str,
) -> Result<Option<String>> {
    let customer = transaction.reader().customer_names(transaction.customer())?;
    let settings = context.config.for_customer_known_as(&customer);
    let is_left = name_key(name) != name_key(&head.name) && settings.has_section_of_account(&head.name);
    Ok(is_left.then(|| {
        format!(
            "snapshots.toml has settings for the account '{}': they hold under that name alone, so rename the \
             section too",
            head.name
        )
    }))
}
