//! Short words for what tests of the main job do again and again: hand a file in at an instant, ask for the newest
//! snapshots, look at events. It must not judge: what holds is said in the tests.

use acctsnap::store::{EventFilter, EventRecord, Store};
use rusqlite::Connection;
use serde_json::Value;

use super::{Outcome, Sandbox};

/// An instant of the day on which the tests play.
pub fn today(time: &str) -> String {
    format!("2026-11-22T{time}Z")
}

/// A KPI file in the long layout: account, KPI, value.
pub fn rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let lines = rows.into_iter().map(|(account, kpi, value)| format!("{account},{kpi},{value}\n"));
    std::iter::once("account,kpi,value\n".to_owned()).chain(lines).collect()
}

/// A KPI file of one value: the account's Net Promoter Score.
pub fn nps(account: &str, value: &str) -> String {
    rows([(account, "Net Promoter Score (NPS)", value)])
}

#[expect(clippy::expect_used, reason = "a test that cannot look into its database cannot go on")]
impl Sandbox {
    /// Ingests a text as the KPI file `kpis.csv`, at a time of the day of the tests.
    pub fn ingest(&self, time: &str, csv: &str, flags: &[&str]) -> Outcome {
        self.write("kpis.csv", csv);
        self.command(["ingest", "kpis", "kpis.csv"].iter().chain(flags)).at(&today(time)).run()
    }

    /// As [`Sandbox::ingest`], which succeeds; the answer as JSON.
    #[track_caller]
    pub fn ingested(&self, time: &str, csv: &str, flags: &[&str]) -> Value {
        let flags: Vec<&str> = flags.iter().copied().chain(["--json"]).collect();
        self.ingest(time, csv, &flags).ok().json()
    }

    /// Runs a command at a time of the day of the tests.
    pub fn at(&self, time: &str, words: &[&str]) -> Outcome {
        self.command(words).at(&today(time)).run()
    }

    /// The newest snapshot of an account of the customer "default".
    #[track_caller]
    pub fn latest(&self, time: &str, account: &str) -> Value {
        self.at(time, &["latest", "-a", account, "--json"]).ok().json()
    }

    /// The newest snapshots of a customer.
    #[track_caller]
    pub fn latest_of_all(&self, time: &str, customer: &str) -> Vec<Value> {
        let answer = self.at(time, &["latest", "--all", "--json", "--customer", customer]);
        answer.ok().json()["items"].as_array().cloned().expect("a list has items")
    }

    /// A customer's events, oldest first, each with its last decision.
    pub fn events(&self, customer: &str) -> Vec<EventRecord> {
        let store = Store::open_read_only(&self.path("test.db")).expect("the test's database");
        let reader = store.reader().expect("a view of it");
        let customer = reader.find_customer(customer).expect("the customer");
        let filter = EventFilter::default();
        let mut events = reader.list_events(customer, filter).expect("its events");
        events.reverse();
        events
    }

    /// What became of a customer's events in the end, oldest first.
    pub fn outcomes(&self, customer: &str) -> Vec<&'static str> {
        self.events(customer).iter().map(|event| event.outcome.code()).collect()
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        self.sql().query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a table")
    }

    /// The test's database, as any other program would open it.
    pub fn sql(&self) -> Connection {
        Connection::open(self.path("test.db")).expect("the test's database")
    }
}

#[expect(clippy::panic, reason = "the way of a test to fail")]
impl Outcome {
    /// A whole line of standard error.
    #[track_caller]
    pub fn says(&self, line: &str) -> &Self {
        if !self.stderr.lines().any(|said| said == line) {
            panic!("expected the line '{line}' on standard error\n{}", self.transcript());
        }
        self
    }

    /// A part of the answer.
    #[track_caller]
    pub fn tells(&self, part: &str) -> &Self {
        if !self.stdout.contains(part) {
            panic!("expected '{part}' in the answer\n{}", self.transcript());
        }
        self
    }

    /// A part of standard error.
    #[track_caller]
    pub fn mentions(&self, part: &str) -> &Self {
        if !self.stderr.contains(part) {
            panic!("expected '{part}' on standard error\n{}", self.transcript());
        }
        self
    }

    /// Nothing like this on standard error.
    #[track_caller]
    pub fn keeps_silent_of(&self, part: &str) -> &Self {
        if self.stderr.contains(part) {
            panic!("expected no '{part}' on standard error\n{}", self.transcript());
        }
        self
    }
}
