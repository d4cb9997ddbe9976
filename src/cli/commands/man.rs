//! `man DIR`: writes a man page for every command.

use std::io::Write as _;

use clap::CommandFactory as _;

use super::{dry_run_said, summary};
use crate::cli::args::Cli;
use crate::cli::args::man::ManArgs;
use crate::cli::exit::Exit;
use crate::cli::man::pages;
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::ops::output_file::OutputFile;
use crate::report::man::{ManView, render};

/// Writes the pages, each whole or not at all; pages that stand there are replaced.
///
/// # Errors
/// `Usage` where something else than a folder stands there; what the operating system says of a file.
pub fn run(arguments: &ManArgs, session: &Session) -> Result<Exit> {
    let folder = arguments.folder.as_path();
    let pages = pages(Cli::command())?;
    if !session.arguments.dry_run {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, "make", error))?;
        for page in &pages {
            let path = folder.join(&page.name);
            let mut file = OutputFile::create(&path)?;
            file.write_all(&page.bytes).map_err(|error| Error::io(&path, "write", error))?;
            file.commit()?;
        }
    }
    let names = pages.into_iter().map(|page| page.name).collect();
    let view = ManView::new(folder.display().to_string(), names);
    summary(session, &view, || dry_run_said(session, render(&view)))?;
    Ok(Exit::Done)
}
