//! A file system that is really full, a temp folder that is, and one that nobody can write: small ones in memory, in a
//! namespace of their own. What cannot be written is exit 9 with the path; what was there is whole, and once there is
//! room the same command succeeds.
//!
//! They need `unshare` and the right to mount; where that is refused, they say that they are skipped.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::support::{Outcome, Sandbox};

/// A namespace in which a small file system is mounted at `disk` in the sandbox; it goes with its holder.
struct Disk {
    sandbox: Sandbox,
    holder: Child,
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        drop(self.holder.wait());
    }
}

impl Disk {
    /// One of so many KiB; None where mounting is refused, which is said.
    fn of(kib: u32) -> Option<Self> {
        let sandbox = Sandbox::new();
        let folder = sandbox.path("disk");
        fs::create_dir(&folder).expect("a folder");
        let script = "mount -t tmpfs -o size=$1k none \"$2\" && echo mounted && exec cat";
        let holder = Command::new("unshare")
            .args(["-m", "sh", "-c", script, "sh", &kib.to_string()])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut holder) = holder else {
            eprintln!("skipped: there is no unshare");
            return None;
        };
        let mut line = String::new();
        drop(BufReader::new(holder.stdout.take()?).read_line(&mut line));
        let disk = Self { sandbox, holder };
        if line != "mounted\n" {
            eprintln!("skipped: mounting in a namespace of one's own (unshare -m) is refused");
            return None;
        }
        Some(disk)
    }

    /// Runs a program in the namespace, in the folder `disk`.
    fn program<A: AsRef<OsStr>>(
        &self,
        program: &str,
        words: impl IntoIterator<Item = A>,
    ) -> crate::support::Invocation {
        let holder = self.holder.id().to_string();
        let enter = ["-t", &holder, "-m", "sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh"];
        let mut all: Vec<std::ffi::OsString> = enter.iter().map(Into::into).collect();
        all.extend([self.sandbox.path("disk").into(), program.into()]);
        all.extend(words.into_iter().map(|word| word.as_ref().to_owned()));
        self.sandbox.program("nsenter", all).db("test.db")
    }

    fn command(&self, at: &str, line: &str) -> crate::support::Invocation {
        let words = ["--at", at].into_iter().chain(line.split(' '));
        self.program(env!("CARGO_BIN_EXE_acctsnap"), words)
    }

    fn run(&self, at: &str, line: &str) -> Outcome {
        self.command(at, line).run()
    }

    #[track_caller]
    fn shell(&self, script: &str) -> String {
        self.program("sh", ["-c", script]).run().ok().stdout.clone()
    }

    /// Fills it but for so many KiB.
    fn fill(&self, but: u32) {
        self.shell("dd if=/dev/zero of=ballast bs=4k 2>/dev/null; true");
        self.shell(&format!("truncate -s -{but}K ballast; sync"));
    }

    fn make_room(&self) {
        self.shell("rm -f ballast");
    }

    fn files(&self) -> String {
        self.shell("ls -A | grep -v -e ballast -e '^test.db'; true")
    }
}

const ACCOUNTS: usize = 50;
const LATER: &str = "2027-06-01T10:00:00Z";

fn rows(shift: usize) -> String {
    let rows = (0..ACCOUNTS).flat_map(|account| {
        ["NPS", "Ticket Volume", "Churn Rate"]
            .map(|kpi| format!("Account {account},{kpi},{}\n", (account + shift) % 90))
    });
    format!("account,kpi,value\n{}", rows.collect::<String>())
}

/// A database with history on the disk; the files to read lie beside it, where there is room.
fn prepare(disk: &Disk) {
    disk.sandbox.write("kpis.csv", rows(0));
    disk.sandbox.write("later.csv", rows(7));
    disk.sandbox.write("last.csv", rows(11));
    let settings =
        "[[schedule]]\nname = \"daily\"\nevery = \"daily\"\n[retention.default]\nyear = 1\n".to_owned();
    let config: PathBuf = disk.sandbox.write("home/.config/acctsnap/snapshots.toml", settings);
    assert!(config.exists());
    disk.run("2026-03-01T10:00:00Z", "ingest kpis ../kpis.csv").ok();
    for day in 2..5 {
        disk.run(&format!("2026-03-0{day}T10:00:00Z"), "snapshot create --all").ok();
    }
    disk.run("2026-03-06T10:00:00Z", "retention apply --yes").ok();
    disk.run("2026-03-07T10:00:00Z", "snapshot create --all").ok();
    disk.run("2026-03-07T11:00:00Z", "snapshot create --all").ok();
    disk.run("2026-03-08T10:00:00Z", "ingest kpis ../later.csv --defer").ok();
}

const AT: &str = "2026-04-01T10:00:00Z";

/// What writes, and the file that it makes, where it makes one.
const WRITERS: [(&str, Option<&str>); 14] = [
    ("ingest kpis ../last.csv", None),
    ("flush --now", None),
    ("scheduled run", None),
    ("snapshot create --all", None),
    ("health calculate --all", None),
    ("retention apply --yes", None),
    ("retention purge --yes", None),
    ("uploads undo 2 --yes", None),
    ("erase -a Account_1 --yes", None),
    ("backup copy.db", Some("copy.db")),
    ("backup copies/", Some("copies/")),
    ("export snapshots all.csv", Some("all.csv")),
    ("export kpis all.parquet", Some("all.parquet")),
    ("latest --all --json -o all.json", Some("all.json")),
];

/// What is in the database: a run leaves all of it, or adds all that it is to add.
fn state(disk: &Disk) -> String {
    let lists = ["uploads list --json", "snapshot list --json", "events list --json"];
    lists.map(|line| disk.run(LATER, line).ok().stdout.clone()).concat()
}

fn full(line: &str, makes: Option<&str>, rooms: &[u32]) {
    let Some(disk) = Disk::of(16 * 1024) else { return };
    prepare(&disk);
    let name = if line.contains("Account_1") { "Account 1" } else { "" };
    let run = || match name {
        "" => disk.run(AT, line),
        name => {
            disk.program(env!("CARGO_BIN_EXE_acctsnap"), ["--at", AT, "erase", "-a", name, "--yes"]).run()
        }
    };
    let before = state(&disk);
    let mut refused = 0;
    for room in rooms {
        disk.fill(*room);
        let when = format!("{line} with {room} KiB left");
        let outcome = run();
        if outcome.code() == Some(0) {
            break;
        }
        if outcome.code() == Some(3) {
            // The rows of an erased account are gone; the log and free space need room to be emptied.
            outcome.tells("may still hold it (the disk is full)");
            break;
        }
        refused += 1;
        assert_eq!(outcome.code(), Some(9), "{when}\n{}", outcome.transcript());
        let path = makes.map_or("test.db", |file| file.trim_end_matches('/'));
        assert!(
            outcome.stderr.contains(path) || outcome.stderr.contains("test.db"),
            "{when}: the path is named\n{}",
            outcome.transcript()
        );
        let says_why = ["full", "No space left"].iter().any(|word| outcome.stderr.contains(word));
        assert!(says_why, "{when}: the disk is full\n{}", outcome.transcript());
        // What reads goes on, on a disk that is full.
        disk.run(LATER, "latest --all").ok();
        disk.make_room();
        assert_eq!(disk.files().trim_end_matches("copies\n"), "", "{when}: no half file stays");
        disk.run(LATER, "verify").ok();
        assert!(state(&disk) == before, "{when}: nothing was written");
    }
    assert!(refused > 0, "{line}: the disk was full");
    disk.make_room();
    let outcome = run();
    // Where the last attempt succeeded, there is a file already, or no account any more.
    assert!(matches!(outcome.code(), Some(0 | 4 | 5)), "{}", outcome.transcript());
    disk.run(LATER, "verify").ok();
}

fn all_full(rooms: &[u32]) {
    std::thread::scope(|scope| {
        for (line, makes) in WRITERS {
            scope.spawn(move || full(line, makes, rooms));
        }
    });
}

#[test]
fn a_full_disk_is_exit_9_and_with_room_the_next_run_succeeds() {
    all_full(&[0]);
}

#[test]
#[ignore = "every amount of room up to what each command needs: minutes"]
fn a_disk_that_fills_up_at_any_place() {
    let rooms: Vec<u32> = (0..64).map(|step| step * 4).collect();
    all_full(&rooms);
}

#[test]
fn a_first_ingest_onto_a_full_disk_leaves_nothing_that_stands_in_its_own_way() {
    let Some(disk) = Disk::of(1024) else { return };
    disk.sandbox.write("kpis.csv", rows(0));
    for room in [0, 4, 64, 256] {
        disk.fill(room);
        let outcome = disk.run("2026-03-01T10:00:00Z", "ingest kpis ../kpis.csv");
        outcome.fails_with(9).mentions("test.db").mentions("full");
        disk.run(LATER, "latest --all").fails_with(4);
        disk.make_room();
    }
    disk.run("2026-03-01T10:00:00Z", "ingest kpis ../kpis.csv").ok();
    disk.run(LATER, "verify").ok();
}

#[test]
fn a_full_temp_folder_stops_nothing_or_is_named() {
    let Some(disk) = Disk::of(256) else { return };
    disk.fill(0);
    let accounts = (0..1_500).map(|n| format!("Account {n},NPS,{}\n", n % 90)).collect::<String>();
    disk.sandbox.write("kpis.csv", format!("account,kpi,value\n{accounts}"));
    let later = (0..1_500).map(|n| format!("Account {n},NPS,{}\n", n % 80)).collect::<String>();
    disk.sandbox.write("later.csv", format!("account,kpi,value\n{later}"));
    let (temp, database) = (disk.sandbox.path("disk"), disk.sandbox.path("test.db"));
    let run = |at: &str, line: &str| {
        let run = disk.command(at, line).db(&database).cwd("");
        run.env("TMPDIR", &temp).env("SQLITE_TMPDIR", &temp)
    };
    disk.sandbox.command(["ingest", "kpis", "kpis.csv"]).at("2026-03-01T10:00:00Z").run().ok();
    let input = fs::read(disk.sandbox.path("kpis.csv")).expect("the file");
    let lines = [
        "ingest kpis - --force",
        "ingest kpis ../later.csv",
        "snapshot create --all",
        "verify",
        "latest --all",
        "export snapshots ../all.csv",
        "export kpis ../all.parquet",
        "compare --all previous latest",
        "backup ../copy.db",
        "retention plan",
        "retention purge --yes",
        "uploads undo 1 --yes",
        "uploads redo 1 --yes",
    ];
    for line in lines {
        let outcome = run("2026-03-02T10:00:00Z", line).stdin(input.clone()).run();
        match outcome.code() {
            Some(0) => {}
            Some(9) => {
                outcome.mentions(&temp.display().to_string());
            }
            _ => panic!("{}", outcome.transcript()),
        }
    }
    disk.sandbox.command(["verify"]).at(LATER).run().ok();
    let erase = ["--at", "2026-03-03T10:00:00Z", "erase", "-a", "Account 1", "--yes"];
    let erase = || {
        let run = disk.program(env!("CARGO_BIN_EXE_acctsnap"), erase).db(&database);
        run.env("TMPDIR", &temp).env("SQLITE_TMPDIR", &temp).run()
    };
    let outcome = erase();
    assert!(matches!(outcome.code(), Some(0 | 9)), "{}", outcome.transcript());
    if outcome.code() == Some(9) {
        outcome.mentions(&temp.display().to_string());
    }
    disk.sandbox.command(["verify"]).at(LATER).run().ok();
}

const READERS: [&str; 12] = [
    "latest --all",
    "status",
    "verify",
    "snapshot list",
    "accounts list",
    "events list",
    "uploads list",
    "retention plan",
    "scheduled plan",
    "compare --all previous latest",
    "export snapshots ../all.csv",
    "backup ../copy.db --replace",
];

#[test]
fn what_nobody_can_write_can_be_read_and_says_so_to_who_writes() {
    let Some(disk) = Disk::of(16 * 1024) else { return };
    prepare(&disk);
    // As a process that was killed leaves it: the last change is in the log alone.
    disk.shell("cp test.db cold.db && cp test.db ../test.db");
    let held = disk.sandbox.sql();
    held.query_one("SELECT count(*) FROM accounts", [], |row| row.get::<_, i64>(0)).expect("a count");
    let logged = ["snapshot", "create", "-a", "1", "--reason", "logged"];
    disk.sandbox.command(logged).at("2026-03-09T10:00:00Z").run().ok();
    disk.shell("cp ../test.db-wal hot.db-wal && cp ../test.db hot.db");
    drop(held);
    disk.shell("mount -o remount,ro .");
    for (database, logged) in [("cold.db", false), ("hot.db", true)] {
        for line in READERS {
            let run = disk.command("2026-03-10T10:00:00Z", line).db(database).run();
            assert!(matches!(run.code(), Some(0 | 8)), "{database}\n{}", run.transcript());
        }
        let list = disk.command("2026-03-10T10:00:00Z", "snapshot list --json").db(database).run();
        assert_eq!(list.ok().stdout.contains("\"logged\""), logged, "what is in the log is read");
        for (line, makes) in WRITERS.iter().filter(|(line, _)| !line.contains("Account_1")) {
            let json = if line.contains("--json") { "--quiet" } else { "--json" };
            let error =
                disk.command(AT, &format!("{line} {json}")).db(database).run().fails_with(9).error_json();
            assert_eq!(error["code"], "read_only", "{database}: {error}");
            let path = makes.map_or(database, |file| file.trim_end_matches('/'));
            assert!(error["message"].as_str().is_some_and(|told| told.contains(path)), "{database}: {error}");
        }
    }
}
