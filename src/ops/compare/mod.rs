//! `compare`: what changed between two moments of an account, and why its score moved.

mod fields;
mod kpis;
mod point;
mod side;

use serde_json::Value;

pub use point::{Place, Point};
use side::Side;

use super::Context;
use super::retention::refuse_absent;
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::model::explanation::{Cause, Moment, ScoreChange, explain_change};
use crate::model::ids::{AccountId, CustomerId};
use crate::model::kpi::Category;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::compare::{CategorySum, CauseSum, CompareView, SCHEMA, ScoreSplit, TermView};
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct CompareOptions<'a> {
    /// Of this account, as a person names it; None where the snapshots tell it.
    pub account: Option<&'a str>,
    /// The earlier moment; `previous` where None.
    pub from: Option<Point>,
    /// The later one; `latest` where None.
    pub to: Option<Point>,
    /// Fields that are passed over.
    pub ignore: &'a [String],
    /// Numbers that differ by no more than this are alike.
    pub tolerance: f64,
}

/// Compares two moments of an account.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `NoSnapshot` where a moment has none; `Usage` for an ignored field
/// that is none, and where nothing says which account; anything that the database says.
pub fn compare(context: &Context<'_>, options: &CompareOptions<'_>) -> Result<CompareView> {
    fields::check_names(options.ignore)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let from = options.from.clone().unwrap_or_else(Point::previous);
    let to = options.to.clone().unwrap_or_else(Point::latest);
    let account = account_of(&reader, customer, options.account, [&from, &to])?;
    compare_points(&reader, customer, &rules, account, (&from, &to), context.clock.now(), options)
}

/// Compares two moments of an account, earlier and later, by what a reader sees.
///
/// # Errors
/// `NoSnapshot` where a moment has none; anything that the database says.
pub(super) fn compare_points(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    account: AccountId,
    (from, to): (&Point, &Point),
    now: Timestamp,
    options: &CompareOptions<'_>,
) -> Result<CompareView> {
    let side = |point| Side::load(reader, customer, rules, account, point, now);
    compare_sides(reader, customer, &side(from)?, &side(to)?, options)
}

/// Compares two sides of one account that are loaded.
fn compare_sides(
    reader: &Reader<'_>,
    customer: CustomerId,
    earlier: &Side,
    later: &Side,
    options: &CompareOptions<'_>,
) -> Result<CompareView> {
    let series = reader.series(customer)?;
    let (then, now) = (earlier.words(&series), later.words(&series));
    let (scorer_then, scorer_now) = (earlier.scorer(&then), later.scorer(&now));
    let moment = |side: &'_ Side| side.view.overall_health_score;
    let change = explain_change(
        &Moment { state: &earlier.state, scorer: &scorer_then, shown: moment(earlier) },
        &Moment { state: &later.state, scorer: &scorer_now, shown: moment(later) },
    );
    let fields = fields::differences(&earlier.view, &later.view, options)?;
    let (kpis, kpis_unchanged) = kpis::differences(
        &kpis::At { state: &earlier.state, scorer: &scorer_then },
        &kpis::At { state: &later.state, scorer: &scorer_now },
        &now,
        change.as_ref(),
        options.tolerance,
    );
    let lists = |pick: fn(&SnapshotView) -> &Option<Vec<String>>| {
        let of = |view| pick(view).clone().unwrap_or_default();
        only_in(&of(&earlier.view), &of(&later.view))
    };
    let (playbooks_ended, playbooks_started) = lists(|view| &view.playbooks_running);
    let (products_removed, products_added) = lists(|view| &view.products_used);
    let score = change.map(|change| split(&change, &earlier.view, &later.view, &now));
    Ok(CompareView {
        schema: SCHEMA,
        customer: later.view.customer.clone(),
        account_id: later.view.account_id,
        account_name: later.view.account_name.clone(),
        from: earlier.shown(),
        to: later.shown(),
        differs: !fields.is_empty() || !kpis.is_empty(),
        fields,
        score,
        kpis,
        kpis_unchanged,
        playbooks_started,
        playbooks_ended,
        products_added,
        products_removed,
    })
}

/// The account that is named, or that the snapshots belong to.
fn account_of(
    reader: &Reader<'_>,
    customer: CustomerId,
    named: Option<&str>,
    points: [&Point; 2],
) -> Result<AccountId> {
    if let Some(text) = named {
        return reader.find_account(customer, text);
    }
    let ids = points.iter().filter_map(|point| point.snapshot()).collect::<Vec<_>>();
    let records = reader.load_snapshots(customer, &ids)?;
    match records.first() {
        Some(record) => Ok(record.account.id),
        None if !ids.is_empty() => {
            ids.iter().try_for_each(|id| refuse_absent(reader, customer, *id))?;
            Err(point::no_such_snapshot(&ids))
        }
        None => Err(Error::new(ErrorKind::Usage, "nothing says which account is compared")
            .with_hint("name it: acctsnap compare -a 'TechCorp Solutions'")),
    }
}

/// What is in the first list alone, and in the second alone.
fn only_in(first: &[String], second: &[String]) -> (Vec<String>, Vec<String>) {
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>()
    };
    (only(first, second), only(second, first))
}

fn split(
    change: &ScoreChange,
    earlier: &SnapshotView,
    later: &SnapshotView,
    words: &crate::model::kpi::series::SeriesSet,
) -> ScoreSplit {
    let zero = Score::from_hundredths(0);
    let category_scores = |view: &SnapshotView| {
        [
            view.product_usage_score,
            view.support_score,
            view.customer_sentiment_score,
            view.business_outcomes_score,
            view.relationship_strength_score,
        ]
    };
    let categories = Category::ALL
        .into_iter()
        .zip(category_scores(earlier).into_iter().zip(category_scores(later)))
        .map(|(category, (old, new))| CategorySum {
            category,
            old,
            new,
            points: change.by_category(category),
        })
        .filter(|sum| sum.old.is_some() || sum.new.is_some() || sum.points != zero);
    let terms = change.terms.iter().map(|term| {
        let series = term.series.and_then(|series| words.get(series));
        TermView {
            cause: term.cause,
            category: term.category,
            kpi_name: series.map(|series| series.kpi.clone()),
            product: series.and_then(|series| series.product.clone()),
            points: term.points,
        }
    });
    ScoreSplit {
        old: earlier.overall_health_score.unwrap_or(zero),
        new: later.overall_health_score.unwrap_or(zero),
        change: change.total,
        causes: Cause::ALL
            .into_iter()
            .map(|cause| CauseSum { cause, points: change.by_cause(cause) })
            .collect(),
        categories: categories.collect(),
        terms: terms.collect(),
    }
}

/// A snapshot as a JSON object, its fields in their order.
fn object(view: &SnapshotView) -> Result<serde_json::Map<String, Value>> {
    match serde_json::to_value(view) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Error::new(ErrorKind::Failed, "the snapshot has no JSON")),
    }
}
