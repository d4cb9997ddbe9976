//! `compare --all`: the portfolio between two moments. Never a query per account.

mod accounts;
mod ends;
mod pair;
mod reason;
mod state;
mod sums;
#[cfg(test)]
mod tests;

use ends::End;
use pair::{Pair, pairs};
use state::Segments;

use super::Context;
use super::compare::{Place, Point};
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::model::condition::Condition;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::time::Timestamp;
use crate::report::portfolio_compare::{PortfolioCompareView, SCHEMA};
use crate::report::snapshot::{SnapshotView, fields};
use crate::store::Reader;

/// What is compared.
#[derive(Debug, Clone)]
pub struct PortfolioOptions<'a> {
    /// The earlier moment.
    pub from: Point,
    /// The later one.
    pub to: Point,
    /// The field whose values make the segments: a field of a snapshot, short for one, or `attributes.NAME`.
    pub by: Option<&'a str>,
    /// Only accounts for which this holds at the later moment; for those that left, at the earlier one.
    pub condition: Option<&'a Condition>,
    /// Fields whose differences are none: `overall_health_score`, `overall_health_status`, `revenue`, `account_status`.
    pub ignore: &'a [String],
    /// Scores and revenues that differ by no more than this are alike.
    pub tolerance: f64,
    /// For how many accounts in each direction the reason is told; None for all.
    pub top: Option<usize>,
}

/// Compares a customer's portfolio at two moments.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`; `NoSnapshot` where no account is there at either moment; `Usage` for a field that is
/// none, a moment of one account alone, and moments in the wrong order; anything that the database says.
pub fn compare_portfolio(
    context: &Context<'_>,
    options: &PortfolioOptions<'_>,
) -> Result<PortfolioCompareView> {
    fields(&SnapshotView::default(), options.ignore)?;
    let by = options.by.map(full_name).transpose()?;
    let now = context.clock.now();
    refuse_wrong_order(options, now)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let end = |point| End::load(&reader, customer, &rules, point, now);
    let (from, to) = (end(&options.from)?, end(&options.to)?);
    let mut pairs = pairs(&from, &to);
    if pairs.is_empty() {
        return Err(none_there(options));
    }
    let asked = Asked { reader: &reader, customer, rules: &rules, now };
    let segments = asked.select(&mut pairs, [&from, &to], by.as_deref(), options.condition)?;
    accounts::rank(&mut pairs);
    let series = reader.series(customer)?;
    let told = accounts::told(&pairs, options.top);
    let reasons = reason::reasons(&reader, &rules, &series, &told, &to)?;
    let sums = sums::Sums::of(&pairs, &segments, by.is_some())?;
    Ok(PortfolioCompareView {
        schema: SCHEMA,
        customer: reader.customer_name(customer)?,
        condition: options.condition.map(|condition| condition.written().to_owned()),
        differs: pairs.iter().any(|pair| accounts::differs(pair, options)),
        total: sums.total,
        segments: sums.segments,
        crossings: sums::crossings(&pairs),
        accounts: accounts::moves(&pairs, &segments, reasons),
        from: from.moment.clone(),
        to: to.moment.clone(),
        by,
    })
}

/// The short names that conditions know too.
fn full_name(field: &str) -> Result<String> {
    let name = match field {
        "health" => "overall_health_score",
        "status" => "account_status",
        "tier" => "account_tier",
        "csm" => "assigned_csm",
        other => other,
    };
    fields(&SnapshotView::default(), &[name])?;
    Ok(name.to_owned())
}

fn refuse_wrong_order(options: &PortfolioOptions<'_>, now: Timestamp) -> Result<()> {
    let instant = |point: &Point| match point.place {
        Place::At(at) => Some(at),
        Place::Now => Some(now),
        _ => None,
    };
    match (instant(&options.from), instant(&options.to)) {
        (Some(from), Some(to)) if from > to => {
            let what = format!("'{}' lies after '{}'", options.from.asked, options.to.asked);
            Err(Error::new(ErrorKind::Usage, what).with_hint("give the earlier moment first"))
        }
        _ => Ok(()),
    }
}

fn none_there(options: &PortfolioOptions<'_>) -> Error {
    let what = format!(
        "no account is there at '{}' or at '{}': none has a snapshot by then",
        options.from.asked, options.to.asked
    );
    Error::new(ErrorKind::NoSnapshot, what)
        .with_hint("`acctsnap snapshot list` shows the snapshots that there are")
}

/// Whose states are asked for.
struct Asked<'a> {
    reader: &'a Reader<'a>,
    customer: CustomerId,
    rules: &'a Rules<'a>,
    now: Timestamp,
}

impl Asked<'_> {
    /// Keeps the pairs for which the condition holds, and says of which segment each is. Reads nothing where neither is
    /// asked for.
    fn select(
        &self,
        pairs: &mut Vec<Pair<'_>>,
        ends: [&End; 2],
        by: Option<&str>,
        condition: Option<&Condition>,
    ) -> Result<Segments> {
        let mut segments = Segments::default();
        if by.is_none() && condition.is_none() {
            return Ok(segments);
        }
        let visit = |account: AccountId, state: &serde_json::Map<String, serde_json::Value>| {
            if condition.is_none_or(|condition| condition.holds(state)) {
                segments.insert(account, by.and_then(|field| state::text_of(state, field)));
            }
        };
        state::for_each_state(self.reader, self.customer, self.rules, ends, pairs, self.now, visit)?;
        pairs.retain(|pair| segments.contains_key(&pair.account()));
        Ok(segments)
    }
}
