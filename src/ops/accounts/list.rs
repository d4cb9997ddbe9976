//! `accounts list`: a line an account.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::condition::Condition;
use crate::model::ids::AccountId;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::ops::selection::selected_live;
use crate::report::accounts::AccountLine;
use crate::store::{AccountRecord, SnapshotSummary};

/// Which accounts are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountsOptions<'a> {
    /// Archived ones too.
    pub archived: bool,
    /// Only those whose state as it stands now is such.
    pub condition: Option<&'a Condition>,
}

/// The accounts of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountsList {
    /// A line each, by id.
    pub accounts: Vec<AccountLine>,
    /// How many archived ones were left out.
    pub archived_left_out: u64,
}

/// The accounts of the customer, by id; archived ones only where they are asked for.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn list_accounts(context: &Context<'_>, options: AccountsOptions<'_>) -> Result<AccountsList> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let name = reader.customer_name(customer)?;
    let as_of = context.clock.now();
    let (mut records, left_out): (Vec<_>, Vec<_>) = reader
        .list_accounts(customer)?
        .into_iter()
        .partition(|record| options.archived || !record.head.archived);
    let mut accounts: Vec<AccountId> = records.iter().map(|record| record.head.id).collect();
    if let Some(condition) = options.condition {
        let rules = Rules::load(context.config, &reader, customer)?;
        accounts = selected_live(&reader, customer, &rules, &accounts, as_of, condition)?;
        records.retain(|record| accounts.binary_search(&record.head.id).is_ok());
    }
    let dirty = reader.dirty_since(&accounts)?;
    let named = reader.kpis_named_at(&accounts)?;
    let merged = reader.merged(customer)?;
    let newest = reader.newest_snapshots(customer)?.into_iter();
    let newest: FxHashMap<AccountId, SnapshotSummary> =
        newest.map(|snapshot| (snapshot.account, snapshot)).collect();
    let line = |record: AccountRecord| {
        let head = record.head;
        let snapshot = newest.get(&head.id);
        let taken_at = snapshot.map(|snapshot| snapshot.taken_at);
        AccountLine {
            account_id: head.id,
            account_name: head.name,
            external_account_id: head.external_id,
            customer: name.clone(),
            archived: head.archived,
            overall_health_score: snapshot.and_then(|snapshot| snapshot.score),
            overall_health_status: snapshot.and_then(|snapshot| snapshot.band),
            snapshot_id: snapshot.map(|snapshot| snapshot.id),
            snapshot_timestamp: taken_at,
            age_seconds: taken_at.map(|at| as_of.seconds_since(at)),
            dirty_since: dirty.get(&head.id).copied(),
            kpis_age_seconds: named.get(&head.id).map(|at| as_of.seconds_since(*at)),
            as_of,
            merged_into: merged.get(&head.id).copied(),
        }
    };
    Ok(AccountsList {
        accounts: records.into_iter().map(line).collect(),
        // A condition asks for some accounts: that others are not shown goes without saying.
        archived_left_out: if options.condition.is_some() { 0 } else { left_out.len() as u64 },
    })
}
