//! The ledger's digests, computed once more from the rows as any other program finds them, by the rules that the
//! store's documentation gives and without its code.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

/// The tables in digest order, and the place of the account whose salt keys the hashes of their rows.
const TABLES: [(&str, Option<usize>); 32] = [
    ("customers", None),
    ("customer_names", None),
    ("accounts", None),
    ("account_names", None),
    ("kpi_definitions", None),
    ("scoring_configs", None),
    ("kpi_series", None),
    ("uploads", None),
    ("sightings", None),
    ("weightings", None),
    ("kpi_changes", Some(1)),
    ("events", Some(2)),
    ("decisions", Some(3)),
    ("snapshot_contents", Some(1)),
    ("snapshots", Some(1)),
    ("profiles", None),
    ("health_scores", Some(1)),
    ("playbook_runs", None),
    ("notes", None),
    ("confirmations", Some(1)),
    ("account_archivings", Some(1)),
    ("kpi_series_words", None),
    ("schedule_runs", None),
    ("slots", Some(1)),
    ("tags", Some(1)),
    ("pins", Some(1)),
    ("retention_runs", None),
    ("tombstones", Some(1)),
    ("removed_rows", None),
    ("upload_undoings", None),
    ("retractions", Some(1)),
    ("account_merges", Some(1)),
];

/// The tables whose rows enter digests.
pub fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(name, _)| *name)
}

/// The changes whose digest is not that of their rows, and how many rows entered some change's digest.
#[expect(clippy::expect_used, reason = "a test that cannot read its database cannot go on")]
pub fn check(sql: &Connection) -> (Vec<i64>, u64) {
    let salts: HashMap<i64, Vec<u8>> = {
        let rows = rows(sql, "SELECT id, salt FROM accounts");
        rows.into_iter().map(|row| (int(&row[0]), blob(&row[1]).to_vec())).collect()
    };
    let (mut wrong, mut counted) = (Vec::new(), 0);
    let mut last: HashMap<i64, (i64, Vec<u8>)> = HashMap::new();
    for change in rows(sql, "SELECT * FROM changes ORDER BY id") {
        let (digest, columns) = change.split_last().expect("a change has columns");
        let (id, customer) = (int(&columns[0]), int(&columns[1]));
        let (previous, before) = last.remove(&customer).unwrap_or_default();
        let (mut computed, count) = digest_of(sql, columns, &before, &salts);
        counted += count;
        // Where words of the change itself were erased, its digest stands, under a seal.
        let seal = "SELECT hash FROM removed_rows WHERE table_tag = 0 AND row_change_id =";
        if let Some(seal) = rows(sql, &format!("{seal} {id} ORDER BY id DESC LIMIT 1")).first() {
            let sealed = digest_of(sql, columns, blob(digest), &salts).0;
            assert_eq!(sealed, blob(&seal[0]), "change {id} is not what was sealed");
            computed = blob(digest).to_vec();
        }
        let linked = match &columns[2] {
            Value::Null => previous == 0,
            other => int(other) == previous,
        };
        if computed != blob(digest) || !linked {
            wrong.push(id);
        }
        last.insert(customer, (id, blob(digest).to_vec()));
    }
    (wrong, counted)
}

fn digest_of(
    sql: &Connection,
    change: &[Value],
    before: &[u8],
    salts: &HashMap<i64, Vec<u8>>,
) -> (Vec<u8>, u64) {
    let mut whole = Sha256::new();
    whole.update(before);
    whole.update(encoded(change));
    let mut counted = 0;
    for (tag, (table, keyed_by)) in (1_u8..).zip(TABLES) {
        let of_change = format!("SELECT * FROM {table} WHERE change_id = {} ORDER BY id", int(&change[0]));
        let removed = removed(sql, tag, int(&change[0]));
        let mut hashes: BTreeMap<i64, Vec<u8>> =
            removed.iter().map(|(row, (hash, _))| (*row, hash.clone())).collect();
        let rows = rows(sql, &of_change);
        counted += rows.len() as u64;
        for row in &rows {
            let salt =
                keyed_by.map(|place| salts.get(&int(&row[place])).cloned().unwrap_or_else(|| vec![0; 16]));
            let hash = Sha256::digest([vec![tag], salt.unwrap_or_default(), encoded(row)].concat());
            match removed.get(&int(&row[0])) {
                None => drop(hashes.insert(int(&row[0]), hash.to_vec())),
                Some((_, redacted)) => {
                    assert_eq!(redacted[..], hash[..], "a row of {table} is not what was left of it");
                }
            }
        }
        if hashes.is_empty() {
            continue;
        }
        whole.update([tag]);
        whole.update((hashes.len() as u64).to_be_bytes());
        whole.update(Sha256::digest(hashes.into_values().flatten().collect::<Vec<u8>>()));
    }
    (whole.finalize().to_vec(), counted)
}

/// The hashes that rows of a table and change left when they were removed or redacted, by row: the one of the digest, which
/// is the first, and the one of what is there now, which is the last one's and empty where nothing is.
fn removed(sql: &Connection, tag: u8, change: i64) -> BTreeMap<i64, (Vec<u8>, Vec<u8>)> {
    let left = format!(
        "SELECT row_id, hash, redacted_hash FROM removed_rows \
         WHERE table_tag = {tag} AND row_change_id = {change} ORDER BY id"
    );
    let mut removed = BTreeMap::new();
    for row in rows(sql, &left) {
        let (hash, redacted) = (blob(&row[1]).to_vec(), blob(&row[2]).to_vec());
        removed.entry(int(&row[0])).or_insert((hash, Vec::new())).1 = redacted;
    }
    removed
}

/// A type letter each, numbers as eight bytes, a length before text and blobs, no trailing NULLs.
fn encoded(row: &[Value]) -> Vec<u8> {
    let filled = row.iter().rposition(|value| *value != Value::Null).map_or(0, |last| last + 1);
    row[..filled].iter().flat_map(encoded_value).collect()
}

fn encoded_value(value: &Value) -> Vec<u8> {
    let sized =
        |letter: u8, bytes: &[u8]| [&[letter][..], &(bytes.len() as u64).to_be_bytes(), bytes].concat();
    match value {
        Value::Null => b"N".to_vec(),
        Value::Integer(number) => [&b"I"[..], &number.to_be_bytes()].concat(),
        Value::Real(number) => [&b"R"[..], &number.to_bits().to_be_bytes()].concat(),
        Value::Text(text) => sized(b'T', text.as_bytes()),
        Value::Blob(bytes) => sized(b'B', bytes),
    }
}

#[expect(clippy::expect_used, reason = "a test that cannot read its database cannot go on")]
fn rows(sql: &Connection, query: &str) -> Vec<Vec<Value>> {
    let mut statement = sql.prepare(query).expect("a query");
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|place| row.get(place)).collect();
    statement.query_map([], row).expect("rows").collect::<Result<_, _>>().expect("values")
}

fn int(value: &Value) -> i64 {
    if let Value::Integer(number) = value { *number } else { 0 }
}

fn blob(value: &Value) -> &[u8] {
    if let Value::Blob(bytes) = value { bytes } else { &[] }
}
