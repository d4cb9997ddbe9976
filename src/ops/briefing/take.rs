//! The snapshot that a question takes: of accounts that have none, or none that holds their newest change.
//!
//! What is missing is looked up again under the write lock, so that of many who ask at once one takes it.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::events::{FlushScope, Request, Summaries, Taken, flush, take};
use crate::model::cooldown::{self, Verdict};
use crate::model::event::EventType;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told::{self, AccountFate, Fate};
use crate::store::{AccountRecord, Reader, SnapshotReason, WhichCustomer, WriteTransaction};

/// What a question took.
#[derive(Debug, Default)]
pub(super) struct TakenNow {
    /// The snapshots, by account.
    pub(super) snapshots: HashMap<AccountId, SnapshotId>,
    /// Why those that are missing could not be taken.
    pub(super) remark: Option<String>,
}

/// Somebody waits for the answer: a database that stays busy longer is answered from as it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes what is missing of these accounts, and of no other: where nothing is, nothing is locked and nothing written.
pub(super) fn take_missing(context: &Context<'_>, accounts: &[AccountId]) -> Result<TakenNow> {
    if matches!(context.clock, Clock::AsOf(_)) || context.dry_run {
        return Ok(TakenNow::default());
    }
    let missing = {
        let store = context.open_to_read()?;
        let reader = store.reader()?;
        let customer = reader.find_customer(context.customer)?;
        let rules = Rules::load(context.config, &reader, customer)?;
        missing(&reader, customer, &rules, accounts, context.clock.now())?
    };
    if missing.is_empty() {
        return Ok(TakenNow::default());
    }
    match write(&Context { wait: context.wait.min(PATIENCE), ..*context }, &missing) {
        Ok(taken) => Ok(taken),
        Err(error) if keeps_from_writing(&error) => {
            let remark =
                format!("No snapshot was taken: the database cannot be written ({})", error.message());
            Ok(TakenNow { remark: Some(remark), ..TakenNow::default() })
        }
        Err(error) => Err(error),
    }
}

/// Those of the accounts that have no snapshot, or none that holds their newest change while the cooldown is over.
fn missing(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Vec<AccountId>> {
    let dirty = reader.dirty_since(accounts)?;
    let stamps = reader.stamps(accounts, SnapshotType::RagAuto)?;
    let holds = |account: AccountId, name: &str| {
        let window = rules.settings.cooldown(SnapshotType::RagAuto, Some(name)).value;
        matches!(cooldown::check(stamps.get(&account).copied(), now, window), Verdict::Holds { .. })
    };
    let is_missing = |record: &AccountRecord| {
        let (account, name) = (record.head.id, &record.head.name);
        record.snapshot.is_none() || dirty.contains_key(&account) && !holds(account, name)
    };
    let missing = reader.load_accounts(customer, accounts)?.into_iter().filter(is_missing);
    Ok(missing.map(|record| record.head.id).collect())
}

/// A medium that is read-only, full or busy keeps nobody from an answer.
fn keeps_from_writing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ReadOnly | ErrorKind::Busy | ErrorKind::DiskFull | ErrorKind::IoError)
}

fn write(context: &Context<'_>, accounts: &[AccountId]) -> Result<TakenNow> {
    let mut store = context.open_to_write()?;
    let mut transaction = context.begin(&mut store, WhichCustomer::Named(context.customer), "context")?;
    let customer = transaction.customer();
    let rules = Rules::load(context.config, &transaction.reader(), customer)?;
    let accounts = missing(&transaction.reader(), customer, &rules, accounts, transaction.now())?;
    if accounts.is_empty() {
        // Somebody else was faster.
        transaction.roll_back();
        return Ok(TakenNow::default());
    }
    transaction.load_heads(&accounts)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let requests: Vec<Request> =
        accounts.iter().map(|account| Request { account: *account, reason: reason() }).collect();
    let taken = take(&mut transaction, &snapshot_rules, &Summaries::default(), &requests)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let mut fates: Vec<AccountFate> = taken.iter().map(|taken| fate(&transaction, taken)).collect();
    fates.extend(told::of_flush(&transaction, &flushed));
    let now = transaction.now();
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    Ok(outcome(taken))
}

fn reason() -> SnapshotReason {
    SnapshotReason {
        snapshot_type: SnapshotType::RagAuto,
        trigger: Some(EventType::RagQueryMissingSnapshot),
        action: None,
        event: None,
        reason: None,
        created_by: None,
    }
}

fn fate(transaction: &WriteTransaction<'_>, taken: &Taken) -> AccountFate {
    let name = transaction.head(taken.account).map(|head| head.name.clone()).unwrap_or_default();
    let fate = match &taken.result {
        Ok(snapshot) => Fate::Created { snapshot: *snapshot, trigger: EventType::RagQueryMissingSnapshot },
        Err(error) => Fate::Failed { error: error.clone() },
    };
    AccountFate { account: taken.account, name, fate }
}

fn outcome(taken: Vec<Taken>) -> TakenNow {
    let mut outcome = TakenNow::default();
    for Taken { account, result } in taken {
        match result {
            Ok(snapshot) => drop(outcome.snapshots.insert(account, snapshot)),
            Err(error) => outcome.remark = Some(format!("No snapshot could be taken ({error})")),
        }
    }
    outcome
}
