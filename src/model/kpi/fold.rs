//! Taking an upload's statements into what is known of an account's KPIs.
//!
//! A dated statement is compared with what is known at its day, an undated one with the current value. The outcome
//! does not depend on the order of the rows in a file, nor on how a file is split; with dated files, not on the
//! order of the files either.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Impact;
use super::state::{KpiEntry, KpiState, Ranked};
use crate::model::ids::{SeriesId, UploadId};

/// What a row says of one KPI of an account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statement {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The value, or None: withdrawn.
    pub value: Option<f64>,
    /// The day of the value; None where the row is undated.
    pub observed_on: Option<NaiveDate>,
    /// The weight, where the row gives one.
    pub weight: Option<f64>,
    /// The impact, where the row gives one.
    pub impact: Option<Impact>,
}

/// What was known of one KPI at one day: the newest statement, a number or withdrawn.
pub type History = HashMap<(SeriesId, NaiveDate), Option<f64>>;

/// A changed weight or impact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightChange {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The new weight, where it changed.
    pub weight: Option<f64>,
    /// The new impact, where it changed.
    pub impact: Option<Impact>,
}

/// What an upload said of an account at one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayChange {
    /// The day of the values.
    pub observed_on: NaiveDate,
    /// Whether the file gave the day.
    pub dated: bool,
    /// The series named, in rising order, changed or not.
    pub named: Vec<SeriesId>,
    /// The values that changed, in rising order of series.
    pub changed: Vec<(SeriesId, Option<f64>)>,
    /// The weights and impacts that changed.
    pub weights: Vec<WeightChange>,
    /// The weights and impacts that were named, and that were known.
    pub confirmed: Vec<WeightChange>,
}

impl DayChange {
    fn new(observed_on: NaiveDate, dated: bool, room: usize) -> Self {
        Self {
            observed_on,
            dated,
            named: Vec::with_capacity(room),
            changed: Vec::new(),
            weights: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    /// Whether it says anything that was not known.
    #[must_use]
    pub fn is_news(&self) -> bool {
        !self.changed.is_empty() || !self.weights.is_empty()
    }
}

/// How the rows of a file fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Nothing was known.
    pub inserted: u64,
    /// The value, weight or impact differs, or the value was withdrawn.
    pub updated: u64,
    /// The same, or blank.
    pub unchanged: u64,
}

/// An upload's statements about one account, taken in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// How the statements fared.
    pub counts: RowCounts,
    /// What was said, a day each: dated ones by day, the undated one last.
    pub days: Vec<DayChange>,
    /// Whether the current values, weights or impacts changed.
    pub current_changed: bool,
    /// Dated statements that did not become current: they went to history.
    pub to_history: u64,
    /// Whether another value was known of a past day of which a dated statement speaks.
    pub restates: bool,
}

/// Who says it, and when.
#[derive(Debug, Clone, Copy)]
pub struct Saying {
    /// The upload.
    pub upload: UploadId,
    /// The day of the ingest in the customer's time zone.
    pub today: NaiveDate,
}

enum Fared {
    Inserted,
    Updated,
    Unchanged,
}

/// Takes an account's statements into its state; they are sorted here, so their order makes no difference.
pub fn apply(
    state: &mut KpiState,
    history: &History,
    statements: &mut [Statement],
    saying: Saying,
) -> Folded {
    let order = |s: &Statement| (s.observed_on.is_none(), s.observed_on, s.series);
    if !statements.is_sorted_by_key(order) {
        statements.sort_by_key(order);
    }
    let mut folded = Folded::default();
    let mut said_today: History = HashMap::new();
    for same_day in statements.chunk_by(|a, b| a.observed_on == b.observed_on) {
        let day = same_day.first().and_then(|statement| statement.observed_on);
        let mut change = DayChange::new(day.unwrap_or(saying.today), day.is_some(), same_day.len());
        for statement in same_day {
            let fared = match day {
                None => apply_undated(state, statement, saying, &mut change),
                Some(day) => {
                    let mut dated =
                        Dated { state: &mut *state, history, said_today: &mut said_today, day, saying };
                    dated.apply(statement, &mut change, &mut folded)
                }
            };
            match fared {
                Fared::Inserted => folded.counts.inserted += 1,
                Fared::Updated => folded.counts.updated += 1,
                Fared::Unchanged => folded.counts.unchanged += 1,
            }
            if change.named.last() != Some(&statement.series) {
                change.named.push(statement.series);
            }
        }
        folded.current_changed |= day.is_none() && change.is_news();
        folded.days.push(change);
    }
    folded
}

fn apply_undated(
    state: &mut KpiState,
    statement: &Statement,
    saying: Saying,
    change: &mut DayChange,
) -> Fared {
    let Some(entry) = state.find_mut(statement.series) else {
        state.insert(fresh(statement, saying.today, saying));
        note_weights(statement, change);
        change.changed.push((statement.series, statement.value));
        return Fared::Inserted;
    };
    let weighed = take_weights(entry, statement, saying.today, change);
    if entry.value == statement.value {
        return if weighed { Fared::Updated } else { Fared::Unchanged };
    }
    entry.value = statement.value;
    entry.observed_on = saying.today;
    entry.effective_on = saying.today;
    entry.upload = saying.upload;
    change.changed.push((statement.series, statement.value));
    Fared::Updated
}

struct Dated<'a> {
    state: &'a mut KpiState,
    history: &'a History,
    said_today: &'a mut History,
    day: NaiveDate,
    saying: Saying,
}

impl Dated<'_> {
    fn apply(&mut self, statement: &Statement, change: &mut DayChange, folded: &mut Folded) -> Fared {
        let key = (statement.series, self.day);
        let known = self.said_today.get(&key).or_else(|| self.history.get(&key)).copied();
        let effective_on = self.day.min(self.saying.today);
        let is_current =
            self.state.find(statement.series).is_none_or(|entry| effective_on >= entry.effective_on);
        let weighed = self.take_weights(statement, effective_on, change);
        // Said again when its day is over, a value can outrank what was said while its period still ran.
        let returns = is_current
            && known == Some(statement.value)
            && self.state.find(statement.series).is_some_and(|entry| entry.value != statement.value);
        let fared = match known {
            _ if returns => Fared::Updated,
            Some(value) if value == statement.value && weighed => Fared::Updated,
            Some(value) if value == statement.value => Fared::Unchanged,
            Some(_) => Fared::Updated,
            None => Fared::Inserted,
        };
        if known != Some(statement.value) || returns {
            folded.restates |= self.day < self.saying.today
                && self.history.get(&key).is_some_and(|known| *known != statement.value);
            change.changed.push((statement.series, statement.value));
            self.said_today.insert(key, statement.value);
            if is_current {
                self.become_current(statement, effective_on);
                folded.current_changed = true;
            } else {
                folded.to_history += 1;
            }
        }
        folded.current_changed |= weighed;
        fared
    }

    fn become_current(&mut self, statement: &Statement, effective_on: NaiveDate) {
        match self.state.find_mut(statement.series) {
            Some(entry) => {
                entry.value = statement.value;
                entry.observed_on = self.day;
                entry.effective_on = effective_on;
                entry.upload = self.saying.upload;
            }
            None => self
                .state
                .insert(KpiEntry { observed_on: self.day, ..fresh(statement, effective_on, self.saying) }),
        }
    }

    fn take_weights(
        &mut self,
        statement: &Statement,
        effective_on: NaiveDate,
        change: &mut DayChange,
    ) -> bool {
        match self.state.find_mut(statement.series) {
            Some(entry) => take_weights(entry, statement, effective_on, change),
            None => note_weights(statement, change),
        }
    }
}

fn fresh(statement: &Statement, effective_on: NaiveDate, saying: Saying) -> KpiEntry {
    KpiEntry {
        series: statement.series,
        value: statement.value,
        observed_on: effective_on,
        effective_on,
        upload: saying.upload,
        weight: statement.weight.map(|value| Ranked { value, effective_on }),
        impact: statement.impact.map(|value| Ranked { value, effective_on }),
    }
}

/// Notes the weight and impact of a KPI that was not known; true where there is one.
fn note_weights(statement: &Statement, change: &mut DayChange) -> bool {
    if statement.weight.is_none() && statement.impact.is_none() {
        return false;
    }
    change.weights.push(WeightChange {
        series: statement.series,
        weight: statement.weight,
        impact: statement.impact,
    });
    true
}

/// Takes a row's weight and impact where they are at least as new as what is known; true where something changed.
///
/// What a dated row says is noted also where it changes nothing now, because another file's day may lie between.
fn take_weights(
    entry: &mut KpiEntry,
    statement: &Statement,
    effective_on: NaiveDate,
    change: &mut DayChange,
) -> bool {
    let weight = newer(&mut entry.weight, statement.weight, effective_on, change.dated);
    let impact = newer(&mut entry.impact, statement.impact, effective_on, change.dated);
    let noted = WeightChange { series: statement.series, weight: weight.noted, impact: impact.noted };
    if noted.weight.is_some() || noted.impact.is_some() {
        change.weights.push(noted);
    }
    let confirmed =
        WeightChange { series: statement.series, weight: weight.confirmed, impact: impact.confirmed };
    if confirmed.weight.is_some() || confirmed.impact.is_some() {
        change.confirmed.push(confirmed);
    }
    weight.differs || impact.differs
}

/// What became of a weight or an impact that a row gives.
struct Taken<T> {
    /// What is noted.
    noted: Option<T>,
    /// What was known.
    confirmed: Option<T>,
    /// Whether it changed something now.
    differs: bool,
}

fn newer<T: Copy + PartialEq>(
    known: &mut Option<Ranked<T>>,
    said: Option<T>,
    effective_on: NaiveDate,
    dated: bool,
) -> Taken<T> {
    let Some(value) = said else { return Taken { noted: None, confirmed: None, differs: false } };
    let Some(ranked) = known else {
        *known = Some(Ranked { value, effective_on });
        return Taken { noted: said, confirmed: None, differs: true };
    };
    let differs = ranked.value != value && effective_on >= ranked.effective_on;
    let is_news = differs || (dated && effective_on != ranked.effective_on);
    if differs || (dated && effective_on > ranked.effective_on) {
        *ranked = Ranked { value, effective_on };
    }
    Taken { noted: said.filter(|_| is_news), confirmed: said.filter(|_| !is_news), differs }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
