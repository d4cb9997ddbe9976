//! What a snapshot shows of its account, as far as the model knows it.

use std::collections::BTreeMap;

use super::account::{Account, Event, KINDS};
use super::health::Prefer;
use super::kpis::Kpis;
use super::rows::Status;

/// A snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its number among the account's, from 1.
    pub sequence: usize,
    /// `manual` or `event_driven`.
    pub snapshot_type: &'static str,
    /// The event that it names, and that event's action.
    pub trigger: Option<(&'static str, Option<&'static str>)>,
    /// Its scores.
    pub scores: Scores,
    /// Against the snapshot before, in hundredths of a point.
    pub score_change: Option<i64>,
    /// Whether score or revenue moved by more than the limits.
    pub is_significant: bool,
    /// How many KPIs are critical, at risk, healthy and unscored.
    pub counts: [usize; 4],
    /// The critical KPIs, worst first.
    pub worst: Vec<usize>,
    /// Minor units and currency.
    pub revenue: Option<(i64, &'static str)>,
    /// Against the snapshot before, in minor units.
    pub revenue_change: Option<i64>,
    /// A text.
    pub industry: Option<&'static str>,
    /// A text.
    pub csm: Option<&'static str>,
    /// A day.
    pub renewal: Option<i64>,
    /// An attribute.
    pub seats: Option<i64>,
    /// Executions; None where there is none.
    pub playbooks: Option<PlaybooksShown>,
    /// The newest notes; None where there is none.
    pub notes: Option<Vec<usize>>,
    /// The upload behind each kind of fact.
    pub sources: [Option<i64>; 5],
}

/// Scores in hundredths of a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// The whole.
    pub overall: Option<i64>,
    /// Support.
    pub support: Option<i64>,
    /// Customer Sentiment.
    pub sentiment: Option<i64>,
    /// `critical`, `at_risk`, `healthy`.
    pub band: Option<&'static str>,
    /// `ingested` or `calculated`.
    pub source: Option<&'static str>,
}

/// Executions, by number.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybooksShown {
    /// The names of what runs, sorted.
    pub running: Vec<String>,
    /// How many executions run.
    pub running_count: usize,
    /// How many are completed.
    pub completed: usize,
    /// How many of them within 30 days.
    pub completed_lately: usize,
    /// Playbook, execution and first day of the one that started last.
    pub last: (Option<String>, String, Option<i64>),
    /// The state of that one.
    pub last_status: &'static str,
}

impl Shown {
    /// A snapshot of an account as it is.
    pub fn of(account: &Account, event: Option<&Event>, prefer: Prefer, now: i64) -> Self {
        let before = account.snapshots.last();
        let by_kpi = account.kpis.scores();
        let scores = Scores::of(account, &by_kpi, prefer);
        let revenue = account.profile.revenue.map(|revenue| (revenue.minor, revenue.currency));
        let score_change =
            scores.overall.zip(before.and_then(|before| before.scores.overall)).map(|(now, then)| now - then);
        let revenue_before = before.and_then(|before| before.revenue);
        let revenue_change = revenue.zip(revenue_before).filter(|(now, then)| now.1 == then.1);
        let moved = revenue_change
            .is_some_and(|(now, then)| then.0 != 0 && (now.0 - then.0).abs() * 10 > then.0.abs());
        let notes = account.notes.newest();
        Self {
            sequence: account.snapshots.len() + 1,
            snapshot_type: if event.is_some() { "event_driven" } else { "manual" },
            trigger: event.map(|event| (event.kind, event.action)),
            is_significant: score_change.is_some_and(|change| change.abs() > 500) || moved,
            scores,
            score_change,
            counts: counts(&account.kpis, &by_kpi),
            worst: worst(&by_kpi),
            revenue,
            revenue_change: revenue_change.map(|(now, then)| now.0 - then.0),
            industry: account.profile.industry,
            csm: account.profile.csm,
            renewal: account.profile.renewal,
            seats: account.profile.seats,
            playbooks: PlaybooksShown::of(account, now),
            notes: Some(notes).filter(|notes| !notes.is_empty()),
            sources: account.named_by,
        }
    }

    /// The upload behind a kind of fact.
    pub fn source(&self, kind: &str) -> Option<i64> {
        self.sources[KINDS.iter().position(|it| *it == kind)?]
    }
}

impl Scores {
    fn of(account: &Account, by_kpi: &BTreeMap<usize, f64>, prefer: Prefer) -> Self {
        let (sentiment, support) = (by_kpi.get(&0).copied(), by_kpi.get(&1).copied());
        let both: Vec<f64> = [sentiment, support].into_iter().flatten().collect();
        // Both categories weigh the same.
        let overall = match both.as_slice() {
            [] => None,
            [one] => Some(*one),
            several => Some(several.iter().sum::<f64>() / 2.0),
        };
        if let Some((overall, support)) =
            account.health.counting(prefer, overall.is_some(), account.kpis.changed_by)
        {
            let band = overall.map(|points| band(points.to_string().parse().unwrap_or_default()));
            let (overall, support) = (overall.map(|it| it * 100), support.map(|it| it * 100));
            return Self { overall, support, sentiment: None, band, source: Some("ingested") };
        }
        Self {
            overall: overall.map(hundredths),
            support: support.map(hundredths),
            sentiment: sentiment.map(hundredths),
            band: overall.map(band),
            source: overall.map(|_| "calculated"),
        }
    }
}

impl PlaybooksShown {
    fn of(account: &Account, now: i64) -> Option<Self> {
        let playbooks = &account.playbooks;
        let (number, last) = playbooks.last()?;
        let name = |running: Result<usize, usize>| match running {
            Ok(playbook) => playbook_name(playbook),
            Err(execution) => execution_name(execution),
        };
        let mut running: Vec<String> = playbooks.running().into_iter().map(name).collect();
        running.sort();
        Some(Self {
            running,
            running_count: playbooks.count(Status::Running),
            completed: playbooks.count(Status::Completed),
            completed_lately: playbooks.completed_lately(now),
            last: (last.playbook.map(playbook_name), execution_name(number), last.started),
            last_status: match last.status {
                Status::Running => "in-progress",
                Status::Completed => "completed",
                Status::Failed | Status::Unreadable => "failed",
            },
        })
    }
}

/// What files call a playbook.
pub fn playbook_name(number: usize) -> String {
    format!("playbook-{number}")
}

/// What files call an execution.
pub fn execution_name(number: usize) -> String {
    format!("execution-{number}")
}

fn counts(kpis: &Kpis, scores: &BTreeMap<usize, f64>) -> [usize; 4] {
    let of = |wanted: &str| scores.values().filter(|score| band(**score) == wanted).count();
    [of("critical"), of("at_risk"), of("healthy"), kpis.current().len() - scores.len()]
}

fn worst(scores: &BTreeMap<usize, f64>) -> Vec<usize> {
    let mut critical: Vec<(&usize, &f64)> =
        scores.iter().filter(|(_, score)| band(**score) == "critical").collect();
    critical.sort_by(|a, b| a.1.total_cmp(b.1));
    critical.into_iter().map(|(kpi, _)| *kpi).collect()
}

/// The stories' numbers lie on no limit.
fn band(points: f64) -> &'static str {
    match points {
        points if points < 100.0 / 3.0 => "critical",
        points if points < 200.0 / 3.0 => "at_risk",
        _ => "healthy",
    }
}

fn hundredths(points: f64) -> i64 {
    format!("{:.0}", points * 100.0).parse().unwrap_or_default()
}
