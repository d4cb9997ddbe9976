//! Notes about an account (`acctsnap.notes/1`): a line each, with the beginning of the text.

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshot::fields::{Fields, Kind, fields_of};
use super::snapshots::minute;
use super::style::{STRONG, styled};
use super::table::{Column, Table};
use super::text::escape_text;
use crate::error::Result;
use crate::model::ids::{AccountId, UploadId};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.notes/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 13] = [
    "note_id",
    "note_type",
    "title",
    "content",
    "author",
    "written_at",
    "upload_id",
    "file",
    "ingested_at",
    "account_id",
    "account_name",
    "external_account_id",
    "customer",
];

/// Characters of a title or a text that a table shows where no terminal limits it.
const BEGINNING: usize = 120;

/// A note as it stands, and where it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoteLine {
    /// Its id in the system that it comes from; `n-` and 16 digits where that gives none.
    pub note_id: String,
    /// What kind of note.
    pub note_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text, whole.
    pub content: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written; the day's first instant where the source gives a day alone.
    pub written_at: Option<Timestamp>,
    /// The upload that brought this state of it.
    pub upload_id: UploadId,
    /// The name of that upload's file.
    pub file: String,
    /// When that was.
    pub ingested_at: Timestamp,
    /// The account that it is about.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Whose account.
    pub customer: String,
}

/// A line a note, in the order given, under the account's name; `width` is the terminal's.
#[must_use]
pub fn render(account_name: &str, notes: &[NoteLine], width: Option<usize>, zone: Tz) -> String {
    let name = escape_text(account_name);
    if notes.is_empty() {
        return format!("no notes about {name}\n");
    }
    let mut table = Table::new(&[
        Column::text("written").optional(2),
        Column::text("author").optional(3),
        Column::text("type").optional(4),
        Column::text("title").yielding(1),
        Column::text("text").yielding(2).optional(5),
        Column::text("id").optional(1),
    ]);
    for note in notes {
        table.add_row([
            note.written_at.map(|at| minute(at, zone)).unwrap_or_default(),
            note.author.clone().unwrap_or_default(),
            note.note_type.clone().unwrap_or_default(),
            beginning(note.title.as_deref()),
            beginning(note.content.as_deref()),
            note.note_id.clone(),
        ]);
    }
    format!("{}\n{}", styled(STRONG, name), table.render(width))
}

/// The beginning of a text, on one line.
fn beginning(text: Option<&str>) -> String {
    // So many words are more than is shown, however short they are.
    let words: Vec<&str> = text.unwrap_or_default().split_whitespace().take(BEGINNING).collect();
    let line = words.join(" ");
    match line.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// The named fields of a note, in the order given.
///
/// # Errors
/// `Usage` for a name that is no field.
pub fn note_fields(note: &NoteLine, names: &[String]) -> Result<Fields> {
    fields_of(note, names, Kind { item: "note", schema: "notes" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width as columns_of;

    fn note() -> NoteLine {
        NoteLine {
            note_id: "n-45ca84fe0785f0b4".to_owned(),
            note_type: Some("Meeting".to_owned()),
            title: Some("Quarterly review".to_owned()),
            content: Some("Renewal at risk:\r\n\r\n  the champion\u{1b}[2J leaves in March".to_owned()),
            author: Some("Jordan Reyes".to_owned()),
            written_at: Some(Timestamp::parse("2026-11-02T14:30:00Z").unwrap()),
            ..NoteLine::default()
        }
    }

    #[test]
    fn a_pipe_gets_the_beginning_on_one_line_and_nothing_that_steers_a_terminal() {
        let text = plain(&render("TechCorp", &[note()], None, Tz::UTC));
        let cells: Vec<Vec<&str>> =
            text.lines().map(|line| line.split("  ").filter(|cell| !cell.is_empty()).collect()).collect();
        let shown = [
            "2026-11-02 14:30 +00:00",
            "Jordan Reyes",
            "Meeting",
            "Quarterly review",
            "Renewal at risk: the champion\\u{1b}[2J leaves in March",
            "n-45ca84fe0785f0b4",
        ];
        assert_eq!(cells.len(), 3, "{text}");
        assert_eq!((&cells[0], &cells[2]), (&vec!["TechCorp"], &shown.to_vec()));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let bare =
            NoteLine { note_id: "7".to_owned(), content: Some("x".repeat(500)), ..NoteLine::default() };
        for width in 60..160 {
            let text = plain(&render("TechCorp\u{1b}", &[note(), bare.clone()], Some(width), Tz::UTC));
            assert!(text.lines().all(|line| columns_of(line) <= width), "{width}: {text}");
            assert!(text.contains("n-45ca84fe0785f0b4"), "{text}");
        }
    }

    #[test]
    fn a_beginning_is_a_line_of_so_many_characters() {
        assert_eq!(beginning(None), "");
        assert_eq!(beginning(Some(" two\nlines ")), "two lines");
        assert_eq!(beginning(Some(&"ä".repeat(120))), "ä".repeat(120));
        assert_eq!(beginning(Some(&"ä".repeat(121))), format!("{}…", "ä".repeat(120)));
        assert_eq!(beginning(Some(&"a ".repeat(5000))), format!("{}a…", "a ".repeat(59)));
    }

    #[test]
    fn single_fields_are_named_or_refused() {
        let names = ["title".to_owned(), "external_account_id".to_owned()];
        let chosen = note_fields(&note(), &names).unwrap();
        assert_eq!(chosen.text().unwrap(), "title: Quarterly review\nexternal_account_id: \n");
        let error = note_fields(&note(), &["titel".to_owned()]).unwrap_err();
        assert_eq!(error.message(), "expected the name of a note field, got 'titel'");
        assert_eq!(error.hint(), Some("did you mean 'title'? 'acctsnap schema notes' lists every field"));
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(note()).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
