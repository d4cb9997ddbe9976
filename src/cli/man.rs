//! The man pages: one for each command that help shows, made from the same texts as its help.
//!
//! Only bytes are made here; nothing is written.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::error::{Context, ErrorKind, Result};

/// The exit codes, as a page lists them.
const EXIT_CODES: [(&str, &str); 13] = [
    ("0", "done"),
    ("1", "failed"),
    ("2", "usage"),
    ("3", "partly done: rows, files or accounts set aside, snapshots failed"),
    ("4", "not there: account, snapshot, customer, database"),
    ("5", "input refused; nothing of it was written"),
    ("6", "the database stayed busy"),
    ("7", "integrity: damage found, not our database, or one written by a newer version"),
    ("8", "stale"),
    ("9", "storage: disk full, I/O error, read-only"),
    ("10", "differences found (compare --exit-code)"),
    ("130", "stopped by an interrupt; nothing half-written"),
    ("143", "stopped by a request to end; nothing half-written"),
];

/// How roff is told to write an apostrophe.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// A man page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The file's name, e.g. `acctsnap-ingest-kpis.1`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The pages of a command line and of every command in it that is not hidden, in the order of the help.
///
/// # Errors
/// `Failed` where a page cannot be written down.
pub fn pages(command: Command) -> Result<Vec<Page>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add_pages(&command, command.get_name(), &mut pages)?;
    Ok(pages)
}

fn add_pages(command: &Command, name: &str, into: &mut Vec<Page>) -> Result<()> {
    into.push(page(command, name)?);
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        add_pages(below, &format!("{name}-{}", below.get_name()), into)?;
    }
    Ok(())
}

fn page(command: &Command, name: &str) -> Result<Page> {
    let program = name.split('-').next().unwrap_or(name);
    let mut shown = command.clone().display_name(name.to_owned());
    let usage = shown.render_usage().to_string();
    let shown = shown.override_usage(usage.trim_start_matches("Usage:").trim().to_owned());
    let man = Man::new(shown);
    let mut bytes = Vec::new();
    let mut render = || {
        man.render_name_section(&mut bytes)?;
        man.render_synopsis_section(&mut bytes)?;
        man.render_description_section(&mut bytes)?;
        man.render_options_section(&mut bytes)
    };
    render().context(ErrorKind::Failed, || format!("cannot make the man page of {name}"))?;
    let text = [
        title(program, name),
        without_preambles(&String::from_utf8_lossy(&bytes)),
        commands_section(command, name).to_roff(),
        closing_sections(command, program, name).to_roff(),
    ];
    Ok(Page { name: format!("{name}.1"), bytes: text.concat().into_bytes() })
}

/// What every page of roff begins with: apostrophes, and the title. It bears no date, so that the pages of one
/// version are the same bytes on every day.
fn title(program: &str, name: &str) -> String {
    let (title, version) = (name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    format!("{PREAMBLE}.TH \"{title}\" \"1\" \"\" \"{program} {version}\" \"User Commands\"\n")
}

/// Each section comes with a preamble of its own; one is enough.
fn without_preambles(text: &str) -> String {
    text.replace(PREAMBLE, "")
}

/// The pages of the commands below, as references that a pager can follow.
fn commands_section(command: &Command, name: &str) -> Roff {
    let mut roff = Roff::new();
    let mut below = command.get_subcommands().filter(|below| !below.is_hide_set()).peekable();
    if below.peek().is_some() {
        roff.control("SH", ["COMMANDS"]);
    }
    for below in below {
        roff.control("TP", []);
        roff.text([bold(format!("{name}-{}", below.get_name())), roman("(1)")]);
        roff.text([roman(below.get_about().map(ToString::to_string).unwrap_or_default())]);
    }
    roff
}

/// Examples as they are typed, exit codes, and the page above.
fn closing_sections(command: &Command, program: &str, name: &str) -> Roff {
    let mut roff = Roff::new();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines: Vec<&str> = examples.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    if !lines.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
        roff.control("nf", []);
        lines.iter().for_each(|line| {
            roff.text([roman(*line)]);
        });
        roff.control("fi", []);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT_CODES {
        roff.control("TP", []);
        roff.text([bold(code)]);
        roff.text([roman(meaning)]);
    }
    if let Some((above, _)) = name.rsplit_once('-').filter(|_| name != program) {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold(above), roman("(1)")]);
    }
    roff
}
