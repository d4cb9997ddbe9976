//! The two ends of a comparison of portfolios: every account as it stood at a moment.

use rustc_hash::FxHashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, ProfileId};
use crate::model::portfolio::has_left;
use crate::model::profile::ProfileField;
use crate::model::time::Timestamp;
use crate::ops::compare::{Place, Point};
use crate::ops::live::live_records;
use crate::ops::rules::Rules;
use crate::report::portfolio_compare::MomentView;
use crate::store::{InForce, Reader, SnapshotRecord, Standing};

/// How many states are put together at once.
const CHUNK: usize = 2000;

/// Every account at one moment.
#[derive(Debug)]
pub(super) struct End {
    pub(super) moment: MomentView,
    pub(super) is_live: bool,
    /// By account; those too that had left by then.
    pub(super) standings: Vec<Standing>,
}

impl End {
    pub(super) fn load(
        reader: &Reader<'_>,
        customer: CustomerId,
        rules: &Rules<'_>,
        point: &Point,
        now: Timestamp,
    ) -> Result<Self> {
        let stored = |which| reader.standings(customer, which);
        let (at, is_live, standings) = match &point.place {
            Place::At(at) => (Some(*at), false, stored(InForce::At(*at))?),
            Place::Tagged(tag) => (None, false, reader.standings_tagged(customer, tag)?),
            Place::Latest => (None, false, stored(InForce::Latest)?),
            Place::Previous => (None, false, stored(InForce::Previous)?),
            Place::Now => (Some(now), true, live(reader, customer, rules, now)?),
            Place::Snapshot(id) => return Err(of_one_account(&id.to_string())),
        };
        Ok(Self { moment: MomentView { asked: point.asked.clone(), at }, is_live, standings })
    }
}

/// Whether an account is part of the portfolio: not archived, and not of a status that means that it has left.
pub(super) fn is_there(standing: &Standing) -> bool {
    !standing.archived && !has_left(standing.status.as_deref())
}

fn of_one_account(asked: &str) -> Error {
    let what = format!("snapshot {asked} is of one account, not of all");
    Error::new(ErrorKind::Usage, what)
        .with_hint("--all takes a date, a month, a quarter, latest, previous or now, e.g. 2026-06 now")
}

/// The accounts as they stand now, a snapshot taken or not.
fn live(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    now: Timestamp,
) -> Result<Vec<Standing>> {
    let series = reader.series(customer)?;
    let accounts: Vec<AccountId> =
        reader.list_accounts(customer)?.into_iter().map(|record| record.head.id).collect();
    let mut standings = Vec::with_capacity(accounts.len());
    for chunk in accounts.chunks(CHUNK) {
        let records = live_records(reader, customer, rules, &series, chunk, now)?;
        let profiles: Vec<ProfileId> = records.iter().filter_map(|record| record.content.profile).collect();
        let profiles = reader.profiles_by_id(&profiles)?;
        let statuses: FxHashMap<ProfileId, Option<String>> = profiles
            .into_iter()
            .map(|(id, profile)| (id, profile.text(ProfileField::AccountStatus).map(str::to_owned)))
            .collect();
        standings.extend(records.into_iter().map(|record| {
            let status = record.content.profile.and_then(|id| statuses.get(&id).cloned().flatten());
            standing(record, status)
        }));
    }
    standings.sort_unstable_by_key(|standing| standing.account);
    Ok(standings)
}

fn standing(record: SnapshotRecord, status: Option<String>) -> Standing {
    Standing {
        account: record.account.id,
        name: record.account.name,
        external_id: record.account.external_id,
        snapshot: None,
        change: record.change,
        taken_at: record.taken_at,
        config: record.config,
        score: record.content.overall,
        band: record.content.band,
        revenue: record.content.revenue_minor.zip(record.content.currency),
        kpi_row: record.content.kpi_row,
        status,
        archived: record.account.archived,
    }
}
