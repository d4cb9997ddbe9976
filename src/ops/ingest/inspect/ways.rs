//! What a file leaves open, and the flags by which a person settles it. Nothing is chosen here: each way is tried, and
//! all that lead to something are told.

use super::super::IngestOptions;
use super::super::flags_said::flag_of;
use super::Looking;
use super::tried::Tried;
use crate::error::{Choice, Error, Result};
use crate::model::reading::DateOrder;
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;

/// A file that leaves more open than this is read by nobody.
const DEEPEST: usize = 3;

/// What somebody has to say before a file is read.
pub(super) struct Open {
    /// What it leaves open.
    pub(super) why: Vec<Error>,
    /// The choices by which it is read, each way complete.
    pub(super) ways: Vec<Vec<Choice>>,
}

impl Looking<'_, '_> {
    /// Reads the file as a kind, by whatever settles what it leaves open.
    ///
    /// # Errors
    /// Why it cannot be read, where no choice changes that.
    pub(super) fn as_kind(&self, kind: UploadKind) -> Result<Tried> {
        self.after(kind, &[])
    }

    fn after(&self, kind: UploadKind, made: &[Choice]) -> Result<Tried> {
        match self.by(kind, made) {
            Err(error) if made.len() < DEEPEST && !error.choices().is_empty() => {
                self.settled(kind, made, error)
            }
            other => other,
        }
    }

    fn settled(&self, kind: UploadKind, made: &[Choice], error: Error) -> Result<Tried> {
        let mut found: Option<Tried> = None;
        let (mut ways, mut why) = (Vec::new(), Vec::new());
        for choice in error.choices() {
            let made = [made, std::slice::from_ref(choice)].concat();
            let Ok(mut tried) = self.after(kind, &made) else { continue };
            match tried.open.take() {
                Some(open) => {
                    ways.extend(open.ways);
                    if why.is_empty() {
                        why = open.why;
                    }
                }
                None => ways.push(made),
            }
            found.get_or_insert(tried);
        }
        let Some(tried) = found else { return Err(error) };
        why.insert(0, error);
        Ok(Tried { open: Some(Open { why, ways }), ..tried })
    }
}

/// The options with these choices made: the order, the mark, and `maps` with the columns that are passed over.
pub(super) fn made<'m>(
    options: &IngestOptions<'m>,
    maps: &'m [(String, String)],
    choices: &[Choice],
) -> IngestOptions<'m> {
    let of =
        |flag: &str| choices.iter().rfind(|choice| choice.flag == flag).map(|choice| choice.value.as_str());
    IngestOptions {
        maps,
        date_order: word_of(&DateOrder::ALL, of("--date-order")).or(options.date_order),
        decimal: word_of(&DecimalMark::ALL, of("--decimal")).or(options.decimal),
        ..options.clone()
    }
}

/// The columns that choices map, beside those that are mapped already.
pub(super) fn maps(options: &IngestOptions<'_>, choices: &[Choice]) -> Vec<(String, String)> {
    let chosen = choices.iter().filter(|choice| choice.flag == "--map");
    let chosen = chosen.filter_map(|choice| choice.value.rsplit_once('='));
    let chosen = chosen.map(|(column, field)| (column.to_owned(), field.to_owned()));
    options.maps.iter().cloned().chain(chosen).collect()
}

fn word_of<T: Copy>(words: &[(&str, T)], word: Option<&str>) -> Option<T> {
    words.iter().find(|(known, _)| Some(*known) == word).map(|(_, meaning)| *meaning)
}

/// Choices as flags.
pub(super) fn flags(way: &[Choice]) -> impl Iterator<Item = String> + '_ {
    way.iter().map(|choice| flag_of(choice.flag, &choice.value))
}
