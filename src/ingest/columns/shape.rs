//! What the values of a column look like, for columns that are not read: of the first values alone.
//!
//! It must never cost more because a file is long, and never decide how anything is read.

/// Of a table only so many records are looked at.
const RECORDS_SEEN: usize = 200;

/// Characters of an example that are told.
const EXAMPLE_TOLD: usize = 30;

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Number,
    Date,
    Text,
}

/// The looks in the order in which they are told, each with its words.
const LOOKS: [(Look, &str); 3] = [(Look::Number, "numbers"), (Look::Date, "dates"), (Look::Text, "texts")];

/// What was seen of one column.
#[derive(Debug, Clone, Default)]
struct Column {
    counts: [usize; 3],
    blank: usize,
    /// The first cell of each look.
    examples: [Option<String>; 3],
}

/// What was seen of the columns of a table.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct Shapes {
    records: usize,
    columns: Vec<Column>,
}

impl Shapes {
    /// Looks at a record, unless enough were seen.
    pub(in crate::ingest) fn observe<'c>(&mut self, cells: impl Iterator<Item = &'c str>) {
        if self.records >= RECORDS_SEEN {
            return;
        }
        self.records += 1;
        for (place, cell) in cells.enumerate() {
            if self.columns.len() <= place {
                self.columns.push(Column::default());
            }
            if let Some(column) = self.columns.get_mut(place) {
                column.observe(cell.trim());
            }
        }
    }

    /// `12 numbers such as 4.5, 3 blank`; None where nothing was seen of the column.
    pub(super) fn describe(&self, column: usize) -> Option<String> {
        let column = self.columns.get(column)?;
        let looks = LOOKS.iter().zip(column.counts).zip(&column.examples);
        let mut told: Vec<String> = looks
            .filter_map(|(((_, words), count), example)| {
                let example = example.as_ref()?;
                let words = if count == 1 { words.trim_end_matches('s') } else { words };
                Some(format!("{count} {words} such as {example}"))
            })
            .collect();
        match (told.is_empty(), column.blank) {
            (_, 0) => {}
            (true, _) => told.push("nothing but blanks".to_owned()),
            (false, blank) => told.push(format!("{blank} blank")),
        }
        let first = if self.records >= RECORDS_SEEN { "at first " } else { "" };
        (!told.is_empty()).then(|| format!("{first}{}", told.join(", ")))
    }
}

impl Column {
    fn observe(&mut self, cell: &str) {
        if cell.is_empty() {
            self.blank += 1;
            return;
        }
        let place = look(cell) as usize;
        if let (Some(count), Some(example)) = (self.counts.get_mut(place), self.examples.get_mut(place)) {
            *count += 1;
            example.get_or_insert_with(|| shown(cell));
        }
    }
}

/// A guess by the characters alone: it is told, never taken.
fn look(cell: &str) -> Look {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let parts: Vec<&str> = cell.get(..10).unwrap_or(cell).split(['-', '/', '.']).collect();
    let is_part =
        |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() == 3 && parts.iter().all(is_part) && parts.iter().any(|part| part.len() == 4) {
        return Look::Date;
    }
    let is_of_number = |c: char| c.is_ascii_digit() || "+-.,%$€£ ".contains(c);
    if digits > 0 && cell.chars().all(is_of_number) { Look::Number } else { Look::Text }
}

fn shown(cell: &str) -> String {
    let text = match cell.char_indices().nth(EXAMPLE_TOLD) {
        Some((end, _)) => format!("{}…", cell.get(..end).unwrap_or_default()),
        None => cell.to_owned(),
    };
    if look(cell) == Look::Text { format!("'{text}'") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(cells: &[&str]) -> Option<String> {
        let mut shapes = Shapes::default();
        cells.iter().for_each(|cell| shapes.observe(std::iter::once(*cell)));
        shapes.describe(0)
    }

    #[test]
    fn a_column_is_described_by_what_its_cells_look_like() {
        for (cells, told) in [
            (["16-10-2024", "2024-10-17T10:00"].as_slice(), "2 dates such as 16-10-2024"),
            (&["4.5", "", "12 %", " "], "2 numbers such as 4.5, 2 blank"),
            (&["Basic", "7"], "1 number such as 7, 1 text such as 'Basic'"),
            (&["", ""], "nothing but blanks"),
            (&["N/A", "-", "8E467"], "3 texts such as 'N/A'"),
        ] {
            assert_eq!(described(cells).as_deref(), Some(told), "{cells:?}");
        }
        assert_eq!(Shapes::default().describe(0), None);
    }

    #[test]
    fn only_the_first_records_are_looked_at() {
        assert_eq!(described(&["1"; 300]).as_deref(), Some("at first 200 numbers such as 1"));
        let told = described(&["ä".repeat(31).as_str()]).unwrap();
        assert_eq!(told, format!("1 text such as '{}…'", "ä".repeat(30)));
    }
}
