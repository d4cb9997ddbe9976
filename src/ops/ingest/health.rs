//! Health files: an account's scores of a month, taken into what is known of that month.

use std::collections::BTreeMap;

use super::facts::{Crossing, Facts, News};
use super::kind::{Kind, Reading, Storing, by_account};
use super::read_rows;
use crate::error::Result;
use crate::events::load_ingested_health;
use crate::ingest::{KindFile, read_health};
use crate::model::event::EventType;
use crate::model::health::month::{HealthBatch, HealthRow, Month};
use crate::model::health::scorer::KpiSummary;
use crate::model::ids::AccountId;
use crate::model::snapshot::content::{AccountParts, ScoreSource};
use crate::model::upload::UploadKind;
use crate::store::{HealthVersion, NewHealth, WriteTransaction};

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// Health files.
pub(super) struct Health;

impl Kind for Health {
    const KIND: UploadKind = UploadKind::Health;
    const COMMAND: &'static str = "ingest health";
    const MAKES_ACCOUNTS: bool = false;
    const JUDGES_ROWS: bool = false;
    type Batch = HealthBatch;
    type Plan = ();

    fn read(reading: Reading<'_, '_>) -> Result<KindFile<HealthBatch>> {
        read_rows(Self::KIND, reading, read_health)
    }

    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, HealthBatch>,
        (): &(),
    ) -> Result<Facts> {
        let mut facts = Facts::default();
        let grouped = by_account(storing, &storing.batch().rows, |row| row.account);
        for chunk in grouped.chunks(CHUNK) {
            store_chunk(transaction, storing, chunk, &mut facts)?;
        }
        Ok(facts)
    }
}

fn store_chunk(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, HealthBatch>,
    chunk: &[(AccountId, Vec<&HealthRow>)],
    facts: &mut Facts,
) -> Result<()> {
    let accounts: Vec<AccountId> = chunk.iter().map(|(account, _)| *account).collect();
    let mut known = transaction.load_health_months(&accounts, ScoreSource::Ingested)?;
    let before = load_ingested_health(transaction, &accounts)?;
    let mut changed = Vec::new();
    for (account, rows) in chunk {
        facts.touched.push(*account);
        let mut months = known.remove(account).unwrap_or_default();
        if store_account(transaction, storing, *account, rows, &mut months, facts)? {
            changed.push(*account);
        }
    }
    let news = |account: &AccountId| News {
        account: *account,
        event_type: EventType::HealthScoresUpdated,
        action: None,
    };
    facts.news.extend(changed.iter().map(news));
    let after = load_ingested_health(transaction, &changed)?;
    let states = transaction.load_kpi_states(&changed)?;
    for account in changed {
        let scorer = &storing.snapshots.scorer;
        let summary = states.get(&account).map_or_else(KpiSummary::default, |state| scorer.score(state).1);
        let mut parts = AccountParts {
            health: before.get(&account).copied(),
            values_changed: transaction.head(account).and_then(|head| head.kpi_values_change),
            ..AccountParts::default()
        };
        let was = parts.live_health(&summary, scorer.config());
        parts.health = after.get(&account).copied();
        let is = parts.live_health(&summary, scorer.config());
        // An account whose first score this is crosses nothing.
        let crossing = Crossing::between(account, &was, &is).filter(|_| was.source.is_some());
        facts.crossings.extend(crossing);
        facts.summaries.insert(account, summary);
    }
    Ok(())
}

/// Stores an account's rows, older days first; says whether anything changed.
fn store_account(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, HealthBatch>,
    account: AccountId,
    rows: &[&HealthRow],
    months: &mut BTreeMap<Month, HealthVersion>,
    facts: &mut Facts,
) -> Result<bool> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.month, row.observed_on));
    let mut confirmed = Vec::new();
    let mut any = false;
    for row in rows {
        facts.blanks += u64::from(row.blanks);
        let known = months.get(&row.month).copied();
        let scores = known.map(|known| known.scores).unwrap_or_default().after(&row.scores);
        let is_late = known.and_then(|known| known.observed_on).zip(row.observed_on);
        let is_late = is_late.is_some_and(|(known, said)| said < known);
        let is_same = known.is_some_and(|known| known.scores == scores && !is_late);
        if row.scores.is_empty() || is_same {
            facts.counts.unchanged += 1;
            confirmed.extend(known.filter(|_| is_same && !row.scores.is_empty()).map(|known| known.id.get()));
            continue;
        }
        // A row of an earlier day of the month is history: it stands alone, and what is known stays.
        let scores = if is_late { row.scores } else { scores };
        let id = transaction.append_health(
            account,
            Some(storing.upload),
            NewHealth {
                source: ScoreSource::Ingested,
                month: row.month,
                observed_on: row.observed_on,
                said: row.scores,
                scores,
                replaces: known.filter(|_| !is_late).map(|known| known.id),
                is_late,
            },
        )?;
        any = true;
        facts.to_history += u64::from(is_late);
        match known.filter(|_| !is_late) {
            Some(_) => facts.counts.updated += 1,
            None => facts.counts.inserted += 1,
        }
        if !is_late {
            let version = HealthVersion {
                id,
                change: transaction.change(),
                month: row.month,
                observed_on: row.observed_on,
                scores,
                upload: Some(storing.upload),
            };
            months.insert(row.month, version);
        }
    }
    if !confirmed.is_empty() {
        transaction.confirm(account, storing.upload, UploadKind::Health, &confirmed, &[])?;
    }
    Ok(any)
}
