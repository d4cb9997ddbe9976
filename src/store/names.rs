//! The names by which accounts are found: what each is, and which of an account's claims to a name is the strongest.
//!
//! Nothing is ever taken from the table of names; a name that moves has a newer row.

use rusqlite::types::ValueRef;

use super::append::value::{int, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::AccountId;

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A name, today's or an earlier one.
    Name,
    /// An alias.
    Alias,
    /// An external id.
    ExternalId,
}

impl NameKind {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Name => 1,
            Self::Alias => 2,
            Self::ExternalId => 3,
        }
    }

    pub(super) const fn from_number(number: i64) -> Self {
        match number {
            2 => Self::Alias,
            3 => Self::ExternalId,
            _ => Self::Name,
        }
    }
}

/// By what right a name leads to an account, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameClaim {
    /// It is the account's name today.
    Present,
    /// It is an alias of the account.
    Alias,
    /// It was the account's name once.
    Former,
}

impl NameClaim {
    pub(super) const fn of(is_present: bool, is_alias: bool) -> Self {
        match (is_present, is_alias) {
            (true, _) => Self::Present,
            (false, true) => Self::Alias,
            (false, false) => Self::Former,
        }
    }
}

/// Those to whom a name leads: of all who have a claim to it, those with the strongest.
pub(super) fn leading<T>(claims: Vec<(NameClaim, T)>) -> Vec<T> {
    let strongest = claims.iter().map(|(claim, _)| *claim).min();
    claims.into_iter().filter(|(claim, _)| Some(*claim) == strongest).map(|(_, bearer)| bearer).collect()
}

impl WriteTransaction<'_> {
    /// Appends a name; `key` is the one by which it is found: the id itself, or the name's key.
    pub(super) fn append_account_name(
        &mut self,
        account: AccountId,
        kind: NameKind,
        name: &str,
        key: &str,
    ) -> Result<()> {
        let (id, salt) = (self.next_id("account_name")?, self.salts.next()?);
        let (customer, change) = (self.customer.id.get(), self.change().get());
        let row = [
            int(id),
            int(account.get()),
            int(customer),
            int(change),
            int(kind.number()),
            text(name),
            text(key),
            ValueRef::Blob(&salt),
        ];
        self.appender(Table::AccountNames)?.append(None, &row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_strongest_claim_and_to_all_of_it() {
        use NameClaim::{Alias, Former, Present};
        assert_eq!(leading(vec![(Former, 1), (Present, 2), (Alias, 3)]), [2]);
        assert_eq!(leading(vec![(Former, 1), (Alias, 2)]), [2]);
        assert_eq!(leading(vec![(Present, 1), (Former, 2), (Present, 3)]), [1, 3]);
        assert_eq!(leading::<i64>(Vec::new()), [0_i64; 0]);
    }

    #[test]
    fn kinds_are_kept_as_numbers() {
        for kind in [NameKind::Name, NameKind::Alias, NameKind::ExternalId] {
            assert_eq!(NameKind::from_number(kind.number()), kind);
        }
    }
}
