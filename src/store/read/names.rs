//! Names of accounts: what each leads to, and whether an account is put aside.

use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::names::name_key;
use crate::model::time::Timestamp;
use crate::store::heads::{AccountHead, id_list};
use crate::store::merges::LEADS_TO;
use crate::store::names::{NameClaim, NameKind, leading};

/// A name, alias or external id that was given to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName {
    /// What it is.
    pub kind: NameKind,
    /// As it was given.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// An account that has a claim to a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameBearer {
    /// Our id.
    pub account: AccountId,
    /// Its name today.
    pub account_name: String,
    /// Its external id today.
    pub external_id: Option<String>,
    /// By what right it bears the name.
    pub claim: NameClaim,
}

/// When, and why, an account was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archiving {
    /// When.
    pub since: Timestamp,
    /// Why, where somebody said so.
    pub reason: Option<String>,
}

impl Reader<'_> {
    /// What accounts are called.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn account_names(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, String>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT h.account_id, h.name FROM json_each(?1) j CROSS JOIN account_heads h ON h.account_id = j.value",
        )?;
        let names = statement
            .query_map([id_list(accounts.iter().map(|id| id.get()))], |row| {
                Ok((AccountId::new(row.get(0)?), row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Every name, alias and external id that was ever given to an account, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_account_names(&self, customer: CustomerId, account: AccountId) -> Result<Vec<AccountName>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT n.kind, n.name, g.recorded_at FROM account_names n JOIN changes g ON g.id = n.change_id \
             WHERE n.customer_id = ?1 AND n.account_id = ?2 ORDER BY n.id",
        )?;
        let names = statement
            .query_map((customer.get(), account.get()), |row| {
                Ok(AccountName {
                    kind: NameKind::from_number(row.get(0)?),
                    name: row.get(1)?,
                    since: Timestamp::from_millis(row.get(2)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Every account that has a claim to a name, by id; the names of one that was merged are aliases of the other.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn name_bearers(&self, customer: CustomerId, name: &str) -> Result<Vec<NameBearer>> {
        self.bearers(customer, name, LEADS_TO)
    }

    /// As [`Reader::name_bearers`], but merged accounts bear their names themselves.
    pub(super) fn own_bearers(&self, customer: CustomerId, name: &str) -> Result<Vec<NameBearer>> {
        self.bearers(customer, name, "n.account_id")
    }

    /// `bearer`: the account that bears a name of the row `n`.
    fn bearers(&self, customer: CustomerId, name: &str, bearer: &str) -> Result<Vec<NameBearer>> {
        let key = name_key(name);
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT h.account_id, h.name, h.external_id, max(n.kind = 2 OR h.account_id <> n.account_id) \
             FROM account_names n JOIN account_heads h ON h.account_id = {bearer} \
             WHERE n.customer_id = ?1 AND n.name_key = ?2 AND n.kind <> 3 GROUP BY h.account_id ORDER BY h.account_id"
        ))?;
        let bearers = statement
            .query_map((customer.get(), &key), |row| {
                let account_name: String = row.get(1)?;
                Ok(NameBearer {
                    account: AccountId::new(row.get(0)?),
                    claim: NameClaim::of(name_key(&account_name) == key, row.get(3)?),
                    account_name,
                    external_id: row.get(2)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(bearers)
    }

    /// The accounts to which a name leads, by id: of those that have a claim to it, the ones with the strongest.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn leading_bearers(&self, customer: CustomerId, name: &str) -> Result<Vec<NameBearer>> {
        let bearers = self.name_bearers(customer, name)?.into_iter();
        Ok(leading(bearers.map(|bearer| (bearer.claim, bearer)).collect()))
    }

    /// The account to which an external id leads: the one that took it last.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn account_of_external_id(
        &self,
        customer: CustomerId,
        external_id: &str,
    ) -> Result<Option<AccountId>> {
        self.holder(customer, external_id, LEADS_TO)
    }

    /// As [`Reader::account_of_external_id`], but merged accounts bear their ids themselves.
    pub(super) fn own_holder(&self, customer: CustomerId, external_id: &str) -> Result<Option<AccountId>> {
        self.holder(customer, external_id, "n.account_id")
    }

    /// The account that bore an external id and was merged into `into`; the last one of several.
    pub(super) fn merged_holder(
        &self,
        customer: CustomerId,
        external_id: &str,
        into: AccountId,
    ) -> Result<Option<AccountId>> {
        let merged = self.merged_from(into)?;
        let account = self
            .sql()
            .prepare_cached(
                "SELECT n.account_id FROM account_names n WHERE n.customer_id = ?1 AND n.name_key = ?2 AND n.kind = 3 \
                 AND n.account_id IN (SELECT value FROM json_each(?3)) ORDER BY n.id DESC LIMIT 1",
            )?
            .query_one((customer.get(), external_id, id_list(merged.iter().map(|id| id.get()))), |row| {
                row.get(0).map(AccountId::new)
            })
            .optional()?;
        Ok(account)
    }

    fn holder(&self, customer: CustomerId, external_id: &str, bearer: &str) -> Result<Option<AccountId>> {
        let account = self
            .sql()
            .prepare_cached(&format!(
                "SELECT {bearer} FROM account_names n WHERE n.customer_id = ?1 AND n.name_key = ?2 AND n.kind = 3 \
                 ORDER BY n.id DESC LIMIT 1"
            ))?
            .query_one((customer.get(), external_id), |row| row.get(0).map(AccountId::new))
            .optional()?;
        Ok(account)
    }

    /// When and why an account was put aside; None where it is not.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn archiving(&self, head: &AccountHead) -> Result<Option<Archiving>> {
        if !head.archived {
            return Ok(None);
        }
        let archiving = self
            .sql()
            .prepare_cached(
                "SELECT g.recorded_at, r.reason FROM account_archivings r JOIN changes g ON g.id = r.change_id \
                 WHERE r.account_id = ?1 ORDER BY r.id DESC LIMIT 1",
            )?
            .query_one([head.id.get()], |row| {
                Ok(Archiving { since: Timestamp::from_millis(row.get(0)?), reason: row.get(1)? })
            })
            .optional()?;
        Ok(archiving)
    }
}
