//! `health calculate`.

use super::{done_or, dry_run_said, summary};
use crate::cli::args::health::{CalculateHealthArgs, HealthArgs, HealthCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::model::health::month::Month;
use crate::model::moment::Moment;
use crate::ops::health_calculation::{CalculationOptions, calculate_health};
use crate::report::health_calculation::render;

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &HealthArgs, session: &Session) -> Result<Exit> {
    match &arguments.command {
        HealthCommand::Calculate(arguments) => calculate(arguments, session),
    }
}

/// Calculates; exit 3 where a snapshot failed.
fn calculate(arguments: &CalculateHealthArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let options = CalculationOptions {
        accounts: arguments.selection.account.iter().map(String::as_str).collect(),
        all: arguments.selection.all,
        month: arguments.month.as_deref().map(month).transpose()?,
    };
    let view = calculate_health(&workspace.context(), &options)?;
    let width = session.printer.table_width();
    summary(session, &view, || dry_run_said(session, render(&view, width, workspace.zone())))?;
    Ok(done_or(view.snapshots.failed > 0))
}

fn month(text: &str) -> Result<Month> {
    let month = match Moment::parse(text) {
        Ok(Moment::Month { year, month }) => Month::new(year, month),
        _ => None,
    };
    month.ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("--month: expected a month such as 2026-09, got '{text}'"))
            .with_hint("one month at a time: YYYY-MM")
    })
}
