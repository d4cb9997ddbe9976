//! The tables of a file that are to be read: the one of a text, or every sheet of a workbook that fits.

use super::columns::{PASSED_OVER, column_at};
use super::convention::Conventions;
use super::note::Notes;
use super::options::{SetAside, TableRead};
use super::records::Records;
use super::refusal::{self, quoted};
use super::region::{HeaderJudge, Only, Region};
use super::rejects::{Part, READING, TableSaid};
use super::sample::Sample;
use super::source::Source;
use super::table::Record;
use super::workbook::{Sheet, Workbook};
use crate::error::{Error, ErrorKind, Result};
use crate::model::names::name_key;
use crate::model::rejection::SHEET_STRIDE;

/// One table of a file, about to be read.
pub(super) struct OpenTable<'a> {
    /// Its place among the tables of the file, from 0.
    pub(super) number: usize,
    /// The sheet that it is; None of a text.
    pub(super) sheet: Option<&'a str>,
    /// Its header and rows.
    pub(super) region: Region<'a>,
    /// Whether it is one of several sheets that are looked at, and nobody named it.
    pub(super) is_one_of_many: bool,
    /// The headers; of columns that are to be passed over, a word for that.
    header: Vec<String>,
    /// What its rows say of themselves.
    said: Option<&'a TableSaid>,
    /// Those of its rows that were looked at and are yet to be read.
    sample: Sample,
}

impl<'a> OpenTable<'a> {
    fn new(number: usize, sheet: Option<&'a str>, region: Region<'a>) -> Self {
        let header = region.header().to_vec();
        Self { number, sheet, region, is_one_of_many: false, header, said: None, sample: Sample::default() }
    }

    /// The part of it at this place alone, with what its rows say of themselves.
    fn of_part(mut self, parts: &[Part<'a>], place: usize) -> Self {
        let Some(part) = parts.get(place) else { return self };
        let column = self.header.iter().position(|header| header.trim() == READING);
        if let Some(column) = column.filter(|_| parts.len() > 1) {
            let others = || parts.iter().skip(1).map(|part| part.text.to_owned()).collect();
            let others = (place == 0).then(others);
            self.region.keep_only(Only { column, text: part.text.to_owned(), others });
        }
        for name in &part.table.passed_over {
            let header = column_at(self.region.header(), name).and_then(|column| self.header.get_mut(column));
            header.into_iter().for_each(|header| PASSED_OVER.clone_into(header));
        }
        self.said = Some(part.table);
        self
    }

    /// The headers; of columns that are to be passed over, a word for that.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// What its rows say of themselves.
    pub(super) fn said(&self) -> Option<&'a TableSaid> {
        self.said
    }

    /// Looks at the first rows, which are read like all others later.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn first_rows(&mut self) -> Result<&Sample> {
        self.sample.fill(&mut self.region)?;
        Ok(&self.sample)
    }

    /// The next row, whether it was looked at or not.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next_row(&mut self) -> Result<Option<Record<'_>>> {
        if self.sample.has_next() { Ok(self.sample.next_row()) } else { self.region.next_row() }
    }
}

impl OpenTable<'_> {
    /// Tells the conventions of the file what is known of the table before its rows are read.
    pub(super) fn tell(&self, conventions: &Conventions) {
        let (_, delimiter) = self.region.dialect();
        let delimiter = if self.sheet.is_none() { Some(delimiter) } else { None };
        let headers = self.header.iter().map(String::as_str);
        conventions.open_table(self.number, headers, delimiter, self.sheet, self.said);
    }

    /// What a line of the table counts from in the file: 0, or where the lines of its sheet begin.
    pub(super) fn first_line(&self) -> u64 {
        let number = if self.sheet.is_some() { self.number as u64 } else { 0 };
        number.saturating_mul(u64::from(SHEET_STRIDE))
    }

    /// What is known of it, but for its columns.
    pub(super) fn read(&self) -> TableRead {
        let set_aside = self.region.set_aside().iter().map(|aside| SetAside {
            line: aside.line,
            kind: aside.kind.code(),
            text: aside.text.clone(),
        });
        TableRead {
            number: self.number,
            sheet: self.sheet.map(str::to_owned),
            header_line: self.region.header_line(),
            set_aside: set_aside.collect(),
            ..TableRead::default()
        }
    }
}

/// Reads the tables of a file one after the other.
///
/// `fit` looks at a table and says how it is to be read; `read` reads it. Of several sheets those that do not fit are
/// passed over, and told; where none fits, that is the error. Returns the SHA-256 of the file.
///
/// # Errors
/// Those of `fit`, where the file has one table or none that fits, and those of `read`.
pub(super) fn each_table<P>(
    source: &Source,
    judge: &dyn HeaderJudge,
    on_progress: &mut (dyn FnMut(u64) + Send),
    notes: &mut Notes,
    mut fit: impl FnMut(&mut OpenTable<'_>, &mut Notes) -> Result<P>,
    mut read: impl FnMut(&mut OpenTable<'_>, P, &mut Notes) -> Result<()>,
) -> Result<[u8; 32]> {
    let parts = source.said()?.parts(0);
    // A rejects file of several parts is small.
    let mut no_progress: Vec<fn(u64)> = vec![|_| {}; parts.len()];
    let mut tables = Tables { source, judge, notes, fit: &mut fit, read: &mut read };
    if let Some(workbook) = source.workbook()? {
        tables.sheets(workbook)?;
        return source.sha256();
    }
    source.note_encoding(tables.notes);
    if parts.len() > 1 {
        for (place, no_progress) in no_progress.iter_mut().enumerate() {
            let region = Region::of(source, place, Records::open(source, no_progress)?, judge)?;
            tables.one(OpenTable::new(place, None, region).of_part(&parts, place))??;
        }
        return source.sha256();
    }
    let sha256 = std::thread::scope(|scope| {
        let records = Records::open_ahead(scope, source, on_progress)?;
        let region = Region::of(source, 0, records, judge)?;
        region.note_dialect(tables.notes);
        let table = tables.one(OpenTable::new(0, None, region).of_part(&parts, 0))??;
        match table.region.finish()? {
            Some(sha256) => Ok(sha256),
            None => source.sha256(),
        }
    })?;
    source.confirm_sha256(sha256)?;
    Ok(sha256)
}

/// The tables of a file, and what is done with each.
struct Tables<'a, 'n, 'f, P> {
    source: &'a Source,
    judge: &'n dyn HeaderJudge,
    notes: &'n mut Notes,
    fit: &'f mut dyn FnMut(&mut OpenTable<'_>, &mut Notes) -> Result<P>,
    read: &'f mut dyn FnMut(&mut OpenTable<'_>, P, &mut Notes) -> Result<()>,
}

impl<'a, P> Tables<'a, '_, '_, P> {
    /// Reads a table, where it fits; else gives why it does not.
    fn one(&mut self, mut table: OpenTable<'a>) -> Result<Result<OpenTable<'a>>> {
        let mut notes = Notes::default();
        let plan = match (self.fit)(&mut table, &mut notes) {
            Ok(plan) => plan,
            // Of a table without rows its columns matter little.
            Err(error)
                if error.kind() == ErrorKind::InputRefused && table.first_rows()?.rows().next().is_none() =>
            {
                let hint = "give a file with rows below the header";
                return Ok(Err(refusal::file(self.source.name(), "has a header but no rows", hint)));
            }
            Err(error) if error.kind() == ErrorKind::InputRefused => return Ok(Err(error)),
            Err(error) => return Err(error),
        };
        (self.read)(&mut table, plan, &mut notes)?;
        table.region.note(&mut notes);
        self.notes.append(notes, table.sheet);
        Ok(Ok(table))
    }

    /// Reads every sheet that fits, or the one that is asked for.
    fn sheets(&mut self, workbook: &'a Workbook) -> Result<()> {
        for (code, message) in &workbook.notes {
            self.notes.add(code, || message.clone());
        }
        let mut unfit = Vec::new();
        let mut read = 0_usize;
        let chosen = self.chosen(workbook)?;
        let is_one_of_many = chosen.len() > 1;
        for (number, sheet) in chosen {
            let parts = self.source.said()?.parts(number);
            for place in 0..parts.len().max(1) {
                let region = match Region::of(self.source, number, Records::of_sheet(sheet), self.judge) {
                    Ok(region) => region,
                    Err(error) if error.kind() == ErrorKind::InputRefused => {
                        unfit.push((sheet, error));
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                let table = OpenTable::new(number, Some(&sheet.name), region).of_part(&parts, place);
                match self.one(OpenTable { is_one_of_many, ..table })? {
                    Ok(_) => read += 1,
                    Err(error) => unfit.push((sheet, error)),
                }
            }
        }
        if read == 0 {
            return Err(none_fits(self.source, workbook, unfit));
        }
        for (sheet, error) in unfit {
            let why = without_columns(error.message(), self.source.name());
            self.notes
                .add("sheet_not_read", || format!("sheet {} was not read: it {why}", quoted(&sheet.name)));
        }
        Ok(())
    }

    /// The sheets that are looked at, with their numbers: those with cells that are not hidden, or the one that is
    /// asked for.
    fn chosen(&mut self, workbook: &'a Workbook) -> Result<Vec<(usize, &'a Sheet)>> {
        let sheets = workbook.sheets.iter().enumerate();
        let Some(wanted) = &self.source.table().sheet else {
            let (hidden, shown): (Vec<_>, Vec<_>) =
                sheets.filter(|(_, sheet)| sheet.rows() > 0).partition(|(_, sheet)| sheet.hidden);
            for (_, sheet) in hidden {
                let name = quoted(&sheet.name);
                let told = format!("sheet {name} is hidden and was not read: --sheet {name} reads it");
                self.notes.add("sheet_hidden", || told);
            }
            return Ok(shown);
        };
        let key = name_key(wanted);
        let found: Vec<_> = sheets.filter(|(_, sheet)| name_key(&sheet.name) == key).collect();
        if found.is_empty() {
            let what = format!("has no sheet {}; its sheets are {}", quoted(wanted), listed(workbook));
            return Err(refusal::file(self.source.name(), &what, "name one of them with --sheet"));
        }
        Ok(found)
    }
}

/// The error of a workbook of which no sheet fits: that of its only sheet, or what every one lacks.
fn none_fits(source: &Source, workbook: &Workbook, mut unfit: Vec<(&Sheet, Error)>) -> Error {
    let hidden = workbook.sheets.iter().filter(|sheet| sheet.hidden && sheet.rows() > 0);
    let hidden: Vec<String> = hidden.map(|sheet| quoted(&sheet.name)).collect();
    let hidden_too = |hint: &str| match hidden.as_slice() {
        [] => hint.to_owned(),
        names => format!("{hint}; hidden sheets are read by --sheet NAME: {}", names.join(", ")),
    };
    if unfit.len() == 1
        && let Some((sheet, error)) = unfit.pop()
    {
        let why = error.message().strip_prefix(source.name()).unwrap_or(error.message()).trim_start();
        let what = format!("(sheet {}) {why}", quoted(&sheet.name));
        return refusal::file(
            source.name(),
            &what,
            &hidden_too(error.hint().unwrap_or("give a sheet with rows")),
        );
    }
    if unfit.is_empty() {
        let what = "is empty: no sheet that is shown has a cell";
        return refusal::file(source.name(), what, &hidden_too("give a workbook with rows"));
    }
    let lines = unfit.iter().map(|(sheet, error)| {
        format!("sheet {} {}", quoted(&sheet.name), without_columns(error.message(), source.name()))
    });
    let lines = lines.take(SHEETS_LISTED).collect();
    let hint = unfit.first().and_then(|(_, error)| error.hint()).unwrap_or("name the sheet with --sheet");
    let hint = hidden_too(hint);
    let total = unfit.len() as u64;
    refusal::file(source.name(), "has no sheet that can be read so", &hint)
        .with_details(Vec::new(), total)
        .with_summary(lines)
}

/// How many sheets an error lists.
const SHEETS_LISTED: usize = 30;

fn listed(workbook: &Workbook) -> String {
    let names: Vec<String> =
        workbook.sheets.iter().take(SHEETS_LISTED).map(|sheet| quoted(&sheet.name)).collect();
    names.join(", ")
}

/// What an error says of a file, without the file's name and the list of its columns.
fn without_columns<'m>(message: &'m str, name: &str) -> &'m str {
    let what = message.strip_prefix(name).unwrap_or(message).trim_start();
    what.split_once("; its columns are").map_or(what, |(what, _)| what)
}
