//! Contents of snapshots, some accounts at a time: what they are made of is loaded first, then they are built and hashed
//! on all cores, without the database.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::parts::load_parts;
use super::taker::{Request, SnapshotRules, Summaries};
use super::unchanged::{KpiRefs, load_window_scores, stands};
use crate::error::Result;
use crate::model::health::scorer::KpiSummary;
use crate::model::ids::AccountId;
use crate::model::kpi::state::KpiState;
use crate::model::score::Score;
use crate::model::snapshot::SnapshotContent;
use crate::model::snapshot::build::Previous;
use crate::model::snapshot::content::{AccountParts, TopKpi};
use crate::store::WriteTransaction;

/// A content that was built.
pub(super) struct Built<'r> {
    pub(super) request: &'r Request,
    pub(super) content: SnapshotContent,
    pub(super) hash: [u8; 32],
    pub(super) window_score: Option<Score>,
    pub(super) completed_in_window: Option<u32>,
    /// As conditions are asked of it; None where there are none to ask.
    pub(super) state: Option<Map<String, Value>>,
}

/// The contents that some requests ask for, in their order.
pub(super) struct BuiltChunk<'r> {
    pub(super) built: Vec<Built<'r>>,
    /// The accounts' last snapshots.
    pub(super) previous: FxHashMap<AccountId, Previous>,
}

/// What those contents are made of.
pub(super) struct LoadedChunk<'r> {
    requests: &'r [Request],
    previous: FxHashMap<AccountId, Previous>,
    window_scores: FxHashMap<AccountId, Score>,
    parts: FxHashMap<AccountId, AccountParts>,
    /// In the order of the requests, as is what follows.
    kpis: Vec<KpiRefs>,
    /// Whether the last content stands.
    stands: Vec<bool>,
    /// The KPIs of those accounts that are to be scored here.
    states: FxHashMap<AccountId, KpiState>,
}

impl<'r> LoadedChunk<'r> {
    /// Loads what the contents are made of; what was scored already, and what has not changed, is not read.
    pub(super) fn of(
        transaction: &mut WriteTransaction<'_>,
        rules: &SnapshotRules<'_>,
        summaries: &Summaries,
        requests: &'r [Request],
    ) -> Result<Self> {
        let accounts: Vec<AccountId> = requests.iter().map(|request| request.account).collect();
        transaction.load_heads(&accounts)?;
        let previous = transaction.load_previous(&accounts)?;
        let window_scores = load_window_scores(transaction, rules, &previous)?;
        let parts = load_parts(transaction, &accounts, rules.zone)?;
        let kpis: Vec<KpiRefs> = accounts.iter().map(|account| transaction.kpis_of(*account)).collect();
        let no_parts = AccountParts::default();
        let stands = |(account, kpis): (&AccountId, &KpiRefs)| {
            let parts = parts.get(account).unwrap_or(&no_parts);
            // Rules that recommend playbooks ask for the whole state.
            let previous = previous.get(account).filter(|_| rules.recommender.is_empty());
            previous.is_some_and(|previous| stands(previous, *kpis, parts, rules))
        };
        let stands: Vec<bool> = accounts.iter().zip(&kpis).map(stands).collect();
        let unscored =
            accounts.iter().zip(&stands).filter(|(_, stands)| !**stands).map(|(account, _)| *account);
        let unscored: Vec<AccountId> = unscored.filter(|account| !summaries.contains_key(account)).collect();
        let states = transaction.load_kpi_states(&unscored)?;
        Ok(Self { requests, previous, window_scores, parts, kpis, stands, states })
    }

    /// Builds and hashes the contents, on all cores.
    pub(super) fn build(self, rules: &SnapshotRules<'_>, summaries: &Summaries) -> BuiltChunk<'r> {
        let places = self.requests.par_iter().zip(&self.kpis).zip(&self.stands);
        let built = places.map_init(
            || Vec::with_capacity(2048),
            |buffer, ((request, kpis), stands)| {
                let standing = self.previous.get(&request.account).filter(|_| *stands);
                self.build_one(request, *kpis, standing, (rules, summaries), buffer)
            },
        );
        BuiltChunk { built: built.collect(), previous: self.previous }
    }

    fn build_one(
        &self,
        request: &'r Request,
        kpis: KpiRefs,
        standing: Option<&Previous>,
        (rules, summaries): (&SnapshotRules<'_>, &Summaries),
        buffer: &mut Vec<u8>,
    ) -> Built<'r> {
        let (account, no_parts) = (request.account, AccountParts::default());
        let parts = self.parts.get(&account).unwrap_or(&no_parts);
        let fresh = || self.states.get(&account).map(|state| rules.scorer.score(state).1).unwrap_or_default();
        let (content, hash, state) = match standing {
            Some(previous) => (previous.content.clone(), previous.content_hash, None),
            None => {
                let summary = summaries
                    .get(&account)
                    .map_or_else(|| Cow::Owned(fresh()), |known| Cow::Borrowed(&**known));
                content_of(rules, &summary, kpis, parts, buffer)
            }
        };
        let window_score = self.window_scores.get(&account).copied();
        let completed_in_window = parts.completed_in_window;
        Built { request, content, hash, window_score, completed_in_window, state }
    }
}

/// A content, its hash, and the state of it where there are rules to ask of it.
fn content_of(
    rules: &SnapshotRules<'_>,
    summary: &KpiSummary,
    kpis: KpiRefs,
    parts: &AccountParts,
    buffer: &mut Vec<u8>,
) -> (SnapshotContent, [u8; 32], Option<Map<String, Value>>) {
    let content = SnapshotContent::new(summary, kpis, parts, rules.scorer.config());
    let top = summary.top_critical.iter().filter_map(|kpi| TopKpi::new(kpi, rules.series));
    let top: Vec<TopKpi<'_>> = top.collect();
    let profile = parts.profile.as_ref().map(|(_, profile)| profile);
    let hash = content.hash(&top, profile, buffer);
    let state = (!rules.recommender.is_empty()).then(|| content.state(&top, profile));
    (content, hash, state)
}
