//! The file of erasures: a line of JSON each, by which `restore` repeats them on a backup of before.
//!
//! A person stands in it by name, for nothing else finds them again: it belongs apart from the database, and is its
//! owner's alone. An account or a customer stands in it by number, and by the digest of the change that made it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Context;
use super::erase::person;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId};
use crate::store::{Holdings, Store, WhichCustomer, WriteTransaction};

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Erasure {
    /// A person of a customer.
    Person {
        /// Our id of the customer.
        customer_id: i64,
        /// The digest of the customer's first change.
        origin: String,
        /// Every name and address.
        names: Vec<String>,
    },
    /// An account.
    Account {
        /// Our id of the customer.
        customer_id: i64,
        /// The digest of the change that made the account.
        origin: String,
        /// Our id.
        account_id: i64,
    },
    /// A customer.
    Customer {
        /// Our id.
        customer_id: i64,
        /// The digest of the customer's first change.
        origin: String,
    },
}

impl Erasure {
    pub(super) fn person(transaction: &WriteTransaction<'_>, names: &[String]) -> Result<Self> {
        let customer = transaction.customer();
        let origin = transaction.reader().origin_of_customer(customer)?.unwrap_or_default();
        Ok(Self::Person { customer_id: customer.get(), origin, names: names.to_vec() })
    }

    pub(super) fn account(transaction: &WriteTransaction<'_>, account: AccountId) -> Result<Self> {
        let customer = transaction.customer();
        let origin = transaction.reader().origin_of_account(customer, account)?.unwrap_or_default();
        Ok(Self::Account { customer_id: customer.get(), origin, account_id: account.get() })
    }

    pub(super) fn of_customer(transaction: &WriteTransaction<'_>) -> Result<Self> {
        let customer = transaction.customer();
        let origin = transaction.reader().origin_of_customer(customer)?.unwrap_or_default();
        Ok(Self::Customer { customer_id: customer.get(), origin })
    }

    /// The account that goes.
    pub(super) fn account_id(&self) -> Option<AccountId> {
        match self {
            Self::Account { account_id, .. } => Some(AccountId::new(*account_id)),
            Self::Person { .. } | Self::Customer { .. } => None,
        }
    }

    /// The customer that goes.
    pub(super) fn customer_id(&self) -> Option<CustomerId> {
        match self {
            Self::Customer { customer_id, .. } => Some(CustomerId::new(*customer_id)),
            Self::Person { .. } | Self::Account { .. } => None,
        }
    }

    fn customer(&self) -> CustomerId {
        match self {
            Self::Person { customer_id, .. }
            | Self::Account { customer_id, .. }
            | Self::Customer { customer_id, .. } => CustomerId::new(*customer_id),
        }
    }

    /// Does it again; false where the database has nothing of it, or another one under that number.
    fn repeat(&self, context: &Context<'_>, store: &mut Store) -> Result<bool> {
        let reader = store.reader()?;
        let (found, origin) = match self {
            Self::Person { origin, .. } | Self::Customer { origin, .. } => {
                (reader.origin_of_customer(self.customer())?, origin)
            }
            Self::Account { origin, account_id, .. } => {
                (reader.origin_of_account(self.customer(), AccountId::new(*account_id))?, origin)
            }
        };
        drop(reader);
        if found.as_ref() != Some(origin) {
            return Ok(false);
        }
        let mut transaction = context.begin(store, WhichCustomer::Id(self.customer()), "erase")?;
        let erased = match self {
            Self::Person { names, .. } => transaction.erase_person(&person(names)?)?,
            Self::Account { account_id, .. } => transaction.erase_account(AccountId::new(*account_id))?,
            Self::Customer { .. } => transaction.erase_customer()?,
        };
        let is_changed = !erased.rows.is_empty();
        if is_changed {
            context.conclude(transaction)?;
        }
        Ok(is_changed)
    }
}

/// Adds an erasure to a file, which is made where it is not there.
///
/// # Errors
/// What the operating system said.
pub(super) fn append(file: &Path, erasure: &Erasure) -> Result<()> {
    let line = serde_json::to_string(erasure)
        .map_err(|error| Error::new(ErrorKind::Failed, "the erasure has no JSON").with_cause(error))?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| {
        opened.write_all(format!("{line}\n").as_bytes())?;
        opened.sync_all()
    });
    written.map_err(|error| Error::io(file, "write", error))
}

/// Reads a file of erasures.
///
/// # Errors
/// `FileNotFound` and its like; `InputRefused` with the line that is none.
pub(super) fn read(file: &Path) -> Result<Vec<Erasure>> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::io(file, "read", error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let erasures = lines.map(|(place, line)| {
        serde_json::from_str(line).map_err(|error| {
            let what = format!("{}:{}: expected an erasure as JSON, got {error}", file.display(), place + 1);
            Error::new(ErrorKind::InputRefused, what)
                .with_hint("name a file that `acctsnap erase --erasures` wrote")
        })
    });
    erasures.collect()
}

/// Does erasures again on the database that was restored; how many had something to erase, and what is left.
///
/// # Errors
/// As [`super::erase::erase`].
pub(super) fn repeat(context: &Context<'_>, erasures: &[Erasure]) -> Result<(u64, Holdings)> {
    let mut store = context.open_to_write()?;
    store.prepare_to_erase()?;
    let mut repeated = 0;
    for erasure in erasures {
        repeated += u64::from(erasure.repeat(context, &mut store)?);
    }
    store.scrub()?;
    Ok((repeated, store.holdings()?))
}
