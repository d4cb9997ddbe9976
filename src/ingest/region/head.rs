//! What was found of the header, as it is kept so that a second pass over the file finds the same table.

/// The header of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Head {
    /// The names of the columns, as they stand; those of several header rows are joined.
    pub(super) cells: Vec<String>,
    /// The line on which the names begin; None where the file has none.
    pub(super) line: Option<u64>,
    /// How many cells most rows have; those beyond the header's are empty.
    pub(super) width: usize,
    /// The records that the header was made of, by which a repeated one is known; none where the file has no header.
    pub(super) rows: Vec<Vec<String>>,
    /// The line on which the last record begins that is no row because of the header; 0 where there is none.
    pub(super) last_line: u64,
    /// The line behind that record.
    pub(super) next_line: u64,
}

impl Head {
    /// The names of columns that have none.
    pub(super) fn numbered(width: usize) -> Vec<String> {
        (1..=width).map(|number| format!("column {number}")).collect()
    }
}
