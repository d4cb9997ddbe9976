//! `uploads undo` and `uploads redo`: an upload is taken back, or counts again; what the others said stands.
//!
//! The upload is marked, the accounts that it named are folded again from the uploads that count, and a snapshot of the
//! result is taken at once, past the cooldown. Nothing that was written is changed: snapshots that were made from an
//! upload that is taken back stay, and say so.

pub(super) mod facts;
pub(super) mod kpis;
mod merged;
pub(super) mod refold;

use std::collections::BTreeMap;

use super::Context;
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::told;
use crate::error::{Error, ErrorKind, Result};
use crate::events::{
    Deferral, Dispatcher, EventDraft, FlushScope, Published, SnapshotRules, SnapshotSubscriber, Summaries,
    flush,
};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, UploadId};
use crate::model::upload::{Upload, UploadKind};
use crate::report::upload_undo::{LaterUpload, UndoAction, UploadUndoView};
use crate::store::{PlacedSnapshot, WhichCustomer, WriteTransaction};
use facts::Changed;
use refold::Turn;

/// How many accounts are told by name.
const ACCOUNTS_TOLD: usize = 10;

/// Takes an upload back, or lets it count again, in one transaction.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownUpload`, and anything that the database says.
pub fn turn_upload(context: &Context<'_>, id: UploadId, action: UndoAction) -> Result<UploadUndoView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), action.command())?;
    let upload = transaction.reader().find_upload(transaction.customer(), id)?.ok_or_else(|| {
        let customer = transaction.customer_name();
        Error::new(ErrorKind::UnknownUpload, format!("customer '{customer}' has no upload {id}"))
            .with_hint("`acctsnap uploads list` shows the uploads that there are")
    })?;
    let is_undone = upload.undone_at.is_some();
    let mut view = UploadUndoView::new(&upload, action, context.dry_run);
    if is_undone == (action == UndoAction::Undone) {
        return Ok(view);
    }
    view.changed = true;
    let named = transaction.accounts_of_upload(&upload)?;
    let accounts = with_those_over(&transaction, &upload, &named)?;
    transaction.load_heads(&accounts)?;
    let rules = Rules::load(context.config, &transaction.reader(), transaction.customer())?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let turn = Turn { upload: upload.id, counts: action == UndoAction::Redone };
    view.later_uploads = later_uploads(&transaction, &upload, &accounts)?;
    let changed = refold(&mut transaction, &snapshot_rules, &upload, &accounts, turn)?;
    context.cancel.check()?;
    view.accounts.touched = accounts.len() as u64;
    view.accounts.changed = changed.len() as u64;
    set_archived(&mut transaction, &upload, &accounts, action, &mut view)?;
    if action == UndoAction::Undone {
        view.snapshots.retracted = retract(&mut transaction, &upload, &named, &changed)?;
    }
    let published = publish(&mut transaction, &rules, &snapshot_rules, &upload, &changed, action)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let outcomes =
        |outcome| published.decisions.iter().filter(|decision| decision.outcome == outcome).count();
    view.snapshots.created = outcomes(Outcome::Created) as u64;
    view.snapshots.failed = outcomes(Outcome::Failed) as u64 + flushed.failed();
    view.snapshots.flushed = flushed.created();
    let mut fates = told::of_published(&transaction, &published);
    fates.extend(told::of_flush(&transaction, &flushed));
    let now = transaction.now();
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    Ok(view)
}

/// Marks the upload and writes the facts of its kind as the uploads that count said them.
fn refold(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    upload: &Upload,
    accounts: &[AccountId],
    turn: Turn,
) -> Result<Changed> {
    let today = transaction.recorded_at().date_in(rules.zone);
    let changed = match upload.kind {
        UploadKind::Kpis => {
            let score = |transaction: &mut WriteTransaction<'_>, account, state: &_| {
                let (scored, _) = rules.scorer.score(state);
                transaction.save_kpi_state(account, state, &scored, rules.config)
            };
            kpis::refold(transaction, accounts, turn, score, today)
        }
        UploadKind::Profiles => facts::profiles(transaction, accounts, turn),
        UploadKind::Playbooks => facts::playbooks(transaction, accounts, turn),
        UploadKind::Health => facts::health(transaction, accounts, turn),
        UploadKind::Notes => facts::notes(transaction, accounts, turn),
    }?;
    transaction.mark_undone(upload.id, !turn.counts)?;
    transaction.refresh_last_uploads(accounts, upload.kind)?;
    Ok(changed)
}

/// Puts the accounts aside that only this upload made, or takes those back that were put aside with it.
fn set_archived(
    transaction: &mut WriteTransaction<'_>,
    upload: &Upload,
    accounts: &[AccountId],
    action: UndoAction,
    view: &mut UploadUndoView,
) -> Result<()> {
    let why = format!("only upload {} made it, and that was taken back", upload.id);
    let wanted: Vec<AccountId> = match action {
        UndoAction::Undone => transaction
            .accounts_made_by(upload, accounts)?
            .into_iter()
            .filter(|account| transaction.head(*account).is_some_and(|head| !head.archived))
            .collect(),
        UndoAction::Redone => {
            let mut wanted = Vec::new();
            for account in accounts {
                let Some(head) = transaction.head(*account).filter(|head| head.archived) else { continue };
                let archiving = transaction.reader().archiving(head)?;
                if archiving.is_some_and(|archiving| archiving.reason.as_deref() == Some(why.as_str())) {
                    wanted.push(*account);
                }
            }
            wanted
        }
    };
    let names = wanted.iter().filter_map(|account| transaction.head(*account).map(|head| head.name.clone()));
    view.accounts.archived_names = names.take(ACCOUNTS_TOLD).collect();
    view.accounts.archived = wanted.len() as u64;
    for account in wanted {
        match action {
            UndoAction::Undone => transaction.archive_account(account, Some(&why))?,
            UndoAction::Redone => transaction.unarchive_account(account)?,
        }
    }
    Ok(())
}

/// Later uploads of the kind that count and that named one of the accounts: what they said stands.
fn later_uploads(
    transaction: &WriteTransaction<'_>,
    upload: &Upload,
    accounts: &[AccountId],
) -> Result<Vec<LaterUpload>> {
    let later = transaction.later_uploads(upload, accounts)?;
    let line = |(upload_id, file, accounts)| LaterUpload { upload_id, file, accounts };
    Ok(later.into_iter().map(line).collect())
}

/// Accounts, and those into which one of them was merged: what was said of it is folded there.
fn with_those_over(
    transaction: &WriteTransaction<'_>,
    upload: &Upload,
    named: &[AccountId],
) -> Result<Vec<AccountId>> {
    let mut accounts = named.to_vec();
    accounts.extend(transaction.merged_over(named)?);
    accounts.extend(transaction.taken_in_of_upload(upload)?);
    accounts.sort_unstable();
    accounts.dedup();
    Ok(accounts)
}

/// The snapshots that an upload can have had a part in: of an account that it named those since it came in, of one that
/// took such an account in those since then.
fn snapshots_since(
    transaction: &WriteTransaction<'_>,
    upload: &Upload,
    named: &[AccountId],
    changed: &Changed,
) -> Result<Vec<PlacedSnapshot>> {
    let (direct, over): (Vec<AccountId>, Vec<AccountId>) =
        changed.keys().copied().partition(|account| named.contains(account));
    let mut snapshots = transaction.snapshots_since(&direct, upload.change, upload.kind)?;
    for account in over {
        let merges = transaction.merges_under(&[account])?;
        let took_in = |from: AccountId| named.contains(&from) || changed.contains_key(&from);
        let merges = merges.iter().filter(|merge| merge.into == account && took_in(merge.from));
        if let Some(since) = merges.map(|merge| merge.change).min() {
            snapshots.extend(transaction.snapshots_since(
                &[account],
                since.max(upload.change),
                upload.kind,
            )?);
        }
    }
    Ok(snapshots)
}

/// Marks the snapshots in which something stands that only this upload said; says how many.
fn retract(
    transaction: &mut WriteTransaction<'_>,
    upload: &Upload,
    named: &[AccountId],
    changed: &Changed,
) -> Result<u64> {
    let mut count = 0;
    for snapshot in snapshots_since(transaction, upload, named, changed)? {
        // What was known after the last upload that a snapshot knew is what was known after it and before the next.
        let differs =
            changed.get(&snapshot.account).is_some_and(|differing| differing.contains(&snapshot.upload));
        if differs {
            transaction.retract(snapshot, upload.id)?;
            count += 1;
        }
    }
    Ok(count)
}

fn event_type(kind: UploadKind) -> EventType {
    match kind {
        UploadKind::Kpis => EventType::KpiDataUploaded,
        UploadKind::Profiles | UploadKind::Playbooks | UploadKind::Notes => EventType::AccountDataChanged,
        UploadKind::Health => EventType::HealthScoresUpdated,
    }
}

/// An event an account that is not put aside, with its snapshot past the cooldown.
fn publish(
    transaction: &mut WriteTransaction<'_>,
    rules: &Rules<'_>,
    snapshot_rules: &SnapshotRules<'_>,
    upload: &Upload,
    changed: &BTreeMap<AccountId, Vec<UploadId>>,
    action: UndoAction,
) -> Result<Published> {
    let event_type = event_type(upload.kind);
    let settings = rules.settings;
    if !settings.events_enabled().value || !settings.event_types().value.contains(&event_type) {
        return Ok(Published::default());
    }
    let is_shown = |account: &&AccountId| transaction.head(**account).is_some_and(|head| !head.archived);
    let draft = |account: &AccountId| EventDraft {
        customer: transaction.customer(),
        account: *account,
        event_type,
        action: Some(action.name().to_owned()),
        upload: Some(upload.id),
    };
    let drafts: Vec<EventDraft> = changed.keys().filter(is_shown).map(draft).collect();
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(snapshot_rules, Summaries::default()).past_cooldowns());
    dispatcher.publish(transaction, drafts, Deferral::Now)
}
