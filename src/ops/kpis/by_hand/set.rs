//! `kpis set`: what a KPI is, from what it was and what is given.

use super::known::{Known, Stored, Subject, checked_kpi_name};
use super::{Plan, change};
use crate::error::{Error, ErrorKind, Result};
use crate::model::kpi::edit::{EditFault, Edited, KpiEdit};
use crate::model::kpi::record::KpiRecord;
use crate::model::kpi::{KpiDefinition, Unit};
use crate::ops::Context;
use crate::ops::kpis::units::HeldValues;
use crate::report::kpis::KpiChangeView;
use crate::store::WhichCustomer;

/// What `kpis set` is given.
#[derive(Debug, Clone, Default)]
pub struct SetKpiOptions {
    /// What of the definition is given.
    pub edit: KpiEdit,
    /// Further names that shall lead to the KPI.
    pub aliases: Vec<String>,
    /// Take the numbers that accounts hold in the new unit.
    pub reinterpret: bool,
}

/// Defines a KPI, or changes its definition; what is not given stands. It may be one that nobody knew.
///
/// # Errors
/// `InputRefused` where what is given makes no definition, where a name leads to another KPI, or where accounts hold
/// values in another unit; anything that the database says.
pub fn set_kpi(context: &Context<'_>, name: &str, options: &SetKpiOptions) -> Result<KpiChangeView> {
    let name = checked_kpi_name(name)?;
    let (mut store, is_new) = context.open_or_create()?;
    let customer = WhichCustomer::NamedOrNew(context.customer);
    change(context, (&mut store, is_new), customer, "kpis set", |known| plan(known, name, options))
}

/// What may be done about values in the old unit.
const HELD_OF_ONE: HeldValues = HeldValues::Refuse(
    "where the stored numbers were meant in the new unit all along: --reinterpret; else give the KPI another name",
);

fn plan(known: &Known<'_>, name: &str, options: &SetKpiOptions) -> Result<Plan> {
    let subject = known.find(name);
    let base = base(known, subject.as_ref(), name);
    let edited = options.edit.apply(&base).map_err(|fault| refusal(known, &base, &fault))?;
    let before = subject.as_ref().and_then(|subject| subject.record).cloned();
    let mut record = subject.as_ref().map_or_else(|| KpiRecord::bare(name), Subject::record_or_bare);
    if edited.definition != base {
        record = KpiRecord { definition: edited.definition.clone(), by_hand: true, ..record };
    }
    for alias in &options.aliases {
        known.check_is_free(checked_kpi_name(alias)?, subject.as_ref(), Stored::MayJoin)?;
    }
    record.add_aliases(&new_aliases(known, subject.as_ref(), &options.aliases));
    let mut notes = subject.as_ref().map_or_else(Vec::new, |subject| subject.notes.clone());
    if subject.is_none()
        && let Some(near) = known.rules.dictionary.suggest(name)
    {
        notes.push(format!("'{name}' is a KPI of its own now; did you mean '{near}'?"));
    }
    notes.extend(unscored_note(known, &edited));
    if record.retired {
        let undo = known.rules.dictionary.command("retire", &record.definition.kpi_name, "--undo");
        notes.push(format!("it is retired and counts in no score: {undo}"));
    }
    let held = if options.reinterpret { HeldValues::Reinterpret } else { HELD_OF_ONE };
    Ok(Plan { before, record, held, notes })
}

/// The aliases that do not lead to the KPI yet.
pub(super) fn new_aliases(known: &Known<'_>, subject: Option<&Subject<'_>>, names: &[String]) -> Vec<String> {
    let leads_already = |name: &str| {
        let own = subject.and_then(|subject| subject.definition).map(|definition| &definition.kpi_name);
        known
            .rules
            .dictionary
            .find(name)
            .map(|found| &found.definition.kpi_name)
            .is_some_and(|led| own == Some(led))
    };
    names.iter().map(|name| name.trim()).filter(|name| !leads_already(name)).map(ToOwned::to_owned).collect()
}

/// What the KPI is so far: by the customer or the catalogue, else by the settings, else by the files.
fn base(known: &Known<'_>, subject: Option<&Subject<'_>>, name: &str) -> KpiDefinition {
    let Some(subject) = subject else { return KpiDefinition::named(name) };
    let in_force = || subject.definition.filter(|definition| !definition.is_bare()).cloned();
    subject.own_definition().or_else(in_force).unwrap_or_else(|| known.as_stored(subject))
}

fn refusal(known: &Known<'_>, base: &KpiDefinition, fault: &EditFault) -> Error {
    let name = &base.kpi_name;
    let error = |message: String, hint: String| Error::new(ErrorKind::InputRefused, message).with_hint(hint);
    match fault {
        EditFault::Missing(missing) => {
            let flags: Vec<String> = missing.iter().map(|flag| flag_of(flag)).collect();
            error(
                format!("'{name}' cannot be scored so: {fault}"),
                format!("give them too: {}", flags.join(" ")),
            )
        }
        EditFault::OutOfOrder(_) => {
            let show = known.rules.dictionary.command("show", name, "");
            let hint =
                "give the points that have to move with it: --worst, --critical-edge, --healthy-edge, --best";
            error(
                format!("the points of '{name}' are out of order: {fault}"),
                format!("{hint}; those that stand: {show}"),
            )
        }
    }
}

/// A flag with what it takes.
fn flag_of(name: &str) -> String {
    match name {
        "category" => "--category CATEGORY".to_owned(),
        "direction" => "--direction higher|lower".to_owned(),
        edge => format!("--{edge} N"),
    }
}

/// What to give so that a KPI without points is scored.
fn unscored_note(known: &Known<'_>, edited: &Edited) -> Option<String> {
    let definition = &edited.definition;
    if definition.scale.is_some() {
        return None;
    }
    let unit = definition.unit.map_or("its unit", Unit::name);
    let direction = edited.dropped.map_or("higher|lower", |scale| scale.direction.name());
    let category = if definition.category.is_none() { "--category CATEGORY " } else { "" };
    let flags = format!("{category}--direction {direction} --critical-edge N --healthy-edge N");
    let command = known.rules.dictionary.command("set", &definition.kpi_name, &flags);
    let why = match edited.dropped {
        Some(_) => "its points were of the old unit and fell away; it",
        None => "it",
    };
    Some(format!("{why} counts in no score until it has points in {unit}: {command}"))
}
