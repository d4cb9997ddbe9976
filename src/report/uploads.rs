//! The files that were ingested, a line each (`acctsnap.uploads/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshots::minute;
use super::table::{Column, Table};
use super::text::grouped;
use crate::model::ids::UploadId;
use crate::model::time::Timestamp;
use crate::model::upload::UploadKind;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.uploads/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 16] = [
    "upload_id",
    "customer",
    "ingested_at",
    "kind",
    "file",
    "rows_read",
    "rows_inserted",
    "rows_updated",
    "rows_unchanged",
    "rows_rejected",
    "accounts_touched",
    "accounts_created",
    "actor",
    "bytes",
    "sha256",
    "undone_at",
];

/// An ingested file. read = inserted + updated + unchanged + rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UploadLine {
    /// Our id.
    pub upload_id: UploadId,
    /// Whose data.
    pub customer: String,
    /// When it was ingested.
    pub ingested_at: Timestamp,
    /// What kind of file.
    pub kind: UploadKind,
    /// Its name.
    pub file: String,
    /// Rows read.
    pub rows_read: u64,
    /// Rows of which nothing was known.
    pub rows_inserted: u64,
    /// Rows that changed something known.
    pub rows_updated: u64,
    /// Rows that said what was known, or nothing.
    pub rows_unchanged: u64,
    /// Rows set aside.
    pub rows_rejected: u64,
    /// Accounts that the good rows named.
    pub accounts_touched: u64,
    /// Accounts that it made.
    pub accounts_created: u64,
    /// Who ingested it.
    pub actor: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// When it was taken back; null where it counts.
    pub undone_at: Option<Timestamp>,
}

/// A line an upload, in the order given.
#[must_use]
pub fn render(uploads: &[UploadLine], width: Option<usize>, zone: Tz) -> String {
    if uploads.is_empty() {
        return "nothing was ingested yet: acctsnap ingest kpis FILE\n".to_owned();
    }
    let mut table = Table::new(&[
        Column::number("id"),
        Column::text("when"),
        Column::text("kind").optional(8),
        Column::text("file").yielding(1),
        Column::number("rows"),
        Column::number("inserted").optional(4),
        Column::number("updated").optional(3),
        Column::number("unchanged").optional(5),
        Column::number("rejected").optional(2),
        Column::number("accounts").optional(6),
        Column::text("who").optional(7),
    ]);
    let number = |number: u64| grouped(&number.to_string());
    for upload in uploads {
        let undone = if upload.undone_at.is_some() { " (taken back)" } else { "" };
        let file = format!("{}{undone}", upload.file);
        table.add_row([
            upload.upload_id.to_string(),
            minute(upload.ingested_at, zone),
            upload.kind.name().to_owned(),
            file,
            number(upload.rows_read),
            number(upload.rows_inserted),
            number(upload.rows_updated),
            number(upload.rows_unchanged),
            number(upload.rows_rejected),
            number(upload.accounts_touched),
            upload.actor.clone(),
        ]);
    }
    table.render(width)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width;

    pub(in crate::report) fn line() -> UploadLine {
        UploadLine {
            upload_id: UploadId::new(365),
            customer: "acme".to_owned(),
            ingested_at: Timestamp::default(),
            kind: UploadKind::Kpis,
            file: "the-monthly-export-2026-08.csv".to_owned(),
            rows_read: 1_003_000,
            rows_inserted: 1_000_000,
            rows_updated: 2_000,
            rows_unchanged: 995,
            rows_rejected: 5,
            accounts_touched: 17_000,
            accounts_created: 0,
            actor: "reporting@example.com".to_owned(),
            bytes: 65_536,
            sha256: "cd".repeat(32),
            undone_at: None,
        }
    }

    #[test]
    fn sixty_columns_keep_the_file_and_what_became_of_its_rows() {
        let text = plain(&render(&[line()], Some(60), Tz::UTC));
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        assert_eq!(
            text.lines().next(),
            Some(" id  when                     file                      rows"),
            "{text}"
        );
        let wide = plain(&render(&[line()], None, Tz::UTC));
        assert!(wide.contains("1,003,000  1,000,000    2,000        995         5    17,000"), "{wide}");
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(line()).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
