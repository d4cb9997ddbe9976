//! History is immutable for every client: whatever the `sqlite3` shell tries, the rows stay as they were.

use crate::outsiders::story::two_customers;
use crate::outsiders::tools::Shell;
use crate::support::Sandbox;

/// The tables of the ledger in which the story leaves rows.
const LEDGER: [&str; 22] = [
    "changes",
    "customers",
    "customer_names",
    "accounts",
    "account_names",
    "scoring_configs",
    "kpi_series",
    "uploads",
    "sightings",
    "weightings",
    "kpi_changes",
    "events",
    "decisions",
    "snapshot_contents",
    "snapshots",
    "profiles",
    "health_scores",
    "playbook_runs",
    "notes",
    "confirmations",
    "schedule_runs",
    "slots",
];

/// Ways to rewrite history; TABLE stands for the table, COLUMNS for its columns but the id.
const REWRITES: [&str; 16] = [
    "UPDATE TABLE SET id = id + 1000 WHERE id = (SELECT max(id) FROM TABLE)",
    "UPDATE TABLE SET id = id",
    "UPDATE OR REPLACE TABLE SET id = 1",
    "UPDATE OR IGNORE TABLE SET id = id + 1000",
    "DELETE FROM TABLE WHERE id = 1",
    "DELETE FROM TABLE",
    "INSERT INTO TABLE SELECT * FROM TABLE WHERE id = 1",
    "INSERT OR REPLACE INTO TABLE SELECT * FROM TABLE WHERE id = 1",
    "INSERT OR REPLACE INTO TABLE (id, COLUMNS) SELECT '1', COLUMNS FROM TABLE WHERE id = 1",
    "INSERT OR REPLACE INTO TABLE (id, COLUMNS) SELECT 1.0, COLUMNS FROM TABLE WHERE id = 1",
    "INSERT OR REPLACE INTO TABLE (rowid, COLUMNS) SELECT 1, COLUMNS FROM TABLE WHERE id = 1",
    "INSERT OR IGNORE INTO TABLE SELECT * FROM TABLE WHERE id = 1",
    "REPLACE INTO TABLE SELECT * FROM TABLE",
    "INSERT INTO TABLE SELECT * FROM TABLE WHERE id = 1 ON CONFLICT (id) DO UPDATE SET id = excluded.id + 1000",
    "INSERT INTO TABLE SELECT * FROM TABLE WHERE id = 1 ON CONFLICT DO NOTHING",
    "PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF; PRAGMA ignore_check_constraints = ON; \
     REPLACE INTO TABLE SELECT * FROM TABLE",
];

#[test]
fn no_client_rewrites_history() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    for table in LEDGER {
        let names = format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id' ORDER BY cid");
        let columns = shell.text(&database, &[], &names).lines().collect::<Vec<_>>().join(", ");
        let rows = format!("SELECT * FROM {table} ORDER BY id");
        let before = shell.text(&database, &["-quote"], &rows);
        assert!(!before.is_empty(), "{table} has no rows to rewrite");
        for rewrite in REWRITES {
            let sql = rewrite.replace("TABLE", table).replace("COLUMNS", &columns);
            let output = shell.run(&database, &["-bail"], &sql);
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "not refused: {sql}");
            assert!(told.contains(&format!("{table}: history is immutable")), "{sql}: {told}");
        }
        assert_eq!(shell.text(&database, &["-quote"], &rows), before, "the rows of {table}");
    }
}
