//! `config show`, `config check` and `config init`. None of them needs a database.

use std::path::{Path, PathBuf};

use super::{answer, answer_list, summary};
use crate::cli::args::config::{ConfigArgs, ConfigCommand};
use crate::cli::exit::Exit;
use crate::cli::locations::{CONFIG_FILE, Given};
use crate::cli::session::Session;
use crate::cli::workspace::{load_config, read_config};
use crate::error::Result;
use crate::ops::config::{check_config, list_settings, write_template};
use crate::report::config::{HEADERS, SCHEMA, render, render_check, render_explained, render_init};
use crate::report::list::List;

/// Runs a command of the family.
///
/// # Errors
/// `Usage` for a file that makes no sense, and for one that `init` would write over; `FileNotFound` for a named
/// one that is not there.
pub fn run(arguments: &ConfigArgs, session: &Session) -> Result<Exit> {
    match &arguments.command {
        ConfigCommand::Show(arguments) => show(arguments.explain, session)?,
        ConfigCommand::Check => check(session)?,
        ConfigCommand::Init => init(session)?,
    }
    Ok(Exit::Done)
}

fn show(explain: bool, session: &Session) -> Result<()> {
    let config = load_config(session)?;
    let list = List::new(SCHEMA, list_settings(&config, &config.database().value, &config.customer().value));
    let text = || if explain { render_explained(&list.items) } else { render(&list.items) };
    answer_list(session, &list, &HEADERS, text)
}

fn check(session: &Session) -> Result<()> {
    let file = session.config_file().map(|given| given.value);
    let text = file.as_deref().map(read_config).transpose()?;
    let places = places(session);
    let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
    let view = check_config(file.as_deref().zip(text.as_deref()), &places)?;
    answer(session, &view, || render_check(&view))
}

/// Where a configuration file is looked for: the one place that was named, else every usual one.
fn places(session: &Session) -> Vec<PathBuf> {
    let (arguments, environment) = (&session.arguments, &session.environment);
    match Given::of(arguments.config.clone(), environment.config.clone()) {
        Some(named) => vec![named.value],
        None => [Some(&environment.working_folder), environment.config_folder.as_ref()]
            .into_iter()
            .flatten()
            .map(|folder| folder.join(CONFIG_FILE))
            .collect(),
    }
}

/// A named file is written where it was named, else the one in the folder the command was started in.
fn init(session: &Session) -> Result<()> {
    let named = Given::of(session.arguments.config.clone(), session.environment.config.clone());
    let path = named.map_or_else(|| PathBuf::from(CONFIG_FILE), |named| named.value);
    let view = write_template(&path, session.arguments.dry_run)?;
    summary(session, &view, || render_init(&view))
}
