//! The way through the ledger: every change in order, with every row that it wrote, each read once.
//!
//! The digest of each change is computed from its rows and compared; then the change is handed on to whoever folds the
//! rows into what was known.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::cells::{Cell, LedgerRow, cells};
use super::cursor::{Cursor, statements};
use super::finding::{Finding, FindingKind, Findings};
use super::removed::RemovedRows;
use crate::error::Result;
use crate::model::canonical::hex;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::time::Timestamp;
use crate::store::ledger::{Ledger, SHAPES, Shape, Table, row_hash};
use crate::store::salt::Salt;

/// A change of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) id: i64,
    pub(super) customer: i64,
    pub(super) previous: Option<i64>,
    pub(super) recorded_at: Timestamp,
    /// The columns that enter its digest.
    cells: Vec<Cell>,
    pub(super) digest: Vec<u8>,
}

/// The columns of a change; the digest, which is of the others, stands last.
const COLUMNS: &str =
    "id, customer_id, previous_id, recorded_at, recorded_text, command, actor, program, salt, digest";

impl Change {
    fn new(mut cells: Vec<Cell>) -> Self {
        let digest = cells.pop();
        let int = |place: usize| match cells.get(place) {
            Some(Cell::Integer(number)) => Some(*number),
            _ => None,
        };
        Self {
            id: int(0).unwrap_or(0),
            customer: int(1).unwrap_or(0),
            previous: int(2),
            recorded_at: Timestamp::from_millis(int(3).unwrap_or(0)),
            digest: if let Some(Cell::Blob(digest)) = digest { digest } else { Vec::new() },
            cells,
        }
    }

    fn finding(&self, kind: FindingKind, what: impl Into<String>) -> Finding {
        Finding::new(kind, what).of_customer(CustomerId::new(self.customer)).at("changes", Some(self.id))
    }
}

/// The last change of a customer that was seen.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub(super) id: i64,
    pub(super) recorded_at: Timestamp,
    /// As it stands, and as it was computed: where they differ, the next change may go on from either.
    pub(super) digest: Vec<u8>,
    computed: Vec<u8>,
}

/// What is remembered from change to change.
pub(super) struct Walk<'s> {
    removed: RemovedRows<'s>,
    salts: FxHashMap<i64, Salt>,
    /// Each customer's last change.
    pub(super) last: FxHashMap<i64, Last>,
    last_change: i64,
    pub(super) changes: u64,
    pub(super) rows: u64,
    /// The changes whose seals are wanted; each is filled in as the walk comes by.
    pub(super) seals: FxHashMap<i64, [u8; 32]>,
    buffer: Vec<u8>,
}

impl<'s> Walk<'s> {
    pub(super) fn new(sql: &'s Connection) -> Result<Self> {
        Ok(Self {
            removed: RemovedRows::new(sql)?,
            salts: FxHashMap::default(),
            last: FxHashMap::default(),
            last_change: 0,
            changes: 0,
            rows: 0,
            seals: FxHashMap::default(),
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Goes through all changes; `visit` is handed each with its rows, in the order of the tables and ids.
    pub(super) fn run(
        &mut self,
        sql: &Connection,
        findings: &mut Findings,
        mut visit: impl FnMut(&Change, &[LedgerRow], Option<&Last>, &mut Findings) -> Result<()>,
    ) -> Result<Vec<i64>> {
        let mut statements = statements(sql)?;
        let mut cursors = statements
            .iter_mut()
            .enumerate()
            .map(|(table, statement)| Cursor::new(table, statement, findings))
            .collect::<Result<Vec<_>>>()?;
        let mut changes = sql.prepare(&format!("SELECT {COLUMNS} FROM main.changes ORDER BY id"))?;
        let columns = changes.column_count();
        let mut changes = changes.query([])?;
        while let Some(row) = changes.next()? {
            let change = Change::new(cells(row, columns)?);
            let rows = self.rows_of(&change, &mut cursors, findings)?;
            let before = self.last.get(&change.customer).cloned();
            self.check_order(&change, before.as_ref(), findings);
            self.check_digest(&change, &rows, before.as_ref(), findings)?;
            visit(&change, &rows, before.as_ref(), findings)?;
            self.changes += 1;
            self.rows += rows.len() as u64;
        }
        let mut last_ids = Vec::with_capacity(cursors.len() + 1);
        for (cursor, shape) in cursors.iter_mut().zip(&SHAPES) {
            cursor.leftover(findings)?;
            last_ids.push(self.check_end(shape, cursor.last_id(), findings)?);
        }
        last_ids.push(self.last_change);
        Ok(last_ids)
    }

    /// The last id that a table gave: of the rows behind the last one that is there, every one was removed on purpose.
    fn check_end(&self, shape: &Shape, last: i64, findings: &mut Findings) -> Result<i64> {
        let end = self.removed.last(shape.tag)?.max(last);
        let missing = end.saturating_sub(last);
        if missing > 0 && self.removed.gone(shape.tag, last.saturating_add(1), end)? != missing {
            let what = format!("of the rows after {last} some are missing");
            findings.add(Finding::new(FindingKind::Row, what).at(shape.name, Some(last)));
        }
        Ok(end)
    }

    fn rows_of(
        &mut self,
        change: &Change,
        cursors: &mut [Cursor<'_>],
        findings: &mut Findings,
    ) -> Result<Vec<LedgerRow>> {
        let mut rows = Vec::new();
        for cursor in cursors {
            let mut last = cursor.last_id();
            while let Some(row) = cursor.of_change(change.id, findings)? {
                self.check_gap(&row, last, change, findings)?;
                last = row.id();
                rows.push(row);
            }
        }
        for row in rows.iter().filter(|row| row.table == Table::Accounts as usize) {
            let salt = row.blob("salt").and_then(|salt| Salt::try_from(salt).ok());
            self.salts.insert(row.id(), salt.unwrap_or_default());
        }
        Ok(rows)
    }

    /// Ids run without a gap, but for rows that were removed on purpose.
    fn check_gap(&self, row: &LedgerRow, last: i64, change: &Change, findings: &mut Findings) -> Result<()> {
        let (first, end) = (last.saturating_add(1), row.id().saturating_sub(1));
        let missing = end.saturating_sub(first).saturating_add(1);
        if missing > 0 && self.removed.gone(row.shape().tag, first, end)? != missing {
            let what = if missing == 1 {
                format!("row {first} is missing")
            } else {
                format!("rows {first} to {end} are missing")
            };
            let finding = Finding::new(FindingKind::Row, what).at(row.shape().name, Some(first));
            findings.add(finding.of_customer(CustomerId::new(change.customer)));
        }
        Ok(())
    }

    fn check_order(&mut self, change: &Change, before: Option<&Last>, findings: &mut Findings) {
        if change.id != self.last_change.saturating_add(1) {
            let what =
                format!("changes {} to {} are missing", self.last_change + 1, change.id.saturating_sub(1));
            findings.add(Finding::new(FindingKind::Row, what).at("changes", Some(change.id)));
        }
        self.last_change = change.id;
        let expected = before.map(|before| before.id);
        if change.previous != expected {
            let said = |id: Option<i64>| id.map_or("none".to_owned(), |id| id.to_string());
            let finding =
                change.finding(FindingKind::Link, "names another change as the customer's one before");
            findings.add(finding.differs(&said(expected), &said(change.previous)));
        }
        if let Some(before) = before.filter(|before| before.recorded_at > change.recorded_at) {
            let finding =
                change.finding(FindingKind::Link, "was recorded before the customer's change before it");
            findings.add(finding.differs(&format!("{} or later", before.recorded_at), &change.recorded_at));
        }
        if change.cells.get(4) != Some(&Cell::text(&change.recorded_at.to_string())) {
            let found = change.cells.get(4).map(ToString::to_string).unwrap_or_default();
            let finding = change.finding(FindingKind::Row, "tells its instant in other words");
            findings.add(finding.differs(&change.recorded_at, &found));
        }
    }

    fn check_digest(
        &mut self,
        change: &Change,
        rows: &[LedgerRow],
        before: Option<&Last>,
        findings: &mut Findings,
    ) -> Result<()> {
        let ledger = self.ledger_of(change, rows, findings)?;
        let columns: Vec<ValueRef<'_>> = change.cells.iter().map(Cell::as_ref).collect();
        let stored = before.map_or(&[][..], |before| &before.digest);
        if let Some(seal) = self.seals.get_mut(&change.id) {
            *seal = ledger.clone().digest(&change.digest, &columns);
        }
        let mut computed = ledger.clone().digest(stored, &columns);
        // Words of the change itself were erased: its digest stands, and its seal holds it, them and its rows together.
        let seal = self.removed.seal(change.id)?;
        if seal.is_some_and(|seal| seal[..] == ledger.clone().digest(&change.digest, &columns)) {
            computed = change.digest.as_slice().try_into().unwrap_or(computed);
        }
        if let Some(before) =
            before.filter(|before| computed[..] != change.digest && before.computed != before.digest)
        {
            computed = ledger.digest(&before.computed, &columns);
        }
        if computed[..] != change.digest {
            let account = only_account(rows);
            let what = format!("what it recorded is not what is there now ({})", tables_of(rows));
            let finding = change.finding(FindingKind::Digest, what);
            let finding = finding.differs(&hex(&change.digest), &hex(&computed));
            findings.add(match account {
                Some(account) => finding.of_account(AccountId::new(account)),
                None => finding,
            });
        }
        let last = Last {
            id: change.id,
            recorded_at: change.recorded_at,
            digest: change.digest.clone(),
            computed: computed.to_vec(),
        };
        self.last.insert(change.customer, last);
        Ok(())
    }

    fn ledger_of(&mut self, change: &Change, rows: &[LedgerRow], findings: &mut Findings) -> Result<Ledger> {
        let mut removed = self.removed.of_change(change.id)?;
        let mut hashes: Vec<(usize, i64, [u8; 32])> = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(table) = Table::ALL.get(row.table).copied() else { continue };
            let key = row.shape().keyed_by.map(|place| match row.cells.get(place) {
                Some(Cell::Integer(account)) => self.salts.get(account).copied().unwrap_or_default(),
                _ => Salt::default(),
            });
            let hash = row_hash(table, key.as_ref(), &row.values(), &mut self.buffer);
            let hash = match removed.remove(&(i64::from(row.shape().tag), row.id())) {
                None => hash,
                Some(taken) => {
                    if taken.redacted != Some(hash) {
                        let what = "was redacted or removed, and is not what was left of it then";
                        let finding =
                            change.finding(FindingKind::Row, what).at(row.shape().name, Some(row.id()));
                        findings.add(finding);
                    }
                    taken.hash
                }
            };
            hashes.push((row.table, row.id(), hash));
        }
        let place = |tag: i64| SHAPES.iter().position(|shape| i64::from(shape.tag) == tag);
        for ((tag, id), gone) in removed {
            hashes.extend(place(tag).map(|table| (table, id, gone.hash)));
        }
        hashes.sort_by_key(|(table, id, _)| (*table, *id));
        let mut ledger = Ledger::new();
        for (table, _, hash) in hashes {
            if let Some(table) = Table::ALL.get(table) {
                ledger.add_hash(*table, hash);
            }
        }
        Ok(ledger)
    }
}

/// The account of which all rows are that are any account's.
fn only_account(rows: &[LedgerRow]) -> Option<i64> {
    let mut accounts: Vec<i64> = rows.iter().filter_map(LedgerRow::account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    if let [only] = accounts.as_slice() { Some(*only) } else { None }
}

/// `2 rows in events, 1 in snapshots`
fn tables_of(rows: &[LedgerRow]) -> String {
    if rows.is_empty() {
        return "it has no rows".to_owned();
    }
    let of_table = rows.chunk_by(|a, b| a.table == b.table);
    let words = of_table.filter_map(|rows| Some(format!("{} in {}", rows.len(), rows.first()?.shape().name)));
    format!("rows: {}", words.collect::<Vec<_>>().join(", "))
}
