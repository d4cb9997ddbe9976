//! Rows and cells of a file that could not be taken, and why: compact, so that a file of nothing but bad rows fits.

use super::segmented_vec::SegmentedVec;

/// How far apart the lines of two sheets of a workbook are: row 5 of its third sheet is line 2 * this + 5. A sheet has
/// at most half as many rows.
pub const SHEET_STRIDE: u32 = 1 << 21;

/// One kind of problem of one cause; many rows can share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Stable code, e.g. `wrong_unit`, `not_a_number`, `missing_account`.
    pub code: &'static str,
    /// The header of the column at fault, or what it stands for; None for the whole row.
    pub column: Option<String>,
    /// What was expected and what was found, without the cell's own text.
    pub message: String,
    /// What to change.
    pub hint: Option<String>,
}

/// A row (or, in a wide file, a cell) that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// Physical line on which the record begins, from 1.
    pub line: u32,
    /// Index into [`Rejections::problems`].
    pub problem: u32,
    /// The column of a wide table in which the value stands that was set aside, from 0; None for the whole row.
    pub column: Option<u16>,
}

/// A good row's bad sibling: enough of a row that was set aside to know which rows it would have been one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadRow<M> {
    /// Index into the accounts of the batch.
    pub account: u32,
    /// What else it speaks of: nothing, a month, a KPI and its day.
    pub matter: M,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
}

/// A rejection told in full, with the cell's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionExample {
    /// Physical line on which the record begins, from 1.
    pub line: u64,
    /// Index into [`Rejections::problems`].
    pub problem: u32,
    /// The cell's text, shortened to 80 characters; None where the whole row is at fault.
    pub value: Option<String>,
}

/// How many rejections are kept in full, whatever their cause; the rejects file holds them all.
const EXAMPLES_KEPT: usize = 1000;
/// How many more are kept of a cause that comes later, and of all such causes together.
const OF_A_LATER_CAUSE: u32 = 3;
const OF_LATER_CAUSES: usize = 1000;

/// Everything of a file that was set aside.
#[derive(Debug, Clone, Default)]
pub struct Rejections {
    /// The distinct problems.
    pub problems: Vec<Problem>,
    /// Every rejection, in file order.
    pub rows: SegmentedVec<Rejection>,
    /// The first thousand with their values, and of causes that come later the first few of each.
    pub examples: Vec<RejectionExample>,
    /// How many examples each problem has.
    examples_of: Vec<u32>,
    /// The sheets of a workbook, by their numbers; none of a text.
    sheets: std::collections::BTreeMap<u32, String>,
    index: std::collections::HashMap<Problem, u32>,
}

impl Rejections {
    /// Sets a row aside.
    pub fn add(&mut self, line: u32, problem: Problem, value: Option<&str>) {
        self.add_cell(line, None, problem, value);
    }

    /// Sets a value of a wide table aside that stands in this column; None: the whole row.
    pub fn add_cell(&mut self, line: u32, column: Option<u16>, problem: Problem, value: Option<&str>) {
        let next = u32::try_from(self.problems.len()).unwrap_or(u32::MAX);
        let problem = *self.index.entry(problem).or_insert_with_key(|problem| {
            self.problems.push(problem.clone());
            self.examples_of.push(0);
            next
        });
        if self.is_shown(Some(problem)) {
            let value = value.map(|value| value.chars().take(80).collect());
            self.examples.push(RejectionExample { line: u64::from(line), problem, value });
            if let Some(count) = self.examples_of.get_mut(problem as usize) {
                *count = count.saturating_add(1);
            }
        }
        self.rows.push(Rejection { line, problem, column });
    }

    /// Whether the next row of this problem would be kept in full.
    #[must_use]
    pub fn shows(&self, problem: &Problem) -> bool {
        self.is_shown(self.index.get(problem).copied())
    }

    fn is_shown(&self, problem: Option<u32>) -> bool {
        let shown =
            problem.and_then(|place| self.examples_of.get(place as usize)).copied().unwrap_or_default();
        let kept = self.examples.len();
        kept < EXAMPLES_KEPT || (shown < OF_A_LATER_CAUSE && kept < EXAMPLES_KEPT + OF_LATER_CAUSES)
    }

    /// Names a sheet, whose lines are [`SHEET_STRIDE`] times its number and on.
    pub fn name_sheet(&mut self, number: u32, name: &str) {
        self.sheets.insert(number, name.to_owned());
    }

    /// The sheet and row that a line is, or the line of a text.
    #[must_use]
    pub fn place(&self, line: u64) -> (Option<&str>, u64) {
        let stride = u64::from(SHEET_STRIDE);
        let sheet = u32::try_from(line / stride).ok().and_then(|number| self.sheets.get(&number));
        sheet.map_or((None, line), |sheet| (Some(sheet), line % stride))
    }

    /// A line as messages name it: `line 12`, or `row 12 of sheet KPIs`.
    #[must_use]
    pub fn said(&self, line: u32) -> String {
        match self.place(u64::from(line)) {
            (Some(sheet), row) => format!("row {row} of sheet {sheet}"),
            (None, line) => format!("line {line}"),
        }
    }

    /// Puts what was added out of order into file order.
    pub fn sort_by_line(&mut self) {
        self.rows.sort_by_key(|row| row.line);
        self.examples.sort_by_key(|example| example.line);
    }

    /// How many rows were set aside.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Whether nothing was set aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows each problem took, in order of first occurrence.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.problems.len()];
        for row in self.rows.iter() {
            if let Some(count) = counts.get_mut(row.problem as usize) {
                *count += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &'static str, number: u32) -> Problem {
        Problem { code, column: None, message: number.to_string(), hint: None }
    }

    #[test]
    fn a_cause_that_comes_late_has_examples_too() {
        let mut rejections = Rejections::default();
        for line in 0..5_000 {
            rejections.add(line, problem("first", 0), Some("x"));
        }
        for line in 5_000..5_010 {
            rejections.add(line, problem("late", 0), Some("y"));
        }
        let of = |place: u32| rejections.examples.iter().filter(|example| example.problem == place).count();
        assert_eq!((of(0), of(1), rejections.counts()), (1_000, 3, vec![5_000, 10]));
    }

    #[test]
    fn examples_are_bounded_however_many_causes_there_are() {
        let mut rejections = Rejections::default();
        for line in 0..9_000 {
            rejections.add(line, problem("each", line), None);
        }
        assert_eq!((rejections.examples.len(), rejections.len()), (2_000, 9_000));
        assert_eq!(std::mem::size_of::<Rejection>(), 12);
    }

    #[test]
    fn lines_of_sheets_are_their_rows() {
        let mut rejections = Rejections::default();
        assert_eq!(rejections.place(5_000_000), (None, 5_000_000));
        rejections.name_sheet(0, "KPIs");
        rejections.name_sheet(2, "More");
        assert_eq!(rejections.place(7), (Some("KPIs"), 7));
        assert_eq!(rejections.place(u64::from(2 * SHEET_STRIDE) + 1_048_576), (Some("More"), 1_048_576));
        assert_eq!(rejections.said(2 * SHEET_STRIDE + 3), "row 3 of sheet More");
    }
}
