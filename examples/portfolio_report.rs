//! How to use acctsnap as a library: ingest files into a database, and report on the accounts.
//!
//! `cargo run --example portfolio_report` reads the example portfolio into a database in a temporary folder and
//! prints the accounts, worst score first, with their revenue and the newest playbook.

use std::path::Path;
use std::time::Duration;

use acctsnap::Error;
use acctsnap::clock::Clock;
use acctsnap::config::Config;
use acctsnap::model::time::Timestamp;
use acctsnap::model::upload::UploadKind;
use acctsnap::ops::Context;
use acctsnap::ops::flush::{FlushOptions, flush_pending};
use acctsnap::ops::ingest::{IngestOptions, Input, ingest};
use acctsnap::ops::latest::{LatestOptions, latest};
use acctsnap::ops::observer::{Cancel, Unobserved};
use acctsnap::report::snapshot::SnapshotView;

/// The files of the portfolio, in the order in which they came in.
const FILES: [(UploadKind, &str); 7] = [
    (UploadKind::Kpis, "kpis-2026-08.csv"),
    (UploadKind::Kpis, "kpis-2026-09.csv"),
    (UploadKind::Profiles, "profiles-2026-10.csv"),
    (UploadKind::Playbooks, "playbooks-2026-10.json"),
    (UploadKind::Kpis, "kpis-2026-10.csv"),
    (UploadKind::Playbooks, "playbooks-2026-11.json"),
    (UploadKind::Notes, "notes-2026-10.csv"),
];

/// Ingests the portfolio of a folder into a database, as of an instant, and reports on it.
///
/// # Errors
/// A file cannot be read or taken, or the database cannot be written.
pub fn report(portfolio: &Path, database: &Path, now: Timestamp) -> Result<String, Error> {
    // Without a settings file the defaults hold; `Config::parse` reads one.
    let config = Config::default();
    let cancel = Cancel::new();
    let context = Context {
        database,
        config: &config,
        customer: "demo",
        actor: "portfolio_report",
        // `Clock::System` is the real time.
        clock: Clock::Fixed(now),
        wait: Duration::from_secs(30),
        // An observer is told of progress and of every snapshot; this one does not listen.
        observer: &Unobserved,
        cancel: &cancel,
        dry_run: false,
    };
    // As a nightly batch does it: the facts of each file first, then one snapshot an account with all of them.
    let options = IngestOptions { defer: true, ..IngestOptions::default() };
    for (kind, file) in FILES {
        ingest(&context, kind, Input::File(&portfolio.join(file)), &options)?;
    }
    flush_pending(&context, &FlushOptions { now: true, ..FlushOptions::default() })?;
    let mut snapshots = latest(&context, &LatestOptions::default())?.snapshots;
    snapshots.sort_by_key(|snapshot| snapshot.overall_health_score);
    Ok(snapshots.iter().map(line).collect())
}

/// An account's line; what is not known is shown as a dash.
fn line(snapshot: &SnapshotView) -> String {
    let unknown = || "-".to_owned();
    let score = snapshot.overall_health_score.map_or_else(unknown, |score| score.to_string());
    let currency = snapshot.currency.as_deref().unwrap_or_default();
    let revenue =
        snapshot.revenue.map_or_else(unknown, |revenue| format!("{} {currency}", revenue.to_text()));
    let playbook = snapshot.last_playbook_executed.as_ref().map_or_else(unknown, |last| {
        format!("{} ({})", last.playbook_id.as_deref().unwrap_or(&last.execution_id), last.status)
    });
    format!("{score:>6}  {:<26} {revenue:>12}  {playbook}\n", snapshot.account_name)
}

/// Prints the report on the example portfolio.
///
/// # Errors
/// As [`report`].
#[expect(clippy::print_stdout, reason = "an example shows what it found")]
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let portfolio = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/portfolio");
    let now = Timestamp::parse("2026-11-02T08:00:00Z")?;
    print!("{}", report(&portfolio, &folder.path().join("portfolio.db"), now)?);
    Ok(())
}
