//! What is no row: told of by one line for each kind, and kept line by line up to a bound.

use crate::ingest::note::Notes;
use crate::ingest::refusal::quoted;
use crate::ingest::table::Record;

/// How many records are kept with their text; of the rest only the number is told.
const MOST_KEPT: usize = 1000;
/// How many characters of a record's text are kept.
const LONGEST_TEXT: usize = 200;
/// How many lines a note names.
const LINES_NAMED: usize = 5;

/// Why a record is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum AsideKind {
    /// It stands above the header.
    Preamble,
    /// It belongs to the header: names of groups above the names, labels or units below them.
    HeaderRow,
    /// It says the header again.
    RepeatedHeader,
    /// It is a total.
    Total,
    /// It stands below the table.
    Footer,
    /// It belongs to another table.
    OtherTable,
}

impl AsideKind {
    const ALL: [Self; 6] =
        [Self::Preamble, Self::HeaderRow, Self::RepeatedHeader, Self::Total, Self::Footer, Self::OtherTable];

    /// Stable code.
    pub(in crate::ingest) fn code(self) -> &'static str {
        match self {
            Self::Preamble => "preamble",
            Self::HeaderRow => "header_rows",
            Self::RepeatedHeader => "repeated_header",
            Self::Total => "total_rows",
            Self::Footer => "footer",
            Self::OtherTable => "other_table",
        }
    }

    fn noun(self) -> [&'static str; 2] {
        match self {
            Self::Preamble => {
                ["record above the header was set aside", "records above the header were set aside"]
            }
            Self::HeaderRow => ["more row of the header was found", "more rows of the header were found"],
            Self::RepeatedHeader => ["repeated header was set aside", "repeated headers were set aside"],
            Self::Total => ["total row was set aside", "total rows were set aside"],
            Self::Footer => {
                ["record below the table was set aside", "records below the table were set aside"]
            }
            Self::OtherTable => {
                ["record of another table was not read", "records of another table were not read"]
            }
        }
    }
}

/// A record that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct SetAside {
    /// The physical line on which it begins, from 1.
    pub(in crate::ingest) line: u64,
    /// Why it is no row.
    pub(in crate::ingest) kind: AsideKind,
    /// Its first words, on one line.
    pub(in crate::ingest) text: String,
}

/// All that was set aside of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Asides {
    kept: Vec<SetAside>,
    counts: [u64; AsideKind::ALL.len()],
    lines: [Option<(u64, u64)>; AsideKind::ALL.len()],
}

impl Asides {
    /// Sets a record aside.
    pub(super) fn add(&mut self, record: &Record<'_>, kind: AsideKind) {
        let place = kind as usize;
        if let (Some(count), Some(lines)) = (self.counts.get_mut(place), self.lines.get_mut(place)) {
            *count += 1;
            *lines = Some((lines.map_or(record.line, |(first, _)| first), record.line));
        }
        if self.kept.len() < MOST_KEPT {
            self.kept.push(SetAside { line: record.line, kind, text: first_words(record) });
        }
    }

    /// The records, up to a bound, in the order in which they were found.
    pub(super) fn kept(&self) -> &[SetAside] {
        &self.kept
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Tells of each kind in one line.
    pub(super) fn note(&self, notes: &mut Notes) {
        for ((kind, count), lines) in AsideKind::ALL.iter().zip(self.counts).zip(self.lines) {
            if let Some(lines) = lines {
                notes.add(kind.code(), || self.told(*kind, count, lines));
            }
        }
    }

    /// `3 records above the header were set aside: line 1 'Company Health Report', ...`
    fn told(&self, kind: AsideKind, count: u64, (first, last): (u64, u64)) -> String {
        let [one, many] = kind.noun();
        let noun = if count == 1 { one } else { many };
        let own = || self.kept.iter().filter(|aside| aside.kind == kind);
        let place = match kind {
            AsideKind::Preamble | AsideKind::HeaderRow | AsideKind::Footer => {
                let named = own().take(LINES_NAMED);
                let named = named.map(|aside| format!("line {} {}", aside.line, quoted(&aside.text)));
                return format!("{count} {noun}: {}{}", named.collect::<Vec<_>>().join(", "), more(count));
            }
            AsideKind::OtherTable => {
                return format!("{count} {noun} (lines {first}-{last}): split the file, one table each");
            }
            AsideKind::RepeatedHeader if count > 1 => format!("the first on line {first}"),
            _ if count == 1 => format!("line {first}"),
            _ => {
                let lines = own().take(LINES_NAMED).map(|aside| aside.line.to_string());
                format!("lines {}{}", lines.collect::<Vec<_>>().join(", "), more(count))
            }
        };
        format!("{count} {noun} ({place})")
    }
}

/// The beginning of a record on one line.
fn first_words(record: &Record<'_>) -> String {
    let mut text = String::new();
    for word in record.cells().flat_map(str::split_whitespace) {
        if text.len() > LONGEST_TEXT {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.chars().take(LONGEST_TEXT).collect()
}

fn more(count: u64) -> String {
    match count.saturating_sub(LINES_NAMED as u64) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
