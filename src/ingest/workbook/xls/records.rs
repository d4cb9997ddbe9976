//! The records of a stream of cells, looked through before calamine lays them out: how far each sheet really
//! reaches, whether it is encrypted, and which cells show percent, which calamine does not tell.
//!
//! Claims and formulas are taken out of the stream on the way: nothing here asks for them, and calamine would set
//! memory aside for the ones and follow addresses in the others. It must never change a value.
//!
//! The layout is that of [MS-XLS] 2.3 and 2.4, Excel 97 and later, which Excel 5 shares in all that is read here.

use std::collections::{HashMap, HashSet};

use super::texts;
use crate::ingest::workbook::fault::Fault;
use crate::ingest::workbook::format::is_percent;

/// Places of a sheet's extent, over all sheets: each takes 24 bytes in three tables of calamine's.
const MAX_EXTENT: u64 = 10_000_000;
/// Cells that hold something.
const MAX_CELLS: usize = 5_000_000;
/// Bytes of text in all cells: calamine copies a shared text for each cell that has it.
const MAX_TEXT: u64 = 512 << 20;
/// A record that nobody reads.
const IGNORED: [u8; 2] = [0xff, 0x7f];

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000a;
const EXTERN_SHEET: u16 = 0x0017;
const DEFINED_NAME: u16 = 0x0018;
const DATE_MODE: u16 = 0x0022;
const FILE_PASS: u16 = 0x002f;
const CODE_PAGE: u16 = 0x0042;
const CONTINUE: u16 = 0x003c;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00bd;
const RICH_STRING: u16 = 0x00d6;
const CELL_FORMAT: u16 = 0x00e0;
const MERGED: u16 = 0x00e5;
const SHARED_TEXTS: u16 = 0x00fc;
const LABEL_SST: u16 = 0x00fd;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOLEAN_OR_ERROR: u16 = 0x0205;
const RK: u16 = 0x027e;
const FORMAT: u16 = 0x041e;
const BEGIN: u16 = 0x0809;

/// Which cells of a sheet show percent, as (row, column) from 0.
pub(super) type Percents = HashSet<(u32, u32)>;

/// What was seen of a stream.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// By the place of the sheet among all.
    percents: Vec<Percents>,
    none: Percents,
}

impl Records {
    /// Looks through a stream, and takes out what calamine shall not see.
    pub(super) fn look_through(stream: &mut [u8]) -> Result<Self, Fault> {
        let mut globals = Globals::default();
        walk(stream, 0, |record| globals.see(record))?;
        let shows_percent = globals.formats_of_percent();
        let lengths = texts::lengths(&globals.texts);
        let mut records = Self::default();
        let mut seen = Seen::default();
        for start in globals.sheets {
            let mut cells = CellRecords::new(&shows_percent, &lengths);
            walk(stream, start, |record| cells.see(record))?;
            seen.add(&cells)?;
            records.percents.push(cells.percents);
        }
        Ok(records)
    }

    /// The cells of a sheet that show percent.
    pub(super) fn percents(&self, sheet: usize) -> &Percents {
        self.percents.get(sheet).unwrap_or(&self.none)
    }
}

/// How much all sheets hold.
#[derive(Default)]
struct Seen {
    cells: usize,
    text: u64,
    extent: u64,
}

impl Seen {
    fn add(&mut self, sheet: &CellRecords<'_>) -> Result<(), Fault> {
        self.cells = self.cells.saturating_add(sheet.count);
        self.text = self.text.saturating_add(sheet.text);
        self.extent = self.extent.saturating_add(sheet.extent());
        let too_much = if self.cells > MAX_CELLS {
            format!("of more than {MAX_CELLS} cells")
        } else if self.text > MAX_TEXT {
            format!("whose cells hold more than {} MiB of text", MAX_TEXT >> 20)
        } else if self.extent > MAX_EXTENT {
            format!("whose sheets reach over more than {MAX_EXTENT} cells")
        } else {
            return Ok(());
        };
        Err(Fault::TooLarge(too_much))
    }
}

/// A record: what it is, and what it holds.
struct Record<'s> {
    kind: u16,
    /// Both bytes of the kind, to take the record out.
    marker: &'s mut [u8],
    data: &'s mut [u8],
}

impl Record<'_> {
    fn ignore(&mut self) {
        self.marker.copy_from_slice(&IGNORED);
    }

    fn short(&self, at: usize) -> Result<u16, Fault> {
        match self.data.get(at..) {
            Some([low, high, ..]) => Ok(u16::from_le_bytes([*low, *high])),
            _ => Err(Fault::broken(format!("a record {:#06x} of {} bytes", self.kind, self.data.len()))),
        }
    }

    fn at_least(&self, length: usize) -> Result<(), Fault> {
        self.short(length.saturating_sub(2)).map(drop)
    }
}

/// Shows each record of a part of the stream, to its end; of what is embedded in it, such as charts, none.
fn walk(
    stream: &mut [u8],
    start: usize,
    mut see: impl FnMut(Record<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut rest =
        stream.get_mut(start..).ok_or_else(|| Fault::broken("a sheet that begins behind the end"))?;
    let mut depth = 0_usize;
    while let Some((head, behind)) = rest.split_first_chunk_mut::<4>() {
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        let Some((data, next)) = behind.split_at_mut_checked(length.into()) else {
            return Err(Fault::broken("a record that is cut short"));
        };
        match kind {
            BEGIN => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => (),
        }
        if kind == END && depth == 0 {
            return Ok(());
        }
        if depth <= 1 {
            let (marker, _) = head.split_at_mut(2);
            see(Record { kind, marker, data })?;
        }
        rest = next;
    }
    Ok(())
}

/// What is said before the sheets.
#[derive(Default)]
struct Globals {
    /// Number formats that are the file's own, by their number.
    formats: HashMap<u16, bool>,
    /// Number formats of cell formats, in order.
    cell_formats: Vec<u16>,
    /// Where each sheet begins.
    sheets: Vec<usize>,
    /// The record of shared texts and those that continue it.
    texts: Vec<Vec<u8>>,
    in_texts: bool,
}

impl Globals {
    fn see(&mut self, mut record: Record<'_>) -> Result<(), Fault> {
        self.in_texts = record.kind == SHARED_TEXTS || record.kind == CONTINUE && self.in_texts;
        match record.kind {
            SHARED_TEXTS => self.texts = vec![record.data.to_vec()],
            CONTINUE if self.in_texts => self.texts.push(record.data.to_vec()),
            FILE_PASS if record.short(0)? != 0 => return Err(Fault::Encrypted),
            BEGIN => record.at_least(4)?,
            CODE_PAGE | DATE_MODE => record.at_least(2)?,
            EXTERN_SHEET | DEFINED_NAME => record.ignore(),
            CELL_FORMAT => self.cell_formats.push(record.short(2)?),
            FORMAT => drop(self.formats.insert(record.short(0)?, is_percent(&ascii(record.data)))),
            BOUND_SHEET => {
                record.at_least(8)?;
                let place = u32::from(record.short(0)?) | u32::from(record.short(2)?) << 16;
                self.sheets.push(place as usize);
            }
            _ => (),
        }
        Ok(())
    }

    /// Whether each cell format shows percent. Formats 9 and 10 are `0%` and `0.00%` in every file.
    fn formats_of_percent(&self) -> Vec<bool> {
        let shows = |format| self.formats.get(format).copied().unwrap_or(matches!(format, 9 | 10));
        self.cell_formats.iter().map(shows).collect()
    }
}

/// A number format's text as far as it is ASCII, which all that gives a format its meaning is. Its characters have
/// one byte or two; its lengths and flags in front and the upper bytes have no meaning in a number format.
fn ascii(format: &[u8]) -> String {
    // Number, length and, from Excel 97 on, flags.
    let text = format.get(4..).unwrap_or_default();
    text.iter().filter(|byte| matches!(byte, b' '..=b'~')).map(|byte| char::from(*byte)).collect()
}

/// The cells of a sheet.
struct CellRecords<'f> {
    shows_percent: &'f [bool],
    /// Characters of each shared text.
    lengths: &'f [u16],
    percents: Percents,
    count: usize,
    /// Bytes of shared texts in cells, at most.
    text: u64,
    /// The first and the last row and column that are used.
    used: Option<[(u16, u16); 2]>,
}

impl<'f> CellRecords<'f> {
    fn new(shows_percent: &'f [bool], lengths: &'f [u16]) -> Self {
        Self { shows_percent, lengths, percents: Percents::new(), count: 0, text: 0, used: None }
    }

    fn see(&mut self, mut record: Record<'_>) -> Result<(), Fault> {
        match record.kind {
            DIMENSIONS => record.ignore(),
            MERGED => record.at_least(2 + 8 * usize::from(record.short(0)?))?,
            FORMULA => {
                record.at_least(22)?;
                self.cell(&record, 0, 4)?;
                // The length of the formula, whose value stands in front of it.
                record.data.get_mut(20..22).into_iter().for_each(|length| length.fill(0));
            }
            LABEL_SST => {
                self.cell(&record, 0, 4)?;
                let text = usize::from(record.short(6)?) | usize::from(record.short(8)?) << 16;
                // A character of UTF-16 has up to three bytes in UTF-8.
                self.text += self.lengths.get(text).map_or(0, |characters| 3 * u64::from(*characters));
            }
            NUMBER | RK | LABEL | RICH_STRING | BOOLEAN_OR_ERROR => self.cell(&record, 0, 4)?,
            MUL_RK => {
                let numbers = record.data.len().saturating_sub(6) / 6;
                for (index, column) in (0..numbers).zip(record.short(2)?..) {
                    self.cell_at(record.short(0)?, column, record.short(4 + 6 * index)?);
                }
            }
            _ => (),
        }
        Ok(())
    }

    fn cell(&mut self, record: &Record<'_>, at: usize, format: usize) -> Result<(), Fault> {
        self.cell_at(record.short(at)?, record.short(at + 2)?, record.short(format)?);
        Ok(())
    }

    fn cell_at(&mut self, row: u16, column: u16, format: u16) {
        let [(top, left), (bottom, right)] = self.used.unwrap_or([(row, column); 2]);
        self.count += 1;
        self.used = Some([(top.min(row), left.min(column)), (bottom.max(row), right.max(column))]);
        if self.shows_percent.get(usize::from(format)).copied().unwrap_or(false) {
            self.percents.insert((row.into(), column.into()));
        }
    }

    fn extent(&self) -> u64 {
        let Some([(top, left), (bottom, right)]) = self.used else { return 0 };
        let length = |first: u16, last: u16| u64::from(last.abs_diff(first)) + 1;
        length(top, bottom) * length(left, right)
    }
}
