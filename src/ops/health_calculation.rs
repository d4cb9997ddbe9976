//! `health calculate`: the scores that the KPIs give, kept as rows of a month, and a snapshot where the newest changed.
//!
//! What is calculated never counts as ingested: a snapshot calculates afresh. The rows are the trend of a portfolio,
//! month by month, by the scoring rules of the day on which they were calculated.

use chrono::NaiveDate;

use super::Context;
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::told;
use crate::error::{Error, ErrorKind, Result};
use crate::events::{
    Deferral, Dispatcher, EventDraft, FlushOutcome, FlushScope, Published, SnapshotRules, SnapshotSubscriber,
    Summaries, flush,
};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::health::HealthScores;
use crate::model::health::month::{Month, MonthScores};
use crate::model::ids::AccountId;
use crate::model::kpi::state::KpiState;
use crate::model::snapshot::content::ScoreSource;
use crate::report::health_calculation::{
    CalculatedScores, CalculationOutcome, CalculationSnapshots, CalculationView,
};
use crate::store::{HealthVersion, NewHealth, WhichCustomer, WriteTransaction};

/// What is calculated.
#[derive(Debug, Clone, Default)]
pub struct CalculationOptions<'a> {
    /// For these accounts, as a person names them; empty with `all`.
    pub accounts: Vec<&'a str>,
    /// For all accounts that are not archived.
    pub all: bool,
    /// For this month, with the KPIs as they stood at its end; None: for the current one, with those of now.
    pub month: Option<Month>,
}

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// Calculates and stores the scores of a month in one transaction, with the snapshots that follow.
///
/// An event is published for an account whose scores of its newest calculated month are new or changed. Scores of an
/// earlier month are history: they are stored, and nothing follows from them.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `InputRefused` for a month that has not begun; and anything that
/// the database says.
pub fn calculate_health(context: &Context<'_>, options: &CalculationOptions<'_>) -> Result<CalculationView> {
    let mut store = context.open_to_write()?;
    let mut transaction =
        context.begin(&mut store, WhichCustomer::Named(context.customer), "health calculate")?;
    let accounts = accounts(&mut transaction, options)?;
    let rules = Rules::load(context.config, &transaction.reader(), transaction.customer())?;
    let today = transaction.recorded_at().date_in(rules.zone);
    let month = month(options.month, today)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let view = CalculationView::new(month.to_string(), context.dry_run);
    let mut calculation = Calculation {
        rules: &snapshot_rules,
        month,
        is_current: month == Month::of(today),
        view,
        news: Vec::new(),
    };
    for chunk in accounts.chunks(CHUNK) {
        context.cancel.check()?;
        calculation.store_chunk(&mut transaction, chunk)?;
    }
    let Calculation { mut view, news, .. } = calculation;
    let drafts = drafts(&transaction, &rules, &news);
    let mut dispatcher = Dispatcher::new();
    dispatcher.subscribe(SnapshotSubscriber::new(&snapshot_rules, Summaries::default()));
    let published = dispatcher.publish(&mut transaction, drafts, Deferral::Now)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    view.events_published = published.events.len() as u64;
    view.snapshots = snapshots(&published, &flushed);
    let mut fates = told::of_published(&transaction, &published);
    fates.extend(told::of_flush(&transaction, &flushed));
    let now = transaction.now();
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    Ok(view)
}

/// The month that is meant; one that has not begun has no scores.
fn month(asked: Option<Month>, today: NaiveDate) -> Result<Month> {
    let current = Month::of(today);
    let month = asked.unwrap_or(current);
    if month <= current {
        return Ok(month);
    }
    let message = format!("--month {month} lies in the future: today is {today}");
    Err(Error::new(ErrorKind::InputRefused, message).with_hint(format!("give a month up to {current}")))
}

fn accounts(
    transaction: &mut WriteTransaction<'_>,
    options: &CalculationOptions<'_>,
) -> Result<Vec<AccountId>> {
    let customer = transaction.customer();
    let mut accounts: Vec<AccountId> = match options.all {
        true => {
            let all = transaction.reader().list_accounts(customer)?.into_iter();
            all.filter(|record| !record.head.archived).map(|record| record.head.id).collect()
        }
        false => {
            let reader = transaction.reader();
            let named = options.accounts.iter().map(|text| reader.find_account(customer, text));
            named.collect::<Result<_>>()?
        }
    };
    if accounts.is_empty() {
        return Err(Error::new(ErrorKind::UnknownAccount, "the customer has no accounts")
            .with_hint("accounts appear with the first file: acctsnap ingest kpis FILE"));
    }
    accounts.sort_unstable();
    accounts.dedup();
    transaction.load_heads(&accounts)?;
    Ok(accounts)
}

/// A calculation of one month, on its way through the accounts.
struct Calculation<'r> {
    rules: &'r SnapshotRules<'r>,
    month: Month,
    is_current: bool,
    view: CalculationView,
    /// The accounts that have an event to tell.
    news: Vec<AccountId>,
}

impl Calculation<'_> {
    fn store_chunk(&mut self, transaction: &mut WriteTransaction<'_>, chunk: &[AccountId]) -> Result<()> {
        let states = match self.is_current {
            true => transaction.load_kpi_states(chunk)?,
            false => transaction.reader().kpi_states_on(chunk, self.month.last_day())?,
        };
        let known = transaction.load_health_months(chunk, ScoreSource::Calculated)?;
        for account in chunk {
            let months = known.get(account);
            let before = months.and_then(|months| months.get(&self.month));
            let newest = months.and_then(|months| months.keys().next_back().copied());
            let is_history = newest.is_some_and(|newest| self.month < newest);
            self.store_account(transaction, *account, states.get(account), before, is_history)?;
        }
        Ok(())
    }

    fn store_account(
        &mut self,
        transaction: &mut WriteTransaction<'_>,
        account: AccountId,
        state: Option<&KpiState>,
        before: Option<&HealthVersion>,
        is_history: bool,
    ) -> Result<()> {
        let has_kpis = state.is_some_and(|state| !state.entries().is_empty());
        let health = state.map(|state| self.rules.scorer.score(state).1.health).unwrap_or_default();
        let scores = MonthScores { overall: health.overall, categories: health.categories };
        let outcome = match before {
            _ if !has_kpis => CalculationOutcome::NoKpis,
            _ if health.overall.is_none() => CalculationOutcome::NoScore,
            Some(before) if before.scores == scores => CalculationOutcome::Unchanged,
            Some(_) => CalculationOutcome::Updated,
            None => CalculationOutcome::Inserted,
        };
        if matches!(outcome, CalculationOutcome::Inserted | CalculationOutcome::Updated) {
            transaction.append_health(account, None, self.row(scores, before))?;
            match is_history {
                true => self.view.stored_as_history += 1,
                false => self.news.push(account),
            }
        }
        self.view.add(scores_of(transaction, account, outcome, &health, before));
        Ok(())
    }

    fn row(&self, scores: MonthScores, before: Option<&HealthVersion>) -> NewHealth {
        NewHealth {
            source: ScoreSource::Calculated,
            month: self.month,
            observed_on: None,
            said: scores,
            scores,
            replaces: before.map(|before| before.id),
            is_late: false,
        }
    }
}

fn scores_of(
    transaction: &WriteTransaction<'_>,
    account: AccountId,
    outcome: CalculationOutcome,
    health: &HealthScores,
    before: Option<&HealthVersion>,
) -> CalculatedScores {
    let head = transaction.head(account);
    let [usage, support, sentiment, outcomes, relationship] = health.categories;
    CalculatedScores {
        account_id: account,
        external_account_id: head.and_then(|head| head.external_id.clone()),
        account_name: head.map(|head| head.name.clone()).unwrap_or_default(),
        outcome,
        overall_health_score: health.overall,
        overall_health_status: health.band,
        product_usage_score: usage,
        support_score: support,
        customer_sentiment_score: sentiment,
        business_outcomes_score: outcomes,
        relationship_strength_score: relationship,
        previous_overall_health_score: before.and_then(|before| before.scores.overall),
    }
}

/// An event an account, unless the settings switch them off.
fn drafts(transaction: &WriteTransaction<'_>, rules: &Rules<'_>, news: &[AccountId]) -> Vec<EventDraft> {
    let event_type = EventType::HealthCalculationCompleted;
    let settings = rules.settings;
    if !settings.events_enabled().value || !settings.event_types().value.contains(&event_type) {
        return Vec::new();
    }
    let customer = transaction.customer();
    let draft = |account: &AccountId| EventDraft {
        customer,
        account: *account,
        event_type,
        action: None,
        upload: None,
    };
    news.iter().map(draft).collect()
}

/// Each account has one event.
fn snapshots(published: &Published, flushed: &FlushOutcome) -> CalculationSnapshots {
    let decisions = &published.decisions;
    let decided = |outcome| decisions.iter().filter(|decision| decision.outcome == outcome).count() as u64;
    CalculationSnapshots {
        created: decided(Outcome::Created),
        skipped: decided(Outcome::Skipped),
        pending_due_at: decisions.iter().filter_map(|decision| decision.due_at).min(),
        failed: decided(Outcome::Failed) + flushed.failed(),
        flushed: flushed.created(),
    }
}
