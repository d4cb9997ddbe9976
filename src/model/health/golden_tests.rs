//! The worked examples of `tests/golden`: every score to the second decimal, and every count.
//!
//! The values are read by a few plain rules of this test's own, so that it tests the scores alone.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{HealthScores, WeighedKpi, score_kpi};
use crate::model::health::config::ScoringConfig;
use crate::model::kpi::dictionary::{FoundBy, KpiDictionary};
use crate::model::kpi::{Band, Category, Impact, Unit};
use crate::model::score::Score;

const VALUES: &str = include_str!("../../../tests/golden/account_scores.csv");
const SCORES: &str = include_str!("../../../tests/golden/account_scores.json");

#[derive(Debug, Deserialize)]
struct Row {
    account: String,
    category: String,
    kpi: String,
    value: String,
    impact_level: String,
    weight: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Expected {
    account: String,
    overall_health_score: Option<f64>,
    product_usage_score: Option<f64>,
    support_score: Option<f64>,
    customer_sentiment_score: Option<f64>,
    business_outcomes_score: Option<f64>,
    relationship_strength_score: Option<f64>,
    total_kpis: usize,
    critical_kpis_count: usize,
    at_risk_kpis_count: usize,
    healthy_kpis_count: usize,
    unscored_kpis_count: usize,
}

/// An account's KPIs, with their places in the catalogue, and how many lie in which band.
#[derive(Default)]
struct Account {
    scored: Vec<(usize, WeighedKpi)>,
    bands: BTreeMap<Band, usize>,
    unscored: usize,
}

impl Account {
    fn take(&mut self, row: &Row) {
        let found = KpiDictionary::builtin().find(&row.kpi).unwrap();
        assert_eq!(found.by, FoundBy::Name);
        let (category, scale) = found.definition.scoring().unwrap();
        assert_eq!(Category::parse(&row.category), Some(category));
        let Some(value) = read_value(&row.value, found.definition.unit.unwrap()) else {
            self.unscored += 1;
            return;
        };
        let score = score_kpi(scale, value);
        *self.bands.entry(score.band).or_default() += 1;
        let kpi = WeighedKpi {
            category,
            points: score.points,
            weight: row.weight,
            impact: Impact::parse(&row.impact_level),
        };
        self.scored.push((found.index, kpi));
    }

    fn count(&self, band: Band) -> usize {
        self.bands.get(&band).copied().unwrap_or(0)
    }

    fn scores(&mut self) -> HealthScores {
        self.scored.sort_by_key(|(index, _)| *index);
        ScoringConfig::default().score_account(self.scored.iter().map(|(_, kpi)| *kpi))
    }
}

/// `N/A` is no value; `$27,204.35`, `81.08%`, `63.46 hours`, `1.5K` are numbers in the KPI's unit.
fn read_value(text: &str, unit: Unit) -> Option<f64> {
    if text == "N/A" {
        return None;
    }
    let plain = text.replace(['$', ',', '%'], "");
    let (number, hours) = match plain.split_once(' ') {
        None => (plain.as_str(), None),
        Some((number, "hours" | "hour")) => (number, Some(1.0)),
        Some((number, "days" | "day")) => (number, Some(24.0)),
        Some((_, other)) => panic!("the golden file has a unit this test does not know: {other}"),
    };
    let (number, factor) = match (number.strip_suffix('K'), number.strip_suffix('M')) {
        (Some(thousands), _) => (thousands, 1e3),
        (_, Some(millions)) => (millions, 1e6),
        _ => (number, 1.0),
    };
    let number = number.parse::<f64>().unwrap() * factor;
    Some(match (hours, unit) {
        (None, _) => number,
        (Some(hours), Unit::Hours) => number * hours,
        (Some(hours), Unit::Days) => number * hours / 24.0,
        (Some(_), other) => panic!("the golden file gives a time for a KPI in {other}"),
    })
}

fn accounts() -> BTreeMap<String, Account> {
    let mut accounts = BTreeMap::<String, Account>::new();
    for row in csv::Reader::from_reader(VALUES.as_bytes()).deserialize() {
        let row: Row = row.unwrap();
        accounts.entry(row.account.clone()).or_default().take(&row);
    }
    accounts
}

fn hundredths(points: f64) -> Score {
    Score::round(points)
}

#[test]
fn every_golden_account_has_its_scores_and_counts() {
    let expected: Vec<Expected> = serde_json::from_str(SCORES).unwrap();
    let mut accounts = accounts();
    assert_eq!(expected.len(), accounts.len());
    for expected in expected {
        let account = accounts.get_mut(&expected.account).unwrap();
        let scores = account.scores();
        let name = &expected.account;
        let categories = [
            expected.product_usage_score,
            expected.support_score,
            expected.customer_sentiment_score,
            expected.business_outcomes_score,
            expected.relationship_strength_score,
        ];
        assert_eq!(scores.overall, expected.overall_health_score.map(hundredths), "{name}");
        assert_eq!(scores.categories, categories.map(|points| points.map(hundredths)), "{name}");
        let counts = [Band::Critical, Band::AtRisk, Band::Healthy].map(|band| account.count(band));
        assert_eq!(
            counts,
            [expected.critical_kpis_count, expected.at_risk_kpis_count, expected.healthy_kpis_count],
            "{name}"
        );
        assert_eq!(account.unscored, expected.unscored_kpis_count, "{name}");
        assert_eq!(counts.iter().sum::<usize>() + account.unscored, expected.total_kpis, "{name}");
    }
}
