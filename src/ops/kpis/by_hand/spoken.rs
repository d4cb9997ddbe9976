//! `kpis alias` and `kpis rename`: what a KPI is called.

use super::known::{Known, Stored, checked_kpi_name};
use super::set::new_aliases;
use super::{HELD, Plan, change_known};
use crate::error::{Error, ErrorKind, Result};
use crate::model::kpi::DefinitionOrigin;
use crate::model::kpi::record::KpiRecord;
use crate::ops::Context;
use crate::report::kpis::KpiChangeView;

/// Gives a KPI further names; values that are stored under one of them and that nobody defined become its own.
///
/// # Errors
/// `UnknownKpi`; `InputRefused` where a name leads to another KPI.
pub fn alias_kpi(context: &Context<'_>, kpi: &str, names: &[String]) -> Result<KpiChangeView> {
    names.iter().try_for_each(|name| checked_kpi_name(name).map(drop))?;
    change_known(context, "kpis alias", |known| alias(known, kpi, names))
}

fn alias(known: &Known<'_>, kpi: &str, names: &[String]) -> Result<Plan> {
    let subject = known.load_kpi(kpi)?;
    for name in names {
        known.check_is_free(name, Some(&subject), Stored::MayJoin)?;
    }
    let mut record = subject.record_or_bare();
    if subject.definition.is_none() {
        // What joins it has to be in its unit, so the unit that its files gave becomes its own.
        record.definition = known.as_stored(&subject);
    }
    let added = new_aliases(known, Some(&subject), names);
    record.add_aliases(&added);
    let is_new = record.aliases.len() > subject.record.map_or(0, |record| record.aliases.len());
    let record = if is_new { record } else { subject.record_or_bare() };
    Ok(Plan { before: subject.record.cloned(), record, held: HELD, notes: subject.notes })
}

/// Gives a KPI another name, under which it is shown from now on; the old one and its short forms go on leading to it.
///
/// # Errors
/// `UnknownKpi`; `InputRefused` where the name leads to another KPI, or where snapshots.toml names this one.
pub fn rename_kpi(context: &Context<'_>, old: &str, new: &str) -> Result<KpiChangeView> {
    let new = checked_kpi_name(new)?;
    change_known(context, "kpis rename", |known| rename(known, old, new))
}

fn rename(known: &Known<'_>, old: &str, new: &str) -> Result<Plan> {
    let subject = known.load_kpi(old)?;
    if known.origin(&subject) == Some(DefinitionOrigin::Config) {
        let message = format!("'{}' is defined in snapshots.toml, and its name stands there", subject.name);
        return Err(Error::new(ErrorKind::InputRefused, message).with_hint(
            "change `name` of its [[kpi]] in snapshots.toml, and add the old one to its aliases",
        ));
    }
    known.check_is_free(new, Some(&subject), Stored::IsAnother)?;
    let before: KpiRecord = subject.record_or_bare();
    let record = match subject.name == new {
        true => before,
        false => before.renamed(new, &known.rules.dictionary.short_forms(subject.name)),
    };
    Ok(Plan { before: subject.record.cloned(), record, held: HELD, notes: subject.notes })
}
