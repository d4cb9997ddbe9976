//! Which accounts are owed which slot.
//!
//! Only an account for which some rule has an unfilled due slot is looked at more closely, and only where a rule has a
//! condition is its state built. The same answer serves the run, which fills the slots, and whoever only asks.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use super::calendar::Calendar;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId};
use crate::model::schedule::{Gap, Period, ScheduleRule, Slot, gap_before, is_owed};
use crate::model::time::Timestamp;
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::snapshot::SnapshotView;
use crate::store::{Reader, ScheduledAccount};

/// A slot that is due for an account and that nothing fills yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedSlot {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// The place of the rule that decides.
    pub rule: usize,
    /// The slot.
    pub slot: Slot,
    /// The slots before it that nobody filled.
    pub gap: Option<Gap>,
    /// The first comparison of the rule's condition with the account's values; None where it has no condition.
    pub why: Option<String>,
}

/// The rule that decides for an account.
#[derive(Debug, Clone)]
pub(in crate::ops) struct Decision {
    /// Its place.
    pub(in crate::ops) rule: usize,
    /// What makes its condition hold.
    pub(in crate::ops) why: Option<String>,
}

impl Decision {
    fn without_state(rule: usize) -> Self {
        Self { rule, why: None }
    }
}

/// How many accounts' states are held at once.
pub(super) const CHUNK: usize = 1000;

/// The slots that are owed at the calendar's instant, by account.
///
/// # Errors
/// Anything that the database says.
pub fn owed_slots(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    calendar: &Calendar,
) -> Result<Vec<OwedSlot>> {
    let accounts = reader.list_scheduled_accounts(customer)?;
    let candidates: Vec<&ScheduledAccount> = accounts
        .iter()
        .filter(|account| (0..calendar.rules.len()).any(|rule| is_due(calendar, rule, account)))
        .collect();
    let mut owed = Vec::new();
    for chunk in candidates.chunks(CHUNK) {
        let decided = decide(reader, customer, rules, calendar, chunk)?;
        for (account, decision) in chunk.iter().zip(decided) {
            let Some(Decision { rule, why }) = decision else { continue };
            let Some(slot) = calendar.newest.get(rule).copied().flatten() else { continue };
            if is_due(calendar, rule, account) {
                owed.push((
                    *account,
                    OwedSlot {
                        account: account.id,
                        account_name: account.name.clone(),
                        rule,
                        slot,
                        gap: None,
                        why,
                    },
                ));
            }
        }
    }
    let owed = without_filled(reader, owed)?;
    with_gaps(reader, customer, calendar, owed)
}

/// Whether the newest slot of a rule is owed to an account, should that rule decide.
fn is_due(calendar: &Calendar, rule: usize, account: &ScheduledAccount) -> bool {
    let slot = calendar.newest.get(rule).copied().flatten();
    slot.is_some_and(|slot| is_owed(&slot, account.first_fact_at, account.last_filled(slot.period.cadence())))
}

/// The rule that decides for each account, and why.
pub(in crate::ops) fn decide(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    calendar: &Calendar,
    accounts: &[&ScheduledAccount],
) -> Result<Vec<Option<Decision>>> {
    if !calendar.has_conditions() {
        return Ok(accounts.iter().map(|_| calendar.deciding(None).map(Decision::without_state)).collect());
    }
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let views = live_views(reader, customer, rules, &ids, calendar.now)?;
    let views: FxHashMap<AccountId, SnapshotView> =
        views.into_iter().map(|view| (view.account_id, view)).collect();
    let decide = |id: &AccountId| -> Result<Option<Decision>> {
        let state = views.get(id).map(state_of).transpose()?;
        let Some(rule) = calendar.deciding(state.as_ref()) else { return Ok(None) };
        let when = calendar.rules.get(rule).and_then(|rule| rule.when.as_ref());
        let why = when.zip(state.as_ref()).map(|(when, state)| when.why(state));
        Ok(Some(Decision { rule, why }))
    };
    ids.iter().map(decide).collect()
}

/// A state as conditions see it: a snapshot's JSON object.
fn state_of(view: &SnapshotView) -> Result<Map<String, Value>> {
    serde_json::from_value(serde_json::to_value(view).unwrap_or_default())
        .map_err(|error| Error::new(ErrorKind::Failed, "an account's state has no JSON").with_cause(error))
}

type Owed<'a> = (&'a ScheduledAccount, OwedSlot);

/// The ledger of slots has the last word: a slot that is filled, under whatever rule and clock, is not owed.
fn without_filled<'a>(reader: &Reader<'_>, owed: Vec<Owed<'a>>) -> Result<Vec<Owed<'a>>> {
    let mut by_period: BTreeMap<Period, Vec<AccountId>> = BTreeMap::new();
    for (account, owed) in &owed {
        by_period.entry(owed.slot.period).or_default().push(account.id);
    }
    let mut filled: FxHashSet<(Period, AccountId)> = FxHashSet::default();
    for (period, accounts) in by_period {
        filled.extend(reader.find_filled(period, &accounts)?.into_iter().map(|account| (period, account)));
    }
    Ok(owed.into_iter().filter(|(account, owed)| !filled.contains(&(owed.slot.period, account.id))).collect())
}

fn with_gaps(
    reader: &Reader<'_>,
    customer: CustomerId,
    calendar: &Calendar,
    owed: Vec<Owed<'_>>,
) -> Result<Vec<OwedSlot>> {
    let ids: Vec<AccountId> = owed.iter().map(|(account, _)| account.id).collect();
    let done = last_done(reader, customer, calendar.now, &ids)?;
    // Accounts of one upload share their first fact, and most share their last run: each walk back is made once.
    let mut walked: FxHashMap<(usize, Timestamp, Option<Period>), Option<Gap>> = FxHashMap::default();
    let mut with_gap = |(account, mut owed): Owed<'_>| {
        let rule: &ScheduleRule = calendar.rules.get(owed.rule)?;
        let since =
            done.get(&account.id).map_or(account.first_fact_at, |done| account.first_fact_at.max(*done));
        let filled = account.last_filled(owed.slot.period.cadence());
        owed.gap = *walked
            .entry((owed.rule, since, filled))
            .or_insert_with(|| gap_before(rule, &owed.slot, since, filled, calendar.zone));
        Some(owed)
    };
    Ok(owed.into_iter().filter_map(&mut with_gap).collect())
}

/// For each account the last run that left nothing undone of it: what was due by then and is not filled was not owed.
/// Runs of a clock that was ahead of this one's tell nothing.
fn last_done(
    reader: &Reader<'_>,
    customer: CustomerId,
    now: Timestamp,
    accounts: &[AccountId],
) -> Result<FxHashMap<AccountId, Timestamp>> {
    let mut done = FxHashMap::default();
    let mut left: Vec<AccountId> = accounts.to_vec();
    let mut next = reader.last_schedule_run(customer)?;
    while let Some(run) = next.filter(|_| !left.is_empty()) {
        if run.evaluated_at <= now {
            let failed: FxHashSet<AccountId> = run.failed.iter().copied().collect();
            let (still, finished): (Vec<_>, Vec<_>) = left.into_iter().partition(|id| failed.contains(id));
            done.extend(finished.into_iter().map(|id| (id, run.evaluated_at)));
            left = still;
        }
        next = run.previous.map(|id| reader.load_schedule_run(id)).transpose()?;
    }
    Ok(done)
}
