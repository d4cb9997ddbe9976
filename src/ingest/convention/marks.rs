//! Which decimal mark a column writes, from all of its numbers together.

use super::numeral::Shows;
use super::sighting::{Sighting, Subject};
use crate::error::{Choice, Result};
use crate::model::value::DecimalMark;

/// What the numbers of a column say.
#[derive(Debug, Default)]
pub(super) struct NumberColumn {
    /// By which it is read; None while that is being found out.
    assumed: Option<DecimalMark>,
    /// The first numbers that only one mark explains.
    shown: PerMark<Option<Sighting>>,
    /// Numbers with one group of three behind this mark: how many, and the first.
    either: PerMark<(u64, Option<Sighting>)>,
    /// Whether a cell with a mark of either kind was read by this one.
    was_read_by: PerMark<bool>,
}

#[derive(Debug, Default)]
struct PerMark<T> {
    point: T,
    comma: T,
}

impl<T> PerMark<T> {
    const fn of(&self, mark: DecimalMark) -> &T {
        match mark {
            DecimalMark::Point => &self.point,
            DecimalMark::Comma => &self.comma,
        }
    }

    const fn of_mut(&mut self, mark: DecimalMark) -> &mut T {
        match mark {
            DecimalMark::Point => &mut self.point,
            DecimalMark::Comma => &mut self.comma,
        }
    }
}

/// The other mark.
pub(super) const fn other(mark: DecimalMark) -> DecimalMark {
    match mark {
        DecimalMark::Point => DecimalMark::Comma,
        DecimalMark::Comma => DecimalMark::Point,
    }
}

impl NumberColumn {
    /// A column that is read by this mark.
    pub(super) fn assuming(mark: DecimalMark) -> Self {
        Self { assumed: Some(mark), ..Self::default() }
    }

    /// The mark by which a cell is read, for the time being: what its column says is known at the end.
    pub(super) fn mark(&self, shows: Shows) -> DecimalMark {
        match (shows, self.assumed) {
            // A contradiction is for the whole column to find.
            (Shows::Mark(mark), _) => mark,
            (_, Some(mark)) => mark,
            _ if self.shown.comma.is_some() && self.shown.point.is_none() => DecimalMark::Comma,
            _ => DecimalMark::Point,
        }
    }

    /// Takes note of a number that was read by this mark.
    pub(super) fn see(&mut self, shows: Shows, read_by: DecimalMark, line: u32, cell: &str) {
        *self.was_read_by.of_mut(read_by) = true;
        match shows {
            Shows::Mark(mark) => {
                self.shown.of_mut(mark).get_or_insert_with(|| Sighting::new(line, cell));
            }
            Shows::Either(mark) => {
                let (count, first) = self.either.of_mut(mark);
                *count += 1;
                first.get_or_insert_with(|| Sighting::new(line, cell));
            }
            Shows::Unmarked | Shows::Nothing => {}
        }
    }

    /// The mark that the column's own numbers show.
    ///
    /// # Errors
    /// They show both.
    pub(super) fn shown(&self, subject: &Subject) -> Result<Option<DecimalMark>> {
        match (&self.shown.point, &self.shown.comma) {
            (Some(point), Some(comma)) => {
                let (told_comma, told_point) = (comma.told(), point.told());
                let what = format!("{told_comma} has a decimal comma, and {told_point} a decimal point");
                let hint = "mend the column, or say which with --decimal point or --decimal comma: rows that it does \
                            not fit are set aside";
                Err(subject
                    .refusal("decimal_contradiction", &what, hint, &[comma, point])
                    .with_choices(both()))
            }
            (Some(_), None) => Ok(Some(DecimalMark::Point)),
            (None, Some(_)) => Ok(Some(DecimalMark::Comma)),
            (None, None) => Ok(None),
        }
    }

    /// Whether some of its numbers can be read by either mark.
    pub(super) const fn is_ambiguous(&self) -> bool {
        self.either.point.0 + self.either.comma.0 > 0
    }

    /// Whether any of its numbers would be another, or none, by the other mark.
    pub(super) const fn says_something(&self) -> bool {
        self.shown.point.is_some() || self.shown.comma.is_some() || self.is_ambiguous()
    }

    /// Whether it has cells that were not read by this mark, and may have to be.
    pub(super) fn is_news(&self, mark: DecimalMark) -> bool {
        *self.was_read_by.of(other(mark))
    }

    /// The mark of numbers that neither their column nor another settles, from what parts the cells of the table.
    ///
    /// A comma that parts cells is hardly the decimal mark as well, and a sheet has numbers, not texts. A semicolon
    /// is what spreadsheets write where the comma is the decimal mark, and elsewhere too; a tab or bar says nothing,
    /// so that a point alone is what it mostly is.
    ///
    /// # Errors
    /// It does not settle them.
    pub(super) fn by_delimiter(&self, delimiter: Option<u8>, subject: &Subject) -> Result<DecimalMark> {
        let doubtful = match delimiter {
            None | Some(b',') => None,
            Some(b';') => self.either.comma.1.as_ref().or(self.either.point.1.as_ref()),
            Some(_) => self.either.comma.1.as_ref(),
        };
        let Some(example) = doubtful else { return Ok(DecimalMark::Point) };
        let count = self.either.point.0 + self.either.comma.0;
        let numbers = if count == 1 { "1 number".to_owned() } else { format!("{count} numbers") };
        let what =
            format!("{numbers} such as {} can have decimals or thousands behind the mark", example.told());
        let hint = "say which mark is the decimal one: --decimal point or --decimal comma";
        Err(subject.refusal("decimal_undecided", &what, hint, &[example]).with_choices(both()))
    }
}

/// Either mark, for whoever knows which it is.
fn both() -> Vec<Choice> {
    [DecimalMark::Point, DecimalMark::Comma].map(|mark| Choice::new("--decimal", mark.name())).into()
}
