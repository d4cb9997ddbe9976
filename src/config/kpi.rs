//! `[[kpi]]`: definitions that add to the built-in catalogue or override it, and names that lead to them.
//!
//! A definition from the file obeys the same law as the catalogue's: four points in strict order.

use toml::de::DeValue;

use super::reader::TableReader;
use super::scalar::{Mismatch, number, one_of, text, texts};
use crate::model::kpi::points::{GivenPoints, POINT_NAMES};
use crate::model::kpi::{Category, Direction, KpiDefinition, Scale, Unit};
use crate::model::suggest::nearest;

/// One `[[kpi]]`: a definition, more names for a KPI, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct KpiEntry {
    /// The KPI's name; with `definition` it is the definition's own.
    pub name: String,
    /// What the KPI is; None where the entry only adds names to a KPI defined elsewhere.
    pub definition: Option<KpiDefinition>,
    /// Further names that lead to it.
    pub aliases: Vec<String>,
}

const DIRECTIONS: [(&str, Direction); 2] = [("higher", Direction::Higher), ("lower", Direction::Lower)];

/// The keys that make an entry a definition.
const DEFINING: [&str; 7] =
    ["category", "unit", "direction", "worst", "critical_edge", "healthy_edge", "best"];

/// Reads one `[[kpi]]`.
pub(super) fn read_entry(reader: &mut TableReader<'_, '_>) -> Option<KpiEntry> {
    let name = reader.require("name", text);
    let aliases = reader.get("aliases", texts);
    let defines = !reader.has("aliases") || DEFINING.iter().any(|key| reader.has(key));
    let definition = read_definition(reader, name.as_ref().map_or("", |name| &name.value), defines);
    if defines && definition.is_none() {
        return None;
    }
    Some(KpiEntry {
        name: name?.value,
        definition,
        aliases: aliases.map_or_else(Vec::new, |list| list.value),
    })
}

/// Reads the definition's keys; those that it cannot do without are demanded only where there shall be one.
fn read_definition(reader: &mut TableReader<'_, '_>, name: &str, defines: bool) -> Option<KpiDefinition> {
    let units = Unit::ALL.map(|unit| (unit.name(), unit));
    if !defines {
        DEFINING.iter().for_each(|key| reader.know(key));
        return None;
    }
    let category = reader.require("category", category);
    let unit = reader.get("unit", one_of(&units));
    let direction = reader.require("direction", one_of(&DIRECTIONS));
    let worst = reader.get("worst", number);
    let critical_edge = reader.require("critical_edge", number);
    let healthy_edge = reader.require("healthy_edge", number);
    let best = reader.get("best", number);
    let (critical, healthy) = (critical_edge?, healthy_edge?);
    let healthy_place = healthy.clone();
    let given = GivenPoints {
        worst: worst.as_ref().map(|point| point.value),
        critical_edge: critical.value,
        healthy_edge: healthy.value,
        best: best.as_ref().map(|point| point.value),
    };
    let (category, direction) = (category?.value, direction?.value);
    let scale = Scale::new(direction, given.complete());
    if let Err(fault) = &scale {
        let written = [worst, Some(critical), Some(healthy), best];
        let places = POINT_NAMES.into_iter().zip(written).filter(|(name, _)| *name == fault.point);
        // A point that was left out follows from the edges, so the message stands at one of these.
        match places.filter_map(|(_, point)| point).next() {
            Some(point) => reader.wrong(&point, fault.message.clone()),
            None => reader.wrong(&healthy_place, format!("{}: {}", fault.point, fault.message)),
        }
        return None;
    }
    let unit = unit.map(|unit| unit.value);
    let kpi_name = name.to_owned();
    Some(KpiDefinition { kpi_name, category: Some(category), unit, scale: scale.ok() })
}

/// A category by its name, as the health section takes it too.
pub(super) fn category(value: &DeValue<'_>) -> Result<Category, Mismatch> {
    let name = value.as_str().unwrap_or_default();
    Category::parse(name).ok_or_else(|| unknown_category(name))
}

/// What to say of a name that is no category's.
pub(super) fn unknown_category(name: &str) -> Mismatch {
    let names = Category::ALL.map(Category::name);
    let suggestion = nearest(name, names).map(|name| format!("'{name}'"));
    Mismatch { suggestion, ..Mismatch::expected(format!("one of {}", names.join(", "))) }
}
