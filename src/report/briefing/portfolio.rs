//! `context --all` (`acctsnap.portfolio_context/1`): the portfolio for a language model, within a bound.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::text::{between_marks, left_out};
use super::{NOTICE, TooTight, estimated_tokens};
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::text::{age, count, escape_text, instant};

/// Name and version of the answer's shape.
pub const PORTFOLIO_SCHEMA: &str = "acctsnap.portfolio_context/1";

/// What a language model needs to know of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.portfolio_context/1")]
pub struct PortfolioBriefing {
    /// Name and version of this shape.
    #[schemars(extend("const" = PORTFOLIO_SCHEMA))]
    pub schema: &'static str,
    /// That the values are data.
    pub notice: &'static str,
    /// Whose portfolio it is.
    pub customer: String,
    /// The instant this answer speaks of.
    pub as_of: Timestamp,
    /// How many accounts there are, archived ones aside.
    pub accounts: u32,
    /// How many of them are critical, at risk, healthy, without a score.
    pub by_band: BTreeMap<&'static str, u32>,
    /// The accounts with the lowest scores, lowest first.
    pub worst: Vec<PortfolioLine>,
    /// The accounts whose scores moved most in 30 days, most first.
    pub movers: Vec<PortfolioLine>,
    /// Accounts without a snapshot, or whose snapshot lacks newer facts.
    pub missing: Vec<PortfolioLine>,
    /// How many snapshots this question took.
    pub taken_now: u32,
    /// Why no snapshots were taken where some were missing.
    pub remark: Option<String>,
    /// What there is beyond the bound, by kind.
    pub left_out: BTreeMap<&'static str, u32>,
    /// The bound that was asked for.
    pub max_tokens: u32,
    /// How many tokens this answer takes, by an estimate on the high side.
    pub estimated_tokens: u32,
}

/// An account of the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PortfolioLine {
    /// Our number of the account.
    pub account_id: AccountId,
    /// What it is called.
    pub account_name: String,
    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Points in 30 days.
    pub health_score_change_30d: Option<Score>,
    /// How old its snapshot is, in seconds; null where there is none, and the live state is told.
    pub age_seconds: Option<i64>,
    /// The oldest change that its snapshot lacks.
    pub dirty_since: Option<Timestamp>,
}

/// The view with as many lines as the bound allows, the three lists in turn.
///
/// # Errors
/// Where not even what is always said fits.
pub fn fit_portfolio(
    whole: &PortfolioBriefing,
    max_tokens: u32,
    shown: impl Fn(&PortfolioBriefing) -> String,
) -> Result<PortfolioBriefing, TooTight> {
    let most = whole.worst.len().max(whole.movers.len()).max(whole.missing.len());
    let sized = |lines: usize| {
        let mut view = first(whole, lines);
        (view.max_tokens, view.estimated_tokens) = (max_tokens, max_tokens);
        view.estimated_tokens = estimated_tokens(&shown(&view));
        view
    };
    let mut best = sized(0);
    if best.estimated_tokens > max_tokens {
        return Err(TooTight { needed: best.estimated_tokens });
    }
    let (mut fits, mut bursts) = (0, most + 1);
    while fits + 1 < bursts {
        let middle = usize::midpoint(fits, bursts);
        let view = sized(middle);
        if view.estimated_tokens <= max_tokens {
            (fits, best) = (middle, view);
        } else {
            bursts = middle;
        }
    }
    Ok(best)
}

fn first(whole: &PortfolioBriefing, lines: usize) -> PortfolioBriefing {
    let mut view = whole.clone();
    for (what, list) in [
        ("accounts by score", &mut view.worst),
        ("accounts by movement", &mut view.movers),
        ("accounts to be snapshotted", &mut view.missing),
    ] {
        let left = list.len().saturating_sub(lines);
        list.truncate(lines);
        if left > 0 {
            view.left_out.insert(what, u32::try_from(left).unwrap_or(u32::MAX));
        }
    }
    view
}

/// The portfolio as text.
#[must_use]
pub fn render_portfolio(view: &PortfolioBriefing, zone: Tz) -> String {
    let bands: Vec<String> = view.by_band.iter().map(|(band, count)| format!("{count} {band}")).collect();
    let mut body = format!(
        "# Portfolio of {}: {}\n{}\n",
        escape_text(&view.customer),
        count(u64::from(view.accounts), "account"),
        bands.join(", "),
    );
    for (title, list) in [
        ("Worst first", &view.worst),
        ("Moved most in 30 days", &view.movers),
        ("Without a snapshot of their newest facts", &view.missing),
    ] {
        if !list.is_empty() {
            body.push_str(&format!("\n## {title}\n"));
            list.iter().for_each(|line| body.push_str(&shown(line, zone)));
        }
    }
    let remark = view.remark.as_ref().map(|remark| format!("{remark}.\n")).unwrap_or_default();
    between_marks(
        &format!("Portfolio context, as of {}. {NOTICE}", instant(view.as_of, zone)),
        &body,
        &format!("{}{remark}", left_out(&view.left_out)),
    )
}

fn shown(line: &PortfolioLine, zone: Tz) -> String {
    let score = match (line.overall_health_score, line.overall_health_status) {
        (Some(score), Some(band)) => format!("{score} {}", band.label()),
        (Some(score), None) => score.to_string(),
        (None, _) => "no score".to_owned(),
    };
    let moved = line.health_score_change_30d.filter(|change| change.hundredths() != 0);
    let moved = moved.map(|change| {
        let sign = if change.hundredths() > 0 { "+" } else { "" };
        format!(", {sign}{change} in 30 days")
    });
    let old = match line.age_seconds {
        Some(seconds) => format!(", snapshot {} old", age(seconds)),
        None => ", the live state, in no snapshot".to_owned(),
    };
    let dirty = line.dirty_since.map(|since| format!(", lacks facts since {}", instant(since, zone)));
    format!(
        "{}: {score}{}{old}{}\n",
        escape_text(&line.account_name),
        moved.unwrap_or_default(),
        dirty.unwrap_or_default()
    )
}
