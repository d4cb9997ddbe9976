//! A person, whose words stand in profiles, notes, executions, reasons and names of many accounts.
//!
//! Numbers stay. Every account that is touched gets another salt: with the old one, a name that is gone could be guessed
//! and tried against the hashes that stay.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use super::Erased;
use super::words::Edit;
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::redaction::Person;
use crate::store::heads::id_list;
use crate::store::ledger::{Table, forbid_rewriting, permit_rewriting};
use crate::store::purge::Leaving;
use crate::store::transaction::WriteTransaction;
use crate::store::verify::erased::{other_hashes, seals};

impl WriteTransaction<'_> {
    /// Takes a person's words out of every row of this customer.
    ///
    /// # Errors
    /// Anything that the database says.
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
        let before = self.hashes_of(&accounts, &others)?;
        let names: Vec<&str> =
            Table::ALL.into_iter().map(|table| table.shape().name).chain(["changes"]).collect();
        names.iter().try_for_each(|name| permit_rewriting(&self.sql, name))?;
        self.apply(&edits)?;
        self.rename_heads(person, &accounts)?;
        self.rotate_salts(&accounts)?;
        self.rehash_contents(&accounts)?;
        let after = self.hashes_of(&accounts, &others)?;
        self.leave_hashes(&before, &after)?;
        self.redact_actors(&actors)?;
        names.iter().try_for_each(|name| forbid_rewriting(&self.sql, name))?;
        Ok(erased)
    }

    fn apply(&mut self, edits: &[Edit]) -> Result<()> {
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
    fn redact_actors(&mut self, actors: &[(i64, String)]) -> Result<()> {
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
