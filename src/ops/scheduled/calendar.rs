//! A customer's rules at an instant, with the newest due slot of each.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::model::canonical::sha256_hex;
use crate::model::condition::Condition;
use crate::model::ids::ScoringConfigId;
use crate::model::schedule::{ScheduleRule, Slot, newest_due, next_due};
use crate::model::time::Timestamp;
use crate::ops::rules::Rules;
use crate::store::ScheduleRunRecord;

/// Fields of a state that change although nothing is written: a rule that looks at one is asked at every run.
const MOVED_BY_THE_CLOCK: [&str; 7] = [
    "as_of",
    "age_seconds",
    "kpis_age_seconds",
    "days_since_last_snapshot",
    "health_score_change_30d",
    "health_score_trend",
    "playbooks_completed_last_30_days",
];

/// A customer's rules at an instant.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The rules in their order; the first whose condition holds decides.
    pub rules: Vec<ScheduleRule>,
    /// The customer's time zone.
    pub zone: Tz,
    /// The instant.
    pub now: Timestamp,
    /// The newest due slot of each rule; None only at the calendar's ends.
    pub newest: Vec<Option<Slot>>,
}

impl Calendar {
    /// The calendar that a customer's settings make.
    #[must_use]
    pub fn new(rules: &Rules<'_>, now: Timestamp) -> Self {
        let zone = rules.zone;
        let rules: Vec<ScheduleRule> = rules.settings.schedule().into_iter().map(|rule| rule.value).collect();
        let newest = rules.iter().map(|rule| newest_due(rule, now, zone)).collect();
        Self { rules, zone, now, newest }
    }

    /// The place of the first rule that holds for a state; without a state, the first one where none before it has a
    /// condition.
    #[must_use]
    pub fn deciding(&self, state: Option<&Map<String, Value>>) -> Option<usize> {
        self.rules.iter().position(|rule| match (&rule.when, state) {
            (None, _) => true,
            (Some(when), Some(state)) => when.holds(state),
            (Some(_), None) => false,
        })
    }

    /// Whether any rule asks for an account's state.
    #[must_use]
    pub fn has_conditions(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.is_some())
    }

    /// When the next slot of any rule becomes due.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        let next = self.rules.iter().filter_map(|rule| next_due(rule, self.now, self.zone));
        next.map(|slot| slot.due_at).min()
    }

    /// A hash of all that decides beside the accounts' own facts: the rules, the zone, how scores are made.
    #[must_use]
    pub fn hash(&self, config: ScoringConfigId) -> String {
        let rules = self.rules.iter().map(|rule| format!("{}\n{rule}\n", rule.name));
        let text = format!("{}\n{config}\n{}", self.zone.name(), rules.collect::<String>());
        sha256_hex(text.as_bytes())
    }

    /// Whether a run found nothing to do and nothing can be owed since: by the same rules, on the same day, with no
    /// slot due since. That nothing was written since is for the caller to know.
    #[must_use]
    pub fn is_settled_by(&self, run: &ScheduleRunRecord, hash: &str) -> bool {
        let then = run.evaluated_at;
        let is_same_slot = |(rule, newest): (&ScheduleRule, &Option<Slot>)| {
            newest.is_some_and(|newest| newest.due_at <= then) && !looks_at_the_clock(rule)
        };
        run.rules_hash == hash
            && run.created + run.flushed == 0
            && run.failed.is_empty()
            && then <= self.now
            && then.date_in(self.zone) == self.now.date_in(self.zone)
            && self.rules.iter().zip(&self.newest).all(is_same_slot)
    }
}

fn looks_at_the_clock(rule: &ScheduleRule) -> bool {
    rule.when.iter().flat_map(Condition::fields).any(|field| MOVED_BY_THE_CLOCK.contains(&field))
}
