//! A customer's rules: KPI definitions, scoring and cooldowns, from the catalogue, the database and the settings.

use chrono_tz::Tz;

use crate::config::{Config, CustomerSettings};
use crate::error::{Error, ErrorKind, Result};
use crate::events::SnapshotRules;
use crate::model::canonical::{sha256_hex, to_canonical_json};
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{CustomerId, ScoringConfigId};
pub use crate::model::kpi::DefinitionOrigin;
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::layers::{ConfiguredKpi, Layers};
use crate::model::kpi::record::KpiRecord;
use crate::model::kpi::series::{SeriesSet, kpi_key};
use crate::model::kpi::{KpiDefinition, Unit};
use crate::model::names::loose_key;
use crate::model::recommendation::Recommender;
use crate::model::upload::UploadKind;
use crate::model::value::{DecimalMark, ValueReader};
use crate::store::Reader;

/// A customer's rules.
pub struct Rules<'a> {
    /// The customer's settings.
    pub settings: CustomerSettings<'a>,
    /// Its time zone.
    pub zone: Tz,
    /// The KPI definitions and the names that lead to them.
    pub dictionary: KpiDictionary,
    /// Further names: alias, KPI.
    pub aliases: Vec<(String, String)>,
    /// How scores are made; its definitions stand in the order of the dictionary's.
    pub scoring: ScoringConfig,
    /// Which playbooks which states call for.
    pub recommender: Recommender,
    origins: Origins,
}

/// Where each definition comes from, by the key of its KPI.
type Origins = std::collections::HashMap<String, DefinitionOrigin>;

impl<'a> Rules<'a> {
    /// The rules of a customer as the database knows it.
    ///
    /// # Errors
    /// `Damaged` where a record cannot be read, and anything that the database says.
    pub fn load(config: &'a Config, reader: &Reader<'_>, customer: CustomerId) -> Result<Self> {
        let names = reader.customer_names(customer)?;
        Self::new(config.for_customer_known_as(&names), &reader.kpi_definitions(customer)?)
    }

    /// The rules by a customer's settings; `records` are what it says of its KPIs, as the database keeps them.
    ///
    /// # Errors
    /// `Damaged` where a record cannot be read.
    pub fn new(settings: CustomerSettings<'a>, records: &[String]) -> Result<Self> {
        let records = parse_records(records)?;
        let entries = settings.kpis();
        let configured = entries.iter().map(|entry| ConfiguredKpi {
            name: &entry.value.name,
            definition: entry.value.definition.as_ref(),
            aliases: &entry.value.aliases,
        });
        let Layers { definitions, aliases, retired, origins } = Layers::new(&records, configured);
        let dictionary = KpiDictionary::new(definitions, &aliases)
            .with_retired(&retired)
            .with_customer(settings.customer_of_flag());
        let mut in_force = aliases.clone();
        in_force.retain(|(alias, kpi)| leads_to(&dictionary, alias, kpi));
        in_force.sort_unstable();
        in_force.dedup();
        let rules = settings.recommendations().into_iter().map(|rule| rule.value);
        let recommender = Recommender::new(rules.collect());
        let scoring = ScoringConfig {
            definitions: dictionary.definitions().to_vec(),
            weights: settings.weights().map(|weight| weight.value),
            bands: settings.bands(),
            prefer: settings.prefer().value,
            trend: settings.trend(),
            significance: settings.significance(),
            recommendations: recommender.as_written(),
            aliases: in_force,
            retired,
        };
        let zone = settings.timezone().value;
        Ok(Self { zone, settings, dictionary, aliases, scoring, recommender, origins })
    }

    /// The same, knowing the series in which values are kept: advice depends on them.
    #[must_use]
    pub fn knowing(mut self, series: &SeriesSet) -> Self {
        self.dictionary = self.dictionary.with_held(series);
        self
    }

    /// Reads values by these rules.
    #[must_use]
    pub fn values(&self) -> ValueReader {
        let tokens = self.settings.missing_tokens().value;
        ValueReader::new(&tokens, &self.settings.currency().value, DecimalMark::Point)
    }

    /// A short hash of everything by which a file of a kind is read but KPIs: headers, tokens, currency, time zone.
    #[must_use]
    pub fn reading_hash(&self, kind: UploadKind) -> String {
        let (headers, tokens, currency) = self.reading_parts(kind);
        let text = match kind {
            UploadKind::Kpis => to_canonical_json(&(headers, tokens, currency)),
            _ => to_canonical_json(&(headers, tokens, currency, self.zone.name())),
        };
        short_hash(text)
    }

    /// The hash that stood for all KPIs that there were, whether a file named them or not, before each upload kept
    /// its own.
    #[must_use]
    pub fn reading_hash_of_all_kpis(&self) -> String {
        let (headers, tokens, currency) = self.reading_parts(UploadKind::Kpis);
        let best = |kpi: &KpiDefinition| kpi.scale.map(|scale| scale.best);
        let definitions = self.dictionary.definitions().iter();
        let kpis: Vec<(&str, Option<Unit>, Option<f64>)> =
            definitions.map(|d| (d.kpi_name.as_str(), d.unit, best(d))).collect();
        short_hash(to_canonical_json(&(kpis, &self.aliases, headers, tokens, currency)))
    }

    fn reading_parts(&self, kind: UploadKind) -> ReadingParts {
        let headers = self.settings.column_aliases(kind).into_iter();
        let headers = headers
            .map(|(field, headers)| (field, headers.into_iter().map(|header| header.value).collect()))
            .collect();
        (headers, self.settings.missing_tokens().value, self.settings.currency().value)
    }

    /// The rules by which snapshots are taken.
    #[must_use]
    pub fn for_snapshots<'r>(&'r self, series: &'r SeriesSet, config: ScoringConfigId) -> SnapshotRules<'r> {
        let settings = self.settings;
        SnapshotRules {
            scorer: Scorer::new(&self.scoring, &self.dictionary, series),
            series,
            config,
            zone: self.zone,
            recommender: &self.recommender,
            window: Box::new(move |kind, account| settings.cooldown(kind, Some(account)).value),
        }
    }

    /// Where a definition comes from.
    #[must_use]
    pub fn origin_of(&self, definition: &KpiDefinition) -> DefinitionOrigin {
        let origin = self.origins.get(&kpi_key(&definition.kpi_name));
        origin.copied().unwrap_or(DefinitionOrigin::Catalogue)
    }
}

/// Headers that the settings add by field, what stands for no value, and the currency.
type ReadingParts = (Vec<(String, Vec<String>)>, Vec<String>, String);

/// Plain text and finite numbers always have a JSON.
fn short_hash(text: serde_json::Result<String>) -> String {
    sha256_hex(text.unwrap_or_default().as_bytes()).chars().take(16).collect()
}

/// Whether a name leads to the KPI of this full name.
#[must_use]
pub fn leads_to(dictionary: &KpiDictionary, name: &str, kpi: &str) -> bool {
    let found = dictionary.find(name);
    found.is_some_and(|found| loose_key(&found.definition.kpi_name) == loose_key(kpi))
}

/// Reads what a customer says of its KPIs, as the database keeps it.
pub(super) fn parse_records(texts: &[String]) -> Result<Vec<KpiRecord>> {
    let parse = |text: &String| {
        serde_json::from_str(text).map_err(|error| {
            let message = format!("a KPI definition that was kept cannot be read ({error})");
            Error::new(ErrorKind::Damaged, message).with_hint("restore a backup")
        })
    };
    texts.iter().map(parse).collect()
}
