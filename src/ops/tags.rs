//! `snapshot tag`, `untag`, `pin`, `unpin` and `tags list`: marks that people give to snapshots.
//!
//! Marks change no snapshot: they are rows of their own, and what was marked at an earlier moment is still known.

use rustc_hash::FxHashMap;

use super::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::tag::Tag;
use crate::model::time::Timestamp;
use crate::ops::retention::refuse_absent;
use crate::report::tags::{MarkAction, TagChangeView, TagLine};
use crate::store::{Reader, SnapshotFilter, WhichCustomer, WriteTransaction};

/// How many accounts are told by name.
const ACCOUNTS_TOLD: usize = 5;

/// Which snapshots get a tag.
#[derive(Debug, Clone, Copy)]
pub enum Tagged<'a> {
    /// This one.
    Snapshot(SnapshotId),
    /// One of this account, as a person names it.
    Account(&'a str),
    /// One of every account that is not archived.
    All,
}

/// What is tagged.
#[derive(Debug, Clone, Copy)]
pub struct TagOptions<'a> {
    /// Which snapshots.
    pub which: Tagged<'a>,
    /// The tag.
    pub tag: &'a Tag,
    /// Not the newest ones, but those in force at this instant.
    pub at: Option<Timestamp>,
    /// Where the tag names another snapshot of an account, it moves.
    pub moves: bool,
}

/// Gives snapshots a tag, in one transaction.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `NoSnapshot` where there is none to tag; `InputRefused` where the
/// tag names another snapshot of an account and does not move.
pub fn tag_snapshots(context: &Context<'_>, options: &TagOptions<'_>) -> Result<TagChangeView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), "snapshot tag")?;
    let customer = transaction.customer();
    let chosen = chosen(&transaction.reader(), customer, options)?;
    let accounts: Vec<AccountId> = chosen.with.iter().map(|(account, _)| *account).collect();
    transaction.load_heads(&accounts)?;
    let mut view = TagChangeView::new(MarkAction::Tagged, options.tag.name(), context.dry_run);
    view.accounts.without_snapshot = chosen.without;
    give(&mut transaction, options.tag, options.moves, &chosen.with, &mut view)?;
    context.conclude(transaction)?;
    Ok(view)
}

/// Gives each of these snapshots, one an account, a tag.
pub(super) fn give(
    transaction: &mut WriteTransaction<'_>,
    tag: &Tag,
    moves: bool,
    snapshots: &[(AccountId, SnapshotId)],
    view: &mut TagChangeView,
) -> Result<()> {
    let known = transaction.reader().tagged(transaction.customer(), tag, None)?;
    if !moves {
        refuse_others(transaction, tag, &known, snapshots)?;
    }
    for (account, snapshot) in snapshots {
        match known.get(account) {
            Some(tagged) if tagged == snapshot => {
                view.accounts.unchanged += 1;
                continue;
            }
            Some(_) => view.accounts.moved += 1,
            None => view.accounts.tagged += 1,
        }
        transaction.set_tag(*account, tag, Some(*snapshot))?;
        view.changed = true;
        view.snapshot_ids.push(*snapshot);
    }
    Ok(())
}

/// A tag names at most one snapshot of each account, and does not move by itself.
fn refuse_others(
    transaction: &WriteTransaction<'_>,
    tag: &Tag,
    known: &FxHashMap<AccountId, SnapshotId>,
    snapshots: &[(AccountId, SnapshotId)],
) -> Result<()> {
    let others: Vec<AccountId> = snapshots
        .iter()
        .filter(|(account, snapshot)| known.get(account).is_some_and(|tagged| tagged != snapshot))
        .map(|(account, _)| *account)
        .collect();
    let Some(count) = std::num::NonZeroUsize::new(others.len()) else { return Ok(()) };
    let name = |account: &AccountId| transaction.head(*account).map(|head| format!("'{}'", head.name));
    let names: Vec<String> = others.iter().take(ACCOUNTS_TOLD).filter_map(name).collect();
    let more = match count.get().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what =
        format!("'{}' names another snapshot of {}{more}; nothing was tagged", tag.name(), names.join(", "));
    Err(Error::new(ErrorKind::InputRefused, what)
        .with_hint("--move lets the tag move, another name leaves it where it is"))
}

/// The snapshots to tag, by account, and how many accounts have none.
struct Chosen {
    with: Vec<(AccountId, SnapshotId)>,
    without: u64,
}

fn chosen(reader: &Reader<'_>, customer: CustomerId, options: &TagOptions<'_>) -> Result<Chosen> {
    let with = match options.which {
        Tagged::Snapshot(id) => vec![(account_of(reader, customer, id)?, id)],
        Tagged::Account(account) => {
            let account = reader.find_account(customer, account)?;
            let filter = SnapshotFilter {
                account: Some(account),
                until: options.at,
                limit: 1,
                standing: true,
                ..SnapshotFilter::default()
            };
            let newest = reader.list_snapshots(customer, filter)?.pop();
            newest.map(|newest| (account, newest.id)).into_iter().collect()
        }
        Tagged::All => return all(reader, customer, options.at),
    };
    if with.is_empty() {
        let when = if options.at.is_some() { " at that moment" } else { "" };
        return Err(Error::new(ErrorKind::NoSnapshot, format!("the account has no snapshot{when}"))
            .with_hint("`acctsnap snapshot create` takes one"));
    }
    Ok(Chosen { with, without: 0 })
}

fn all(reader: &Reader<'_>, customer: CustomerId, at: Option<Timestamp>) -> Result<Chosen> {
    let mut records = reader.list_accounts(customer)?;
    records.retain(|record| !record.head.archived);
    let with: Vec<(AccountId, SnapshotId)> = match at {
        None => records.iter().filter_map(|record| Some((record.head.id, record.snapshot?))).collect(),
        Some(at) => {
            let in_force = reader.load_snapshots(customer, &reader.snapshots_at(customer, at)?)?;
            let in_force: FxHashMap<AccountId, SnapshotId> =
                in_force.into_iter().map(|record| (record.account.id, record.id)).collect();
            records
                .iter()
                .filter_map(|record| Some((record.head.id, *in_force.get(&record.head.id)?)))
                .collect()
        }
    };
    let without = records.len().saturating_sub(with.len()) as u64;
    if with.is_empty() {
        return Err(Error::new(ErrorKind::NoSnapshot, "no account has a snapshot to tag")
            .with_hint("`acctsnap snapshot create --all` takes them"));
    }
    Ok(Chosen { with, without })
}

fn account_of(reader: &Reader<'_>, customer: CustomerId, id: SnapshotId) -> Result<AccountId> {
    refuse_absent(reader, customer, id)?;
    let record = reader.load_snapshots(customer, &[id])?.pop();
    record.map(|record| record.account.id).ok_or_else(|| {
        Error::new(ErrorKind::NoSnapshot, format!("no snapshot {id}"))
            .with_hint("`acctsnap snapshot list` shows the snapshots that there are")
    })
}

/// Takes a tag away: of one account, or of all.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `NoSnapshot` where nothing has the tag.
pub fn untag_snapshots(context: &Context<'_>, tag: &Tag, account: Option<&str>) -> Result<TagChangeView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), "snapshot untag")?;
    let customer = transaction.customer();
    let only = account.map(|account| transaction.reader().find_account(customer, account)).transpose()?;
    let only = only.map(|account| [account].into_iter().collect());
    let tagged = transaction.reader().tagged(customer, tag, only.as_ref())?;
    if tagged.is_empty() {
        return Err(Error::new(ErrorKind::NoSnapshot, format!("no snapshot has the tag '{}'", tag.name()))
            .with_hint("`acctsnap tags list` shows the tags that there are"));
    }
    let mut tagged: Vec<(AccountId, SnapshotId)> = tagged.into_iter().collect();
    tagged.sort_unstable();
    let accounts: Vec<AccountId> = tagged.iter().map(|(account, _)| *account).collect();
    transaction.load_heads(&accounts)?;
    let mut view = TagChangeView::new(MarkAction::Untagged, tag.name(), context.dry_run);
    for (account, snapshot) in tagged {
        transaction.set_tag(account, tag, None)?;
        view.changed = true;
        view.accounts.untagged += 1;
        view.snapshot_ids.push(snapshot);
    }
    context.conclude(transaction)?;
    Ok(view)
}

/// Pins a snapshot, or takes the pin away.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`; `NoSnapshot` where there is no such snapshot.
pub fn pin_snapshot(context: &Context<'_>, id: SnapshotId, is_pinned: bool) -> Result<TagChangeView> {
    let (action, command) = match is_pinned {
        true => (MarkAction::Pinned, "snapshot pin"),
        false => (MarkAction::Unpinned, "snapshot unpin"),
    };
    let mut store = context.open_to_write()?;
    let mut transaction = context.begin(&mut store, WhichCustomer::Named(context.customer), command)?;
    let account = account_of(&transaction.reader(), transaction.customer(), id)?;
    let was_pinned = transaction.reader().marks(&[id])?.remove(&id).is_some_and(|marks| marks.is_pinned);
    let mut view = TagChangeView::new(action, "", context.dry_run);
    view.snapshot_ids = vec![id];
    if was_pinned != is_pinned {
        transaction.load_heads(&[account])?;
        transaction.set_pin(account, id, is_pinned)?;
        view.changed = true;
    }
    context.conclude(transaction)?;
    Ok(view)
}

/// The customer's tags, by name.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`.
pub fn list_tags(context: &Context<'_>) -> Result<Vec<TagLine>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let tags = reader.list_tags(customer)?.into_iter();
    Ok(tags
        .map(|tag| TagLine {
            tag: tag.name,
            accounts: tag.accounts,
            oldest_snapshot_at: tag.oldest,
            newest_snapshot_at: tag.newest,
        })
        .collect())
}
