//! `kpis`: what is known, and definitions from a file or by hand.

use super::chosen::{answer_chosen, answer_chosen_list};
use super::{answer_list, protect_inputs, summary};
use crate::cli::args::global::Format;
use crate::cli::args::kpis::{ImportKpisArgs, KpisArgs, KpisCommand, SetKpiArgs, ShowKpiArgs};
use crate::cli::args::selection::FieldsArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::kpi::edit::KpiEdit;
use crate::ops::Context;
use crate::ops::ingest::Input;
use crate::ops::kpis::{
    Retirement, SetKpiOptions, alias_kpi, import_kpis, list_kpis, rename_kpi, retire_kpi, set_kpi, show_kpi,
    suggest_kpis, unknown_kpis,
};
use crate::report::kpis as views;
use crate::report::list::List;

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &KpisArgs, session: &Session) -> Result<Exit> {
    match &arguments.command {
        KpisCommand::List(fields) => list(fields, session)?,
        KpisCommand::Show(arguments) => show(arguments, session)?,
        KpisCommand::Unknown(fields) => unknown(fields, session)?,
        KpisCommand::Suggest(fields) => suggest(fields, session)?,
        KpisCommand::Import(arguments) => import(arguments, session)?,
        KpisCommand::Set(arguments) => set(arguments, session)?,
        KpisCommand::Alias(arguments) => {
            by_hand(session, |context| alias_kpi(context, &arguments.kpi, &arguments.names))?;
        }
        KpisCommand::Rename(arguments) => {
            by_hand(session, |context| rename_kpi(context, &arguments.old, &arguments.new))?;
        }
        KpisCommand::Retire(arguments) => {
            let retirement = if arguments.undo { Retirement::Undo } else { Retirement::Retire };
            by_hand(session, |context| retire_kpi(context, &arguments.kpi, retirement))?;
        }
    }
    Ok(Exit::Done)
}

/// Lists every KPI; its CSV is what `kpis import` reads.
fn list(fields: &FieldsArgs, session: &Session) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let kpis = list_kpis(&workspace.context())?;
    if session.printer.options().format == Format::Csv && fields.fields.is_empty() {
        let rows = List::new(views::LIST_SCHEMA, views::csv_rows(&kpis)?);
        return answer_list(session, &rows, &views::CSV_HEADERS, String::new);
    }
    let list = List::new(views::LIST_SCHEMA, kpis);
    let text = || views::render_list(&list.items, session.printer.table_width());
    answer_chosen_list(session, &list, &views::CSV_HEADERS, fields, text)
}

/// Shows a KPI; its CSV has a row for each account's value.
fn show(arguments: &ShowKpiArgs, session: &Session) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let view = show_kpi(&workspace.context(), &arguments.kpi)?;
    if session.printer.options().format == Format::Csv && arguments.fields.fields.is_empty() {
        let values = List::new(views::SHOW_SCHEMA, view.values);
        return answer_list(session, &values, &views::VALUE_HEADERS, String::new);
    }
    answer_chosen(session, &view, &arguments.fields, || {
        views::render_kpi(&view, session.printer.text_width())
    })
}

fn unknown(fields: &FieldsArgs, session: &Session) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let list = List::new(views::UNKNOWN_SCHEMA, unknown_kpis(&workspace.context())?);
    let text = || views::render_unknown(&list.items, session.printer.table_width());
    answer_chosen_list(session, &list, &views::UNKNOWN_HEADERS, fields, text)
}

/// Suggests definitions; the text is TOML, also in a file or a pipe.
fn suggest(fields: &FieldsArgs, session: &Session) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let list = List::new(views::SUGGEST_SCHEMA, suggest_kpis(&workspace.context())?);
    let text = || views::render_suggestions(&list.items, session.printer.table_width());
    answer_chosen_list(session, &list, &views::SUGGEST_HEADERS, fields, text)
}

fn import(arguments: &ImportKpisArgs, session: &Session) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let context = workspace.context();
    protect_inputs(session, [arguments.file.as_path()])?;
    let view = if arguments.file.as_os_str() == "-" {
        import_kpis(&context, Input::Stream("standard input", &mut std::io::stdin().lock()))?
    } else {
        import_kpis(&context, Input::File(&arguments.file))?
    };
    summary(session, &view, || views::render_import(&view, session.printer.text_width()))
}

fn set(arguments: &SetKpiArgs, session: &Session) -> Result<()> {
    let options = SetKpiOptions {
        edit: KpiEdit {
            unit: arguments.unit,
            category: arguments.category,
            direction: arguments.direction,
            worst: arguments.worst,
            critical_edge: arguments.critical_edge,
            healthy_edge: arguments.healthy_edge,
            best: arguments.best,
        },
        aliases: arguments.aliases.clone(),
        reinterpret: arguments.reinterpret,
    };
    by_hand(session, |context| set_kpi(context, &arguments.kpi, &options))
}

/// Runs a change of one KPI and says what it did.
fn by_hand(
    session: &Session,
    change: impl FnOnce(&Context<'_>) -> Result<views::KpiChangeView>,
) -> Result<()> {
    let workspace = Workspace::open(session)?;
    let view = change(&workspace.context())?;
    summary(session, &view, || views::render_change(&view, session.printer.text_width()))
}
