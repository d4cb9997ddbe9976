//! Taking a file's rows into what is known: account by account, in chunks, scored as they are stored.

use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Prepared;
use super::accounts::Resolved;
use crate::error::Result;
use crate::events::{SnapshotRules, Summaries};
use crate::model::health::scorer::{KpiSummary, Scorer};
use crate::model::ids::{AccountId, SeriesId, UploadId};
use crate::model::kpi::Band;
use crate::model::kpi::batch::{Cell, KpiBatch, KpiMention, KpiRow, RowContext};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::fold::{Folded, History, RowCounts, Saying, Statement, apply};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::names::name_key;
use crate::model::score::Score;
use crate::store::{KpiVector, WriteTransaction};

/// What a file changed.
#[derive(Default)]
pub(super) struct Facts {
    /// How its rows fared.
    pub(super) counts: RowCounts,
    /// The accounts that it named, in the order in which they were stored.
    pub(super) touched: Vec<AccountId>,
    /// Those of which it changed something.
    pub(super) changed: Vec<AccountId>,
    /// Their KPIs in short.
    pub(super) summaries: Summaries,
    /// Accounts whose band is another than before.
    pub(super) crossings: Vec<Crossing>,
    /// Values older than what is known: they went to history.
    pub(super) to_history: u64,
    /// Blank cells, and the oldest day of a value that one of them kept.
    pub(super) blanks: u64,
    /// Blank cells beside which another weight or impact stands than is known; it is not taken.
    pub(super) weights_not_taken: u64,
    /// The oldest day of a value that a blank cell kept.
    pub(super) oldest_kept: Option<NaiveDate>,
}

/// An account whose band is another than before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    pub(super) account: AccountId,
    pub(super) from: Option<Band>,
    pub(super) to: Option<Band>,
    pub(super) score_before: Option<Score>,
    pub(super) score_after: Option<Score>,
}

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// The series of a file's KPIs; only those that some row gives a value, or withdraws, come into being.
///
/// A KPI that was stored under another name before that name became an alias goes on in its old series: two series
/// of one definition would count twice.
pub(super) fn series_of(
    transaction: &mut WriteTransaction<'_>,
    set: &mut SeriesSet,
    batch: &KpiBatch,
    dictionary: &KpiDictionary,
) -> Result<Vec<Option<SeriesId>>> {
    let kpis = under_stored_names(set, &batch.kpis, dictionary);
    let mut speaks = vec![false; kpis.len()];
    for row in batch.rows.iter().filter(|row| row.cell() != Cell::Blank) {
        if let Some(speaks) = speaks.get_mut(row.kpi as usize) {
            *speaks = true;
        }
    }
    let wanted: Vec<_> = kpis.iter().zip(&speaks).filter(|(_, s)| **s).map(|(kpi, _)| kpi.clone()).collect();
    let mut made = transaction.resolve_series(set, &wanted)?.into_iter();
    let known = kpis.iter().zip(&speaks).map(|(kpi, speaks)| match speaks {
        true => made.next(),
        false => set.find(&kpi.name, kpi.product.as_deref()),
    });
    Ok(known.collect())
}

fn under_stored_names(set: &SeriesSet, kpis: &[KpiMention], dictionary: &KpiDictionary) -> Vec<KpiMention> {
    let mut stored: FxHashMap<(usize, Option<String>), &str> = FxHashMap::default();
    for series in set.all() {
        if let Some(found) = dictionary.find(&series.kpi) {
            stored.entry((found.index, series.product.as_deref().map(name_key))).or_insert(&series.kpi);
        }
    }
    let mut kpis = kpis.to_vec();
    for kpi in &mut kpis {
        let key = kpi.definition.map(|index| (index, kpi.product.as_deref().map(name_key)));
        let is_new = set.find(&kpi.name, kpi.product.as_deref()).is_none();
        if let Some(name) = key.filter(|_| is_new).and_then(|key| stored.get(&key)) {
            (*name).clone_into(&mut kpi.name);
        }
    }
    kpis
}

/// Stores a file's rows.
pub(super) fn store_facts(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    prepared: &Prepared<'_>,
    resolved: &Resolved,
    series: &[Option<SeriesId>],
    upload: UploadId,
) -> Result<Facts> {
    let batch = &prepared.file.batch;
    let saying = Saying { upload, today: prepared.today };
    let mut facts = Facts::default();
    let order = by_account(batch);
    let row_of = |place: &u32| batch.rows.get(*place as usize);
    let groups: Vec<&[u32]> =
        order.chunk_by(|a, b| row_of(a).map(|r| r.account) == row_of(b).map(|r| r.account)).collect();
    for chunk in groups.chunks(CHUNK) {
        let accounts: Vec<Option<AccountId>> = chunk
            .iter()
            .map(|rows| {
                let row = rows.first().and_then(row_of)?;
                resolved.accounts.get(row.account as usize).copied().flatten()
            })
            .collect();
        let known: Vec<AccountId> = accounts.iter().flatten().copied().collect();
        let mut loaded = Loaded::of(transaction, &known, batch)?;
        let mut work = Vec::with_capacity(chunk.len());
        for (rows, account) in chunk.iter().zip(accounts) {
            let Some(account) = account else { continue };
            let rows = rows.iter().filter_map(row_of);
            let statements = statements(rows, batch, series, &loaded, account, &mut facts);
            let state = loaded.states.remove(&account).unwrap_or_default();
            let history = loaded.histories.remove(&account).unwrap_or_default();
            work.push(Work { account, statements, state, history });
        }
        // What follows from the rows is worked out on all cores; only the database is one at a time.
        let scorer = &rules.scorer;
        let folded: Vec<FoldedAccount> = work.into_par_iter().map(|work| work.fold(scorer, saying)).collect();
        for account in folded {
            store_account(transaction, rules, account, upload, &mut facts)?;
        }
    }
    Ok(facts)
}

/// What is known of a chunk of accounts.
struct Loaded {
    states: FxHashMap<AccountId, KpiState>,
    histories: FxHashMap<AccountId, History>,
}

impl Loaded {
    /// The history is needed only where a row bears a date.
    fn of(transaction: &mut WriteTransaction<'_>, accounts: &[AccountId], batch: &KpiBatch) -> Result<Self> {
        let oldest = batch.contexts.iter().filter_map(|context| context.observed_on).min();
        let histories = match oldest {
            Some(oldest) => transaction.load_kpi_history(accounts, oldest)?,
            None => FxHashMap::default(),
        };
        Ok(Self { states: transaction.load_kpi_states(accounts)?, histories })
    }
}

/// The rows of the batch, grouped by account, within one in file order.
fn by_account(batch: &KpiBatch) -> Vec<u32> {
    let rows = u32::try_from(batch.rows.len()).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).collect();
    if !batch.rows.is_sorted_by_key(|row| row.account) {
        order.sort_by_key(|place| batch.rows.get(*place as usize).map(|row| row.account));
    }
    order
}

fn statements<'b>(
    rows: impl Iterator<Item = &'b KpiRow>,
    batch: &KpiBatch,
    series: &[Option<SeriesId>],
    loaded: &Loaded,
    account: AccountId,
    facts: &mut Facts,
) -> Vec<Statement> {
    const BARE: RowContext = RowContext { observed_on: None, weight: None, impact: None };
    let mut statements = Vec::with_capacity(64);
    for row in rows {
        let series = series.get(row.kpi as usize).copied().flatten();
        let (series, value) = match (series, row.cell()) {
            (Some(series), Cell::Number(number)) => (series, Some(number)),
            (Some(series), Cell::Withdrawn) => (series, None),
            (series, _) => {
                let context = batch.contexts.get(row.context as usize).copied().unwrap_or(BARE);
                facts.keep(loaded.states.get(&account), series, context);
                continue;
            }
        };
        let context = batch.contexts.get(row.context as usize).copied().unwrap_or(BARE);
        statements.push(Statement {
            series,
            value,
            observed_on: context.observed_on,
            weight: context.weight,
            impact: context.impact,
        });
    }
    statements
}

impl Facts {
    /// A blank cell kept what was known.
    fn keep(&mut self, state: Option<&KpiState>, series: Option<SeriesId>, beside: RowContext) {
        self.blanks += 1;
        self.counts.unchanged += 1;
        let kept = state.zip(series).and_then(|(state, series)| state.find(series));
        if let Some(entry) = kept {
            let weight =
                beside.weight.filter(|weight| entry.weight.map(|known| known.value) != Some(*weight));
            let impact =
                beside.impact.filter(|impact| entry.impact.map(|known| known.value) != Some(*impact));
            self.weights_not_taken += u64::from(weight.is_some() || impact.is_some());
        }
        if let Some(entry) = kept.filter(|entry| entry.value.is_some()) {
            self.oldest_kept =
                Some(self.oldest_kept.map_or(entry.observed_on, |day| day.min(entry.observed_on)));
        }
    }
}

/// An account and what a file says of it.
struct Work {
    account: AccountId,
    statements: Vec<Statement>,
    state: KpiState,
    history: History,
}

/// An account with the file taken in, scored and written down, but not stored.
struct FoldedAccount {
    account: AccountId,
    folded: Folded,
    state: KpiState,
    /// None where nothing changed.
    scored: Option<(KpiVector, KpiSummary)>,
    crossing: Option<Crossing>,
}

impl Work {
    fn fold(mut self, scorer: &Scorer<'_>, saying: Saying) -> FoldedAccount {
        let before = (!self.state.entries().is_empty()).then(|| self.state.clone());
        let folded = apply(&mut self.state, &self.history, &mut self.statements, saying);
        let mut done =
            FoldedAccount { account: self.account, folded, state: self.state, scored: None, crossing: None };
        if done.folded.counts.inserted + done.folded.counts.updated == 0 {
            return done;
        }
        let (entries, summary) = scorer.score(&done.state);
        if let Some(before) = before {
            let was = scorer.score(&before).1.health;
            done.crossing = (was.band != summary.health.band).then_some(Crossing {
                account: self.account,
                from: was.band,
                to: summary.health.band,
                score_before: was.overall,
                score_after: summary.health.overall,
            });
        }
        done.scored = Some((KpiVector::new(&done.state, &entries), summary));
        done
    }
}

fn store_account(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    done: FoldedAccount,
    upload: UploadId,
    facts: &mut Facts,
) -> Result<()> {
    let FoldedAccount { account, folded, state, scored, crossing } = done;
    facts.touched.push(account);
    facts.counts.inserted += folded.counts.inserted;
    facts.counts.updated += folded.counts.updated;
    facts.counts.unchanged += folded.counts.unchanged;
    facts.to_history += folded.to_history;
    transaction.append_kpi_changes(account, upload, &folded.days)?;
    if let Some((vector, summary)) = scored {
        facts.changed.push(account);
        facts.crossings.extend(crossing);
        transaction.save_kpi_vector(account, &state, &vector, rules.config)?;
        facts.summaries.insert(account, summary);
    }
    Ok(())
}
