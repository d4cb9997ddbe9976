//! `compare`: what changed between two moments of an account or of the portfolio, and why.

use super::chosen::answer_chosen;
use super::to_value;
use crate::cli::args::compare::CompareArgs;
use crate::cli::args::global::Format;
use crate::cli::exit::Exit;
use crate::cli::moments::{fiscal_start, place};
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::compare::{CompareOptions, Point, compare};
use crate::ops::portfolio::{PortfolioOptions, compare_portfolio};
use crate::report::compare::render;
use crate::report::{csv, json, portfolio_compare};

/// Compares; exit 10 where `--exit-code` is given and anything differs.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `NoSnapshot`; `Usage` for a moment or field that makes no sense.
pub fn run(arguments: &CompareArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let point = |text: &Option<String>| -> Result<Option<Point>> {
        let (zone, fiscal) = (workspace.zone(), fiscal_start(workspace.settings()));
        text.as_deref().map(|text| place(text, zone, fiscal)).transpose()
    };
    let (from, to) = (point(&arguments.from)?, point(&arguments.to)?);
    let differs = if arguments.all {
        let (from, to) = (from.unwrap_or_else(Point::previous), to.unwrap_or_else(Point::latest));
        of_portfolio(arguments, session, &workspace, from, to)?
    } else {
        of_account(arguments, session, &workspace, from, to)?
    };
    Ok(if arguments.exit_code && differs { Exit::Differences } else { Exit::Done })
}

fn of_account(
    arguments: &CompareArgs,
    session: &Session,
    workspace: &Workspace<'_>,
    from: Option<Point>,
    to: Option<Point>,
) -> Result<bool> {
    let options = CompareOptions {
        account: arguments.account.as_deref(),
        from,
        to,
        ignore: &arguments.ignore,
        tolerance: arguments.tolerance,
    };
    let view = compare(&workspace.context(), &options)?;
    answer_chosen(session, &view, &arguments.fields, || {
        render(&view, session.printer.table_width(), workspace.zone())
    })?;
    Ok(view.differs)
}

fn of_portfolio(
    arguments: &CompareArgs,
    session: &Session,
    workspace: &Workspace<'_>,
    from: Point,
    to: Point,
) -> Result<bool> {
    let options = PortfolioOptions {
        from,
        to,
        by: arguments.by.as_deref(),
        condition: arguments.condition.as_ref(),
        ignore: &arguments.ignore,
        tolerance: arguments.tolerance,
        top: Some(arguments.top),
    };
    let view = compare_portfolio(&workspace.context(), &options)?;
    if !arguments.fields.fields.is_empty() {
        answer_chosen(session, &view, &arguments.fields, String::new)?;
        return Ok(view.differs);
    }
    let printer = &session.printer;
    match printer.options().format {
        Format::Text => {
            let width = printer.table_width();
            printer.answer_text(&portfolio_compare::render(&view, arguments.top, width, workspace.zone()))?;
        }
        Format::Json => printer.answer_data(&json::pretty(&view)?)?,
        Format::Jsonl => {
            let lines = view.accounts.iter().map(json::line).collect::<Result<String>>()?;
            printer.answer_data(&lines)?;
        }
        Format::Csv => {
            let rows = view.accounts.iter().map(to_value).collect::<Result<Vec<_>>>()?;
            let bytes = csv::bytes(&portfolio_compare::HEADERS, &rows)?;
            printer.answer_data(&String::from_utf8_lossy(&bytes))?;
        }
    }
    Ok(view.differs)
}
