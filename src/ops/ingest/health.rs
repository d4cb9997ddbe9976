//! Health files: an account's scores of a month, taken into what is known of that month.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::{Crossing, Facts, News};
use super::kind::{Kind, Reading, Storing, by_account};
use super::read_rows;
use crate::error::Result;
use crate::events::load_ingested_health;
use crate::ingest::{KindFile, read_health};
use crate::model::event::EventType;
use crate::model::health::month::{HealthBatch, HealthRow, Month, MonthScores};
use crate::model::health::scorer::KpiSummary;
use crate::model::ids::AccountId;
use crate::model::snapshot::content::{AccountParts, ScoreSource};
use crate::model::upload::UploadKind;
use crate::store::{HealthVersion, NewHealth, WriteTransaction, said_bits};

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
        (): (),
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
    let mut months = transaction.load_health_months(&accounts, ScoreSource::Ingested)?;
    let mut days = transaction.load_health_days(&accounts, ScoreSource::Ingested)?;
    let before = load_ingested_health(transaction, &accounts)?;
    let mut changed = Vec::new();
    for (account, rows) in chunk {
        facts.touched.push(*account);
        let mut known = Known {
            months: months.remove(account).unwrap_or_default(),
            days: days.remove(account).unwrap_or_default(),
        };
        if store_account(transaction, storing, *account, rows, &mut known, facts)? {
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
        facts.summaries.insert(account, Box::new(summary));
    }
    Ok(())
}

/// What is known of an account's health: each month's scores, and those of each day that a row gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::ops) struct Known {
    pub(in crate::ops) months: BTreeMap<Month, HealthVersion>,
    pub(in crate::ops) days: BTreeMap<NaiveDate, HealthVersion>,
}

/// What a row means beside what is known.
pub(in crate::ops) struct Judged {
    /// The scores that are known since.
    pub(in crate::ops) scores: MonthScores,
    /// The version that it confirms or takes the place of.
    known: Option<HealthVersion>,
    /// Whether a later day of its month is known: then it is history.
    pub(in crate::ops) is_late: bool,
    pub(in crate::ops) is_same: bool,
}

impl Known {
    /// A row with a day is compared with what is known of that day, another with what is known of its month.
    pub(in crate::ops) fn judge(&self, row: &HealthRow) -> Judged {
        let of_month = self.months.get(&row.month).copied();
        let Some(day) = row.observed_on else {
            let scores = of_month.map(|known| known.scores).unwrap_or_default().after(&row.scores);
            let is_same = of_month.is_some_and(|known| known.scores == scores);
            return Judged { scores, known: of_month, is_late: false, is_same };
        };
        let is_late = of_month.and_then(|known| known.observed_on).is_some_and(|known| day < known);
        let of_day = self.days.get(&day).copied();
        let before = of_day.or(of_month.filter(|_| !is_late));
        let scores = before.map(|before| before.scores).unwrap_or_default().after(&row.scores);
        let is_same = of_day.is_some_and(|known| known.scores == scores)
            && (is_late || of_month.is_some_and(|known| known.scores == scores));
        Judged { scores, known: before, is_late, is_same }
    }

    pub(in crate::ops) fn take(&mut self, version: HealthVersion, is_late: bool) {
        if let Some(day) = version.observed_on {
            self.days.insert(day, version);
        }
        if !is_late {
            self.months.insert(version.month, version);
        }
    }
}

/// Stores an account's rows, older days first; says whether anything changed.
fn store_account(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, HealthBatch>,
    account: AccountId,
    rows: &[&HealthRow],
    known: &mut Known,
    facts: &mut Facts,
) -> Result<bool> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.month, row.observed_on));
    let mut confirmed = BTreeMap::new();
    let mut any = false;
    for row in rows {
        facts.blanks += u64::from(row.blanks);
        let Judged { scores, known: before, is_late, is_same } = known.judge(row);
        if row.scores.is_empty() || is_same {
            facts.counts.unchanged += 1;
            let named = before.filter(|_| !row.scores.is_empty());
            confirmed.extend(named.map(|known| (known.id.get(), said_bits(&row.scores).to_string())));
            continue;
        }
        let health = NewHealth {
            source: ScoreSource::Ingested,
            month: row.month,
            observed_on: row.observed_on,
            said: row.scores,
            scores,
            replaces: before.map(|known| known.id),
            is_late,
        };
        let id = transaction.append_health(account, Some(storing.upload), health)?;
        any = true;
        facts.to_history += u64::from(is_late);
        match before {
            Some(_) => {
                facts.counts.updated += 1;
                facts.restated.push(account);
            }
            None => facts.counts.inserted += 1,
        }
        let version = HealthVersion {
            id,
            change: transaction.change(),
            month: row.month,
            observed_on: row.observed_on,
            scores,
            upload: Some(storing.upload),
        };
        known.take(version, is_late);
    }
    transaction.confirm_versions(account, storing.upload, UploadKind::Health, &confirmed)?;
    Ok(any)
}
