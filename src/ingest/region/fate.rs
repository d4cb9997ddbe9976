//! What a record below the header is. A row is told from the rest by a few comparisons: a million rows go by here.

use super::aside::AsideKind;
use super::class::Class;
use super::head::Head;
use super::words::{is_note, is_total, may_mark};
use crate::ingest::columns::is_reserved;
use crate::ingest::table::Record;

/// What the header of a column says that names accounts.
const ACCOUNT_WORDS: [&str; 9] =
    ["account", "company", "customer", "client", "organi", "kunde", "firma", "unternehmen", "cliente"];

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// A row, whether it fits the header or not.
    Row,
    /// Nothing but empty cells.
    Blank,
    /// No row, for a reason.
    Aside(AsideKind),
    /// A row where rows follow, and a note where none does.
    Waits,
}

/// What rows of a table are told by.
pub(super) struct Teller {
    width: usize,
    /// The first column that has a name.
    first: usize,
    /// The first bytes of cells that have to be looked at.
    marks: [bool; 256],
    /// The columns of ids.
    ids: Vec<usize>,
    /// Whether it is the table of a rejects file: what stands in it was told from the rest before.
    is_ours: bool,
    head: Head,
}

impl Teller {
    /// The teller of the table with this header.
    pub(super) fn new(head: Head) -> Self {
        let first = head.cells.iter().position(|cell| !cell.trim().is_empty()).unwrap_or_default();
        let mut marks = [false; 256];
        for (byte, mark) in (0..=u8::MAX).zip(&mut marks) {
            let begins =
                |row: &Vec<String>| row.get(first).and_then(|cell| cell.bytes().next()) == Some(byte);
            *mark = may_mark(byte) || head.rows.iter().any(begins);
        }
        let ids = head.cells.iter().enumerate().filter(|(_, cell)| is_id(cell)).map(|(column, _)| column);
        let is_ours = head.cells.iter().any(|cell| is_reserved(cell));
        Self { width: head.cells.len(), first, marks, ids: ids.collect(), is_ours, head }
    }

    /// The line on which the header begins; None where there is none.
    pub(super) fn header_line(&self) -> Option<u64> {
        self.head.line
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.head.cells
    }

    /// A row without the empty cells at its end that rows of this table have.
    pub(super) fn without_spare<'r>(&self, row: Record<'r>) -> Record<'r> {
        if row.len() > self.width && row.len() <= self.head.width {
            row.without_spare(self.width)
        } else {
            row
        }
    }

    /// `1 empty cell`: how many empty cells rows have at their end beyond the header's.
    pub(super) fn spare(&self) -> Option<String> {
        match self.head.width.saturating_sub(self.width) {
            0 => None,
            1 => Some("1 empty cell".to_owned()),
            spare => Some(format!("{spare} empty cells")),
        }
    }

    /// What a record is; `after_gap` where a blank record or line stands before it or before those that wait.
    pub(super) fn tell(&self, record: &Record<'_>, after_gap: bool) -> Fate {
        let first = record.cell(self.first).bytes().next();
        let is_unmarked =
            first.is_some_and(|byte| !self.marks.get(usize::from(byte)).copied().unwrap_or(true));
        let is_wide = self.width < 2 || !record.cell(self.first + 1).is_empty();
        if is_unmarked
            && is_wide
            && (record.len() == self.width || record.len() == self.head.width)
            && !after_gap
        {
            return Fate::Row;
        }
        self.look(record, after_gap)
    }

    fn look(&self, record: &Record<'_>, after_gap: bool) -> Fate {
        if record.is_blank() {
            return Fate::Blank;
        }
        if self.width < 2 {
            return Fate::Row;
        }
        let mut filled = record.cells().map(str::trim).filter(|cell| !cell.is_empty());
        let first = filled.next().unwrap_or_default();
        let is_lone = filled.next().is_none();
        if self.is_repeated(record) {
            Fate::Aside(AsideKind::RepeatedHeader)
        } else if self.is_ours {
            Fate::Row
        } else if is_total(first) && (self.is_sum(record, first) || self.is_of_no_account(record, first)) {
            Fate::Aside(AsideKind::Total)
        } else if after_gap && self.is_other_header(record) {
            Fate::Aside(AsideKind::OtherTable)
        } else if is_lone || (record.len() < self.width && (after_gap || is_note(first))) {
            Fate::Waits
        } else {
            Fate::Row
        }
    }

    /// Whether a record says what one of the header's does.
    fn is_repeated(&self, record: &Record<'_>) -> bool {
        let cells = |row: &[String]| {
            let width = row.len().max(record.len());
            let is_same =
                |column: usize| row.get(column).map_or("", |cell| cell.trim()) == record.cell(column).trim();
            (0..width).all(is_same)
        };
        self.head.rows.iter().any(|row| cells(row))
    }

    /// Whether all but its first cell are numbers or nothing, and it has no id.
    fn is_sum(&self, record: &Record<'_>, first: &str) -> bool {
        let mut others = record.cells().map(str::trim).filter(|cell| !cell.is_empty() && *cell != first);
        self.has_no_id(record, first)
            && others.all(|cell| matches!(Class::of(cell), Class::Number | Class::When | Class::Missing))
    }

    /// Whether its first cell stands where accounts are named, and it has no id: whatever the other cells say, no
    /// account is called `Grand total`.
    fn is_of_no_account(&self, record: &Record<'_>, first: &str) -> bool {
        let header = self.header().get(self.first).map(|name| name.to_lowercase()).unwrap_or_default();
        let names_accounts = ACCOUNT_WORDS.iter().any(|word| header.contains(word));
        names_accounts && record.cell(self.first).trim() == first && self.has_no_id(record, first)
    }

    fn has_no_id(&self, record: &Record<'_>, first: &str) -> bool {
        let mut ids = self.ids.iter().map(|column| record.cell(*column).trim());
        ids.all(|cell| cell.is_empty() || cell == first)
    }

    /// Whether a record is the header of another table: names alone, of which one stands where it does in this
    /// header's first column, or two anywhere in it.
    fn is_other_header(&self, record: &Record<'_>) -> bool {
        let is_name = |name: &str, cell: &str| !cell.is_empty() && name.trim().eq_ignore_ascii_case(cell);
        let is_known = |cell: &&str| self.header().iter().any(|name| is_name(name, cell));
        let cells = || record.cells().map(str::trim);
        let begins_alike = self.header().get(self.first).is_some_and(|name| {
            is_name(name, record.cell(self.first).trim())
                && cells().filter(|cell| !cell.is_empty()).count() > 1
        });
        !self.head.rows.is_empty()
            && (begins_alike || cells().filter(is_known).count() > 1)
            && cells().all(|cell| !Class::of(cell).is_data())
    }
}

/// Whether a header is that of ids: its last word is `id`.
fn is_id(header: &str) -> bool {
    let name = header.trim().trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = name.len().checked_sub(2).and_then(|start| name.split_at_checked(start));
    end.is_some_and(|(before, end)| {
        let is_word =
            before.is_empty() || before.ends_with([' ', '_', '-', '.']) || end == "ID" || end == "Id";
        end.eq_ignore_ascii_case("id") && is_word
    })
}
