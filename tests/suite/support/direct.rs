//! The library without the program around it: transactions on the sandbox's database. It must not write by itself.

use std::time::Duration;

use acctsnap::clock::Clock;
use acctsnap::model::time::Timestamp;
use acctsnap::store::{Begin, Store, WhichCustomer, WriteTransaction};

use super::book::today;
use super::{ACTOR, Sandbox};

#[expect(clippy::expect_used, reason = "a test without its database cannot go on")]
impl Sandbox {
    /// The sandbox's database, made where it is not there.
    pub fn store(&self) -> Store {
        Store::open_or_create(&self.path("test.db")).expect("the test's database").0
    }
}

/// A write transaction of a customer, made where it is not there, at a time of the day of the tests.
#[expect(clippy::expect_used, reason = "a test without its transaction cannot go on")]
pub fn begin<'s>(store: &'s mut Store, customer: &str, time: &str) -> WriteTransaction<'s> {
    let now = Timestamp::parse(&today(time)).expect("a time of the day");
    let begin = Begin {
        clock: Clock::Fixed(now),
        customer: WhichCustomer::NamedOrNew(customer),
        command: "test",
        actor: ACTOR,
        wait: Duration::from_secs(30),
        waiting: &mut |_| true,
    };
    store.begin(begin).expect("the write lock")
}
