//! What a definition of a KPI could be, from the values that a portfolio has of it and from the words of its name.
//!
//! A suggestion is a guess with its reasons, never a rule: nothing here is applied by itself. Quartiles are those of
//! Hyndman and Fan's seventh kind (linear between the neighbours), the correlation is Spearman's with mid-ranks.

use super::points::GivenPoints;
use super::{Category, Direction, Scale};
use crate::model::names::loose_key;

/// Fewer values than this say too little of a portfolio.
pub const FEWEST_VALUES: usize = 8;

/// How strong a rank correlation must be to say which way is better, and how many standard errors from nothing.
const STRONG: f64 = 0.5;
const STANDARD_ERRORS: f64 = 2.6;

/// How the values of a KPI are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// How many there are.
    pub values: usize,
    /// The least, the quartiles (the second is the median) and the greatest.
    pub points: [f64; 5],
}

impl Spread {
    /// The spread of finite values; None where there is none.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let point = |quarter: usize| {
            let last = sorted.len().checked_sub(1)?;
            let (place, rest) = (last * quarter / 4, last * quarter % 4);
            let low = *sorted.get(place)?;
            let high = sorted.get(place + 1).copied().unwrap_or(low);
            let share = [0.0, 0.25, 0.5, 0.75].get(rest).copied()?;
            Some(low * (1.0 - share) + high * share)
        };
        let points = [point(0)?, point(1)?, point(2)?, point(3)?, point(4)?];
        Some(Self { values: sorted.len(), points })
    }

    /// A scale on which the worse quarter is critical and the better quarter healthy; None where the quartiles lie
    /// too close together to make one.
    ///
    /// The outer points are the ends of what was seen, but for outliers: no further than two gaps beyond the edges.
    #[must_use]
    pub fn scale(&self, direction: Direction) -> Option<Scale> {
        let [least, lower, _, upper, greatest] = self.points;
        let step = step_of(upper - lower)?;
        let [least, lower, upper, greatest] = [least, lower, upper, greatest].map(|at| round_to(at, step));
        let (worst, critical_edge, healthy_edge, best) = match direction {
            Direction::Higher => (least, lower, upper, greatest),
            Direction::Lower => (greatest, upper, lower, least),
        };
        let far = GivenPoints { worst: None, critical_edge, healthy_edge, best: None }.complete();
        let outer = |seen: f64, edge: f64, limit: f64| {
            let is_near = (seen - edge).abs() < (limit - edge).abs();
            if seen != edge && is_near { seen } else { round_to(limit, step) }
        };
        let points = [
            outer(worst, critical_edge, far[0]),
            critical_edge,
            healthy_edge,
            outer(best, healthy_edge, far[3]),
        ];
        Scale::new(direction, points).ok()
    }
}

/// The power of ten to which points are rounded: a hundredth to a thousandth of the gap between the edges.
fn step_of(gap: f64) -> Option<f64> {
    let exponent = gap.log10().floor() - 2.0;
    (gap.is_finite() && gap > 0.0 && exponent.abs() <= 15.0).then_some(exponent)
}

fn round_to(value: f64, exponent: f64) -> f64 {
    // Dividing by a whole power of ten keeps the shortest text short; multiplying by a fraction would not.
    let unit = 10_f64.powf(exponent.abs());
    if exponent < 0.0 { (value * unit).round() / unit } else { (value / unit).round() * unit }
}

/// Words (as [`loose_key`] makes them) by which a smaller value is better. Each leads a word of a name.
const LOWER: [&str; 28] = [
    "backlog",
    "bounce",
    "bug",
    "cancel",
    "churn",
    "complaint",
    "cost",
    "day",
    "decline",
    "defect",
    "delay",
    "downtime",
    "effort",
    "error",
    "escalat",
    "expens",
    "fail",
    "hour",
    "incident",
    "inactiv",
    "late",
    "lost",
    "open",
    "outage",
    "overdue",
    "risk",
    "ticket",
    "time",
];

/// Words by which a larger value is better.
const HIGHER: [&str; 27] = [
    "accept",
    "activ",
    "adopt",
    "advoca",
    "attend",
    "complet",
    "complian",
    "engag",
    "expansion",
    "feature",
    "growth",
    "login",
    "meeting",
    "nps",
    "participat",
    "promoter",
    "referr",
    "renew",
    "respond",
    "retention",
    "revenue",
    "roi",
    "satisf",
    "seat",
    "success",
    "uptime",
    "usage",
];

/// Words by which a KPI belongs to a category.
const CATEGORIES: [(Category, &[&str]); 5] = [
    (
        Category::Support,
        &["backlog", "bug", "defect", "escalat", "incident", "outage", "resol", "support", "ticket"],
    ),
    (
        Category::CustomerSentiment,
        &["complaint", "csat", "feedback", "nps", "promoter", "satisf", "sentiment", "survey"],
    ),
    (
        Category::RelationshipStrength,
        &["advoca", "champion", "exec", "meeting", "qbr", "referr", "relation", "stakeholder"],
    ),
    (
        Category::BusinessOutcomes,
        &[
            "arr",
            "churn",
            "cost",
            "expansion",
            "growth",
            "mrr",
            "outcome",
            "renew",
            "retention",
            "revenue",
            "roi",
        ],
    ),
    (
        Category::ProductUsage,
        &["activ", "adopt", "api", "feature", "licen", "login", "seat", "session", "usage", "user"],
    ),
];

/// Which way is better by the name, and the word that says so; None where no word does, or words of both kinds.
#[must_use]
pub fn direction_by_name(name: &str) -> Option<(Direction, &'static str)> {
    let words = words_of(name);
    match (led_by(&words, &LOWER), led_by(&words, &HIGHER)) {
        (Some(word), None) => Some((Direction::Lower, word)),
        (None, Some(word)) => Some((Direction::Higher, word)),
        _ => None,
    }
}

/// The category by the name, and the word that says so; the first that fits, None where none does.
#[must_use]
pub fn category_by_name(name: &str) -> Option<(Category, &'static str)> {
    let words = words_of(name);
    CATEGORIES.iter().find_map(|(category, known)| Some((*category, led_by(&words, known)?)))
}

fn words_of(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).map(loose_key).filter(|word| !word.is_empty()).collect()
}

/// The known word with which one of the words begins; short ones must be the whole word, or its plural.
fn led_by(words: &[String], known: &[&'static str]) -> Option<&'static str> {
    let leads = |known: &str, word: &str| match word.strip_prefix(known) {
        Some(rest) => known.len() > 4 || rest.is_empty() || rest == "s",
        None => false,
    };
    known.iter().copied().find(|known| words.iter().any(|word| leads(known, word)))
}

/// How the ranks of a KPI's values go with those of the accounts' overall scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// From -1 to 1.
    pub coefficient: f64,
    /// How many pairs there were.
    pub pairs: usize,
}

impl Correlation {
    /// The rank correlation of pairs; None where there are too few, or one side never differs.
    #[must_use]
    pub fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        if pairs.len() < FEWEST_VALUES {
            return None;
        }
        let (left, right): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let (left, right) = (ranks(&left), ranks(&right));
        let products = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let spread = (products(&left, &left) * products(&right, &right)).sqrt();
        let coefficient = (spread > 0.0).then(|| products(&left, &right) / spread)?;
        Some(Self { coefficient: coefficient.clamp(-1.0, 1.0), pairs: pairs.len() })
    }

    /// Which way is better by it; None where it is too weak, or could be chance.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let strength = self.coefficient.abs();
        let errors = strength * (as_number(self.pairs) - 1.0).max(0.0).sqrt();
        let better = if self.coefficient > 0.0 { Direction::Higher } else { Direction::Lower };
        (strength >= STRONG && errors >= STANDARD_ERRORS).then_some(better)
    }
}

/// The rank of each value, equal ones sharing the middle of theirs, less the mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mean = (as_number(values.len()) - 1.0) / 2.0;
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| a.1 == b.1) {
        let middle = as_number(first) + (as_number(equal.len()) - 1.0) / 2.0 - mean;
        for (place, _) in equal {
            if let Some(rank) = ranks.get_mut(*place) {
                *rank = middle;
            }
        }
        first += equal.len();
    }
    ranks
}

/// A count as a number; there are never so many accounts that it would not be exact.
fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_their_neighbours() {
        let spread = Spread::of(&[8.0, 1.0, 2.0, 4.0]).unwrap();
        assert_eq!((spread.values, spread.points), (4, [1.0, 1.75, 3.0, 5.0, 8.0]));
        assert_eq!(Spread::of(&[7.0]).unwrap().points, [7.0; 5]);
        assert_eq!(Spread::of(&[f64::NAN]), None);
    }

    #[test]
    fn a_scale_follows_the_direction_and_leaves_outliers_out() {
        let spread = Spread { values: 9, points: [0.0, 10.0, 15.0, 20.0, 500.0] };
        let points = |direction| spread.scale(direction).map(|scale| scale.points());
        assert_eq!(points(Direction::Higher), Some([0.0, 10.0, 20.0, 40.0]));
        assert_eq!(points(Direction::Lower), Some([40.0, 20.0, 10.0, 0.0]));
        let short = Spread { values: 9, points: [0.1, 0.1, 0.2, 0.3, 0.35] };
        assert_eq!(short.scale(Direction::Higher).map(|s| s.points()), Some([-0.3, 0.1, 0.3, 0.35]));
    }

    #[test]
    fn no_spread_makes_no_scale() {
        for points in [[4.0; 5], [0.0, 4.0, 4.0, 4.0, 9.0], [-f64::MAX, -f64::MAX, 0.0, f64::MAX, f64::MAX]] {
            assert_eq!(Spread { values: 9, points }.scale(Direction::Higher), None, "{points:?}");
        }
    }

    #[test]
    fn names_tell_a_direction_by_their_words() {
        for (name, expected) in [
            ("Open P1 tickets", Some(Direction::Lower)),
            ("Days since login", None),
            ("seats_used", Some(Direction::Higher)),
            ("Timely Delivery", None),
            ("Response Time", Some(Direction::Lower)),
            ("Widget Flow", None),
        ] {
            assert_eq!(direction_by_name(name).map(|found| found.0), expected, "{name}");
        }
        assert_eq!(category_by_name("Open tickets"), Some((Category::Support, "ticket")));
        assert_eq!(category_by_name("Array size"), None);
    }

    #[test]
    fn ranks_that_go_together_or_apart_tell_a_direction() {
        let pairs = |sign: f64| (0..12).map(|i| (f64::from(i), sign * f64::from(i * i))).collect::<Vec<_>>();
        for (sign, expected) in [(1.0, Direction::Higher), (-1.0, Direction::Lower)] {
            let found = Correlation::of(&pairs(sign)).unwrap();
            assert!((found.coefficient - sign).abs() < 1e-12 && found.pairs == 12, "{found:?}");
            assert_eq!(found.direction(), Some(expected));
        }
        let flat: Vec<_> = (0..12).map(|i| (f64::from(i), 5.0)).collect();
        assert_eq!(Correlation::of(&flat), None);
        assert_eq!(Correlation::of(&pairs(1.0)[..7]), None);
        let weak: Vec<_> = (0..12).map(|i| (f64::from(i), f64::from(i * 5 % 12))).collect();
        assert_eq!(Correlation::of(&weak).and_then(|found| found.direction()), None);
    }
}
