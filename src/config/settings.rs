//! The settings of one customer: account beats customer beats everyone beats default.
//!
//! It looks up and never checks; whatever it can give was checked when the file was read.

use chrono_tz::Tz;

use super::Config;
use super::file::CustomerLayer;
use super::layer::Layer;
use super::origin::{Origin, Placed, Resolved};
use crate::model::event::EventType;
use crate::model::health::config::{Bands, Prefer, SignificancePolicy, TrendPolicy, TrendWindow};
use crate::model::kpi::Category;
use crate::model::names::name_key;
use crate::model::snapshot::kind::SnapshotType;

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;

/// The default weights, in the order of [`Category::ALL`] (HEALTH.md, "Category, overall, band").
const WEIGHTS: [f64; 5] = [0.20, 0.20, 0.20, 0.25, 0.15];

/// Texts that withdraw a value (HEALTH.md, "Reading a value"); compared without regard to case.
const MISSING_TOKENS: [&str; 9] = ["-", "—", "N/A", "#N/A", "#DIV/0!", "none", "null", "TBD", "nan"];

/// What holds for one customer.
#[derive(Debug, Clone, Copy)]
pub struct CustomerSettings<'c> {
    pub(super) config: &'c Config,
    pub(super) customer: Option<&'c CustomerLayer>,
}

impl Config {
    /// The settings of a customer that has one name, or is not there yet; names are compared as everywhere, case and
    /// spaces aside.
    #[must_use]
    pub fn for_customer(&self, name: &str) -> CustomerSettings<'_> {
        CustomerSettings { config: self, customer: self.file.customers.get(&name_key(name)) }
    }

    /// The settings of a customer by every name it ever had, its present one first: the section of the first of them
    /// that has one holds.
    #[must_use]
    pub fn for_customer_known_as(&self, names: &[String]) -> CustomerSettings<'_> {
        let customer = names.iter().find_map(|name| self.file.customers.get(&name_key(name)));
        CustomerSettings { config: self, customer }
    }

    /// Whether any customer has a section of its own.
    #[must_use]
    pub fn has_customer_sections(&self) -> bool {
        !self.file.customers.is_empty()
    }

    /// Whether a customer of exactly this name has a section of its own.
    #[must_use]
    pub fn has_section_of(&self, name: &str) -> bool {
        self.file.customers.contains_key(&name_key(name))
    }
}

impl<'c> CustomerSettings<'c> {
    /// The customer that a flag named, for one run alone: a command to be copied has to name it again.
    #[must_use]
    pub fn customer_of_flag(&self) -> Option<String> {
        let customer = self.config.customer();
        matches!(customer.origin, Origin::Flag(_)).then_some(customer.value)
    }

    /// The zone of calendar slots, periods and shown instants.
    #[must_use]
    pub fn timezone(&self) -> Resolved<Tz> {
        self.pick(|layer| layer.timezone.as_ref(), || Tz::UTC)
    }

    /// The ISO 4217 code of money, in capitals.
    #[must_use]
    pub fn currency(&self) -> Resolved<String> {
        self.pick(|layer| layer.currency.as_ref(), || "USD".to_owned())
    }

    /// The month in which the fiscal year starts, 1 to 12.
    #[must_use]
    pub fn fiscal_year_starts(&self) -> Resolved<u32> {
        self.pick(|layer| layer.fiscal_year_starts.as_ref(), || 1)
    }

    /// Whether changes publish events at all.
    #[must_use]
    pub fn events_enabled(&self) -> Resolved<bool> {
        self.pick(|layer| layer.events_enabled.as_ref(), || true)
    }

    /// Which events are published; naming a mere trigger has no effect.
    #[must_use]
    pub fn event_types(&self) -> Resolved<Vec<EventType>> {
        self.pick(|layer| layer.event_types.as_ref(), || EventType::ALL.to_vec())
    }

    /// The cooldown of a snapshot type in milliseconds, for an account by name or for the whole customer.
    ///
    /// Manual and scheduled snapshots have none: 0.
    #[must_use]
    pub fn cooldown(&self, kind: SnapshotType, account_name: Option<&str>) -> Resolved<i64> {
        let account = account_name.and_then(|name| self.customer?.accounts.get(&name_key(name)));
        if let Some(own) = account.and_then(|(_, cooldowns)| cooldowns.of(kind)) {
            return self.config.resolved(own);
        }
        self.pick(
            |layer| layer.cooldown.of(kind),
            || match kind {
                SnapshotType::EventDriven | SnapshotType::PostHealthCalc => 5 * MINUTE_MILLIS,
                SnapshotType::RagAuto => 30 * MINUTE_MILLIS,
                SnapshotType::Manual | SnapshotType::Scheduled => 0,
            },
        )
    }

    /// Whether an account of exactly this name has a section of its own.
    #[must_use]
    pub fn has_section_of_account(&self, name: &str) -> bool {
        self.customer.is_some_and(|customer| customer.accounts.contains_key(&name_key(name)))
    }

    /// Which scores hold.
    #[must_use]
    pub fn prefer(&self) -> Resolved<Prefer> {
        self.pick(|layer| layer.health.prefer.as_ref(), || Prefer::Newest)
    }

    /// The category weights as given, in the order of [`Category::ALL`]; their sum is positive, not always 1.
    #[must_use]
    pub fn weights(&self) -> [Resolved<f64>; 5] {
        Category::ALL.map(|category| {
            let place = category.index();
            self.pick(
                |layer| layer.health.weights.get(place)?.as_ref(),
                || WEIGHTS.get(place).copied().unwrap_or(0.0),
            )
        })
    }

    /// The score from which an account is at risk, and no longer critical.
    #[must_use]
    pub fn at_risk_from(&self) -> Resolved<f64> {
        self.pick(|layer| layer.health.at_risk_from.as_ref(), || 100.0 / 3.0)
    }

    /// The score from which an account is healthy.
    #[must_use]
    pub fn healthy_from(&self) -> Resolved<f64> {
        self.pick(|layer| layer.health.healthy_from.as_ref(), || 200.0 / 3.0)
    }

    /// Both limits of the bands.
    #[must_use]
    pub fn bands(&self) -> Bands {
        Bands { at_risk_from: self.at_risk_from().value, healthy_from: self.healthy_from().value }
    }

    /// How far back a trend looks.
    #[must_use]
    pub fn trend_window(&self) -> Resolved<TrendWindow> {
        self.pick(|layer| layer.trend.window.as_ref(), || TrendWindow::Millis(30 * DAY_MILLIS))
    }

    /// How many points make a trend.
    #[must_use]
    pub fn trend_points(&self) -> Resolved<f64> {
        self.pick(|layer| layer.trend.points.as_ref(), || 3.0)
    }

    /// When a score is improving or declining.
    #[must_use]
    pub fn trend(&self) -> TrendPolicy {
        TrendPolicy { window: self.trend_window().value, points: self.trend_points().value }
    }

    /// How many points make a change significant.
    #[must_use]
    pub fn significance_points(&self) -> Resolved<f64> {
        self.pick(|layer| layer.significance.points.as_ref(), || 5.0)
    }

    /// How many percent of revenue make a change significant.
    #[must_use]
    pub fn significance_revenue_percent(&self) -> Resolved<f64> {
        self.pick(|layer| layer.significance.revenue_percent.as_ref(), || 10.0)
    }

    /// When a change since the last snapshot is significant.
    #[must_use]
    pub fn significance(&self) -> SignificancePolicy {
        SignificancePolicy {
            points: self.significance_points().value,
            revenue_percent: self.significance_revenue_percent().value,
        }
    }

    /// The encoding in which files are read that are not Unicode, by name; None refuses them.
    #[must_use]
    pub fn encoding_fallback(&self) -> Resolved<Option<String>> {
        let said = self.layers().find_map(|layer| layer.encoding_fallback.as_ref());
        said.map_or_else(|| Resolved::default_of(None), |placed| self.config.resolved(placed).map(Some))
    }

    /// The texts that withdraw a value, each once; compared without regard to case.
    #[must_use]
    pub fn missing_tokens(&self) -> Resolved<Vec<String>> {
        self.pick(|layer| layer.missing_tokens.as_ref(), || MISSING_TOKENS.map(str::to_owned).to_vec())
    }

    /// The layers that say something about this customer, most specific first.
    pub(super) fn layers(&self) -> impl Iterator<Item = &'c Layer> + use<'c> {
        self.customer.map(|customer| &customer.layer).into_iter().chain([&self.config.file.everyone])
    }

    /// The first layer's value, else the default.
    pub(super) fn pick<T: Clone + 'c>(
        &self,
        choose: impl Fn(&'c Layer) -> Option<&'c Placed<T>>,
        default: impl FnOnce() -> T,
    ) -> Resolved<T> {
        let chosen = self.layers().find_map(choose);
        chosen.map_or_else(|| Resolved::default_of(default()), |placed| self.config.resolved(placed))
    }
}
