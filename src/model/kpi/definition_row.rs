//! One row of a definition file: cells in, a definition out, or every fault that keeps it from being one.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::points::GivenPoints;
use super::{Category, Direction, KpiDefinition, Scale, Unit};
use crate::error::Detail;
use crate::model::names::loose_key;

/// A fault of one cell, with the cell's text shortened to 80 characters.
pub(super) fn fault(
    line: u64,
    column: &'static str,
    value: &str,
    code: &str,
    message: String,
    hint: Option<String>,
) -> Detail {
    let value = Some(value.chars().take(80).collect());
    Detail {
        line: Some(line),
        column: Some(column.to_owned()),
        value,
        code: code.to_owned(),
        message,
        hint,
        sheet: None,
    }
}

/// One record of the file; every cell is read before any fault ends it, so that all are told at once.
pub(super) struct Row<'p, 'r> {
    /// Where each column stands in the file.
    pub(super) places: &'p BTreeMap<&'static str, usize>,
    /// The record itself, trimmed.
    pub(super) record: &'r StringRecord,
    /// Physical line on which it begins, from 1.
    pub(super) line: u64,
    /// Where its faults go.
    pub(super) faults: &'p mut Vec<Detail>,
}

impl<'r> Row<'_, 'r> {
    /// The cell's text; empty where the record is too short.
    pub(super) fn cell(&self, column: &'static str) -> &'r str {
        self.places.get(column).and_then(|place| self.record.get(*place)).unwrap_or("")
    }

    fn fail(&mut self, column: &'static str, code: &str, message: String) {
        self.faults.push(fault(self.line, column, self.cell(column), code, message, None));
    }

    /// The record's definition; None where a fault was told.
    pub(super) fn definition(&mut self) -> Option<KpiDefinition> {
        let kpi_name = self.name();
        let category = self.one_of("category", &Category::ALL.map(Category::name), Category::parse);
        let unit = self.unit();
        let direction = self.one_of("direction", &["higher", "lower"], Direction::parse);
        let scale = self.scale(direction);
        Some(KpiDefinition {
            kpi_name: kpi_name?,
            category: Some(category?),
            unit: unit?,
            scale: Some(scale?),
        })
    }

    fn name(&mut self) -> Option<String> {
        let name = self.cell("kpi_name");
        if loose_key(name).is_empty() {
            self.fail("kpi_name", "missing_name", "expected a KPI's name with letters or digits".into());
            return None;
        }
        Some(name.to_owned())
    }

    fn one_of<T>(
        &mut self,
        column: &'static str,
        names: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column);
        let parsed = parse(text);
        if parsed.is_none() {
            let message = format!("expected one of {}, got '{text}'", names.join(", "));
            self.fail(column, &format!("unknown_{column}"), message);
        }
        parsed
    }

    /// The outer option says whether the cell could be read, the inner one whether there is a unit.
    fn unit(&mut self) -> Option<Option<Unit>> {
        if self.cell("unit").is_empty() {
            return Some(None);
        }
        self.one_of("unit", &Unit::ALL.map(Unit::name), Unit::parse).map(Some)
    }

    fn scale(&mut self, direction: Option<Direction>) -> Option<Scale> {
        let worst = self.outer_point("worst");
        let critical_edge = self.number("critical_edge");
        let healthy_edge = self.number("healthy_edge");
        let best = self.outer_point("best");
        let points = GivenPoints {
            worst: worst?,
            critical_edge: critical_edge?,
            healthy_edge: healthy_edge?,
            best: best?,
        }
        .complete();
        match Scale::new(direction?, points) {
            Ok(scale) => Some(scale),
            Err(fault) => {
                self.fail(fault.point, "points_out_of_order", fault.message);
                None
            }
        }
    }

    fn outer_point(&mut self, column: &'static str) -> Option<Option<f64>> {
        if self.cell(column).is_empty() { Some(None) } else { self.number(column).map(Some) }
    }

    fn number(&mut self, column: &'static str) -> Option<f64> {
        let text = self.cell(column);
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.fail(
                column,
                "not_a_number",
                format!("expected a plain number such as 12.5 in the KPI's unit, got '{text}'"),
            );
        }
        number
    }
}
