//! `context`: what a language model needs to know of accounts, or of the portfolio.

use serde::Serialize;

use super::{answer, answer_list};
use crate::cli::args::context::ContextArgs;
use crate::cli::args::global::Format;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
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
    let is_text = session.printer.options().format == Format::Text;
    if arguments.selection.all {
        let shown = |view: &_| if is_text { render_portfolio(view, zone) } else { as_json(view) };
        let view = brief_portfolio(&context, options, &shown)?;
        answer(session, &view, || render_portfolio(&view, zone))?;
        return Ok(Exit::Done);
    }
    let shown = |view: &BriefingView| if is_text { render(view, zone) } else { as_json(view) };
    let mut views = brief(&context, &arguments.selection.account, options, &shown)?;
    match (views.pop(), views.is_empty()) {
        (Some(only), true) => answer(session, &only, || render(&only, zone))?,
        (last, _) => {
            views.extend(last);
            let list = List::new(LIST_SCHEMA, views);
            let text = || list.items.iter().map(|view| render(view, zone)).collect::<Vec<_>>().join("\n");
            answer_list(session, &list, &["account_name", "state", "notes"], text)?;
        }
    }
    Ok(Exit::Done)
}

/// The JSON that is answered, whose size counts.
fn as_json<T: Serialize>(view: &T) -> String {
    json::pretty(view).unwrap_or_default()
}
