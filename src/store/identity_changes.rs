//! Names, external ids and archivings that people give: each a new row, never a changed one.
//!
//! Nothing is judged here: whether a name may be given is settled before. Of an account, the head must be loaded; it
//! is written at once, so that the transaction's own reader finds the account by what it is called now.

use rusqlite::types::ValueRef;

use super::append::value::{int, maybe_text, text};
use super::heads::AccountHead;
use super::ledger::Table;
use super::names::NameKind;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::names::name_key;

impl WriteTransaction<'_> {
    /// Gives an account another name; the earlier ones go on leading to it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn rename_account(&mut self, account: AccountId, name: &str) -> Result<()> {
        self.append_account_name(account, NameKind::Name, name, &name_key(name))?;
        name.clone_into(&mut self.head_to_change(account)?.name);
        self.save_account_heads()
    }

    /// Gives an account a further name.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn alias_account(&mut self, account: AccountId, alias: &str) -> Result<()> {
        self.append_account_name(account, NameKind::Alias, alias, &name_key(alias))
    }

    /// Gives an account an id in the customer's own systems; the earlier ones go on leading to it until another
    /// account takes them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn set_external_id(&mut self, account: AccountId, external_id: &str) -> Result<()> {
        self.append_account_name(account, NameKind::ExternalId, external_id, external_id)?;
        self.head_to_change(account)?.external_id = Some(external_id.to_owned());
        self.save_account_heads()
    }

    /// Puts an account aside.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn archive_account(&mut self, account: AccountId, reason: Option<&str>) -> Result<()> {
        self.append_archiving(account, true, reason)
    }

    /// Takes an account back that was put aside.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn unarchive_account(&mut self, account: AccountId) -> Result<()> {
        self.append_archiving(account, false, None)
    }

    /// Gives the customer another name; the earlier ones go on leading to it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn rename_customer(&mut self, name: &str) -> Result<()> {
        let (id, salt) = (self.next_id("customer_name")?, self.salts.next()?);
        let (customer, change, key) = (self.customer.id.get(), self.change().get(), name_key(name));
        let row = [int(id), int(customer), int(change), text(name), text(&key), ValueRef::Blob(&salt)];
        self.appender(Table::CustomerNames)?.append(None, &row)?;
        name.clone_into(&mut self.customer.name);
        Ok(())
    }

    fn append_archiving(&mut self, account: AccountId, archived: bool, reason: Option<&str>) -> Result<()> {
        let (id, change) = (self.next_id("account_archiving")?, self.change().get());
        let head = self.head_to_change(account)?;
        head.archived = archived;
        let salt = head.salt;
        let row = [int(id), int(account.get()), int(change), int(i64::from(archived)), maybe_text(reason)];
        self.appender(Table::AccountArchivings)?.append(Some(&salt), &row)?;
        self.save_account_heads()
    }

    fn head_to_change(&mut self, account: AccountId) -> Result<&mut AccountHead> {
        self.head_mut(account)
            .ok_or_else(|| super::failure::damaged(format!("account {account} has no head")))
    }
}
