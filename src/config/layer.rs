//! Everything that can be said for everyone and again for one customer.
//!
//! A layer holds only what was written; what holds in the end is `settings`' business.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::health::{self, HealthSection, SignificanceSection, TrendSection};
use super::kpi::{self, KpiEntry};
use super::origin::Placed;
use super::preset::{self, Aliases, Preset};
use super::reader::TableReader;
use super::retention::{self, RetentionSection};
use super::scalar::{self, boolean, encoding, millis, texts, whole};
use super::schedule;
use crate::model::event::EventType;
use crate::model::names::loose_key;
use crate::model::recommendation::RecommendRule;
use crate::model::schedule::ScheduleRule;
use crate::model::snapshot::kind::SnapshotType;

/// The settings of everyone, or of one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    pub(super) timezone: Option<Placed<Tz>>,
    pub(super) currency: Option<Placed<String>>,
    pub(super) fiscal_year_starts: Option<Placed<u32>>,
    pub(super) events_enabled: Option<Placed<bool>>,
    pub(super) event_types: Option<Placed<Vec<EventType>>>,
    pub(super) cooldown: Cooldowns,
    pub(super) schedule: Option<Placed<Vec<Placed<ScheduleRule>>>>,
    pub(super) health: HealthSection,
    pub(super) trend: TrendSection,
    pub(super) significance: SignificanceSection,
    pub(super) retention: RetentionSection,
    pub(super) encoding_fallback: Option<Placed<String>>,
    pub(super) missing_tokens: Option<Placed<Vec<String>>>,
    pub(super) aliases: Aliases,
    pub(super) presets: BTreeMap<String, Placed<Preset>>,
    pub(super) recommendations: Option<Placed<Vec<Placed<RecommendRule>>>>,
    pub(super) kpis: Vec<Placed<KpiEntry>>,
}

/// `[cooldown]` of one scope, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cooldowns {
    event_driven: Option<Placed<i64>>,
    post_health_calc: Option<Placed<i64>>,
    rag_auto: Option<Placed<i64>>,
}

impl Cooldowns {
    /// The cooldown of a type; manual and scheduled snapshots have none.
    pub(super) fn of(&self, kind: SnapshotType) -> Option<&Placed<i64>> {
        match kind {
            SnapshotType::EventDriven => self.event_driven.as_ref(),
            SnapshotType::PostHealthCalc => self.post_health_calc.as_ref(),
            SnapshotType::RagAuto => self.rag_auto.as_ref(),
            SnapshotType::Manual | SnapshotType::Scheduled => None,
        }
    }
}

/// Reads the keys of a layer out of the table they stand in.
pub(super) fn read_layer(reader: &mut TableReader<'_, '_>) -> Layer {
    let month = whole(1..=12, "the number of a month, 1 to 12");
    let (events_enabled, event_types) = reader.section("events", |events| {
        let types = EventType::ALL.map(|kind| (kind.code(), kind));
        (events.get("enabled", boolean), events.get("types", scalar::some_of(&types)))
    });
    Layer {
        timezone: reader.get("timezone", scalar::time_zone),
        currency: reader.get("currency", scalar::currency),
        fiscal_year_starts: reader.get("fiscal_year_starts", month),
        events_enabled,
        event_types,
        cooldown: reader.section("cooldown", read_cooldowns),
        schedule: read_schedule(reader),
        health: reader.section("health", health::read_health),
        trend: reader.section("trend", health::read_trend),
        significance: reader.section("significance", health::read_significance),
        retention: reader.section("retention", retention::read_section),
        encoding_fallback: reader.section("ingest", |ingest| ingest.get("encoding_fallback", encoding)),
        missing_tokens: reader.section("missing", |missing| missing.get("tokens", texts)),
        aliases: reader.section("aliases", preset::read_aliases),
        presets: read_presets(reader),
        recommendations: reader.list("recommend", schedule::read_recommendation),
        kpis: read_kpis(reader),
    }
}

/// Reads `[cooldown]`.
pub(super) fn read_cooldowns(reader: &mut TableReader<'_, '_>) -> Cooldowns {
    reader.refuse("manual", "expected no cooldown here: manual snapshots are never stopped by one");
    reader.refuse(
        "scheduled",
        "expected no cooldown here: how often scheduled snapshots are taken is for [[schedule]] to say",
    );
    Cooldowns {
        event_driven: reader.get("event_driven", millis),
        post_health_calc: reader.get("post_health_calc", millis),
        rag_auto: reader.get("rag_auto", millis),
    }
}

fn read_schedule(reader: &mut TableReader<'_, '_>) -> Option<Placed<Vec<Placed<ScheduleRule>>>> {
    let rules = reader.list("schedule", schedule::read_rule)?;
    reader.refuse_twins(&rules.value, |rule| rule.name.clone(), "schedule rule");
    Some(rules)
}

fn read_presets(reader: &mut TableReader<'_, '_>) -> BTreeMap<String, Placed<Preset>> {
    let presets = reader.named_tables("presets", preset::read_preset);
    presets
        .into_iter()
        .map(|Placed { value: (name, preset), key, place }| (name, Placed { value: preset, key, place }))
        .collect()
}

fn read_kpis(reader: &mut TableReader<'_, '_>) -> Vec<Placed<KpiEntry>> {
    let entries = reader.list("kpi", kpi::read_entry).map_or_else(Vec::new, |list| list.value);
    reader.refuse_twins(&entries, |entry| loose_key(&entry.name), "kpi");
    entries
}
