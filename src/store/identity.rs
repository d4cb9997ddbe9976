//! Which account a row means: by external id first, then by name or alias, always within the customer.
//!
//! Our own ids are never tried here. Mentions with an id are settled before those without, so the order of a
//! file's rows makes no difference.

use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::append::value::int;
use super::heads::AccountHead;
use super::ledger::Table;
use super::names::{NameClaim, NameKind, leading};
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::kpi::batch::AccountMention;
use crate::model::names::{name_key, similar_key};

/// What a mention led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// An account that was there.
    Known(AccountId),
    /// An account that this transaction made.
    Created(AccountId),
    /// No account: why not.
    Refused(Refusal),
}

impl Resolution {
    /// The account, where there is one.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Known(id) | Self::Created(id) => Some(*id),
            Self::Refused(_) => None,
        }
    }
}

/// Why a mention leads to no account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there and must not be made.
    Unknown,
    /// Several accounts bear the name.
    Ambiguous,
    /// The name differs from a known one only in punctuation or legal form.
    Similar {
        /// The known name.
        known: String,
    },
    /// The id names one account, the name another one that has no id.
    Conflict {
        /// The account that the id names.
        by_id: String,
    },
}

/// What was found out on the way and is worth saying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityNote {
    /// An account without an id took the file's.
    Adopted {
        /// The account's name.
        name: String,
        /// The id that it took.
        external_id: String,
    },
    /// A known name under another id became an account of its own.
    NamesakeCreated {
        /// The name that both bear.
        name: String,
        /// The new account's id.
        external_id: String,
    },
}

/// Whether accounts may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// They may not.
    Never,
    /// They may, unless the name looks like a known one.
    Distinct,
    /// They may.
    Always,
}

/// The names of the customer that matter for a file.
#[derive(Default)]
struct Known {
    /// Whoever has a claim to a name, and whether it is an alias of theirs.
    by_name: FxHashMap<String, Vec<(AccountId, bool)>>,
    by_external_id: FxHashMap<String, AccountId>,
    by_similar: FxHashMap<String, String>,
}

impl Known {
    fn add_name(&mut self, key: String, account: AccountId, is_alias: bool) {
        let bearers = self.by_name.entry(key).or_default();
        match bearers.iter_mut().find(|(bearer, _)| *bearer == account) {
            Some((_, alias)) => *alias |= is_alias,
            None => bearers.push((account, is_alias)),
        }
    }

    fn accounts(&self) -> Vec<AccountId> {
        let bearers = self.by_name.values().flatten().map(|(account, _)| *account);
        bearers.chain(self.by_external_id.values().copied()).collect()
    }
}

impl WriteTransaction<'_> {
    /// Finds, and where allowed makes, the accounts that a file mentions; one resolution a mention, in its order.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn resolve_accounts(
        &mut self,
        mentions: &[AccountMention],
        creation: Creation,
    ) -> Result<(Vec<Resolution>, Vec<IdentityNote>)> {
        let mut known = self.load_known(mentions)?;
        self.load_heads(&known.accounts())?;
        let mut resolutions = vec![Resolution::Refused(Refusal::Unknown); mentions.len()];
        let mut notes = Vec::new();
        let mut similar_loaded = creation != Creation::Distinct;
        for with_id in [true, false] {
            let places = mentions.iter().zip(resolutions.iter_mut());
            for (mention, resolution) in places.filter(|(m, _)| m.external_id.is_some() == with_id) {
                let found = match &mention.external_id {
                    Some(id) => {
                        self.by_external_id(id, mention.name.as_deref(), &mut known, creation, &mut notes)?
                    }
                    None => {
                        let name = mention.name.as_deref().unwrap_or_default();
                        if !similar_loaded && !known.by_name.contains_key(&name_key(name)) {
                            known.by_similar = self.load_similar()?;
                            similar_loaded = true;
                        }
                        self.by_name(name, &mut known, creation)?
                    }
                };
                *resolution = found;
            }
        }
        Ok((resolutions, notes))
    }

    fn by_external_id(
        &mut self,
        id: &str,
        name: Option<&str>,
        known: &mut Known,
        creation: Creation,
        notes: &mut Vec<IdentityNote>,
    ) -> Result<Resolution> {
        let namesakes = name.map(|name| self.leads_to(&name_key(name), known)).unwrap_or_default();
        let without_id = namesakes
            .iter()
            .copied()
            .find(|account| self.heads.get(account).is_some_and(|head| head.external_id.is_none()));
        match (known.by_external_id.get(id).copied(), without_id) {
            (Some(account), Some(other)) if account != other => {
                let by_id = self.heads.get(&account).map(|head| head.name.clone()).unwrap_or_default();
                Ok(Resolution::Refused(Refusal::Conflict { by_id }))
            }
            (Some(account), _) => Ok(Resolution::Known(account)),
            (None, Some(account)) => {
                self.adopt(account, id, known)?;
                notes.push(IdentityNote::Adopted {
                    name: name.unwrap_or_default().to_owned(),
                    external_id: id.to_owned(),
                });
                Ok(Resolution::Known(account))
            }
            // Sources without names put names where others put ids; where nothing may be made, that can be tried.
            (None, None) if creation == Creation::Never => match name {
                None => self.by_name(id, known, creation),
                Some(_) => Ok(Resolution::Refused(Refusal::Unknown)),
            },
            (None, None) => {
                if !namesakes.is_empty() {
                    notes.push(IdentityNote::NamesakeCreated {
                        name: name.unwrap_or_default().to_owned(),
                        external_id: id.to_owned(),
                    });
                }
                Ok(Resolution::Created(self.create_account(name.unwrap_or(id), Some(id), known)?))
            }
        }
    }

    fn by_name(&mut self, name: &str, known: &mut Known, creation: Creation) -> Result<Resolution> {
        let key = name_key(name);
        match self.leads_to(&key, known).as_slice() {
            [account] => return Ok(Resolution::Known(*account)),
            [] => {}
            _ => return Ok(Resolution::Refused(Refusal::Ambiguous)),
        }
        match creation {
            Creation::Never => Ok(Resolution::Refused(Refusal::Unknown)),
            Creation::Distinct | Creation::Always => {
                let similar = known.by_similar.get(&similar_key(name)).cloned();
                match similar.filter(|_| creation == Creation::Distinct) {
                    Some(known) => Ok(Resolution::Refused(Refusal::Similar { known })),
                    None => Ok(Resolution::Created(self.create_account(name, None, known)?)),
                }
            }
        }
    }

    /// The accounts to which a name leads: an old name that another account bears today leads to that one.
    fn leads_to(&self, key: &str, known: &Known) -> Vec<AccountId> {
        let bearers = known.by_name.get(key).map_or(&[][..], Vec::as_slice);
        if let [(only, _)] = bearers {
            return vec![*only];
        }
        let claim = |(account, is_alias): &(AccountId, bool)| {
            let is_present = self.heads.get(account).is_some_and(|head| name_key(&head.name) == key);
            (NameClaim::of(is_present, *is_alias), *account)
        };
        leading(bearers.iter().map(claim).collect())
    }

    fn create_account(
        &mut self,
        name: &str,
        external_id: Option<&str>,
        known: &mut Known,
    ) -> Result<AccountId> {
        let account = AccountId::new(self.next_id("account")?);
        let (salt, customer, change) = (self.salts.next()?, self.customer.id.get(), self.change().get());
        self.appender(Table::Accounts)?
            .append(None, &[int(account.get()), int(customer), int(change), ValueRef::Blob(&salt)])?;
        let key = name_key(name);
        self.append_account_name(account, NameKind::Name, name, &key)?;
        known.add_name(key, account, false);
        if let Some(id) = external_id {
            self.append_account_name(account, NameKind::ExternalId, id, id)?;
            known.by_external_id.insert(id.to_owned(), account);
        }
        self.insert_head(AccountHead::new(account, name, external_id, salt));
        Ok(account)
    }

    fn adopt(&mut self, account: AccountId, id: &str, known: &mut Known) -> Result<()> {
        self.append_account_name(account, NameKind::ExternalId, id, id)?;
        known.by_external_id.insert(id.to_owned(), account);
        if let Some(head) = self.head_mut(account) {
            head.external_id = Some(id.to_owned());
        }
        Ok(())
    }

    fn load_known(&self, mentions: &[AccountMention]) -> Result<Known> {
        let keys: Vec<String> = mentions
            .iter()
            .flat_map(|mention| {
                let named = mention.name.as_ref().or(mention.external_id.as_ref());
                [named.map(|name| name_key(name)), mention.external_id.clone()]
            })
            .flatten()
            .collect();
        let keys = serde_json::to_string(&keys).unwrap_or_default();
        let mut statement = self.sql.prepare_cached(
            "SELECT n.kind, n.name_key, n.account_id FROM json_each(?1) j CROSS JOIN account_names n \
             ON n.customer_id = ?2 AND n.name_key = j.value ORDER BY n.id",
        )?;
        let mut rows = statement.query((keys, self.customer.id.get()))?;
        let mut known = Known::default();
        while let Some(row) = rows.next()? {
            let (kind, key, account): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let account = AccountId::new(account);
            match NameKind::from_number(kind) {
                NameKind::ExternalId => drop(known.by_external_id.insert(key, account)),
                kind => known.add_name(key, account, kind == NameKind::Alias),
            }
        }
        Ok(known)
    }

    /// Every name and alias of the customer under its look-alike key; read only where a name is new.
    fn load_similar(&self) -> Result<FxHashMap<String, String>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT n.name FROM account_names n WHERE n.customer_id = ?1 AND n.kind <> 3 AND n.change_id <> ?2",
        )?;
        let names = statement
            .query_map((self.customer.id.get(), self.change().get()), |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(names.into_iter().map(|name| (similar_key(&name), name)).collect())
    }
}
