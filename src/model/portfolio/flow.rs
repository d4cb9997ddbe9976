//! Revenue from one moment to another: start + new + expansion - contraction - churned = end, to the minor unit.

use std::collections::BTreeMap;

use super::{Fate, percent};

/// What an account pays a year at a moment, where that is known.
pub type Amount<'a> = (i64, &'a str);

/// Which part of the flow an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// It pays for the first time, or again.
    New,
    /// It pays more.
    Expansion,
    /// It pays less.
    Contraction,
    /// It pays nothing any more, for it has left.
    Churned,
    /// It pays the same.
    Unchanged,
}

/// Why an account is in no sum of revenue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Accounts that are there at the first moment and whose revenue then is not known.
    pub without_start: u64,
    /// Accounts that are there at the second moment and whose revenue then is not known.
    pub without_end: u64,
    /// Accounts that pay in another currency than before.
    pub other_currency: u64,
    /// All of those accounts, each once.
    pub accounts: u64,
}

/// The revenue of one currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RevenueFlow {
    /// Accounts in it.
    pub accounts: u64,
    /// Of the accounts that are there at the first moment.
    pub start: i128,
    /// Of those that came.
    pub new: i128,
    /// What those that stayed pay more.
    pub expansion: i128,
    /// What those that stayed pay less; not negative.
    pub contraction: i128,
    /// Of those that left, at the first moment.
    pub churned: i128,
    /// Of the accounts that are there at the second moment.
    pub end: i128,
}

impl RevenueFlow {
    /// What the accounts of the start pay at the end, in percent of what they paid; None where they paid nothing.
    #[must_use]
    pub fn nrr_percent(&self) -> Option<f64> {
        percent(self.start + self.expansion - self.contraction - self.churned, self.start)
    }

    /// The same without what anybody pays more; at most 100.
    #[must_use]
    pub fn grr_percent(&self) -> Option<f64> {
        percent(self.start - self.contraction - self.churned, self.start).map(|percent| percent.min(100.0))
    }

    fn add(&mut self, start: Option<i64>, end: Option<i64>) -> Flow {
        self.accounts += 1;
        self.start += start.map_or(0, i128::from);
        self.end += end.map_or(0, i128::from);
        match (start.map(i128::from), end.map(i128::from)) {
            (Some(start), Some(end)) if end > start => {
                self.expansion += end - start;
                Flow::Expansion
            }
            (Some(start), Some(end)) if end < start => {
                self.contraction += start - end;
                Flow::Contraction
            }
            (Some(start), None) => {
                self.churned += start;
                Flow::Churned
            }
            (None, Some(end)) => {
                self.new += end;
                Flow::New
            }
            (Some(_), Some(_)) | (None, None) => Flow::Unchanged,
        }
    }
}

/// The revenue by currency, and who is in none of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Currencies {
    /// By ISO 4217 code.
    pub flows: BTreeMap<String, RevenueFlow>,
    /// Who is left out.
    pub left_out: LeftOut,
}

impl Currencies {
    /// Takes in an account; amounts of moments at which it is not there are passed over. Says which part of the flow it
    /// is, None where it is left out.
    pub fn add(&mut self, fate: Fate, start: Option<Amount<'_>>, end: Option<Amount<'_>>) -> Option<Flow> {
        let (is_at_start, is_at_end) = (fate != Fate::New, fate != Fate::Lost);
        let (start, end) = (start.filter(|_| is_at_start), end.filter(|_| is_at_end));
        let (lacks_start, lacks_end) = (is_at_start && start.is_none(), is_at_end && end.is_none());
        let other_currency = matches!((start, end), (Some((_, old)), Some((_, new))) if old != new);
        if lacks_start || lacks_end || other_currency {
            self.left_out.accounts += 1;
            self.left_out.without_start += u64::from(lacks_start);
            self.left_out.without_end += u64::from(lacks_end);
            self.left_out.other_currency += u64::from(other_currency);
            return None;
        }
        let currency = start.or(end).map(|(_, currency)| currency)?;
        // Looked up before it is made: there are a handful of currencies and thousands of accounts.
        if !self.flows.contains_key(currency) {
            self.flows.insert(currency.to_owned(), RevenueFlow::default());
        }
        let amount = |amount: Option<Amount<'_>>| amount.map(|(minor_units, _)| minor_units);
        Some(self.flows.get_mut(currency)?.add(amount(start), amount(end)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount() -> impl Strategy<Value = Option<Amount<'static>>> {
        let code = prop::sample::select(vec!["EUR", "USD"]);
        prop::option::weighted(0.8, (prop_oneof![Just(0), 0..1_000_000_i64, Just(i64::MAX)], code))
    }

    type Account = (Fate, Option<Amount<'static>>, Option<Amount<'static>>);

    fn account() -> impl Strategy<Value = Account> {
        (prop::sample::select(vec![Fate::Kept, Fate::Lost, Fate::New]), amount(), amount())
    }

    #[test]
    fn each_account_is_one_part_of_the_flow() {
        let mut sum = Currencies::default();
        let mut add = |fate, start, end| sum.add(fate, start, end);
        assert_eq!(add(Fate::Kept, Some((100, "USD")), Some((120, "USD"))), Some(Flow::Expansion));
        assert_eq!(add(Fate::Kept, Some((100, "USD")), Some((70, "USD"))), Some(Flow::Contraction));
        assert_eq!(add(Fate::Kept, Some((100, "USD")), Some((100, "USD"))), Some(Flow::Unchanged));
        assert_eq!(add(Fate::Lost, Some((100, "USD")), Some((100, "USD"))), Some(Flow::Churned));
        assert_eq!(add(Fate::New, Some((100, "USD")), Some((50, "USD"))), Some(Flow::New));
        assert_eq!(add(Fate::Kept, None, Some((70, "USD"))), None);
        assert_eq!(add(Fate::Kept, Some((1, "EUR")), Some((70, "USD"))), None);
        assert_eq!(add(Fate::New, None, Some((9, "JPY"))), Some(Flow::New));
        let usd = sum.flows["USD"];
        assert_eq!((usd.start, usd.new, usd.expansion), (400, 50, 20));
        assert_eq!((usd.contraction, usd.churned, usd.end), (30, 100, 340));
        assert_eq!((usd.nrr_percent(), usd.grr_percent()), (Some(72.5), Some(67.5)));
        assert_eq!(sum.flows["JPY"].nrr_percent(), None, "nothing was paid at the start");
        let expected = LeftOut { without_start: 1, without_end: 0, other_currency: 1, accounts: 2 };
        assert_eq!(sum.left_out, expected);
    }

    proptest! {
        #[test]
        fn it_adds_up_and_segments_add_up_to_the_whole(
            accounts in prop::collection::vec((0..3_usize, account()), 0..60),
        ) {
            let mut whole = Currencies::default();
            let mut segments = vec![Currencies::default(); 3];
            for (segment, (fate, start, end)) in &accounts {
                let part = whole.add(*fate, *start, *end);
                prop_assert_eq!(segments[*segment].add(*fate, *start, *end), part);
            }
            for flow in whole.flows.values().chain(segments.iter().flat_map(|sum| sum.flows.values())) {
                let end = flow.start + flow.new + flow.expansion - flow.contraction - flow.churned;
                prop_assert_eq!(end, flow.end);
                prop_assert!(flow.contraction >= 0 && flow.expansion >= 0);
                prop_assert!(flow.grr_percent().is_none_or(|grr| (0.0..=100.0).contains(&grr)));
                prop_assert!(flow.grr_percent() <= flow.nrr_percent());
            }
            for (currency, flow) in &whole.flows {
                let parts = segments.iter().filter_map(|sum| sum.flows.get(currency));
                let sums = parts.fold((0, 0, 0), |(start, end, many), part| {
                    (start + part.start, end + part.end, many + part.accounts)
                });
                prop_assert_eq!(sums, (flow.start, flow.end, flow.accounts));
            }
            let counted: u64 = whole.flows.values().map(|flow| flow.accounts).sum();
            prop_assert_eq!(counted + whole.left_out.accounts, accounts.len() as u64);
            let left_out: u64 = segments.iter().map(|sum| sum.left_out.accounts).sum();
            prop_assert_eq!(left_out, whole.left_out.accounts);
        }
    }
}
