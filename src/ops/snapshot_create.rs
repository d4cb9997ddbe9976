//! `snapshot create`: snapshots by hand, of some accounts or all.

use super::Context;
use super::observer::Message;
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::selection::selected_live;
use super::tags::give;
use super::told::{self, AccountFate, Fate};
use crate::error::{Error, ErrorKind, Result};
use crate::events::{FlushScope, Request, SnapshotRules, Summaries, Taken, flush, take_watched};
use crate::model::condition::Condition;
use crate::model::cooldown::{self, Verdict};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::snapshot::SnapshotType;
use crate::model::tag::Tag;
use crate::report::snapshot_create::{CreateView, Created, Failed, Skipped};
use crate::report::tags::{MarkAction, TagChangeView};
use crate::store::{SnapshotReason, WhichCustomer, WriteTransaction};

/// Which snapshots are taken.
#[derive(Debug, Clone, Default)]
pub struct CreateOptions<'a> {
    /// Of these accounts, as a person names them; empty with `all`.
    pub accounts: Vec<&'a str>,
    /// Of all accounts.
    pub all: bool,
    /// Of those accounts whose state as it stands now is such; all of them are looked at.
    pub condition: Option<&'a Condition>,
    /// Only of those of them that have none.
    pub only_missing: bool,
    /// Why.
    pub reason: Option<&'a str>,
    /// Their type; manual where none is given.
    pub snapshot_type: Option<SnapshotType>,
    /// Pass the cooldown of that type.
    pub force: bool,
    /// Give them this tag.
    pub tag: Option<&'a Tag>,
    /// Pin them.
    pub pin: bool,
}

/// Takes snapshots in one transaction; last in it, those that other accounts were owed and that are due.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `NoSnapshot` where there is no account at all, and anything
/// that the database says.
pub fn create_snapshots(context: &Context<'_>, options: &CreateOptions<'_>) -> Result<CreateView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), "snapshot create")?;
    let rules = Rules::load(context.config, &transaction.reader(), transaction.customer())?;
    let mut accounts = accounts(&mut transaction, &rules, options)?;
    if options.only_missing {
        accounts = without_snapshot(&transaction, &accounts)?;
    }
    let mut view = CreateView::new(accounts.len());
    if accounts.is_empty() {
        return Ok(view);
    }
    transaction.load_heads(&accounts)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let requests = wanted(&transaction, &snapshot_rules, options, accounts, &mut view)?;
    take_all(context, &mut transaction, &snapshot_rules, &requests, &mut view)?;
    mark(&mut transaction, options, &view)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let mut fates = failures(&view);
    fates.extend(told::of_flush(&transaction, &flushed));
    view.flushed = flushed.created();
    let (failed, now, zone) =
        (flushed.taken.into_iter().filter(|t| t.result.is_err()), transaction.now(), rules.zone);
    add(&transaction, failed.collect(), &mut view);
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    tell_skipped(context, &view);
    told::tell(context, &fates, now, zone);
    Ok(view)
}

/// Takes the snapshots, some at a time: in between, progress is told and a request to stop is heard. All of them
/// stand in one transaction, so that one that was stopped leaves none.
fn take_all(
    context: &Context<'_>,
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    requests: &[Request],
    view: &mut CreateView,
) -> Result<()> {
    context.observer.started_pieces("taking snapshots", requests.len() as u64);
    let taken = take_watched(transaction, rules, &Summaries::default(), requests, &mut |written| {
        context.observer.advanced(written as u64);
        context.cancel.check()
    });
    context.observer.finished();
    add(transaction, taken?, view);
    Ok(())
}

/// Gives the snapshots that were taken the marks that were asked for.
fn mark(
    transaction: &mut WriteTransaction<'_>,
    options: &CreateOptions<'_>,
    view: &CreateView,
) -> Result<()> {
    let taken: Vec<_> =
        view.created.iter().map(|created| (created.account_id, created.snapshot_id)).collect();
    if let Some(tag) = options.tag {
        let mut change = TagChangeView::new(MarkAction::Tagged, tag.name(), false);
        give(transaction, tag, false, &taken, &mut change)?;
    }
    if options.pin {
        for (account, snapshot) in taken {
            transaction.set_pin(account, snapshot, true)?;
        }
    }
    Ok(())
}

/// Those of the accounts of which a snapshot may be taken; the others, whose cooldown holds, go into the answer.
fn wanted(
    transaction: &WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    options: &CreateOptions<'_>,
    accounts: Vec<AccountId>,
    view: &mut CreateView,
) -> Result<Vec<Request>> {
    let snapshot_type = options.snapshot_type.unwrap_or(SnapshotType::Manual);
    let stamps = transaction.load_stamps(&accounts, snapshot_type)?;
    let mut requests = Vec::with_capacity(accounts.len());
    for account_id in accounts {
        let account_name = name_of(transaction, account_id);
        let window = match options.force || snapshot_type == SnapshotType::Manual {
            true => 0,
            false => (rules.window)(snapshot_type, &account_name),
        };
        match cooldown::check(stamps.get(&account_id).copied(), transaction.now(), window) {
            Verdict::Holds { due, remaining_seconds } => {
                view.skipped.push(Skipped { account_id, account_name, due_at: due, remaining_seconds });
            }
            Verdict::Over | Verdict::FutureStamp => {
                let reason = reason(transaction, options, snapshot_type);
                requests.push(Request { account: account_id, reason });
            }
        }
    }
    Ok(requests)
}

/// Puts into the answer what came of the requests.
fn add(transaction: &WriteTransaction<'_>, taken: Vec<Taken>, view: &mut CreateView) {
    for Taken { account: account_id, result } in taken {
        let account_name = name_of(transaction, account_id);
        match result {
            Ok(snapshot_id) => view.created.push(Created { account_id, account_name, snapshot_id }),
            Err(error) => view.failed.push(Failed { account_id, account_name, error }),
        }
    }
}

/// The accounts that are asked for; empty only where a condition holds for none.
fn accounts(
    transaction: &mut WriteTransaction<'_>,
    rules: &Rules<'_>,
    options: &CreateOptions<'_>,
) -> Result<Vec<AccountId>> {
    let customer = transaction.customer();
    if !options.all && options.condition.is_none() {
        let reader = transaction.reader();
        let mut accounts = options
            .accounts
            .iter()
            .map(|text| reader.find_account(customer, text))
            .collect::<Result<Vec<_>>>()?;
        accounts.sort_unstable();
        accounts.dedup();
        return Ok(accounts);
    }
    let all = transaction.load_all_heads()?;
    let is_kept = |account: &&AccountId| transaction.head(**account).is_some_and(|head| !head.archived);
    let accounts: Vec<AccountId> = all.iter().filter(is_kept).copied().collect();
    match options.condition {
        _ if all.is_empty() => Err(no_accounts()),
        Some(condition) => {
            let (reader, now) = (transaction.reader(), transaction.recorded_at());
            selected_live(&reader, customer, rules, &accounts, now, condition)
        }
        None if accounts.is_empty() => Err(only_archived(all.len())),
        None => Ok(accounts),
    }
}

/// Those that have none now that the lock is held: of many who want one at once, one takes it.
fn without_snapshot(transaction: &WriteTransaction<'_>, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    let records = transaction.reader().load_accounts(transaction.customer(), accounts)?.into_iter();
    let missing = records.filter(|record| record.snapshot.is_none());
    Ok(missing.map(|record| record.head.id).collect())
}

fn no_accounts() -> Error {
    Error::new(ErrorKind::UnknownAccount, "the customer has no accounts")
        .with_hint("accounts appear with the first file: acctsnap ingest kpis FILE")
}

fn only_archived(accounts: usize) -> Error {
    let archived = match accounts {
        1 => "the customer's only account is archived".to_owned(),
        more => format!("all {more} accounts of the customer are archived"),
    };
    Error::new(ErrorKind::UnknownAccount, archived)
        .with_hint("name an archived account with -a, or take it back: acctsnap accounts unarchive ACCOUNT")
}

fn name_of(transaction: &WriteTransaction<'_>, account: AccountId) -> String {
    transaction.head(account).map(|head| head.name.clone()).unwrap_or_default()
}

fn reason(
    transaction: &WriteTransaction<'_>,
    options: &CreateOptions<'_>,
    kind: SnapshotType,
) -> SnapshotReason {
    SnapshotReason {
        snapshot_type: kind,
        trigger: None,
        action: None,
        event: None,
        reason: options.reason.map(ToOwned::to_owned),
        created_by: Some(transaction.actor().to_owned()),
    }
}

/// The accounts of which no snapshot could be written.
fn failures(view: &CreateView) -> Vec<AccountFate> {
    let fate = |failed: &Failed| AccountFate {
        account: failed.account_id,
        name: failed.account_name.clone(),
        fate: Fate::Failed { error: failed.error.clone() },
    };
    view.failed.iter().map(fate).collect()
}

fn tell_skipped(context: &Context<'_>, view: &CreateView) {
    let level = told::level_of_one_of(view.skipped.len());
    for skipped in view.skipped.iter().filter(|_| !context.dry_run) {
        let line = format!(
            "Skipping snapshot for account {} (cooldown: {}s remaining)",
            skipped.account_id, skipped.remaining_seconds
        );
        let message = Message::verbatim(line).of("snapshot_skipped");
        context.tell(level, &message.about_account(skipped.account_id, skipped.account_name.clone()));
    }
}

/// The snapshot that was written for an account.
#[must_use]
pub fn snapshot_of(view: &CreateView, account: AccountId) -> Option<SnapshotId> {
    view.created.iter().find(|created| created.account_id == account).map(|created| created.snapshot_id)
}
