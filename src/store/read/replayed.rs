//! KPIs as they were known at an earlier moment: folded from what uploads had said until then.

use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, CustomerId, KpiChangeId, ScoringConfigId, UploadId};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::state::KpiState;
use crate::store::heads::id_list;
use crate::store::{customers, series, vector_text};

impl Reader<'_> {
    /// The KPIs of accounts as they were known then; an account without any is absent.
    pub(super) fn replayed_states(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, KpiState>> {
        let rows: Vec<(AccountId, KpiChangeId)> = {
            let mut statement = self.sql().prepare_cached(
                "SELECT h.account_id, h.kpi_row_id FROM json_each(?1) j \
                 CROSS JOIN account_heads h ON h.account_id = j.value WHERE h.kpi_row_id IS NOT NULL",
            )?;
            let list = id_list(accounts.iter().map(|id| id.get()));
            let rows = statement
                .query_map([list], |row| Ok((AccountId::new(row.get(0)?), KpiChangeId::new(row.get(1)?))))?;
            rows.collect::<Result<_, _>>()?
        };
        let newest: Vec<KpiChangeId> = rows.iter().map(|(_, row)| *row).collect();
        let mut states = self.kpi_states_of_many(&newest, &newest.iter().copied().collect())?;
        let states = rows.into_iter().filter_map(|(account, row)| Some((account, states.remove(&row)?)));
        Ok(states.filter(|(_, state)| !state.entries().is_empty()).collect())
    }

    /// Writes the customer's vectors, scored by the rules of then, where they are a cache that was not filled yet.
    pub(super) fn fill_vectors(&self, customer: CustomerId) -> Result<()> {
        if self.known_at.is_none() {
            return Ok(());
        }
        let config = customers::load_head(self.sql(), customer)?.scoring_config;
        let missing: Vec<AccountId> = self
            .sql()
            .prepare_cached(
                "SELECT account_id FROM account_heads WHERE customer_id = ?1 AND kpi_row_id IS NOT NULL \
                 AND account_id NOT IN (SELECT account_id FROM kpi_current)",
            )?
            .query_map([customer.get()], |row| row.get(0).map(AccountId::new))?
            .collect::<Result<_, _>>()?;
        let Some(config) = config.filter(|_| !missing.is_empty()) else { return Ok(()) };
        let (rules, _) = series::load_config(self.sql(), config)?;
        let dictionary =
            KpiDictionary::new(rules.definitions.clone(), &rules.aliases).with_retired(&rules.retired);
        let series = series::load(self.sql(), customer)?;
        let scorer = Scorer::new(&rules, &dictionary, &series);
        for (account, state) in self.replayed_states(&missing)? {
            self.keep_vector(account, &state, &scorer, config)?;
        }
        Ok(())
    }

    fn keep_vector(
        &self,
        account: AccountId,
        state: &KpiState,
        scorer: &Scorer<'_>,
        config: ScoringConfigId,
    ) -> Result<()> {
        let Some(vector) = vector_text::vector_text(state, &scorer.score(state).0) else { return Ok(()) };
        let observed_on = vector.observed_on.to_string();
        let upload: UploadId = vector.upload;
        self.sql()
            .prepare_cached(
                "INSERT INTO temp.kpi_current (account_id, observed_on, upload_id, scoring_config_id, vector) \
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((account.get(), observed_on, upload.get(), config.get(), &vector.text))?;
        Ok(())
    }
}
