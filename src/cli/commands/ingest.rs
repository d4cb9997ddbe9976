//! `ingest`: each file on its own, then one answer about all.

use std::path::{Path, PathBuf};

use super::reading::{MoreFlags, Reading};
use super::{done_or, is_same_file, protect_inputs, summary};
use crate::cli::args::ingest::{IngestArgs, IngestCommand, IngestFilesArgs, OnError};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::model::upload::UploadKind;
use crate::ops::ingest::{IngestOptions, Input, ingest};
use crate::report::ingest::{FileStatus, FileView, IngestView, render_file};
use crate::report::text::escape_text;

/// Ingests files.
///
/// # Errors
/// The first file's error where every file was refused; anything that ends the work for all of them.
pub fn run(arguments: &IngestArgs, session: &Session) -> Result<Exit> {
    let (kind, arguments, more) = parts(&arguments.kind);
    refuse_standard_input_twice(&arguments.files)?;
    let workspace = Workspace::open(session)?;
    let reading = Reading::of(&arguments.reading, more, Some(kind), &workspace)?;
    let given = Given { kind, arguments, reading };
    let rejects = rejects_paths(arguments, session.config_file().map(|given| given.value).as_deref())?;
    let written = rejects.iter().flatten().map(PathBuf::as_path);
    protect_inputs(session, arguments.files.iter().map(PathBuf::as_path).chain(written))?;
    let mut files = Vec::with_capacity(arguments.files.len());
    let mut first_error = None;
    for (path, rejects) in arguments.files.iter().zip(&rejects) {
        match one(&given, &workspace, path, rejects.as_deref()) {
            Ok(view) => files.push(view),
            Err(error) if arguments.files.len() > 1 && is_of_the_file(&error) => {
                session.printer.tell_error(&error, Exit::from(error.kind()));
                files.push(refused(kind, path, &error));
                first_error.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    let refused = files.iter().filter(|file| file.status == FileStatus::Refused).count();
    let set_aside = files.iter().any(|file| file.rows.rejected > 0);
    let failed = files.iter().any(|file| file.snapshots.failed > 0);
    let all_refused = refused == files.len();
    let view = IngestView::new(files);
    let (zone, width) = (workspace.zone(), session.printer.table_width());
    summary(session, &view, || view.files.iter().map(|file| render_file(file, zone, width)).collect())?;
    match first_error.filter(|_| all_refused) {
        Some(_) => Ok(Exit::Refused),
        None => Ok(done_or(refused > 0 || set_aside || failed)),
    }
}

/// Whether only this file is at fault, so that the others can go on.
fn is_of_the_file(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::InputRefused | ErrorKind::FileNotFound)
}

/// Where the rows of each file go that were set aside: one file's into the file named, or each into a folder under
/// its own name. One file for the rows of several would keep only the last one's.
fn rejects_paths(arguments: &IngestFilesArgs, config: Option<&Path>) -> Result<Vec<Option<PathBuf>>> {
    let files = &arguments.files;
    let Some(rejects) = &arguments.options.rejects else { return Ok(vec![None; files.len()]) };
    let paths: Vec<PathBuf> = match (rejects.is_dir(), files.as_slice()) {
        (true, files) => files.iter().map(|file| rejects.join(name_of(file))).collect(),
        (false, [_]) => vec![rejects.clone()],
        (false, several) => {
            let message = format!("--rejects {} is one file, for {} files", rejects.display(), several.len());
            return Err(Error::new(ErrorKind::Usage, message).with_hint(
                "name a folder that is there: each file's rejects go into it under its own name",
            ));
        }
    };
    for (place, path) in paths.iter().enumerate() {
        let earlier = paths.iter().take(place).position(|other| other == path);
        if let (Some(first), Some(second)) = (earlier.and_then(|place| files.get(place)), files.get(place)) {
            return Err(of_one_name(first, second, rejects));
        }
    }
    let is_taken = |path: &&PathBuf| {
        files.iter().map(PathBuf::as_path).chain(config).any(|read| is_same_file(path, read))
    };
    match paths.iter().find(is_taken) {
        Some(path) => {
            Err(Error::new(ErrorKind::Usage, format!("--rejects would write over {}", path.display()))
                .with_hint("name another file or folder"))
        }
        None => Ok(paths.into_iter().map(Some).collect()),
    }
}

/// The refusal of two inputs whose rejects would go into one file of a folder.
fn of_one_name(first: &Path, second: &Path, folder: &Path) -> Error {
    let (first_name, second_name, folder) = (first.display(), second.display(), folder.display());
    let (message, hint) = match is_same_file(first, second) {
        true => (format!("{second_name} is given twice"), "name it once".to_owned()),
        false => (
            format!("--rejects {folder} has one file for {first_name} and {second_name}: they bear one name"),
            "ingest them one at a time, each with its own --rejects FILE".to_owned(),
        ),
    };
    Error::new(ErrorKind::Usage, message).with_hint(hint)
}

/// Standard input can be read once.
fn refuse_standard_input_twice(files: &[PathBuf]) -> Result<()> {
    match files.iter().filter(|file| file.as_os_str() == "-").count() {
        0 | 1 => Ok(()),
        _ => Err(Error::new(ErrorKind::Usage, "standard input (-) is given twice").with_hint("name it once")),
    }
}

fn name_of(file: &Path) -> PathBuf {
    match file.file_name().filter(|name| *name != "-") {
        Some(name) => name.into(),
        None => "standard-input.csv".into(),
    }
}

/// What the command line says of the files.
struct Given<'a> {
    kind: UploadKind,
    arguments: &'a IngestFilesArgs,
    reading: Reading<'a>,
}

/// The kind, its files, and the flags that only some kinds have.
fn parts(command: &IngestCommand) -> (UploadKind, &IngestFilesArgs, MoreFlags<'_>) {
    let (kind, arguments, layout, clear_token) = match command {
        IngestCommand::Kpis(kpis) => (UploadKind::Kpis, &kpis.files, kpis.layout.as_deref(), None),
        IngestCommand::Profiles(profiles) => {
            (UploadKind::Profiles, &profiles.files, None, profiles.clear_token.as_deref())
        }
        IngestCommand::Playbooks(playbooks) => (UploadKind::Playbooks, &playbooks.files, None, None),
        IngestCommand::Health(health) => (UploadKind::Health, &health.files, None, None),
        IngestCommand::Notes(notes) => (UploadKind::Notes, &notes.files, None, None),
    };
    let on_error = arguments.options.on_error.map(|on_error| match on_error {
        OnError::Refuse => "refuse",
        OnError::Skip => "skip",
    });
    (kind, arguments, MoreFlags { layout, clear_token, on_error })
}

fn one(
    given: &Given<'_>,
    workspace: &Workspace<'_>,
    path: &Path,
    rejects: Option<&Path>,
) -> Result<FileView> {
    let (arguments, context) = (given.arguments, workspace.context());
    let options = IngestOptions {
        rejects,
        no_create: arguments.options.no_create,
        create_similar: arguments.options.create_similar,
        no_events: arguments.options.no_events,
        defer: arguments.options.defer,
        force: arguments.options.force,
        ..given.reading.options()
    };
    if path.as_os_str() == "-" {
        let mut stdin = std::io::stdin().lock();
        return ingest(&context, given.kind, Input::Stream("standard input", &mut stdin), &options);
    }
    ingest(&context, given.kind, Input::File(path), &options)
}

fn refused(kind: UploadKind, path: &Path, error: &Error) -> FileView {
    let rejected = error.details_total();
    let mut view = FileView::empty();
    view.kind = kind;
    view.file =
        path.file_name().map_or_else(String::new, |name| escape_text(&name.to_string_lossy()).into_owned());
    view.status = FileStatus::Refused;
    // Of a refused file only the rows at fault are known by number.
    (view.rows.read, view.rows.rejected) = (rejected, rejected);
    view.rejected = error.details().to_vec();
    view
}
