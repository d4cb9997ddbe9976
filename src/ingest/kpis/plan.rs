//! How the values of a table are laid out, and what its columns are for that.
//!
//! Nothing is guessed: a column for the KPI and one for the value make the long layout; a KPI column and periods, or
//! columns of KPIs, a wide one; accounts as columns are only ever said.

use super::fields::KpiField;
use super::long::Long;
use super::reader::{KpiReader, Rules};
use super::wide::{self, Wide};
use crate::error::{Error, Result};
use crate::ingest::columns::{ColumnReading, Columns, Field, Ranks};
use crate::ingest::note::Notes;
use crate::ingest::refusal::quoted;
use crate::ingest::sample::Sample;
use crate::ingest::source::Source;
use crate::ingest::tables::OpenTable;
use crate::model::names::loose_key;
use crate::model::reading::Layout;

/// Up to this rank a header can be of nothing but the value; `score` and `amount` may be KPIs themselves.
const SURELY_VALUE: usize = 1;

/// How a table is read.
pub(super) enum Plan {
    /// One value a row.
    Long(Long),
    /// Several values a row.
    Wide(Wide),
}

/// What a layout is found by.
#[derive(Clone, Copy)]
pub(super) struct Seen<'t> {
    /// The file's name, for messages.
    pub(super) name: &'t str,
    /// The number of the table.
    pub(super) table: usize,
    pub(super) headers: &'t [String],
    /// Its first rows; empty where nothing but the headers counts.
    pub(super) sample: &'t Sample,
    pub(super) ranks: &'t Ranks<KpiField>,
    pub(super) maps: &'t [(String, String)],
    pub(super) rules: &'t Rules<'t>,
}

impl Seen<'_> {
    /// The columns of the table, of which some fields alone are looked for.
    ///
    /// # Errors
    /// They cannot be told apart.
    pub(super) fn columns(&self, ranks: &Ranks<KpiField>) -> Result<Columns<KpiField>> {
        Columns::of_headers(self.name, self.headers.iter().map(String::as_str), ranks, self.maps)
    }

    /// The best rank under which a field has a column; 0 where the caller says which.
    fn rank(&self, field: KpiField) -> Option<usize> {
        if self.maps.iter().any(|(_, to)| KpiField::parse(to) == Some(field)) {
            return Some(0);
        }
        let is_mapped = |header: &str| {
            let mut columns = self.maps.iter().map(|(column, _)| column);
            columns.any(|column| column.trim() == header || loose_key(column) == loose_key(header))
        };
        let ranks = self.headers.iter().filter(|header| !is_mapped(header));
        let ranks = ranks.filter_map(|header| self.ranks.find(header).filter(|(found, _)| *found == field));
        ranks.map(|(_, rank)| rank).min()
    }

    /// Whether the headers name the KPI and the value of each row, or one of them where no other layout would do.
    fn is_long(&self) -> bool {
        let value = self.rank(KpiField::Value);
        match self.rank(KpiField::Kpi) {
            Some(_) => value.is_some() || !self.is_by_period(),
            None => value.is_some_and(|rank| rank <= SURELY_VALUE),
        }
    }

    /// Whether each row names its KPI, and columns are its periods.
    fn is_by_period(&self) -> bool {
        self.rank(KpiField::Kpi).is_some() && self.headers.iter().any(|header| wide::is_period(self, header))
    }
}

impl Plan {
    /// Finds out how a table is laid out, unless the caller says so.
    ///
    /// # Errors
    /// It lacks a column that its layout needs, or its columns cannot be told apart.
    pub(super) fn of(
        source: &Source,
        table: &mut OpenTable<'_>,
        ranks: &Ranks<KpiField>,
        maps: &[(String, String)],
        rules: &Rules<'_>,
    ) -> Result<Self> {
        let (headers, number) = (table.region.header().to_vec(), table.number);
        let none = Sample::default();
        let seen =
            Seen { name: source.name(), table: number, headers: &headers, sample: &none, ranks, maps, rules };
        let layout = source.table().layout;
        if layout == Layout::Long || (layout == Layout::Auto && seen.is_long()) {
            return Self::long(&seen, layout);
        }
        let seen = Seen { sample: table.first_rows()?, ..seen };
        let wide = match layout {
            Layout::Transposed => wide::transposed(&seen)?,
            _ if seen.is_by_period() => wide::by_period(&seen)?,
            _ => wide::by_kpi(&seen)?,
        };
        match wide {
            Some(wide) => Ok(Self::Wide(wide)),
            // What a file that is of no layout lacks is told in the terms of the plainest one.
            None if layout == Layout::Auto => Self::long(&seen, layout),
            None => Err(wide::without_values(&seen, layout)?),
        }
    }

    fn long(seen: &Seen<'_>, layout: Layout) -> Result<Self> {
        let long = Long::new(seen.table, seen.columns(seen.ranks)?, seen.rules.given_account.is_some());
        match long {
            Ok(long) => Ok(Self::Long(long)),
            Err(error) => Err(Self::or_wide(error, seen, layout)),
        }
    }

    /// Says beside the error that a value column makes a file long, where it has no column for the KPI.
    fn or_wide(error: Error, seen: &Seen<'_>, layout: Layout) -> Error {
        if layout != Layout::Auto
            || seen.rank(KpiField::Kpi).is_some()
            || seen.rank(KpiField::Value).is_none()
        {
            return error;
        }
        let examples = KpiField::Kpi.examples();
        error.with_hint(format!(
            "name one of them {examples}; or, where each column is a KPI, say --layout wide"
        ))
    }

    /// Tells of the columns of a wide table that are not read, and of a layout that could have been another.
    pub(super) fn note(&self, rules: &Rules<'_>, notes: &mut Notes) {
        match self {
            Self::Long(long) => {
                note_wide_too(&long.columns, rules, notes);
            }
            Self::Wide(wide) => wide.note(notes),
        }
    }

    /// Reads every row of the table; of a long one, tells of the columns that are not read.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub(super) fn read(
        &self,
        table: &mut OpenTable<'_>,
        reader: &mut KpiReader<'_>,
        notes: &mut Notes,
    ) -> Result<()> {
        match self {
            Self::Long(long) => long.read(table, reader, notes),
            Self::Wide(wide) => wide.read(table, reader, notes),
        }
    }

    /// What every column was read as.
    pub(super) fn reading(&self) -> ColumnReading {
        match self {
            Self::Long(long) => long.columns.reading(),
            Self::Wide(wide) => wide.reading(),
        }
    }

    /// How the table is laid out; never `auto`.
    pub(super) fn layout(&self) -> Layout {
        match self {
            Self::Long(_) => Layout::Long,
            Self::Wide(wide) => wide.layout(),
        }
    }
}

/// Tells where a file in the long layout has columns that are called as KPIs are, too.
fn note_wide_too(columns: &Columns<KpiField>, rules: &Rules<'_>, notes: &mut Notes) {
    let mut kpis = columns.others().filter(|(_, header)| rules.dictionary.find(header).is_some());
    if let Some((_, kpi)) = kpis.next() {
        notes.add("layout", || {
            format!(
                "columns {} and {} make one value of each row; {} is a KPI, too, and --layout wide would read it",
                quoted(&columns.header(KpiField::Kpi)),
                quoted(&columns.header(KpiField::Value)),
                quoted(kpi)
            )
        });
    }
}
