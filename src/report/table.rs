//! Tables for people: a line a row, two spaces between columns, numbers on the right.
//!
//! Without a width (piped output) nothing is ever cut or left out. With one, yielding columns are cut as far as they
//! stay readable, then optional ones are left out whole and named below: half an instant says nothing. An optional
//! column of empty cells never shows.

use comfy_table::{CellAlignment, ContentArrangement, Row, presets};

use super::style::{FAINT, STRONG, styled};
use super::text::{count, escape_text, truncate, width, wrap};

/// The narrowest that a column is cut to while others can be left out instead.
const READABLE_COLUMN: usize = 14;
/// The narrowest that a column is cut to at all.
const NARROWEST_COLUMN: usize = 8;
const GAP: usize = 2;

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    header: &'static str,
    number: bool,
    /// When it is cut: the highest first, 0 never.
    yields: u8,
    /// When it is left out: the highest first, 0 never.
    leaves: u8,
}

impl Column {
    /// A column of text that is never cut.
    #[must_use]
    pub const fn text(header: &'static str) -> Self {
        Self { header, number: false, yields: 0, leaves: 0 }
    }

    /// A column of numbers, right-aligned, never cut.
    #[must_use]
    pub const fn number(header: &'static str) -> Self {
        Self { header, number: true, yields: 0, leaves: 0 }
    }

    /// Lets the column be cut where the table is too wide; the highest number gives way first.
    #[must_use]
    pub const fn yielding(mut self, order: u8) -> Self {
        self.yields = order;
        self
    }

    /// Lets the column be left out where all its cells are empty, and where the table is too wide with every
    /// yielding column cut; the highest order goes first.
    #[must_use]
    pub const fn optional(mut self, order: u8) -> Self {
        self.leaves = order;
        self
    }
}

/// Rows of text under headers. Cells are escaped as they come in.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        let headers = columns.iter().map(|column| column.header.to_owned()).collect();
        Self { columns: columns.to_vec(), headers, rows: Vec::new() }
    }

    /// Adds a column whose header is known only now, e.g. a KPI's name; it is escaped.
    #[must_use]
    pub fn with_column(mut self, column: Column, header: &str) -> Self {
        self.columns.push(column);
        self.headers.push(escape_text(header).into_owned());
        self
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
        let shown = self.fitted(available);
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        let headers: Vec<&str> = self.headers.iter().map(String::as_str).collect();
        table.set_header(shortened(&headers, &shown));
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            table.add_row(shortened(&cells, &shown));
        }
        let columns = shown.iter().filter_map(|(index, _)| self.columns.get(*index));
        for (column, drawn) in columns.zip(table.column_iter_mut()) {
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
        text.push_str(&self.left_out(&shown, available));
        text
    }

    /// Names the columns for which there was no room; the JSON of an answer always has them.
    fn left_out(&self, shown: &[(usize, usize)], available: Option<usize>) -> String {
        let missing = |index: &usize| !shown.iter().any(|(place, _)| place == index);
        let missing = (0..self.columns.len()).filter(|index| missing(index) && !self.is_needless(*index));
        let headers = missing.filter_map(|index| self.columns.get(index)).map(|column| column.header);
        let headers: Vec<&str> = headers.filter(|header| !header.is_empty()).collect();
        let Some(available) = available.filter(|_| !headers.is_empty()) else { return String::new() };
        let note = format!("+ {} with --json: {}", count(headers.len() as u64, "column"), headers.join(", "));
        let lines = wrap(&note, available).into_iter();
        lines.map(|line| format!("{}\n", styled(FAINT, line))).collect()
    }

    fn natural_widths(&self) -> Vec<usize> {
        let widest = |index: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| width(cell));
            cells.max().unwrap_or(0).max(self.headers.get(index).map_or(0, |header| width(header)))
        };
        (0..self.columns.len()).map(widest).collect()
    }

    /// The columns shown, by place, with their widths: all of them where they fit, cut where they yield enough,
    /// else without the optional ones that it takes.
    fn fitted(&self, available: Option<usize>) -> Vec<(usize, usize)> {
        let mut shown: Vec<(usize, usize)> = self.natural_widths().into_iter().enumerate().collect();
        shown.retain(|(index, _)| !self.is_needless(*index));
        let Some(available) = available else { return shown };
        loop {
            let (cut, excess) = self.cut(&shown, available, READABLE_COLUMN);
            let leaves = |index: usize| self.columns.get(index).map_or(0, |column| column.leaves);
            let next = shown.iter().map(|(index, _)| *index).filter(|index| leaves(*index) > 0);
            match next.max_by_key(|index| (leaves(*index), *index)) {
                _ if excess == 0 => return cut,
                Some(least) => shown.retain(|(index, _)| *index != least),
                None => return self.cut(&shown, available, NARROWEST_COLUMN).0,
            }
        }
    }

    fn is_needless(&self, index: usize) -> bool {
        let optional = self.columns.get(index).is_some_and(|column| column.leaves > 0);
        optional && self.rows.iter().all(|row| row.get(index).is_none_or(String::is_empty))
    }

    /// Cuts yielding columns, the highest order first, until the table fits or all are as narrow as they may be; and
    /// by how much it is still too wide.
    fn cut(
        &self,
        shown: &[(usize, usize)],
        available: usize,
        narrowest: usize,
    ) -> (Vec<(usize, usize)>, usize) {
        let mut cut = shown.to_vec();
        let gaps = GAP * cut.len().saturating_sub(1);
        let mut excess = (cut.iter().map(|(_, width)| width).sum::<usize>() + gaps).saturating_sub(available);
        let yields = |index: usize| self.columns.get(index).map_or(0, |column| column.yields);
        let mut yielding: Vec<&mut (usize, usize)> =
            cut.iter_mut().filter(|(index, _)| yields(*index) > 0).collect();
        yielding.sort_unstable_by_key(|(index, _)| std::cmp::Reverse((yields(*index), *index)));
        for (_, width) in yielding {
            let given = excess.min(width.saturating_sub(narrowest));
            *width -= given;
            excess -= given;
        }
        (cut, excess)
    }
}

/// The cells of the columns shown, each cut to its width.
fn shortened(cells: &[&str], shown: &[(usize, usize)]) -> Row {
    let cell = |(index, width): &(usize, usize)| truncate(cells.get(*index).copied().unwrap_or(""), *width);
    Row::from(shown.iter().map(cell))
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
            "ACCOUNT            SCORE  REASON\n",
            "TechCorp Solutio…   64.9  the monthly u…\n",
            "株式会社             100  evil\\u{1b}[2J\n",
        );
        assert_eq!(plain(&table().render(Some(40))), expected);
        for line in plain(&table().render(Some(30))).lines() {
            assert!(width(line) <= 30, "{line}");
        }
    }

    #[test]
    fn optional_columns_are_left_out_only_where_cutting_is_not_enough() {
        let columns = [
            Column::number("ID"),
            Column::text("ACCOUNT").yielding(1),
            Column::text("FILE").optional(2),
            Column::text("DIGEST").optional(3),
        ];
        let mut table = Table::new(&columns);
        table.add_row(["1", "TechCorp Solutions", "kpis-2026-08.csv", "0123456789abcdef"]);
        let row = |width| plain(&table.render(Some(width))).lines().nth(1).unwrap().to_owned();
        assert_eq!(row(58), " 1  TechCorp Solutions  kpis-2026-08.csv  0123456789abcdef");
        assert_eq!(row(57), " 1  TechCorp Solutio…  kpis-2026-08.csv  0123456789abcdef");
        assert_eq!(row(50), " 1  TechCorp Solutions  kpis-2026-08.csv");
        assert_eq!(row(31), " 1  TechCorp Solutions");
        assert_eq!(row(12), " 1  TechCor…");
        let last = |width| plain(&table.render(Some(width))).lines().last().unwrap().to_owned();
        assert_eq!(last(50), "+ 1 column with --json: DIGEST");

        let mut table = Table::new(&columns);
        table.add_row(["1", "TechCorp Solutions", "", "0123456789abcdef"]);
        assert_eq!(plain(&table.render(None)).lines().next(), Some("ID  ACCOUNT             DIGEST"));
    }

    #[test]
    fn a_table_without_rows_is_its_header() {
        assert_eq!(plain(&Table::new(&COLUMNS).render(Some(60))), "ACCOUNT  SCORE  REASON\n");
    }
}
