//! `kpis suggest` (`acctsnap.kpi_suggestions/1`): definitions to look at and to paste into snapshots.toml.
//!
//! The text is TOML from the first line to the last: what is not decided, and every reason, stands in comments, so
//! that it can be appended to the file as it is. Names come from files: they are quoted so that none ends its line.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::kpi::suggestion::{
    Correlation, FEWEST_VALUES, Spread, category_by_name, direction_by_name,
};
use crate::model::kpi::{Category, Direction, Scale, Unit};
use crate::report::json;
use crate::report::text::{count, escape_text, is_treacherous, wrap};

/// Name and version of the list's shape.
pub const SUGGEST_SCHEMA: &str = "acctsnap.kpi_suggestions/1";

/// The columns of the CSV.
pub const SUGGEST_HEADERS: [&str; 20] = [
    "kpi_name",
    "verdict",
    "category",
    "category_from",
    "unit",
    "direction",
    "direction_from",
    "worst",
    "critical_edge",
    "healthy_edge",
    "best",
    "values",
    "lowest",
    "lower_quartile",
    "median",
    "upper_quartile",
    "highest",
    "correlation",
    "correlation_pairs",
    "toml",
];

/// What came of looking at a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There is a definition to paste.
    Suggested,
    /// The points are there; which way is better, or the category, is for a person to say.
    Undecided,
    /// Too few values.
    TooFew,
    /// All values are the same.
    AllEqual,
    /// Most values are so close together that the quartiles make no scale.
    NoSpread,
}

/// Where a direction or a category comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuessedFrom {
    /// A file gave it, or a definition without points.
    Given,
    /// A word of the KPI's name.
    Name,
    /// The rank correlation with the overall score.
    Correlation,
}

/// What could be the definition of a KPI that has none.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiSuggestion {
    /// The KPI's name.
    pub kpi_name: String,
    /// What came of it.
    pub verdict: Verdict,
    /// The category; null where nothing tells.
    pub category: Option<Category>,
    /// Where the category comes from.
    pub category_from: Option<GuessedFrom>,
    /// The unit of its values, as files gave it.
    pub unit: Option<Unit>,
    /// Which way is better; null where nothing tells.
    pub direction: Option<Direction>,
    /// Where the direction comes from.
    pub direction_from: Option<GuessedFrom>,
    /// The value that would score 0.
    pub worst: Option<f64>,
    /// The value that would score a third of 100.
    pub critical_edge: Option<f64>,
    /// The value that would score two thirds of 100.
    pub healthy_edge: Option<f64>,
    /// The value that would score 100.
    pub best: Option<f64>,
    /// How many current values there are, one an account, or one a product where the account has none of its own.
    pub values: usize,
    /// The least of them.
    pub lowest: Option<f64>,
    /// A quarter of them lie below.
    pub lower_quartile: Option<f64>,
    /// Half of them lie below.
    pub median: Option<f64>,
    /// Three quarters of them lie below.
    pub upper_quartile: Option<f64>,
    /// The greatest of them.
    pub highest: Option<f64>,
    /// Spearman's rank correlation with the accounts' overall scores, of which this KPI is no part.
    pub correlation: Option<f64>,
    /// How many pairs of value and score that is of.
    pub correlation_pairs: Option<usize>,
    /// The definition as TOML, with its reasons; where the verdict is another than `suggested`, in comments.
    pub toml: String,
    #[serde(skip)]
    reasons: Vec<String>,
    #[serde(skip)]
    block: Vec<String>,
}

/// What is known of a KPI without a definition.
pub struct SuggestionFacts {
    /// Its name.
    pub kpi_name: String,
    /// The category that a file gave.
    pub category: Option<Category>,
    /// The unit that a file gave.
    pub unit: Option<Unit>,
    /// How its values are spread; None where there is none.
    pub spread: Option<Spread>,
    /// How its values go with the overall scores.
    pub correlation: Option<Correlation>,
    /// The customer under whose settings the definition belongs; None for everyone's.
    pub customer: Option<String>,
}

impl KpiSuggestion {
    /// Weighs what is known.
    #[must_use]
    pub fn new(facts: SuggestionFacts) -> Self {
        let by_name = category_by_name(&facts.kpi_name);
        let (category, category_from) = match (facts.category, by_name) {
            (Some(given), _) => (Some(given), Some(GuessedFrom::Given)),
            (None, Some((guess, _))) => (Some(guess), Some(GuessedFrom::Name)),
            (None, None) => (None, None),
        };
        let by_score = facts.correlation.and_then(|found| found.direction());
        let (direction, direction_from) = match (direction_by_name(&facts.kpi_name), by_score) {
            (Some((guess, _)), _) => (Some(guess), Some(GuessedFrom::Name)),
            (None, Some(guess)) => (Some(guess), Some(GuessedFrom::Correlation)),
            (None, None) => (None, None),
        };
        let verdict = verdict(&facts, direction.is_some() && category.is_some());
        let has_points = matches!(verdict, Verdict::Suggested | Verdict::Undecided);
        let scale_of =
            |direction| facts.spread.and_then(|spread| spread.scale(direction)).filter(|_| has_points);
        let scale = direction.and_then(scale_of);
        let mut block = vec![heading(&facts)];
        block.extend(definition(&facts, category, direction, scale.as_ref(), has_points));
        let point = |at: usize| facts.spread.and_then(|spread| spread.points.get(at).copied());
        let mut suggestion = Self {
            reasons: reasons(&facts, verdict, by_score),
            block: if has_points { block } else { Vec::new() },
            verdict,
            category,
            category_from,
            unit: facts.unit,
            direction,
            direction_from,
            worst: scale.map(|scale| scale.worst),
            critical_edge: scale.map(|scale| scale.critical_edge),
            healthy_edge: scale.map(|scale| scale.healthy_edge),
            best: scale.map(|scale| scale.best),
            values: facts.spread.map_or(0, |spread| spread.values),
            lowest: point(0),
            lower_quartile: point(1),
            median: point(2),
            upper_quartile: point(3),
            highest: point(4),
            correlation: facts.correlation.map(|found| (found.coefficient * 100.0).round() / 100.0),
            correlation_pairs: facts.correlation.map(|found| found.pairs),
            kpi_name: facts.kpi_name,
            toml: String::new(),
        };
        suggestion.toml = suggestion.render(usize::MAX);
        suggestion
    }

    /// The reasons as comments, then the definition; in comments too where it is not decided.
    fn render(&self, columns: usize) -> String {
        let columns = columns.saturating_sub(2);
        let comments = self.reasons.iter().flat_map(|reason| wrap(reason, columns));
        let mut text: String = comments.map(|line| format!("# {line}\n")).collect();
        let mark = if self.verdict == Verdict::Suggested { "" } else { "# " };
        text.extend(self.block.iter().map(|line| format!("{mark}{line}\n")));
        text
    }
}

fn verdict(facts: &SuggestionFacts, is_decided: bool) -> Verdict {
    let Some(spread) = facts.spread.filter(|spread| spread.values >= FEWEST_VALUES) else {
        return Verdict::TooFew;
    };
    match (spread.scale(Direction::Higher), is_decided) {
        _ if spread.points[0] == spread.points[4] => Verdict::AllEqual,
        (None, _) => Verdict::NoSpread,
        (Some(_), true) => Verdict::Suggested,
        (Some(_), false) => Verdict::Undecided,
    }
}

fn heading(facts: &SuggestionFacts) -> String {
    match &facts.customer {
        Some(customer) => format!("[[customers.{}.kpi]]", quoted(customer)),
        None => "[[kpi]]".to_owned(),
    }
}

/// The lines of a definition; where the direction is open, both choices stand there in comments.
fn definition(
    facts: &SuggestionFacts,
    category: Option<Category>,
    direction: Option<Direction>,
    scale: Option<&Scale>,
    has_points: bool,
) -> Vec<String> {
    let mut lines = vec![format!("name = {}", quoted(&facts.kpi_name))];
    lines.push(match category {
        Some(category) => format!("category = {}", quoted(category.name())),
        None => format!("category = \"?\"  # one of {}", Category::ALL.map(Category::name).join(", ")),
    });
    lines.extend(facts.unit.map(|unit| format!("unit = {}", quoted(unit.name()))));
    if let (Some(direction), Some(scale)) = (direction, scale) {
        lines.extend(points(direction, scale));
    } else if has_points {
        for direction in [Direction::Higher, Direction::Lower] {
            lines.push(format!("# where {} is better:", direction.name()));
            let scale = facts.spread.and_then(|spread| spread.scale(direction));
            lines.extend(scale.iter().flat_map(|scale| points(direction, scale)));
        }
    }
    lines
}

fn points(direction: Direction, scale: &Scale) -> Vec<String> {
    let point = |name: &str, value: f64| format!("{name} = {}", json::number(value));
    vec![
        format!("direction = {}", quoted(direction.name())),
        point("worst", scale.worst),
        point("critical_edge", scale.critical_edge),
        point("healthy_edge", scale.healthy_edge),
        point("best", scale.best),
    ]
}

/// What was seen, and why the guesses are what they are.
fn reasons(facts: &SuggestionFacts, verdict: Verdict, by_score: Option<Direction>) -> Vec<String> {
    let name = escape_text(&facts.kpi_name);
    let Some(spread) = facts.spread else { return vec![format!("{name}: no value, nothing to suggest")] };
    let [least, lower, median, upper, greatest] = spread.points.map(json::number);
    let seen = count(spread.values as u64, "value");
    let mut reasons = vec![match verdict {
        Verdict::TooFew => format!("{name}: {seen}, too few to suggest from (at least {FEWEST_VALUES})"),
        Verdict::AllEqual => format!("{name}: {seen}, all {least}: nothing to tell accounts apart by"),
        _ => format!("{name}: {seen}: min {least}, quartiles {lower}, {median}, {upper}, max {greatest}"),
    }];
    if verdict == Verdict::NoSpread {
        reasons
            .push("the quartiles lie too close together to make a scale; set the points by hand".to_owned());
    }
    if matches!(verdict, Verdict::Suggested | Verdict::Undecided) {
        reasons.push(why_direction(facts, by_score));
        reasons.extend(why_category(facts));
    }
    reasons
}

fn why_direction(facts: &SuggestionFacts, by_score: Option<Direction>) -> String {
    let evidence = facts.correlation.map(|found| {
        format!("rank correlation with the overall score {:+.2}, n = {}", found.coefficient, found.pairs)
    });
    let evidence = evidence.unwrap_or_else(|| "too few scored accounts to compare with".to_owned());
    match (direction_by_name(&facts.kpi_name), by_score) {
        (Some((guess, word)), by_score) => {
            let against = match by_score.is_some_and(|scored| scored != guess) {
                true => ", which speaks against it: look twice",
                false => "",
            };
            format!("direction is a guess from '{word}' in the name ({evidence}{against})")
        }
        (None, Some(_)) => format!("direction is a guess: {evidence}"),
        (None, None) => format!("direction is for you to say: the name does not tell ({evidence})"),
    }
}

fn why_category(facts: &SuggestionFacts) -> Option<String> {
    if facts.category.is_some() {
        return None;
    }
    Some(match category_by_name(&facts.kpi_name) {
        Some((_, word)) => format!("category is a guess from '{word}' in the name"),
        None => "category is for you to say: no file gave one".to_owned(),
    })
}

/// A TOML basic string: what would end it, steer a terminal or hide is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if is_treacherous(character) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// TOML to append to snapshots.toml.
#[must_use]
pub fn render_suggestions(suggestions: &[KpiSuggestion], width: Option<usize>) -> String {
    if suggestions.is_empty() {
        return "# every KPI that is stored has a definition\n".to_owned();
    }
    let columns = width.unwrap_or(usize::MAX);
    let decided = suggestions.iter().filter(|one| one.verdict == Verdict::Suggested).count();
    let total = count(suggestions.len() as u64, "KPI");
    let head = format!(
        "{total} without a definition, {decided} with one to paste into snapshots.toml. Nothing is applied: the \
         worse quarter of the portfolio is called critical, the better quarter healthy; read before you keep it"
    );
    let head: String =
        wrap(&head, columns.saturating_sub(2)).into_iter().map(|line| format!("# {line}\n")).collect();
    suggestions.iter().fold(head, |text, one| format!("{text}\n{}", one.render(columns)))
}
