//! KPI files: rows taken into what is known, account by account, in chunks, scored as they are stored.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::account_order::AccountOrder;
use super::facts::{Crossing, Facts, News};
use super::kind::{Kind, Reading, Storing};
use super::{Prepared, with_progress};
use crate::error::{Error, ErrorKind, Result};
use crate::events::load_ingested_health;
use crate::ingest::{KindFile, KpiField, KpiFile, KpiReadOptions, read_kpis};
use crate::model::event::EventType;
use crate::model::health::scorer::{KpiSummary, Scorer};
use crate::model::health::source::IngestedHealth;
use crate::model::ids::{AccountId, ChangeId, SeriesId};
use crate::model::kpi::as_read::KpiAsRead;
use crate::model::kpi::batch::{Cell, KpiBatch, KpiMention, KpiRow, RowContext};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::fold::{Folded, History, Saying, Statement, apply};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::names::name_key;
use crate::model::snapshot::content::AccountParts;
use crate::model::upload::UploadKind;
use crate::ops::rules::Rules;
use crate::report::text::count;
use crate::store::{KpiDays, KpiVector, WriteTransaction};

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
        if let Some(speaks) = speaks.get_mut(batch.context(row).kpi as usize) {
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

impl Kind for Kpis {
    const KIND: UploadKind = UploadKind::Kpis;
    const COMMAND: &'static str = "ingest kpis";
    const MAKES_ACCOUNTS: bool = true;
    const JUDGES_ROWS: bool = false;
    type Batch = KpiBatch;
    type Plan = KpiPlan;

    fn read(reading: Reading<'_, '_>) -> Result<KindFile<KpiBatch>> {
        let Reading { context, source, options, rules, given, today } = reading;
        let aliases = column_aliases(rules, options.aliases)?;
        let values = rules.values();
        let file = with_progress(context, source, |on_progress| {
            read_kpis(
                source,
                KpiReadOptions {
                    dictionary: &rules.dictionary,
                    values: &values,
                    given_account: given.as_ref(),
                    period: options.period,
                    today,
                    column_aliases: &aliases,
                    maps: options.maps,
                    on_progress,
                },
            )
        })?;
        let KpiFile { sha256, batch, rejections, records_read, notes, tables, conventions, .. } = file;
        Ok(KindFile { sha256, batch, rejections, records_read, notes, tables, conventions })
    }

    fn kpis(batch: &KpiBatch) -> &[KpiAsRead] {
        &batch.names
    }

    fn plan(
        transaction: &mut WriteTransaction<'_>,
        prepared: &mut Prepared<'_, KpiBatch>,
        rules: &Rules<'_>,
        series: &mut SeriesSet,
    ) -> Result<Self::Plan> {
        let batch = &mut prepared.file.batch;
        let series = series_of(transaction, series, batch, &rules.dictionary)?;
        Ok(KpiPlan { series, order: AccountOrder::of(std::mem::take(&mut batch.rows), batch.accounts.len()) })
    }

    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, KpiBatch>,
        plan: Self::Plan,
    ) -> Result<Facts> {
        let mut facts = KpiFacts::default();
        store_rows(transaction, storing, plan, &mut facts)?;
        Ok(facts.finish())
    }
}

/// KPI files.
pub(super) struct Kpis;

/// The rows of a file, which are given up as they are stored, and what they are of.
#[derive(Default)]
pub(super) struct KpiPlan {
    /// For each KPI of the batch, its series.
    series: Vec<Option<SeriesId>>,
    order: AccountOrder,
}

/// The headers that the settings and a preset add.
fn column_aliases(rules: &Rules<'_>, given: &[(String, String)]) -> Result<Vec<(KpiField, String)>> {
    let settings = rules.settings.column_aliases(UploadKind::Kpis).into_iter();
    let settings = settings
        .flat_map(|(field, headers)| headers.into_iter().map(move |header| (field.clone(), header.value)));
    let mut aliases = Vec::new();
    for (field, header) in settings.chain(given.iter().cloned()) {
        let Some(field) = KpiField::parse(&field) else {
            return Err(Error::new(ErrorKind::Usage, format!("[aliases.kpis]: no field '{field}'"))
                .with_hint("the template that `acctsnap config init` writes names the fields"));
        };
        aliases.push((field, header));
    }
    Ok(aliases)
}

/// What a KPI file changed.
#[derive(Default)]
struct KpiFacts {
    facts: Facts,
    /// Blank cells beside which another weight or impact stands than is known; it is not taken.
    weights_not_taken: u64,
}

impl KpiFacts {
    fn finish(self) -> Facts {
        let Self { mut facts, weights_not_taken } = self;
        if weights_not_taken > 0 {
            let cells = count(weights_not_taken, "blank cell");
            facts.notes.push(format!(
                "{cells} with another weight or impact beside: it was not taken, give the value too"
            ));
        }
        facts
    }

    /// A blank cell kept what was known.
    fn keep(&mut self, state: Option<&KpiState>, series: Option<SeriesId>, beside: RowContext) {
        self.facts.blanks += 1;
        self.facts.counts.unchanged += 1;
        let kept = state.zip(series).and_then(|(state, series)| state.find(series));
        if let Some(entry) = kept {
            let weight =
                beside.weight.filter(|weight| entry.weight.map(|known| known.value) != Some(*weight));
            let impact =
                beside.impact.filter(|impact| entry.impact.map(|known| known.value) != Some(*impact));
            self.weights_not_taken += u64::from(weight.is_some() || impact.is_some());
        }
        if let Some(entry) = kept.filter(|entry| entry.value.is_some()) {
            let oldest = self.facts.oldest_kept.map_or(entry.observed_on, |day| day.min(entry.observed_on));
            self.facts.oldest_kept = Some(oldest);
        }
    }
}

fn store_rows(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, KpiBatch>,
    plan: KpiPlan,
    facts: &mut KpiFacts,
) -> Result<()> {
    let KpiPlan { series, mut order } = plan;
    let batch = storing.batch();
    let saying = Saying { upload: storing.upload, today: storing.prepared.today };
    let groups = order.take_groups();
    // What follows from the rows of a chunk is worked out on all cores while the chunk before it is stored; only the
    // database is one at a time.
    let mut before = Vec::new();
    for chunk in groups.chunks(CHUNK) {
        let account_of = |group: &Range<usize>| storing.account(order.row(group.start)?.account);
        let accounts: Vec<Option<AccountId>> = chunk.iter().map(account_of).collect();
        let known: Vec<AccountId> = accounts.iter().flatten().copied().collect();
        let mut loaded = Loaded::of(transaction, &known, batch)?;
        let mut work = Vec::with_capacity(chunk.len());
        for (group, account) in chunk.iter().zip(accounts) {
            let Some(account) = account else { continue };
            let rows = group.clone().filter_map(|place| order.row(place));
            let statements = statements(rows, batch, &series, &loaded, account, facts);
            work.push(loaded.work(transaction, account, statements));
        }
        order.give_up_before(chunk.last().map_or(0, |group| group.end));
        let (scorer, change) = (&storing.snapshots.scorer, transaction.change());
        before = std::thread::scope(|scope| {
            let folding = scope.spawn(move || fold_all(work, scorer, saying, change));
            store_accounts(transaction, storing, before, facts)?;
            folding
                .join()
                .map_err(|_| Error::new(ErrorKind::Failed, "an account's KPIs could not be worked out"))
        })?;
    }
    store_accounts(transaction, storing, before, facts)
}

fn fold_all(work: Vec<Work>, scorer: &Scorer<'_>, saying: Saying, change: ChangeId) -> Vec<FoldedAccount> {
    work.into_par_iter().map(|work| work.fold(scorer, saying, change)).collect()
}

/// What is known of a chunk of accounts.
struct Loaded {
    states: FxHashMap<AccountId, KpiState>,
    histories: FxHashMap<AccountId, History>,
    health: FxHashMap<AccountId, IngestedHealth>,
}

impl Loaded {
    /// The history is needed only where a row bears a date.
    fn of(transaction: &mut WriteTransaction<'_>, accounts: &[AccountId], batch: &KpiBatch) -> Result<Self> {
        let oldest = batch.contexts.iter().filter_map(|context| context.observed_on).min();
        let histories = match oldest {
            Some(oldest) => transaction.load_kpi_history(accounts, oldest)?,
            None => FxHashMap::default(),
        };
        let health = load_ingested_health(transaction, accounts)?;
        Ok(Self { states: transaction.load_kpi_states(accounts)?, histories, health })
    }

    fn work(
        &mut self,
        transaction: &WriteTransaction<'_>,
        account: AccountId,
        statements: Vec<Statement>,
    ) -> Work {
        let health = AccountParts {
            health: self.health.remove(&account),
            values_changed: transaction.head(account).and_then(|head| head.kpi_values_change),
            ..AccountParts::default()
        };
        let state = self.states.remove(&account).unwrap_or_default();
        let history = self.histories.remove(&account).unwrap_or_default();
        Work { account, statements, state, history, health }
    }
}

fn statements<'b>(
    rows: impl Iterator<Item = &'b KpiRow>,
    batch: &KpiBatch,
    series: &[Option<SeriesId>],
    loaded: &Loaded,
    account: AccountId,
    facts: &mut KpiFacts,
) -> Vec<Statement> {
    let mut statements = Vec::with_capacity(64);
    for row in rows {
        let context = batch.context(row);
        let series = series.get(context.kpi as usize).copied().flatten();
        let (series, value) = match (series, row.cell()) {
            (Some(series), Cell::Number(number)) => (series, Some(number)),
            (Some(series), Cell::Withdrawn) => (series, None),
            (series, _) => {
                facts.keep(loaded.states.get(&account), series, context);
                continue;
            }
        };
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

/// An account and what a file says of it.
struct Work {
    account: AccountId,
    statements: Vec<Statement>,
    state: KpiState,
    history: History,
    /// The ingested scores, beside which the KPIs stand.
    health: AccountParts,
}

/// An account with the file taken in, scored and written down, but not stored.
struct FoldedAccount {
    account: AccountId,
    /// What was said; its days have gone into `days`.
    folded: Folded,
    days: KpiDays,
    state: KpiState,
    /// None where nothing changed.
    scored: Option<(KpiVector, KpiSummary)>,
    crossing: Option<Crossing>,
}

impl Work {
    fn fold(mut self, scorer: &Scorer<'_>, saying: Saying, change: ChangeId) -> FoldedAccount {
        let is_new = self.state.entries().is_empty() && self.health.health.is_none();
        let before = (!is_new).then(|| self.state.clone());
        let mut folded = apply(&mut self.state, &self.history, &mut self.statements, saying);
        let (mut scored, mut crossing) = (None, None);
        if folded.counts.inserted + folded.counts.updated > 0 {
            let (entries, summary) = scorer.score(&self.state);
            if let Some(before) = before {
                let was = self.health.live_health(&scorer.score(&before).1, scorer.config());
                if folded.days.iter().any(|day| !day.changed.is_empty()) {
                    self.health.values_changed = Some(change);
                }
                let is = self.health.live_health(&summary, scorer.config());
                crossing = Crossing::between(self.account, &was, &is);
            }
            scored = Some((KpiVector::new(&self.state, &entries), summary));
        }
        let days = KpiDays::new(std::mem::take(&mut folded.days));
        FoldedAccount { account: self.account, folded, days, state: self.state, scored, crossing }
    }
}

fn store_accounts(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, KpiBatch>,
    accounts: Vec<FoldedAccount>,
    facts: &mut KpiFacts,
) -> Result<()> {
    accounts
        .into_iter()
        .try_for_each(|account| store_account(transaction, storing, account, &mut facts.facts))
}

fn store_account(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, KpiBatch>,
    done: FoldedAccount,
    facts: &mut Facts,
) -> Result<()> {
    let FoldedAccount { account, folded, days, state, scored, crossing } = done;
    facts.touched.push(account);
    facts.counts.inserted += folded.counts.inserted;
    facts.counts.updated += folded.counts.updated;
    facts.counts.unchanged += folded.counts.unchanged;
    facts.to_history += folded.to_history;
    facts.restated.extend(folded.restates.then_some(account));
    transaction.append_kpi_changes(account, storing.upload, &days)?;
    if let Some((vector, summary)) = scored {
        facts.news.push(News { account, event_type: EventType::KpiDataUploaded, action: None });
        facts.crossings.extend(crossing);
        transaction.save_kpi_vector(account, &state, &vector, storing.snapshots.config)?;
        facts.summaries.insert(account, Box::new(summary));
    }
    Ok(())
}
