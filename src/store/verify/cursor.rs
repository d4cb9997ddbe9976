//! One table of the ledger, read once, in the order of its ids: which is the order of the changes that wrote it.
//!
//! A row whose change cannot be right (before its neighbours', or after) is told and passed over, so that it does not
//! hold up the rows behind it.

use rusqlite::{Connection, Rows, Statement};

use super::cells::{LedgerRow, cells};
use super::finding::{Finding, FindingKind, Findings};
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::store::ledger::SHAPES;

/// A table of the ledger, on the way through it.
pub(super) struct Cursor<'s> {
    table: usize,
    rows: Option<Rows<'s>>,
    next: Option<LedgerRow>,
    after: Option<LedgerRow>,
    last_id: i64,
}

/// A statement for each table of the ledger.
pub(super) fn statements(sql: &Connection) -> Result<Vec<Statement<'_>>> {
    let all = SHAPES.iter().map(|shape| {
        Ok(sql.prepare(&format!(
            "SELECT {} FROM main.{} ORDER BY id",
            shape.columns.join(", "),
            shape.name
        ))?)
    });
    all.collect()
}

impl<'s> Cursor<'s> {
    pub(super) fn new(
        table: usize,
        statement: &'s mut Statement<'_>,
        findings: &mut Findings,
    ) -> Result<Self> {
        let rows = Some(statement.query([])?);
        let mut cursor = Self { table, rows, next: None, after: None, last_id: 0 };
        cursor.after = cursor.fetch(findings)?;
        cursor.advance(findings)?;
        Ok(cursor)
    }

    fn name(&self) -> &'static str {
        SHAPES.get(self.table).map_or("", |shape| shape.name)
    }

    /// The next row of the file; None where there is none, or where it cannot be read.
    fn fetch(&mut self, findings: &mut Findings) -> Result<Option<LedgerRow>> {
        let columns = SHAPES.get(self.table).map_or(0, |shape| shape.columns.len());
        let Some(rows) = &mut self.rows else { return Ok(None) };
        let read = rows.next().and_then(|row| row.map(|row| cells(row, columns)).transpose());
        match read {
            Ok(Some(cells)) => Ok(Some(LedgerRow { table: self.table, cells })),
            Ok(None) => Ok(None),
            Err(error) => {
                self.rows = None;
                super::told_or_fatal(
                    error.into(),
                    &format!("the table {} cannot be read on", self.name()),
                    findings,
                )?;
                Ok(None)
            }
        }
    }

    fn advance(&mut self, findings: &mut Findings) -> Result<()> {
        self.next = self.after.take();
        self.after = self.fetch(findings)?;
        Ok(())
    }

    /// The table's next row of a change, if it has one more.
    pub(super) fn of_change(&mut self, change: i64, findings: &mut Findings) -> Result<Option<LedgerRow>> {
        while let Some(next) = &self.next {
            let wrote = next.change();
            let follower = self.after.as_ref().map_or(i64::MAX, LedgerRow::change);
            let is_misplaced = wrote < change || wrote > follower.max(change);
            if !is_misplaced {
                return match wrote == change {
                    true => self.take(findings),
                    false => Ok(None),
                };
            }
            if let Some(row) = self.take(findings)? {
                findings.add(misplaced(&row));
            }
        }
        Ok(None)
    }

    /// What is left when every change has been seen: rows of changes that do not exist.
    pub(super) fn leftover(&mut self, findings: &mut Findings) -> Result<()> {
        while let Some(row) = self.take(findings)? {
            findings.add(misplaced(&row));
        }
        Ok(())
    }

    fn take(&mut self, findings: &mut Findings) -> Result<Option<LedgerRow>> {
        let Some(row) = self.next.take() else { return Ok(None) };
        self.advance(findings)?;
        self.last_id = row.id();
        Ok(Some(row))
    }

    /// The greatest id that was seen.
    pub(super) fn last_id(&self) -> i64 {
        self.last_id
    }
}

fn misplaced(row: &LedgerRow) -> Finding {
    let what =
        format!("belongs to change {}, which does not exist or is not the one that wrote it", row.change());
    let finding = Finding::new(FindingKind::Row, what).at(row.shape().name, Some(row.id()));
    match row.account() {
        Some(account) => finding.of_account(AccountId::new(account)),
        None => finding,
    }
}
