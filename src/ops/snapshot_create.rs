//! `snapshot create`: snapshots by hand, of some accounts or all.

use super::Context;
use super::observer::{Level, Message};
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::events::{Request, Summaries, take};
use crate::model::cooldown::{self, Verdict};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::snapshot::SnapshotType;
use crate::report::snapshot_create::{CreateView, Created, Skipped};
use crate::store::{SnapshotReason, WhichCustomer, WriteTransaction};

/// Which snapshots are taken.
#[derive(Debug, Clone, Default)]
pub struct CreateOptions<'a> {
    /// Of these accounts, as a person names them; empty with `all`.
    pub accounts: Vec<&'a str>,
    /// Of all accounts.
    pub all: bool,
    /// Why.
    pub reason: Option<&'a str>,
    /// Their type; manual where none is given.
    pub snapshot_type: Option<SnapshotType>,
    /// Pass the cooldown of that type.
    pub force: bool,
}

/// Takes snapshots in one transaction.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `NoSnapshot` where there is no account at all, and anything
/// that the database says.
pub fn create_snapshots(context: &Context<'_>, options: &CreateOptions<'_>) -> Result<CreateView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), "snapshot create")?;
    let accounts = accounts(&transaction, options)?;
    transaction.load_heads(&accounts)?;
    let imported = transaction.reader().kpi_definitions(transaction.customer())?;
    let rules = Rules::new(context.config, transaction.customer_name(), &imported)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let snapshot_type = options.snapshot_type.unwrap_or(SnapshotType::Manual);
    let stamps = transaction.load_stamps(&accounts, snapshot_type)?;
    let mut view = CreateView::new();
    let mut requests = Vec::new();
    for account in accounts {
        let name = name_of(&transaction, account);
        let window = match options.force || snapshot_type == SnapshotType::Manual {
            true => 0,
            false => (snapshot_rules.window)(snapshot_type, &name),
        };
        match cooldown::check(stamps.get(&account).copied(), transaction.now(), window) {
            Verdict::Holds { due, remaining_seconds } => view.skipped.push(Skipped {
                account_id: account,
                account_name: name,
                due_at: due,
                remaining_seconds,
            }),
            Verdict::Over | Verdict::FutureStamp => {
                requests.push(Request { account, reason: reason(&transaction, options, snapshot_type) });
            }
        }
    }
    for taken in take(&mut transaction, &snapshot_rules, &Summaries::default(), &requests)? {
        let account_name = name_of(&transaction, taken.account);
        match taken.result {
            Ok(snapshot_id) => {
                view.created.push(Created { account_id: taken.account, account_name, snapshot_id });
            }
            Err(error) => view.failed.push(crate::report::snapshot_create::Failed {
                account_id: taken.account,
                account_name,
                error,
            }),
        }
    }
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    tell(context, &view);
    Ok(view)
}

fn accounts(transaction: &WriteTransaction<'_>, options: &CreateOptions<'_>) -> Result<Vec<AccountId>> {
    let reader = transaction.reader();
    let customer = transaction.customer();
    if !options.all {
        let mut accounts = options
            .accounts
            .iter()
            .map(|text| reader.find_account(customer, text))
            .collect::<Result<Vec<_>>>()?;
        accounts.sort_unstable();
        accounts.dedup();
        return Ok(accounts);
    }
    let all = reader.list_accounts(customer)?.into_iter();
    let accounts: Vec<AccountId> =
        all.filter(|record| !record.head.archived).map(|record| record.head.id).collect();
    if accounts.is_empty() {
        return Err(Error::new(ErrorKind::UnknownAccount, "the customer has no accounts")
            .with_hint("accounts appear with the first file: acctsnap ingest kpis FILE"));
    }
    Ok(accounts)
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

fn tell(context: &Context<'_>, view: &CreateView) {
    for skipped in &view.skipped {
        let line = format!(
            "Skipping snapshot for account {} (cooldown: {}s remaining)",
            skipped.account_id, skipped.remaining_seconds
        );
        let message = Message::verbatim(line).of("snapshot_skipped");
        context.tell(Level::Info, &message.about_account(skipped.account_id, skipped.account_name.clone()));
    }
    for failed in &view.failed {
        let line = format!("Error creating snapshot for account {}: {}", failed.account_name, failed.error);
        let message = Message::verbatim(line).of("snapshot_failed");
        context.tell(Level::Error, &message.about_account(failed.account_id, failed.account_name.clone()));
    }
}

/// The snapshot that was written for an account.
#[must_use]
pub fn snapshot_of(view: &CreateView, account: AccountId) -> Option<SnapshotId> {
    view.created.iter().find(|created| created.account_id == account).map(|created| created.snapshot_id)
}
