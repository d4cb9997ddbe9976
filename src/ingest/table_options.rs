//! What a caller says of where the table in a file is and how it is to be understood. It must never guess: what
//! nobody said is found in the file.

use crate::model::reading::{DateOrder, HeaderRow, Layout};
use crate::model::value::DecimalMark;

/// What a caller says of the table in a file; what is not said is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// Which row holds the headers.
    pub header: HeaderRow,
    /// The only sheet of a workbook to be read; None for every one that fits.
    pub sheet: Option<String>,
    /// How the values of a KPI file are laid out.
    pub layout: Layout,
    /// The order of day and month in every column; None settles each column from its values.
    pub date_order: Option<DateOrder>,
    /// The decimal mark of every column; None settles each column from its values.
    pub decimal: Option<DecimalMark>,
}
