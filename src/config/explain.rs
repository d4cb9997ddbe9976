//! Every setting of a customer with its value and origin, for `config show --explain`.
//!
//! Every key stands in it, in a fixed order, also where nobody set it. It is told in text; nothing is printed.

use std::fmt::Display;

use serde::Serialize;

use super::kpi::KpiEntry;
use super::origin::{Origin, Resolved};
use super::settings::CustomerSettings;
use super::spot::quoted;
use crate::model::duration::Span;
use crate::model::event::EventType;
use crate::model::health::config::{Prefer, TrendWindow};
use crate::model::kpi::Category;
use crate::model::retention::RetentionPolicy;
use crate::model::snapshot::kind::SnapshotType;
use crate::model::upload::UploadKind;

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SettingLine {
    /// The key, e.g. `cooldown.event_driven`.
    pub key: String,
    /// The value that holds, as text.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The types that have a cooldown.
const COOLED: [SnapshotType; 3] =
    [SnapshotType::EventDriven, SnapshotType::PostHealthCalc, SnapshotType::RagAuto];

impl CustomerSettings<'_> {
    /// Every setting, in a fixed order.
    #[must_use]
    pub fn explain(&self) -> Vec<SettingLine> {
        let mut lines = Lines::default();
        self.explain_globals(&mut lines);
        self.explain_events(&mut lines);
        self.explain_schedule(&mut lines);
        self.explain_health(&mut lines);
        self.explain_retention(&mut lines);
        self.explain_files(&mut lines);
        self.explain_lists(&mut lines);
        lines.0
    }

    fn explain_globals(&self, lines: &mut Lines) {
        lines.add("database", self.config.database().map(|path| path.display().to_string()));
        lines.add("customer", self.config.customer());
        lines.add("actor", self.config.actor());
        lines.add("timezone", self.timezone().map(chrono_tz::Tz::name));
        lines.add("currency", self.currency());
        lines.add("fiscal_year_starts", self.fiscal_year_starts());
    }

    fn explain_events(&self, lines: &mut Lines) {
        lines.add("events.enabled", self.events_enabled());
        lines.add("events.types", self.event_types().map(|types| codes(&types)));
        for kind in COOLED {
            lines.add(format!("cooldown.{kind}"), self.cooldown(kind, None).map(shown));
        }
        for (name, own) in self.customer.iter().flat_map(|customer| customer.accounts.values()) {
            for kind in COOLED.into_iter().filter(|kind| own.of(*kind).is_some()) {
                let cooldown = self.cooldown(kind, Some(name)).map(shown);
                lines.add(format!("accounts.{}.cooldown.{kind}", quoted(name)), cooldown);
            }
        }
    }

    fn explain_schedule(&self, lines: &mut Lines) {
        for rule in self.schedule() {
            lines.add(format!("schedule.{}", quoted(&rule.value.name)), rule);
        }
    }

    fn explain_health(&self, lines: &mut Lines) {
        lines.add("health.prefer", self.prefer().map(preference));
        for (category, weight) in Category::ALL.into_iter().zip(self.weights()) {
            lines.add(format!("health.weights.{}", quoted(category.name())), weight);
        }
        lines.add("health.bands.at_risk_from", self.at_risk_from());
        lines.add("health.bands.healthy_from", self.healthy_from());
        lines.add("trend.window", self.trend_window().map(show_window));
        lines.add("trend.points", self.trend_points());
        lines.add("significance.points", self.significance_points());
        lines.add("significance.revenue_percent", self.significance_revenue_percent());
    }

    fn explain_retention(&self, lines: &mut Lines) {
        for kind in SnapshotType::ALL {
            let policy = self.retention(kind).map(|policy| policy.map(|policy| policy.to_string()));
            let standard = || Resolved::default_of(RetentionPolicy::standard().to_string());
            lines.add(format!("retention.{kind}"), policy.unwrap_or_else(standard));
        }
    }

    fn explain_files(&self, lines: &mut Lines) {
        let fallback = self.encoding_fallback().map(|name| name.unwrap_or_else(|| "none".to_owned()));
        lines.add("ingest.encoding_fallback", fallback);
        lines.add("missing.tokens", self.missing_tokens().map(|tokens| tokens.join(", ")));
        for kind in UploadKind::ALL {
            let key = format!("aliases.{}", kind.name());
            let aliases = self.column_aliases(kind);
            lines.none_if(aliases.is_empty(), &key);
            for (field, headers) in aliases {
                for header in headers {
                    lines.add(format!("{key}.{}", quoted(&field)), header);
                }
            }
        }
    }

    fn explain_lists(&self, lines: &mut Lines) {
        let presets = self.presets();
        lines.none_if(presets.is_empty(), "presets");
        for (name, preset) in presets {
            lines.add(format!("presets.{}", quoted(&name)), preset);
        }
        let recommendations = self.recommendations();
        lines.none_if(recommendations.is_empty(), "recommend");
        for recommend in recommendations {
            let key = format!("recommend.{}", quoted(&recommend.value.playbook));
            lines.add(key, recommend.map(|recommend| format!("when {}", recommend.when.written())));
        }
        let kpis = self.kpis();
        lines.none_if(kpis.is_empty(), "kpi");
        for kpi in kpis {
            lines.add(format!("kpi.{}", quoted(&kpi.value.name)), kpi.map(|kpi| show_kpi(&kpi)));
        }
    }
}

#[derive(Debug, Default)]
struct Lines(Vec<SettingLine>);

impl Lines {
    fn add(&mut self, key: impl Into<String>, setting: Resolved<impl Display>) {
        self.0.push(SettingLine {
            key: key.into(),
            value: setting.value.to_string(),
            origin: setting.origin,
        });
    }

    /// A table that nobody wrote is shown as such.
    fn none_if(&mut self, is_empty: bool, key: &str) {
        if is_empty {
            self.add(key, Resolved::default_of("none"));
        }
    }
}

fn codes(types: &[EventType]) -> String {
    types.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ")
}

fn preference(prefer: Prefer) -> &'static str {
    super::health::PREFERENCES.iter().find(|(_, known)| *known == prefer).map_or("newest", |(name, _)| *name)
}

fn show_window(window: TrendWindow) -> String {
    match window {
        TrendWindow::Millis(millis) => shown(millis),
        TrendWindow::Snapshots(count) => format!("{count} snapshots"),
    }
}

fn show_kpi(entry: &KpiEntry) -> String {
    let definition = entry.definition.as_ref().and_then(|kpi| {
        let (category, scale) = kpi.scoring()?;
        let unit = kpi.unit.map_or("no unit", |unit| unit.name());
        let points = scale.points().map(|point| point.to_string());
        Some(format!("{category}, {unit}, {}, {}", scale.direction.name(), points.join(" / ")))
    });
    let aliases = (!entry.aliases.is_empty()).then(|| format!("aliases {}", entry.aliases.join(" | ")));
    definition.into_iter().chain(aliases).collect::<Vec<_>>().join(", ")
}
/// A fixed duration as it would be written.
fn shown(millis: i64) -> String {
    Span::from_seconds(millis / 1000).to_string()
}
