//! What a file changed, whatever its kind.

use chrono::NaiveDate;

use crate::events::Summaries;
use crate::model::event::EventType;
use crate::model::health::source::LiveHealth;
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::model::kpi::fold::RowCounts;
use crate::model::rejection::Problem;
use crate::model::score::Score;

/// What a file changed.
#[derive(Default)]
pub(super) struct Facts {
    /// How its rows fared.
    pub(super) counts: RowCounts,
    /// The accounts that it named, in the order in which they were stored.
    pub(super) touched: Vec<AccountId>,
    /// What it has to tell, in order: an account can have several.
    pub(super) news: Vec<News>,
    /// The KPIs of accounts, in short, where they were scored.
    pub(super) summaries: Summaries,
    /// Accounts whose band is another than before.
    pub(super) crossings: Vec<Crossing>,
    /// Accounts of which a value of a past day, or a score of a month, is another than was known, in rising order.
    pub(super) restated: Vec<AccountId>,
    /// Values older than what is known: they went to history.
    pub(super) to_history: u64,
    /// Blank cells.
    pub(super) blanks: u64,
    /// The oldest day of a value that a blank cell kept.
    pub(super) oldest_kept: Option<NaiveDate>,
    /// What else is to be said.
    pub(super) notes: Vec<String>,
    /// Rows that turned out not to fit what is known.
    pub(super) rejected: Vec<LateRejection>,
}

impl Facts {
    /// Notes an account of which so many rows were looked at, when so many had been rejected before: one that no good
    /// row names is not named.
    pub(super) fn touch(&mut self, account: AccountId, rows: usize, rejected_before: usize) {
        if self.rejected.len().saturating_sub(rejected_before) < rows {
            self.touched.push(account);
        }
    }
}

/// A change of an account that becomes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct News {
    pub(super) account: AccountId,
    pub(super) event_type: EventType,
    pub(super) action: Option<&'static str>,
}

/// A row that can be judged only beside what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LateRejection {
    pub(super) line: u32,
    pub(super) problem: Problem,
    pub(super) value: Option<String>,
}

/// An account whose band is another than before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    pub(super) account: AccountId,
    pub(super) from: Option<Band>,
    pub(super) to: Option<Band>,
    pub(super) score_before: Option<Score>,
    pub(super) score_after: Option<Score>,
}

impl Crossing {
    /// The crossing from one state of an account to another; None where the band is the same.
    pub(super) fn between(account: AccountId, before: &LiveHealth, after: &LiveHealth) -> Option<Self> {
        (before.band != after.band).then_some(Self {
            account,
            from: before.band,
            to: after.band,
            score_before: before.overall,
            score_after: after.overall,
        })
    }
}
