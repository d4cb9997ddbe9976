//! `accounts merge`: the names and ids of one account lead to another, and what is known of it fills the other's gaps.
//!
//! No row moves. What uploads said of the merged account is folded for the other one under the uploads' own names, so
//! that taking one of them back takes it back there too; the merged account keeps its history and is archived.

use chrono::NaiveDate;

use crate::error::{Error, ErrorKind, Result};
use crate::events::{
    Deferral, Dispatcher, EventDraft, FlushScope, Published, SnapshotRules, SnapshotSubscriber, Summaries,
    flush,
};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::AccountId;
use crate::model::kpi::state::KpiState;
use crate::model::upload::UploadKind;
use crate::ops::Context;
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told;
use crate::ops::undo::refold::Turn;
use crate::ops::undo::{facts, kpis};
use crate::report::account_merge::{AccountMergeView, SCHEMA};
use crate::store::{AccountHead, Reader, Store, WhichCustomer, WriteTransaction};

use super::change::without_head;

/// The action of its event.
const ACTION: &str = "account_merged";

/// Merges an account into another; `agree` is shown what will come of it, where anything will.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`; `InputRefused` where both are one account, or
/// the first was merged into a third one; what `agree` says, and anything that the database says.
pub fn merge_accounts(
    context: &Context<'_>,
    from: &str,
    into: &str,
    agree: &mut dyn FnMut(&AccountMergeView) -> Result<()>,
) -> Result<AccountMergeView> {
    let mut store = context.open_to_write()?;
    let plan = attempt(context, &mut store, from, into, true)?;
    if !plan.changed || context.dry_run {
        return Ok(plan);
    }
    agree(&plan)?;
    attempt(context, &mut store, from, into, false)
}

fn attempt(
    context: &Context<'_>,
    store: &mut Store,
    from: &str,
    into: &str,
    is_plan: bool,
) -> Result<AccountMergeView> {
    let mut transaction = context.begin(store, WhichCustomer::Named(context.customer), "accounts merge")?;
    let customer = transaction.customer();
    let reader = transaction.reader();
    let (from, into) = (reader.find_account_itself(customer, from)?, reader.find_account(customer, into)?);
    let into = reader.answering_for(into)?;
    let merged_into = reader.merged_into(from)?;
    refuse(&reader, from, into, merged_into)?;
    drop(reader);
    transaction.load_heads(&[from, into])?;
    let (source, target) = (head(&transaction, from)?, head(&transaction, into)?);
    let mut view = AccountMergeView {
        schema: SCHEMA,
        changed: merged_into.is_none(),
        dry_run: is_plan,
        customer: transaction.customer_name().to_owned(),
        merged_account_id: from,
        merged_account_name: source.name.clone(),
        account_id: into,
        account_name: target.name.clone(),
        external_account_id: target.external_id.clone(),
        kpis_filled: 0,
        parts_filled: Vec::new(),
        snapshots_created: 0,
        snapshots_failed: 0,
    };
    if !view.changed {
        return Ok(view);
    }
    let rules = Rules::load(context.config, &transaction.reader(), customer)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    identity(&mut transaction, &source, &target)?;
    fill(&mut transaction, &snapshot_rules, &source, into, &mut view)?;
    view.external_account_id = head(&transaction, into)?.external_id;
    let published = publish(&mut transaction, &rules, &snapshot_rules, into, &view)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let outcomes =
        |outcome| published.decisions.iter().filter(|decision| decision.outcome == outcome).count();
    view.snapshots_created = outcomes(Outcome::Created) as u64;
    view.snapshots_failed = outcomes(Outcome::Failed) as u64;
    context.cancel.check()?;
    if is_plan {
        transaction.roll_back();
        return Ok(view);
    }
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

/// One account cannot be merged into itself, nor a second time into another one.
fn refuse(reader: &Reader<'_>, from: AccountId, into: AccountId, merged: Option<AccountId>) -> Result<()> {
    if from == into {
        return Err(Error::new(ErrorKind::InputRefused, format!("both are one account, id:{into}"))
            .with_hint("`acctsnap accounts show` tells which names lead to an account"));
    }
    match merged.filter(|merged| *merged != into) {
        None => Ok(()),
        Some(other) => {
            let names = reader.account_names(&[other])?;
            let name = names.get(&other).map_or("", String::as_str);
            Err(Error::new(
                ErrorKind::InputRefused,
                format!("id:{from} was merged into '{name}' (id:{other}) before"),
            )
            .with_hint(format!("merge id:{other}, which answers for it")))
        }
    }
}

fn head(transaction: &WriteTransaction<'_>, account: AccountId) -> Result<AccountHead> {
    transaction.head(account).cloned().ok_or_else(|| without_head(account))
}

/// The names and ids lead to the other account, which takes the id where it has none; the merged one is put aside.
fn identity(transaction: &mut WriteTransaction<'_>, from: &AccountHead, into: &AccountHead) -> Result<()> {
    transaction.merge_account(from.id, into.id)?;
    if let (None, Some(id)) = (&into.external_id, &from.external_id) {
        transaction.set_external_id(into.id, id)?;
    }
    match from.archived {
        true => Ok(()),
        false => transaction.archive_account(from.id, Some(&format!("merged into id:{}", into.id))),
    }
}

/// Folds what was said of the merged account into the other one.
fn fill(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    from: &AccountHead,
    into: AccountId,
    view: &mut AccountMergeView,
) -> Result<()> {
    let today = transaction.recorded_at().date_in(rules.zone);
    view.kpis_filled = fill_kpis(transaction, rules, into, today)?;
    if view.kpis_filled > 0 {
        view.parts_filled.push(UploadKind::Kpis.name());
    }
    let parts = [
        (UploadKind::Profiles, "profile", from.profile_upload),
        (UploadKind::Health, "health", from.health_upload),
        (UploadKind::Playbooks, "playbooks", from.playbooks_upload),
        (UploadKind::Notes, "notes", from.notes_upload),
    ];
    for (kind, part, upload) in parts {
        // An upload that counts goes on counting: only what is known of the account is another.
        let Some(upload) = upload else { continue };
        let turn = Turn { upload, counts: true };
        let changed = match kind {
            UploadKind::Profiles => facts::profiles(transaction, &[into], turn),
            UploadKind::Health => facts::health(transaction, &[into], turn),
            UploadKind::Playbooks => facts::playbooks(transaction, &[into], turn),
            _ => facts::notes(transaction, &[into], turn),
        }?;
        if !changed.is_empty() {
            view.parts_filled.push(part);
        }
    }
    let kinds = [
        UploadKind::Kpis,
        UploadKind::Profiles,
        UploadKind::Health,
        UploadKind::Playbooks,
        UploadKind::Notes,
    ];
    kinds.into_iter().try_for_each(|kind| transaction.refresh_last_uploads(&[into], kind))
}

/// Takes in what uploads said of the KPIs of which the other account knows nothing; how many those are.
fn fill_kpis(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    into: AccountId,
    today: NaiveDate,
) -> Result<u64> {
    let known = transaction.load_kpi_states(&[into])?.remove(&into).unwrap_or_default().entries().len();
    let mut count = known;
    let score = |transaction: &mut WriteTransaction<'_>, account, state: &KpiState| {
        count = state.entries().len();
        let (scored, _) = rules.scorer.score(state);
        transaction.save_kpi_state(account, state, &scored, rules.config)
    };
    kpis::refold(transaction, &[into], Turn::NONE, score, today)?;
    Ok(count.saturating_sub(known) as u64)
}

/// One event of the account that took the other in, where something is known otherwise; none of the other.
fn publish(
    transaction: &mut WriteTransaction<'_>,
    rules: &Rules<'_>,
    snapshot_rules: &SnapshotRules<'_>,
    into: AccountId,
    view: &AccountMergeView,
) -> Result<Published> {
    let event_type = EventType::AccountDataChanged;
    let settings = rules.settings;
    let is_wanted = settings.events_enabled().value && settings.event_types().value.contains(&event_type);
    if !is_wanted || view.parts_filled.is_empty() {
        return Ok(Published::default());
    }
    let draft = EventDraft {
        customer: transaction.customer(),
        account: into,
        event_type,
        action: Some(ACTION.to_owned()),
        upload: None,
    };
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(snapshot_rules, Summaries::default()));
    dispatcher.publish(transaction, vec![draft], Deferral::Now)
}
