//! What the states of snapshots that are about to be written call for; nothing is loaded where no rule asks.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::taker::{Request, SnapshotRules};
use crate::error::Result;
use crate::model::ids::{AccountId, UploadId};
use crate::model::snapshot::SnapshotContent;
use crate::model::snapshot::build::{Movement, Previous};
use crate::model::snapshot::header::SnapshotHeader;
use crate::model::time::Timestamp;
use crate::store::WriteTransaction;

/// A snapshot that is about to be written.
pub(super) struct Coming<'a> {
    /// Why it is taken.
    pub(super) request: &'a Request,
    /// What it holds.
    pub(super) content: &'a SnapshotContent,
    /// The same as conditions are asked of it.
    pub(super) state: Map<String, Value>,
    /// How it moved.
    pub(super) movement: Movement,
    /// The snapshot before.
    pub(super) previous: Option<&'a Previous>,
    /// How many playbook executions were completed in the 30 days before.
    pub(super) completed_in_window: Option<u32>,
}

/// When uploads last named the KPIs of accounts, whose heads are loaded; empty where no rule asks.
pub(super) fn load_kpis_named(
    transaction: &WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    accounts: &[AccountId],
) -> Result<FxHashMap<AccountId, Timestamp>> {
    if !rules.recommender.reads("kpis_age_seconds") {
        return Ok(FxHashMap::default());
    }
    let of = |account: &AccountId| Some((*account, transaction.head(*account)?.kpis_upload?));
    let named: Vec<(AccountId, UploadId)> = accounts.iter().filter_map(of).collect();
    let uploads: Vec<UploadId> = named.iter().map(|(_, upload)| *upload).collect();
    let sources = transaction.reader().upload_sources(&uploads)?;
    let at = |(account, upload)| Some((account, sources.get(&upload)?.ingested_at));
    Ok(named.into_iter().filter_map(at).collect())
}

/// The playbooks that a coming snapshot calls for.
pub(super) fn recommended(
    transaction: &WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    kpis_named: &FxHashMap<AccountId, Timestamp>,
    coming: Coming<'_>,
) -> Vec<String> {
    let (account, reason) = (coming.request.account, &coming.request.reason);
    let head = transaction.head(account);
    let header = SnapshotHeader {
        account,
        name: head.map(|head| head.name.as_str()).unwrap_or_default(),
        external_id: head.and_then(|head| head.external_id.as_deref()),
        customer: transaction.customer_name(),
        taken_at: transaction.recorded_at(),
        zone: rules.zone,
        snapshot_type: reason.snapshot_type,
        trigger: reason.trigger,
        action: reason.action.as_deref(),
        reason: reason.reason.as_deref(),
        created_by: reason.created_by.as_deref(),
        movement: coming.movement,
        previous: coming.previous,
        completed_in_window: coming.completed_in_window,
        kpis_named_at: kpis_named.get(&account).copied(),
    };
    let mut state = coming.state;
    header.add_to(&mut state, coming.content);
    rules.recommender.recommendations_for(&state)
}
