//! Accounts: who there is, and which one a person means.

use super::Reader;
use super::retracted::standing;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, EventId, SnapshotId};
use crate::model::names::name_key;
use crate::model::time::Timestamp;
use crate::store::heads::{AccountHead, HEAD_COLUMN_COUNT, HEAD_COLUMNS, id_list};
use crate::store::names::leading;

/// An account, with the newest of what is kept of it.
#[derive(Debug, Clone)]
pub struct AccountRecord {
    /// Its head.
    pub head: AccountHead,
    /// When it was first mentioned.
    pub created_at: Timestamp,
    /// Its newest snapshot that is not retracted.
    pub snapshot: Option<SnapshotId>,
    /// Its newest event.
    pub event: Option<EventId>,
}

/// Which of the ways to name an account were meant.
#[derive(Debug, Clone, Copy)]
struct Ways {
    external_id: bool,
    name: bool,
    own_id: bool,
}

impl Reader<'_> {
    /// The account that a person names: by external id (exactly), by name or alias, and by our id.
    ///
    /// Two different hits are refused; `ext:11`, `name:11`, `id:11` settle it.
    ///
    /// # Errors
    /// `UnknownAccount` with near names, `AmbiguousAccount` with the candidates.
    pub fn find_account(&self, customer: CustomerId, text: &str) -> Result<AccountId> {
        match self.match_account(customer, text)? {
            Some(account) => Ok(account),
            None => Err(self.unknown_account(customer, text)?),
        }
    }

    /// As [`Reader::find_account`], but None where there is no such account.
    ///
    /// # Errors
    /// `AmbiguousAccount` with the candidates.
    pub fn match_account(&self, customer: CustomerId, text: &str) -> Result<Option<AccountId>> {
        let (ways, text) = match text.split_once(':') {
            Some(("ext", rest)) => (Ways { external_id: true, name: false, own_id: false }, rest),
            Some(("name", rest)) => (Ways { external_id: false, name: true, own_id: false }, rest),
            Some(("id", rest)) => (Ways { external_id: false, name: false, own_id: true }, rest),
            _ => (Ways { external_id: true, name: true, own_id: true }, text),
        };
        let hits = self.hits(customer, ways, text)?;
        match hits.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            several => {
                let candidates = self.describe(customer, several)?;
                Err(Error::new(
                    ErrorKind::AmbiguousAccount,
                    format!("'{text}' leads to several accounts: {}", candidates.join("; ")),
                )
                .with_hint("say which: ext:ID, id:NUMBER or name:NAME"))
            }
        }
    }

    /// The account that a person means by one that is to be merged: those that were merged are found as themselves.
    ///
    /// # Errors
    /// As [`Reader::find_account`].
    pub fn find_account_itself(&self, customer: CustomerId, text: &str) -> Result<AccountId> {
        let (way, given) = text.split_once(':').unwrap_or(("", text));
        let by_id = match way {
            "name" | "id" => None,
            "ext" => self.own_holder(customer, given.trim())?,
            _ => self.own_holder(customer, text.trim())?,
        };
        let name = if way == "name" { given } else { text };
        let bearers = self.own_bearers(customer, name)?.into_iter();
        let mut own = leading(bearers.map(|bearer| (bearer.claim, bearer.account)).collect());
        own.extend(by_id);
        own.sort_unstable();
        own.dedup();
        match own.as_slice() {
            [only] if self.merged_into(*only)?.is_some() => Ok(*only),
            // An id that the other account took over leads to the merged one, where that one bore it.
            [only] => {
                match self.merged_holder(customer, if way == "ext" { given } else { text }.trim(), *only)? {
                    Some(merged) if by_id == Some(*only) => Ok(merged),
                    _ => self.find_account(customer, text),
                }
            }
            _ => self.find_account(customer, text),
        }
    }

    fn hits(&self, customer: CustomerId, ways: Ways, text: &str) -> Result<Vec<AccountId>> {
        let mut hits = Vec::new();
        let mut add = |account: AccountId| {
            if !hits.contains(&account) {
                hits.push(account);
            }
        };
        let trimmed = text.trim();
        if ways.external_id {
            self.account_of_external_id(customer, trimmed)?.into_iter().for_each(&mut add);
        }
        if ways.name {
            let bearers = self.leading_bearers(customer, text)?.into_iter();
            bearers.map(|bearer| bearer.account).for_each(&mut add);
        }
        if ways.own_id
            && let Ok(number) = trimmed.parse::<i64>()
        {
            let own = self.own(customer, AccountId::new(number))?;
            // `id:23` is the account itself, whose own history can be looked at; a bare 23 whoever answers for it.
            let answers = if ways.name { own.map(|own| self.answering_for(own)).transpose()? } else { own };
            answers.into_iter().for_each(&mut add);
        }
        Ok(hits)
    }

    pub(super) fn own(&self, customer: CustomerId, account: AccountId) -> Result<Option<AccountId>> {
        let mut statement =
            self.sql().prepare_cached("SELECT 1 FROM accounts WHERE id = ?1 AND customer_id = ?2")?;
        Ok(statement.exists((account.get(), customer.get()))?.then_some(account))
    }

    fn describe(&self, customer: CustomerId, accounts: &[AccountId]) -> Result<Vec<String>> {
        let records = self.load_accounts(customer, accounts)?;
        Ok(records
            .iter()
            .map(|record| {
                let head = &record.head;
                let external = head.external_id.as_ref().map(|id| format!(", ext:{id}")).unwrap_or_default();
                format!("{} (id:{}{external})", head.name, head.id)
            })
            .collect())
    }

    fn unknown_account(&self, customer: CustomerId, text: &str) -> Result<Error> {
        let name = self.customer_name(customer)?;
        let error =
            Error::new(ErrorKind::UnknownAccount, format!("customer '{name}' has no account '{text}'"));
        let wanted = name_key(text);
        let mut near: Vec<(f64, String)> = self
            .list_accounts(customer)?
            .into_iter()
            .map(|record| (strsim::jaro_winkler(&wanted, &name_key(&record.head.name)), record.head.name))
            .filter(|(likeness, _)| *likeness > 0.8)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near: Vec<String> = near.into_iter().take(3).map(|(_, name)| format!("'{name}'")).collect();
        Ok(match near.is_empty() {
            true => error.with_hint("`acctsnap accounts list` shows the accounts that there are"),
            false => error.with_hint(format!("did you mean {}?", near.join(" or "))),
        })
    }

    /// Every account of a customer, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_accounts(&self, customer: CustomerId) -> Result<Vec<AccountRecord>> {
        self.account_records(
            "FROM accounts a JOIN account_heads h ON h.account_id = a.id JOIN changes g ON g.id = a.change_id \
             WHERE a.customer_id = ?1 AND ?2 IS NULL ORDER BY a.id",
            customer,
            None,
        )
    }

    /// These accounts of a customer, by id; others' are passed over.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_accounts(&self, customer: CustomerId, accounts: &[AccountId]) -> Result<Vec<AccountRecord>> {
        // CROSS JOIN keeps the list outermost: SQLite would run through it once for each of the customer's accounts.
        self.account_records(
            "FROM json_each(?2) j CROSS JOIN accounts a ON a.id = j.value AND a.customer_id = ?1 \
             JOIN account_heads h ON h.account_id = a.id JOIN changes g ON g.id = a.change_id ORDER BY a.id",
            customer,
            Some(id_list(accounts.iter().map(|id| id.get()))),
        )
    }

    fn account_records(
        &self,
        from: &str,
        customer: CustomerId,
        ids: Option<String>,
    ) -> Result<Vec<AccountRecord>> {
        let mut statement =
            self.sql().prepare_cached(&format!("SELECT {HEAD_COLUMNS}, g.recorded_at {from}"))?;
        let mut records: Vec<AccountRecord> = statement
            .query_map((customer.get(), ids), |row| {
                let head = AccountHead::from_row(row)?;
                Ok(AccountRecord {
                    snapshot: head.snapshot,
                    event: head.event,
                    head,
                    created_at: Timestamp::from_millis(row.get(HEAD_COLUMN_COUNT)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        let newest: Vec<SnapshotId> = records.iter().filter_map(|record| record.snapshot).collect();
        let standing = standing(self.sql(), &newest)?;
        for record in &mut records {
            let passed_over = record.snapshot.and_then(|snapshot| standing.get(&snapshot));
            record.snapshot = passed_over.map_or(record.snapshot, |standing| *standing);
        }
        Ok(records)
    }
}
