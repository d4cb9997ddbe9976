//! `backup` and `restore` as people use them: whole copies while others write, and nothing lost where something stands.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::damage::altered;
use crate::support::Sandbox;
use crate::support::book::nps;
use crate::support::chain::check;
use rusqlite::Connection;
use serde_json::json;

/// Two customers, one of them with a hostile account.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "50"), &[]).ok();
    sandbox.ingest("10:01:00", &nps("\"=cmd|'\"", "40"), &["--customer", "south"]).ok();
    sandbox
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("the file").permissions().mode() & 0o777
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_holds_every_customer_and_other_tools_open_it() {
    let sandbox = filled();
    let view = sandbox.at("11:00:00", &["backup", "copy.db", "--json"]).ok().json();
    let counts = ["customers", "accounts", "snapshots", "events"].map(|name| view[name].clone());
    assert_eq!(
        (view["schema"].clone(), counts),
        (json!("acctsnap.backup/1"), [2, 2, 2, 2].map(|n| json!(n)))
    );
    let path = sandbox.path("copy.db");
    assert_eq!(view["bytes"], json!(fs::metadata(&path).expect("the copy").len()));
    let sum = sandbox.program("sha256sum", ["copy.db"]).run().ok().stdout.clone();
    assert!(sum.starts_with(view["sha256"].as_str().expect("a hash")), "{sum}");
    assert_eq!(mode(&path), 0o600);
    let copy = Connection::open(&path).expect("the copy");
    let journal: String = copy.query_one("PRAGMA journal_mode", [], |row| row.get(0)).expect("its mode");
    assert_eq!(journal, "delete");
    assert_eq!(check(&copy).0, [0; 0]);
    assert!(names_in(&sandbox.path("")).iter().all(|name| !name.starts_with(".acctsnap")));
}

#[test]
fn text_tells_what_and_where() {
    let sandbox = filled();
    let made = sandbox.at("11:00:00", &["backup", "copy.db"]);
    assert!(
        made.ok().stdout.contains("holds    2 customers, 2 accounts, 2 snapshots, 2 events"),
        "{}",
        made.stdout
    );
    assert!(made.stdout.contains("copy.db") && made.stdout.contains("SHA-256"), "{}", made.stdout);
    assert_eq!(sandbox.at("11:00:00", &["backup", "quiet.db", "-q"]).ok().stdout, "");
}

#[test]
fn what_stands_there_stays_unless_it_is_a_backup_that_may_go() {
    let sandbox = filled();
    sandbox.write("notes.txt", "mine");
    sandbox.run(["backup", "copy.db"]).ok();
    let first = fs::read(sandbox.path("copy.db")).expect("the copy");
    sandbox.run(["backup", "copy.db"]).fails_with(2).mentions("--replace");
    assert_eq!(fs::read(sandbox.path("copy.db")).expect("the copy"), first);
    sandbox.ingest("12:00:00", &nps("Acme", "60"), &[]).ok();
    sandbox.run(["backup", "copy.db", "--replace"]).ok();
    assert_ne!(fs::read(sandbox.path("copy.db")).expect("the copy"), first);
    sandbox.run(["backup", "notes.txt", "--replace"]).fails_with(2).mentions("no backup of acctsnap");
    assert_eq!(sandbox.read("notes.txt"), "mine");
    for itself in ["test.db", "./test.db", "home/../test.db"] {
        sandbox.run(["backup", itself, "--replace"]).fails_with(2).mentions("stays as it is");
    }
    assert_eq!(sandbox.count("snapshots"), 3);
}

#[test]
fn the_database_is_not_written_over_through_a_link_or_when_it_has_no_log() {
    let sandbox = filled();
    std::os::unix::fs::symlink("test.db", sandbox.path("link.db")).expect("a link");
    sandbox.run(["backup", "link.db", "--replace"]).fails_with(2);
    sandbox.sql().execute_batch("PRAGMA journal_mode = DELETE").expect("rollback mode");
    sandbox.run(["backup", "test.db", "--replace"]).fails_with(2).mentions("is the database itself");
}

#[test]
fn a_folder_keeps_the_newest_and_touches_nothing_else() {
    let sandbox = filled();
    let strangers = ["test-20250101T000000.000Z.db", "test-2024.db", "notes.txt"];
    for (place, time) in ["01:00:00", "02:00:00", "03:00:00", "04:00:00"].into_iter().enumerate() {
        sandbox.at(&time.replace("0", "1"), &["backup", "kept/", "--keep", "2", "-q"]).ok();
        if place == 0 {
            for name in strangers {
                sandbox.write(Path::new("kept").join(name), "a stranger's");
            }
            assert_eq!(mode(&sandbox.path("kept")), 0o700);
        }
    }
    let mut names = names_in(&sandbox.path("kept"));
    names.retain(|name| !strangers.contains(&name.as_str()));
    assert_eq!(names, ["test-20261122T131111.000Z.db", "test-20261122T141111.000Z.db"]);
    assert_eq!(names_in(&sandbox.path("kept")).len(), 5);
    let view = sandbox.at("15:00:00", &["backup", "kept", "--keep", "1", "--json", "-n"]).ok().json();
    assert_eq!(view["removed"].as_array().map(Vec::len), Some(2));
    assert_eq!(names_in(&sandbox.path("kept")).len(), 5, "a dry run removes nothing");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = filled();
    sandbox.run(["backup"]).fails_with(2);
    sandbox.run(["backup", "a.db", "--keep", "2"]).fails_with(2).mentions("a.db/");
    sandbox.run(["backup", "kept/", "--keep", "0"]).fails_with(2);
    sandbox.run(["backup", "kept/", "--replace"]).fails_with(2);
    sandbox.run(["backup", "a.db", "--customer", "south"]).fails_with(2).mentions("leave --customer out");
    sandbox.run(["backup", "a.db", "--as-of", "2026-11"]).fails_with(2).mentions("--as-of");
    sandbox.run(["backup", "nowhere/a.db"]).fails_with(5).mentions("nowhere");
    sandbox.run(["backup", "a.db", "--db", "none.db"]).fails_with(4);
    sandbox.run(["backup", "a.db"]).ok();
    sandbox.command(["backup", "b.db"]).env("ACCTSNAP_CUSTOMER", "south").run().ok();
    assert!(!sandbox.path("kept").exists());
}

#[test]
fn a_dry_run_makes_no_file_and_no_folder() {
    let sandbox = filled();
    let before = names_in(&sandbox.path(""));
    sandbox.run(["backup", "a.db", "-n"]).ok();
    sandbox.run(["backup", "new/deep/", "-n"]).ok();
    sandbox.run(["restore", "test.db", "--db", "new/deep/x.db", "-n"]).ok();
    // SQLite leaves the index of its log behind where a database was only read.
    let after = names_in(&sandbox.path(""));
    let made: Vec<_> = after.iter().filter(|name| !name.starts_with("test.db-")).collect();
    assert_eq!(made, before.iter().collect::<Vec<_>>());
}

#[test]
fn damage_is_found_before_a_backup_takes_its_name() {
    let sandbox = filled();
    sandbox.run(["backup", "good.db"]).ok();
    let mut bytes = fs::read(sandbox.path("good.db")).expect("the copy");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x55);
    sandbox.write("bad.db", &bytes);
    sandbox.run(["backup", "copy.db", "--db", "bad.db"]).fails_with(7);
    assert!(!sandbox.path("copy.db").exists());
    sandbox.run(["restore", "bad.db", "--db", "new.db"]).fails_with(7);
    assert!(!sandbox.path("new.db").exists());
}

#[test]
fn a_changed_value_in_a_sound_file_is_found_before_a_backup_takes_its_name() {
    let sandbox = filled();
    let altered = altered(&sandbox, "kpi_changes", "changed").expect("an altered copy");
    let backup = altered.run(["backup", "copy.db"]);
    backup.fails_with(7).mentions("the copy is not sound").mentions("acctsnap verify");
    assert!(!altered.path("copy.db").exists());
    std::fs::rename(altered.path("test.db"), altered.path("bad.db")).expect("the altered file");
    altered.run(["restore", "bad.db"]).fails_with(7).mentions("the copy is not sound");
    assert!(!altered.path("test.db").exists());
}

#[test]
fn a_restored_database_answers_as_the_one_that_was_lost_and_goes_on() {
    let sandbox = filled();
    let made = sandbox.run(["backup", "copy.db", "--json"]).ok().json();
    let before = sandbox.latest("11:00:00", "Acme");
    for name in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = fs::remove_file(sandbox.path(name));
    }
    let view = sandbox.run(["restore", "copy.db", "--json"]).ok().json();
    assert_eq!(view["schema"], "acctsnap.restore/1");
    assert_eq!(
        (&view["sha256"], &view["bytes"], &view["replaced"]),
        (&made["sha256"], &made["bytes"], &json!(null))
    );
    assert_eq!(mode(&sandbox.path("test.db")), 0o600);
    assert_eq!(sandbox.latest("11:00:00", "Acme"), before);
    sandbox.ingest("12:00:00", &nps("Acme", "60"), &[]).ok();
    assert_eq!((sandbox.count("snapshots"), check(&sandbox.sql()).0), (3, vec![]));
}

#[test]
fn a_database_that_is_there_is_replaced_only_by_force_and_with_a_yes() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    sandbox.ingest("12:00:00", &nps("Acme", "60"), &[]).ok();
    sandbox.run(["restore", "copy.db"]).fails_with(2).mentions("--force");
    sandbox.run(["restore", "copy.db", "--force"]).fails_with(2).mentions("--yes");
    sandbox.run(["restore", "copy.db", "--force", "--dry-run"]).ok();
    assert_eq!(sandbox.count("snapshots"), 3);
    let view = sandbox.run(["restore", "copy.db", "--force", "--yes", "--json"]).ok().json();
    assert_eq!((&view["replaced"]["snapshots"], &view["snapshots"]), (&json!(3), &json!(2)));
    assert_eq!(sandbox.count("snapshots"), 2);
    let left: Vec<_> =
        names_in(&sandbox.path("")).into_iter().filter(|name| name.contains("before")).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn the_log_of_the_old_database_never_enters_the_new_one() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    // A log whose database was lost, and one whose database is damaged.
    let writer = sandbox.sql();
    writer.execute_batch("CREATE TABLE strange (x)").expect("a write of another program");
    let log = fs::read(sandbox.path("test.db-wal")).expect("the log");
    drop(writer);
    for damaged in [&b""[..], &[0x55; 9000]] {
        for name in ["test.db", "test.db-shm"] {
            let _ = fs::remove_file(sandbox.path(name));
        }
        if !damaged.is_empty() {
            sandbox.write("test.db", damaged);
        }
        sandbox.write("test.db-wal", &log);
        sandbox.run(["restore", "copy.db"]).fails_with(2).mentions("--force");
        sandbox.run(["restore", "copy.db", "--force", "--yes"]).ok();
        assert_eq!(
            (sandbox.count("snapshots"), sandbox.count("sqlite_schema WHERE name = 'strange'")),
            (2, 0)
        );
    }
}

#[test]
fn what_is_no_database_of_ours_is_never_lost_by_a_restore() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    sandbox.write("notes.txt", "important notes");
    std::os::unix::fs::symlink("notes.txt", sandbox.path("link.db")).expect("a link");
    let words = ["restore", "copy.db", "--db", "link.db", "--force", "--json"];
    sandbox.run(&words[..4]).fails_with(2).mentions("keeps what is there under another name");
    sandbox.run(words).fails_with(2).mentions("--yes");
    let kept = |words: &[&str]| {
        let view = sandbox.run([&["restore", "copy.db", "--db"], words].concat()).ok().json();
        let kept = view["kept"].as_str().expect("the name of what is kept").to_owned();
        Path::new(&kept).file_name().expect("a name").to_string_lossy().into_owned()
    };
    assert_eq!(kept(&["link.db", "--force", "--json", "-n"]), "notes.txt.before-restore");
    assert_eq!(sandbox.read("notes.txt"), "important notes");
    assert_eq!(kept(&["link.db", "--force", "--json", "--yes"]), "notes.txt.before-restore");
    assert_eq!(sandbox.read("notes.txt.before-restore"), "important notes");
    // The next one takes another name; one that was killed after the first step of this left two names of one file.
    sandbox.write("new.txt", "other notes");
    fs::rename(sandbox.path("new.txt"), sandbox.path("notes.txt")).expect("other notes");
    fs::hard_link(sandbox.path("notes.txt"), sandbox.path("notes.txt.before-restore-2")).expect("a link");
    assert_eq!(kept(&["notes.txt", "--force", "--json", "--yes"]), "notes.txt.before-restore-2");
    let read = ["notes.txt.before-restore", "notes.txt.before-restore-2"].map(|name| sandbox.read(name));
    assert_eq!(read, ["important notes", "other notes"]);
    sandbox.run(["verify", "--db", "link.db"]).ok();
    let text = sandbox.write("notes.txt", "more");
    let told = sandbox.run(["restore", "copy.db", "--db", "notes.txt", "--force", "--yes"]);
    assert!(told.ok().stdout.contains("before-restore-3"), "{} {}", told.transcript(), text.display());
}

#[test]
fn a_pipe_and_a_device_are_neither_replaced_nor_waited_for() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    sandbox.program("mkfifo", ["pipe"]).run().ok();
    for force in [&[][..], &["--force", "--yes"]] {
        let words = [&["restore", "copy.db", "--db", "pipe"], force].concat();
        sandbox.run(words).fails_with(7).mentions("is not a file, so no database");
    }
    use std::os::unix::fs::FileTypeExt as _;
    let pipe = fs::symlink_metadata(sandbox.path("pipe")).expect("the pipe");
    assert!(pipe.file_type().is_fifo());
    for source in ["pipe", "/dev/zero"] {
        sandbox.run(["restore", source, "--db", "new.db"]).fails_with(7).mentions("acctsnap backup");
        assert!(!sandbox.path("new.db").exists());
    }
}

#[test]
fn a_header_that_names_an_unknown_format_is_damage() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    let mut bytes = fs::read(sandbox.path("copy.db")).expect("the copy");
    bytes[47] ^= 0x40;
    sandbox.write("bad.db", &bytes);
    let commands: [&[&str]; 5] =
        [&["verify"], &["latest", "--all"], &["status"], &["backup", "x.db"], &["ingest", "kpis", "-"]];
    for words in commands {
        sandbox.run([words, &["--db", "bad.db"]].concat()).fails_with(7).mentions("restore a backup");
    }
    sandbox.run(["restore", "bad.db", "--db", "new.db"]).fails_with(7).mentions("restore another backup");
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let sandbox = filled();
    sandbox.run(["backup", "copy.db"]).ok();
    let other = sandbox.sql();
    other.execute_batch("BEGIN; SELECT count(*) FROM snapshots").expect("a reader");
    let words = ["restore", "copy.db", "--force", "--yes", "--wait", "1s"];
    sandbox.run(words).fails_with(6).mentions("another process has");
    other.execute_batch("COMMIT").expect("the end of the reader");
    assert_eq!(sandbox.count("snapshots"), 2);
    drop(other);
    sandbox.run(words).ok();
}

#[test]
fn foreign_newer_and_absent_files_are_refused_and_nothing_is_touched() {
    let sandbox = filled();
    sandbox.run(["backup", "newer.db"]).ok();
    let newer = Connection::open(sandbox.path("newer.db")).expect("the copy");
    newer.execute_batch("PRAGMA user_version = 99").expect("a later version");
    let foreign = Connection::open(sandbox.path("foreign.db")).expect("a database");
    foreign.execute_batch("CREATE TABLE t (x)").expect("a table");
    sandbox.write("text.db", "no database at all");
    sandbox.write("empty.db", "");
    for (file, code) in [("newer.db", 7), ("foreign.db", 7), ("text.db", 7), ("empty.db", 7), ("none.db", 5)]
    {
        sandbox.run(["restore", file, "--db", "new.db"]).fails_with(code);
        assert!(!sandbox.path("new.db").exists(), "{file}");
    }
    // Another program's database is never replaced, not even by force.
    sandbox.run(["restore", "test.db", "--db", "foreign.db", "--force", "--yes"]).fails_with(7);
    assert_eq!(foreign.query_one("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)), Ok(0));
    sandbox.run(["restore", "test.db"]).fails_with(2).mentions("is the database itself");
}

#[test]
fn a_backup_of_an_earlier_version_stays_one_and_is_brought_up_to_date_when_used() {
    for earlier in 1..acctsnap::store::Store::SCHEMA_VERSION {
        let sandbox = Sandbox::new();
        let fixture = format!("{}/tests/databases/version_{earlier}.db", env!("CARGO_MANIFEST_DIR"));
        sandbox.write("test.db", fs::read(fixture).expect("a database of an earlier version"));
        let view = sandbox.run(["backup", "copy.db", "--json"]).ok().json();
        assert_eq!(view["schema_version"], json!(earlier));
        sandbox.run(["restore", "copy.db", "--db", "new.db"]).ok();
        sandbox.run(["latest", "--all", "--customer", "north", "--db", "new.db"]).ok();
        let version: i64 =
            sandbox.sql().query_one("PRAGMA user_version", [], |row| row.get(0)).expect("the version");
        assert_eq!(version, earlier, "the database itself was only read");
    }
}

/// The line that the documentation gives to cron, run as cron would.
#[test]
fn the_documented_crontab_keeps_what_it_says_and_says_nothing() {
    let sandbox = filled();
    let document = format!("{}/docs/backup.md", env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(document).expect("the document");
    let block =
        document.split("```cron\n").nth(1).and_then(|rest| rest.lines().next()).expect("a line for cron");
    let command: Vec<&str> = block.split_whitespace().skip(5).collect();
    let command = command.join(" ").replace("--keep 14", "--keep 2");
    assert!(command.contains("--keep 2"), "{command}");
    let binary = Path::new(env!("CARGO_BIN_EXE_acctsnap")).parent().expect("a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    for _ in 0..4 {
        let run = sandbox.program("sh", ["-c", &command]).env("PATH", &path).run();
        assert_eq!((run.ok().stdout.as_str(), run.stderr.as_str()), ("", ""));
    }
    assert_eq!(names_in(&sandbox.path("home/backups")).len(), 2);
}

/// A medium that nobody can write, as far as this machine lets a test make one.
#[test]
fn a_database_on_a_read_only_medium_is_read_and_backed_up() {
    let sandbox = filled();
    let binary = env!("CARGO_BIN_EXE_acctsnap");
    let target = tempfile::tempdir().expect("a folder elsewhere");
    let copy = target.path().join("copy.db");
    let script = format!(
        "mount --bind . . 2>/dev/null && mount -o remount,ro,bind . 2>/dev/null || exit 77; cd \"$PWD\"; \
         {binary} latest --all -q && {binary} backup {} -q && {binary} flush; echo ended with $?",
        copy.display()
    );
    let run = sandbox.program("unshare", ["-rm", "sh", "-c", &script]).run();
    if run.code() == Some(77) || !run.stdout.contains("ended") {
        eprintln!("skipped: a read-only mount cannot be made here");
        return;
    }
    assert!(run.stdout.contains("Acme") && run.stdout.contains("ended with 9"), "{}", run.transcript());
    assert!(run.stderr.contains("test.db: "), "{}", run.transcript());
    assert_eq!(check(&Connection::open(copy).expect("the copy")).0, [0; 0]);
}
