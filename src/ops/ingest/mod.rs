//! Ingesting a file: read and validate first, then one transaction with facts, events, decisions and snapshots.
//!
//! There is one way for every kind of file; [`kind`] names what differs.

mod accounts;
mod batches;
mod facts;
mod health;
mod kind;
mod kpis;
mod notes;
mod outcome;
mod playbooks;
mod portfolio;
mod profiles;
mod recognition;
mod refusal;
mod rejects;

use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;

use super::Context;
use super::observer::{Level, Message};
use super::output_file::OutputFile;
use super::rescore::rescore_if_changed;
use super::rules::Rules;
use super::told;
use crate::error::{Error, ErrorKind, Result};
use crate::events::{
    Deferral, Dispatcher, EventDraft, FlushOutcome, FlushScope, Published, SnapshotSubscriber, flush,
};
use crate::ingest::{KindFile, RowOptions, Source};
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::batch::AccountMention;
use crate::model::upload::{UploadCounts, UploadKind};
use crate::report::ingest::FileView;
use crate::store::{ConfigChange, NewUpload, Store, WhichCustomer, WriteTransaction};
use facts::Facts;
use kind::{Batch, Kind, Reading, Storing};

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
    /// What empties a cell of a profile.
    pub clear_token: Option<&'a str>,
}

/// A file, read and about to be written.
struct Prepared<'a, B> {
    source: &'a Source,
    options: &'a IngestOptions<'a>,
    file: KindFile<B>,
    today: NaiveDate,
}

impl<B> Prepared<'_, B> {
    /// The refusal of the file; its bad rows are written where a rejects file is asked for.
    fn refused(&self, context: &Context<'_>) -> Result<Error> {
        self.keep(context, rejects::write(self)?)?;
        Ok(refusal::of(self.source.name(), &self.file.rejections))
    }

    /// Gives the rejects file its name, unless this is a dry run.
    fn keep(&self, context: &Context<'_>, rejects: Option<OutputFile>) -> Result<()> {
        match rejects.filter(|_| !context.dry_run) {
            Some(rejects) => rejects.commit(),
            None => Ok(()),
        }
    }
}

/// Whether the file is known, so that it is not refused for rows that were set aside before.
fn is_known<K: Kind>(
    context: &Context<'_>,
    rules: &Rules<'_>,
    before: &Before,
    prepared: &Prepared<'_, K::Batch>,
) -> Result<bool> {
    if !before.customer_is_known || !before.may_know_file(prepared.options) {
        return Ok(false);
    }
    let store = Store::open_read_only(context.database)?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let reading = recognition::reading(K::KIND, rules, before.account_id(), prepared.options);
    Ok(reader.find_upload_of_file(customer, K::KIND, &prepared.file.sha256, &reading)?.is_some())
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
    match kind {
        UploadKind::Kpis => run::<kpis::Kpis>(context, input, options),
        UploadKind::Profiles => run::<profiles::Profiles>(context, input, options),
        UploadKind::Playbooks => run::<playbooks::Playbooks>(context, input, options),
        UploadKind::Health => run::<health::Health>(context, input, options),
        UploadKind::Notes => run::<notes::Notes>(context, input, options),
    }
}

fn run<K: Kind>(context: &Context<'_>, input: Input<'_>, options: &IngestOptions<'_>) -> Result<FileView> {
    let source = &input.open()?;
    let before = look_first(context, options)?;
    let rules = Rules::new(context.config, context.customer, &before.imported)?;
    let may_create = K::MAKES_ACCOUNTS && !options.no_create;
    if let Some(account) = options.account.filter(|_| before.account.is_none() && !may_create) {
        let hint = match K::MAKES_ACCOUNTS {
            true => "leave out --no-create to make it",
            false => "accounts appear with `ingest kpis` and `ingest profiles`",
        };
        return Err(Error::new(ErrorKind::UnknownAccount, format!("no account '{account}'")).with_hint(hint));
    }
    // A known file of which the rejects are asked for has to be read again.
    if before.may_know_file(options)
        && options.rejects.is_none()
        && let Some(answer) = recognition::early::<K>(context, source, options, &rules, &before)?
    {
        return Ok(answer);
    }
    let today = context.clock.now().date_in(rules.zone);
    let given = given_account(&before, options)?;
    let mut file = K::read(Reading { context, source, options, rules: &rules, given, today })?;
    file.batch.find_duplicates(&mut file.rejections);
    context.cancel.check()?;
    let prepared = Prepared { source, options, file, today };
    if !options.skip_bad_rows
        && !prepared.file.rejections.is_empty()
        && !is_known::<K>(context, &rules, &before, &prepared)?
    {
        return Err(prepared.refused(context)?);
    }
    write::<K>(context, &rules, prepared, &before)
}

fn given_account(before: &Before, options: &IngestOptions<'_>) -> Result<Option<AccountMention>> {
    match (&before.account, options.account) {
        (Some((_, mention)), _) => Ok(Some(mention.clone())),
        (None, Some(text)) => accounts::mention_of(text).map(Some),
        (None, None) => Ok(None),
    }
}

/// What the database knows before the file is read.
#[derive(Default)]
struct Before {
    imported: Vec<String>,
    account: Option<(AccountId, AccountMention)>,
    customer_is_known: bool,
}

impl Before {
    fn account_id(&self) -> Option<AccountId> {
        self.account.as_ref().map(|(account, _)| *account)
    }

    /// Whether a file may be recognised at all: one of an account that is not there yet is new, whoever else had it.
    fn may_know_file(&self, options: &IngestOptions<'_>) -> bool {
        !options.force && (options.account.is_none() || self.account.is_some())
    }
}

fn look_first(context: &Context<'_>, options: &IngestOptions<'_>) -> Result<Before> {
    if !context.database.exists() {
        return Ok(Before::default());
    }
    let store = match Store::open_read_only(context.database) {
        Ok(store) => store,
        // An empty file is a database to be.
        Err(error) if error.kind() == ErrorKind::NoDatabase => return Ok(Before::default()),
        Err(error) => return Err(error),
    };
    let reader = store.reader()?;
    let customer = match reader.find_customer(context.customer) {
        Ok(customer) => customer,
        Err(error) if error.kind() == ErrorKind::UnknownCustomer => return Ok(Before::default()),
        Err(error) => return Err(error),
    };
    let mut before =
        Before { imported: reader.kpi_definitions(customer)?, account: None, customer_is_known: true };
    if let Some(text) = options.account
        && let Some(account) = reader.match_account(customer, text)?
        && let Some(record) = reader.load_accounts(customer, &[account])?.into_iter().next()
    {
        let mention = AccountMention { name: Some(record.head.name), external_id: record.head.external_id };
        before.account = Some((account, mention));
    }
    Ok(before)
}

/// Reads with a progress bar.
fn with_progress<T>(
    context: &Context<'_>,
    source: &Source,
    read: impl FnOnce(&mut dyn FnMut(u64)) -> Result<T>,
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

fn write<K: Kind>(
    context: &Context<'_>,
    rules: &Rules<'_>,
    mut prepared: Prepared<'_, K::Batch>,
    before: &Before,
) -> Result<FileView> {
    let (mut store, database_is_new) = open::<K>(context)?;
    let mut transaction = context.begin(&mut store, which::<K>(context), K::COMMAND)?;
    if transaction.reader().kpi_definitions(transaction.customer())? != before.imported {
        return Err(Error::new(ErrorKind::Busy, "KPI definitions changed while the file was read")
            .with_hint("run the same command again"));
    }
    let reading = recognition::reading(K::KIND, rules, before.account_id(), prepared.options);
    if before.may_know_file(prepared.options)
        && let Some(known) = transaction.find_upload(K::KIND, &prepared.file.sha256, &reading)?
    {
        let rejects = match prepared.file.rejections.len() == known.counts.rejected {
            true => rejects::write(&prepared)?,
            false => None,
        };
        let view =
            recognition::seen_again(context, transaction, rules, prepared.source, prepared.options, &known)?;
        prepared.keep(context, rejects)?;
        return Ok(view);
    }
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let resolved = accounts::resolve::<K>(&mut transaction, &mut prepared, before)?;
    refuse_bad_rows(context, &prepared)?;
    let mut series = transaction.load_series()?;
    let plan = K::plan(&mut transaction, &prepared, rules, &mut series)?;
    let snapshots = rules.for_snapshots(&series, config);
    let upload = transaction.next_upload()?;
    context.cancel.check()?;
    let accounts = &resolved.accounts;
    let storing = Storing { prepared: &prepared, rules, snapshots: &snapshots, accounts, upload };
    let mut facts = K::store(&mut transaction, &storing, &plan)?;
    let late = std::mem::take(&mut facts.rejected);
    late.into_iter().for_each(|late| {
        prepared.file.rejections.add(late.line, late.problem, late.value.as_deref());
    });
    prepared.file.rejections.sort_by_line();
    refuse_bad_rows(context, &prepared)?;
    let given = prepared.options.account.and_then(|_| resolved.accounts.first().copied().flatten());
    let reading = recognition::reading(K::KIND, rules, given, prepared.options);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshots, config_change)?;
    record_upload(&mut transaction, K::KIND, &prepared, &reading, upload, &facts, &resolved)?;
    let portfolio = portfolio::compare(&transaction, &facts, prepared.options.account.is_some())?;
    let drafts = drafts(&transaction, rules, prepared.options, &facts, upload);
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(&snapshots, facts.summaries.clone()));
    let deferral = if prepared.options.defer { Deferral::ToFlush } else { Deferral::Now };
    let published = dispatcher.publish(&mut transaction, drafts, deferral)?;
    let flushed = match prepared.options.defer {
        true => FlushOutcome::default(),
        false => flush(&mut transaction, &snapshots, FlushScope::Due, None)?,
    };
    let rejects = rejects::write(&prepared)?;
    let done = Done {
        database_is_new,
        config_change,
        rescored,
        upload,
        facts,
        resolved,
        published,
        flushed,
        portfolio,
    };
    let view = outcome::view(context, K::KIND, &prepared, &done);
    let fates = outcome::fates(&transaction, &done);
    let notes = outcome::notes(context, &transaction, &prepared, &done);
    let now = transaction.now();
    context.conclude(transaction)?;
    prepared.keep(context, rejects)?;
    notes.iter().for_each(|note| context.tell(note.0, &note.1));
    told::tell(context, &fates, now, rules.zone);
    Ok(view)
}

/// Opens the database; a kind that makes accounts makes it where it is not there.
fn open<K: Kind>(context: &Context<'_>) -> Result<(Store, bool)> {
    match K::MAKES_ACCOUNTS {
        true => context.open_or_create(),
        false => Ok((context.open_to_write()?, false)),
    }
}

fn which<'c, K: Kind>(context: &Context<'c>) -> WhichCustomer<'c> {
    match K::MAKES_ACCOUNTS {
        true => WhichCustomer::NamedOrNew(context.customer),
        false => WhichCustomer::Named(context.customer),
    }
}

/// Refuses the file where rows cannot be taken and nobody said to set them aside.
fn refuse_bad_rows<B>(context: &Context<'_>, prepared: &Prepared<'_, B>) -> Result<()> {
    if prepared.options.skip_bad_rows || prepared.file.rejections.is_empty() {
        return Ok(());
    }
    Err(prepared.refused(context)?)
}

/// What a transaction did, on its way to the answer.
struct Done {
    database_is_new: bool,
    config_change: ConfigChange,
    rescored: u64,
    upload: UploadId,
    facts: Facts,
    resolved: accounts::Resolved,
    published: Published,
    flushed: FlushOutcome,
    portfolio: portfolio::Portfolio,
}

fn record_upload<B>(
    transaction: &mut WriteTransaction<'_>,
    kind: UploadKind,
    prepared: &Prepared<'_, B>,
    reading: &str,
    upload: UploadId,
    facts: &Facts,
    resolved: &accounts::Resolved,
) -> Result<()> {
    let counts = UploadCounts {
        read: prepared.file.records_read,
        inserted: facts.counts.inserted,
        updated: facts.counts.updated,
        unchanged: facts.counts.unchanged,
        rejected: prepared.file.rejections.len(),
        accounts_touched: facts.touched.len() as u64,
        accounts_created: resolved.created,
    };
    transaction.insert_upload(
        upload,
        &NewUpload {
            kind,
            file_name: prepared.source.file_name(),
            sha256: prepared.file.sha256,
            bytes: prepared.source.size(),
            reading,
            ingested_on: prepared.today,
            counts,
        },
    )
}

/// The events of what a file has to tell, unless events are switched off.
fn drafts(
    transaction: &WriteTransaction<'_>,
    rules: &Rules<'_>,
    options: &IngestOptions<'_>,
    facts: &Facts,
    upload: UploadId,
) -> Vec<EventDraft> {
    if options.no_events || !rules.settings.events_enabled().value {
        return Vec::new();
    }
    let wanted = rules.settings.event_types().value;
    let customer = transaction.customer();
    let news = facts.news.iter().filter(|news| wanted.contains(&news.event_type));
    news.map(|news| EventDraft {
        customer,
        account: news.account,
        event_type: news.event_type,
        action: news.action.map(ToOwned::to_owned),
        upload: Some(upload),
    })
    .collect()
}

/// A message and how much it matters.
type Note = (Level, Message);
