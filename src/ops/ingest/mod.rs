//! Ingesting a file: read and validate first, then one transaction with facts, events, decisions and snapshots.
//!
//! There is one way for every kind of file; `kind` names what differs.

mod account_order;
mod accounts;
mod batches;
mod before;
mod facts;
mod flags;
mod flags_said;
pub(super) mod health;
mod identity_told;
mod inspect;
mod kind;
mod kpis;
mod notes;
mod outcome;
mod playbooks;
mod portfolio;
mod preset;
mod profiles;
mod recognition;
mod refusal;
mod rejects;
mod said;
mod same_reading;
mod tables;
mod write;

use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;

use super::Context;
use super::observer::{Level, Message};
use super::output_file::OutputFile;
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
pub use crate::ingest::Duplicates;
use crate::ingest::{KindFile, RowOptions, Source, TableOptions, TableRead, TextOptions};
use crate::model::kpi::batch::GivenAccount;
use crate::model::reading::{DateOrder, HeaderRow, Layout};
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;
use crate::report::ingest::FileView;
use before::{Before, look_first};
pub use flags::ReadingFlags;
pub use inspect::inspect;
use kind::{Batch, Kind, Reading};
pub use preset::{preset_to_toml, with_preset};
use said::Merged;
use write::write;

/// How a file is to be ingested.
#[derive(Debug, Clone, Default)]
pub struct IngestOptions<'a> {
    /// The account that every row is of, as a person names it.
    pub account: Option<&'a str>,
    /// Take the good rows and set the bad ones aside, instead of refusing the file.
    pub skip_bad_rows: bool,
    /// Where the rows that were set aside go.
    pub rejects: Option<&'a Path>,
    /// Make no accounts.
    pub no_create: bool,
    /// Make accounts also where their names look like known ones.
    pub create_similar: bool,
    /// Publish no events.
    pub no_events: bool,
    /// Publish events and leave the snapshots to a flush.
    pub defer: bool,
    /// Read the file again although it is known.
    pub force: bool,
    /// The day, or the last day of the period, of rows without a date.
    pub period: Option<NaiveDate>,
    /// Columns that the caller gives a meaning: column, field.
    pub maps: &'a [(String, String)],
    /// More headers of fields: field, header.
    pub aliases: &'a [(String, String)],
    /// The preset that some of this comes from, for messages.
    pub preset: Option<&'a str>,
    /// The flags without those of the preset, for commands that are printed; None where all of them were given.
    pub typed: Option<&'a ReadingFlags>,
    /// What is made of rows that speak of the same and differ.
    pub duplicates: Duplicates,
    /// What empties a cell of a profile.
    pub clear_token: Option<&'a str>,
    /// The encoding of a file without a byte order mark, by its WHATWG label; else UTF-8.
    pub encoding: Option<&'a str>,
    /// What parts the cells of CSV: one character, or `tab`; else it is found.
    pub delimiter: Option<&'a str>,
    /// Which row holds the headers.
    pub header: HeaderRow,
    /// The only sheet of a workbook to be read; None for every one that fits.
    pub sheet: Option<&'a str>,
    /// How the values of a KPI file are laid out.
    pub layout: Layout,
    /// The order of day and month in every column; None settles each column from its values.
    pub date_order: Option<DateOrder>,
    /// The decimal mark of every column; None settles each column from its values.
    pub decimal: Option<DecimalMark>,
}

impl IngestOptions<'_> {
    fn table(&self) -> TableOptions {
        TableOptions {
            header: self.header,
            sheet: self.sheet.map(str::to_owned),
            layout: self.layout,
            date_order: self.date_order,
            decimal: self.decimal,
        }
    }
}

/// A file, read and about to be written.
struct Prepared<'a, B> {
    source: &'a Source,
    options: &'a IngestOptions<'a>,
    file: KindFile<B>,
    /// The day that undated rows bear; settled anew under the write lock.
    today: NaiveDate,
}

impl<B> Prepared<'_, B> {
    /// The refusal of the file; its bad rows are written where a rejects file is asked for.
    fn refused(&self, context: &Context<'_>) -> Result<Error> {
        self.keep(context, rejects::write(self)?)?;
        let is_wide = |table: &TableRead| matches!(table.layout, Some(Layout::Wide | Layout::Transposed));
        let has_many_values_a_row = self.file.tables.iter().any(is_wide);
        Ok(refusal::of(self.source.name(), &self.file.rejections, has_many_values_a_row))
    }

    /// Gives the rejects file its name, unless this is a dry run.
    fn keep(&self, context: &Context<'_>, rejects: Option<OutputFile>) -> Result<()> {
        match rejects.filter(|_| !context.dry_run) {
            Some(rejects) => rejects.commit(),
            None => Ok(()),
        }
    }
}

/// Where a file comes from.
pub enum Input<'a> {
    /// A regular file.
    File(&'a Path),
    /// A stream with a name, e.g. standard input; it is kept in a temporary file while it is read.
    Stream(&'a str, &'a mut dyn Read),
}

impl Input<'_> {
    pub(super) fn open(self) -> Result<Source> {
        match self {
            Self::File(path) => Source::open(path),
            Self::Stream(name, stream) => Source::spool(name, stream),
        }
    }
}

/// Ingests one file.
///
/// # Errors
/// `InputRefused` and what is told of the input: nothing was written then. Anything that the database says.
pub fn ingest(
    context: &Context<'_>,
    kind: UploadKind,
    input: Input<'_>,
    options: &IngestOptions<'_>,
) -> Result<FileView> {
    let done = match kind {
        UploadKind::Kpis => run::<kpis::Kpis>(context, input, options),
        UploadKind::Profiles => run::<profiles::Profiles>(context, input, options),
        UploadKind::Playbooks => run::<playbooks::Playbooks>(context, input, options),
        UploadKind::Health => run::<health::Health>(context, input, options),
        UploadKind::Notes => run::<notes::Notes>(context, input, options),
    };
    done.map_err(|error| preset::name_preset(error, options))
}

fn run<K: Kind>(context: &Context<'_>, input: Input<'_>, options: &IngestOptions<'_>) -> Result<FileView> {
    // Flags that nothing can be read by are told before anything is read.
    options.duplicates.require_for(K::KIND)?;
    TextOptions::new(options.encoding, None, options.delimiter)?;
    let source = input.open()?;
    let before = look_first(context, options)?;
    let rules = Rules::new(before.settings(context), &before.imported)?.knowing(&before.series);
    let fallback = rules.settings.encoding_fallback().value;
    let text = TextOptions::new(options.encoding, fallback.as_deref(), options.delimiter)?;
    let source = &source.written_as(text).laid_out_as(options.table());
    // A known file of which the rejects are asked for has to be read again.
    if before.may_know_file(options)
        && options.rejects.is_none()
        && let Some(answer) = recognition::early::<K>(context, source, options, &rules, &before)?
    {
        return Ok(answer);
    }
    let merged = Merged::of(source, options)?;
    let options = &merged.options(options);
    options.duplicates.require_for(K::KIND)?;
    let with_account = merged.names_account().then(|| look_first(context, options)).transpose()?;
    let before = with_account.as_ref().unwrap_or(&before);
    let may_create = K::MAKES_ACCOUNTS && !options.no_create;
    if let Some(account) = options.account.filter(|_| before.account.is_none() && !may_create) {
        let hint = match K::MAKES_ACCOUNTS {
            true => "leave out --no-create to make it",
            false => "accounts appear with `ingest kpis` and `ingest profiles`",
        };
        return Err(Error::new(ErrorKind::UnknownAccount, format!("no account '{account}'")).with_hint(hint));
    }
    let today = context.clock.now().date_in(rules.zone);
    let given = given_account(before, options)?;
    let mut file = K::read(Reading { context, source, options, rules: &rules, given, today })?;
    file.batch.find_duplicates(&mut file.rejections, options.duplicates);
    file.notes.extend(merged.notes.iter().cloned());
    context.cancel.check()?;
    let prepared = Prepared { source, options, file, today };
    // Beside what is known, more of the file's rows may turn out bad, or the file as known: what is there is looked
    // at before it is refused. Where nothing is there, nothing is made for a file that is refused.
    if !options.skip_bad_rows && !prepared.file.rejections.is_empty() && !before.customer_is_known {
        return Err(prepared.refused(context)?);
    }
    write::<K>(context, &rules, prepared, before)
}

fn given_account(before: &Before, options: &IngestOptions<'_>) -> Result<Option<GivenAccount>> {
    match (&before.account, options.account) {
        (Some((_, given)), _) => Ok(Some(given.clone())),
        (None, Some(text)) => accounts::mention_of(text).map(|mention| Some(mention.into())),
        (None, None) => Ok(None),
    }
}

/// Reads with a progress bar.
fn with_progress<T>(
    context: &Context<'_>,
    source: &Source,
    read: impl FnOnce(&mut (dyn FnMut(u64) + Send)) -> Result<T>,
) -> Result<T> {
    let observer = context.observer;
    observer.started(&format!("reading {}", source.name()), Some(source.size()));
    let mut done = 0;
    let file = read(&mut |bytes| {
        observer.advanced(bytes.saturating_sub(done));
        done = bytes;
    });
    observer.finished();
    file
}

/// Reads a file of any kind but KPIs.
fn read_rows<B>(
    kind: UploadKind,
    reading: Reading<'_, '_>,
    read: impl FnOnce(&Source, RowOptions<'_>) -> Result<KindFile<B>>,
) -> Result<KindFile<B>> {
    let Reading { context, source, options, rules, given, today } = reading;
    let aliases: Vec<(String, String)> = rules
        .settings
        .column_aliases(kind)
        .into_iter()
        .flat_map(|(field, headers)| headers.into_iter().map(move |header| (field.clone(), header.value)))
        .chain(options.aliases.iter().cloned())
        .collect();
    let (values, missing) = (rules.values(), rules.settings.missing_tokens().value);
    let currency = rules.settings.currency().value;
    with_progress(context, source, |on_progress| {
        read(
            source,
            RowOptions {
                given_account: given.as_ref(),
                period: options.period,
                today,
                zone: rules.zone,
                values: &values,
                missing: &missing,
                currency: &currency,
                clear_token: options.clear_token,
                column_aliases: &aliases,
                maps: options.maps,
                on_progress,
            },
        )
    })
}

/// A message and how much it matters.
type Note = (Level, Message);
