//! What single parts of a workbook are asked before calamine sees them, because it takes them at their word:
//! the count of shared texts (memory is set aside for it) and the cell formats (each gets a copy of its font).
//!
//! It reads each part once from start to end, and never holds more of it than the formats.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};

use super::archive::{Counted, Document};
use super::fault::Fault;

/// Tags in the shared texts: four for each of 5,000,000 plain ones.
const MAX_TEXT_TAGS: usize = 20_000_000;
/// Bytes of the cell formats, which are held: Excel keeps at most 65,490 of them.
const MAX_FORMATS: usize = 16 << 20;
/// Cell formats, and as many formats of cell styles.
const MAX_CELL_FORMATS: usize = 131_072;
/// Bytes of a tag of the cell formats. A number format has at most 255 characters, a font's name 31.
const MAX_FORMAT_TAG: usize = 4_096;
/// Bytes of a list of parts or sheets.
const MAX_LIST: usize = 16 << 20;
const BLOCK: usize = 1 << 16;

/// Reads a part to its end; its name is in lower case.
pub(super) fn check(document: Document, name: &str, part: &mut Counted<'_, impl Read>) -> Result<(), Fault> {
    if document == Document::OpenDocument {
        read_through(part, |_| Ok(()))
    } else if name.ends_with("sharedstrings.xml") {
        check_shared_texts(part)
    } else if name.ends_with("styles.xml") {
        check_formats(&read_at_most(part, MAX_FORMATS, "formats")?)
    } else if name.ends_with(".rels") || name.ends_with("workbook.xml") {
        read_at_most(part, MAX_LIST, "lists of parts").map(drop)
    } else {
        read_through(part, |_| Ok(()))
    }
}

fn check_shared_texts(part: &mut Counted<'_, impl Read>) -> Result<(), Fault> {
    let (mut head, mut tags) = (Vec::new(), 0);
    read_through(part, |block| {
        let missing = BLOCK - head.len().min(BLOCK);
        head.extend_from_slice(block.get(..missing).unwrap_or(block));
        tags += memchr::memchr_iter(b'<', block).count();
        if tags > MAX_TEXT_TAGS {
            return Err(Fault::TooLarge(format!("whose texts have more than {MAX_TEXT_TAGS} tags")));
        }
        Ok(())
    })?;
    let claimed = claimed_texts(&head)?;
    if claimed > MAX_TEXT_TAGS {
        let what = format!("that claims {claimed} texts: more than {MAX_TEXT_TAGS} are not read");
        return Err(Fault::TooLarge(what));
    }
    Ok(())
}

/// How many texts the first tag says that there are.
fn claimed_texts(head: &[u8]) -> Result<usize, Fault> {
    let mut most = 0;
    let mut reader = quick_xml::Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes().with_checks(false) {
                    let attribute = attribute?;
                    if attribute.key.local_name().as_ref() == "uniqueCount" {
                        most = most.max(attribute.value.trim().parse().unwrap_or(0));
                    }
                }
                if tag.local_name().as_ref() == "sst" {
                    return Ok(most);
                }
            }
            Event::Eof => return Ok(most),
            _ => (),
        }
    }
}

fn check_formats(part: &[u8]) -> Result<(), Fault> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    reader.config_mut().check_end_names = false;
    let (mut buffer, mut formats, mut is_root) = (Vec::new(), 0, true);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) | Event::Empty(tag) => {
                formats += usize::from(is_cell_format(&tag));
                if formats > MAX_CELL_FORMATS {
                    return Err(Fault::TooLarge(format!("of more than {MAX_CELL_FORMATS} cell formats")));
                }
                if tag.attributes_raw().len() > MAX_FORMAT_TAG && !is_root {
                    return Err(Fault::broken("a format of more than 4096 bytes"));
                }
                is_root = false;
            }
            Event::Eof => return Ok(()),
            _ => (),
        }
    }
}

fn is_cell_format(tag: &BytesStart<'_>) -> bool {
    tag.local_name().as_ref() == "xf"
}

fn read_at_most(part: &mut Counted<'_, impl Read>, most: usize, what: &str) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    read_through(part, |block| {
        bytes.extend_from_slice(block);
        if bytes.len() > most {
            return Err(Fault::TooLarge(format!("of more than {} MiB of {what}", most >> 20)));
        }
        Ok(())
    })?;
    Ok(bytes)
}

fn read_through(
    part: &mut Counted<'_, impl Read>,
    mut look: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut buffer = vec![0; BLOCK];
    loop {
        let block = part.fill(&mut buffer)?;
        if block.is_empty() {
            return Ok(());
        }
        look(block)?;
    }
}
