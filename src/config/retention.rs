//! `[retention.TYPE]`: how long snapshots of a type are kept.
//!
//! Only the rules as written; what they let go of is planned elsewhere.

use std::fmt;

use toml::de::DeValue;

use super::origin::Placed;
use super::reader::TableReader;
use super::scalar::{Mismatch, length, whole};
use crate::model::duration::Span;
use crate::model::snapshot::kind::SnapshotType;

/// How much of the last snapshots of each day, week, month, quarter or year is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Of that many periods.
    Count(u32),
    /// Of the periods that began no longer ago.
    For(Span),
    /// Of all periods.
    All,
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::For(length) => write!(f, "{length}"),
            Self::All => f.write_str("all"),
        }
    }
}

/// One retention table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// Every snapshot is kept for so long.
    pub keep_all: Option<Span>,
    /// One of each day.
    pub day: Option<Keep>,
    /// One of each ISO week.
    pub week: Option<Keep>,
    /// One of each month.
    pub month: Option<Keep>,
    /// One of each quarter.
    pub quarter: Option<Keep>,
    /// One of each year.
    pub year: Option<Keep>,
    /// So many of the newest are kept whatever the rest says; at least 1.
    pub min: u32,
}

impl fmt::Display for RetentionPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(length) = self.keep_all {
            write!(f, "keep_all {length}, ")?;
        }
        let periods = [
            ("day", self.day),
            ("week", self.week),
            ("month", self.month),
            ("quarter", self.quarter),
            ("year", self.year),
        ];
        for (name, keep) in periods {
            if let Some(keep) = keep {
                write!(f, "{name} {keep}, ")?;
            }
        }
        write!(f, "min {}", self.min)
    }
}

/// The retention tables of one scope, by type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RetentionSection {
    by_type: Vec<(SnapshotType, Placed<RetentionPolicy>)>,
    default: Option<Placed<RetentionPolicy>>,
}

impl RetentionSection {
    /// The table of a type, else the one for all types.
    pub(super) fn of(&self, kind: SnapshotType) -> Option<&Placed<RetentionPolicy>> {
        let own = self.by_type.iter().find(|(named, _)| *named == kind).map(|(_, policy)| policy);
        own.or(self.default.as_ref())
    }
}

/// Reads `[retention]`.
pub(super) fn read_section(reader: &mut TableReader<'_, '_>) -> RetentionSection {
    let default = reader.optional_section("default", read_policy);
    let by_type = SnapshotType::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, reader.optional_section(kind.code(), read_policy)?)))
        .collect();
    RetentionSection { by_type, default }
}

fn read_policy(reader: &mut TableReader<'_, '_>) -> RetentionPolicy {
    let keep_all = reader.get("keep_all", length).map(|length| length.value);
    let mut period = |key| reader.get(key, keep).map(|keep| keep.value);
    let (day, week, month) = (period("day"), period("week"), period("month"));
    let (quarter, year) = (period("quarter"), period("year"));
    let min = reader.get("min", whole(1..=u32::MAX, "a whole number of at least 1"));
    RetentionPolicy { keep_all, day, week, month, quarter, year, min: min.map_or(1, |min| min.value) }
}

fn keep(value: &DeValue<'_>) -> Result<Keep, Mismatch> {
    const EXPECTED: &str = "a count, a duration such as \"12mo\", or \"all\"";
    match value {
        DeValue::String(text) if text.trim() == "all" => Ok(Keep::All),
        DeValue::String(_) => length(value).map(Keep::For).map_err(|_| Mismatch::expected(EXPECTED)),
        _ => whole(0..=u32::MAX, EXPECTED)(value).map(Keep::Count),
    }
}
