//! A portfolio with accounts for every rule of a schedule, run through the library at any instant; and which slots a
//! clock on the wall would have shown. It must not judge: what holds is said in the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use acctsnap::clock::Clock;
use acctsnap::config::Config;
use acctsnap::model::time::Timestamp;
use acctsnap::ops::Context;
use acctsnap::ops::observer::{Cancel, Unobserved};
use acctsnap::ops::scheduled::{ScheduleOptions, run_schedule};
use acctsnap::report::scheduled::run::ScheduleRunView;
use chrono::{DateTime, Datelike as _, Days, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::support::{ACTOR, Sandbox};

/// How many accounts there are; account n is decided by the rule n % 6.
pub const ACCOUNTS: usize = 40;

/// The rules' conditions, cadences and times of day; the times lie where clocks jump.
const RULES: [(&str, &str, &str); 6] = [
    ("status in [inactive, churned]", "monthly", "00:00"),
    ("revenue > 1000000", "daily", "02:15"),
    ("health < 70", "daily", "00:00"),
    ("playbooks_running_count > 0", "daily", "23:45"),
    ("tier = partner", "quarterly", "06:00"),
    ("", "weekly", "01:30"),
];

/// A database, its settings and its zone.
pub struct Calendar {
    /// Where it lies.
    pub sandbox: Sandbox,
    config: Config,
    zone: Tz,
    actor: &'static str,
}

#[expect(clippy::expect_used, reason = "a test without its portfolio cannot go on")]
impl Calendar {
    /// Forty accounts, first mentioned in December 2025.
    pub fn new(zone: Tz) -> Self {
        let sandbox = Sandbox::new();
        let names = (0..ACCOUNTS).map(|n| (n, format!("Account {n:02}")));
        let (mut profiles, mut health) =
            ("account,external id,status,tier,arr\n".to_owned(), "account,period,health_score\n".to_owned());
        let mut playbooks = Vec::new();
        for (n, name) in names {
            let is = |rule: usize| n % RULES.len() == rule;
            let status = if is(0) { "inactive" } else { "active" };
            let tier = if is(4) { "Partner" } else { "Standard" };
            let revenue = if is(1) { 2_000_000 } else { 50_000 };
            profiles.push_str(&format!("{name},A-{n},{status},{tier},{revenue}\n"));
            health.push_str(&format!("{name},2025-11,{}\n", if is(2) { 60 } else { 90 }));
            if is(3) {
                playbooks.push(serde_json::json!({
                    "id": format!("run-{n}"), "playbookId": "voc-sprint", "accountId": format!("A-{n}"),
                    "status": "in-progress", "startedAt": "2025-12-01T09:00:00Z",
                }));
            }
        }
        sandbox.write("profiles.csv", profiles);
        sandbox.write("health.csv", health);
        sandbox.write("playbooks.json", serde_json::Value::from(playbooks).to_string());
        for (kind, file) in
            [("profiles", "profiles.csv"), ("health", "health.csv"), ("playbooks", "playbooks.json")]
        {
            sandbox.command(["ingest", kind, file, "--no-events"]).at("2025-12-20T10:00:00Z").run().ok();
        }
        let config = Config::parse(&settings(zone), Path::new("snapshots.toml")).expect("the settings");
        Self { sandbox, config, zone, actor: ACTOR }
    }

    /// One run at an instant; one that is killed does everything and loses it.
    pub fn run(&self, at: Timestamp, killed: bool) -> ScheduleRunView {
        let cancel = Cancel::new();
        let context = Context {
            database: &self.sandbox.path("test.db"),
            config: &self.config,
            customer: "default",
            actor: self.actor,
            clock: Clock::Fixed(at),
            wait: Duration::from_secs(30),
            observer: &Unobserved,
            cancel: &cancel,
            dry_run: killed,
        };
        run_schedule(&context, &ScheduleOptions::default()).expect("a run")
    }

    /// The labels that the newest slot of each rule has at an instant, as a clock on the wall tells.
    pub fn on_the_wall(&self, at: Timestamp) -> [String; 6] {
        let utc = DateTime::<Utc>::from_timestamp_millis(at.millis()).expect("an instant");
        let local = utc.with_timezone(&self.zone).naive_local();
        RULES.map(|(_, cadence, time)| label(local, cadence, time))
    }

    /// The labels filled, by account, with how long after its due instant each was.
    pub fn filled(&self) -> BTreeMap<usize, BTreeMap<String, i64>> {
        let sql = self.sandbox.sql();
        let mut statement = sql
            .prepare(
                "SELECT h.name, s.label, g.recorded_at - s.due_at FROM slots s JOIN changes g ON g.id = s.change_id \
                 JOIN account_heads h ON h.account_id = s.account_id \
                 JOIN snapshots t ON t.id = s.snapshot_id AND t.account_id = s.account_id AND t.snapshot_type = 4",
            )
            .expect("a statement");
        let mut filled: BTreeMap<usize, BTreeMap<String, i64>> = BTreeMap::new();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let (name, label, late): (String, String, i64) =
                (row.get(0).expect("a name"), row.get(1).expect("a label"), row.get(2).expect("a delay"));
            let number = name.trim_start_matches("Account ").parse().expect("a number");
            let twice = filled.entry(number).or_default().insert(label, late);
            assert_eq!(twice, None, "{name} has a slot twice");
        }
        filled
    }

    /// A number that the database tells.
    pub fn number(&self, sql: &str) -> i64 {
        self.sandbox.sql().query_one(sql, [], |row| row.get(0)).expect("a number")
    }
}

fn settings(zone: Tz) -> String {
    let mut text = format!("timezone = \"{zone}\"\n");
    for (place, (when, every, at)) in RULES.iter().enumerate() {
        text.push_str(&format!(
            "[[schedule]]\nname = \"rule {place}\"\nevery = \"{every}\"\nat = \"{at}\"\n"
        ));
        if !when.is_empty() {
            text.push_str(&format!("when = \"{when}\"\n"));
        }
        if *every == "weekly" {
            text.push_str("on = \"sunday\"\n");
        }
    }
    text
}

/// The period whose due time a clock on the wall has passed last.
#[expect(clippy::expect_used, reason = "the times are those above")]
fn label(local: NaiveDateTime, cadence: &str, at: &str) -> String {
    let at = NaiveTime::parse_from_str(at, "%H:%M").expect("a time of day");
    let yesterday = |local: NaiveDateTime| local.date().checked_sub_days(Days::new(1)).expect("a day");
    let day = if local.time() >= at { local.date() } else { yesterday(local) };
    match cadence {
        "daily" => format!("day {day}"),
        "weekly" => {
            let back = u64::from(day.weekday().num_days_from_sunday());
            let sunday = day.checked_sub_days(Days::new(back)).expect("a Sunday");
            format!("week {}-W{:02}", sunday.iso_week().year(), sunday.iso_week().week())
        }
        "monthly" => format!("month {}", day.format("%Y-%m")),
        _ => format!("quarter {}-Q{}", day.year(), day.month0() / 3 + 1),
    }
}

/// The labels of each rule at any of these instants, but for those that were due before the first fact.
pub fn labels(calendar: &Calendar, at: &[Timestamp]) -> [BTreeSet<String>; 6] {
    let mut labels: [BTreeSet<String>; 6] = std::array::from_fn(|_| BTreeSet::new());
    for instant in at {
        for (labels, label) in labels.iter_mut().zip(calendar.on_the_wall(*instant)) {
            labels.insert(label);
        }
    }
    // The first fact is of 20 December 2025: the slots of that month and quarter were due before it.
    for before in ["month 2025-12", "quarter 2025-Q4"] {
        labels.iter_mut().for_each(|labels| labels.retain(|label| label != before));
    }
    labels
}
