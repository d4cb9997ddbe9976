//! `kpis import`: definitions of a CSV file, appended where they say something new.
//!
//! The file is taken whole or not at all. Values stored earlier stay as they are; so a definition may not give a KPI
//! another unit than the one in which accounts hold its values. What is kept of the accounts is scored again.

mod plan;

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::Source;
use crate::model::kpi::definition_file::{DefinitionFile, parse_definitions};
use crate::ops::Context;
use crate::ops::ingest::Input;
use crate::ops::kpis::units::HeldValues;
use crate::ops::kpis::{load_rules, names, stored_records, twice, units};
use crate::ops::rules::Rules;
use crate::ops::settle::settle;
use crate::report::kpis::{DefinitionCounts, IMPORT_SCHEMA, ImportView, ImportedName, NameChange};
use crate::store::{NewDefinition, WhichCustomer, WriteTransaction};
use plan::Planned;

/// Imports the definitions of a file.
///
/// # Errors
/// `InputRefused` with every place at fault, or where a KPI's unit would change under the values that accounts hold;
/// nothing was written then. `FileNotFound`, and anything that the database says.
pub fn import_kpis(context: &Context<'_>, input: Input<'_>) -> Result<ImportView> {
    let source = input.open()?;
    let file = read(&source)?;
    let (mut store, database_is_new) = context.open_or_create()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::NamedOrNew(context.customer), "kpis import")?;
    let stored = stored_records(&transaction)?;
    let before = load_rules(context, &transaction)?;
    let planned = plan::plan(&before, &stored, &file)?;
    append(&mut transaction, &planned)?;
    let rules = load_rules(context, &transaction)?;
    let mut notes = Vec::new();
    for planned in planned.iter().filter(|planned| planned.change.is_some()) {
        notes.extend(names::notes(&before, &rules, &planned.kpi));
    }
    notes.extend(units::check(&transaction, &before, &rules, HELD)?);
    notes.extend(twice::notes(&transaction, &before, &rules)?);
    let settled = settle(context, &mut transaction, &rules)?;
    let view = view(context, &source, file, &planned, &rules, (settled.accounts_rescored, notes));
    settled.conclude(context, transaction, &rules, database_is_new, !view.written.is_empty())?;
    Ok(view)
}

const HELD: HeldValues =
    HeldValues::Refuse("leave the unit as it is, or give the KPI in the new unit a name of its own");

fn read(source: &Source) -> Result<DefinitionFile> {
    let file = parse_definitions(source.reader())?;
    if file.definitions.is_empty() {
        let message = format!("{}: expected KPI definitions, got a header alone", source.name());
        return Err(Error::new(ErrorKind::InputRefused, message)
            .with_hint("`acctsnap kpis list --format csv` shows what a definition looks like"));
    }
    Ok(file)
}

fn append(transaction: &mut WriteTransaction<'_>, planned: &[Planned]) -> Result<()> {
    let new: Vec<NewDefinition<'_>> = planned
        .iter()
        .filter(|planned| planned.change.is_some())
        .map(|planned| NewDefinition { identity: planned.kpi.identity(), content: &planned.content })
        .collect();
    transaction.append_kpi_definitions(&new)
}

fn view(
    context: &Context<'_>,
    source: &Source,
    file: DefinitionFile,
    planned: &[Planned],
    rules: &Rules<'_>,
    (accounts_rescored, notes): (u64, Vec<String>),
) -> ImportView {
    let of = |change: Option<NameChange>| planned.iter().filter(|p| p.change == change).count() as u64;
    let written = planned.iter().filter_map(|planned| {
        let definition = &planned.kpi.definition;
        Some(ImportedName {
            kpi_name: definition.kpi_name.clone(),
            change: planned.change?,
            in_force: names::is_in_force(rules, &planned.kpi),
        })
    });
    ImportView {
        schema: IMPORT_SCHEMA,
        file: source.file_name().to_owned(),
        dry_run: context.dry_run,
        definitions: DefinitionCounts {
            read: planned.len() as u64,
            added: of(Some(NameChange::Added)),
            changed: of(Some(NameChange::Changed)),
            unchanged: of(None),
        },
        written: written.collect(),
        ignored_columns: file.ignored_columns,
        accounts_rescored,
        notes,
    }
}
