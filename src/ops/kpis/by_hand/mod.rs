//! Definitions by hand: one KPI is changed, told with what it was, and the accounts are scored by it at once.
//!
//! A command decides what the customer says of the KPI from then on (its record); everything after that is the same
//! for all of them. Told twice, nothing is new. Nothing stored is touched: records and words are appended.

mod known;
mod retire;
mod set;
mod spoken;
mod words;

pub use retire::{Retirement, retire_kpi};
pub use set::{SetKpiOptions, set_kpi};
pub use spoken::{alias_kpi, rename_kpi};

use known::Known;

use super::units::HeldValues;
use super::{find, kpis, names, twice, units, uses};
use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::model::canonical::to_canonical_json;
use crate::model::kpi::record::KpiRecord;
use crate::ops::Context;
use crate::ops::settle::settle;
use crate::report::kpis::{CHANGE_SCHEMA, ChangeStatus, KpiChangeView, KpiItem, changes_between};
use crate::store::{NewDefinition, Store, WhichCustomer, WriteTransaction};

/// What a command decided about a KPI.
struct Plan {
    /// What was said of it so far.
    before: Option<KpiRecord>,
    /// What is said of it from now on.
    record: KpiRecord,
    /// What becomes of values in another unit.
    held: HeldValues,
    /// What is to be known besides.
    notes: Vec<String>,
}

impl Plan {
    /// Whether anything is said that was not said before.
    fn is_new(&self) -> bool {
        match &self.before {
            Some(before) => *before != self.record,
            None => self.record != KpiRecord::bare(self.record.definition.kpi_name.as_str()),
        }
    }

    /// What the KPI was called; where nothing was said of it, it bore its first name.
    fn name_before(&self) -> &str {
        self.before.as_ref().map_or(self.record.identity(), |before| &before.definition.kpi_name)
    }
}

/// The unit of values that are there stays, unless somebody says what they are.
const HELD: HeldValues =
    HeldValues::Refuse("leave the unit as it is, or give the KPI in the new unit a name of its own");

/// Runs a command that needs the database and the customer to be there.
fn change_known(
    context: &Context<'_>,
    command: &str,
    decide: impl FnOnce(&Known<'_>) -> Result<Plan>,
) -> Result<KpiChangeView> {
    let mut store = context.open_to_write()?;
    change(context, (&mut store, false), WhichCustomer::Named(context.customer), command, decide)
}

/// Runs a command, in one transaction: decide, append, check, rescore, flush, answer.
fn change(
    context: &Context<'_>,
    (store, store_is_new): (&mut Store, bool),
    customer: WhichCustomer<'_>,
    command: &str,
    decide: impl FnOnce(&Known<'_>) -> Result<Plan>,
) -> Result<KpiChangeView> {
    let mut transaction = context.begin(store, customer, command)?;
    let before = Known::load(context, &transaction)?;
    let plan = decide(&before)?;
    let item_before = before.item(&transaction, plan.name_before())?;
    let is_new = plan.is_new();
    if is_new {
        append(&mut transaction, &plan.record)?;
    }
    let mut after = Known::load(context, &transaction)?;
    let mut notes = plan.notes.clone();
    if is_new {
        notes.extend(names::notes(&before.rules, &after.rules, &plan.record));
        notes.extend(units::check(&transaction, &before.rules, &after.rules, plan.held)?);
        notes.extend(twice::notes(&transaction, &before.rules, &after.rules)?);
        let words = words::restated(&after, &plan.record, plan.name_before());
        transaction.restate_series(&words)?;
        after.series = transaction.load_series()?;
    }
    let settled = settle(context, &mut transaction, &after.rules)?;
    let kpi = after.item(&transaction, &plan.record.definition.kpi_name)?;
    let kpi = kpi.ok_or_else(|| Error::new(ErrorKind::Failed, "the KPI is not there after its change"))?;
    let view = KpiChangeView {
        schema: CHANGE_SCHEMA,
        status: match (&item_before, is_new) {
            (_, false) => ChangeStatus::Unchanged,
            (None, true) => ChangeStatus::Added,
            (Some(_), true) => ChangeStatus::Changed,
        },
        changes: if is_new { changes_between(item_before.as_ref(), &kpi) } else { Vec::new() },
        kpi,
        in_force: names::is_in_force(&after.rules, &plan.record),
        dry_run: context.dry_run,
        accounts_rescored: settled.accounts_rescored,
        notes,
    };
    settled.conclude(context, transaction, &after.rules, store_is_new, is_new)?;
    Ok(view)
}

fn append(transaction: &mut WriteTransaction<'_>, record: &KpiRecord) -> Result<()> {
    let content = to_canonical_json(record)
        .context(ErrorKind::Failed, || "cannot write a definition as JSON".to_owned())?;
    transaction.append_kpi_definitions(&[NewDefinition { identity: record.identity(), content: &content }])
}

impl Known<'_> {
    /// A KPI as an answer tells of it; None where there is none of that name.
    fn item(&self, transaction: &WriteTransaction<'_>, name: &str) -> Result<Option<KpiItem>> {
        let kpis = kpis(&self.rules, &self.series);
        let Some(kpi) = find(&self.rules, &kpis, name) else { return Ok(None) };
        let reader = transaction.reader();
        let used = uses(&reader, transaction.customer(), std::slice::from_ref(kpi))?;
        Ok(Some(kpi.item(&self.rules, used.first().copied().unwrap_or_default())))
    }
}
