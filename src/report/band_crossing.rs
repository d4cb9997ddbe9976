//! Accounts whose band a file changed.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text};
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::model::score::Score;

/// How many the text names.
const TOLD: usize = 3;

/// An account whose band changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BandCrossing {
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The band before.
    pub from: Option<Band>,
    /// The band now.
    pub to: Option<Band>,
    /// The score before.
    pub score_before: Option<Score>,
    /// The score now.
    pub score_after: Option<Score>,
}

/// `2 accounts crossed a band: ...`; None where none did.
pub(super) fn line(crossings: &[BandCrossing]) -> Option<String> {
    let label = |band: Option<Band>| band.map_or("no score", Band::label);
    let score = |score: Option<Score>| score.map_or_else(|| "none".to_owned(), |score| score.to_string());
    let told: Vec<String> = crossings
        .iter()
        .take(TOLD)
        .map(|crossing| {
            format!(
                "{} {} -> {} ({} -> {})",
                escape_text(&crossing.account_name),
                label(crossing.from),
                label(crossing.to),
                score(crossing.score_before),
                score(crossing.score_after)
            )
        })
        .collect();
    let more = if crossings.len() > TOLD { ", ..." } else { "" };
    (!told.is_empty()).then(|| {
        format!("{} crossed a band: {}{more}", count(crossings.len() as u64, "account"), told.join(", "))
    })
}
