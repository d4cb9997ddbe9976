//! Values of the past that an upload corrected, with the snapshots that were made with what was known before.

use schemars::JsonSchema;
use serde::Serialize;

use super::kpis::with_unit;
use super::text::{count, escape_text, grouped};
use crate::model::ids::AccountId;
use crate::model::kpi::Unit;

/// What stands in place of a KPI's name for the overall score of a health file.
pub const OVERALL: &str = "Overall health score";

/// How many are listed.
const LISTED: usize = 1000;

/// How many the text tells.
const TOLD: usize = 5;

/// A value of a past day, or a score of a past month, that is another since an upload.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Restatement {
    /// Our id of the account.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The KPI; of a health file, the score.
    pub kpi: String,
    /// The product of which the KPI is kept; null for the account itself.
    pub product: Option<String>,
    /// The unit of the values.
    pub unit: Option<Unit>,
    /// The day of the value; of a health file, the month.
    pub date: String,
    /// What was known; null where it was withdrawn.
    pub old: Option<f64>,
    /// What the upload says; null where it withdraws it.
    pub new: Option<f64>,
    /// How many snapshots were made with the old value as the current one.
    pub snapshots: u64,
}

/// What an upload corrected.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Restatements {
    /// How many values of past days it changed.
    pub restated: u64,
    /// The first thousand of them, those that most snapshots were made with first.
    pub restatements: Vec<Restatement>,
}

impl Restatements {
    /// Puts them in order and keeps the first thousand.
    #[must_use]
    pub fn new(mut all: Vec<Restatement>) -> Self {
        all.sort_by(|a, b| {
            let order = |r: &Restatement| (std::cmp::Reverse(r.snapshots), r.account_id);
            let key = order(a).cmp(&order(b));
            key.then_with(|| (&a.date, &a.kpi, &a.product).cmp(&(&b.date, &b.kpi, &b.product)))
        });
        let restated = all.len() as u64;
        all.truncate(LISTED);
        Self { restated, restatements: all }
    }

    /// The first five as a person reads them, then how many more there are.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.restatements.iter().take(TOLD).map(told).collect();
        let more = self.restated.saturating_sub(lines.len() as u64);
        if more > 0 {
            lines.push(format!("and {} more", grouped(&more.to_string())));
        }
        lines
    }
}

/// `TechCorp, Revenue of 2026-05-31: 100 -> 120, used in 3 snapshots`.
fn told(restatement: &Restatement) -> String {
    let Restatement { account_name, kpi, product, unit, date, old, new, snapshots, .. } = restatement;
    let product =
        product.as_deref().map(|product| format!(" ({})", escape_text(product))).unwrap_or_default();
    let value = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| with_unit(value, *unit));
    let used = match snapshots {
        0 => "no snapshot".to_owned(),
        snapshots => count(*snapshots, "snapshot"),
    };
    format!(
        "{}, {}{product} of {date}: {} -> {}, used in {used}",
        escape_text(account_name),
        escape_text(kpi),
        value(*old),
        value(*new)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restatement(account: i64, snapshots: u64) -> Restatement {
        Restatement {
            account_id: AccountId::new(account),
            account_name: format!("Account \u{1b}[31m{account}"),
            kpi: "Revenue".to_owned(),
            product: Some("Widget".to_owned()),
            unit: Some(Unit::Percent),
            date: "2026-05-31".to_owned(),
            old: Some(1000.0),
            new: None,
            snapshots,
        }
    }

    #[test]
    fn those_that_most_snapshots_hold_come_first_and_five_are_told() {
        let all = Restatements::new(
            (1..=7).map(|account| restatement(account, account.unsigned_abs() / 4)).collect(),
        );
        let told = all.told();
        assert_eq!(told.len(), 6);
        assert!(
            told[0].contains("4, Revenue (Widget) of 2026-05-31: 1,000 % -> none, used in 1 snapshot"),
            "{told:?}"
        );
        assert!(told[4].ends_with("used in no snapshot") && !told[4].contains('\u{1b}'), "{told:?}");
        assert_eq!(told[5], "and 2 more");
    }

    #[test]
    fn a_thousand_are_listed_and_all_are_counted() {
        let all = Restatements::new((1..=1500).map(|account| restatement(account, 0)).collect());
        assert_eq!((all.restated, all.restatements.len()), (1500, 1000));
    }
}
