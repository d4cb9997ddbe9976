//! What was noted while one file was read: problems with their places, and which keys the readers know.
//!
//! It knows nothing about any setting.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeValue;

use super::origin::{Place, Placed};
use super::problem::Problem;

/// What was found so far in one file.
#[derive(Debug)]
pub(super) struct Notes {
    text: String,
    line_starts: Vec<usize>,
    problems: Vec<Problem>,
    known: BTreeSet<String>,
}

impl Notes {
    /// Nothing noted yet about this text.
    pub(super) fn new(text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Self { text: text.to_owned(), line_starts, problems: Vec::new(), known: BTreeSet::new() }
    }

    /// The line and column of a byte offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).map_or(0, |text| text.chars().count());
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { line: number(line), column: number(before.saturating_add(1)) }
    }

    /// The place of a text's character, counted from 0; None where the file has that text with escapes before it.
    pub(super) fn place_within(&self, value: &Spanned<DeValue<'_>>, character: usize) -> Option<Place> {
        let raw = self.text.get(value.span())?;
        let text = value.get_ref().as_str()?;
        let quote = raw.get(..3).filter(|start| matches!(*start, "\"\"\"" | "'''")).map_or(1, str::len);
        let opening = raw.get(quote..)?;
        // A break that follows the opening quotes at once is not part of the text.
        let content = if quote == 3 { opening.trim_start_matches(['\r', '\n']) } else { opening };
        let before = text.char_indices().nth(character).map_or(text, |(end, _)| text.split_at(end).0);
        let skipped = raw.len().checked_sub(content.len())?;
        content.starts_with(before).then(|| self.place(value.span().start + skipped + before.len()))
    }

    /// How many problems were noted.
    pub(super) fn count_problems(&self) -> usize {
        self.problems.len()
    }

    /// Notes a problem.
    pub(super) fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes that the text is no TOML.
    pub(super) fn add_syntax(&mut self, offset: usize, message: &str) {
        let message = message.trim().replace('\n', ", ");
        self.add(Problem::new("invalid_toml", self.place(offset), String::new(), message));
    }

    /// Notes that a value, though of the right type, makes no sense where it stands.
    pub(super) fn add_wrong<T>(&mut self, at: &Placed<T>, message: impl Into<String>) {
        self.add(Problem::new("wrong_value", at.place, at.key.clone(), message.into()));
    }

    /// Remembers that a reader knows this key; `*` stands for a name that is free to choose.
    pub(super) fn remember(&mut self, pattern: String) {
        self.known.insert(pattern);
    }

    /// Every key that a reader knows.
    #[cfg(test)]
    pub(super) fn known(&self) -> &BTreeSet<String> {
        &self.known
    }

    /// Every problem; an unknown key that is known in exactly one other place is told that place.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let Self { mut problems, known, .. } = self;
        for problem in problems.iter_mut().filter(|problem| problem.is_unexplained_key()) {
            problem.suggestion = elsewhere(&problem.key, &known);
        }
        problems
    }
}

/// The one place where a setting of this name is known: `event_driven` alone was meant under `[cooldown]`.
fn elsewhere(key: &str, known: &BTreeSet<String>) -> Option<String> {
    let name = key.rsplit('.').next().unwrap_or(key);
    let is_table = |place: &str| known.iter().any(|other| is_below(other, place));
    let mut places = known.iter().filter(|place| {
        !place.contains('*')
            && place.strip_suffix(name).is_some_and(|above| above.ends_with('.'))
            && !is_table(place)
    });
    match (places.next(), places.next()) {
        (Some(place), None) => Some(place.clone()),
        _ => None,
    }
}

fn is_below(key: &str, table: &str) -> bool {
    key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}
