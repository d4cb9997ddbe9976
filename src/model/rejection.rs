//! Rows and cells of a file that could not be taken, and why: compact, so that a file of nothing but bad rows fits.

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

/// How many rejections are kept in full; the rejects file holds them all.
pub const EXAMPLES_KEPT: usize = 1000;

/// Everything of a file that was set aside.
#[derive(Debug, Clone, Default)]
pub struct Rejections {
    /// The distinct problems.
    pub problems: Vec<Problem>,
    /// Every rejection, in file order.
    pub rows: Vec<Rejection>,
    /// The first [`EXAMPLES_KEPT`], with their values.
    pub examples: Vec<RejectionExample>,
    index: std::collections::HashMap<Problem, u32>,
}

impl Rejections {
    /// Sets a row aside.
    pub fn add(&mut self, line: u32, problem: Problem, value: Option<&str>) {
        let next = u32::try_from(self.problems.len()).unwrap_or(u32::MAX);
        let problem = *self.index.entry(problem).or_insert_with_key(|problem| {
            self.problems.push(problem.clone());
            next
        });
        if self.examples.len() < EXAMPLES_KEPT {
            let value = value.map(|value| value.chars().take(80).collect());
            self.examples.push(RejectionExample { line: u64::from(line), problem, value });
        }
        self.rows.push(Rejection { line, problem });
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
        for row in &self.rows {
            if let Some(count) = counts.get_mut(row.problem as usize) {
                *count += 1;
            }
        }
        counts
    }
}
