//! Stories whose last command is disturbed, what a disturbed run leaves, and how it is judged.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Outcome, Sandbox};

/// The calls that change what is on the disk.
pub const CALLS: [&str; 14] = [
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlinkat",
    "mkdir",
    "mkdirat",
];

/// What happens before, and the command that is disturbed, at its instant.
#[derive(Debug, Clone, Copy)]
pub struct Story {
    /// What it is called.
    pub name: &'static str,
    prepare: fn(&Sandbox),
    at: &'static str,
    words: &'static [&'static str],
}

/// The runs that write, of every kind.
pub const STORIES: [Story; 12] = [
    Story {
        name: "ingest",
        prepare: files,
        at: "2026-03-01T10:00:00Z",
        words: &["ingest", "kpis", "kpis.csv"],
    },
    Story {
        name: "second ingest",
        prepare: ingested,
        at: "2026-03-02T10:00:00Z",
        words: &["ingest", "kpis", "later.csv"],
    },
    Story { name: "flush", prepare: deferred, at: "2026-03-03T10:00:00Z", words: &["flush", "--now"] },
    Story {
        name: "scheduled run",
        prepare: scheduled,
        at: "2026-03-04T10:00:00Z",
        words: &["scheduled", "run"],
    },
    Story {
        name: "purge",
        prepare: hidden,
        at: "2026-06-01T10:00:00Z",
        words: &["retention", "purge", "--yes"],
    },
    Story {
        name: "undo",
        prepare: ingested_twice,
        at: "2026-03-03T10:00:00Z",
        words: &["uploads", "undo", "2", "--yes"],
    },
    Story {
        name: "redo",
        prepare: taken_back,
        at: "2026-03-04T10:00:00Z",
        words: &["uploads", "redo", "2", "--yes"],
    },
    Story {
        name: "merge",
        prepare: with_a_gap,
        at: "2026-03-04T10:00:00Z",
        words: &["accounts", "merge", "Account 16", "Account 18", "--yes"],
    },
    Story {
        name: "erasure of an account",
        prepare: ingested_twice,
        at: "2026-03-05T10:00:00Z",
        words: &["erase", "-a", ERASED_ACCOUNT, "--yes"],
    },
    Story {
        name: "erasure of a person",
        prepare: noted,
        at: "2026-03-05T10:00:00Z",
        words: &["erase", "--person", ERASED_PERSON, "--yes"],
    },
    Story {
        name: "erasure of a customer",
        prepare: shared,
        at: "2026-03-05T10:00:00Z",
        words: &["erase", "--customer", ERASED_CUSTOMER, "--yes"],
    },
    Story { name: "migration", prepare: outdated, at: "2027-01-01T10:00:00Z", words: &["customers", "list"] },
];

/// A backup leaves a file, not a state: it is judged by itself.
pub const BACKUP: Story = Story {
    name: "backup",
    prepare: ingested,
    at: "2026-03-02T10:00:00Z",
    words: &["backup", "copy.db", "--replace"],
};

const ACCOUNTS: usize = 30;
const ERASED_ACCOUNT: &str = "Account 17";
const ERASED_PERSON: &str = "Jane Q. Doering";

const ERASED_CUSTOMER: &str = "Zebra Holding";

fn rows(shift: usize) -> String {
    let kpis = ["NPS", "Ticket Volume", "Churn Rate"];
    let rows = (0..ACCOUNTS).flat_map(|account| {
        kpis.iter().map(move |kpi| format!("Account {account},{kpi},{}\n", (account + shift) % 90))
    });
    format!("account,kpi,value\n{}", rows.collect::<String>())
}

fn files(sandbox: &Sandbox) {
    sandbox.write("kpis.csv", rows(0));
    sandbox.write("later.csv", rows(7));
}

fn ingested(sandbox: &Sandbox) {
    files(sandbox);
    sandbox.command(["ingest", "kpis", "kpis.csv"]).at("2026-03-01T10:00:00Z").run().ok();
}

fn deferred(sandbox: &Sandbox) {
    ingested(sandbox);
    sandbox.command(["ingest", "kpis", "later.csv", "--defer"]).at("2026-03-02T10:00:00Z").run().ok();
}

fn ingested_twice(sandbox: &Sandbox) {
    ingested(sandbox);
    sandbox.command(["ingest", "kpis", "later.csv"]).at("2026-03-02T10:00:00Z").run().ok();
}

fn taken_back(sandbox: &Sandbox) {
    ingested_twice(sandbox);
    sandbox.command(["uploads", "undo", "2", "--yes"]).at("2026-03-03T10:00:00Z").run().ok();
}

/// Of one account something is known of which another lacks it.
fn with_a_gap(sandbox: &Sandbox) {
    ingested(sandbox);
    sandbox.write("gap.csv", "account,kpi,value\nAccount 16,CSAT,4\n");
    sandbox.command(["ingest", "kpis", "gap.csv"]).at("2026-03-02T10:00:00Z").run().ok();
}

fn noted(sandbox: &Sandbox) {
    ingested(sandbox);
    let rows =
        (0..ACCOUNTS).map(|account| format!("Account {account},n{account},Call,{ERASED_PERSON} called\n"));
    sandbox.write("notes.csv", format!("account,note_id,title,content\n{}", rows.collect::<String>()));
    sandbox.command(["ingest", "notes", "notes.csv"]).at("2026-03-02T10:00:00Z").run().ok();
    let reason = format!("asked for by {ERASED_PERSON}");
    let create = ["snapshot", "create", "--all", "--reason", &reason];
    sandbox.command(create).at("2026-03-03T10:00:00Z").run().ok();
}

fn shared(sandbox: &Sandbox) {
    ingested(sandbox);
    let ingest = ["ingest", "kpis", "later.csv", "--customer", ERASED_CUSTOMER];
    sandbox.command(ingest).at("2026-03-02T10:00:00Z").run().ok();
}

fn scheduled(sandbox: &Sandbox) {
    sandbox.write("snapshots.toml", "[[schedule]]\nname = \"daily\"\nevery = \"daily\"\n");
    ingested(sandbox);
}

fn hidden(sandbox: &Sandbox) {
    ingested(sandbox);
    for day in 2..6 {
        let at = format!("2026-03-0{day}T10:00:00Z");
        sandbox.command(["snapshot", "create", "--all"]).at(&at).run().ok();
    }
    sandbox.write("snapshots.toml", "[retention.default]\nyear = 1\n");
    sandbox.command(["retention", "apply", "--yes"]).at("2026-05-01T10:00:00Z").run().ok();
}

fn outdated(sandbox: &Sandbox) {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/databases/version_3.db");
    sandbox.write("test.db", fs::read(kept).unwrap_or_default());
}

impl Story {
    /// A sandbox in which everything before has happened.
    pub fn prepared(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        (self.prepare)(&sandbox);
        sandbox
    }

    /// Another one in the same state, to the last byte.
    pub fn again(&self, first: &Sandbox) -> Sandbox {
        let sandbox = Sandbox::new();
        for name in ["kpis.csv", "later.csv", "snapshots.toml", "test.db", "test.db-wal"] {
            if let Ok(bytes) = fs::read(first.path(name)) {
                sandbox.write(name, bytes);
            }
        }
        sandbox
    }

    fn command(&self) -> Vec<&'static str> {
        ["--at", self.at].into_iter().chain(self.words.iter().copied()).collect()
    }

    /// The command, undisturbed.
    pub fn run(&self, sandbox: &Sandbox) -> Outcome {
        sandbox.run(self.command())
    }

    /// The command again, after a disturbed one. An account or customer that was erased is not there any more; in either case no
    /// byte of what was to be erased is left beside the database.
    #[track_caller]
    pub fn repeat(&self, sandbox: &Sandbox, when: &str) {
        let outcome = self.run(sandbox);
        let erased = [ERASED_ACCOUNT, ERASED_PERSON, ERASED_CUSTOMER]
            .into_iter()
            .find(|name| self.words.contains(name));
        let is_gone = erased.is_some_and(|erased| erased != ERASED_PERSON) && outcome.code() == Some(4);
        assert!(is_gone || outcome.code() == Some(0), "{when}\n{}", outcome.transcript());
        let Some(erased) = erased else { return };
        for file in ["test.db", "test.db-wal", "test.db-shm", "test.db-journal"] {
            let bytes = fs::read(sandbox.path(file)).unwrap_or_default();
            let is_left = bytes.windows(erased.len()).any(|window| window == erased.as_bytes());
            assert!(!is_left, "{when}: {file} still holds '{erased}'");
        }
    }

    /// The command under strace, with what is injected; the calls are written to `trace.log`.
    pub fn disturbed(&self, sandbox: &Sandbox, inject: &[String]) -> Outcome {
        self.disturbed_with(sandbox, inject, self.words)
    }

    /// Other words under strace, at the instant of the story.
    pub fn disturbed_with(&self, sandbox: &Sandbox, inject: &[String], last: &[&str]) -> Outcome {
        let trace = format!("trace={}", CALLS.join(","));
        let mut words: Vec<String> =
            ["-f", "-qq", "-o", "trace.log", "-e", &trace].iter().map(ToString::to_string).collect();
        words.extend(inject.iter().cloned());
        words.push(env!("CARGO_BIN_EXE_acctsnap").to_owned());
        words.extend(["--at", self.at].iter().chain(last).map(ToString::to_string));
        sandbox.program("strace", words).run()
    }

    /// How often the program's first thread makes each call, undisturbed.
    pub fn calls(&self, first: &Sandbox, filter: &[String]) -> BTreeMap<&'static str, u32> {
        let sandbox = self.again(first);
        self.disturbed(&sandbox, filter).ok();
        let log = sandbox.read("trace.log");
        let leader = log.split_whitespace().next().unwrap_or_default().to_owned();
        let mut calls = BTreeMap::new();
        for line in log.lines().filter_map(|line| line.strip_prefix(&leader)) {
            let name = line.trim_start().split('(').next().unwrap_or_default();
            if let Some(call) = CALLS.into_iter().find(|call| *call == name) {
                *calls.entry(call).or_insert(0) += 1;
            }
        }
        calls
    }
}

/// What anybody can ask of a database: every snapshot, KPI value, event and upload, to the last byte, a field a line.
/// Digests are left out: they hang on the salts of accounts, which are drawn anew, and on where the files lay.
pub fn state(sandbox: &Sandbox) -> BTreeMap<&'static str, String> {
    let mut state = BTreeMap::new();
    let mut keep = |what, text: &str| {
        let fields = text.replace(",\"", ",\n\"");
        let lines =
            fields.lines().filter(|line| !line.contains("\"digest\"") && !line.contains("\"chain_hash\""));
        state.insert(what, lines.map(|line| format!("{line}\n")).collect::<String>());
    };
    for kind in ["snapshots", "kpis", "events"] {
        let export = sandbox.command(["export", kind, "state.jsonl"]).at("2027-06-01T10:00:00Z").run();
        // In the database of an earlier version no customer bears the default name.
        match export.code() {
            Some(4) => keep(kind, ""),
            _ => {
                export.ok();
                keep(kind, &sandbox.read("state.jsonl"));
            }
        }
    }
    keep("uploads", &sandbox.command(["uploads", "list", "--json"]).at("2027-06-01T10:00:00Z").run().stdout);
    state
}

/// Fails where two states differ, with the first line in which they do.
#[track_caller]
pub fn is_same(left: &BTreeMap<&'static str, String>, expected: &BTreeMap<&'static str, String>, when: &str) {
    for (what, text) in left {
        let wanted = expected.get(what).map_or("", String::as_str);
        let differing = text.lines().zip(wanted.lines()).find(|(one, other)| one != other);
        assert_eq!(differing, None, "{what}, {when}");
        assert_eq!(text.len(), wanted.len(), "{what}, {when}");
    }
}

/// Fails where a database is not whole: `verify` looks at the file, the ledger, every snapshot, event, decision, cooldown.
#[track_caller]
pub fn is_whole(sandbox: &Sandbox, when: &str) {
    if sandbox.path("test.db").exists() {
        let verified = sandbox.command(["verify"]).at("2027-06-01T10:00:00Z").run();
        // A file that nothing was written into yet has nothing to verify.
        assert!(matches!(verified.code(), Some(0 | 4)), "{when}\n{}", verified.transcript());
    }
}

/// Whether programs can be traced here; says so where they cannot.
pub fn can_trace() -> bool {
    let sandbox = Sandbox::new();
    let traces = std::process::Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .current_dir(sandbox.path(""))
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !traces {
        eprintln!("skipped: strace is not installed, or may not trace here");
    }
    traces
}

/// Which of `count` calls are taken: all, or so many spread over them, the first and the last among them.
pub fn share(count: u32, most: Option<u32>) -> Vec<u32> {
    match most {
        Some(most) if most < count => {
            let mut taken: Vec<u32> =
                (0..most).map(|place| 1 + place * (count - 1) / (most - 1).max(1)).collect();
            taken.dedup();
            taken
        }
        _ => (1..=count).collect(),
    }
}
