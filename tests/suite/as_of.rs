//! `--as-of`: at every instant of a random history, every reading command answers what a store that stopped there would
//! have answered; and what it refuses.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::naive::book::Book;
use crate::story::chance::{self, Doing};
use crate::story::program::Program;
use crate::story::{ACCOUNTS, CUSTOMERS, KPIS, instant, text};
use crate::support::Sandbox;
use crate::support::random::times;
use acctsnap::clock::Clock;
use acctsnap::model::ids::{SnapshotId, UploadId};
use acctsnap::model::schedule::Cadence;
use acctsnap::model::tag::Tag;
use acctsnap::ops::Context;
use acctsnap::ops::accounts::{
    AccountsOptions, alias_account, archive_account, list_accounts, rename_account, show_account,
    unarchive_account,
};
use acctsnap::ops::compare::{CompareOptions, Place, Point, compare};
use acctsnap::ops::customers::list_customers;
use acctsnap::ops::events::{ListEventsOptions, list_events};
use acctsnap::ops::explain::explain;
use acctsnap::ops::export::{ExportOptions, export};
use acctsnap::ops::flush::{FlushOptions, flush_pending};
use acctsnap::ops::history::{HistoryOptions, full_history, history};
use acctsnap::ops::kpis::suggest_kpis;
use acctsnap::ops::kpis::{list_kpis, show_kpi, unknown_kpis};
use acctsnap::ops::latest::{LatestOptions, latest};
use acctsnap::ops::notes::{ListNotesOptions, list_notes};
use acctsnap::ops::portfolio::{PortfolioOptions, compare_portfolio};
use acctsnap::ops::snapshot_create::{CreateOptions, create_snapshots};
use acctsnap::ops::snapshots::{SnapshotsOptions, list_snapshots, show_snapshot};
use acctsnap::ops::status::{StatusOptions, status};
use acctsnap::ops::tags::{TagOptions, Tagged, list_tags, tag_snapshots};
use acctsnap::ops::uploads::{list_uploads, show_upload};
use acctsnap::report::export::ExportKind;
use proptest::prelude::*;

/// In milliseconds.
const DAY: i64 = 86_400_000;
/// The tag that snapshots by hand get.
const TAG: &str = "marked";

/// The snapshot of an id.
fn point(id: i64) -> Point {
    Point { asked: id.to_string(), place: Place::Snapshot(SnapshotId::new(id)) }
}

/// Does a step of a story, whatever comes of it.
fn perform(program: &Program, book: &Book, customer: usize, now: i64, doing: &Doing) {
    let words = |account: &usize| ACCOUNTS[*account];
    program.at(customer, now, |context| match doing {
        Doing::Ingest(file) => {
            drop(program.ingest(customer, now, file, &text::of(&file.rows, book)));
        }
        Doing::Again(_) => {}
        Doing::Flush { now: at_once, .. } => {
            let options = FlushOptions { now: *at_once, customer: None, account: None };
            drop(flush_pending(context, &options));
        }
        Doing::Create(account) => {
            let options = CreateOptions { accounts: vec![words(account)[0]], ..CreateOptions::default() };
            drop(create_snapshots(context, &options));
            let tag = &Tag::parse(TAG).expect("a tag");
            let tagged = TagOptions { which: Tagged::Account(words(account)[0]), tag, at: None, moves: true };
            drop(tag_snapshots(context, &tagged));
        }
        Doing::Rename(account, word) => {
            drop(rename_account(context, words(account)[0], words(account)[*word]));
        }
        Doing::Alias(account) => drop(alias_account(context, words(account)[0], &[words(account)[2]])),
        Doing::Archive(account, true) => drop(archive_account(context, words(account)[0], Some("closed"))),
        Doing::Archive(account, false) => drop(unarchive_account(context, words(account)[0])),
    });
}

/// Everything that the reading commands say of a customer, by what was asked.
fn answers(context: &Context<'_>) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    let mut say = |question: String, answer: String| drop(answers.insert(question, answer));
    let all = LatestOptions { archived: true, ..LatestOptions::default() };
    say("latest".into(), format!("{:#?}", latest(context, &all)));
    say(
        "accounts".into(),
        format!("{:#?}", list_accounts(context, AccountsOptions { archived: true, condition: None })),
    );
    let events = ListEventsOptions { account: None, outcomes: &[], limit: None };
    say("events".into(), format!("{:#?}", list_events(context, &events)));
    say("uploads".into(), format!("{:#?}", list_uploads(context, None)));
    say("kpis".into(), format!("{:#?}", list_kpis(context)));
    say("unknown".into(), format!("{:#?}", unknown_kpis(context)));
    say("customers".into(), format!("{:#?}", list_customers(context, None)));
    let snapshots =
        SnapshotsOptions { account: None, snapshot_type: None, since: None, until: None, limit: None };
    say("snapshots".into(), format!("{:#?}", list_snapshots(context, &snapshots)));
    for kpi in KPIS {
        say(format!("kpi {kpi}"), format!("{:#?}", show_kpi(context, kpi)));
    }
    for name in ACCOUNTS.iter().flatten() {
        say(format!("account {name}"), format!("{:#?}", show_account(context, name)));
        let kpis = KPIS.map(ToOwned::to_owned);
        let options = HistoryOptions { account: name, kpis: &kpis, ..HistoryOptions::default() };
        say(format!("history {name}"), format!("{:#?}", history(context, &options)));
        say(format!("whole history {name}"), format!("{:#?}", full_history(context, &options)));
        let monthly = HistoryOptions { every: Some(Cadence::Monthly), ..options };
        say(format!("months of {name}"), format!("{:#?}", history(context, &monthly)));
        let notes = ListNotesOptions { account: name, limit: None, since: None };
        say(format!("notes {name}"), format!("{:#?}", list_notes(context, &notes)));
    }
    for id in [1, 2, 4, 7] {
        say(format!("upload {id}"), format!("{:#?}", show_upload(context, UploadId::new(id))));
        say(format!("snapshot {id}"), format!("{:#?}", show_snapshot(context, &point(id), None)));
    }
    answers
}

/// What compares, explains, names and exports says.
fn derived(context: &Context<'_>, folder: &Path) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    let mut say = |question: String, answer: String| drop(answers.insert(question, answer));
    say("tags".into(), format!("{:#?}", list_tags(context)));
    let everyone = StatusOptions { customer: None, max_age: Some(DAY), max_data_age: Some(DAY) };
    say("status".into(), format!("{:#?}", status(context, &everyone)));
    say("suggestions".into(), format!("{:#?}", suggest_kpis(context)));
    let live = || Point { asked: "now".to_owned(), place: Place::Now };
    let tagged = || Point { asked: TAG.to_owned(), place: Place::Tagged(Tag::parse(TAG).expect("a tag")) };
    let ends = [(Point::previous(), Point::latest()), (Point::latest(), live()), (tagged(), live())];
    for (from, to) in ends {
        let asked = format!("{} {}", from.asked, to.asked);
        let options = PortfolioOptions {
            from: from.clone(),
            to: to.clone(),
            by: None,
            condition: None,
            ignore: &[],
            tolerance: 0.0,
            top: None,
        };
        say(format!("portfolio {asked}"), format!("{:#?}", compare_portfolio(context, &options)));
        for [name, ..] in ACCOUNTS {
            let options = CompareOptions {
                account: Some(name),
                from: Some(from.clone()),
                to: Some(to.clone()),
                ignore: &[],
                tolerance: 0.0,
            };
            say(format!("compare {name} {asked}"), format!("{:#?}", compare(context, &options)));
        }
    }
    for [name, ..] in ACCOUNTS {
        say(format!("explain {name}"), format!("{:#?}", explain(context, name)));
    }
    for (what, kind) in
        [("snapshots", ExportKind::Snapshots), ("kpis", ExportKind::Kpis), ("events", ExportKind::Events)]
    {
        let file = folder.join(format!("{what}.jsonl"));
        drop(std::fs::remove_file(&file));
        let outcome = export(context, &ExportOptions { kind, file: &file, is_for_excel: false });
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        say(format!("export of {what}"), format!("{outcome:#?}\n{text}"));
    }
    answers
}

fn copy(program: &Program, number: usize) -> PathBuf {
    let copy = program.sandbox.path(format!("stopped-{number}.db"));
    program.sandbox.sql().execute("VACUUM INTO ?1", [copy.to_str().expect("a path")]).expect("a copy");
    copy
}

fn check(program: &Program, whole: &Path, stopped: &BTreeMap<i64, PathBuf>) -> Result<(), TestCaseError> {
    for (now, stopped) in stopped {
        for (customer, name) in CUSTOMERS.iter().enumerate() {
            let folder = program.sandbox.path("tmp");
            let both = |context: &Context<'_>| {
                let mut all = answers(context);
                all.extend(derived(context, &folder));
                all
            };
            let then = program.on(stopped, customer, Clock::Fixed(instant(*now)), both);
            let asked = program.on(whole, customer, Clock::AsOf(instant(*now)), both);
            for (question, then) in &then {
                let asked = asked.get(question).expect("the same questions");
                let hide = |text: &str| text.replace(&*stopped.to_string_lossy(), &whole.to_string_lossy());
                prop_assert_eq!(&hide(asked), &hide(then), "{} of {}", question, name);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(times(3))]

    #[test]
    fn what_was_known_is_what_a_store_that_stopped_would_answer(
        prefer in [chance::prefer(), chance::prefer()],
        steps in proptest::collection::vec((chance::step(), chance::doing()), 4..12)
    ) {
        let program = Program::new(prefer);
        let books = prefer.map(Book::new);
        let mut now = 36_000_000;
        let mut stopped = BTreeMap::new();
        for (number, (step, (customer, doing))) in steps.iter().enumerate() {
            now += step;
            perform(&program, &books[*customer], *customer, now, doing);
            if program.sandbox.path("test.db").exists() {
                // Of several steps at one instant the last one is known.
                stopped.insert(now, copy(&program, number));
            }
        }
        check(&program, &program.sandbox.path("test.db"), &stopped)?;
    }
}

fn told(sandbox: &Sandbox) {
    sandbox.write("may.csv", "account,kpi,value\nAcme,Net Promoter Score (NPS),20\n");
    sandbox.write("june.csv", "account,kpi,value\nAcme,Net Promoter Score (NPS),70\n");
    sandbox.run(["ingest", "kpis", "may.csv", "--at", "2026-05-31T10:00:00Z"]).ok();
    sandbox.run(["ingest", "kpis", "june.csv", "--at", "2026-06-30T10:00:00Z"]).ok();
}

#[test]
fn moments_are_days_months_and_instants() {
    let sandbox = Sandbox::new();
    told(&sandbox);
    let score = |moment: &str| -> String {
        let arguments = ["latest", "-a", "Acme", "--field", "snapshot_sequence_number", "--as-of", moment];
        sandbox.run(arguments).ok().stdout.trim().to_owned()
    };
    for (moment, expected) in [
        ("2026-05", "1"),
        ("2026-05-31", "1"),
        ("2026-06-30T09:59:59.999Z", "1"),
        ("2026-06-30T10:00:00Z", "2"),
        ("2026-Q2", "2"),
    ] {
        assert_eq!(score(moment), expected, "{moment}");
    }
}

#[test]
fn before_the_first_word_there_is_no_customer() {
    let sandbox = Sandbox::new();
    told(&sandbox);
    let outcome = sandbox.run(["latest", "-a", "Acme", "--as-of", "2026-05-30"]);
    outcome.fails_with(4);
}

#[test]
fn what_writes_does_not_look_back_and_nobody_looks_ahead() {
    let sandbox = Sandbox::new();
    told(&sandbox);
    let write = sandbox.run(["snapshot", "create", "--all", "--as-of", "2026-06-01"]);
    assert!(write.fails_with(2).stderr.contains("--as-of answers what was known"));
    let ahead = ["latest", "--all", "--as-of", "2027-01-01", "--at", "2026-07-01T00:00:00Z"];
    assert!(sandbox.run(ahead).fails_with(2).stderr.contains("expected a moment that has begun"));
    let running =
        ["latest", "-a", "Acme", "--field", "as_of", "--as-of", "2026-07", "--at", "2026-07-04T00:00:00Z"];
    assert_eq!(sandbox.run(running).ok().stdout, "2026-07-04T00:00:00.000Z\n");
}
