//! The program's side of a story: the use cases, called as the command line would call them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use acctsnap::clock::Clock;
use acctsnap::config::Config;
use acctsnap::model::upload::UploadKind;
use acctsnap::ops::Context;
use acctsnap::ops::ingest::{IngestOptions, Input, ingest};
use acctsnap::ops::latest::{LatestOptions, latest};
use acctsnap::ops::observer::{Cancel, Unobserved};
use acctsnap::report::ingest::FileView;
use acctsnap::report::snapshot::SnapshotView;

use super::text::CLEAR;
use super::{CUSTOMERS, instant};
use crate::naive::health::Prefer;
use crate::naive::rows::{File, Mode, Rows};
use crate::support::{ACTOR, Sandbox};

/// The program, with a database and settings of its own.
pub struct Program {
    /// Where its database lies.
    pub sandbox: Sandbox,
    config: Config,
    cancel: Cancel,
}

#[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
impl Program {
    /// Of two customers who each prefer a source of scores.
    pub fn new(prefer: [Prefer; 2]) -> Self {
        let section = |(customer, prefer): (&str, Prefer)| {
            let prefer = match prefer {
                Prefer::Newest => "newest",
                Prefer::Ingested => "ingested",
                Prefer::Calculated => "calculated",
            };
            format!("[customers.{customer}.health]\nprefer = \"{prefer}\"\n")
        };
        let text: String = CUSTOMERS.into_iter().zip(prefer).map(section).collect();
        let config = Config::parse(&text, Path::new("snapshots.toml")).expect("settings");
        Self { sandbox: Sandbox::new(), config, cancel: Cancel::new() }
    }

    /// Works for a customer, at an instant.
    pub fn at<T>(&self, customer: usize, now: i64, work: impl FnOnce(&Context<'_>) -> T) -> T {
        self.on(&self.sandbox.path("test.db"), customer, Clock::Fixed(instant(now)), work)
    }

    /// Works for a customer on a database, by a clock.
    pub fn on<T>(
        &self,
        database: &Path,
        customer: usize,
        clock: Clock,
        work: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        work(&Context {
            database,
            config: &self.config,
            customer: CUSTOMERS[customer],
            actor: ACTOR,
            clock,
            wait: Duration::from_secs(30),
            observer: &Unobserved,
            cancel: &self.cancel,
            dry_run: false,
        })
    }

    /// Hands a file in.
    ///
    /// # Errors
    /// What the program says against it.
    pub fn ingest(&self, customer: usize, now: i64, file: &File, text: &str) -> acctsnap::Result<FileView> {
        let options = IngestOptions {
            defer: file.mode == Mode::Deferred,
            no_events: file.mode == Mode::Silent,
            skip_bad_rows: file.skip,
            clear_token: Some(CLEAR),
            ..IngestOptions::default()
        };
        let kind = match &file.rows {
            Rows::Kpis(_) => UploadKind::Kpis,
            Rows::Profiles(_) => UploadKind::Profiles,
            Rows::Health(_) => UploadKind::Health,
            Rows::Playbooks(_) => UploadKind::Playbooks,
            Rows::Notes(_) => UploadKind::Notes,
        };
        let mut bytes = text.as_bytes();
        self.at(customer, now, |context| {
            ingest(context, kind, Input::Stream("file.csv", &mut bytes), &options)
        })
    }

    /// The newest snapshot of each account that has one, by name.
    pub fn newest(&self, customer: usize, now: i64) -> BTreeMap<String, SnapshotView> {
        let options = LatestOptions { archived: true, ..LatestOptions::default() };
        let newest = self.at(customer, now, |context| latest(context, &options).expect("an answer"));
        newest.snapshots.into_iter().map(|it| (it.account_name.clone(), it)).collect()
    }
}
