//! Everything that a briefing may hold, before the bound: the state, what changed lately, playbooks, notes, events.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::BriefingOptions;
use super::masker::Masker;
use super::take::TakenNow;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::answer::Answerer;
use crate::ops::compare::{CompareOptions, Place, Point, compare_points};
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::briefing::{
    BriefingView, ChangesView, EventView, FieldMove, KpiMove, NOTICE, NoteView, ReportView, SCHEMA,
    ScoreMove, SourceView,
};
use crate::report::compare::CompareView;
use crate::report::snapshot::SnapshotView;
use crate::store::{EventFilter, Reader, SnapshotFilter};

/// "Lately", in milliseconds: the last 30 days.
const LATELY: i64 = 30 * 86_400_000;
/// How many events and reports are looked at.
const MOST_EVENTS: u32 = 10;
const MOST_REPORTS: usize = 10;

/// The fields of a snapshot that say most, those that matter most first; attributes follow.
const STATE: [&str; 34] = [
    "overall_health_score",
    "overall_health_status",
    "health_score_trend",
    "health_score_change_30d",
    "revenue",
    "currency",
    "account_status",
    "days_to_renewal",
    "renewal_date",
    "critical_kpis_count",
    "at_risk_kpis_count",
    "healthy_kpis_count",
    "playbooks_running",
    "account_tier",
    "assigned_csm",
    "product_usage_score",
    "support_score",
    "customer_sentiment_score",
    "business_outcomes_score",
    "relationship_strength_score",
    "health_score_source",
    "kpis_age_seconds",
    "lifecycle_stage",
    "onboarding_status",
    "industry",
    "region",
    "products_used",
    "contract_end_date",
    "last_qbr_date",
    "next_qbr_date",
    "engagement_score",
    "primary_champion",
    "champion_status",
    "executive_sponsor",
];

/// Fields whose change the score, the notes, the reports and the playbooks that run tell in better words, as lists tell
/// that of their counts.
const TOLD_ELSEWHERE: [&str; 6] = [
    "overall_health_score",
    "total_kpis",
    "playbooks_completed_last_30_days",
    "last_playbook_executed",
    "recent_playbook_report_ids",
    "recent_csm_note_ids",
];

/// What is asked, of whom, by which rules.
pub(super) struct Asked<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) customer: CustomerId,
    pub(super) rules: &'a Rules<'a>,
    pub(super) context: &'a Context<'a>,
    pub(super) options: BriefingOptions,
}

/// Everything about an account.
pub(super) fn gather(asked: &Asked<'_>, account: AccountId, taken: &TakenNow) -> Result<BriefingView> {
    let mut masker = Masker::new(asked.options.with_contacts);
    let now = asked.context.clock.now();
    let (view, source) = state(asked, account, taken, now)?;
    let changes = changes(asked, account, &source, now, &mut masker)?;
    let notes = match asked.options.no_notes {
        true => Vec::new(),
        false => notes(asked, account, &mut masker)?,
    };
    let recommended = view.playbook_recommendations_active.clone().unwrap_or_default();
    let briefing = BriefingView {
        schema: SCHEMA,
        notice: NOTICE,
        customer: masker.value_text(&view.customer),
        account_id: account,
        account_name: masker.value_text(&view.account_name),
        external_account_id: view.external_account_id.as_ref().map(|id| masker.id(id)),
        as_of: now,
        source,
        state: known_fields(&view, &mut masker)?,
        worst_kpis: view.top_critical_kpis.iter().map(|kpi| masker.kpi(kpi)).collect(),
        changes,
        recommended_playbooks: recommended.iter().map(|name| masker.id(name)).collect(),
        reports: reports(asked, account, &mut masker)?,
        notes,
        events: events(asked, account)?,
        left_out: BTreeMap::new(),
        contacts_masked: 0,
        max_tokens: 0,
        estimated_tokens: 0,
    };
    Ok(BriefingView { contacts_masked: masker.masked, ..briefing })
}

/// The newest snapshot; the live state where there is none, or where one that lacks a change could not be renewed.
fn state(
    asked: &Asked<'_>,
    account: AccountId,
    taken: &TakenNow,
    now: Timestamp,
) -> Result<(SnapshotView, SourceView)> {
    let records = asked.reader.load_accounts(asked.customer, &[account])?;
    let newest: Vec<SnapshotId> = records.iter().filter_map(|record| record.snapshot).collect();
    let stored = Answerer::new(asked.reader, asked.customer, now, asked.rules.zone)?.answer(&newest)?.pop();
    match stored.filter(|view| view.dirty_since.is_none() || taken.remark.is_none()) {
        Some(view) => {
            let source = SourceView {
                snapshot_id: Some(view.snapshot_id),
                taken_at: view.snapshot_timestamp,
                snapshot_type: Some(view.snapshot_type.clone()),
                age_seconds: view.age_seconds,
                dirty_since: view.dirty_since,
                taken_now: taken.snapshots.get(&account) == Some(&view.snapshot_id),
                remark: None,
            };
            Ok((view, source))
        }
        None => {
            let view = live_views(asked.reader, asked.customer, asked.rules, &[account], now)?.pop();
            let gone = || Error::new(ErrorKind::Damaged, format!("account {account} has no head"));
            let source = SourceView {
                snapshot_id: None,
                taken_at: now,
                snapshot_type: None,
                age_seconds: 0,
                dirty_since: None,
                taken_now: false,
                remark: taken.remark.clone(),
            };
            Ok((view.ok_or_else(gone)?, source))
        }
    }
}

/// The fields that are known, then the attributes.
fn known_fields(view: &SnapshotView, masker: &mut Masker) -> Result<Map<String, Value>> {
    let whole = serde_json::to_value(view)
        .map_err(|error| Error::new(ErrorKind::Failed, "the snapshot has no JSON").with_cause(error))?;
    let is_known =
        |value: &&Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    let mut fields: Map<String, Value> = STATE
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), whole.get(name).filter(is_known)?)))
        .map(|(name, value)| (name, masker.value(value)))
        .collect();
    for (name, value) in masker.object(&view.attributes) {
        fields.insert(format!("attributes.{name}"), value);
    }
    Ok(fields)
}

/// What changed since the snapshot that was in force 30 days ago, or since the first one after that.
fn changes(
    asked: &Asked<'_>,
    account: AccountId,
    source: &SourceView,
    now: Timestamp,
    masker: &mut Masker,
) -> Result<Option<ChangesView>> {
    let lately = now.plus_millis(-LATELY);
    let list = |filter| asked.reader.list_snapshots(asked.customer, filter);
    let of_account = SnapshotFilter { account: Some(account), standing: true, ..SnapshotFilter::default() };
    let before = list(SnapshotFilter { until: Some(lately), limit: 1, ..of_account })?.pop();
    let first = match before {
        Some(before) => Some(before),
        None => list(SnapshotFilter { since: Some(lately), ..of_account })?.pop(),
    };
    let Some(first) = first.filter(|first| Some(first.id) != source.snapshot_id) else { return Ok(None) };
    let point = |place| Point { asked: String::new(), place };
    let to = source.snapshot_id.map_or(Place::Now, Place::Snapshot);
    let (from, to) = (point(Place::Snapshot(first.id)), point(to));
    let view = compare_points(
        asked.reader,
        asked.customer,
        asked.rules,
        account,
        (&from, &to),
        now,
        &CompareOptions::default(),
    )?;
    Ok(Some(shortened(view, first.id, masker)))
}

fn shortened(view: CompareView, from: SnapshotId, masker: &mut Masker) -> ChangesView {
    let score = view.score.map(|split| ScoreMove {
        old: split.old,
        new: split.new,
        causes: split
            .causes
            .into_iter()
            .filter(|sum| sum.points.hundredths() != 0)
            .map(|sum| (sum.cause, sum.points))
            .collect(),
    });
    let kpis = view.kpis.into_iter().map(|kpi| KpiMove {
        kpi_name: masker.value_text(&kpi.kpi_name),
        product: kpi.product.as_deref().map(|product| masker.value_text(product)),
        old: kpi.old_value,
        new: kpi.new_value,
        old_status: kpi.old_status,
        new_status: kpi.new_status,
        points: kpi.points,
    });
    let mut kpis: Vec<KpiMove> = kpis.collect();
    // The sort is stable: among those that crossed a band, and among the others, points decide.
    kpis.sort_by_key(|kpi| kpi.old_status == kpi.new_status);
    let is_told = |field: &str| TOLD_ELSEWHERE.contains(&field) || field.ends_with("_count");
    let fields = view.fields.into_iter().filter(|field| !is_told(&field.field)).map(|field| FieldMove {
        old: masker.member(&field.field, &field.old),
        new: masker.member(&field.field, &field.new),
        field: masker.value_text(&field.field),
    });
    ChangesView { since: view.from.taken_at, from_snapshot_id: from, score, kpis, fields: fields.collect() }
}

fn reports(asked: &Asked<'_>, account: AccountId, masker: &mut Masker) -> Result<Vec<ReportView>> {
    let mut runs = asked.reader.list_playbook_runs(asked.customer, account)?;
    runs.retain(|record| record.version.run.report.is_some());
    runs.sort_by_key(|record| {
        let run = &record.version.run;
        std::cmp::Reverse(run.completed_at.or(run.started_at))
    });
    let view = |record: crate::store::RunRecord| ReportView {
        playbook_id: record.version.run.playbook_id.as_deref().map(|id| masker.id(id)),
        completed_at: record.version.run.completed_at,
        report: record.version.run.report.as_ref().map(|report| masker.report(report)).unwrap_or_default(),
    };
    Ok(runs.into_iter().take(MOST_REPORTS).map(view).collect())
}

fn notes(asked: &Asked<'_>, account: AccountId, masker: &mut Masker) -> Result<Vec<NoteView>> {
    let notes = asked.reader.list_notes(asked.customer, account)?.into_iter();
    let view = |record: crate::store::NoteRecord| {
        let note = record.version.note;
        NoteView {
            note_id: masker.id(&note.note_id),
            written_at: note.written_at,
            note_type: note.note_type.as_deref().map(|text| masker.value_text(text)),
            title: note.title.as_deref().map(|text| masker.value_text(text)),
            author: note.author.as_deref().map(|text| masker.value_text(text)),
            content: note.content.as_deref().map(|text| masker.long_text(text)),
        }
    };
    Ok(notes.map(view).collect())
}

fn events(asked: &Asked<'_>, account: AccountId) -> Result<Vec<EventView>> {
    let filter = EventFilter { account: Some(account), outcomes: &[], limit: Some(MOST_EVENTS) };
    let events = asked.reader.list_events(asked.customer, filter)?.into_iter();
    let view = |event: crate::store::EventRecord| EventView {
        event_type: event.action.clone().unwrap_or_else(|| event.event_type.code().to_owned()),
        occurred_at: event.occurred_at,
        outcome: event.outcome.code().to_owned(),
    };
    Ok(events.map(view).collect())
}
