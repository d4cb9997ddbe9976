//! An account at both moments, side by side.

use super::ends::{End, is_there};
use crate::model::ids::AccountId;
use crate::model::money;
use crate::model::portfolio::Fate;
use crate::model::score::Score;
use crate::report::snapshot::MoneyNumber;
use crate::store::Standing;

/// An account that is part of the portfolio at one of the moments at least.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'e> {
    pub(super) fate: Fate,
    /// At the earlier moment, where it is there then.
    pub(super) old: Option<&'e Standing>,
    /// At the later one.
    pub(super) new: Option<&'e Standing>,
    /// Where it is there.
    here: &'e Standing,
}

impl<'e> Pair<'e> {
    pub(super) fn account(&self) -> AccountId {
        self.here.account
    }

    /// Where it is there, at the later moment if at both.
    pub(super) fn here(&self) -> &'e Standing {
        self.here
    }

    /// The standing that tells its state, and the end that it is of.
    pub(super) fn telling<'a>(&self, [from, to]: [&'a End; 2]) -> (&'e Standing, &'a End) {
        (self.here, if self.new.is_some() { to } else { from })
    }

    /// The scores at both moments, where it has both.
    pub(super) fn scores(&self) -> Option<(Score, Score)> {
        self.old?.score.zip(self.new?.score)
    }

    pub(super) fn score_change(&self) -> Option<Score> {
        self.scores().map(|(old, new)| new.minus(old))
    }

    pub(super) fn crossed_band(&self) -> bool {
        let bands = self.old.and_then(|old| old.band).zip(self.new.and_then(|new| new.band));
        bands.is_some_and(|(old, new)| old != new)
    }

    /// The change of the revenue, where both are known in one currency.
    pub(super) fn revenue_change(&self) -> Option<MoneyNumber> {
        let ((old, before), (new, now)) = self.old?.revenue.as_ref().zip(self.new?.revenue.as_ref())?;
        let change = (before == now).then(|| new.checked_sub(*old)).flatten()?;
        Some(MoneyNumber::new(change, money::decimals(now)))
    }
}

/// The accounts of both ends, by account; those that are there at neither moment are passed over.
pub(super) fn pairs<'e>(from: &'e End, to: &'e End) -> Vec<Pair<'e>> {
    let there = |end: &'e End| end.standings.iter().filter(|standing| is_there(standing)).peekable();
    let (mut old, mut new) = (there(from), there(to));
    let mut pairs = Vec::with_capacity(from.standings.len().max(to.standings.len()));
    // Both are in the order of the accounts, so one pass merges them.
    loop {
        let next = match (old.peek(), new.peek()) {
            (Some(old), Some(new)) => old.account.min(new.account),
            (Some(one), None) | (None, Some(one)) => one.account,
            (None, None) => return pairs,
        };
        let old = old.next_if(|standing| standing.account == next);
        let new = new.next_if(|standing| standing.account == next);
        if let (Some(fate), Some(here)) = (Fate::of(old.is_some(), new.is_some()), new.or(old)) {
            pairs.push(Pair { fate, old, new, here });
        }
    }
}
