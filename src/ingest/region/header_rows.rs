//! Headers of several rows: names of groups above the names, names below groups, and labels or units below the names.
//!
//! It must never swallow a row: what is taken below the names says in its form, and in that of the rows after it,
//! that it is none.

use std::ops::Range;

use super::class::Class;
use super::header::Finder;
use super::held::Looked;

/// The longest name of a group, in bytes.
const LONGEST_GROUP: usize = 100;
/// In how many columns a row of labels has to differ from the rows below it, and how long a label is in bytes at least.
const LABELS_DIFFER: usize = 5;
const SHORTEST_LABEL: usize = 3;
/// How many rows of labels there may be.
const MOST_LABELS: usize = 3;
/// What rows of units say.
const UNITS: [&str; 34] = [
    "%", "percent", "pct", "$", "usd", "€", "eur", "£", "gbp", "hours", "hour", "h", "hrs", "minutes", "min",
    "seconds", "s", "days", "day", "d", "weeks", "months", "years", "count", "number", "#", "score",
    "points", "ratio", "n", "text", "date", "id", "ms",
];

/// A header of one row or of several.
#[derive(Debug)]
pub(super) struct HeaderRows {
    /// The names, as they stand or joined.
    pub(super) cells: Vec<String>,
    /// The records that it is made of, with the labels below it.
    pub(super) places: Range<usize>,
}

impl HeaderRows {
    /// The header around the record at `place`.
    pub(super) fn around(
        finder: &Finder<'_>,
        records: &[Looked],
        place: usize,
        may_join_above: bool,
    ) -> Self {
        let as_they_stand = |record: &Looked| record.held.record().cells().map(str::to_owned).collect();
        let mut rows = Self {
            cells: records.get(place).map(as_they_stand).unwrap_or_default(),
            places: place..place + 1,
        };
        if let Some(above) = place.checked_sub(1).filter(|above| may_join_above && is_groups(records, *above))
        {
            rows.join(finder, records, above, place);
            rows.places.start = above;
        } else if is_below_groups(finder, records, place) {
            rows.join(finder, records, place, place + 1);
            rows.places.end = place + 2;
        }
        for _ in 0..MOST_LABELS {
            if !is_labels(finder, records, rows.places.end) {
                break;
            }
            rows.places.end += 1;
        }
        rows
    }

    /// `Group Name` where a group spans several columns; a name that is known and stands once needs no group.
    fn join(&mut self, finder: &Finder<'_>, records: &[Looked], upper: usize, lower: usize) {
        let (Some(upper), Some(lower)) = (records.get(upper), records.get(lower)) else { return };
        let width = upper.len().max(lower.len());
        let mut group = "";
        self.cells = (0..width)
            .map(|column| {
                let (above, name) = (upper.cell(column), lower.cell(column));
                if !above.is_empty() {
                    group = above;
                }
                let is_once = (0..width).filter(|other| lower.cell(*other) == name).count() == 1;
                match (group, name) {
                    (_, "") => above.to_owned(),
                    ("", name) => name.to_owned(),
                    (group, name) if group == name || (is_once && finder.knows(name)) => name.to_owned(),
                    (group, name) => format!("{group} {name}"),
                }
            })
            .collect();
    }
}

fn is_texts(record: &Looked) -> bool {
    (0..record.len()).all(|column| {
        matches!(record.class(column), Class::Text | Class::Blank)
            && record.cell(column).len() <= LONGEST_GROUP
    })
}

/// Whether a record above the names has names of groups: two or more that span columns.
fn is_groups(records: &[Looked], place: usize) -> bool {
    let (Some(groups), Some(names)) = (records.get(place), records.get(place + 1)) else { return false };
    let spans = |column: &usize| {
        let next = column + 1;
        groups.class(*column) != Class::Blank
            && groups.class(next) == Class::Blank
            && names.class(next) != Class::Blank
    };
    let has_names = (0..groups.len())
        .all(|column| groups.class(column) == Class::Blank || names.class(column) != Class::Blank);
    !names.after_gap && is_texts(groups) && has_names && (0..names.len()).filter(spans).count() >= 2
}

/// Whether the record below has the names that a header of groups leaves open, and rows below it have data there.
fn is_below_groups(finder: &Finder<'_>, records: &[Looked], place: usize) -> bool {
    let (Some(groups), Some(names)) = (records.get(place), records.get(place + 1)) else { return false };
    let last =
        (0..groups.len()).rev().find(|column| groups.class(*column) != Class::Blank).unwrap_or_default();
    // A column is open where its group's name stands further left, and is its own where it has a name alone.
    let same = |one: usize, other: usize| groups.cell(one) == groups.cell(other);
    let is_open = |column: usize| {
        groups.class(column) == Class::Blank || column.checked_sub(1).is_some_and(|left| same(left, column))
    };
    let is_group = |column: usize| is_open(column) || (column < last && is_open(column + 1));
    let fits = |column: usize| {
        let (above, name) = (groups.cell(column), names.cell(column));
        if is_open(column) { !name.is_empty() } else { name.is_empty() || name == above || is_group(column) }
    };
    let inner = (0..=last).filter(|column| is_open(*column)).count();
    let differs = |column: usize| {
        is_group(column)
            && names.class(column) == Class::Text
            && finder.below(place + 1, column).is_some_and(Class::is_data)
    };
    let wide = groups.filled >= 2 && names.filled < groups.len().max(names.len()) + 1;
    wide && inner > 0
        && !names.after_gap
        && is_texts(names)
        && (0..=last).all(fits)
        && (last + 1..names.len()).all(|column| names.class(column) == Class::Blank)
        && (0..=last).any(differs)
}

/// Whether a record below the header says in other words, or in units or ids, what its columns are.
fn is_labels(finder: &Finder<'_>, records: &[Looked], place: usize) -> bool {
    let Some(record) = records.get(place).filter(|record| !record.after_gap && record.filled >= 2) else {
        return false;
    };
    let cells = || (0..record.len()).map(|column| record.cell(column)).filter(|cell| !cell.is_empty());
    if cells().all(|cell| cell.starts_with("{\"ImportId\"") && cell.ends_with('}')) {
        return true;
    }
    let data: Vec<usize> =
        (0..record.len()).filter(|column| finder.below(place, *column).is_some_and(Class::is_data)).collect();
    let is_unit = |cell: &str| {
        let cell = cell.trim_matches(['(', ')', '[', ']']);
        UNITS.iter().any(|unit| cell.eq_ignore_ascii_case(unit))
    };
    if !data.is_empty() && cells().all(is_unit) {
        return true;
    }
    let mut names: Vec<&str> = data.iter().map(|column| record.cell(*column)).collect();
    names.sort_unstable();
    names.dedup();
    let is_full = record.filled * 5 >= record.len() * 4;
    let is_text = |column: usize| matches!(record.class(column), Class::Text | Class::Blank);
    is_full
        && data.len() >= LABELS_DIFFER
        && names.len() == data.len()
        && names.iter().all(|name| name.len() >= SHORTEST_LABEL)
        && data.iter().all(|column| record.class(*column) == Class::Text)
        && (0..record.len()).all(is_text)
}
