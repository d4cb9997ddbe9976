//! `ingest`: each file on its own, then one answer about all.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{done_or, is_same_file, protect_inputs, summary};
use crate::cli::args::ingest::{IngestArgs, IngestCommand, IngestFilesArgs, OnError, ReadingArgs};
use crate::cli::exit::Exit;
use crate::cli::moments::fiscal_start;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::model::moment::Moment;
use crate::model::reading::{DateOrder, Layout};
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;
use crate::ops::ingest::{Duplicates, IngestOptions, Input, ingest};
use crate::report::ingest::{FileStatus, FileView, IngestView, render_file};
use crate::report::text::escape_text;

/// Ingests files.
///
/// # Errors
/// The first file's error where every file was refused; anything that ends the work for all of them.
pub fn run(arguments: &IngestArgs, session: &Session) -> Result<Exit> {
    let Parts { kind, arguments, clear_token, layout } = parts(&arguments.kind);
    let maps = maps(&arguments.reading)?;
    let given = Given { kind, arguments, maps: &maps, clear_token, layout };
    let workspace = Workspace::open(session)?;
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
    let zone = workspace.zone();
    summary(session, &view, || view.files.iter().map(|file| render_file(file, zone)).collect())?;
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
    let is_taken = |path: &&PathBuf| {
        paths.iter().filter(|other| other == path).count() > 1
            || files.iter().map(PathBuf::as_path).chain(config).any(|read| is_same_file(path, read))
    };
    match paths.iter().find(is_taken) {
        Some(path) => {
            Err(Error::new(ErrorKind::Usage, format!("--rejects would write over {}", path.display()))
                .with_hint("name another file or folder"))
        }
        None => Ok(paths.into_iter().map(Some).collect()),
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
    maps: &'a [(String, String)],
    clear_token: Option<&'a str>,
    layout: Layout,
}

/// What the flags of each kind say.
struct Parts<'a> {
    kind: UploadKind,
    arguments: &'a IngestFilesArgs,
    clear_token: Option<&'a str>,
    layout: Layout,
}

fn parts(command: &IngestCommand) -> Parts<'_> {
    let (clear_token, layout) = (None, Layout::Auto);
    match command {
        IngestCommand::Kpis(kpis) => {
            let layout = layout_of(kpis.layout.as_deref());
            Parts { kind: UploadKind::Kpis, arguments: &kpis.files, clear_token, layout }
        }
        IngestCommand::Profiles(profiles) => {
            let clear_token = profiles.clear_token.as_deref();
            Parts { kind: UploadKind::Profiles, arguments: &profiles.files, clear_token, layout }
        }
        IngestCommand::Playbooks(playbooks) => {
            Parts { kind: UploadKind::Playbooks, arguments: &playbooks.files, clear_token, layout }
        }
        IngestCommand::Health(health) => {
            Parts { kind: UploadKind::Health, arguments: &health.files, clear_token, layout }
        }
        IngestCommand::Notes(notes) => {
            Parts { kind: UploadKind::Notes, arguments: &notes.files, clear_token, layout }
        }
    }
}

/// What a word of a flag stands for; None of `auto`.
fn one_of<T: Copy>(words: &[(&str, T)], word: Option<&str>) -> Option<T> {
    words.iter().find(|(known, _)| Some(*known) == word).map(|(_, meaning)| *meaning)
}

/// The columns that `--map` gives a meaning, in a fixed order, so that the same flags are the same reading.
pub(super) fn maps(arguments: &ReadingArgs) -> Result<Vec<(String, String)>> {
    let mut maps = Vec::with_capacity(arguments.map.len());
    for map in &arguments.map {
        let Some((column, field)) = map.rsplit_once('=') else {
            return Err(Error::new(ErrorKind::Usage, format!("--map: expected 'COLUMN=field', got '{map}'"))
                .with_hint("for example --map 'Mrr (EUR)=mrr'"));
        };
        maps.push((column.trim().to_owned(), field.trim().to_owned()));
    }
    maps.sort();
    maps.dedup();
    Ok(maps)
}

fn one(
    given: &Given<'_>,
    workspace: &Workspace<'_>,
    path: &Path,
    rejects: Option<&Path>,
) -> Result<FileView> {
    let (arguments, context) = (given.arguments, workspace.context());
    let options = IngestOptions {
        skip_bad_rows: arguments.options.on_error == OnError::Skip,
        rejects,
        no_create: arguments.options.no_create,
        create_similar: arguments.options.create_similar,
        no_events: arguments.options.no_events,
        defer: arguments.options.defer,
        force: arguments.options.force,
        duplicates: Duplicates::Refuse,
        clear_token: given.clear_token,
        ..reading(&arguments.reading, given.maps, given.layout, workspace)?
    };
    if path.as_os_str() == "-" {
        let mut stdin = std::io::stdin().lock();
        return ingest(&context, given.kind, Input::Stream("standard input", &mut stdin), &options);
    }
    ingest(&context, given.kind, Input::File(path), &options)
}

/// What the flags say of how a file is to be read.
///
/// # Errors
/// A period that is none, or has not begun.
pub(super) fn reading<'a>(
    arguments: &'a ReadingArgs,
    maps: &'a [(String, String)],
    layout: Layout,
    workspace: &Workspace<'_>,
) -> Result<IngestOptions<'a>> {
    let today = workspace.context().clock.now().date_in(workspace.zone());
    let fiscal_start = fiscal_start(workspace);
    Ok(IngestOptions {
        account: arguments.account.as_deref(),
        period: arguments.period.as_deref().map(|text| period(text, today, fiscal_start)).transpose()?,
        maps,
        encoding: arguments.encoding.as_deref(),
        delimiter: arguments.delimiter.as_deref(),
        header: arguments.header,
        sheet: arguments.sheet.as_deref(),
        layout,
        date_order: one_of(&DateOrder::ALL, arguments.date_order.as_deref()),
        decimal: one_of(&DecimalMark::ALL, arguments.decimal.as_deref()),
        ..IngestOptions::default()
    })
}

/// The layout that a flag says.
pub(super) fn layout_of(word: Option<&str>) -> Layout {
    one_of(&Layout::ALL, word).unwrap_or_default()
}

/// The last day of a date or period that a flag gives; it has begun by `today`.
fn period(text: &str, today: NaiveDate, fiscal_start: chrono::Month) -> Result<NaiveDate> {
    let moment = Moment::parse(text).map_err(|why| {
        Error::new(ErrorKind::Usage, format!("--period: {why}"))
            .with_hint("for example 2026-09-30 or 2026-09")
    })?;
    let zone = chrono_tz::UTC;
    let first = moment.first(zone, fiscal_start).date_in(zone);
    if first > today {
        let message =
            format!("--period {text} lies in the future: it begins on {first}, and today is {today}");
        return Err(Error::new(ErrorKind::InputRefused, message)
            .with_hint("give the day or period that the values are of, at most the current one"));
    }
    Ok(moment.last(zone, fiscal_start).date_in(zone))
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
