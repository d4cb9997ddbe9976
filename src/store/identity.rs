//! Which account a row means: by external id first, then by name or alias, always within the customer.
//!
//! Our own ids are never tried here. Mentions with an id are settled before those without, and of those the ones
//! with a name first, so the order of a file's rows makes no difference.

use rusqlite::types::ValueRef;

use super::append::value::int;
use super::heads::AccountHead;
use super::identity_known::{Known, Meaning, News, in_order};
use super::ledger::Table;
use super::names::NameKind;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::kpi::batch::AccountMention;
use crate::model::names::name_key;

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
    /// An account that was known by its id alone took the file's name.
    Named {
        /// The name that it took.
        name: String,
        /// Its external id.
        external_id: String,
    },
    /// An account was named by its id, in the place of a name.
    NamedById {
        /// The account's name.
        name: String,
        /// Its external id.
        external_id: String,
    },
    /// The id of a mention is one account's, the name beside it another's, which has an id too: the id was followed.
    NameOfAnother {
        /// The place of the mention.
        mention: usize,
        /// The name of the account that the id leads to.
        by_id: String,
        /// The external id of the account whose name it is.
        other_id: String,
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
        self.save_account_heads()?;
        let mut known = Known::load(&self.sql, self.customer.id, mentions)?;
        self.load_heads(&known.accounts())?;
        let mut resolutions = vec![Resolution::Refused(Refusal::Unknown); mentions.len()];
        let mut notes = Vec::new();
        for place in in_order(mentions) {
            let (Some(mention), Some(resolution)) = (mentions.get(place), resolutions.get_mut(place)) else {
                continue;
            };
            if known.lacks_similar(mention, creation) {
                known.add_similar(self.names_before()?);
            }
            *resolution = match known.meaning(mention, creation) {
                Ok(Meaning::Account { account, news }) => {
                    notes.extend(note(place, mention, account, news, &known));
                    self.learn(account, mention, news, &mut known)?;
                    Resolution::Known(account)
                }
                Ok(Meaning::New { is_namesake }) => {
                    notes.extend(is_namesake.then(|| namesake(mention)));
                    Resolution::Created(self.create_account(mention, &mut known)?)
                }
                Err(refusal) => Resolution::Refused(refusal),
            };
        }
        Ok((resolutions, notes))
    }

    fn create_account(&mut self, mention: &AccountMention, known: &mut Known) -> Result<AccountId> {
        let external_id = mention.external_id.as_deref();
        let name = mention.name.as_deref().or(external_id).unwrap_or_default();
        let account = AccountId::new(self.next_id("account")?);
        let (salt, customer, change) = (self.salts.next()?, self.customer.id.get(), self.change().get());
        self.appender(Table::Accounts)?
            .append(None, &[int(account.get()), int(customer), int(change), ValueRef::Blob(&salt)])?;
        self.append_account_name(account, NameKind::Name, name, &name_key(name))?;
        if let Some(id) = external_id {
            self.append_account_name(account, NameKind::ExternalId, id, id)?;
        }
        known.add(account, name, external_id);
        self.insert_head(AccountHead::new(account, name, external_id, salt));
        Ok(account)
    }

    /// Writes down what a mention told of an account.
    fn learn(
        &mut self,
        account: AccountId,
        mention: &AccountMention,
        news: News,
        known: &mut Known,
    ) -> Result<()> {
        if let (Some(id), News::Id | News::IdAndName) = (&mention.external_id, news) {
            self.append_account_name(account, NameKind::ExternalId, id, id)?;
            if let Some(head) = self.head_mut(account) {
                head.external_id = Some(id.clone());
            }
        }
        if let (Some(name), News::Name | News::IdAndName) = (&mention.name, news) {
            self.append_account_name(account, NameKind::Name, name, &name_key(name))?;
            if let Some(head) = self.head_mut(account) {
                head.name.clone_from(name);
            }
        }
        known.learn(account, mention, news);
        Ok(())
    }

    /// Every name and alias that the customer had before this transaction; read only where a name is new.
    fn names_before(&self) -> Result<Vec<String>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT n.name FROM account_names n WHERE n.customer_id = ?1 AND n.kind <> 3 AND n.change_id <> ?2",
        )?;
        let names = statement
            .query_map((self.customer.id.get(), self.change().get()), |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(names)
    }
}

fn namesake(mention: &AccountMention) -> IdentityNote {
    IdentityNote::NamesakeCreated {
        name: mention.name.clone().unwrap_or_default(),
        external_id: mention.external_id.clone().unwrap_or_default(),
    }
}

/// What is worth saying of a mention that means an account; `known` is what was known before it.
fn note(
    place: usize,
    mention: &AccountMention,
    account: AccountId,
    news: News,
    known: &Known,
) -> Option<IdentityNote> {
    let called = known.called(account)?;
    let name = mention.name.clone().unwrap_or_default();
    let external_id = mention.external_id.clone().unwrap_or_default();
    match news {
        News::Nothing => None,
        News::Id => Some(IdentityNote::Adopted { name, external_id }),
        News::Name | News::IdAndName => Some(IdentityNote::Named { name, external_id }),
        News::IsNamedById => Some(IdentityNote::NamedById { name: called.name.clone(), external_id: name }),
        News::NameOfAnother(other) => Some(IdentityNote::NameOfAnother {
            mention: place,
            by_id: called.name.clone(),
            other_id: known.called(other)?.external_id.clone()?,
        }),
    }
}
