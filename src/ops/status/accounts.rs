//! Which accounts are stale: by the schedule, and by the ages that were asked for.

use rustc_hash::FxHashMap;

use super::StatusOptions;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::schedule::newest_due;
use crate::model::time::Timestamp;
use crate::ops::rules::Rules;
use crate::ops::scheduled::{Calendar, decide};
use crate::report::status::{StaleAccount, StaleReason};
use crate::store::{AccountAge, Reader, ScheduledAccount};

/// How many accounts' states are held at once.
const CHUNK: usize = 1000;

/// The place of the rule that decides for each account.
pub(super) fn decided(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    calendar: &Calendar,
) -> Result<Vec<(AccountId, usize)>> {
    let accounts = reader.list_scheduled_accounts(customer)?;
    let accounts: Vec<&ScheduledAccount> = accounts.iter().collect();
    let mut decided = Vec::with_capacity(accounts.len());
    for chunk in accounts.chunks(CHUNK) {
        let rules = decide(reader, customer, rules, calendar, chunk)?;
        let pairs = chunk.iter().zip(rules);
        decided.extend(pairs.filter_map(|(account, rule)| Some((account.id, rule?.rule))));
    }
    Ok(decided)
}

/// The accounts that are stale; by the schedule only those for which a rule was decided.
pub(super) fn stale(
    ages: &[AccountAge],
    decided: &[(AccountId, usize)],
    calendar: &Calendar,
    options: &StatusOptions<'_>,
) -> Vec<StaleAccount> {
    let decided: FxHashMap<AccountId, usize> = decided.iter().copied().collect();
    let oldest: Vec<Option<Timestamp>> =
        (0..calendar.rules.len()).map(|rule| oldest_allowed(calendar, rule)).collect();
    let stale = ages.iter().filter_map(|age| {
        let rule = decided.get(&age.id).copied();
        let allowed = rule.and_then(|rule| oldest.get(rule).copied().flatten());
        let reasons = reasons(age, allowed, calendar.now, options);
        (!reasons.is_empty()).then(|| stale_account(age, reasons, rule, calendar))
    });
    stale.collect()
}

/// When the slot before a rule's newest due one became due: a snapshot from before that is older than the cadence and
/// one period more. The newest slot itself may still be filled.
fn oldest_allowed(calendar: &Calendar, rule: usize) -> Option<Timestamp> {
    let newest = calendar.newest.get(rule).copied().flatten()?;
    let before = newest_due(calendar.rules.get(rule)?, newest.due_at.plus_millis(-1), calendar.zone)?;
    Some(before.due_at)
}

fn reasons(
    age: &AccountAge,
    allowed: Option<Timestamp>,
    now: Timestamp,
    options: &StatusOptions<'_>,
) -> Vec<StaleReason> {
    let taken = age.snapshot.map(|(_, taken)| taken);
    let is_before = |allowed: Timestamp| taken.unwrap_or(age.first_fact_at) < allowed;
    // What a wrong clock dated further ahead than the limit says nothing of how fresh things are.
    let is_older =
        |limit: i64, at: Option<Timestamp>| at.is_none_or(|at| now.millis_since(at).saturating_abs() > limit);
    let reasons = [
        allowed.is_some_and(is_before).then_some(StaleReason::Schedule),
        options.max_age.is_some_and(|limit| is_older(limit, taken)).then_some(StaleReason::MaxAge),
        options
            .max_data_age
            .is_some_and(|limit| is_older(limit, age.kpis_named_at))
            .then_some(StaleReason::MaxDataAge),
    ];
    reasons.into_iter().flatten().collect()
}

fn stale_account(
    age: &AccountAge,
    reasons: Vec<StaleReason>,
    rule: Option<usize>,
    calendar: &Calendar,
) -> StaleAccount {
    let rule = rule.and_then(|rule| calendar.rules.get(rule));
    let (snapshot_id, taken) = age.snapshot.unzip();
    StaleAccount {
        account_id: age.id,
        external_account_id: age.external_id.clone(),
        account_name: age.name.clone(),
        reasons,
        snapshot_id,
        snapshot_timestamp: taken,
        age_seconds: taken.map(|taken| calendar.now.seconds_since(taken)),
        kpis_age_seconds: age.kpis_named_at.map(|at| calendar.now.seconds_since(at)),
        rule: rule.map(|rule| rule.name.clone()),
        cadence: rule.map(|rule| rule.every),
    }
}
