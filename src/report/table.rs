//! Tables for people: a line a row, two spaces between columns, numbers on the right.
//!
//! Without a width (piped output) nothing is ever cut. With one, the columns that matter least give way first.

use comfy_table::{CellAlignment, ContentArrangement, Row, presets};

use super::style::{STRONG, styled};
use super::text::{escape_text, truncate, width};

/// The narrowest that a column is cut to.
const NARROWEST_COLUMN: usize = 8;
const GAP: usize = 2;

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    header: &'static str,
    number: bool,
    yields: u8,
}

impl Column {
    /// A column of text that is never cut.
    #[must_use]
    pub const fn text(header: &'static str) -> Self {
        Self { header, number: false, yields: 0 }
    }

    /// A column of numbers, right-aligned, never cut.
    #[must_use]
    pub const fn number(header: &'static str) -> Self {
        Self { header, number: true, yields: 0 }
    }

    /// Lets the column be cut where the table is too wide; the highest number gives way first.
    #[must_use]
    pub const fn yielding(mut self, order: u8) -> Self {
        self.yields = order;
        self
    }
}

/// Rows of text under headers. Cells are escaped as they come in.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; missing cells are empty, cells beyond the columns are dropped.
    pub fn add_row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|cell| escape_text(cell.as_ref()).into_owned());
        self.rows.push(cells.take(self.columns.len()).collect());
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, each line without spaces at its end; `available` is the terminal's width.
    #[must_use]
    pub fn render(&self, available: Option<usize>) -> String {
        let widths = self.fitted_widths(available);
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(shortened(self.columns.iter().map(|column| column.header), &widths));
        for row in &self.rows {
            table.add_row(shortened(row.iter().map(String::as_str), &widths));
        }
        for (column, drawn) in self.columns.iter().zip(table.column_iter_mut()) {
            drawn.set_padding((0, 2));
            if column.number {
                drawn.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        for (index, line) in table.lines().enumerate() {
            let line = line.trim_end();
            text.push_str(&if index == 0 { styled(STRONG, line) } else { line.to_owned() });
            text.push('\n');
        }
        text
    }

    fn natural_widths(&self) -> Vec<usize> {
        let widest = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| width(cell));
            cells.max().unwrap_or(0).max(width(column.header))
        };
        self.columns.iter().enumerate().map(widest).collect()
    }

    /// Cuts yielding columns, the highest order first, until the table fits or none can yield more.
    fn fitted_widths(&self, available: Option<usize>) -> Vec<usize> {
        let mut widths = self.natural_widths();
        let Some(available) = available else { return widths };
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(available);
        let mut yielding: Vec<(u8, usize)> =
            self.columns.iter().enumerate().map(|(index, column)| (column.yields, index)).collect();
        yielding.retain(|(order, _)| *order > 0);
        yielding.sort_unstable_by(|left, right| right.cmp(left));
        for (_, index) in yielding {
            if let Some(column_width) = widths.get_mut(index) {
                let given = excess.min(column_width.saturating_sub(NARROWEST_COLUMN));
                *column_width -= given;
                excess -= given;
            }
        }
        widths
    }
}

fn shortened<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> Row {
    Row::from(cells.zip(widths).map(|(cell, width)| truncate(cell, *width)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;

    const COLUMNS: [Column; 3] =
        [Column::text("ACCOUNT").yielding(1), Column::number("SCORE"), Column::text("REASON").yielding(2)];

    fn table() -> Table {
        let mut table = Table::new(&COLUMNS);
        table.add_row(["TechCorp Solutions", "64.9", "the monthly upload of all KPIs"]);
        table.add_row(["株式会社", "100", "evil\u{1b}[2J"]);
        table
    }

    #[test]
    fn piped_tables_are_never_cut() {
        let expected = concat!(
            "ACCOUNT             SCORE  REASON\n",
            "TechCorp Solutions   64.9  the monthly upload of all KPIs\n",
            "株式会社              100  evil\\u{1b}[2J\n",
        );
        assert_eq!(plain(&table().render(None)), expected);
    }

    #[test]
    fn the_least_important_column_gives_way_first() {
        let expected = concat!(
            "ACCOUNT             SCORE  REASON\n",
            "TechCorp Solutions   64.9  the monthly…\n",
            "株式会社              100  evil\\u{1b}[2J\n",
        );
        assert_eq!(plain(&table().render(Some(40))), expected);
        for line in plain(&table().render(Some(30))).lines() {
            assert!(width(line) <= 30, "{line}");
        }
    }

    #[test]
    fn a_table_without_rows_is_its_header() {
        assert_eq!(plain(&Table::new(&COLUMNS).render(Some(60))), "ACCOUNT  SCORE  REASON\n");
    }
}
