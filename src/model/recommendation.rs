//! Which playbooks an account's state calls for, by the customer's rules.

use serde_json::{Map, Value};

use crate::model::condition::Condition;
use crate::model::health::config::Recommendation;

/// The field of a snapshot that holds what is recommended.
pub const RECOMMENDED_FIELD: &str = "playbook_recommendations_active";

/// A playbook, and the state that calls for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendRule {
    /// The playbook's id.
    pub playbook: String,
    /// The state that calls for it.
    pub when: Condition,
}

/// A customer's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recommender {
    rules: Vec<RecommendRule>,
}

impl Recommender {
    /// The rules, in their order.
    #[must_use]
    pub fn new(rules: Vec<RecommendRule>) -> Self {
        Self { rules }
    }

    /// Whether there is no rule, so that no state has to be put together.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a rule looks at this field of the snapshot.
    #[must_use]
    pub fn reads(&self, field: &str) -> bool {
        self.rules.iter().any(|rule| rule.when.fields().any(|name| name == field))
    }

    /// The playbooks that a state calls for, in the order of the rules, each once. `state` is a snapshot's JSON
    /// object; what is unknown calls for nothing.
    #[must_use]
    pub fn recommendations_for(&self, state: &Map<String, Value>) -> Vec<String> {
        let mut playbooks: Vec<String> = Vec::new();
        for rule in &self.rules {
            if !playbooks.contains(&rule.playbook) && rule.when.holds(state) {
                playbooks.push(rule.playbook.clone());
            }
        }
        playbooks
    }

    /// The rules as the scoring configuration keeps them: conditions as they were written.
    #[must_use]
    pub fn as_written(&self) -> Vec<Recommendation> {
        let written = |rule: &RecommendRule| Recommendation {
            playbook: rule.playbook.clone(),
            when: rule.when.written().to_owned(),
        };
        self.rules.iter().map(written).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(playbook: &str, when: &str) -> RecommendRule {
        RecommendRule { playbook: playbook.to_owned(), when: Condition::parse(when).unwrap() }
    }

    #[test]
    fn playbooks_come_in_the_order_of_the_rules_and_once() {
        let recommender = Recommender::new(vec![
            rule("save", "health < 50"),
            rule("voc", "csm = 'Ann Lee'"),
            rule("save", "days_to_renewal < 30"),
            rule("grow", "health > 90"),
        ]);
        let state =
            serde_json::json!({"overall_health_score": 40, "days_to_renewal": 3, "assigned_csm": "ann lee"});
        assert_eq!(recommender.recommendations_for(state.as_object().unwrap()), ["save", "voc"]);
        assert!(recommender.recommendations_for(&Map::new()).is_empty());
        assert!(recommender.reads("assigned_csm") && !recommender.reads("revenue"));
        assert_eq!(recommender.as_written()[1].when, "csm = 'Ann Lee'");
    }
}
