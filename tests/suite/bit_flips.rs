//! Single bits, flipped anywhere in a database file: `verify` finds each, or it touched no data at all.
//!
//! The long run: `cargo test --release --test suite bit_flips:: -- --ignored --nocapture` (10,000 flips).

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use crate::support::Sandbox;
use crate::support::book::rows;
use acctsnap::model::verification::VerifyScope;
use acctsnap::store::Store;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

/// A database of about 200 snapshots with every kind of data, in one file.
fn database() -> Sandbox {
    let sandbox = crate::damage::everything();
    let names: Vec<String> = (0..50).map(|number| format!("Company {number}")).collect();
    for (time, value) in [("11:00:00", "10"), ("12:00:00", "20"), ("13:00:00", "30")] {
        let text = rows(names.iter().map(|name| (name.as_str(), "NPS", value)));
        sandbox.ingest(time, &text, &["--customer", "north"]).ok();
    }
    sandbox.at("14:00:00", &["snapshot", "create", "--all", "--customer", "north"]).ok();
    assert!((200..300).contains(&sandbox.count("snapshots")), "{}", sandbox.count("snapshots"));
    crate::damage::copy(&sandbox)
}

/// How much is read to prove that a flip touched nothing.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    /// The ledger's tables and the definitions: all that the views are made of.
    Tables,
    /// The views as well.
    Views,
}

/// Everything that the ledger's tables and the views hold; None where it cannot be read.
fn dump(path: &Path, depth: Depth) -> Option<Vec<(String, Vec<String>)>> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let views: Vec<String> = sql
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
        .and_then(|mut it| it.query_map([], |row| row.get(0))?.collect())
        .ok()?;
    let views = views.into_iter().filter(|_| depth == Depth::Views);
    let tables = crate::support::chain::tables()
        .chain(["changes", "sqlite_schema"])
        .map(ToOwned::to_owned)
        .chain(views);
    tables.map(|table| Some((table.clone(), rows_of(&sql, &table).ok()?))).collect()
}

fn rows_of(sql: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = sql.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values =
            (0..columns).map(|place| row.get::<_, Value>(place)).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(format!("{values:?}"))
    };
    let mut rows: Vec<String> = statement.query_map([], row)?.collect::<rusqlite::Result<_>>()?;
    rows.sort();
    Ok(rows)
}

fn is_found(path: &Path) -> bool {
    let verified = Store::open_read_only(path)
        .and_then(|store| store.verify(VerifyScope::default(), &[], &mut || Ok(())));
    verified.map_or(true, |it| it.findings_total > 0)
}

/// Flips so many bits, one at a time; says how many were found, and how many touched no data.
fn flip(flips: u64, seed: u64, depth: Depth) -> (u64, u64) {
    let sandbox = database();
    let path = sandbox.path("test.db");
    let sound = fs::read(&path).expect("the database");
    assert!(!is_found(&path), "the database is sound to begin with");
    let original = dump(&path, depth).expect("the data");
    let (mut found, mut harmless, mut state) = (0, 0, seed);
    for _ in 0..flips {
        // A linear congruential generator (Knuth's MMIX), of which the high bits are used.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bit = usize::try_from((state >> 20) % (sound.len() as u64 * 8)).expect("a place in the file");
        let mut bytes = sound.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, bytes).expect("the damaged file");
        if is_found(&path) {
            found += 1;
        } else {
            assert!(
                dump(&path, depth).as_ref() == Some(&original),
                "bit {bit} changed data and was not found"
            );
            harmless += 1;
        }
        for suffix in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(sandbox.path(format!("test.db{suffix}")));
        }
    }
    (found, harmless)
}

#[test]
fn flipped_bits_are_found_or_touched_no_data() {
    let (found, harmless) = flip(300, 7, Depth::Tables);
    assert_eq!(found + harmless, 300);
    assert!(found > 100, "only {found} of 300 flips were found");
}

#[test]
#[ignore = "takes minutes; see the top of the file"]
fn ten_thousand_flipped_bits_are_found_or_touched_no_data() {
    let (found, harmless) = flip(10_000, 2026, Depth::Views);
    eprintln!("10,000 flips: {found} found, {harmless} touched no data");
    assert_eq!(found + harmless, 10_000);
}
