//! The one transaction of a file: facts, events, decisions and snapshots.

use super::before::Before;
use super::facts::{Facts, LateRejection};
use super::kind::{Batch, Kind, Storing};
use super::same_reading::ReadingOfToday;
use super::{IngestOptions, Prepared, accounts, outcome, portfolio, recognition, rejects};
use crate::error::{Error, ErrorKind, Result};
use crate::events::{
    Deferral, Dispatcher, EventDraft, FlushOutcome, FlushScope, Published, SnapshotSubscriber, flush,
};
use crate::ingest::Note;
use crate::model::ids::{AccountId, ScoringConfigId, UploadId};
use crate::model::kpi::series::SeriesSet;
use crate::model::upload::{Upload, UploadCounts, UploadKind};
use crate::ops::Context;
use crate::ops::observer::{Level, Message};
use crate::ops::output_file::OutputFile;
use crate::ops::rescore::rescore_if_changed;
use crate::ops::restatements;
use crate::ops::rules::Rules;
use crate::ops::told;
use crate::report::ingest::FileView;
use crate::report::restatements::Restatements;
use crate::store::{ConfigChange, NewUpload, Store, WhichCustomer, WriteTransaction};

pub(super) fn write<K: Kind>(
    context: &Context<'_>,
    rules: &Rules<'_>,
    mut prepared: Prepared<'_, K::Batch>,
    before: &Before,
) -> Result<FileView> {
    let (mut store, database_is_new) = open::<K>(context)?;
    let mut transaction = context.begin(&mut store, which::<K>(context), K::COMMAND)?;
    prepared.today = transaction.day_of_ingest(transaction.now().date_in(rules.zone))?;
    if transaction.reader().kpi_definitions(transaction.customer())? != before.imported {
        return Err(Error::new(ErrorKind::Busy, "KPI definitions changed while the file was read")
            .with_hint("run the same command again"));
    }
    let reading = reading_of::<K>(rules, before.account_id(), &prepared)?;
    if before.may_know_file(prepared.options)
        && let Some(known) = recognition::find(&transaction, K::KIND, &prepared.file.sha256, &reading)?
    {
        // What is set aside beside what is known is found out once more, and nothing of that is kept.
        judge::<K>(context, transaction, rules, &mut prepared, before)?;
        let rejects = rejects_again(context, &prepared, &known)?;
        let transaction = context.begin(&mut store, which::<K>(context), K::COMMAND)?;
        let view =
            recognition::seen_again(context, transaction, rules, prepared.source, prepared.options, &known)?;
        prepared.keep(context, rejects)?;
        return Ok(view);
    }
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let resolved = accounts::resolve::<K>(context, &mut transaction, &mut prepared, before)?;
    merge_duplicates(&mut prepared);
    if !K::JUDGES_ROWS {
        refuse_bad_rows(context, &prepared)?;
    }
    let mut series = transaction.load_series()?;
    let at = (upload_of(context, &mut transaction)?, config);
    let mut facts =
        store_rows::<K>(&mut transaction, rules, &mut prepared, &resolved.accounts, &mut series, at)?;
    let (upload, snapshots) = (at.0, rules.for_snapshots(&series, config));
    refuse_bad_rows(context, &prepared)?;
    let given = prepared.options.account.and_then(|_| resolved.accounts.first().copied().flatten());
    let reading = reading_of::<K>(rules, given, &prepared)?.to_store(K::kpis(&prepared.file.batch));
    let rescored = rescore_if_changed(context, &mut transaction, &snapshots, config_change)?;
    record_upload(&mut transaction, K::KIND, &prepared, &reading, upload, &facts, &resolved)?;
    let restated = restatements::of_ingest(&transaction, upload, &mut facts.restated)?;
    let is_whole = K::MAKES_ACCOUNTS && prepared.options.account.is_none();
    let portfolio = portfolio::compare(&transaction, &facts, is_whole)?;
    let drafts = drafts(&transaction, rules, prepared.options, &facts, upload);
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(&snapshots, std::mem::take(&mut facts.summaries)));
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
        restated,
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

/// The upload that the file becomes, unless the caller has had enough.
fn upload_of(context: &Context<'_>, transaction: &mut WriteTransaction<'_>) -> Result<UploadId> {
    let upload = transaction.next_upload()?;
    context.cancel.check()?;
    Ok(upload)
}

/// Takes the rows into what is known; those that turn out not to fit it are set aside.
fn store_rows<K: Kind>(
    transaction: &mut WriteTransaction<'_>,
    rules: &Rules<'_>,
    prepared: &mut Prepared<'_, K::Batch>,
    accounts: &[Option<AccountId>],
    series: &mut SeriesSet,
    (upload, config): (UploadId, ScoringConfigId),
) -> Result<Facts> {
    let plan = K::plan(transaction, prepared, rules, series)?;
    let snapshots = rules.for_snapshots(series, config);
    let storing = Storing { prepared, rules, snapshots: &snapshots, accounts, upload };
    let mut facts = K::store(transaction, &storing, plan)?;
    prepared.file.batch.release_rows();
    add_late(prepared, std::mem::take(&mut facts.rejected));
    Ok(facts)
}

/// Sets the rows of a known file aside that what is known does not go with. The transaction ends with it, and leaves
/// nothing.
fn judge<K: Kind>(
    context: &Context<'_>,
    mut transaction: WriteTransaction<'_>,
    rules: &Rules<'_>,
    prepared: &mut Prepared<'_, K::Batch>,
    before: &Before,
) -> Result<()> {
    if prepared.options.rejects.is_none() {
        return Ok(());
    }
    let (config, _) = transaction.use_scoring_config(&rules.scoring)?;
    let resolved = accounts::resolve::<K>(context, &mut transaction, prepared, before)?;
    merge_duplicates(prepared);
    if K::JUDGES_ROWS {
        let mut series = transaction.load_series()?;
        let at = (upload_of(context, &mut transaction)?, config);
        store_rows::<K>(&mut transaction, rules, prepared, &resolved.accounts, &mut series, at)?;
    }
    Ok(())
}

/// The rejects of a known file, where they are what they were when it was read; else that is said.
fn rejects_again<B>(
    context: &Context<'_>,
    prepared: &Prepared<'_, B>,
    known: &Upload,
) -> Result<Option<OutputFile>> {
    let Some(path) = prepared.options.rejects else { return Ok(None) };
    let (then, today) = (known.counts.rejected, prepared.file.rejections.len());
    if then == today {
        return rejects::write(prepared);
    }
    let file = prepared.source.file_name();
    let text = format!(
        "{} was not written: when {file} was read, {} set aside, and today it would be {today}; --force reads the \
         file anew",
        path.display(),
        match then {
            1 => "1 row was".to_owned(),
            rows => format!("{rows} rows were"),
        },
    );
    context.tell(Level::Warning, &Message::new(text).of("rejects_not_written").about_upload(known.id));
    Ok(None)
}

/// Makes one of rows that speak of the same, where the caller said how, and tells of it.
fn merge_duplicates<B: Batch>(prepared: &mut Prepared<'_, B>) {
    let policy = prepared.options.duplicates;
    let merged = prepared.file.batch.merge_duplicates(policy);
    if let Some(message) = policy.told(merged) {
        prepared.file.notes.push(Note { code: "duplicates_merged", message });
    }
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

/// Sets the rows aside that turned out not to fit what is known.
fn add_late<B>(prepared: &mut Prepared<'_, B>, late: Vec<LateRejection>) {
    for LateRejection { line, problem, value } in late {
        prepared.file.rejections.add(line, problem, value.as_deref());
    }
    prepared.file.rejections.sort_by_line();
}

/// Refuses the file where rows cannot be taken and nobody said to set them aside.
fn refuse_bad_rows<B>(context: &Context<'_>, prepared: &Prepared<'_, B>) -> Result<()> {
    if prepared.options.skip_bad_rows || prepared.file.rejections.is_empty() {
        return Ok(());
    }
    Err(prepared.refused(context)?)
}

/// What a transaction did, on its way to the answer.
pub(super) struct Done {
    pub(super) database_is_new: bool,
    pub(super) config_change: ConfigChange,
    pub(super) rescored: u64,
    pub(super) upload: UploadId,
    pub(super) facts: Facts,
    pub(super) resolved: accounts::Resolved,
    pub(super) published: Published,
    pub(super) flushed: FlushOutcome,
    pub(super) portfolio: portfolio::Portfolio,
    pub(super) restated: Restatements,
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

/// How the file was read, with `account` where one was given.
fn reading_of<'r, 'c, K: Kind>(
    rules: &'r Rules<'c>,
    account: Option<AccountId>,
    prepared: &Prepared<'_, K::Batch>,
) -> Result<ReadingOfToday<'r, 'c>> {
    recognition::reading(K::KIND, rules, account, prepared.options, prepared.source)
}
