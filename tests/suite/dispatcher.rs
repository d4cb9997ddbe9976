//! The dispatcher and what callers of the library may do with it: subscribers of their own, also failing ones, and
//! events about accounts that are not the customer's.

use std::cell::RefCell;

use crate::support::Sandbox;
use crate::support::book::rows;
use crate::support::direct::begin;
use acctsnap::config::Config;
use acctsnap::error::{Error, ErrorKind, Result};
use acctsnap::events::{
    Decision, Deferral, Dispatcher, Event, EventDraft, Published, SnapshotSubscriber, Subscriber, Summaries,
};
use acctsnap::model::decision::Outcome;
use acctsnap::model::event::EventType;
use acctsnap::model::ids::{AccountId, CustomerId};
use acctsnap::ops::rules::Rules;
use acctsnap::store::{EventRow, WriteTransaction};

/// What a subscriber of these tests does with a batch.
type Doing<'a> = dyn FnMut(&mut WriteTransaction<'_>, &[Event]) -> Result<Vec<Decision>> + 'a;

struct Doer<'a> {
    types: Vec<EventType>,
    doing: Box<Doing<'a>>,
}

impl Subscriber for Doer<'_> {
    fn name(&self) -> &'static str {
        "doer"
    }

    fn event_types(&self) -> &[EventType] {
        &self.types
    }

    fn handle(&mut self, transaction: &mut WriteTransaction<'_>, batch: &[Event]) -> Result<Vec<Decision>> {
        (self.doing)(transaction, batch)
    }
}

fn doer<'a>(
    doing: impl FnMut(&mut WriteTransaction<'_>, &[Event]) -> Result<Vec<Decision>> + 'a,
) -> Doer<'a> {
    Doer { types: vec![EventType::KpiDataUploaded], doing: Box::new(doing) }
}

/// Accounts 1 and 2 are north's, 3 is south's; none has a snapshot or an event.
fn with_accounts() -> Sandbox {
    let sandbox = Sandbox::new();
    for (customer, names) in [("north", &["Acme", "Borealis"][..]), ("south", &["Acme"])] {
        let file = rows(names.iter().map(|name| (*name, "NPS", "40")));
        sandbox.ingest("09:00:00", &file, &["--no-events", "--customer", customer]).ok();
    }
    sandbox
}

fn draft(customer: CustomerId, account: i64, event_type: EventType) -> EventDraft {
    EventDraft { customer, account: AccountId::new(account), event_type, action: None, upload: None }
}

/// Publishes in a transaction of a customer: to `first`, then to the snapshot subscriber. Commits.
fn publish(
    sandbox: &Sandbox,
    customer: &str,
    first: Option<Doer<'_>>,
    drafts: impl FnOnce(CustomerId) -> Vec<EventDraft>,
) -> Result<Published> {
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, customer, "10:00:00");
    let config = Config::default();
    let rules = Rules::new(config.for_customer(customer), &[])?;
    let (scoring, _) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let rules = rules.for_snapshots(&series, scoring);
    let mut dispatcher = Dispatcher::new();
    if let Some(first) = first {
        dispatcher.subscribe(first);
    }
    dispatcher.subscribe(SnapshotSubscriber::new(&rules, Summaries::default()));
    let drafts = drafts(transaction.customer());
    let published = dispatcher.publish(&mut transaction, drafts, Deferral::Now)?;
    transaction.commit()?;
    Ok(published)
}

fn outcomes(published: &Published) -> Vec<Outcome> {
    published.decisions.iter().map(|decision| decision.outcome).collect()
}

fn both_of_north(customer: CustomerId) -> Vec<EventDraft> {
    [1, 2].map(|account| draft(customer, account, EventType::KpiDataUploaded)).to_vec()
}

#[test]
fn a_failing_subscriber_harms_neither_the_upload_nor_the_next_one() {
    let sandbox = with_accounts();
    let failing = doer(|_, _| Err(Error::new(ErrorKind::Failed, "out of order")));
    let published =
        publish(&sandbox, "north", Some(failing), both_of_north).expect("the transaction goes on");
    assert_eq!(outcomes(&published), [Outcome::Created, Outcome::Created]);
    assert_eq!(sandbox.outcomes("north"), ["created", "created"]);
    assert_eq!(sandbox.count("snapshots"), 2);
    assert_eq!(sandbox.count("pending_events"), 0, "what was snapshot is owed nothing");
}

#[test]
fn what_a_failing_subscriber_wrote_is_taken_back() {
    let sandbox = with_accounts();
    let meddling = doer(|transaction, batch| {
        let id = transaction.next_event()?;
        let account = batch.first().map_or(AccountId::new(1), |event| event.draft.account);
        transaction.append_events(&[EventRow {
            id,
            account,
            event_type: EventType::AccountDataChanged,
            action: Some("meddled"),
            upload: None,
            outcome: Outcome::Deferred,
            snapshot: None,
            due_at: None,
            error: None,
        }])?;
        Err(Error::new(ErrorKind::Failed, "after writing"))
    });
    publish(&sandbox, "north", Some(meddling), both_of_north).expect("the transaction goes on");
    let ids: Vec<i64> = sandbox.events("north").iter().map(|event| event.id.get()).collect();
    assert_eq!((ids, sandbox.count("pending_events")), (vec![1, 2], 0));
    publish(&sandbox, "south", None, |c| vec![draft(c, 3, EventType::KpiDataUploaded)]).expect("published");
    assert_eq!(sandbox.events("south")[0].id.get(), 3, "numbers have no gaps");
}

#[test]
fn where_nobody_else_decides_a_failure_is_the_decision() {
    let sandbox = with_accounts();
    let mut failing = doer(|_, _| Err(Error::new(ErrorKind::Failed, "out of order")));
    // The snapshot subscriber does not ask for this one.
    failing.types = vec![EventType::Schedule];
    let due = |customer| vec![draft(customer, 1, EventType::Schedule)];
    publish(&sandbox, "north", Some(failing), due).expect("the transaction goes on");
    let event = &sandbox.events("north")[0];
    assert_eq!(event.outcome, Outcome::Failed);
    let error = event.error.as_deref().unwrap_or_default();
    assert!(error.contains("doer") && error.contains("out of order"), "{error}");
}

#[test]
fn a_full_disk_ends_the_transaction() {
    let sandbox = with_accounts();
    let full = doer(|_, _| Err(Error::new(ErrorKind::DiskFull, "the disk is full")));
    let error =
        publish(&sandbox, "north", Some(full), both_of_north).expect_err("no later write can be trusted");
    assert_eq!(error.kind(), ErrorKind::DiskFull);
    assert_eq!((sandbox.count("events"), sandbox.count("snapshots")), (0, 0));
}

#[test]
fn subscribers_get_a_batch_of_their_types_in_the_order_of_registration() {
    let sandbox = with_accounts();
    let seen = RefCell::new(Vec::new());
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, "north", "10:00:00");
    let customer = transaction.customer();
    let watch = |name: &'static str, types: &[EventType]| {
        let seen = &seen;
        let mut doer = doer(move |_, batch: &[Event]| {
            let accounts: Vec<i64> = batch.iter().map(|event| event.draft.account.get()).collect();
            seen.borrow_mut().push((name, accounts));
            Ok(Vec::new())
        });
        doer.types = types.to_vec();
        doer
    };
    let mut dispatcher = Dispatcher::new();
    dispatcher
        .subscribe(watch("second to none", &[EventType::KpiDataUploaded, EventType::AccountDataChanged]));
    dispatcher.subscribe(watch("accounts", &[EventType::AccountDataChanged]));
    dispatcher.subscribe(watch("health", &[EventType::HealthScoresUpdated]));
    let drafts = vec![
        draft(customer, 2, EventType::KpiDataUploaded),
        draft(customer, 1, EventType::AccountDataChanged),
    ];
    let published = dispatcher.publish(&mut transaction, drafts.clone(), Deferral::Now).expect("published");
    assert_eq!(*seen.borrow(), [("second to none", vec![2, 1]), ("accounts", vec![1])]);
    assert_eq!(
        outcomes(&published),
        [Outcome::Deferred, Outcome::Deferred],
        "nobody decided: left to a flush"
    );
    dispatcher.publish(&mut transaction, drafts, Deferral::ToFlush).expect("published");
    assert_eq!(seen.borrow().len(), 2, "deferred events are handed to nobody");
}

#[test]
fn of_two_that_decide_the_first_is_heard() {
    let sandbox = with_accounts();
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, "north", "10:00:00");
    let customer = transaction.customer();
    let says = |outcome: Outcome| {
        doer(move |_, batch: &[Event]| {
            Ok(batch.iter().map(|event| Decision::new(event.id, outcome)).collect())
        })
    };
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(says(Outcome::Denied));
    dispatcher.subscribe(says(Outcome::Deferred));
    let drafts = vec![draft(customer, 1, EventType::KpiDataUploaded)];
    let published = dispatcher.publish(&mut transaction, drafts, Deferral::Now).expect("published");
    assert_eq!(outcomes(&published), [Outcome::Denied]);
}

#[test]
fn events_of_one_account_are_decided_together() {
    let sandbox = with_accounts();
    let drafts = |customer| {
        let types = [EventType::KpiDataUploaded, EventType::AccountDataChanged];
        types.map(|event_type| draft(customer, 1, event_type)).to_vec()
    };
    let published = publish(&sandbox, "north", None, drafts).expect("published");
    assert_eq!(outcomes(&published), [Outcome::Covered, Outcome::Created]);
    assert_eq!(sandbox.count("snapshots"), 1);
    let words = ["latest", "-a", "Acme", "--customer", "north", "--json"];
    assert_eq!(sandbox.at("10:00:00", &words).ok().json()["trigger_event"], "account_data_changed");
}

#[test]
fn an_event_about_another_customers_account_is_denied_and_shown_to_its_owner_alone() {
    let sandbox = with_accounts();
    let north = CustomerId::new(1);
    let drafts = |south| {
        vec![
            draft(south, 1, EventType::KpiDataUploaded),   // north's account
            draft(north, 1, EventType::KpiDataUploaded),   // in a transaction of south
            draft(south, 999, EventType::KpiDataUploaded), // nobody's
            draft(north, 3, EventType::KpiDataUploaded),   // south's account, said to be north's
            draft(south, 3, EventType::KpiDataUploaded),   // right
        ]
    };
    let published = publish(&sandbox, "south", None, drafts).expect("published");
    let denied = Outcome::Denied;
    assert_eq!(outcomes(&published), [denied, denied, denied, denied, Outcome::Created]);
    assert_eq!((sandbox.count("snapshots"), sandbox.count("pending_events")), (1, 0));
    assert!(sandbox.events("north").is_empty());
    let names: Vec<_> = sandbox.events("south").into_iter().map(|event| event.account_name).collect();
    assert_eq!(names[..3], [None, None, None], "another's name is told to nobody");
    sandbox.at("10:00:00", &["latest", "-a", "Acme", "--customer", "north"]).fails_with(4);
}
