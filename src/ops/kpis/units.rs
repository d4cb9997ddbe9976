//! No definition changes the unit under values that accounts hold: they would keep their numbers and mean others.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::error::{Detail, Error, ErrorKind, Result};
use crate::model::ids::{AccountId, SeriesId};
use crate::model::kpi::series::Series;
use crate::model::kpi::{KpiDefinition, Unit};
use crate::ops::rules::Rules;
use crate::report::text::count;
use crate::store::WriteTransaction;

/// A KPI whose unit would be another: its name, the unit of what is held, the unit of the definition.
type Change = (String, Option<Unit>, Option<Unit>);

/// What becomes of values that accounts hold where the unit of their KPI changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldValues {
    /// The unit may not change; the hint says what can be done.
    Refuse(&'static str),
    /// The numbers are taken in the new unit: they were meant so all along.
    Reinterpret,
}

/// Looks at every series whose definition changes.
///
/// Values without a unit were taken as they stood, and may get one: that is how a KPI that was unknown is defined.
/// It is told in a note, and so is what was read anew because somebody asked for it.
///
/// # Errors
/// `InputRefused` with a detail for each KPI of which accounts hold values in another unit.
pub(super) fn check(
    transaction: &WriteTransaction<'_>,
    before: &Rules<'_>,
    after: &Rules<'_>,
    policy: HeldValues,
) -> Result<Vec<String>> {
    let changes = changes(transaction, before, after)?;
    let held = held(transaction, &changes)?;
    let is_refused = |held: &Option<Unit>| held.is_some() && policy != HeldValues::Reinterpret;
    let (refused, told): (Vec<_>, Vec<_>) = held.iter().partition(|((_, held, _), _)| is_refused(held));
    let HeldValues::Refuse(hint) = policy else {
        return Ok(told.into_iter().map(|(change, holders)| note(change, *holders)).collect());
    };
    if refused.is_empty() {
        return Ok(told.into_iter().map(|(change, holders)| note(change, *holders)).collect());
    }
    let total = refused.len();
    let message = match refused.as_slice() {
        [((kpi, held, unit), holders)] => {
            let (old, new, who) = (shown(*held), shown(*unit), who(*held, **holders));
            format!("the unit of '{kpi}' cannot change from {old} to {new}: {who}")
        }
        _ => format!("the units of {total} KPIs cannot change: accounts hold values in the old ones"),
    };
    let details = refused.into_iter().map(|(change, holders)| detail(change, *holders)).collect();
    Err(Error::new(ErrorKind::InputRefused, message).with_hint(hint).with_details(details, total as u64))
}

/// The series whose unit would be another than that of the values in them.
fn changes(
    transaction: &WriteTransaction<'_>,
    before: &Rules<'_>,
    after: &Rules<'_>,
) -> Result<FxHashMap<SeriesId, Change>> {
    let mut changes = FxHashMap::default();
    for series in transaction.load_series()?.all() {
        let was = before.dictionary.find(&series.kpi).map(|found| unit_of(found.definition, series));
        let Some(becomes) = after.dictionary.find(&series.kpi) else { continue };
        let unit = unit_of(becomes.definition, series);
        let held = was.flatten().or(series.unit);
        if was != Some(unit) && held != unit {
            changes.insert(series.id, (becomes.definition.kpi_name.clone(), held, unit));
        }
    }
    Ok(changes)
}

/// The unit in which a series is read: one that was only named by hand is read as the files say.
fn unit_of(definition: &KpiDefinition, series: &Series) -> Option<Unit> {
    definition.unit.or(series.unit.filter(|_| definition.scale.is_none()))
}

/// How many accounts have the KPI, and how many of them a value of it now.
#[derive(Clone, Copy, Default)]
struct Holders {
    accounts: u64,
    with_value: u64,
}

/// The changes of which some account has anything: a value now, or one that was withdrawn.
fn held(
    transaction: &WriteTransaction<'_>,
    changes: &FxHashMap<SeriesId, Change>,
) -> Result<BTreeMap<Change, Holders>> {
    let mut accounts: BTreeMap<Change, FxHashMap<AccountId, bool>> = BTreeMap::new();
    if !changes.is_empty() {
        let ids: Vec<SeriesId> = changes.keys().copied().collect();
        transaction.reader().for_each_current_kpi(transaction.customer(), &ids, |current| {
            let Some(change) = changes.get(&current.series) else { return };
            let holders = accounts.entry(change.clone()).or_default();
            *holders.entry(current.account).or_default() |= current.value.is_some();
        })?;
    }
    let holders = accounts.into_iter().map(|(change, accounts)| {
        let with_value = accounts.values().filter(|has_value| **has_value).count() as u64;
        (change, Holders { accounts: accounts.len() as u64, with_value })
    });
    Ok(holders.collect())
}

fn shown(unit: Option<Unit>) -> &'static str {
    unit.map_or("none", Unit::name)
}

/// Who holds what: `1 account holds a value in count`.
fn who(held: Option<Unit>, holders: Holders) -> String {
    let unit = shown(held);
    match (holders.with_value, count(holders.accounts, "account")) {
        (0, accounts) => format!("{accounts} held values in {unit}"),
        (1, _) => format!("1 account holds a value in {unit}"),
        (many, _) => format!("{} hold values in {unit}", count(many, "account")),
    }
}

fn detail((kpi, held, unit): &Change, holders: Holders) -> Detail {
    Detail {
        line: None,
        column: Some("unit".to_owned()),
        value: Some(unit.map_or("", Unit::name).to_owned()),
        code: "unit_changed".to_owned(),
        message: format!("expected '{kpi}' in {}, for {}", shown(*held), who(*held, holders)),
        hint: None,
        sheet: None,
    }
}

fn note((kpi, held, unit): &Change, holders: Holders) -> String {
    let accounts = count(holders.accounts, "account");
    match held {
        None => {
            format!("'{kpi}' had no unit: what {accounts} had of it so far is now read as {}", shown(*unit))
        }
        Some(held) => {
            let unit = shown(*unit);
            format!(
                "what {accounts} had of '{kpi}' in {held} is taken in {unit} from now on, number for number"
            )
        }
    }
}
