//! `kpis import`: definitions of a CSV file, appended where they say something new.
//!
//! The file is taken whole or not at all. Values stored earlier stay as they are; so a definition may not give a KPI
//! another unit than the one in which accounts hold its values. What is kept of the accounts is scored again.

mod plan;
mod twice;
mod units;

use crate::error::{Error, ErrorKind, Result};
use crate::events::{FlushScope, flush};
use crate::ingest::Source;
use crate::model::kpi::definition_file::{DefinitionFile, parse_definitions};
use crate::ops::Context;
use crate::ops::ingest::Input;
use crate::ops::observer::{Level, Message};
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told;
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
    let stored = definitions(&transaction)?;
    let before = load_rules(context, &transaction)?;
    let planned = plan::plan(&before, &stored, &file)?;
    append(&mut transaction, &planned)?;
    let rules = load_rules(context, &transaction)?;
    let mut notes = plan::notes(&before, &rules, &planned);
    notes.extend(units::check(&transaction, &before, &rules)?);
    notes.extend(twice::notes(&transaction, &before, &rules)?);
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let accounts_rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let view = view(context, &source, file, &planned, &rules, (accounts_rescored, notes));
    let fates = told::of_flush(&transaction, &flushed);
    let now = transaction.now();
    let mut told = made(context, &transaction, database_is_new);
    if view.written.is_empty() {
        told.extend(note(config_change, accounts_rescored));
    }
    context.conclude(transaction)?;
    told.iter().for_each(|(level, message)| context.tell(*level, message));
    told::tell(context, &fates, now, rules.zone);
    Ok(view)
}

fn read(source: &Source) -> Result<DefinitionFile> {
    let file = parse_definitions(source.reader()?)?;
    if file.definitions.is_empty() {
        let message = format!("{}: expected KPI definitions, got a header alone", source.name());
        return Err(Error::new(ErrorKind::InputRefused, message)
            .with_hint("`acctsnap kpis list --format csv` shows what a definition looks like"));
    }
    Ok(file)
}

fn definitions(transaction: &WriteTransaction<'_>) -> Result<Vec<String>> {
    transaction.reader().kpi_definitions(transaction.customer())
}

fn load_rules<'c>(context: &Context<'c>, transaction: &WriteTransaction<'_>) -> Result<Rules<'c>> {
    Rules::load(context.config, &transaction.reader(), transaction.customer())
}

fn append(transaction: &mut WriteTransaction<'_>, planned: &[Planned]) -> Result<()> {
    let new: Vec<NewDefinition<'_>> = planned
        .iter()
        .filter(|planned| planned.change.is_some())
        .map(|planned| NewDefinition {
            kpi_name: &planned.kpi.definition.kpi_name,
            content: &planned.content,
        })
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
            in_force: plan::is_in_force(rules, definition),
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

/// What is told of a database and a customer that were not there.
fn made(
    context: &Context<'_>,
    transaction: &WriteTransaction<'_>,
    database_is_new: bool,
) -> Vec<(Level, Message)> {
    let mut told = Vec::new();
    if database_is_new && !context.dry_run {
        let text = format!("made the database {}", context.database.display());
        told.push((Level::Info, Message::new(text).of("database_created")));
    }
    if transaction.customer_is_new() && !context.dry_run {
        let text = format!("made the customer '{}'", transaction.customer_name());
        told.push((Level::Info, Message::new(text).of("customer_created")));
    }
    told
}
