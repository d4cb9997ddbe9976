//! What a cell of OpenDocument holds: by its type, which is said beside its text as people see it.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::tag::{Tag, Xml, resolve};
use crate::ingest::workbook::fault::Fault;
use crate::ingest::workbook::sheet::Kind;
use crate::ingest::workbook::text;

/// Characters of a cell: Excel keeps 32,767. A tag can ask for any number of spaces.
const MAX_CHARACTERS: usize = 1 << 20;

/// What the tag of a cell says.
pub(super) struct CellTag {
    /// How often the cell stands beside itself, at least 1.
    pub(super) times: u32,
    /// Rows and columns that are merged into it, 1 and 1 where none are.
    pub(super) spans: (u32, u32),
    pub(super) is_formula: bool,
    value: Value,
}

/// What a cell holds.
pub(super) enum Value {
    Number(f64),
    Percent(f64),
    Moment(String),
    Duration(String),
    Truth(bool),
    Text(String),
    /// A text that stands for no value, such as `#DIV/0!`.
    Error(String),
}

impl CellTag {
    pub(super) fn of(start: &BytesStart<'_>) -> Result<Self, Fault> {
        let tag = Tag(start);
        let times = tag.number("table:number-columns-repeated")?.unwrap_or(1).max(1);
        let spans = (
            tag.number("table:number-rows-spanned")?.unwrap_or(1),
            tag.number("table:number-columns-spanned")?.unwrap_or(1),
        );
        let is_formula = tag.text("table:formula")?.is_some();
        Ok(Self { times, spans, is_formula, value: Self::value(&tag)? })
    }

    fn value(tag: &Tag<'_>) -> Result<Value, Fault> {
        let number = || tag.number("office:value");
        let text = |name| tag.text(name).map(Option::unwrap_or_default);
        if tag.text("calcext:value-type")?.as_deref() == Some("error") {
            return Ok(Value::Error(String::new()));
        }
        Ok(match (tag.text("office:value-type")?.as_deref(), number()?) {
            (Some("percentage"), Some(value)) => Value::Percent(value),
            (Some("float" | "currency"), Some(value)) => Value::Number(value),
            (Some("date"), _) => Value::Moment(text("office:date-value")?),
            (Some("time"), _) => Value::Duration(text("office:time-value")?),
            (Some("boolean"), _) => Value::Truth(text("office:boolean-value")?.eq_ignore_ascii_case("true")),
            _ => Value::Text(text("office:string-value")?),
        })
    }
}

impl Value {
    /// Writes the value as text; a blank cell writes nothing.
    pub(super) fn write(&self, arena: &mut String) -> Kind {
        match self {
            Self::Number(value) => text::number(arena, *value),
            Self::Percent(value) => text::percent(arena, *value),
            Self::Moment(moment) => text::iso_moment(arena, moment),
            Self::Duration(duration) => text::iso_duration(arena, duration),
            Self::Truth(value) => text::truth(arena, *value),
            Self::Text(value) | Self::Error(value) => {
                arena.push_str(value);
                if matches!(self, Self::Text(_)) { Kind::Label } else { Kind::Amount }
            }
        }
    }
}

/// Reads a cell that has just begun to its end.
///
/// A text stands in its paragraphs, where the tag does not say another one.
pub(super) fn read(xml: &mut Xml<impl BufRead>, tag: &CellTag) -> Result<Value, Fault> {
    let shown = read_paragraphs(xml)?;
    Ok(match &tag.value {
        Value::Number(value) => Value::Number(*value),
        Value::Percent(value) => Value::Percent(*value),
        Value::Moment(moment) => Value::Moment(moment.clone()),
        Value::Duration(duration) => Value::Duration(duration.clone()),
        Value::Truth(value) => Value::Truth(*value),
        Value::Text(given) if !given.is_empty() => Value::Text(given.clone()),
        Value::Text(_) => Value::Text(shown),
        Value::Error(_) => Value::Error(shown),
    })
}

/// The paragraphs of a cell, each on a line of its own.
fn read_paragraphs(xml: &mut Xml<impl BufRead>) -> Result<String, Fault> {
    let (mut text, mut paragraphs, mut inside) = (String::new(), 0, false);
    loop {
        match xml.next()? {
            Event::Start(start) => match start.name().as_ref() {
                "text:p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    (paragraphs, inside) = (paragraphs + 1, true);
                }
                "text:s" => {
                    let spaces = Tag(&start).number("text:c")?.unwrap_or(1).min(MAX_CHARACTERS);
                    text.extend(std::iter::repeat_n(' ', spaces));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                "text:span" | "text:a" => (),
                // Notes, pictures and tables within a cell are not its text.
                _ => {
                    let start = start.into_owned();
                    xml.skip(&start)?;
                }
            },
            Event::Text(part) if inside => text.push_str(&part.xml10_content()),
            Event::CData(part) if inside => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if inside => resolve(&entity, &mut text)?,
            Event::End(end) => match end.name().as_ref() {
                "text:p" => inside = false,
                "table:table-cell" | "table:covered-table-cell" => return Ok(text),
                _ => (),
            },
            _ => (),
        }
        if text.len() > MAX_CHARACTERS {
            return Err(Fault::TooLarge(format!("with a cell of more than {MAX_CHARACTERS} characters")));
        }
    }
}
