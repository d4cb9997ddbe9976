//! Scores of one account and month, or of one day of it, that differ: all of them are set aside.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fields::SCORE_NAMES;
use crate::ingest::contradiction::{Statement, merge_contradictions, set_contradictions_aside};
use crate::ingest::duplicates::{Duplicates, Merged};
use crate::ingest::twice::beside_bad;
use crate::ingest::used::keep_used;
use crate::model::health::month::{HealthBatch, HealthRow, Month};
use crate::model::rejection::Rejections;

/// Moves rows that contradict each other from the batch to the rejections, both of which stay in file order. To be
/// called again where two accounts of the batch have become one.
pub fn find_duplicate_health(batch: &mut HealthBatch, rejections: &mut Rejections, policy: Duplicates) {
    if policy == Duplicates::Refuse {
        set_contradictions_aside(&mut batch.rows, rejections, policy);
    } else {
        reject_beside_bad(batch, policy, rejections);
    }
    keep_used_accounts(batch);
}

/// Drops the accounts that no good row names, and the bad rows of them.
pub(super) fn keep_used_accounts(batch: &mut HealthBatch) {
    let used: FxHashSet<u32> = batch.rows.iter().map(|row| row.account).collect();
    batch.bad.retain(|bad| used.contains(&bad.account));
    let numbers = keep_used(&mut batch.accounts, used.into_iter());
    batch.rows.iter_mut().for_each(|row| numbers.apply(&mut row.account));
    batch.bad.iter_mut().for_each(|bad| numbers.apply(&mut bad.account));
}

/// Sets the rows aside of which one is to be made with a row that cannot be taken: mended, that one would otherwise
/// come after them, whichever was to count.
fn reject_beside_bad(batch: &mut HealthBatch, policy: Duplicates, rejections: &mut Rejections) {
    let matter = |account, (month, day)| (account, month, day);
    let lines: FxHashMap<_, u32> =
        batch.bad.iter().rev().map(|bad| (matter(bad.account, bad.matter), bad.line)).collect();
    batch.rows.retain(|row| {
        let Some(line) = lines.get(&row.matter()) else { return true };
        let problem = beside_bad(HealthRow::MATTER, policy, &rejections.said(*line));
        rejections.add(row.line, problem, None);
        false
    });
    rejections.sort_by_line();
}

/// Makes rows that contradict each other say the same, by the policy. To be called once, when every name led to its
/// account.
pub fn merge_duplicate_health(batch: &mut HealthBatch, policy: Duplicates) -> Merged {
    merge_contradictions(&mut batch.rows, policy)
}

impl Statement for HealthRow {
    type Matter<'r> = (u32, Month, Option<NaiveDate>);

    const MATTER: &'static str = "account and month (or day)";

    const FIELDS: &'static [&'static str] = &SCORE_NAMES;

    fn matter(&self) -> Self::Matter<'_> {
        (self.account, self.month, self.observed_on)
    }

    fn line(&self) -> u32 {
        self.line
    }

    fn said(&self, field: usize) -> Option<String> {
        let score = match field.checked_sub(1) {
            None => self.scores.overall,
            Some(category) => self.scores.categories.get(category).copied().flatten(),
        };
        score.map(|score| score.to_string())
    }
    fn say_after(&mut self, other: &Self) {
        self.scores = self.scores.after(&other.scores);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::month::MonthScores;
    use crate::model::kpi::batch::AccountMention;
    use crate::model::score::Score;

    fn row(line: u32, account: u32, on: &str, scores: MonthScores) -> HealthRow {
        let day: NaiveDate = format!("{on}-01").get(..10).unwrap().parse().unwrap();
        let observed_on = (on.len() == 10).then_some(day);
        HealthRow { account, line, month: Month::of(day), observed_on, scores, blanks: 0 }
    }

    fn overall(points: i32) -> MonthScores {
        MonthScores { overall: Some(Score::from_hundredths(points)), ..MonthScores::default() }
    }

    fn support(points: i32) -> MonthScores {
        let mut scores = MonthScores::default();
        scores.categories[1] = Some(Score::from_hundredths(points));
        scores
    }

    fn lines_left(rows: Vec<HealthRow>) -> (Vec<u32>, Rejections) {
        let account = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
        let mut batch = HealthBatch { accounts: ["a", "b"].map(account).to_vec(), rows, bad: Vec::new() };
        let mut rejections = Rejections::default();
        find_duplicate_health(&mut batch, &mut rejections, Duplicates::Refuse);
        (batch.rows.iter().map(|row| row.line).collect(), rejections)
    }

    #[test]
    fn other_days_and_the_same_scores_stay_as_they_stand() {
        let (left, rejections) = lines_left(vec![
            row(2, 1, "2026-10-05", overall(1)),
            row(3, 0, "2026-10", overall(2)),
            row(4, 0, "2026-10-20", overall(3)),
            row(5, 0, "2026-10-05", overall(4)),
            row(6, 0, "2026-09", overall(5)),
            row(7, 0, "2026-10-20", overall(3)),
        ]);
        assert_eq!((left, rejections.len()), (vec![2, 3, 4, 5, 6, 7], 0));
    }

    #[test]
    fn differing_scores_of_one_day_or_month_are_set_aside() {
        let (left, rejections) = lines_left(vec![
            row(2, 0, "2026-10", overall(7120)),
            row(3, 0, "2026-10", support(100)),
            row(4, 1, "2026-10", overall(6400)),
            row(5, 0, "2026-10", overall(6400)),
            row(6, 1, "2026-10-05", support(100)),
            row(7, 1, "2026-10-05", support(200)),
        ]);
        assert_eq!(left, [4]);
        let told: Vec<_> =
            rejections.examples.iter().map(|row| (row.line, row.value.clone().unwrap())).collect();
        let (overall, support) =
            ("71.20 (line 2), 64.00 (line 5) and 1 more", "1.00 (line 6) and 2.00 (line 7)");
        let expected = [(2, overall), (3, overall), (5, overall), (6, support), (7, support)];
        assert_eq!(told, expected.map(|(line, value)| (line, value.to_owned())));
        assert!(rejections.problems[0].message.ends_with("with different values of overall_health_score"));
    }
}
