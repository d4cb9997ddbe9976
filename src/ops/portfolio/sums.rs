//! All accounts together, and by segment.

use std::collections::BTreeMap;

use super::accounts::revenue;
use super::pair::Pair;
use super::state::Segments;
use crate::error::{Error, ErrorKind, Result};
use crate::model::kpi::Band;
use crate::model::money;
use crate::model::portfolio::{Currencies, Fate, RevenueFlow, percent};
use crate::report::portfolio_compare::{CrossingView, LeftOutView, PartView, RevenueView, SegmentView};
use crate::report::snapshot::MoneyNumber;

/// The sums that are shown.
pub(super) struct Sums {
    pub(super) total: PartView,
    pub(super) segments: Vec<SegmentView>,
}

impl Sums {
    pub(super) fn of(pairs: &[Pair<'_>], segments: &Segments, by_segment: bool) -> Result<Self> {
        let mut total = Part::default();
        // None comes last, where an empty text would come first.
        let mut parts: BTreeMap<(bool, Option<&str>), Part> = BTreeMap::new();
        for pair in pairs {
            total.add(pair);
            if by_segment {
                let segment = segments.get(&pair.account()).and_then(Option::as_deref);
                parts.entry((segment.is_none(), segment)).or_default().add(pair);
            }
        }
        let segments = parts.into_iter().map(|((_, segment), part)| {
            Ok(SegmentView { segment: segment.map(str::to_owned), part: part.view()? })
        });
        Ok(Self { segments: segments.collect::<Result<_>>()?, total: total.view()? })
    }
}

#[derive(Default)]
struct Part {
    counts: PartView,
    revenue: Currencies,
}

impl Part {
    fn add(&mut self, pair: &Pair<'_>) {
        let counts = &mut self.counts;
        counts.accounts_at_start += u64::from(pair.old.is_some());
        counts.accounts_at_end += u64::from(pair.new.is_some());
        counts.accounts_new += u64::from(pair.fate == Fate::New);
        counts.accounts_lost += u64::from(pair.fate == Fate::Lost);
        match pair.score_change().map(|change| change.hundredths().signum()) {
            Some(1) => counts.accounts_improved += 1,
            Some(-1) => counts.accounts_declined += 1,
            Some(_) => {}
            None => counts.accounts_without_score += u64::from(pair.fate == Fate::Kept),
        }
        if let Some((old, new)) = crossing(pair) {
            counts.bands_crossed_up += u64::from(new > old);
            counts.bands_crossed_down += u64::from(new < old);
        }
        self.revenue.add(pair.fate, revenue(pair.old), revenue(pair.new));
    }

    fn view(self) -> Result<PartView> {
        let left_out = self.revenue.left_out;
        let retained = self.counts.accounts_at_start.saturating_sub(self.counts.accounts_lost);
        let flows = self.revenue.flows.iter();
        Ok(PartView {
            logo_retention_percent: percent(retained.into(), self.counts.accounts_at_start.into()),
            revenue: flows.map(|(currency, flow)| revenue_view(currency, flow)).collect::<Result<_>>()?,
            revenue_left_out: LeftOutView {
                accounts: left_out.accounts,
                without_revenue_at_start: left_out.without_start,
                without_revenue_at_end: left_out.without_end,
                other_currency: left_out.other_currency,
            },
            ..self.counts
        })
    }
}

fn revenue_view(currency: &str, flow: &RevenueFlow) -> Result<RevenueView> {
    let decimals = money::decimals(currency);
    let amount = |minor_units: i128| -> Result<MoneyNumber> {
        let too_large = || {
            Error::new(ErrorKind::Failed, format!("the revenue in {currency} is too large to be added up"))
                .with_hint(
                    "`acctsnap accounts list --where 'revenue > 1000000000000'` finds what cannot be right",
                )
        };
        Ok(MoneyNumber::new(i64::try_from(minor_units).map_err(|_| too_large())?, decimals))
    };
    Ok(RevenueView {
        currency: currency.to_owned(),
        accounts: flow.accounts,
        start: amount(flow.start)?,
        new: amount(flow.new)?,
        expansion: amount(flow.expansion)?,
        contraction: amount(flow.contraction)?,
        churned: amount(flow.churned)?,
        end: amount(flow.end)?,
        nrr_percent: flow.nrr_percent(),
        grr_percent: flow.grr_percent(),
    })
}

fn crossing(pair: &Pair<'_>) -> Option<(Band, Band)> {
    let bands = pair.old?.band.zip(pair.new?.band);
    bands.filter(|(old, new)| old != new)
}

/// How many accounts went from which band into which, from the worst band on.
pub(super) fn crossings(pairs: &[Pair<'_>]) -> Vec<CrossingView> {
    let mut counts: BTreeMap<(Band, Band), u64> = BTreeMap::new();
    for crossing in pairs.iter().filter_map(crossing) {
        *counts.entry(crossing).or_default() += 1;
    }
    let view = |((from, to), accounts)| CrossingView { from, to, accounts };
    counts.into_iter().map(view).collect()
}
