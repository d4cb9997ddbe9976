//! `inspect`: what a file is, how it would be read, and by which command. Nothing is written.
//!
//! A file is read as every kind; the kind that knows most of its columns is the one it is taken for, also where
//! somebody has to settle first what the file leaves open.

mod said;
mod tried;
mod ways;

use super::accounts::set_refused_aside;
use super::before::{Before, look_first};
use super::flags::ReadingFlags;
use super::flags_said::{file_word, flag_of};
use super::kind::{Batch, Kind, Reading};
use super::preset::preset_to_toml;
use super::said::Merged;
use super::{IngestOptions, Input, given_account, refusal, tables};
use crate::error::{Choice, ErrorKind, Result};
use crate::ingest::{KindFile, Note, Source, TextOptions};
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::rejection::Rejections;
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::report::inspect::{ChoiceView, FormView, InspectView, KindView, SCHEMA};
use tried::{ORDER, Tried, guessed, is_health};

/// What stands for the account that somebody has to name.
const ACCOUNT: &str = "ACCOUNT";

/// Where rows go that are set aside.
const REJECTS: &str = "rejects.csv";

/// Looks at a file. `globals` are the flags, with their values, that say what is worked on: the command that is
/// proposed bears them too.
///
/// # Errors
/// It cannot be read at all: it is not there, no text and no workbook, or not what a flag says.
pub fn inspect(
    context: &Context<'_>,
    input: Input<'_>,
    options: &IngestOptions<'_>,
    globals: &[(&str, String)],
) -> Result<InspectView> {
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
    let looking = Looking { context, source: &source, options, rules: &rules, before, globals, is_stream };
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
    globals: &'a [(&'a str, String)],
    is_stream: bool,
}

impl Looking<'_, '_> {
    /// Reads the file as a kind, with these choices made.
    fn by(&self, kind: UploadKind, made: &[Choice]) -> Result<Tried> {
        let maps = ways::maps(self.options, made);
        let options = ways::made(self.options, &maps, made);
        if made.is_empty() {
            return self.of_some_account(kind, self.source, &options);
        }
        self.of_some_account(kind, &self.source.again(options.table())?, &options)
    }

    /// Reads the file as a kind; where nothing in it names an account, as the rows of one that somebody will name.
    fn of_some_account(
        &self,
        kind: UploadKind,
        source: &Source,
        options: &IngestOptions<'_>,
    ) -> Result<Tried> {
        let given = given_account(self.before, options)?;
        let is_given = given.is_some();
        match self.of_account(kind, source, options, given) {
            Err(error) if !is_given && error.kind() == ErrorKind::InputRefused => {
                let stand_in = AccountMention { name: Some(ACCOUNT.to_owned()), external_id: None };
                match self.of_account(kind, source, options, Some(stand_in.into())) {
                    Ok(tried) => {
                        let tried = Tried { needs_account: true, ..tried };
                        if tried.fits(kind) { Ok(tried) } else { Err(error) }
                    }
                    // What it leaves open is asked first, whoever it is about.
                    Err(open) if error.choices().is_empty() && !open.choices().is_empty() => Err(open),
                    Err(_) => Err(error),
                }
            }
            other => other,
        }
    }

    fn of_account(
        &self,
        kind: UploadKind,
        source: &Source,
        options: &IngestOptions<'_>,
        given: Option<GivenAccount>,
    ) -> Result<Tried> {
        match kind {
            UploadKind::Kpis => self.read::<super::kpis::Kpis>(source, options, given),
            UploadKind::Profiles => self.read::<super::profiles::Profiles>(source, options, given),
            UploadKind::Playbooks => self.read::<super::playbooks::Playbooks>(source, options, given),
            UploadKind::Health => self.read::<super::health::Health>(source, options, given),
            UploadKind::Notes => self.read::<super::notes::Notes>(source, options, given),
        }
    }

    fn read<K: Kind>(
        &self,
        source: &Source,
        options: &IngestOptions<'_>,
        given: Option<GivenAccount>,
    ) -> Result<Tried> {
        let today = self.context.clock.now().date_in(self.rules.zone);
        let is_given = given.is_some();
        let reading = Reading { context: self.context, source, options, rules: self.rules, given, today };
        let KindFile { records_read, mut rejections, mut notes, tables, conventions, mut batch, .. } =
            K::read(reading)?;
        batch.find_duplicates(&mut rejections, options.duplicates);
        let rejected_by_itself = rejections.len();
        if !K::MAKES_ACCOUNTS && !is_given {
            notes.extend(self.set_unknown_aside(&mut batch, &mut rejections)?);
        }
        Ok(Tried {
            rows_read: records_read,
            rejected_by_itself,
            guessed: guessed(&tables, |header| self.rules.dictionary.find(header).is_some()),
            rejections,
            notes,
            tables,
            written: conventions.flags(),
            needs_account: false,
            open: None,
        })
    }

    /// Sets the rows aside that name no known account, where accounts are known; else says that nobody looked.
    fn set_unknown_aside(&self, batch: &mut impl Batch, rejections: &mut Rejections) -> Result<Option<Note>> {
        if !self.before.customer_is_known {
            let message = format!(
                "whether its accounts are there was not checked: {} has none of customer '{}' yet; they appear with \
                 `ingest kpis` and `ingest profiles`",
                self.context.database.display(),
                self.context.customer
            );
            return Ok(Some(Note { code: "accounts_not_checked", message }));
        }
        let store = self.context.open_to_read()?;
        let reader = store.reader()?;
        let customer = reader.find_customer(self.context.customer)?;
        let refusals = reader.refused_mentions(customer, batch.mentions())?;
        set_refused_aside(self.context, batch, &refusals, false, rejections);
        Ok(None)
    }

    fn view(&self, found: &[(UploadKind, Result<Tried>)]) -> Result<InspectView> {
        let best = self.best(found);
        let kinds = found.iter().map(|(kind, tried)| self.kind_view(*kind, tried)).collect();
        let nothing = Rejections::default();
        let rejections = best.map_or(&nothing, |(_, tried)| &tried.rejections);
        Ok(InspectView {
            schema: SCHEMA,
            file: self.source.file_name().to_owned(),
            bytes: self.source.size(),
            sha256: crate::model::canonical::hex(&self.source.sha256()?),
            form: self.form()?,
            kind: best.map(|(kind, _)| kind),
            command: best.map(|(kind, tried)| self.command(kind, tried, first_way(tried))),
            choice: best.and_then(|(kind, tried)| self.choice(kind, tried)),
            preset: best.and_then(|(kind, tried)| self.preset(kind, tried)),
            rows_read: best.map_or(0, |(_, tried)| tried.rows_read),
            rejected_total: rejections.len(),
            rejected: refusal::details(rejections),
            tables: best.map_or_else(Vec::new, |(_, tried)| tables::views(&tried.tables)),
            notes: best.map_or_else(Vec::new, |best| self.notes(best, found)),
            kinds,
            rejected_by_cause: refusal::by_cause(rejections),
        })
    }

    /// The kind that the file fits best.
    fn best<'t>(&self, found: &'t [(UploadKind, Result<Tried>)]) -> Option<(UploadKind, &'t Tried)> {
        let only = self.kind_of_preset();
        let fitting = found.iter().filter(|(kind, _)| only.is_none_or(|only| only == *kind));
        let mut fitting = fitting.filter_map(|(kind, _)| Some((*kind, fitting_as(*kind, found)?)));
        let (kind, tried) = fitting.by_ref().max_by_key(|(kind, tried)| tried.rank(*kind))?;
        let health =
            fitting_as(UploadKind::Health, found).filter(|_| only.is_none() && kind == UploadKind::Kpis);
        match health.filter(|health| is_health(health, tried)) {
            Some(health) => Some((UploadKind::Health, health)),
            None => Some((kind, tried)),
        }
    }

    /// What is to be said of the reading, and where it is a choice between scores and KPIs, of the difference.
    fn notes(
        &self,
        (kind, tried): (UploadKind, &Tried),
        found: &[(UploadKind, Result<Tried>)],
    ) -> Vec<String> {
        let mut notes: Vec<String> = tried.notes.iter().map(|note| note.message.clone()).collect();
        let other = |kind| fitting_as(kind, found).map(|tried| self.command(kind, tried, first_way(tried)));
        let told = match kind {
            UploadKind::Health => other(UploadKind::Kpis).map(|command| {
                format!(
                    "read as health, its scores are those of the account, as given, and other columns are not read; as \
                     KPIs, of which health is calculated, all its numbers are read by: {command}"
                )
            }),
            UploadKind::Kpis => other(UploadKind::Health).map(|command| {
                format!(
                    "read as KPIs, its scores are KPIs like all others, of which health is calculated; as the account's \
                     scores, as given, they are read by: {command}"
                )
            }),
            _ => None,
        };
        notes.extend(told);
        notes
    }

    fn form(&self) -> Result<FormView> {
        let form = self.source.form()?;
        Ok(FormView {
            format: form.format.to_owned(),
            packing: form.packing.map(str::to_owned),
            encoding: form.encoding.map(str::to_owned),
            delimiter: form.delimiter.map(String::from),
            quote: form.quote.map(String::from),
        })
    }

    /// What the file leaves open, and the command for each way to settle it.
    fn choice(&self, kind: UploadKind, tried: &Tried) -> Option<ChoiceView> {
        let open = tried.open.as_ref()?;
        Some(ChoiceView {
            why: open.why.iter().map(|why| self.said(why.message())).collect(),
            commands: open.ways.iter().map(|way| self.command(kind, tried, way)).collect(),
        })
    }

    /// A refusal as it is told of this file.
    fn said(&self, message: &str) -> String {
        said::refusal(self.source.name(), message)
    }

    /// The flags of the file as a preset, and what it showed of its dates and numbers: a month whose file shows less
    /// is read alike. None where a preset was named, and nothing
    /// else; and where something is to be settled first.
    fn preset(&self, kind: UploadKind, tried: &Tried) -> Option<String> {
        if tried.open.is_some() || tried.needs_account {
            return None;
        }
        let is_more = self.options.typed.is_none_or(|typed| *typed != ReadingFlags::default());
        if self.options.preset.is_some() && !is_more {
            return None;
        }
        let (order, mark) = tried.written;
        let found = ReadingFlags {
            date_order: order.map(|order| order.name().to_owned()),
            decimal: mark.filter(|mark| *mark == DecimalMark::Comma).map(|mark| mark.name().to_owned()),
            ..ReadingFlags::default()
        };
        let name: String = self.source.file_name().chars().take_while(|c| c.is_alphanumeric()).collect();
        let name = if name.is_empty() { "monthly".to_owned() } else { name };
        let name = free_name(name, |name| self.rules.settings.presets().contains_key(name));
        Some(preset_to_toml(&name, kind, &self.options.to_flags().merge(found)))
    }

    /// The kind of the preset that was named: no other can be read by it.
    fn kind_of_preset(&self) -> Option<UploadKind> {
        self.rules.settings.presets().get(self.options.preset?)?.value.kind
    }

    fn kind_view(&self, kind: UploadKind, tried: &Result<Tried>) -> KindView {
        let view = KindView {
            kind,
            rows_read: 0,
            rejected: 0,
            needs_account: false,
            refused: None,
            hint: None,
            rejected_by_cause: Vec::new(),
        };
        match tried {
            Ok(tried) => KindView {
                rows_read: tried.rows_read,
                rejected: tried.rejections.len(),
                needs_account: tried.needs_account,
                refused: tried
                    .open
                    .as_ref()
                    .and_then(|open| open.why.first())
                    .map(|why| self.said(why.message())),
                rejected_by_cause: refusal::by_cause(&tried.rejections),
                ..view
            },
            Err(error) => KindView {
                refused: Some(self.said(error.message())),
                hint: error.hint().map(ToOwned::to_owned),
                ..view
            },
        }
    }

    /// The command that reads the file as a kind.
    fn command(&self, kind: UploadKind, tried: &Tried, way: &[Choice]) -> String {
        let mut words = vec!["acctsnap".to_owned(), "ingest".to_owned(), kind.name().to_owned()];
        words.push(if self.is_stream { "-".to_owned() } else { file_word(self.source.name()) });
        words.extend(self.globals.iter().map(|(flag, value)| flag_of(flag, value)));
        words.extend(self.options.flags(kind));
        words.extend(ways::flags(way));
        // No shell runs this as it stands: it would make an account of the word.
        words.extend(tried.needs_account.then(|| format!("--account <{ACCOUNT}>")));
        // A file of rejects is not overwritten by its own.
        let rejects = if self.source.file_name() == REJECTS { "rejects-2.csv" } else { REJECTS };
        words.extend((!tried.rejections.is_empty()).then(|| format!("--on-error skip --rejects {rejects}")));
        words.join(" ")
    }
}

/// A name that nothing bears yet: this one, else with the first number that is free.
fn free_name(name: String, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(name)
}

/// The choices by which it was read.
fn first_way(tried: &Tried) -> &[Choice] {
    tried.open.as_ref().and_then(|open| open.ways.first()).map_or(&[], Vec::as_slice)
}

/// What the file is as a kind, where it may be one.
fn fitting_as(kind: UploadKind, found: &[(UploadKind, Result<Tried>)]) -> Option<&Tried> {
    let (_, tried) = found.iter().find(|(other, _)| *other == kind)?;
    tried.as_ref().ok().filter(|tried| tried.fits(kind))
}
