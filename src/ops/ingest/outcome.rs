//! What an ingest did, as the answer and as what is told after the commit.

use std::collections::HashSet;

use super::identity_told::identity_notes;
use super::write::Done;
use super::{Note, Prepared, refusal, tables};
use crate::model::decision::Outcome;
use crate::model::ids::AccountId;
use crate::model::kpi::advice::shell_word;
use crate::model::upload::UploadKind;
use crate::ops::Context;
use crate::ops::observer::{Level, Message};
use crate::ops::rescore;
use crate::ops::told::{self, AccountFate};
use crate::report::ingest::{Accounts, BandCrossing, Events, FileStatus, FileView, Rows, Snapshots};
use crate::report::text::count;
use crate::store::WriteTransaction;

/// The answer.
pub(super) fn view<B>(
    context: &Context<'_>,
    kind: UploadKind,
    prepared: &Prepared<'_, B>,
    done: &Done,
) -> FileView {
    let file = &prepared.file;
    let counts = done.facts.counts;
    let crossings = done.portfolio.crossings.iter().map(|(name, crossing)| BandCrossing {
        account_id: crossing.account,
        account_name: name.clone(),
        from: crossing.from,
        to: crossing.to,
        score_before: crossing.score_before,
        score_after: crossing.score_after,
    });
    let mut notes: Vec<String> = file.notes.iter().map(|note| note.message.clone()).collect();
    notes.extend(done.facts.notes.iter().cloned());
    let is_undoable = !context.dry_run && counts.inserted + counts.updated > 0;
    FileView {
        file: prepared.source.file_name().to_owned(),
        kind,
        sha256: crate::model::canonical::hex(&file.sha256),
        upload_id: (!context.dry_run).then_some(done.upload),
        status: if context.dry_run { FileStatus::DryRun } else { FileStatus::Ingested },
        rows: Rows {
            read: file.records_read,
            inserted: counts.inserted,
            updated: counts.updated,
            unchanged: counts.unchanged,
            rejected: file.rejections.len(),
        },
        accounts: Accounts {
            touched: done.facts.touched.len() as u64,
            created: done.resolved.created,
            absent: done.portfolio.absent,
            absent_names: done.portfolio.absent_names.clone(),
        },
        events: Events { published: done.published.events.len() as u64 },
        snapshots: snapshots(done),
        superseded: 0,
        bands_crossed: crossings.collect(),
        rejected: refusal::details(&file.rejections),
        first_ingested_at: None,
        blanks: done.facts.blanks,
        blanks_oldest: done.facts.oldest_kept,
        to_history: done.facts.to_history,
        restatements: done.restated.clone(),
        notes,
        tables: if context.dry_run { tables::views(&file.tables) } else { Vec::new() },
        rejected_by_cause: refusal::by_cause(&file.rejections),
        undo: is_undoable
            .then(|| context.command_line(context.customer, &format!("uploads undo {}", done.upload))),
    }
}

fn snapshots(done: &Done) -> Snapshots {
    // Several events of an account are decided together: accounts are counted, not events.
    let decided = |outcomes: &[Outcome]| {
        let pairs = done.published.events.iter().zip(&done.published.decisions);
        let accounts: HashSet<AccountId> = pairs
            .filter(|(_, decision)| outcomes.contains(&decision.outcome))
            .map(|(event, _)| event.draft.account)
            .collect();
        accounts.len() as u64
    };
    let due = done.published.decisions.iter().filter_map(|decision| decision.due_at).min();
    Snapshots {
        created: decided(&[Outcome::Created]),
        skipped: decided(&[Outcome::Skipped]),
        pending: decided(&[Outcome::Skipped, Outcome::Deferred, Outcome::Failed]),
        pending_due_at: due,
        denied: decided(&[Outcome::Denied]),
        failed: decided(&[Outcome::Failed]) + done.flushed.failed(),
        deferred: decided(&[Outcome::Deferred]),
        flushed: done.flushed.created(),
    }
}

/// What became of each account, in the order of its events, then those flushed besides.
pub(super) fn fates(transaction: &WriteTransaction<'_>, done: &Done) -> Vec<AccountFate> {
    let mut fates = told::of_published(transaction, &done.published);
    fates.extend(told::of_flush(transaction, &done.flushed));
    fates
}

/// What else is told after the commit.
pub(super) fn notes<B>(
    context: &Context<'_>,
    transaction: &WriteTransaction<'_>,
    prepared: &Prepared<'_, B>,
    done: &Done,
) -> Vec<Note> {
    let mut notes: Vec<Note> = rescore::note(done.config_change, done.rescored).into_iter().collect();
    let mut add =
        |level: Level, text: String, event: &'static str| notes.push((level, Message::new(text).of(event)));
    if done.database_is_new && !context.dry_run {
        add(Level::Info, format!("made the database {}", context.database.display()), "database_created");
    }
    if transaction.customer_is_new() && !context.dry_run {
        add(Level::Info, format!("made the customer '{}'", transaction.customer_name()), "customer_created");
    }
    identity_notes(&done.resolved.notes, &mut add);
    let archived = |account: &&AccountId| transaction.head(**account).is_some_and(|head| head.archived);
    let archived: Vec<&AccountId> = done.facts.touched.iter().filter(archived).collect();
    if let Some(head) = archived.first().and_then(|account| transaction.head(**account)) {
        let more = match archived.len() {
            1 => String::new(),
            several => format!(" and {} more", several - 1),
        };
        let unarchive =
            context.command_line(context.customer, &format!("accounts unarchive {}", shell_word(&head.name)));
        let text = format!("archived, but named in this file: {}{more}; back with: {unarchive}", head.name);
        add(Level::Warning, text, "archived_account_named");
    }
    if done.flushed.left > 0 {
        let text = format!("{} more due, left to: acctsnap flush", count(done.flushed.left, "snapshot"));
        add(Level::Info, text, "flush_left");
    }
    for table in &prepared.file.tables {
        let sheet = table.sheet.as_ref().map(|sheet| format!("sheet {sheet}, ")).unwrap_or_default();
        for aside in &table.set_aside {
            let text = format!("{sheet}line {}: {} set aside: {}", aside.line, aside.kind, aside.text);
            add(Level::Detail, text, "set_aside");
        }
    }
    if prepared.options.rejects.is_none() && !prepared.file.rejections.is_empty() {
        let text = "the rows set aside are not kept; --rejects FILE writes them to a file".to_owned();
        add(Level::Warning, text, "rejects_not_kept");
    }
    notes
}
