//! What a caller says of how the table in a file is to be understood; what nobody says is found in the file.

use std::fmt;

/// Which row holds the headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HeaderRow {
    /// The file shows it.
    #[default]
    Auto,
    /// There is none: columns go by their numbers.
    None,
    /// The record that begins on this line, or the row of the sheet; from 1.
    Row(u32),
}

impl HeaderRow {
    /// The header that `auto`, `none` or a number of 1 or more stands for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "auto" => Some(Self::Auto),
            "none" => Some(Self::None),
            number => number.parse().ok().filter(|row| *row > 0).map(Self::Row),
        }
    }
}

impl fmt::Display for HeaderRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::None => f.write_str("none"),
            Self::Row(row) => write!(f, "{row}"),
        }
    }
}

/// How the values of a KPI file are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// The file shows it; accounts as columns are never found, only said.
    #[default]
    Auto,
    /// One value a row.
    Long,
    /// An account (or an account and KPI) a row, a KPI (or a period) a column.
    Wide,
    /// A KPI a row, an account a column.
    Transposed,
}

impl Layout {
    /// Each layout with its word.
    pub const ALL: [(&'static str, Self); 4] =
        [("auto", Self::Auto), ("long", Self::Long), ("wide", Self::Wide), ("transposed", Self::Transposed)];

    /// Its word on the command line and in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, layout)| *layout == self).map_or("auto", |(name, _)| name)
    }
}

/// In which order day, month and year stand in dates of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `31/10/2026`
    Dmy,
    /// `10/31/2026`
    Mdy,
    /// `2026/10/31`
    Ymd,
}

impl DateOrder {
    /// Each order with its word.
    pub const ALL: [(&'static str, Self); 3] = [("dmy", Self::Dmy), ("mdy", Self::Mdy), ("ymd", Self::Ymd)];

    /// Its word on the command line and in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, order)| *order == self).map_or("ymd", |(name, _)| name)
    }
}
