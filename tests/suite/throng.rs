//! Thirty-two processes at once on one database, for seconds, or for minutes: `cargo test --test suite throng:: --
//! --ignored --nocapture`. Nobody is turned away, what they were told adds up to what is kept, no cooldown is broken,
//! no slot filled twice, and readers wait for nobody.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "a long run says how much it did")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::direct::begin;
use crate::support::{Outcome, Sandbox, chain};

const CUSTOMERS: [&str; 2] = ["north", "south"];
const ACCOUNTS: u64 = 20;
const COOLDOWN_MILLIS: i64 = 2_000;

/// What each of the thirty-two does again and again.
#[derive(Debug, Clone, Copy)]
enum Part {
    Ingest,
    Deferred,
    Flush,
    Scheduled,
    Create,
    Retention,
    Backup,
    Latest,
}

const CAST: [(Part, usize); 8] = [
    (Part::Ingest, 10),
    (Part::Deferred, 2),
    (Part::Flush, 4),
    (Part::Scheduled, 4),
    (Part::Create, 2),
    (Part::Retention, 2),
    (Part::Backup, 2),
    (Part::Latest, 6),
];

/// What one of them was told, summed up, and which upload gave which accounts which value.
#[derive(Debug, Default)]
struct Told {
    sums: BTreeMap<&'static str, i64>,
    values: Vec<(i64, &'static str, Vec<u64>, String)>,
}

impl Told {
    fn add(&mut self, what: &'static str, more: i64) {
        *self.sums.entry(what).or_default() += more;
    }
}

/// One of the thirty-two.
struct Member<'s> {
    sandbox: &'s Sandbox,
    number: usize,
    /// Draws the next number that nobody else has.
    counter: &'s AtomicU64,
    told: Told,
    /// The newest snapshot that it has seen of each account.
    seen: BTreeMap<i64, i64>,
}

impl Member<'_> {
    #[track_caller]
    fn json(&self, words: &[&str]) -> Value {
        self.sandbox.run(words.iter().chain(&["--json"])).ok().json()
    }

    fn play(&mut self, part: Part) {
        self.told.add("processes", 1);
        match part {
            Part::Ingest => self.ingest(&[]),
            Part::Deferred => self.ingest(&["--defer"]),
            Part::Flush => {
                let told = self.json(&["flush"]);
                self.told.add("snapshots", number(&told, "/created"));
            }
            Part::Scheduled => {
                let told = self.json(&["scheduled", "run"]);
                let filled: i64 =
                    told["slots"].as_array().into_iter().flatten().map(|it| number(it, "/created")).sum();
                self.told.add("slots", filled);
                self.told.add("snapshots", filled + number(&told, "/flushed"));
            }
            Part::Create => {
                let customer = CUSTOMERS[self.number % 2];
                let account = format!("Account {}", self.draw() % ACCOUNTS);
                let told = self.json(&["snapshot", "create", "-a", &account, "--customer", customer]);
                self.told.add("snapshots", length(&told["created"]) + number(&told, "/flushed"));
            }
            Part::Retention => {
                let told = self.json(&["retention", "apply", "--yes"]);
                self.told.add("hidden", number(&told, "/hidden"));
            }
            Part::Backup => {
                let copy = format!("copy-{}.db", self.number);
                self.json(&["backup", &copy, "--replace"]);
                self.sandbox.command(["verify", "-q"]).db(&copy).run().ok();
                self.told.add("backups", 1);
            }
            Part::Latest => self.read(),
        }
    }

    fn draw(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    fn ingest(&mut self, flags: &[&str]) {
        let drawn = self.draw();
        let customer = if drawn.is_multiple_of(2) { CUSTOMERS[0] } else { CUSTOMERS[1] };
        let accounts: Vec<u64> = (0..5).map(|step| (drawn * 7 + step * 3) % ACCOUNTS).collect();
        // No two files are equal, and the scores cross the rules of the schedule.
        let value = format!("{}.{drawn:06}", drawn * 31 % 99);
        let rows = accounts.iter().map(|account| format!("Account {account},NPS,{value}\n"));
        let file = format!("{}.csv", self.number);
        self.sandbox.write(&file, format!("account,kpi,value\n{}", rows.collect::<String>()));
        let words: Vec<&str> =
            ["ingest", "kpis", &file, "--customer", customer].iter().chain(flags).copied().collect();
        let told = self.json(&words);
        let rows = |what: &str| number(&told, &format!("/rows/{what}"));
        assert_eq!((rows("read"), rows("rejected")), (5, 0), "{told}");
        assert_eq!(rows("inserted") + rows("updated") + rows("unchanged"), 5, "{told}");
        self.told.add("uploads", 1);
        self.told.add("events", number(&told, "/events/published"));
        self.told.add("snapshots", number(&told, "/snapshots/created") + number(&told, "/snapshots/flushed"));
        let upload = number(&told, "/files/0/upload_id");
        self.told.values.push((upload, customer, accounts, value));
    }

    /// Reads without any patience; no account's newest snapshot is ever followed by an older one.
    fn read(&mut self) {
        let customer = CUSTOMERS[self.number % 2];
        let told = self.json(&["latest", "--all", "--customer", customer, "--wait", "0s"]);
        let items = told["items"].as_array().expect("a list has items");
        assert_eq!(items.len() as u64, ACCOUNTS);
        for item in items {
            let (account, snapshot) = (number(item, "/account_id"), number(item, "/snapshot_id"));
            let before = self.seen.insert(account, snapshot).unwrap_or(0);
            assert!(before <= snapshot, "account {account}: {snapshot} was read after {before}");
        }
        self.told.add("reads", 1);
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "the way of a test to fail")]
fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

fn length(list: &Value) -> i64 {
    list.as_array().map_or(0, |items| i64::try_from(items.len()).expect("a small number"))
}

/// Two customers whose accounts are known for years, so that a slot of every rule is owed.
fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    let rule = |name: &str, when: &str, every: &str| {
        let when = if when.is_empty() { String::new() } else { format!("when = \"{when}\"\n") };
        format!("[[schedule]]\nname = \"{name}\"\n{when}every = \"{every}\"\n")
    };
    let rules = [
        rule("low", "health < 50", "daily"),
        rule("middle", "health < 60", "weekly"),
        rule("fair", "health < 70", "monthly"),
        rule("high", "", "quarterly"),
    ];
    let settings = format!(
        "[cooldown]\nevent_driven = \"{}s\"\n{}[retention.default]\nyear = 1\n",
        COOLDOWN_MILLIS / 1_000,
        rules.concat()
    );
    sandbox.write("snapshots.toml", settings);
    let rows = (0..ACCOUNTS).map(|account| format!("Account {account},NPS,50\n"));
    sandbox.write("first.csv", format!("account,kpi,value\n{}", rows.collect::<String>()));
    for customer in CUSTOMERS {
        let words = ["ingest", "kpis", "first.csv", "--customer", customer];
        sandbox.command(words).at("2024-01-10T10:00:00Z").run().ok();
    }
    sandbox
}

/// Lets the crowd in for so long; what all of them were told.
fn run(sandbox: &Sandbox, time: Duration) -> Told {
    let (end, counter) = (Instant::now() + time, AtomicU64::new(1));
    let parts = CAST.iter().flat_map(|(part, members)| vec![*part; *members]);
    let mut all = Told::default();
    std::thread::scope(|scope| {
        let members: Vec<_> = parts
            .enumerate()
            .map(|(number, part)| {
                let (told, seen) = (Told::default(), BTreeMap::new());
                let mut member = Member { sandbox, number, counter: &counter, told, seen };
                scope.spawn(move || {
                    while Instant::now() < end {
                        member.play(part);
                    }
                    member.told
                })
            })
            .collect();
        for member in members {
            let told = member.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            told.sums.into_iter().for_each(|(what, sum)| all.add(what, sum));
            all.values.extend(told.values);
        }
    });
    all
}

fn strings(sandbox: &Sandbox, sql: &str) -> Vec<String> {
    let sql_open = sandbox.sql();
    let mut statement = sql_open.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<rusqlite::Result<_>>().expect("texts")
}

/// Event-driven snapshots of an account that stand closer together than the cooldown.
const BROKEN_COOLDOWNS: &str = "SELECT format('account %d: %d after %d ms', account_id, id, passed) FROM (\
     SELECT s.account_id, s.id, g.recorded_at - lag(g.recorded_at) OVER (PARTITION BY s.account_id ORDER BY s.id) AS passed \
     FROM snapshots s JOIN changes g ON g.id = s.change_id WHERE s.snapshot_type = 2) WHERE passed < ";

const DOUBLED_SLOTS: &str = "SELECT format('account %d: %s', account_id, label) FROM slots GROUP BY account_id, label HAVING count(*) > 1";

/// Looks at what is kept, and compares it with what was told.
fn judge(sandbox: &Sandbox, told: &Told) {
    let first = i64::try_from(ACCOUNTS * 2).expect("a small number");
    let sum = |what: &str| told.sums.get(what).copied().unwrap_or_default();
    assert_eq!(sandbox.count("uploads"), sum("uploads") + 2);
    assert_eq!(sandbox.count("events"), sum("events") + first);
    assert_eq!(sandbox.count("snapshots"), sum("snapshots") + first);
    assert_eq!(sandbox.count("slots"), sum("slots"));
    assert_eq!(sandbox.count("snapshots WHERE snapshot_type = 4"), sum("slots"), "a slot, a snapshot");
    assert_eq!(sandbox.count("tombstones"), sum("hidden"));
    let broken = strings(sandbox, &format!("{BROKEN_COOLDOWNS}{COOLDOWN_MILLIS}"));
    assert_eq!(broken, [""; 0], "the cooldown is kept between processes");
    assert_eq!(strings(sandbox, DOUBLED_SLOTS), [""; 0], "no slot is filled twice");
    let mut newest = BTreeMap::new();
    for (upload, customer, accounts, value) in &told.values {
        for account in accounts {
            let held = newest.entry((*customer, *account)).or_insert((0, ""));
            *held = (*held).max((*upload, value.as_str()));
        }
    }
    assert!(!newest.is_empty());
    for ((customer, account), (upload, value)) in newest {
        let found = format!(
            "v_kpi_current WHERE customer = '{customer}' AND account_name = 'Account {account}' AND value = {value}"
        );
        assert_eq!(sandbox.count(&found), 1, "Account {account} of {customer} has what upload {upload} said");
    }
    assert_eq!(chain::check(&sandbox.sql()).0, [0_i64; 0]);
    sandbox.run(["verify"]).ok();
    // What the cooldown held back is owed, and nothing beyond: after it one flush leaves nothing pending.
    sandbox.run(["flush", "--now"]).ok();
    assert_eq!(sandbox.count("pending_events"), 0);
    sandbox.run(["verify"]).ok();
}

/// What happens even on a slow machine in the short form; whether retention gets its turn in it, chance says.
const ALWAYS: [&str; 4] = ["uploads", "events", "snapshots", "reads"];
const IN_THE_LONG_FORM: [&str; 7] = ["uploads", "events", "snapshots", "slots", "hidden", "backups", "reads"];

fn throng(time: Duration, happened: &[&str]) {
    let sandbox = portfolio();
    let told = run(&sandbox, time);
    judge(&sandbox, &told);
    for what in happened {
        assert!(told.sums.get(*what).is_some_and(|sum| *sum > 0), "no {what}: {:?}", told.sums);
    }
    eprintln!("32 processes at once for {} s: {:?}", time.as_secs(), told.sums);
}

#[test]
fn thirty_two_at_once_get_their_turn_and_every_total_is_exact() {
    throng(Duration::from_secs(8), &ALWAYS);
}

#[test]
#[ignore = "takes two minutes; see the top of the file"]
fn thirty_two_at_once_for_two_minutes() {
    throng(Duration::from_secs(120), &IN_THE_LONG_FORM);
}

/// Every command that reads, run without any patience.
const READERS: [&[&str]; 23] = [
    &["latest", "--all"],
    &["latest", "-a", "Account 1"],
    &["history", "-a", "Account 1"],
    &["explain", "-a", "Account 1"],
    &["compare", "-a", "Account 1", "2024-01-10", "now"],
    &["compare", "--all", "2024-01-10", "2024-01-11"],
    &["snapshot", "list"],
    &["snapshot", "show", "1"],
    &["accounts", "list"],
    &["accounts", "show", "Account 1"],
    &["customers", "list"],
    &["events", "list"],
    &["kpis", "list"],
    &["kpis", "unknown"],
    &["uploads", "list"],
    &["notes", "list", "-a", "Account 1"],
    &["tags", "list"],
    &["status"],
    &["scheduled", "plan"],
    &["retention", "plan"],
    &["verify"],
    &["backup", "copy.db", "--replace"],
    &["export", "snapshots", "all.csv"],
];

#[test]
fn readers_wait_for_no_writer() {
    let sandbox = portfolio();
    let mut store = sandbox.store();
    let read = |words: &[&str]| -> Outcome {
        // A backup takes every customer, and says so.
        let whose: &[&str] = if words[0] == "backup" { &[] } else { &["--customer", "north"] };
        sandbox.command(words.iter().chain(whose).chain(&["--wait", "0s"])).at("2024-01-12T10:00:00Z").run()
    };
    let free: Vec<Outcome> = READERS.iter().map(|words| read(words)).collect();
    let lock = begin(&mut store, "north", "10:00:00");
    for (words, free) in READERS.iter().zip(free) {
        let held = read(words);
        // `status` says by its exit code what it found, not whether it could look.
        assert_eq!(held.code(), free.code(), "{}", held.transcript());
        assert!(matches!(held.code(), Some(0)) || *words == ["status"], "{words:?}\n{}", held.transcript());
    }
    // It was held: who writes is told so.
    sandbox.run(["flush", "--wait", "0s"]).fails_with(6);
    lock.roll_back();
}
