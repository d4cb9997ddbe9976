//! Where the rows of an export come from: handed over in batches of accounts or of ids, in a total order.

use super::Export;
use crate::error::Result;
use crate::model::ids::{AccountId, EventId};
use crate::model::kpi::series::SeriesSet;
use crate::ops::answer::Answerer;
use crate::report::export::{EventRow, KpiRow};
use crate::report::snapshot::SnapshotView;
use crate::store::{EventRecord, SaidRecord};

/// So many accounts' histories are looked up at once.
const ACCOUNTS: usize = 64;
/// So many snapshots are put together at once.
const SNAPSHOTS: usize = 2_000;
/// So many rows of other kinds.
const LINES: u32 = 8_192;

/// Takes a batch of rows.
type Take<'t, R> = &'t mut dyn FnMut(Vec<R>) -> Result<()>;

/// Every snapshot, by account, then by id.
pub(super) fn snapshots(export: &Export<'_>, take: Take<'_, SnapshotView>) -> Result<()> {
    let (context, reader, customer) = (export.context, export.reader, export.customer);
    let zone = context.zone_of(reader, customer)?;
    let mut answerer = Answerer::new(reader, customer, context.clock.now(), zone)?;
    by_accounts(export, "exporting snapshots", |accounts| {
        for chunk in reader.snapshots_of(customer, accounts)?.chunks(SNAPSHOTS) {
            let mut views = answerer.answer(chunk)?;
            views.sort_by_key(|view| (view.account_id, view.snapshot_id));
            take(views)?;
        }
        Ok(())
    })
}

/// All that was ever said of KPIs, by account, in upload order.
pub(super) fn kpis(export: &Export<'_>, take: Take<'_, KpiRow>) -> Result<()> {
    let series = export.reader.series(export.customer)?;
    let customer = export.reader.customer_name(export.customer)?;
    let lines = LINES as usize;
    let mut batch = Vec::with_capacity(lines);
    by_accounts(export, "exporting KPI values", |accounts| {
        export.reader.for_each_said(export.customer, accounts, |said| {
            batch.extend(kpi_rows(&said, &series, &customer));
            if batch.len() >= lines {
                take(std::mem::replace(&mut batch, Vec::with_capacity(lines)))?;
            }
            Ok(())
        })
    })?;
    take(batch)
}

/// Every event, by id.
pub(super) fn events(export: &Export<'_>, take: Take<'_, EventRow>) -> Result<()> {
    let customer = export.reader.customer_name(export.customer)?;
    export.context.observer.started("exporting events", None);
    let mut after = EventId::default();
    loop {
        let batch = export.reader.events_after(export.customer, after, LINES)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        take(batch.into_iter().map(|event| event_row(event, &customer)).collect())?;
    }
}

fn by_accounts(
    export: &Export<'_>,
    what: &str,
    mut each: impl FnMut(&[AccountId]) -> Result<()>,
) -> Result<()> {
    let accounts = export.reader.account_ids(export.customer)?;
    let amount = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    export.context.observer.started_pieces(what, amount(accounts.len()));
    for batch in accounts.chunks(ACCOUNTS) {
        each(batch)?;
        export.context.observer.advanced(amount(batch.len()));
    }
    Ok(())
}

fn kpi_rows(said: &SaidRecord, series: &SeriesSet, customer: &str) -> Vec<KpiRow> {
    let rows = said.changed.iter().filter_map(|(id, value)| {
        let series = series.get(*id)?;
        Some(KpiRow {
            customer: customer.to_owned(),
            account_id: said.account,
            external_account_id: said.external_account_id.clone(),
            account_name: said.account_name.clone(),
            kpi: series.kpi.clone(),
            product: series.product.clone(),
            value: *value,
            unit: series.unit,
            category: series.category,
            observed_at: said.observed_on,
            ingested_at: said.ingested_at,
            upload_id: said.upload,
        })
    });
    rows.collect()
}

fn event_row(event: EventRecord, customer: &str) -> EventRow {
    EventRow {
        customer: customer.to_owned(),
        account_id: event.account,
        external_account_id: event.external_account_id,
        account_name: event.account_name,
        event_id: event.id,
        event_type: event.event_type,
        trigger_action: event.action,
        occurred_at: event.occurred_at,
        upload_id: event.upload,
        first_outcome: event.first_outcome,
        outcome: event.outcome,
        decided_at: event.decided_at,
        snapshot_id: event.snapshot,
        due_at: event.due_at,
        error: event.error,
    }
}
