//! How the values of a table are laid out, and what its columns are for that.
//!
//! Nothing is guessed: a column for the KPI and one for the value make the long layout; a KPI column and periods, or
//! columns of KPIs, a wide one; accounts as columns are only ever said.

use super::fields::KpiField;
use super::long::Long;
use super::reader::{KpiReader, Rules};
use super::wide::{self, Wide};
use crate::error::{Error, Result};
use crate::ingest::columns::{ColumnReading, Columns, Field, Ranks, column_of};
use crate::ingest::note::Notes;
use crate::ingest::refusal;
use crate::ingest::refusal::quoted;
use crate::ingest::sample::Sample;
use crate::ingest::source::Source;
use crate::ingest::tables::OpenTable;
use crate::model::names::loose_key;
use crate::model::reading::{HeaderRow, Layout};

/// Up to this rank a header can be of nothing but the value; `score` and `amount` may be KPIs themselves.
const SURELY_VALUE: usize = 1;

/// Last words of headers that are those of periods, whatever stands before them.
const PERIODS: [&str; 3] = ["period", "month", "quarter"];

/// What stands before the name of a KPI that a map gives a column.
const KPI_NAMED: &str = "kpi:";

/// Gives columns the names of KPIs that maps say (`COLUMN=kpi:NAME`), and gives the other maps.
///
/// # Errors
/// There is no such column.
fn name_kpis(file: &str, headers: &mut [String], maps: &[(String, String)]) -> Result<Vec<(String, String)>> {
    let mut others = Vec::with_capacity(maps.len());
    for (column, field) in maps {
        let Some(kpi) = field.strip_prefix(KPI_NAMED) else {
            others.push((column.clone(), field.clone()));
            continue;
        };
        let place = column_of(file, headers, column)?;
        if let Some(header) = headers.get_mut(place) {
            kpi.trim().clone_into(header);
        }
    }
    Ok(others)
}

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
    /// Whether the rows themselves say which columns hold no values.
    pub(super) is_said: bool,
}

impl Seen<'_> {
    /// The columns of the table, of which some fields alone are looked for.
    ///
    /// # Errors
    /// They cannot be told apart.
    pub(super) fn columns(&self, ranks: &Ranks<KpiField>) -> Result<Columns<KpiField>> {
        let headers = self.headers.iter().map(String::as_str);
        let mut columns = Columns::of_headers(self.name, headers, ranks, self.maps)?;
        if columns.index(KpiField::Date).is_none()
            && let Some(column) = self.period_column(&columns)
        {
            columns.take(KpiField::Date, column);
        }
        Ok(columns)
    }

    /// The only column whose header ends in a word for a period, such as `Release Period`.
    fn period_column(&self, columns: &Columns<KpiField>) -> Option<usize> {
        let is_period = |header: &str| {
            let words: Vec<&str> =
                header.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
            // A day of the month is none.
            let is_part = words.iter().any(|word| word.eq_ignore_ascii_case("of"));
            let last = words.last();
            !is_part
                && last.is_some_and(|last| PERIODS.iter().any(|period| last.eq_ignore_ascii_case(period)))
        };
        let mut found = columns.others().filter(|(_, header)| is_period(header)).map(|(column, _)| column);
        found.next().filter(|_| found.next().is_none())
    }

    /// The best rank under which a field has a column; 0 where the caller says which.
    pub(super) fn rank(&self, field: KpiField) -> Option<usize> {
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
        let (mut headers, number) = (table.header().to_vec(), table.number);
        let maps = &name_kpis(source.name(), &mut headers, maps)?;
        let none = Sample::default();
        let layout = match source.table().layout {
            Layout::Auto => table.said().map_or(Layout::Auto, |said| said.layout),
            given => given,
        };
        let is_said = table.said().is_some_and(|said| said.layout != Layout::Auto && said.layout == layout);
        let (name, headers, sample) = (source.name(), &headers, &none);
        let seen = Seen { name, table: number, headers, sample, ranks, maps, rules, is_said };
        let is_told = seen.rank(KpiField::Kpi).is_some() && seen.rank(KpiField::Value).is_some();
        if layout != Layout::Long && !is_told {
            wide::refuse_yearless(&seen)?;
        }
        if layout == Layout::Long || (layout == Layout::Auto && seen.is_long()) {
            return Self::long(&seen, layout);
        }
        let is_one_of_many = table.is_one_of_many;
        let may_lack_header = source.table().header == HeaderRow::Auto && table.said().is_none();
        let seen = Seen { sample: table.first_rows()?, ..seen };
        if may_lack_header {
            wide::refuse_headerless(&seen)?;
        }
        let wide = match layout {
            Layout::Transposed => wide::transposed(&seen)?,
            _ if seen.is_by_period() => wide::by_period(&seen)?,
            _ => wide::by_kpi(&seen)?,
        };
        match wide {
            // Beside other sheets, a list of names and numbers is as likely to be anything else.
            Some(wide)
                if is_one_of_many
                    && seen.maps.is_empty()
                    && layout == Layout::Auto
                    && !wide.knows_a_kpi(rules) =>
            {
                let what = "has no column of a KPI that is known";
                let hint = "where its columns are KPIs all the same: --layout wide, with --sheet NAME";
                Err(refusal::file(source.name(), what, hint))
            }
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
            || !error.message().contains("no column for the KPI")
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

    /// The columns that hold values, of a wide table.
    pub(super) fn values(&self) -> Vec<usize> {
        match self {
            Self::Long(_) => Vec::new(),
            Self::Wide(wide) => wide.value_columns().collect(),
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
