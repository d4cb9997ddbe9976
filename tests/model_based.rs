//! A random sequence of files, flushes and snapshots by hand agrees with a naive model of the same, step by step.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

pub mod naive;
pub mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use acctsnap::clock::Clock;
use acctsnap::config::Config;
use acctsnap::model::time::Timestamp;
use acctsnap::model::upload::UploadKind;
use acctsnap::ops::Context;
use acctsnap::ops::flush::{FlushOptions, flush_pending};
use acctsnap::ops::ingest::{IngestOptions, Input, ingest};
use acctsnap::ops::latest::{LatestOptions, latest};
use acctsnap::ops::observer::{Cancel, Unobserved};
use acctsnap::ops::snapshot_create::{CreateOptions, create_snapshots};
use acctsnap::report::ingest::FileStatus;
use chrono::{Days, NaiveDate};
use naive::{Book, Cell, Counts, Row};
use proptest::prelude::*;
use support::Sandbox;

const ACCOUNTS: [&str; 3] = ["Acme", "Borealis", "Chinook"];
/// One that has a definition and is scored, two that are only kept.
const KPIS: [&str; 3] = ["Net Promoter Score (NPS)", "Auroras Seen", "Salmon Caught"];

#[derive(Debug, Clone)]
enum Doing {
    Ingest { rows: Vec<Row>, defer: bool },
    Flush { now: bool },
    Create { account: usize },
}

/// The test's clock: milliseconds from midnight of its first day.
fn instant(millis: i64) -> Timestamp {
    Timestamp::parse("2026-11-22T00:00:00Z").expect("an instant").plus_millis(millis)
}

fn day(number: i64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    match u64::try_from(number) {
        Ok(later) => first + Days::new(later),
        Err(_) => first - Days::new(number.unsigned_abs()),
    }
}

fn text_of(rows: &[Row]) -> String {
    let mut text = "account,kpi,value,date\n".to_owned();
    for row in rows {
        let cell = match row.cell {
            Cell::Blank => String::new(),
            Cell::Withdrawn => "N/A".to_owned(),
            Cell::Number(number) => number.to_string(),
        };
        let date = row.day.map(|number| day(number).to_string()).unwrap_or_default();
        let _ = writeln!(text, "{},{},{cell},{date}", ACCOUNTS[row.account], KPIS[row.kpi]);
    }
    text
}

// ---- what may happen

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        1 => Just(Cell::Blank),
        1 => Just(Cell::Withdrawn),
        6 => (1_i64..4).prop_map(Cell::Number),
    ]
}

/// At most one row for each account and KPI; half of them bear a day up to the first one.
fn file() -> impl Strategy<Value = Vec<Row>> {
    let place = proptest::sample::subsequence((0..9_usize).collect::<Vec<_>>(), 1..5);
    let said = proptest::collection::vec((cell(), proptest::option::of(-3_i64..1)), 9);
    (place, said).prop_map(|(places, said)| {
        let row = |place: usize| Row {
            account: place / KPIS.len(),
            kpi: place % KPIS.len(),
            cell: said[place].0,
            day: said[place].1,
        };
        places.into_iter().map(row).collect()
    })
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        6 => (file(), proptest::bool::weighted(0.25)).prop_map(|(rows, defer)| Doing::Ingest { rows, defer }),
        2 => any::<bool>().prop_map(|now| Doing::Flush { now }),
        1 => (0..ACCOUNTS.len()).prop_map(|account| Doing::Create { account }),
    ]
}

/// Steps of the clock: mostly within the cooldown, often at its very edge, now and then into the next day.
fn step() -> impl Strategy<Value = i64> {
    proptest::sample::select(vec![0, 1, 60_000, 150_000, 299_999, 300_000, 300_001, 600_000, 86_400_000])
}

// ---- both sides

struct Program {
    sandbox: Sandbox,
    config: Config,
    cancel: Cancel,
}

impl Program {
    fn at<T>(&self, now: i64, work: impl FnOnce(&Context<'_>) -> T) -> T {
        work(&Context {
            database: &self.sandbox.path("test.db"),
            config: &self.config,
            customer: "default",
            actor: support::ACTOR,
            clock: Clock::Fixed(instant(now)),
            wait: Duration::from_secs(30),
            observer: &Unobserved,
            cancel: &self.cancel,
            dry_run: false,
        })
    }

    /// How many rows of a table each account has.
    fn per_account(&self, table: &str) -> BTreeMap<String, usize> {
        let counted = format!(
            "SELECT h.name, (SELECT count(*) FROM {table} t WHERE t.account_id = h.account_id) FROM account_heads h"
        );
        self.rows(&counted, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn rows<K: Ord, V>(
        &self,
        query: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<(K, V)>,
    ) -> BTreeMap<K, V> {
        let sql = self.sandbox.sql();
        let mut statement = sql.prepare(query).expect("a query");
        statement.query_map([], read).expect("rows").collect::<Result<_, _>>().expect("values")
    }
}

fn perform(program: &Program, book: &mut Book, doing: &Doing, now: i64) -> Result<(), TestCaseError> {
    match doing {
        Doing::Ingest { rows, defer } => {
            let text = text_of(rows);
            let options = IngestOptions { defer: *defer, ..IngestOptions::default() };
            let mut bytes = text.as_bytes();
            let view = program.at(now, |context| {
                ingest(context, UploadKind::Kpis, Input::Stream("kpis.csv", &mut bytes), &options)
                    .expect("a good file")
            });
            let told = view.rows;
            match book.ingest(&text, rows, *defer, now) {
                None => prop_assert_eq!(view.status, FileStatus::UnchangedFile),
                Some(counts) => {
                    let Counts { inserted, updated, unchanged } = counts;
                    prop_assert_eq!((told.inserted, told.updated), (inserted, updated));
                    prop_assert_eq!((told.unchanged, told.rejected), (unchanged, 0));
                }
            }
        }
        Doing::Flush { now: at_once } => {
            let options = FlushOptions { now: *at_once, ..FlushOptions::default() };
            let flushed =
                program.at(now, |context| flush_pending(context, &options).map(|view| view.created).ok());
            prop_assert_eq!(flushed.unwrap_or(0), book.flush(*at_once, now));
        }
        Doing::Create { account } => {
            let options = CreateOptions { accounts: vec![ACCOUNTS[*account]], ..CreateOptions::default() };
            let is_known = book.accounts.contains_key(account);
            let made = program.at(now, |context| create_snapshots(context, &options).is_ok());
            prop_assert_eq!(made, is_known);
            if is_known {
                book.create(*account, now);
            }
        }
    }
    Ok(())
}

/// Everything that the model knows is what the program answers.
fn agree(program: &Program, book: &Book, now: i64) -> Result<(), TestCaseError> {
    if book.accounts.is_empty() {
        return Ok(());
    }
    let name = |account: &usize| ACCOUNTS[*account].to_owned();
    let expected = |of: fn(&naive::Account) -> usize| -> BTreeMap<String, usize> {
        book.accounts.iter().map(|(account, state)| (name(account), of(state))).collect()
    };
    prop_assert_eq!(program.per_account("snapshots"), expected(|account| account.snapshots));
    prop_assert_eq!(program.per_account("pending_events"), expected(naive::Account::pending));

    let values = "SELECT account_name, kpi, observed_at, value FROM v_kpi_current";
    let current = program.rows(values, |row| {
        let key: (String, String) = (row.get(0)?, row.get(1)?);
        Ok((key, (row.get::<_, String>(2)?, row.get::<_, Option<f64>>(3)?)))
    });
    let known = book.accounts.iter().flat_map(|(account, state)| {
        state.current().into_iter().map(move |(kpi, (date, value))| {
            let value = value.map(|number| number.to_string().parse::<f64>().expect("a number"));
            ((name(account), KPIS[kpi].to_owned()), (day(date).to_string(), value))
        })
    });
    prop_assert_eq!(current, known.collect::<BTreeMap<_, _>>());

    let newest = program.at(now, |context| latest(context, &LatestOptions::default()).expect("an answer"));
    let dirty: BTreeMap<String, Option<Timestamp>> =
        newest.snapshots.iter().map(|it| (it.account_name.clone(), it.dirty_since)).collect();
    let with_snapshot = book.accounts.iter().filter(|(_, state)| state.snapshots > 0);
    let behind = with_snapshot.map(|(account, state)| (name(account), state.dirty_since().map(instant)));
    prop_assert_eq!(dirty, behind.collect::<BTreeMap<_, _>>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_operations_agrees_with_the_naive_model(
        story in proptest::collection::vec((step(), doing()), 1..17)
    ) {
        let program = Program { sandbox: Sandbox::new(), config: Config::default(), cancel: Cancel::new() };
        let mut book = Book::default();
        let mut now = 36_000_000;
        for (step, doing) in &story {
            now += step;
            perform(&program, &mut book, doing, now)?;
            agree(&program, &book, now)?;
        }
        let (wrong, _) = if book.accounts.is_empty() { (vec![], 0) } else { support::chain::check(&program.sandbox.sql()) };
        prop_assert_eq!(wrong, Vec::<i64>::new());
    }
}
