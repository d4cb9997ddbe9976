//! `context`: what a language model needs to know of accounts, or of the portfolio.

use serde::Serialize;

use super::{answer, answer_list};
use crate::cli::args::context::ContextArgs;
use crate::cli::args::global::Format;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::briefing::{BriefingOptions, brief, brief_portfolio};
use crate::report::briefing::{BriefingView, LIST_SCHEMA, render, render_portfolio};
use crate::report::json;
use crate::report::list::List;

/// Answers; takes a snapshot first where none holds what is known.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `Usage` where the bound is too tight.
pub fn run(arguments: &ContextArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let context = workspace.context();
    let zone = workspace.zone();
    let options = BriefingOptions {
        max_tokens: arguments.max_tokens,
        with_contacts: arguments.with_contacts,
        no_notes: arguments.no_notes,
    };
    let format = session.printer.options().format;
    if format == Format::Csv {
        return Err(Error::new(
            ErrorKind::Usage,
            "a context is no table: expected text, json or jsonl, got csv",
        )
        .with_hint("for rows: acctsnap latest --all --format csv"));
    }
    if arguments.subject.all {
        let shown = |view: &_| match format {
            Format::Text => render_portfolio(view, zone),
            _ => as_json(view, format),
        };
        let view = brief_portfolio(&context, options, &shown)?;
        answer(session, &view, || render_portfolio(&view, zone))?;
        return Ok(Exit::Done);
    }
    let is_list = arguments.subject.account.len() > 1;
    let shown = |view: &BriefingView| match format {
        // A line parts it from the next.
        Format::Text => render(view, zone) + "\n",
        // In a list it is set in, and the list's own lines count too.
        Format::Json if is_list => as_json(&List::new(LIST_SCHEMA, vec![view]), format),
        _ => as_json(view, format),
    };
    let mut views = brief(&context, &arguments.subject.account, options, &shown)?;
    match (views.pop(), views.is_empty()) {
        (Some(only), true) => answer(session, &only, || render(&only, zone))?,
        (last, _) => {
            views.extend(last);
            let list = List::new(LIST_SCHEMA, views);
            let text = || list.items.iter().map(|view| render(view, zone)).collect::<Vec<_>>().join("\n");
            answer_list(session, &list, &[], text)?;
        }
    }
    Ok(Exit::Done)
}

/// The JSON that is answered, whose size counts.
fn as_json<T: Serialize>(view: &T, format: Format) -> String {
    let written = if format == Format::Jsonl { json::line(view) } else { json::pretty(view) };
    // A view always has a JSON; where it had none, the answer itself would say so.
    written.unwrap_or_default()
}
