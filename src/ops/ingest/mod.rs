//! Ingesting a file: read and validate first, then one transaction with facts, events, decisions and snapshots.

mod accounts;
mod facts;
mod outcome;
mod portfolio;
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
use crate::events::{Deferral, Dispatcher, FlushOutcome, FlushScope, Published, SnapshotSubscriber, flush};
use crate::ingest::{KpiField, KpiFile, KpiReadOptions, Source, read_kpis};
use crate::model::event::EventType;
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::batch::AccountMention;
use crate::model::upload::{UploadCounts, UploadKind};
use crate::report::ingest::FileView;
use crate::store::{ConfigChange, NewUpload, Store, WhichCustomer, WriteTransaction};
use facts::{Facts, store_facts};

/// How a KPI file is to be ingested.
#[derive(Debug, Clone, Default)]
pub struct IngestKpisOptions<'a> {
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
}

/// A file, read and about to be written.
struct Prepared<'a> {
    source: &'a Source,
    options: &'a IngestKpisOptions<'a>,
    file: KpiFile,
    today: NaiveDate,
}

impl Prepared<'_> {
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
fn is_known(
    context: &Context<'_>,
    rules: &Rules<'_>,
    before: &Before,
    prepared: &Prepared<'_>,
) -> Result<bool> {
    if !before.customer_is_known || !before.may_know_file(prepared.options) {
        return Ok(false);
    }
    let store = Store::open_read_only(context.database)?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let reading = recognition::reading(rules, before.account_id(), prepared.options);
    Ok(reader.find_upload_of_file(customer, UploadKind::Kpis, &prepared.file.sha256, &reading)?.is_some())
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

/// Ingests one KPI file.
///
/// # Errors
/// `InputRefused` and what is told of the input: nothing was written then. Anything that the database says.
pub fn ingest_kpis(
    context: &Context<'_>,
    input: Input<'_>,
    options: &IngestKpisOptions<'_>,
) -> Result<FileView> {
    let source = &input.open()?;
    let before = look_first(context, options)?;
    let settings = match before.customer_names.as_slice() {
        [] => context.config.for_customer(context.customer),
        names => context.config.for_customer_known_as(names),
    };
    let rules = Rules::new(settings, &before.imported)?;
    if let Some(account) = options.account.filter(|_| before.account.is_none() && options.no_create) {
        return Err(Error::new(ErrorKind::UnknownAccount, format!("no account '{account}'"))
            .with_hint("leave out --no-create to make it"));
    }
    // A known file of which the rejects are asked for has to be read again.
    if before.may_know_file(options)
        && options.rejects.is_none()
        && let Some(answer) = recognition::early(context, source, options, &rules, &before)?
    {
        return Ok(answer);
    }
    let today = context.clock.now().date_in(rules.zone);
    let mut file = read(context, source, options, &rules, &before, today)?;
    crate::ingest::find_duplicates(&mut file.batch, &mut file.rejections);
    context.cancel.check()?;
    let prepared = Prepared { source, options, file, today };
    if !options.skip_bad_rows
        && !prepared.file.rejections.is_empty()
        && !is_known(context, &rules, &before, &prepared)?
    {
        return Err(prepared.refused(context)?);
    }
    write(context, &rules, prepared, &before)
}

/// What the database knows before the file is read.
#[derive(Default)]
struct Before {
    customer_names: Vec<String>,
    imported: Vec<String>,
    account: Option<(AccountId, AccountMention)>,
    customer_is_known: bool,
}

impl Before {
    fn account_id(&self) -> Option<AccountId> {
        self.account.as_ref().map(|(account, _)| *account)
    }

    /// Whether a file may be recognised at all: one of an account that is not there yet is new, whoever else had it.
    fn may_know_file(&self, options: &IngestKpisOptions<'_>) -> bool {
        !options.force && (options.account.is_none() || self.account.is_some())
    }
}

fn look_first(context: &Context<'_>, options: &IngestKpisOptions<'_>) -> Result<Before> {
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
    let mut before = Before {
        customer_names: reader.customer_names(customer)?,
        imported: reader.kpi_definitions(customer)?,
        account: None,
        customer_is_known: true,
    };
    if let Some(text) = options.account
        && let Some(account) = reader.match_account(customer, text)?
        && let Some(record) = reader.load_accounts(customer, &[account])?.into_iter().next()
    {
        let mention = AccountMention { name: Some(record.head.name), external_id: record.head.external_id };
        before.account = Some((account, mention));
    }
    Ok(before)
}

fn read(
    context: &Context<'_>,
    source: &Source,
    options: &IngestKpisOptions<'_>,
    rules: &Rules<'_>,
    before: &Before,
    today: NaiveDate,
) -> Result<KpiFile> {
    let given = match (&before.account, options.account) {
        (Some((_, mention)), _) => Some(mention.clone()),
        (None, Some(text)) => Some(accounts::mention_of(text)?),
        (None, None) => None,
    };
    let mut aliases = Vec::new();
    for (field, headers) in rules.settings.column_aliases(crate::config::FileKind::Kpis) {
        let Some(field) = KpiField::parse(&field) else {
            return Err(Error::new(ErrorKind::Usage, format!("[aliases.kpis]: no field '{field}'"))
                .with_hint("the template that `acctsnap config init` writes names the fields"));
        };
        aliases.extend(headers.into_iter().map(|header| (field, header.value)));
    }
    let observer = context.observer;
    observer.started(&format!("reading {}", source.name()), Some(source.size()));
    let mut done = 0;
    let file = read_kpis(
        source,
        KpiReadOptions {
            dictionary: &rules.dictionary,
            values: &rules.values(),
            given_account: given.as_ref(),
            period: options.period,
            today,
            column_aliases: &aliases,
            on_progress: &mut |bytes| {
                observer.advanced(bytes.saturating_sub(done));
                done = bytes;
            },
        },
    );
    observer.finished();
    file
}

fn write(
    context: &Context<'_>,
    rules: &Rules<'_>,
    mut prepared: Prepared<'_>,
    before: &Before,
) -> Result<FileView> {
    let (mut store, database_is_new) = context.open_or_create()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::NamedOrNew(context.customer), "ingest kpis")?;
    if transaction.reader().kpi_definitions(transaction.customer())? != before.imported {
        return Err(Error::new(ErrorKind::Busy, "KPI definitions changed while the file was read")
            .with_hint("run the same command again"));
    }
    let reading = recognition::reading(rules, before.account_id(), prepared.options);
    if before.may_know_file(prepared.options)
        && let Some(known) = transaction.find_upload(UploadKind::Kpis, &prepared.file.sha256, &reading)?
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
    let resolved = accounts::resolve(&mut transaction, &mut prepared, before)?;
    if !prepared.options.skip_bad_rows && !prepared.file.rejections.is_empty() {
        return Err(prepared.refused(context)?);
    }
    let mut series = transaction.load_series()?;
    let ids = facts::series_of(&mut transaction, &mut series, &prepared.file.batch, &rules.dictionary)?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let upload = transaction.next_upload()?;
    context.cancel.check()?;
    let facts = store_facts(&mut transaction, &snapshot_rules, &prepared, &resolved, &ids, upload)?;
    let given = prepared.options.account.and_then(|_| resolved.accounts.first().copied().flatten());
    let reading = recognition::reading(rules, given, prepared.options);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    record_upload(&mut transaction, &prepared, &reading, upload, &facts, &resolved)?;
    let portfolio = portfolio::compare(&transaction, &facts, prepared.options.account.is_some())?;
    let Facts { changed, summaries, .. } = &facts;
    let drafts = drafts(&transaction, rules, prepared.options, changed, upload);
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(&snapshot_rules, summaries.clone()));
    let deferral = if prepared.options.defer { Deferral::ToFlush } else { Deferral::Now };
    let published = dispatcher.publish(&mut transaction, drafts, deferral)?;
    let flushed = match prepared.options.defer {
        true => FlushOutcome::default(),
        false => flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?,
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
    let view = outcome::view(context, &prepared, &done);
    let fates = outcome::fates(&transaction, &done);
    let notes = outcome::notes(context, &transaction, &prepared, &done);
    let now = transaction.now();
    context.conclude(transaction)?;
    prepared.keep(context, rejects)?;
    notes.iter().for_each(|note| context.tell(note.0, &note.1));
    told::tell(context, &fates, now, rules.zone);
    Ok(view)
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

fn record_upload(
    transaction: &mut WriteTransaction<'_>,
    prepared: &Prepared<'_>,
    reading: &str,
    upload: UploadId,
    facts: &Facts,
    resolved: &accounts::Resolved,
) -> Result<()> {
    let rejected = prepared.file.rejections.len();
    let counts = UploadCounts {
        read: prepared.file.records_read,
        inserted: facts.counts.inserted,
        updated: facts.counts.updated,
        unchanged: facts.counts.unchanged,
        rejected,
        accounts_touched: facts.touched.len() as u64,
        accounts_created: resolved.created,
    };
    transaction.insert_upload(
        upload,
        &NewUpload {
            kind: UploadKind::Kpis,
            file_name: prepared.source.file_name(),
            sha256: prepared.file.sha256,
            bytes: prepared.source.size(),
            reading,
            ingested_on: prepared.today,
            counts,
        },
    )
}

/// An event for each account whose facts changed, unless events are switched off.
fn drafts(
    transaction: &WriteTransaction<'_>,
    rules: &Rules<'_>,
    options: &IngestKpisOptions<'_>,
    changed: &[AccountId],
    upload: UploadId,
) -> Vec<crate::events::EventDraft> {
    let event_type = EventType::KpiDataUploaded;
    let wanted = rules.settings.events_enabled().value
        && rules.settings.event_types().value.contains(&event_type)
        && !options.no_events;
    let customer = transaction.customer();
    let accounts = changed.iter().filter(|_| wanted);
    accounts
        .map(|account| crate::events::EventDraft {
            customer,
            account: *account,
            event_type,
            action: None,
            upload: Some(upload),
        })
        .collect()
}

/// A message and how much it matters.
type Note = (Level, Message);
