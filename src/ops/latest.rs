//! `latest`: the newest snapshot of an account, or of all.

use super::Context;
use super::answer::Answerer;
use super::selection::selected;
use super::snapshot_create::{CreateOptions, create_snapshots};
use crate::error::{Error, ErrorKind, Result};
use crate::model::condition::Condition;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// Which accounts' newest snapshots.
#[derive(Debug, Clone, Copy, Default)]
pub struct LatestOptions<'a> {
    /// Of this account, as a person names it; None: of all.
    pub account: Option<&'a str>,
    /// Of archived accounts too, where it is of all.
    pub archived: bool,
    /// Only snapshots, as they are answered, for which this holds, where it is of all.
    pub condition: Option<&'a Condition>,
    /// Takes one, by hand, of an account that has none.
    pub create_missing: bool,
}

/// The answer, and who is missing from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Latest {
    /// The newest snapshots, by account.
    pub snapshots: Vec<SnapshotView>,
    /// Accounts that have none.
    pub without_snapshot: Vec<String>,
}

/// How many snapshots are put together at once.
const CHUNK: usize = 2000;

/// The newest snapshots.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `NoSnapshot` where one account was named and has none.
pub fn latest(context: &Context<'_>, options: &LatestOptions<'_>) -> Result<Latest> {
    if options.create_missing {
        create_missing(context, options)?;
    }
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let heads = heads(&reader, customer, options)?;
    let with: Vec<SnapshotId> = heads.iter().filter_map(|head| head.snapshot).collect();
    let without_snapshot: Vec<String> =
        heads.iter().filter(|head| head.snapshot.is_none()).map(|head| head.name.clone()).collect();
    if let (Some(_), Some(name)) = (options.account, without_snapshot.first()) {
        return Err(Error::new(ErrorKind::NoSnapshot, format!("account '{name}' has no snapshot yet"))
            .with_hint("`acctsnap snapshot create` takes one, as does --create-missing"));
    }
    let zone = context.zone_of(&reader, customer)?;
    let mut answerer = Answerer::new(&reader, customer, context.clock.now(), zone)?;
    let mut snapshots = Vec::with_capacity(with.len());
    for chunk in with.chunks(CHUNK) {
        snapshots.extend(answerer.answer(chunk)?);
    }
    snapshots.sort_by_key(|snapshot| snapshot.account_id);
    let Some(condition) = options.condition else { return Ok(Latest { snapshots, without_snapshot }) };
    // Of an account without a snapshot nothing is known, and what is unknown does not hold.
    Ok(Latest { snapshots: selected(condition, snapshots)?, without_snapshot: Vec::new() })
}

struct Head {
    id: AccountId,
    name: String,
    snapshot: Option<SnapshotId>,
}

fn heads(reader: &Reader<'_>, customer: CustomerId, options: &LatestOptions<'_>) -> Result<Vec<Head>> {
    let records = match options.account {
        Some(account) => reader.load_accounts(customer, &[reader.find_account(customer, account)?])?,
        None => {
            let mut all = reader.list_accounts(customer)?;
            all.retain(|record| options.archived || !record.head.archived);
            all
        }
    };
    let heads = records.into_iter().map(|record| Head {
        id: record.head.id,
        name: record.head.name,
        snapshot: record.snapshot,
    });
    Ok(heads.collect())
}

fn create_missing(context: &Context<'_>, options: &LatestOptions<'_>) -> Result<()> {
    let missing: Vec<String> = {
        let store = context.open_to_read()?;
        let reader = store.reader()?;
        let customer = reader.find_customer(context.customer)?;
        let heads = heads(&reader, customer, options)?;
        heads.iter().filter(|head| head.snapshot.is_none()).map(|head| format!("id:{}", head.id)).collect()
    };
    if missing.is_empty() {
        return Ok(());
    }
    let accounts = missing.iter().map(String::as_str).collect();
    let reason = Some("asked for by latest --create-missing");
    create_snapshots(
        context,
        &CreateOptions { accounts, reason, only_missing: true, ..CreateOptions::default() },
    )?;
    Ok(())
}
