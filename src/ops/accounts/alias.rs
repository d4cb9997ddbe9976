//! `accounts alias`: further names of an account, all or none of them.

use super::change::{Done, change_account};
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::model::names::name_key;
use crate::ops::Context;
use crate::ops::names::checked_name;
use crate::report::account_change::{AccountAction, AccountChangeView};
use crate::store::{NameClaim, WriteTransaction};

/// Gives an account further names.
///
/// # Errors
/// `InputRefused` where one is no name, or leads to another account; as the lookup of an account.
pub fn alias_account(context: &Context<'_>, account: &str, aliases: &[&str]) -> Result<AccountChangeView> {
    for alias in aliases {
        checked_name("the alias", alias)?;
    }
    change_account(context, account, AccountAction::Aliased, |transaction, head| {
        let mut done = Done::default();
        let mut keys = Vec::with_capacity(aliases.len());
        for alias in aliases.iter().map(|alias| alias.trim()) {
            let key = name_key(alias);
            if keys.contains(&key) {
                continue;
            }
            keys.push(key);
            match leads_here(transaction, head.id, alias)? {
                true => done.notes.push(format!("'{alias}' leads to it already")),
                false => done.aliases_added.push(alias.to_owned()),
            }
        }
        for alias in &done.aliases_added {
            transaction.alias_account(head.id, alias)?;
        }
        done.changed = !done.aliases_added.is_empty();
        Ok(done)
    })
}

/// Whether a name leads to the account already; one that leads to another is refused. A former name of several
/// accounts, this one among them, leads to none of them alone: the alias settles it.
fn leads_here(transaction: &WriteTransaction<'_>, account: AccountId, alias: &str) -> Result<bool> {
    let bearers = transaction.reader().leading_bearers(transaction.customer(), alias)?;
    let is_here = bearers.iter().any(|bearer| bearer.account == account);
    let is_former = bearers.iter().all(|bearer| bearer.claim == NameClaim::Former);
    match bearers.iter().find(|bearer| bearer.account != account) {
        None => Ok(is_here),
        Some(_) if is_here && is_former => Ok(false),
        Some(other) => Err(Error::new(
            ErrorKind::InputRefused,
            format!("'{alias}' leads to another account: '{}' (id:{})", other.account_name, other.account),
        )
        .with_hint("take another alias; nothing was written")),
    }
}
