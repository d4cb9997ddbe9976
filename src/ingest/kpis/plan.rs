//! How the values of a table are laid out, and what its columns are for that.
//!
//! Nothing is guessed: a column for the KPI and one for the value make the long layout; a KPI column and periods, or
//! columns of KPIs, a wide one; accounts as columns are only ever said.

use super::fields::KpiField;
use super::long::Long;
use super::named::Named;
use super::reader::{KpiReader, Rules};
use super::wide::{self, Wide};
use crate::error::{Error, Result};
use crate::ingest::columns::{ColumnReading, Columns, Field, Ranks};
use crate::ingest::note::Notes;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::sample::Sample;
use crate::ingest::source::Source;
use crate::ingest::tables::OpenTable;
use crate::model::reading::Layout;

/// Up to this rank a header can be of nothing but the value; `score` and `amount` may be KPIs themselves.
const SURELY_VALUE: usize = 1;

/// Last words of headers that are those of periods, whatever stands before them.
const PERIODS: [&str; 3] = ["period", "month", "quarter"];

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
    /// What the caller said of columns.
    pub(super) named: &'t Named,
    pub(super) rules: &'t Rules<'t>,
}

impl Seen<'_> {
    /// The columns of the table, of which some fields alone are looked for.
    ///
    /// # Errors
    /// They cannot be told apart.
    pub(super) fn columns(&self, ranks: &Ranks<KpiField>) -> Result<Columns<KpiField>> {
        let headers = self.headers.iter().map(String::as_str);
        let mut columns = Columns::of_headers(self.name, headers, ranks, self.named.maps())?;
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
    fn rank(&self, field: KpiField) -> Option<usize> {
        if self.named.says(field) {
            return Some(0);
        }
        let free = self.headers.iter().enumerate().filter(|(column, _)| !self.named.is_mapped(*column));
        let ranks = free.filter_map(|(_, header)| self.ranks.find(header).filter(|(found, _)| *found == field));
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

    /// Checks that rows do not name their KPIs where the caller says that a column holds one.
    ///
    /// # Errors
    /// They do.
    fn check_named(&self, layout: Layout) -> Result<()> {
        let is_wide = match layout {
            Layout::Auto => self.rank(KpiField::Kpi).is_none(),
            Layout::Wide => !self.named.says(KpiField::Kpi),
            Layout::Long | Layout::Transposed => false,
        };
        if is_wide || self.named.kpis().is_empty() {
            return Ok(());
        }
        let what = "cannot have rows that name their KPI, and a column that is given one by --map";
        let hint = "take the kpi:NAME out of --map, or, where every column is a KPI, say --layout wide";
        Err(refusal::file(self.name, what, hint))
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
        let (name, headers, number) = (source.name(), table.region.header().to_vec(), table.number);
        let named = &Named::of(name, &headers, maps)?;
        let none = Sample::default();
        let seen = Seen { name, table: number, headers: &headers, sample: &none, ranks, named, rules };
        let layout = source.table().layout;
        seen.check_named(layout)?;
        let has_named = !named.kpis().is_empty();
        if layout == Layout::Long || (layout == Layout::Auto && !has_named && seen.is_long()) {
            return Self::long(&seen, layout);
        }
        let seen = Seen { sample: table.first_rows()?, ..seen };
        let wide = match layout {
            Layout::Transposed => wide::transposed(&seen)?,
            _ if !has_named && seen.is_by_period() => wide::by_period(&seen)?,
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

    /// Says beside the error of a file without a column for the KPI how a column is made one itself.
    fn or_wide(error: Error, seen: &Seen<'_>, layout: Layout) -> Error {
        if layout != Layout::Auto || seen.rank(KpiField::Kpi).is_some() || !lacks_kpi(&error) {
            return error;
        }
        let examples = KpiField::Kpi.examples();
        let or = match seen.rank(KpiField::Value) {
            Some(_) => "where each column is a KPI, say --layout wide",
            None => "where a column is a KPI itself, say which: --map 'COLUMN=kpi:NAME'",
        };
        error.with_hint(format!("name one of them {examples}; or, {or}"))
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

fn lacks_kpi(error: &Error) -> bool {
    error.message().contains("no column for the KPI")
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
