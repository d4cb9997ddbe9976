//! `--kpi`: what snapshots knew of KPIs, and what was said of them by the days of the values.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::ids::{CustomerId, KpiChangeId, SeriesId, UploadId};
use crate::model::kpi::state::KpiState;
use crate::ops::Context;
use crate::ops::kpis::{NamedKpi, named_kpis};
use crate::ops::rules::Rules;
use crate::report::history::{DatedValue, KpiAtSnapshot};
use crate::store::{Reader, SnapshotRecord};

/// The KPIs that were asked for, each once, in the order asked for, as they are called today.
pub(super) struct ChosenKpis(Vec<NamedKpi>);

impl ChosenKpis {
    pub(super) fn load(
        context: &Context<'_>,
        reader: &Reader<'_>,
        customer: CustomerId,
        names: &[String],
    ) -> Result<Self> {
        let mut chosen: Vec<NamedKpi> = Vec::new();
        if names.is_empty() {
            return Ok(Self(chosen));
        }
        let rules = Rules::load(context.config, reader, customer)?;
        let series = reader.series(customer)?;
        for name in names {
            for kpi in named_kpis(reader, customer, &rules, &series, name)? {
                if !chosen.contains(&kpi) {
                    chosen.push(kpi);
                }
            }
        }
        Ok(Self(chosen))
    }

    /// What each snapshot knew of them; the account's history is read once.
    pub(super) fn at_snapshots(
        &self,
        reader: &Reader<'_>,
        records: &[SnapshotRecord],
    ) -> Result<Vec<Vec<KpiAtSnapshot>>> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<KpiChangeId> = records.iter().filter_map(SnapshotRecord::kpi_row).collect();
        let states = reader.kpi_states_at(&rows)?;
        let known = |record: &SnapshotRecord| self.of(record.kpi_row().and_then(|row| states.get(&row)));
        Ok(records.iter().map(known).collect())
    }

    /// The KPIs where nothing is known of them.
    pub(super) fn unknown(&self) -> Vec<KpiAtSnapshot> {
        self.of(None)
    }

    fn of(&self, state: Option<&KpiState>) -> Vec<KpiAtSnapshot> {
        let known = |kpi: &NamedKpi| {
            let entry = state.zip(kpi.series).and_then(|(state, series)| state.find(series));
            KpiAtSnapshot {
                kpi_name: kpi.kpi.clone(),
                product: kpi.product.clone(),
                value: entry.and_then(|entry| entry.value),
                unit: kpi.unit,
                observed_at: entry.map(|entry| entry.observed_on),
            }
        };
        self.0.iter().map(known).collect()
    }

    /// What was said of them, by the days of the values, from a day on.
    pub(super) fn dated(
        &self,
        reader: &Reader<'_>,
        newest: KpiChangeId,
        since: Option<NaiveDate>,
    ) -> Result<Vec<DatedValue>> {
        let series: Vec<SeriesId> = self.0.iter().filter_map(|kpi| kpi.series).collect();
        if series.is_empty() {
            return Ok(Vec::new());
        }
        let mut said = reader.dated_values(newest, &series)?;
        said.retain(|said| since.is_none_or(|since| said.observed_on >= since));
        let mut uploads: Vec<UploadId> = said.iter().map(|said| said.upload).collect();
        uploads.sort_unstable();
        uploads.dedup();
        let sources = reader.upload_sources(&uploads)?;
        let mut values: FxHashMap<SeriesId, Vec<DatedValue>> = FxHashMap::default();
        for said in said {
            let Some(kpi) = self.0.iter().find(|kpi| kpi.series == Some(said.series)) else { continue };
            let source = sources.get(&said.upload);
            values.entry(said.series).or_default().push(DatedValue {
                kpi_name: kpi.kpi.clone(),
                product: kpi.product.clone(),
                observed_at: said.observed_on,
                value: said.value,
                unit: kpi.unit,
                ingested_at: source.map(|source| source.ingested_at),
                upload_id: said.upload,
                file: source.map(|source| source.file_name.clone()),
            });
        }
        Ok(series.iter().filter_map(|series| values.remove(series)).flatten().collect())
    }
}
