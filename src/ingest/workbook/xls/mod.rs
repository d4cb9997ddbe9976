//! `.xls` of Excel 5 to 2003, by calamine, out of a compound file that was checked first.
//!
//! calamine follows a compound file's chains without an end, sets memory aside for the extent that a sheet claims,
//! and lays out each sheet's whole extent. So the container is read by `cfb`, which refuses chains that turn back;
//! the one stream that holds the cells is looked through by [`records`]; and calamine is given that stream alone, in a
//! container that was made here.

mod records;
mod texts;

use std::io::{Cursor, Read, Seek, Write};

use calamine::{Data, Reader, SheetType, SheetVisible, Xls};

use super::budget::Budget;
use super::fault::Fault;
use super::merges::Merge;
use super::sheet::{Cells, Kind, Sheet};
use super::{Workbook, text};
use records::{Percents, Records};

/// Bytes of the stream of cells: 65,536 rows of 256 numbers in each of four sheets are as many.
const MAX_STREAM: u64 = 512 << 20;
/// Streams of a compound file that is an encrypted `.xlsx`: [MS-OFFCRYPTO] 2.3.4.
const ENCRYPTED: [&str; 2] = ["/EncryptedPackage", "/EncryptionInfo"];
/// Streams that hold the cells: of Excel 97 and later, and of Excel 5.
const STREAMS: [&str; 2] = ["/Workbook", "/Book"];

/// Reads all sheets of cells.
pub(super) fn read(file: &mut (impl Read + Seek), size: u64) -> Result<Workbook, Fault> {
    file.rewind()?;
    let mut compound = cfb::CompoundFile::open(file)?;
    if ENCRYPTED.iter().any(|stream| compound.exists(stream)) {
        return Err(Fault::Encrypted);
    }
    let stream = STREAMS.iter().find(|stream| compound.is_stream(stream));
    let stream = stream.ok_or(Fault::Foreign("an OLE2 compound file"))?;
    let mut bytes = Vec::new();
    compound.open_stream(stream)?.take(size.min(MAX_STREAM)).read_to_end(&mut bytes)?;
    let records = Records::look_through(&mut bytes)?;
    read_sheets(Xls::new(contained(stream, &bytes)?)?, &records)
}

/// A compound file of that one stream.
fn contained(stream: &str, bytes: &[u8]) -> Result<Cursor<Vec<u8>>, Fault> {
    // calamine knows no root entry of version 4 without short streams.
    let mut compound = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    compound.create_stream(stream)?.write_all(bytes)?;
    compound.flush()?;
    Ok(compound.into_inner())
}

fn read_sheets(mut book: Xls<Cursor<Vec<u8>>>, records: &Records) -> Result<Workbook, Fault> {
    let (mut workbook, mut budget) = (Workbook::default(), Budget::new());
    let listed = book.sheets_metadata().to_vec();
    for (index, sheet) in listed.iter().enumerate() {
        if listed.iter().take(index).any(|other| other.name == sheet.name) {
            return Err(Fault::broken(format!("two sheets are called {:?}", sheet.name)));
        }
        if sheet.typ == SheetType::WorkSheet {
            let percents = records.percents(index);
            workbook.sheets.push(read_sheet(&mut book, sheet, percents, &mut budget)?);
        } else {
            workbook.skipped(&sheet.name);
        }
    }
    Ok(workbook)
}

fn read_sheet(
    book: &mut Xls<Cursor<Vec<u8>>>,
    listed: &calamine::Sheet,
    percents: &Percents,
    budget: &mut Budget,
) -> Result<Sheet, Fault> {
    let is_1904 = book.has_1904_epoch();
    let merged: Vec<_> = book.merge_cells_by_sheet_name(&listed.name)?.into_iter().map(Merge::from).collect();
    let range = book.worksheet_range(&listed.name)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut cells = Cells::new(budget)?;
    for (row, values) in (first_row..).zip(range.rows()) {
        for (column, value) in (first_column..).zip(values) {
            let is_percent = percents.contains(&(row, column));
            cells.write((row, column), |arena| write(arena, value, is_percent, is_1904))?;
        }
    }
    let hidden = listed.visible != SheetVisible::Visible;
    cells.finish(listed.name.clone(), hidden, &merged)
}

fn write(arena: &mut String, value: &Data, is_percent: bool, is_1904: bool) -> Kind {
    match value {
        Data::Empty => Kind::Amount,
        Data::String(text) => {
            arena.push_str(text);
            Kind::Label
        }
        #[expect(clippy::cast_precision_loss, reason = "a workbook's numbers are all 64-bit floats")]
        Data::Int(value) => number(arena, *value as f64, is_percent),
        Data::Float(value) => number(arena, *value, is_percent),
        Data::Bool(value) => text::truth(arena, *value),
        Data::DateTime(moment) => text::serial(arena, *moment, is_1904),
        Data::DateTimeIso(moment) => text::iso_moment(arena, moment),
        Data::DurationIso(duration) => text::iso_duration(arena, duration),
        Data::Error(error) => {
            arena.push_str(&error.to_string());
            Kind::Amount
        }
    }
}

fn number(arena: &mut String, value: f64, is_percent: bool) -> Kind {
    if is_percent { text::percent(arena, value) } else { text::number(arena, value) }
}
