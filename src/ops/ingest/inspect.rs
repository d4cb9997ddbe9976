//! `inspect`: what a file is, how it would be read, and by which command. Nothing is written.
//!
//! A file is read as every kind; the kind that knows most of its columns is the one it is taken for.

use std::cmp::Reverse;

use super::before::{Before, look_first};
use super::flags::ReadingFlags;
use super::flags_said::shell_word;
use super::kind::{Batch, Kind, Reading};
use super::preset::preset_to_toml;
use super::said::Merged;
use super::{IngestOptions, Input, given_account, refusal, tables};
use crate::error::{ErrorKind, Result};
use crate::ingest::{KindFile, Note, Source, TableRead, TextOptions};
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::reading::DateOrder;
use crate::model::rejection::Rejections;
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::report::inspect::{FormView, InspectView, KindView, SCHEMA};

/// What reading a file as one kind gave.
struct Tried {
    rows_read: u64,
    rejections: Rejections,
    notes: Vec<Note>,
    tables: Vec<TableRead>,
    /// The order of days and months, and the decimal mark, where all columns agree.
    written: (Option<DateOrder>, Option<DecimalMark>),
    /// Whether it was read as the rows of some account, because nothing in it names one.
    needs_account: bool,
}

impl Tried {
    /// How many columns the kind knows; those that it only keeps are none of them.
    fn known(&self) -> usize {
        let columns = self.tables.iter().flat_map(|table| &table.columns.columns);
        columns.filter(|column| column.field.is_some_and(|field| !KEPT.contains(&field))).count()
    }

    /// Whether it may be what the file is meant to be: some row could be taken, and most columns mean something. A
    /// kind that keeps what it does not know says little by taking the file.
    fn fits(&self, kind: UploadKind) -> bool {
        let columns: usize = self.tables.iter().map(|table| table.columns.columns.len()).sum();
        let is_known = match kind {
            UploadKind::Notes => self.known() * 2 >= columns,
            UploadKind::Profiles if self.needs_account => self.known() > 1,
            _ => true,
        };
        let rejected = self.rejections.len();
        let is_taken =
            if self.needs_account { rejected * 2 < self.rows_read } else { rejected < self.rows_read };
        is_taken && is_known
    }
}

/// What stands for the account that somebody has to name.
const ACCOUNT: &str = "ACCOUNT";

/// What columns are called that mean nothing to a kind, but are kept.
const KEPT: [&str; 1] = ["attribute"];

/// The kinds, the one first that asks for most.
const ORDER: [UploadKind; 5] =
    [UploadKind::Playbooks, UploadKind::Health, UploadKind::Kpis, UploadKind::Notes, UploadKind::Profiles];

/// Looks at a file.
///
/// # Errors
/// It cannot be read at all: it is not there, no text and no workbook, or not what a flag says.
pub fn inspect(context: &Context<'_>, input: Input<'_>, options: &IngestOptions<'_>) -> Result<InspectView> {
    TextOptions::new(options.encoding, None, options.delimiter)?;
    let is_stream = matches!(input, Input::Stream(..));
    let source = input.open()?;
    let known = look_first(context, options)?;
    let rules = Rules::new(known.settings(context), &known.imported)?;
    let fallback = rules.settings.encoding_fallback().value;
    let text = TextOptions::new(options.encoding, fallback.as_deref(), options.delimiter)?;
    let source = source.written_as(text).laid_out_as(options.table());
    let merged = Merged::of(&source, options)?;
    let options = &merged.options(options);
    let with_account = merged.names_account().then(|| look_first(context, options)).transpose()?;
    let before = with_account.as_ref().unwrap_or(&known);
    let looking = Looking { context, source: &source, options, rules: &rules, before, is_stream };
    let mut found = Vec::with_capacity(ORDER.len());
    for kind in ORDER {
        match looking.as_kind(kind) {
            Ok(tried) => found.push((kind, Ok(tried))),
            Err(error) if matches!(error.kind(), ErrorKind::InputRefused | ErrorKind::Usage) => {
                found.push((kind, Err(error)));
            }
            Err(error) => return Err(error),
        }
    }
    looking.view(&found)
}

/// What is looked at, and by which rules.
struct Looking<'a, 'c> {
    context: &'a Context<'c>,
    source: &'a Source,
    options: &'a IngestOptions<'a>,
    rules: &'a Rules<'a>,
    before: &'a Before,
    is_stream: bool,
}

impl Looking<'_, '_> {
    /// Reads the file as a kind; where nothing in it names an account, as the rows of one that somebody will name.
    fn as_kind(&self, kind: UploadKind) -> Result<Tried> {
        let given = given_account(self.before, self.options)?;
        let is_given = given.is_some();
        match self.of_account(kind, given) {
            Err(error) if !is_given && error.kind() == ErrorKind::InputRefused => {
                let stand_in = AccountMention { name: Some(ACCOUNT.to_owned()), external_id: None };
                match self.of_account(kind, Some(stand_in.into())) {
                    Ok(tried) => {
                        let tried = Tried { needs_account: true, ..tried };
                        if tried.fits(kind) { Ok(tried) } else { Err(error) }
                    }
                    Err(_) => Err(error),
                }
            }
            other => other,
        }
    }

    fn of_account(&self, kind: UploadKind, given: Option<GivenAccount>) -> Result<Tried> {
        match kind {
            UploadKind::Kpis => self.read::<super::kpis::Kpis>(given),
            UploadKind::Profiles => self.read::<super::profiles::Profiles>(given),
            UploadKind::Playbooks => self.read::<super::playbooks::Playbooks>(given),
            UploadKind::Health => self.read::<super::health::Health>(given),
            UploadKind::Notes => self.read::<super::notes::Notes>(given),
        }
    }

    fn read<K: Kind>(&self, given: Option<GivenAccount>) -> Result<Tried> {
        let today = self.context.clock.now().date_in(self.rules.zone);
        let mut file = K::read(Reading {
            context: self.context,
            source: self.source,
            options: self.options,
            rules: self.rules,
            given,
            today,
        })?;
        file.batch.find_duplicates(&mut file.rejections, self.options.duplicates);
        let KindFile { records_read, rejections, notes, tables, conventions, .. } = file;
        let written = conventions.flags();
        Ok(Tried { rows_read: records_read, rejections, notes, tables, written, needs_account: false })
    }

    fn view(&self, found: &[(UploadKind, Result<Tried>)]) -> Result<InspectView> {
        let best = found
            .iter()
            .filter_map(|(kind, tried)| Some((*kind, tried.as_ref().ok().filter(|tried| tried.fits(*kind))?)))
            .max_by_key(|(kind, tried)| {
                // What has an id and a state of a run is nothing else, whoever it is about.
                let is_run = *kind == UploadKind::Playbooks;
                (is_run, !tried.needs_account, tried.known(), Reverse(place(*kind)))
            });
        let kinds = found.iter().map(|(kind, tried)| self.kind_view(*kind, tried)).collect();
        let nothing = Rejections::default();
        let rejections = best.map_or(&nothing, |(_, tried)| &tried.rejections);
        let form = self.source.form()?;
        Ok(InspectView {
            schema: SCHEMA,
            file: self.source.file_name().to_owned(),
            bytes: self.source.size(),
            sha256: crate::store::hex(&self.source.sha256()?),
            form: FormView {
                format: form.format.to_owned(),
                packing: form.packing.map(str::to_owned),
                encoding: form.encoding.map(str::to_owned),
                delimiter: form.delimiter.map(String::from),
                quote: form.quote.map(String::from),
            },
            kind: best.map(|(kind, _)| kind),
            command: best.map(|(kind, tried)| self.command(kind, tried)),
            preset: best.map(|(kind, tried)| self.preset(kind, tried)),
            rows_read: best.map_or(0, |(_, tried)| tried.rows_read),
            rejected_total: rejections.len(),
            rejected: refusal::details(rejections),
            tables: best.map_or_else(Vec::new, |(_, tried)| tables::views(&tried.tables)),
            notes: best.map_or_else(Vec::new, |(_, tried)| messages(&tried.notes)),
            kinds,
            rejected_by_cause: refusal::by_cause(rejections),
        })
    }

    /// The flags of the file as a preset, and what it showed of its dates and numbers: a month whose file shows less
    /// is read alike.
    fn preset(&self, kind: UploadKind, tried: &Tried) -> String {
        let (order, mark) = tried.written;
        let found = ReadingFlags {
            date_order: order.map(|order| order.name().to_owned()),
            decimal: mark.filter(|mark| *mark == DecimalMark::Comma).map(|mark| mark.name().to_owned()),
            ..ReadingFlags::default()
        };
        let name: String = self.source.file_name().chars().take_while(|c| c.is_alphanumeric()).collect();
        let name = if name.is_empty() { "monthly" } else { &name };
        preset_to_toml(name, kind, &self.options.to_flags().merge(found))
    }

    fn kind_view(&self, kind: UploadKind, tried: &Result<Tried>) -> KindView {
        match tried {
            Ok(tried) => KindView {
                kind,
                rows_read: tried.rows_read,
                rejected: tried.rejections.len(),
                needs_account: tried.needs_account,
                refused: None,
            },
            Err(error) => {
                let why = error.message();
                let why = why.strip_prefix(self.source.name()).unwrap_or(why).trim_start();
                let refused = Some(why.to_owned());
                KindView { kind, rows_read: 0, rejected: 0, needs_account: false, refused }
            }
        }
    }

    /// The command that reads the file as a kind.
    fn command(&self, kind: UploadKind, tried: &Tried) -> String {
        let mut words = vec!["acctsnap".to_owned(), "ingest".to_owned(), kind.name().to_owned()];
        words.push(if self.is_stream { "-".to_owned() } else { shell_word(self.source.name()) });
        words.extend(self.options.flags(kind));
        words.extend(tried.needs_account.then(|| format!("--account {ACCOUNT}")));
        words.extend(
            (!tried.rejections.is_empty()).then(|| "--on-error skip --rejects rejects.csv".to_owned()),
        );
        words.join(" ")
    }
}

fn place(kind: UploadKind) -> usize {
    ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len())
}

fn messages(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|note| note.message.clone()).collect()
}
