//! A sheet of OpenDocument: where its rows and cells stand, and which are merged.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::cell::{self, CellTag};
use super::tag::{Tag, Xml};
use crate::ingest::workbook::budget::{MAX_COLUMNS, MAX_ROWS};
use crate::ingest::workbook::fault::Fault;
use crate::ingest::workbook::merges::Merge;
use crate::ingest::workbook::sheet::{Cells, Sheet};

/// A sheet while it is read; rows and columns from 0.
pub(super) struct Table<'b> {
    cells: Cells<'b>,
    merges: Vec<Merge>,
    row: u32,
    /// How often the row is repeated, 1 where it is not.
    times: u32,
    /// How many cells there were before the row.
    before: usize,
    column: u32,
    unvalued: usize,
}

impl<'b> Table<'b> {
    /// Reads a table that has just begun to its end: its sheet, and how many formulas of it have no value.
    pub(super) fn read(
        xml: &mut Xml<impl BufRead>,
        cells: Cells<'b>,
        name: String,
        hidden: bool,
    ) -> Result<(Sheet, usize), Fault> {
        let mut table =
            Self { cells, merges: Vec::new(), row: 0, times: 1, before: 0, column: 0, unvalued: 0 };
        loop {
            match xml.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "table:table-row" => table.begin_row(&start)?,
                    "table:table-cell" | "table:covered-table-cell" => {
                        let tag = CellTag::of(&start)?;
                        table.cell(xml, &tag)?;
                    }
                    "table:shapes" | "office:forms" | "table:table" => {
                        let start = start.into_owned();
                        xml.skip(&start)?;
                    }
                    _ => (),
                },
                Event::End(end) => match end.name().as_ref() {
                    "table:table-row" => table.end_row()?,
                    "table:table" => break,
                    _ => (),
                },
                _ => (),
            }
        }
        Ok((table.cells.finish(name, hidden, &table.merges)?, table.unvalued))
    }

    fn begin_row(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        self.times = Tag(start).number("table:number-rows-repeated")?.unwrap_or(1).max(1);
        self.before = self.cells.count();
        self.column = 0;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Fault> {
        if self.cells.count() > self.before {
            self.cells.repeat_rows(self.before, self.times.saturating_sub(1))?;
        }
        self.row = self.row.saturating_add(self.times);
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<impl BufRead>, tag: &CellTag) -> Result<(), Fault> {
        let place = (self.row, self.column);
        let before = self.cells.count();
        let value = cell::read(xml, tag)?;
        self.cells.write(place, |arena| value.write(arena))?;
        if self.cells.count() > before {
            self.cells.repeat_last(tag.times.saturating_sub(1))?;
        } else if tag.is_formula {
            self.unvalued += 1;
        }
        if tag.spans != (1, 1) && self.merges.len() < MAX_ROWS as usize {
            let reach = |from: u32, span: u32| from.saturating_add(span.saturating_sub(1));
            let last = (
                reach(place.0, tag.spans.0).min(MAX_ROWS - 1),
                reach(place.1, tag.spans.1).min(MAX_COLUMNS - 1),
            );
            self.merges.push(Merge { first: place, last });
        }
        self.column = self.column.saturating_add(tag.times);
        Ok(())
    }
}
