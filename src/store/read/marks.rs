//! Tags and pins as they stand.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Reader;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::tag::Tag;
use crate::model::time::Timestamp;
use crate::store::heads::id_list;
use crate::store::marks::TAG_HOLDS;

/// A tag, and what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRecord {
    /// Its name, as it was written last.
    pub name: String,
    /// How many accounts have a snapshot of that name.
    pub accounts: u64,
    /// When the oldest of the snapshots was taken.
    pub oldest: Timestamp,
    /// When the newest was.
    pub newest: Timestamp,
}

/// The marks of a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Whether it is pinned.
    pub is_pinned: bool,
}

impl Reader<'_> {
    /// The marks of those of these snapshots that have any.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn marks(&self, snapshots: &[SnapshotId]) -> Result<FxHashMap<SnapshotId, Marks>> {
        let mut marks: FxHashMap<SnapshotId, Marks> = FxHashMap::default();
        let list = id_list(snapshots.iter().map(|id| id.get()));
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT t.snapshot_id, t.name FROM json_each(?1) j CROSS JOIN tags t ON t.snapshot_id = j.value \
             WHERE {TAG_HOLDS} ORDER BY t.name"
        ))?;
        let mut rows = statement.query([&list])?;
        while let Some(row) = rows.next()? {
            marks.entry(SnapshotId::new(row.get(0)?)).or_default().tags.push(row.get(1)?);
        }
        let mut statement = self.sql().prepare_cached(
            "SELECT p.snapshot_id FROM json_each(?1) j CROSS JOIN pins p ON p.snapshot_id = j.value WHERE p.pinned = 1 \
             AND NOT EXISTS (SELECT 1 FROM pins n WHERE n.snapshot_id = p.snapshot_id AND n.id > p.id)",
        )?;
        let mut rows = statement.query([&list])?;
        while let Some(row) = rows.next()? {
            marks.entry(SnapshotId::new(row.get(0)?)).or_default().is_pinned = true;
        }
        Ok(marks)
    }

    /// The snapshots of a customer that a tag names, by account; only of `accounts` where these are given.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn tagged(
        &self,
        customer: CustomerId,
        tag: &Tag,
        accounts: Option<&FxHashSet<AccountId>>,
    ) -> Result<FxHashMap<AccountId, SnapshotId>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT t.account_id, t.snapshot_id FROM tags t JOIN accounts a ON a.id = t.account_id \
             WHERE t.name_key = ?2 AND a.customer_id = ?1 AND {TAG_HOLDS}"
        ))?;
        let mut rows = statement.query((customer.get(), tag.key()))?;
        let mut tagged = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let account = AccountId::new(row.get(0)?);
            if accounts.is_none_or(|accounts| accounts.contains(&account)) {
                tagged.insert(account, SnapshotId::new(row.get(1)?));
            }
        }
        Ok(tagged)
    }

    /// A customer's tags, by name.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_tags(&self, customer: CustomerId) -> Result<Vec<TagRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT l.name, n.accounts, n.oldest, n.newest FROM ( \
               SELECT max(t.id) AS id, count(*) AS accounts, min(g.recorded_at) AS oldest, \
                      max(g.recorded_at) AS newest FROM tags t \
               JOIN accounts a ON a.id = t.account_id JOIN snapshots s ON s.id = t.snapshot_id \
               JOIN changes g ON g.id = s.change_id WHERE a.customer_id = ?1 AND {TAG_HOLDS} GROUP BY t.name_key) n \
             JOIN tags l ON l.id = n.id ORDER BY l.name_key"
        ))?;
        let mut rows = statement.query([customer.get()])?;
        let mut tags = Vec::new();
        while let Some(row) = rows.next()? {
            tags.push(TagRecord {
                name: row.get(0)?,
                accounts: row.get(1)?,
                oldest: Timestamp::from_millis(row.get(2)?),
                newest: Timestamp::from_millis(row.get(3)?),
            });
        }
        Ok(tags)
    }
}
