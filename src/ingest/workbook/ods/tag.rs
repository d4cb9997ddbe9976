//! The XML behind OpenDocument as events, and what a tag says. Empty tags come as a start and an end.

use std::io::BufRead;
use std::str::FromStr;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::ingest::workbook::fault::Fault;

/// The XML of a part, from its start to its end.
pub(super) struct Xml<B> {
    reader: Reader<B>,
    buffer: Vec<u8>,
    depth: u64,
}

impl<B: BufRead> Xml<B> {
    pub(super) fn new(part: B) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// What comes next. The end comes only where all that began has ended.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Fault> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer)?;
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(Fault::broken("its content ends in the middle")),
            _ => (),
        }
        Ok(event)
    }

    /// Leaves out all up to the end of a tag that has just begun.
    pub(super) fn skip(&mut self, start: &BytesStart<'_>) -> Result<(), Fault> {
        self.buffer.clear();
        self.reader.read_to_end_into(start.name(), &mut self.buffer)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

/// What a tag says.
pub(super) struct Tag<'t>(pub(super) &'t BytesStart<'t>);

impl Tag<'_> {
    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let Some(attribute) = self.0.try_get_attribute(name)? else { return Ok(None) };
        Ok(Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned()))
    }

    /// The number of an attribute, such as how often the tag is repeated.
    pub(super) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, Fault> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let number =
            text.trim().parse().map_err(|_| Fault::broken(format!("{name} is {text:?}, not a number")))?;
        Ok(Some(number))
    }
}

/// The character that an entity stands for.
pub(super) fn resolve(entity: &BytesRef<'_>, text: &mut String) -> Result<(), Fault> {
    if let Some(known) = resolve_xml_entity(entity) {
        text.push_str(known);
    } else if let Some(character) = entity.resolve_char_ref()? {
        text.push(character);
    } else {
        return Err(Fault::broken(format!("the entity &{};", entity.as_ref() as &str)));
    }
    Ok(())
}
