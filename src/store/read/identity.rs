//! Whether the accounts that a file mentions are there.

use super::Reader;
use crate::error::Result;
use crate::model::ids::CustomerId;
use crate::model::kpi::batch::AccountMention;
use crate::store::identity::{Creation, Refusal};
use crate::store::identity_known::{Known, Meaning, in_order};

impl Reader<'_> {
    /// Why mentions would lead to no account of the customer, where none may be made; None of one that leads to one.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn refused_mentions(
        &self,
        customer: CustomerId,
        mentions: &[AccountMention],
    ) -> Result<Vec<Option<Refusal>>> {
        let mut known = Known::load(self.sql(), customer, mentions)?;
        let mut refusals = vec![None; mentions.len()];
        for place in in_order(mentions) {
            let (Some(mention), Some(refusal)) = (mentions.get(place), refusals.get_mut(place)) else {
                continue;
            };
            match known.meaning(mention, Creation::Never) {
                Ok(Meaning::Account { account, news }) => known.learn(account, mention, news),
                Ok(Meaning::New { .. }) => {}
                Err(why) => *refusal = Some(why),
            }
        }
        Ok(refusals)
    }
}
