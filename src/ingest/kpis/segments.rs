//! Rows as they are read, of a file of which no one knows how many it has.
//!
//! A vector that grows is copied, and for that moment there twice: with ten million rows, half of all the memory.

/// How many rows stand in one segment.
const SEGMENT: usize = 1 << 20;

/// Rows in the order in which they came.
#[derive(Debug)]
pub(super) struct Segments<T> {
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T> Segments<T> {
    /// No rows.
    pub(super) fn new() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.full.len() * SEGMENT + self.last.len()
    }

    /// Takes one more.
    pub(super) fn push(&mut self, row: T) {
        if self.last.len() == SEGMENT {
            self.full.push(std::mem::replace(&mut self.last, Vec::with_capacity(SEGMENT)));
        }
        self.last.push(row);
    }

    /// All rows in one piece; each segment is given up once it is copied.
    pub(super) fn into_rows(self) -> Vec<T> {
        if self.full.is_empty() {
            return self.last;
        }
        let mut rows = Vec::with_capacity(self.len());
        for mut segment in self.full {
            rows.append(&mut segment);
        }
        let mut last = self.last;
        rows.append(&mut last);
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        for count in [0, 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 7] {
            let mut segments = Segments::new();
            (0..count).for_each(|row| segments.push(row));
            assert_eq!(segments.len(), count);
            assert!(segments.into_rows().into_iter().eq(0..count));
        }
    }
}
