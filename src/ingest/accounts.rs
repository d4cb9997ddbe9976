//! The accounts that a file names, each kept once: a name compared by its key, an id exactly.
//! It never decides which known account is meant: that is looked up later.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use super::columns::Field;
use super::convention::is_excel_number;
use super::fault::Fault;
use super::intern::{RawCache, is_same};
use super::text::clean_name;
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::names::name_key;
use crate::model::value::ValueReader;

/// The accounts named so far.
pub(super) struct Accounts<'a, F> {
    /// The account that every row is of, where the caller has said so.
    given: Option<&'a GivenAccount>,
    mentions: Vec<AccountMention>,
    numbers: HashMap<String, u32>,
    cache: RawCache<u32>,
    /// The cells of the row before, and their account: rows of one account mostly follow each other.
    last: Option<(String, String, u32)>,
    /// Which cells name no account, though they hold a word: `N/A`, the token that empties a cell.
    missing: Option<&'a ValueReader>,
    clear_token: Option<&'a str>,
    /// Whose fields its faults name.
    fields: PhantomData<F>,
}

impl<'a, F: Field> Accounts<'a, F> {
    pub(super) fn new(given: Option<&'a GivenAccount>) -> Self {
        let mentions = given.into_iter().map(|given| given.mention.clone()).collect();
        let (numbers, cache) = (HashMap::new(), RawCache::default());
        let (missing, clear_token) = (None, None);
        Self { given, mentions, numbers, cache, last: None, missing, clear_token, fields: PhantomData }
    }

    /// Takes words for no value, by the customer's tokens, for empty cells: no two companies are both `N/A`.
    pub(super) fn without_missing(mut self, values: &'a ValueReader) -> Self {
        self.missing = Some(values);
        self
    }

    /// Takes the token that empties a cell for an empty cell.
    pub(super) fn without_token(mut self, clear_token: Option<&'a str>) -> Self {
        self.clear_token = clear_token;
        self
    }

    fn says_nothing(&self, text: &str) -> bool {
        self.clear_token.is_some_and(|token| token.trim() == text)
            || self.missing.is_some_and(|values| values.is_missing(text))
    }

    /// The number of the account that a row's cells name.
    pub(super) fn find(&mut self, name: &str, external_id: &str) -> Result<u32, Fault<F>> {
        if let Some((last_name, last_id, number)) = &self.last
            && is_same(last_name.as_bytes(), name.as_bytes())
            && is_same(last_id.as_bytes(), external_id.as_bytes())
        {
            return Ok(*number);
        }
        let raw = [name.as_bytes(), external_id.as_bytes()];
        let number = match self.cache.find(raw) {
            Some(number) => number,
            None => {
                let number = self.find_slowly(name, external_id)?;
                self.cache.remember(raw, number);
                number
            }
        };
        let (last_name, last_id, last_number) = self.last.get_or_insert_default();
        name.clone_into(last_name);
        external_id.clone_into(last_id);
        *last_number = number;
        Ok(number)
    }

    fn find_slowly(&mut self, name: &str, external_id: &str) -> Result<u32, Fault<F>> {
        let name = clean_name(name).map_err(|fault| Fault::of_name(F::ACCOUNT, fault))?;
        let id = clean_name(external_id).map_err(|fault| Fault::of_name(F::EXTERNAL_ID, fault))?;
        let [name, id] =
            [name, id].map(|text| if self.says_nothing(&text) { Cow::Borrowed("") } else { text });
        if is_excel_number(&id) {
            let expected = "expected an id, found what Excel shows of a long number";
            return Err(Fault::of(F::EXTERNAL_ID, "excel_number", expected)
                .with_hint("format the column as text, and export it again from where the ids come from"));
        }
        match self.given {
            Some(given) => check_given(given, &name, &id).map(|()| 0),
            None => self.number_of(&name, &id),
        }
    }

    /// The accounts in order of their numbers.
    pub(super) fn into_mentions(self) -> Vec<AccountMention> {
        self.mentions
    }

    fn number_of(&mut self, name: &str, id: &str) -> Result<u32, Fault<F>> {
        if name.is_empty() && id.is_empty() {
            return Err(Fault::of(F::ACCOUNT, "missing_account", "expected an account, found an empty cell")
                .with_hint("fill the cell, or name the account of the whole file with --account"));
        }
        // No name has a control character, so the key is unambiguous.
        let key = format!("{}\0{id}", name_key(name));
        let next = u32::try_from(self.mentions.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.mentions.push(AccountMention { name: present(name), external_id: present(id) });
        }
        Ok(number)
    }
}

fn present(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a row of a file for one given account may be its: ids decide where both have one, else names; what led to
/// the account before leads to it still.
fn check_given<F: Field>(given: &GivenAccount, name: &str, id: &str) -> Result<(), Fault<F>> {
    let GivenAccount { mention, other_names, other_ids } = given;
    let is_id = |known: &String| known == id || other_ids.iter().any(|other| other == id);
    let key = name_key(name);
    let is_name =
        |known: &String| name_key(known) == key || other_names.iter().any(|other| name_key(other) == key);
    let (field, same) = match (&mention.external_id, &mention.name) {
        (Some(known), _) if !id.is_empty() => (F::EXTERNAL_ID, is_id(known)),
        (_, Some(known)) if !name.is_empty() => (F::ACCOUNT, is_name(known)),
        _ if id.is_empty() => (F::ACCOUNT, name.is_empty()),
        _ => (F::EXTERNAL_ID, false),
    };
    if same {
        return Ok(());
    }
    Err(Fault::of(field, "other_account", "expected the account given with --account, found another")
        .with_hint("take the row out, or leave --account out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::KpiField;

    fn mention(name: &str, id: &str) -> AccountMention {
        AccountMention { name: present(name), external_id: present(id) }
    }

    #[test]
    fn an_account_is_named_once_however_it_is_written() {
        let mut accounts = Accounts::<KpiField>::new(None);
        assert_eq!(accounts.find("Acme", ""), Ok(0));
        assert_eq!(accounts.find(" ACME ", " "), Ok(0));
        assert_eq!(accounts.find("Acme", "00123"), Ok(1));
        assert_eq!(accounts.find("Acme", "123"), Ok(2));
        assert_eq!(accounts.find("", "123"), Ok(3));
        assert_eq!(accounts.find("Acme", ""), Ok(0));
        assert_eq!(
            accounts.into_mentions(),
            [mention("Acme", ""), mention("Acme", "00123"), mention("Acme", "123"), mention("", "123")]
        );
    }

    #[test]
    fn rows_without_a_usable_account_say_why() {
        let mut accounts = Accounts::<KpiField>::new(None);
        assert_eq!(accounts.find(" ", "").unwrap_err().code, "missing_account");
        assert_eq!(accounts.find("a\u{1b}", "").unwrap_err().code, "control_character");
        assert_eq!(accounts.find("Acme", "1.23457E+11").unwrap_err().code, "excel_number");
        assert!(accounts.find("Acme", "8E467").is_ok());
        let fault = accounts.find("Acme", &"9".repeat(501)).unwrap_err();
        assert_eq!((fault.code, fault.field), ("too_long", Some(KpiField::ExternalId)));
    }

    #[test]
    fn a_given_account_takes_its_own_rows_and_unnamed_ones() {
        let given = GivenAccount {
            mention: mention("Acme Corp", "11"),
            other_names: vec!["Acme Inc.".to_owned()],
            other_ids: vec!["7".to_owned()],
        };
        for (name, id, own) in [
            ("", "", true),
            ("acme  corp", "", true),
            ("", "11", true),
            ("Acme Corporation", "11", true),
            ("ACME inc.", "", true),
            ("Whoever", "7", true),
            ("Beta", "", false),
            ("Acme Corp", "12", false),
        ] {
            assert_eq!(
                Accounts::<KpiField>::new(Some(&given)).find(name, id).is_ok(),
                own,
                "{name:?} {id:?}"
            );
        }
        let named = GivenAccount::from(mention("Acme Corp", ""));
        assert_eq!(Accounts::<KpiField>::new(Some(&named)).find("Acme Corp", "12"), Ok(0));
        assert_eq!(Accounts::<KpiField>::new(Some(&named)).find("", "12").unwrap_err().code, "other_account");
    }
}
