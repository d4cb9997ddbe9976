//! `[retention.TYPE]`: how long snapshots of a type are kept.
//!
//! Only the rules as written; what they let go of is planned elsewhere.

use toml::de::DeValue;

use super::origin::Placed;
use super::reader::TableReader;
use super::scalar::{Mismatch, length, whole};
use crate::model::retention::{Keep, RetentionPolicy};
use crate::model::snapshot::kind::SnapshotType;

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
    let default = read_table(reader, "default");
    let by_type = SnapshotType::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, read_table(reader, kind.code())?)))
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

/// One retention table, which keeps something where it is there.
fn read_table(reader: &mut TableReader<'_, '_>, key: &'static str) -> Option<Placed<RetentionPolicy>> {
    let problems = reader.count_problems();
    let policy = reader.optional_section(key, read_policy)?;
    if policy.value.is_empty() && reader.count_problems() == problems {
        reader.wrong(
            &policy,
            "expected rules that keep more than each account's newest snapshot, got none; give keep_all, day, week, month, \
             quarter, year or a min of at least 2, or leave the table out: then everything is kept for a year, month ends \
             for five, quarter ends for ever",
        );
    }
    Some(policy)
}

fn keep(value: &DeValue<'_>) -> Result<Keep, Mismatch> {
    const EXPECTED: &str = "a count, a duration such as \"12mo\", or \"all\"";
    match value {
        DeValue::String(text) if text.trim() == "all" => Ok(Keep::All),
        DeValue::String(_) => length(value).map(Keep::For).map_err(|_| Mismatch::expected(EXPECTED)),
        _ => whole(0..=u32::MAX, EXPECTED)(value).map(Keep::Count),
    }
}
