//! The live state just before a snapshot is what the snapshot then holds, for any history.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::naive::book::Book;
use crate::story::chance::{self, Doing};
use crate::story::program::Program;
use crate::story::{CUSTOMERS, instant, text};
use crate::support::random::times;
use acctsnap::clock::Clock;
use acctsnap::model::ids::AccountId;
use acctsnap::ops::Context;
use acctsnap::ops::latest::{LatestOptions, latest};
use acctsnap::ops::live::live_views;
use acctsnap::ops::rules::Rules;
use acctsnap::ops::snapshot_create::{CreateOptions, create_snapshots};
use acctsnap::report::snapshot::SnapshotView;
use proptest::prelude::*;

fn live(context: &Context<'_>) -> Vec<SnapshotView> {
    let store = context.open_to_read().expect("a database");
    let reader = store.reader().expect("a reader");
    let Ok(customer) = reader.find_customer(context.customer) else { return Vec::new() };
    let rules = Rules::load(context.config, &reader, customer).expect("rules");
    let accounts = reader.list_accounts(customer).expect("accounts");
    let accounts: Vec<AccountId> =
        accounts.iter().filter(|record| !record.head.archived).map(|record| record.head.id).collect();
    live_views(&reader, customer, &rules, &accounts, context.clock.now()).expect("live states")
}

fn taken(context: &Context<'_>) -> Vec<SnapshotView> {
    let all = CreateOptions { all: true, ..CreateOptions::default() };
    if create_snapshots(context, &all).is_err() {
        return Vec::new();
    }
    latest(context, &LatestOptions::default()).expect("an answer").snapshots
}

/// What only a stored snapshot has is hidden.
fn hidden(view: &SnapshotView) -> SnapshotView {
    let nothing = SnapshotView::default();
    SnapshotView {
        snapshot_id: nothing.snapshot_id,
        snapshot_type: String::new(),
        created_by: String::new(),
        chain_hash: String::new(),
        ..view.clone()
    }
}

proptest! {
    #![proptest_config(times(10))]

    #[test]
    fn the_live_state_is_what_a_snapshot_would_hold(
        prefer in [chance::prefer(), chance::prefer()],
        steps in proptest::collection::vec((chance::step(), chance::doing()), 2..14)
    ) {
        let program = Program::new(prefer);
        let books = prefer.map(Book::new);
        let mut now = 36_000_000;
        for (step, (customer, doing)) in &steps {
            now += step;
            if let Doing::Ingest(file) = doing {
                drop(program.ingest(*customer, now, file, &text::of(&file.rows, &books[*customer])));
            }
            if !program.sandbox.path("test.db").exists() {
                continue;
            }
            for (customer, name) in CUSTOMERS.iter().enumerate() {
                let database = program.sandbox.path("test.db");
                let live = program.on(&database, customer, Clock::Fixed(instant(now)), live);
                let taken = program.at(customer, now, taken);
                let hide = |views: &[SnapshotView]| views.iter().map(hidden).collect::<Vec<_>>();
                prop_assert_eq!(hide(&live), hide(&taken), "{}", name);
            }
        }
    }
}
