//! A person, whose words stand in profiles, notes, executions, reasons and names of many accounts.
//!
//! Numbers stay. Every account that is touched gets another salt: with the old one, a name that is gone could be guessed
//! and tried against the hashes that stay.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use super::Erased;
use super::words::Edit;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::model::redaction::Person;
use crate::store::heads::id_list;
use crate::store::ledger::{Table, forbid_rewriting, permit_rewriting};
use crate::store::purge::Leaving;
use crate::store::transaction::WriteTransaction;
use crate::store::verify::erased::{other_hashes, seals};

/// How many things of a customer have an id of their own.
struct Keys {
    executions: i64,
    notes: i64,
    columns: i64,
}

impl Keys {
    /// Two ids that differ in nothing but the names that are taken out would become one, and what one of them says would
    /// be lost: that is refused, as long as nothing is written.
    fn stay(&self, before: &Self) -> Result<()> {
        let pairs = [
            ("playbook executions", self.executions, before.executions),
            ("notes", self.notes, before.notes),
            ("columns of profiles", self.columns, before.columns),
        ];
        let Some((what, ..)) = pairs.into_iter().find(|(_, now, before)| now != before) else {
            return Ok(());
        };
        let message = format!(
            "ids of {what} differ in nothing but the name: without it two would be one, and a fact lost"
        );
        Err(Error::new(ErrorKind::InputRefused, message).with_hint(
            "nothing was written; `uploads undo` the file whose ids hold names, or `erase -a` the account",
        ))
    }
}

impl WriteTransaction<'_> {
    /// Takes a person's words out of every row of this customer.
    ///
    /// # Errors
    /// `InputRefused` where ids would become one; anything that the database says.
    pub fn erase_person(&mut self, person: &Person) -> Result<Erased> {
        let mut erased = Erased::default();
        let edits = self.find_words(person, &mut erased)?;
        let actors = self.find_actors(person)?;
        let accounts: Vec<i64> =
            edits.iter().filter_map(|edit| edit.account).collect::<BTreeSet<_>>().into_iter().collect();
        let others: Vec<(Table, i64)> =
            edits.iter().filter(|edit| edit.account.is_none()).map(|edit| (edit.table, edit.id)).collect();
        erased.accounts = accounts.len() as u64;
        edits.iter().for_each(|edit| erased.count(edit.table.shape().name));
        actors.iter().for_each(|_| erased.count("changes"));
        if erased.rows.is_empty() {
            return Ok(erased);
        }
        let (before, keys) = (self.hashes_of(&accounts, &others)?, self.keys()?);
        let names: Vec<&str> =
            Table::ALL.into_iter().map(|table| table.shape().name).chain(["changes"]).collect();
        names.iter().try_for_each(|name| permit_rewriting(&self.sql, name))?;
        self.apply(&edits)?;
        self.keys()?.stay(&keys)?;
        self.rename_heads(person, &accounts)?;
        self.rotate_salts(&accounts)?;
        self.rehash_contents(&accounts)?;
        let after = self.hashes_of(&accounts, &others)?;
        self.leave_hashes(&before, &after)?;
        self.redact_actors(&actors)?;
        names.iter().try_for_each(|name| forbid_rewriting(&self.sql, name))?;
        Ok(erased)
    }

    /// How many executions, notes and columns of profiles are told apart by texts in which a name may stand.
    fn keys(&self) -> Result<Keys> {
        let keys = self
            .sql
            .prepare_cached(include_str!("../sql/keys_of_customer.sql"))?
            .query_one([self.customer().get()], |row| {
                Ok(Keys { executions: row.get(0)?, notes: row.get(1)?, columns: row.get(2)? })
            })?;
        Ok(keys)
    }

    pub(super) fn apply(&mut self, edits: &[Edit]) -> Result<()> {
        for edit in edits {
            let mut names: Vec<&str> = edit.columns.iter().map(|(column, _)| *column).collect();
            let mut values: Vec<Value> =
                edit.columns.iter().map(|(_, text)| Value::Text(text.clone())).collect();
            if edit.is_salted {
                names.push("salt");
                values.push(Value::Blob(self.salts.next()?.to_vec()));
            }
            let set: Vec<String> =
                names.iter().enumerate().map(|(place, name)| format!("{name} = ?{}", place + 1)).collect();
            values.push(Value::Integer(edit.id));
            let sql = format!(
                "UPDATE {} SET {} WHERE id = ?{}",
                edit.table.shape().name,
                set.join(", "),
                values.len()
            );
            self.sql.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
        }
        Ok(())
    }

    /// The caches that bear names: the accounts' and the customer's own.
    fn rename_heads(&mut self, person: &Person, accounts: &[i64]) -> Result<()> {
        let accounts: Vec<AccountId> = accounts.iter().copied().map(AccountId::new).collect();
        self.load_heads(&accounts)?;
        for account in accounts {
            let Some(head) = self.head_mut(account) else { continue };
            if let Some(name) = person.redact(&head.name) {
                head.name = name;
            }
            head.external_id = head.external_id.take().map(|id| person.redact(&id).unwrap_or(id));
        }
        if let Some(name) = person.redact(&self.customer.name) {
            self.customer.name = name;
        }
        Ok(())
    }

    fn rotate_salts(&mut self, accounts: &[i64]) -> Result<()> {
        for account in accounts {
            let salt = self.salts.next()?;
            self.sql
                .prepare_cached("UPDATE accounts SET salt = ?1 WHERE id = ?2")?
                .execute((&salt[..], account))?;
            if let Some(head) = self.head_mut(AccountId::new(*account)) {
                head.salt = salt;
            }
        }
        Ok(())
    }

    /// A content's hash is of what is shown, which is without the words now.
    fn rehash_contents(&self, accounts: &[i64]) -> Result<()> {
        let mut statement = self.sql.prepare(
            "UPDATE snapshot_contents SET hash = ?1 WHERE id = ?2 \
             AND account_id IN (SELECT value FROM json_each(?3))",
        )?;
        let list = id_list(accounts.iter().copied());
        for (content, hash) in other_hashes(&self.sql)? {
            statement.execute((&hash[..], content, &list))?;
        }
        Ok(())
    }

    /// The words of a change enter its digest as they are: the digest stays, and a seal holds what there is from now on.
    pub(super) fn redact_actors(&mut self, actors: &[(i64, String)]) -> Result<()> {
        if actors.is_empty() {
            return Ok(());
        }
        for (change, actor) in actors {
            let salt = self.salts.next()?;
            self.sql.prepare_cached("UPDATE changes SET actor = ?1, salt = ?2 WHERE id = ?3")?.execute((
                actor,
                &salt[..],
                change,
            ))?;
        }
        let changes: Vec<i64> = actors.iter().map(|(change, _)| *change).collect();
        let sealed: FxHashMap<i64, [u8; 32]> = seals(&self.sql, &changes)?;
        for change in changes {
            let hash = sealed.get(&change).copied().unwrap_or_default();
            self.append_removed(0, &Leaving { row: change, change, hash, redacted: None })?;
        }
        Ok(())
    }
}
