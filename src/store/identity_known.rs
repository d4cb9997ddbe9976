//! What is known of the accounts that a file mentions, and to which of them each mention leads.
//!
//! It never writes: what a mention changes is decided here and written by the transaction.

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::identity::{Creation, Refusal};
use super::merges::LEADS_TO;
use super::names::{NameClaim, NameKind, leading};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::kpi::batch::AccountMention;
use crate::model::names::{name_key, similar_key};

/// What a mention means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Meaning {
    /// An account that is known.
    Account { account: AccountId, news: News },
    /// An account to be made; `is_namesake` where one of its name is known.
    New { is_namesake: bool },
}

/// What a mention tells of the account that it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum News {
    /// Nothing new.
    Nothing,
    /// Its id, which was not known.
    Id,
    /// Its name, which was not known.
    Name,
    /// Both: it was known by its id, in the place of a name.
    IdAndName,
    /// It was named by its id in the place of a name.
    IsNamedById,
    /// The name beside its id is another account's.
    NameOfAnother(AccountId),
}

/// The names of the customer that matter for a file.
#[derive(Default)]
pub(in crate::store) struct Known {
    /// Whoever has a claim to a name, and whether it is an alias of theirs.
    by_name: FxHashMap<String, Vec<(AccountId, bool)>>,
    by_external_id: FxHashMap<String, AccountId>,
    /// What each account is called today.
    called: FxHashMap<AccountId, Called>,
    /// Every name of the customer under its look-alike key, once it was asked for.
    by_similar: Option<FxHashMap<String, String>>,
}

/// What an account is called today.
pub(in crate::store) struct Called {
    pub(in crate::store) name: String,
    pub(in crate::store) external_id: Option<String>,
}

impl Known {
    /// What is known of these mentions, by one statement.
    pub(in crate::store) fn load(
        sql: &Connection,
        customer: CustomerId,
        mentions: &[AccountMention],
    ) -> Result<Self> {
        let keys = serde_json::to_string(&keys(mentions)).unwrap_or_default();
        let mut statement = sql.prepare_cached(&format!(
            "SELECT n.kind, n.name_key, h.account_id, h.name, h.external_id, h.account_id <> n.account_id \
             FROM json_each(?1) j CROSS JOIN account_names n ON n.customer_id = ?2 AND n.name_key = j.value \
             JOIN account_heads h ON h.account_id = {LEADS_TO} ORDER BY n.id"
        ))?;
        let mut rows = statement.query((keys, customer.get()))?;
        let mut known = Self::default();
        while let Some(row) = rows.next()? {
            let (kind, key, account): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let account = AccountId::new(account);
            known.called.insert(account, Called { name: row.get(3)?, external_id: row.get(4)? });
            match NameKind::from_number(kind) {
                NameKind::ExternalId => drop(known.by_external_id.insert(key, account)),
                kind => {
                    let is_alias = kind == NameKind::Alias || row.get::<_, bool>(5)?;
                    known.add_name(key, account, is_alias);
                }
            }
        }
        Ok(known)
    }

    /// The accounts that some name or id of the file leads to.
    pub(in crate::store) fn accounts(&self) -> Vec<AccountId> {
        self.called.keys().copied().collect()
    }

    /// What an account is called today.
    pub(in crate::store) fn called(&self, account: AccountId) -> Option<&Called> {
        self.called.get(&account)
    }

    /// Whether the look-alikes of a mention are needed to say what it means.
    pub(in crate::store) fn lacks_similar(&self, mention: &AccountMention, creation: Creation) -> bool {
        let is_new = |name: &String| !self.by_name.contains_key(&name_key(name));
        self.by_similar.is_none()
            && creation == Creation::Distinct
            && mention.external_id.is_none()
            && mention.name.as_ref().is_some_and(is_new)
    }

    /// Takes in every name of the customer as it was before the file.
    pub(in crate::store) fn add_similar(&mut self, names: Vec<String>) {
        self.by_similar = Some(names.into_iter().map(|name| (similar_key(&name), name)).collect());
    }

    /// What a mention means.
    ///
    /// # Errors
    /// Why it leads to no account.
    pub(in crate::store) fn meaning(
        &self,
        mention: &AccountMention,
        creation: Creation,
    ) -> Result<Meaning, Refusal> {
        match (&mention.external_id, &mention.name) {
            (Some(id), Some(name)) => self.of_both(id, name, creation),
            (Some(id), None) => self.of_id(id, creation),
            (None, name) => self.of_name(name.as_deref().unwrap_or_default(), creation),
        }
    }

    fn of_both(&self, id: &str, name: &str, creation: Creation) -> Result<Meaning, Refusal> {
        let namesakes = self.leads_to(&name_key(name));
        let without_id = namesakes.iter().copied().find(|account| self.has_no_id(*account));
        if let Some(account) = self.by_external_id.get(id).copied() {
            if without_id.is_some_and(|other| other != account) {
                let by_id = self.called.get(&account).map(|called| called.name.clone()).unwrap_or_default();
                return Err(Refusal::Conflict { by_id });
            }
            let other = namesakes.first().filter(|_| !namesakes.contains(&account));
            let news = match other {
                Some(other) => News::NameOfAnother(*other),
                None if self.is_named_by_id(account, id, name) => News::Name,
                None => News::Nothing,
            };
            return Ok(Meaning::Account { account, news });
        }
        if let Some(account) = without_id {
            return Ok(Meaning::Account { account, news: News::Id });
        }
        // An account that a file named by its id alone, in the place of a name.
        let by_id = self.leads_to(&name_key(id)).into_iter().find(|account| self.has_no_id(*account));
        match (by_id, creation) {
            (Some(account), _) if namesakes.is_empty() => {
                Ok(Meaning::Account { account, news: News::IdAndName })
            }
            (_, Creation::Never) => Err(Refusal::Unknown),
            _ => Ok(Meaning::New { is_namesake: !namesakes.is_empty() }),
        }
    }

    /// Sources without names put names where others put ids: no account is made of a name that is known.
    fn of_id(&self, id: &str, creation: Creation) -> Result<Meaning, Refusal> {
        match self.by_external_id.get(id) {
            Some(account) => Ok(Meaning::Account { account: *account, news: News::Nothing }),
            None => match (self.leads_to(&name_key(id)).as_slice(), creation) {
                ([account], _) => Ok(Meaning::Account { account: *account, news: News::Nothing }),
                ([], Creation::Never) => Err(Refusal::Unknown),
                ([], _) => Ok(Meaning::New { is_namesake: false }),
                _ => Err(Refusal::Ambiguous),
            },
        }
    }

    fn of_name(&self, name: &str, creation: Creation) -> Result<Meaning, Refusal> {
        match self.leads_to(&name_key(name)).as_slice() {
            [account] => return Ok(Meaning::Account { account: *account, news: News::Nothing }),
            [] => {}
            _ => return Err(Refusal::Ambiguous),
        }
        if let Some(account) = self.by_external_id.get(name).copied() {
            return Ok(Meaning::Account { account, news: News::IsNamedById });
        }
        if creation == Creation::Never {
            return Err(Refusal::Unknown);
        }
        let similar = self.by_similar.as_ref().and_then(|names| names.get(&similar_key(name)));
        match similar.filter(|_| creation == Creation::Distinct) {
            Some(known) => Err(Refusal::Similar { known: known.clone() }),
            None => Ok(Meaning::New { is_namesake: false }),
        }
    }

    /// Takes in what a mention told of the account that it means.
    pub(in crate::store) fn learn(&mut self, account: AccountId, mention: &AccountMention, news: News) {
        let Some(called) = self.called.get_mut(&account) else { return };
        if let (Some(id), News::Id | News::IdAndName) = (&mention.external_id, news) {
            called.external_id = Some(id.clone());
            self.by_external_id.insert(id.clone(), account);
        }
        if let (Some(name), News::Name | News::IdAndName) = (&mention.name, news) {
            called.name.clone_from(name);
            self.add_name(name_key(name), account, false);
        }
    }

    /// Takes in an account that was made.
    pub(in crate::store) fn add(&mut self, account: AccountId, name: &str, external_id: Option<&str>) {
        let called = Called { name: name.to_owned(), external_id: external_id.map(str::to_owned) };
        self.called.insert(account, called);
        self.add_name(name_key(name), account, false);
        self.by_external_id.extend(external_id.map(|id| (id.to_owned(), account)));
    }

    fn add_name(&mut self, key: String, account: AccountId, is_alias: bool) {
        let bearers = self.by_name.entry(key).or_default();
        match bearers.iter_mut().find(|(bearer, _)| *bearer == account) {
            Some((_, alias)) => *alias |= is_alias,
            None => bearers.push((account, is_alias)),
        }
    }

    /// The accounts to which a name leads: an old name that another account bears today leads to that one.
    fn leads_to(&self, key: &str) -> Vec<AccountId> {
        let bearers = self.by_name.get(key).map_or(&[][..], Vec::as_slice);
        if let [(only, _)] = bearers {
            return vec![*only];
        }
        let claim = |(account, is_alias): &(AccountId, bool)| {
            let is_present = self.called.get(account).is_some_and(|called| name_key(&called.name) == key);
            (NameClaim::of(is_present, *is_alias), *account)
        };
        leading(bearers.iter().map(claim).collect())
    }

    fn has_no_id(&self, account: AccountId) -> bool {
        self.called.get(&account).is_some_and(|called| called.external_id.is_none())
    }

    /// Whether an account has no name yet but an id, and `name` is one.
    fn is_named_by_id(&self, account: AccountId, id: &str, name: &str) -> bool {
        self.called.get(&account).is_some_and(|called| {
            let is_id = called.name == id || Some(&called.name) == called.external_id.as_ref();
            is_id && name_key(&called.name) != name_key(name)
        })
    }
}

/// Every key by which a mention may be found: of a name, its key, and as an id the name itself; of an id the same.
fn keys(mentions: &[AccountMention]) -> Vec<String> {
    let mut keys = Vec::with_capacity(mentions.len().saturating_mul(2));
    for AccountMention { name, external_id } in mentions {
        for text in external_id.iter().chain(name.iter().filter(|_| external_id.is_none())) {
            let key = name_key(text);
            keys.extend((key != *text).then(|| text.clone()));
            keys.push(key);
        }
        keys.extend(name.as_ref().filter(|_| external_id.is_some()).map(|name| name_key(name)));
    }
    keys
}

/// The places of mentions in the order in which they are settled: those that say most first.
pub(in crate::store) fn in_order(mentions: &[AccountMention]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..mentions.len()).collect();
    places.sort_by_key(|place| {
        mentions.get(*place).map(|mention| (mention.external_id.is_none(), mention.name.is_none()))
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(name: &str, id: &str) -> AccountMention {
        let present = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        AccountMention { name: present(name), external_id: present(id) }
    }

    /// Acme (1, a-1), Beta (2) without an id, an account that is known by its id alone (3, c-3), one that is named
    /// by an id (4) and has none.
    fn known() -> Known {
        let mut known = Known::default();
        let accounts =
            [(1, "Acme", Some("a-1")), (2, "Beta", None), (3, "c-3", Some("c-3")), (4, "d-4", None)];
        for (account, name, id) in accounts {
            known.add(AccountId::new(account), name, id);
        }
        known
    }

    #[test]
    fn a_mention_means_what_its_id_says_then_its_name() {
        let account = |account, news| Ok(Meaning::Account { account: AccountId::new(account), news });
        let made = |is_namesake| Ok(Meaning::New { is_namesake });
        let conflict = Err(Refusal::Conflict { by_id: "Acme".to_owned() });
        for (name, id, meaning) in [
            ("ACME", "", account(1, News::Nothing)),
            ("", "a-1", account(1, News::Nothing)),
            ("Acme Global", "a-1", account(1, News::Nothing)),
            ("Beta", "a-1", conflict),
            ("Beta", "b-2", account(2, News::Id)),
            ("", "Beta", account(2, News::Nothing)),
            ("Gamma", "c-3", account(3, News::Name)),
            ("c-3", "c-3", account(3, News::Nothing)),
            ("Acme", "c-3", account(3, News::NameOfAnother(AccountId::new(1)))),
            ("a-1", "", account(1, News::IsNamedById)),
            ("A-1", "", made(false)),
            ("Delta", "d-4", account(4, News::IdAndName)),
            ("", "d-4", account(4, News::Nothing)),
            ("Acme", "x-9", made(true)),
            ("New", "n-1", made(false)),
            ("New", "", made(false)),
        ] {
            assert_eq!(known().meaning(&mention(name, id), Creation::Always), meaning, "{name:?} {id:?}");
        }
    }

    #[test]
    fn where_nothing_may_be_made_what_is_not_known_is_refused() {
        for (name, id) in [("New", "n-1"), ("New", ""), ("", "n-1"), ("Acme", "x-9")] {
            let meaning = known().meaning(&mention(name, id), Creation::Never);
            assert_eq!(meaning, Err(Refusal::Unknown), "{name:?} {id:?}");
        }
    }

    #[test]
    fn what_one_row_tells_the_next_ones_are_read_by() {
        let mut known = known();
        known.learn(AccountId::new(3), &mention("Gamma", "c-3"), News::Name);
        known.learn(AccountId::new(4), &mention("Delta", "d-4"), News::IdAndName);
        for (name, id, account) in [("gamma", "", 3), ("Gamma", "c-3", 3), ("Delta", "", 4), ("", "d-4", 4)] {
            let meaning = known.meaning(&mention(name, id), Creation::Always);
            let account = AccountId::new(account);
            assert_eq!(meaning, Ok(Meaning::Account { account, news: News::Nothing }), "{name:?} {id:?}");
        }
        assert_eq!(known.called(AccountId::new(3)).map(|called| called.name.as_str()), Some("Gamma"));
    }
}
