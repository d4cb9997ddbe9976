//! `accounts archive` and `unarchive`: an account that is put aside is in no portfolio unless asked for.
//!
//! Its history stays, it is still found by name, and files that name it are taken in full.

use super::change::{Done, change_account};
use crate::error::Result;
use crate::ops::Context;
use crate::report::account_change::{AccountAction, AccountChangeView};

/// Puts an account aside.
///
/// # Errors
/// As the lookup of an account.
pub fn archive_account(
    context: &Context<'_>,
    account: &str,
    reason: Option<&str>,
) -> Result<AccountChangeView> {
    change_account(context, account, AccountAction::Archived, |transaction, head| {
        if head.archived {
            return Ok(Done::default());
        }
        transaction.archive_account(head.id, reason)?;
        Ok(Done { changed: true, ..Done::default() })
    })
}

/// Takes an account back that was put aside.
///
/// # Errors
/// As the lookup of an account.
pub fn unarchive_account(context: &Context<'_>, account: &str) -> Result<AccountChangeView> {
    change_account(context, account, AccountAction::Unarchived, |transaction, head| {
        if !head.archived {
            return Ok(Done::default());
        }
        transaction.unarchive_account(head.id)?;
        Ok(Done { changed: true, ..Done::default() })
    })
}
