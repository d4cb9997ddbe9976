//! `retention`: plan, apply, undo, purge.

use super::chosen::answer_chosen_list;
use super::{done_or, dry_run_said, summary};
use crate::cli::args::retention::{RetentionArgs, RetentionCommand, UndoArgs};
use crate::cli::args::selection::FieldsArgs;
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::ids::RetentionRunId;
use crate::ops::retention::{
    ApplyOptions, PurgeOptions, UndoOptions, apply_retention, hidden_snapshots, plan_retention,
    purge_retention, undo_retention,
};
use crate::report::list::List;
use crate::report::retention::plan::{self, CustomerPlan, PlannedSnapshot};
use crate::report::retention::{apply as apply_report, purge as purge_report, undo as undo_report};

/// Runs a command of the family; exit 3 where a customer had to be left or a snapshot could not be removed.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &RetentionArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    match &arguments.command {
        RetentionCommand::Plan(fields) => show_plan(fields, session, &workspace),
        RetentionCommand::Apply => apply(session, &workspace),
        RetentionCommand::Undo(arguments) => undo(arguments, session, &workspace),
        RetentionCommand::Purge => purge(session, &workspace),
    }
}

fn render_plan(session: &Session, plans: &[CustomerPlan]) -> String {
    let printer = &session.printer;
    plan::render(plans, printer.options().verbose, printer.text_width(), printer.table_width())
}

fn show_plan(fields: &FieldsArgs, session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let mut plans = plan_retention(&workspace.context(), workspace.only_customer())?;
    let text = render_plan(session, &plans);
    let snapshots: Vec<PlannedSnapshot> =
        plans.iter_mut().flat_map(|plan| plan.snapshots.drain(..)).collect();
    answer_chosen_list(session, &List::new(plan::SCHEMA, snapshots), &plan::HEADERS, fields, || text)?;
    Ok(Exit::Done)
}

fn apply(session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let context = workspace.context();
    let plans = plan_retention(&context, workspace.only_customer())?;
    if plans.iter().any(|plan| plan.removed() > 0) {
        confirm(session, "retention apply", &render_plan(session, &plans))?;
    }
    let view = apply_retention(&context, &ApplyOptions { plan: &plans })?;
    summary(session, &view, || dry_run_said(session, apply_report::render(&view)))?;
    Ok(done_or(view.customers_left > 0))
}

fn undo(arguments: &UndoArgs, session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let options =
        UndoOptions { run: RetentionRunId::new(arguments.run), customer: workspace.only_customer() };
    let view = undo_retention(&workspace.context(), &options)?;
    summary(session, &view, || dry_run_said(session, undo_report::render(&view)))?;
    Ok(Exit::Done)
}

fn purge(session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let context = workspace.context();
    let hidden = hidden_snapshots(&context, workspace.only_customer())?;
    if !hidden.is_empty() {
        confirm(session, "retention purge", &purge_report::question(&hidden))?;
    }
    let view = purge_retention(&context, &PurgeOptions { customer: workspace.only_customer() })?;
    summary(session, &view, || dry_run_said(session, purge_report::render(&view)))?;
    Ok(done_or(view.is_partly_done()))
}
