//! `.ods`: the XML of OpenDocument spreadsheets (ISO/IEC 26300, part 3), a cell at a time.
//!
//! Repeats of blank rows and cells, with which every sheet is filled up to its last corner, cost nothing; those of
//! cells that hold something count as cells. It must only be given files that [`super::archive`] looked through.

mod cell;
mod table;
mod tag;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::Workbook;
use super::budget::Budget;
use super::fault::Fault;
use super::sheet::Cells;
use table::Table;
use tag::{Tag, Xml};

/// Reads all sheets.
pub(super) fn read(file: impl Read + Seek) -> Result<Workbook, Fault> {
    let mut archive = ZipArchive::new(file)?;
    let content = archive.by_name("content.xml")?;
    read_content(Xml::new(BufReader::new(content)))
}

fn read_content(mut xml: Xml<impl BufRead>) -> Result<Workbook, Fault> {
    let (mut workbook, mut budget) = (Workbook::default(), Budget::new());
    let (mut styles, mut names, mut unvalued) = (Styles::default(), HashSet::new(), 0);
    loop {
        match xml.next()? {
            Event::Start(start) => match start.name().as_ref() {
                "style:style" => styles.begin(Tag(&start).text("style:name")?),
                "style:table-properties" => styles.see(Tag(&start).text("table:display")?.as_deref()),
                // What was changed and is no more, and pictures, which may hold tables of their own.
                "table:tracked-changes" | "draw:frame" | "office:annotation" => {
                    let start = start.into_owned();
                    xml.skip(&start)?;
                }
                "table:table" => {
                    let name = Tag(&start).text("table:name")?.unwrap_or_default();
                    let hidden = styles.hides(Tag(&start).text("table:style-name")?.as_deref());
                    if !names.insert(name.clone()) {
                        return Err(Fault::broken(format!("two sheets are called {name:?}")));
                    }
                    let (sheet, without_value) =
                        Table::read(&mut xml, Cells::new(&mut budget)?, name, hidden)?;
                    workbook.sheets.push(sheet);
                    unvalued += without_value;
                }
                _ => (),
            },
            Event::Eof => break,
            _ => (),
        }
    }
    workbook.unvalued(unvalued);
    Ok(workbook)
}

/// Which styles hide the sheets that have them.
#[derive(Default)]
struct Styles {
    current: Option<String>,
    hiding: HashSet<String>,
}

impl Styles {
    fn begin(&mut self, name: Option<String>) {
        self.current = name;
    }

    fn see(&mut self, display: Option<&str>) {
        if let Some(name) = self.current.take().filter(|_| display == Some("false")) {
            self.hiding.insert(name);
        }
    }

    fn hides(&self, style: Option<&str>) -> bool {
        style.is_some_and(|style| self.hiding.contains(style))
    }
}
