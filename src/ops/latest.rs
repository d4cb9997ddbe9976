//! `latest`: the newest snapshot of an account, or of all.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;

use super::Context;
use super::answer::{Answerer, Loaded};
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

/// Takes some of the newest snapshots.
pub type Each<'a> = dyn FnMut(Vec<SnapshotView>) -> Result<()> + Send + 'a;

/// How many snapshots are put together at once.
const CHUNK: usize = 2000;

/// The newest snapshots.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `NoSnapshot` where one account was named and has none.
pub fn latest(context: &Context<'_>, options: &LatestOptions<'_>) -> Result<Latest> {
    let mut snapshots = Vec::new();
    let without_snapshot = latest_in_pieces(context, options, &mut |piece| {
        snapshots.extend(piece);
        Ok(())
    })?;
    Ok(Latest { snapshots, without_snapshot })
}

/// Hands the newest snapshots on as they are read, by account, some at a time, so that memory does not grow with the
/// accounts; says which accounts have none. `each` is called from another thread where there are many.
///
/// # Errors
/// As [`latest`], after part of it was handed on too; `Interrupted`; and what `each` says.
pub fn latest_in_pieces(
    context: &Context<'_>,
    options: &LatestOptions<'_>,
    each: &mut Each<'_>,
) -> Result<Vec<String>> {
    if options.create_missing {
        create_missing(context, options)?;
    }
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let heads = heads(&reader, customer, options)?;
    let with: Vec<SnapshotId> = heads.iter().filter_map(|head| head.snapshot).collect();
    let without = heads.into_iter().filter(|head| head.snapshot.is_none());
    let without_snapshot: Vec<String> = without.map(|head| head.name).collect();
    if let (Some(_), Some(name)) = (options.account, without_snapshot.first()) {
        return Err(Error::new(ErrorKind::NoSnapshot, format!("account '{name}' has no snapshot yet"))
            .with_hint("`acctsnap snapshot create` takes one, as does --create-missing"));
    }
    let zone = context.zone_of(&reader, customer)?;
    let mut answerer = Answerer::new(&reader, customer, context.clock.now(), zone)?;
    let mut hand_on = |loaded: &Loaded| {
        let mut views = loaded.views();
        views.sort_by_key(|view| view.account_id);
        each(match options.condition {
            Some(condition) => selected(condition, views)?,
            None => views,
        })
    };
    match with.len() {
        0..=CHUNK => hand_on(&answerer.load(&with)?)?,
        _ => read_ahead(context, &mut answerer, &with, &mut hand_on)?,
    }
    // Of an account without a snapshot nothing is known, and what is unknown does not hold.
    Ok(if options.condition.is_some() { Vec::new() } else { without_snapshot })
}

/// Reads the next piece while the one before is put together and handed on.
fn read_ahead(
    context: &Context<'_>,
    answerer: &mut Answerer<'_>,
    snapshots: &[SnapshotId],
    hand_on: &mut (dyn FnMut(&Loaded) -> Result<()> + Send),
) -> Result<()> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Loaded>(1);
        let handing = scope.spawn(move || receiver.into_iter().try_for_each(|loaded| hand_on(&loaded)));
        let read = snapshots.chunks(CHUNK).try_for_each(|chunk| {
            context.cancel.check()?;
            // Who stopped listening has failed, and says so itself.
            let _ = sender.send(answerer.load(chunk)?);
            Ok(())
        });
        drop(sender);
        handing.join().unwrap_or_else(|panic| resume_unwind(panic)).and(read)
    })
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
