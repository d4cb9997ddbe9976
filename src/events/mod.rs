//! Events: the dispatcher hands each upload's batch to its subscribers, and takes a batch of decisions back.
//!
//! Everything happens inside the transaction that wrote the facts, and synchronously, in the order of registration.
//! Nothing here speaks to people: what became of each event is returned, and told after the commit.

mod builder;
mod dispatcher;
mod due;
mod flush;
mod parts;
mod recommend;
mod subscriber;
mod taker;
mod unchanged;

pub use dispatcher::{Decision, Deferral, Dispatcher, Event, EventDraft, Published, Subscriber};
pub use flush::{FlushOutcome, FlushScope, RETRIES, WRITE_LIMIT, flush};
pub use parts::{load_ingested_health, put_together};
pub use subscriber::SnapshotSubscriber;
pub use taker::{Request, SnapshotRules, Summaries, Taken, Window, take, take_watched};
