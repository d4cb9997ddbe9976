//! The ledger: every fact, event, decision and snapshot is appended here, hashed, and bound into its change's digest.
//!
//! A change's digest is SHA-256 over the customer's previous digest, the change's own row, and for each table in
//! fixed order the digest of the hashes of the rows it appended. A row's hash is SHA-256 over the table's tag, the
//! salt of its account where the table is keyed by one, and its columns without trailing NULLs; so a column that a
//! later version adds leaves old hashes as they are. Nothing else may insert into these tables.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};
use sha2::{Digest, Sha256};

use super::salt::Salt;
use crate::error::Result;

/// The append-only tables, in the order in which they enter a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Customers,
    CustomerNames,
    Accounts,
    AccountNames,
    KpiDefinitions,
    ScoringConfigs,
    KpiSeries,
    Uploads,
    Sightings,
    Weightings,
    KpiChanges,
    Events,
    Decisions,
    SnapshotContents,
    Snapshots,
}

/// A table's name, tag, columns in order, and the place of the account whose salt keys its hashes.
pub(super) struct Shape {
    pub(super) name: &'static str,
    tag: u8,
    pub(super) columns: &'static [&'static str],
    pub(super) keyed_by: Option<usize>,
}

const SHAPES: [Shape; 15] = [
    Shape { name: "customers", tag: 1, columns: &["id", "change_id", "salt"], keyed_by: None },
    Shape {
        name: "customer_names",
        tag: 2,
        columns: &["id", "customer_id", "change_id", "name", "name_key", "salt"],
        keyed_by: None,
    },
    Shape { name: "accounts", tag: 3, columns: &["id", "customer_id", "change_id", "salt"], keyed_by: None },
    Shape {
        name: "account_names",
        tag: 4,
        columns: &["id", "account_id", "customer_id", "change_id", "kind", "name", "name_key", "salt"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_definitions",
        tag: 5,
        columns: &["id", "customer_id", "change_id", "kpi_key", "content"],
        keyed_by: None,
    },
    Shape {
        name: "scoring_configs",
        tag: 6,
        columns: &["id", "customer_id", "change_id", "hash", "content"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_series",
        tag: 7,
        columns: &[
            "id",
            "customer_id",
            "change_id",
            "kpi",
            "kpi_key",
            "product",
            "product_key",
            "unit",
            "category",
        ],
        keyed_by: None,
    },
    Shape {
        name: "uploads",
        tag: 8,
        columns: &[
            "id",
            "customer_id",
            "change_id",
            "previous_id",
            "kind",
            "file_name",
            "sha256",
            "bytes",
            "reading",
            "ingested_on",
            "rows_read",
            "rows_inserted",
            "rows_updated",
            "rows_unchanged",
            "rows_rejected",
            "accounts_touched",
            "accounts_created",
            "rows_from",
            "rows_to",
            "salt",
        ],
        keyed_by: None,
    },
    Shape {
        name: "sightings",
        tag: 9,
        columns: &["id", "upload_id", "change_id", "file_name", "salt"],
        keyed_by: None,
    },
    Shape {
        name: "weightings",
        tag: 10,
        columns: &["id", "customer_id", "change_id", "text_hash", "content"],
        keyed_by: None,
    },
    Shape {
        name: "kpi_changes",
        tag: 11,
        columns: &[
            "id",
            "account_id",
            "upload_id",
            "change_id",
            "previous_id",
            "observed_on",
            "dated",
            "named",
            "changed",
            "weighting_id",
        ],
        keyed_by: Some(1),
    },
    Shape {
        name: "events",
        tag: 12,
        columns: &[
            "id",
            "customer_id",
            "account_id",
            "change_id",
            "previous_id",
            "event_type",
            "upload_id",
            "outcome",
            "snapshot_id",
            "due_at",
            "action",
            "error",
        ],
        keyed_by: Some(2),
    },
    Shape {
        name: "decisions",
        tag: 13,
        columns: &[
            "id",
            "event_id",
            "customer_id",
            "account_id",
            "change_id",
            "outcome",
            "snapshot_id",
            "due_at",
            "error",
        ],
        keyed_by: Some(3),
    },
    Shape {
        name: "snapshot_contents",
        tag: 14,
        columns: &[
            "id",
            "account_id",
            "change_id",
            "version",
            "hash",
            "overall_score",
            "overall_band",
            "score_source",
            "product_usage",
            "support",
            "customer_sentiment",
            "business_outcomes",
            "relationship_strength",
            "account_level_kpis",
            "product_level_kpis",
            "critical_kpis",
            "at_risk_kpis",
            "healthy_kpis",
            "top_critical",
            "kpis_change_id",
            "kpi_change_row",
            "revenue_minor",
            "profile_id",
            "health_id",
            "playbooks",
            "notes",
        ],
        keyed_by: Some(1),
    },
    Shape {
        name: "snapshots",
        tag: 15,
        columns: &[
            "id",
            "account_id",
            "change_id",
            "content_id",
            "previous_id",
            "sequence",
            "snapshot_type",
            "trigger_event",
            "event_id",
            "run_start_id",
            "days_since_last",
            "significant",
            "trend",
            "score_change",
            "score_change_window",
            "revenue_change",
            "scoring_config_id",
            "kpis_upload_id",
            "trigger_action",
            "reason",
            "created_by",
            "salt",
            "recommendations",
            "completed_in_window",
        ],
        keyed_by: Some(1),
    },
];

impl Table {
    /// Every table of the ledger, in digest order.
    pub(super) const ALL: [Self; 15] = [
        Self::Customers,
        Self::CustomerNames,
        Self::Accounts,
        Self::AccountNames,
        Self::KpiDefinitions,
        Self::ScoringConfigs,
        Self::KpiSeries,
        Self::Uploads,
        Self::Sightings,
        Self::Weightings,
        Self::KpiChanges,
        Self::Events,
        Self::Decisions,
        Self::SnapshotContents,
        Self::Snapshots,
    ];

    pub(super) fn shape(self) -> &'static Shape {
        &SHAPES[self as usize]
    }

    /// The statement that appends a row; the text is made from our own table alone.
    pub(super) fn insert_sql(self) -> String {
        let shape = self.shape();
        let places: Vec<String> = (1..=shape.columns.len()).map(|place| format!("?{place}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", shape.name, shape.columns.join(", "), places.join(", "))
    }
}

/// What one transaction appended, on its way to a digest.
#[derive(Clone)]
pub(super) struct Ledger {
    tables: [Option<(Sha256, u64)>; 15],
    buffer: Vec<u8>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { tables: [const { None }; 15], buffer: Vec::with_capacity(4096) }
    }

    /// Whether nothing was appended.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.iter().all(Option::is_none)
    }

    /// Takes a row into the digest.
    pub(super) fn add(&mut self, table: Table, key: Option<&Salt>, row: &[ValueRef<'_>]) {
        let hash = row_hash(table, key, row, &mut self.buffer);
        let (digest, count) = self.tables[table as usize].get_or_insert_with(|| (Sha256::new(), 0));
        digest.update(hash);
        *count += 1;
    }

    /// The digest of the change: over the previous one, the change's own columns and all that was appended.
    pub(super) fn digest(self, previous: &[u8], change: &[ValueRef<'_>]) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(256);
        encode(change, &mut bytes);
        let mut whole = Sha256::new();
        whole.update(previous);
        whole.update(&bytes);
        for (shape, table) in SHAPES.iter().zip(self.tables) {
            if let Some((digest, count)) = table {
                whole.update([shape.tag]);
                whole.update(count.to_be_bytes());
                whole.update(digest.finalize());
            }
        }
        whole.finalize().into()
    }
}

/// A row's hash.
pub(super) fn row_hash(
    table: Table,
    key: Option<&Salt>,
    row: &[ValueRef<'_>],
    buffer: &mut Vec<u8>,
) -> [u8; 32] {
    buffer.clear();
    buffer.push(table.shape().tag);
    if let Some(salt) = key {
        buffer.extend_from_slice(salt);
    }
    encode(row, buffer);
    Sha256::digest(&*buffer).into()
}

/// Columns as bytes: a type letter each, fixed-width numbers, length before text and blobs, no trailing NULLs.
fn encode(row: &[ValueRef<'_>], bytes: &mut Vec<u8>) {
    let filled = row.iter().rposition(|value| !matches!(value, ValueRef::Null)).map_or(0, |last| last + 1);
    for value in &row[..filled] {
        match value {
            ValueRef::Null => bytes.push(b'N'),
            ValueRef::Integer(number) => {
                bytes.push(b'I');
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            ValueRef::Real(number) => {
                bytes.push(b'R');
                bytes.extend_from_slice(&number.to_bits().to_be_bytes());
            }
            ValueRef::Text(text) => sized(b'T', text, bytes),
            ValueRef::Blob(blob) => sized(b'B', blob, bytes),
        }
    }
}

fn sized(letter: u8, content: &[u8], bytes: &mut Vec<u8>) {
    bytes.push(letter);
    bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
    bytes.extend_from_slice(content);
}

/// Inserts a row: the only way into a table of the ledger.
pub(super) fn insert(statement: &mut CachedStatement<'_>, row: &[ValueRef<'_>]) -> Result<()> {
    for (place, value) in row.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(*value))?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Refuses UPDATE, DELETE and a second INSERT under a taken id, from any client.
///
/// REPLACE deletes without a DELETE trigger where recursive triggers are off, so a guard stands before INSERT.
pub(super) fn create_guards(connection: &Connection) -> Result<()> {
    let tables = SHAPES.iter().map(|shape| shape.name).chain(["changes"]);
    for table in tables {
        for verb in ["UPDATE", "DELETE"] {
            connection.execute_batch(&format!(
                "CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table}: history is immutable'); END",
            ))?;
        }
        connection.execute_batch(&format!(
            "CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} \
             WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) \
             BEGIN SELECT RAISE(ABORT, '{table}: history is immutable'); END",
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_stand_in_the_order_of_the_tables_with_tags_of_their_own() {
        for (place, table) in Table::ALL.into_iter().enumerate() {
            assert_eq!(table as usize, place);
            assert_eq!(usize::from(table.shape().tag), place + 1);
            assert_eq!(table.shape().columns[0], "id");
        }
    }

    #[test]
    fn a_row_hash_sees_every_column_and_the_salt_but_no_trailing_null() {
        let mut buffer = Vec::new();
        let row = [ValueRef::Integer(1), ValueRef::Text(b"ab"), ValueRef::Null];
        let hash = row_hash(Table::Events, None, &row, &mut buffer);
        assert_eq!(hash, row_hash(Table::Events, None, &row[..2], &mut buffer));
        assert_ne!(hash, row_hash(Table::Events, Some(&[1; 16]), &row, &mut buffer));
        assert_ne!(hash, row_hash(Table::Decisions, None, &row, &mut buffer));
        let moved = [ValueRef::Integer(1), ValueRef::Text(b"a"), ValueRef::Text(b"b")];
        assert_ne!(hash, row_hash(Table::Events, None, &moved, &mut buffer));
    }

    #[test]
    fn the_digest_depends_on_the_previous_one_and_on_order_within_a_table() {
        let digest = |previous: &[u8], rows: &[i64]| {
            let mut ledger = Ledger::new();
            for row in rows {
                ledger.add(Table::Customers, None, &[ValueRef::Integer(*row)]);
            }
            ledger.digest(previous, &[ValueRef::Integer(1)])
        };
        assert_ne!(digest(&[], &[1, 2]), digest(&[0], &[1, 2]));
        assert_ne!(digest(&[], &[1, 2]), digest(&[], &[2, 1]));
        assert_eq!(digest(&[], &[1, 2]), digest(&[], &[1, 2]));
    }
}
