//! `verify`.

use super::{answer, protect_inputs};
use crate::cli::args::global::Format;
use crate::cli::args::verify::VerifyArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::verify::{VerifyOptions, verify};
use crate::report::verification::{HEADERS, SCHEMA, VerificationView, render};
use crate::report::{list::List, text::count};

/// Verifies the database; exit 7 where something is wrong.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `InputRefused`, and what keeps the file from being opened.
pub fn run(arguments: &VerifyArgs, session: &Session) -> Result<Exit> {
    protect_inputs(session, arguments.anchor.as_deref())?;
    let workspace = Workspace::open(session)?;
    let options = VerifyOptions {
        account: arguments.account.as_deref(),
        customer: workspace.only_customer(),
        anchor: arguments.anchor.as_deref(),
        write_anchor: arguments.write_anchor.as_deref(),
    };
    let view = verify(&workspace.context(), &options)?;
    tell(session, &view)?;
    if view.is_sound {
        return Ok(Exit::Done);
    }
    let found = count(view.findings_total, "finding");
    let error = Error::new(ErrorKind::Damaged, format!("{}: {found}", view.database))
        .with_hint("restore a backup, or keep the file as it is and ask for help");
    session.printer.tell_error(&error, Exit::Integrity);
    Ok(Exit::Integrity)
}

/// One object; in CSV a row a finding.
fn tell(session: &Session, view: &VerificationView) -> Result<()> {
    if session.printer.options().format == Format::Csv {
        let findings = List::new(SCHEMA, view.findings.clone());
        return super::answer_list(session, &findings, &HEADERS, String::new);
    }
    answer(session, view, || render(view, session.printer.text_width()))
}
