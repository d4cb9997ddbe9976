//! A person's names taken out of texts: wherever one of them stands as words of its own, however it is written.
//!
//! Case, accents written in one character or two, invisible characters and the width of spaces make no difference. It
//! must never change a text that does not hold a name, nor anything of a JSON text but the strings in it.

use caseless::Caseless;
use serde::de::IgnoredAny;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands where a name stood.
pub const ERASED: &str = "(erased)";

/// A name with fewer characters is part of too much else.
const SHORTEST: usize = 3;

/// A person who is to be forgotten: every name and address that leads to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    names: Vec<Vec<char>>,
    separators: Separators,
}

/// What stands between the words of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separators {
    /// Spaces; any other character is one of the name.
    Spaces,
    /// Anything but letters and digits: `Tech_Corp-2.csv` holds `Tech Corp`.
    AnyOfFileNames,
}

/// A name that says too little to be looked for; the name is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooShort(pub String);

/// A character as it is compared, and the bytes of the text that it stands for.
struct Folded {
    character: char,
    start: usize,
    end: usize,
}

impl Person {
    /// By names and addresses.
    ///
    /// # Errors
    /// [`TooShort`] for one of fewer than three characters, or without a letter.
    pub fn new<S: AsRef<str>>(names: &[S]) -> Result<Self, TooShort> {
        let separators = Separators::Spaces;
        let folded = names.iter().map(|name| characters_of(name.as_ref(), separators));
        Ok(Self::of(folded.collect::<Result<_, _>>()?, separators))
    }

    /// By names, as they stand in names of files; a name that says too little is left out.
    #[must_use]
    pub fn in_file_names<S: AsRef<str>>(names: &[S]) -> Self {
        let separators = Separators::AnyOfFileNames;
        let folded = names.iter().filter_map(|name| characters_of(name.as_ref(), separators).ok());
        Self::of(folded.collect(), separators)
    }

    /// The same names, as they stand in names of files.
    #[must_use]
    pub fn as_in_file_names(&self) -> Self {
        Self::in_file_names(&self.names.iter().map(|name| name.iter().collect()).collect::<Vec<String>>())
    }

    fn of(mut names: Vec<Vec<char>>, separators: Separators) -> Self {
        // The longest first: of a name and the address that begins with it, the address is taken out whole.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self { names, separators }
    }

    /// The text of a stored value without the names; None where none stands in it. Of a JSON text, its strings.
    #[must_use]
    pub fn redact(&self, text: &str) -> Option<String> {
        let looks_like_json = text.starts_with(['{', '[', '"']);
        match looks_like_json && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            true => self.redact_json(text),
            false => self.redact_plain(text),
        }
    }

    fn redact_plain(&self, text: &str) -> Option<String> {
        let units = folded(text, self.separators);
        let (mut redacted, mut place, mut copied) = (String::new(), 0, 0);
        while place < units.len() {
            let found = self.names.iter().find(|name| stands_at(&units, place, name));
            let Some(name) = found else {
                place += 1;
                continue;
            };
            let last = place + name.len() - 1;
            let start = units.get(place).map_or(copied, |unit| unit.start);
            let end = units.get(last).map_or(text.len(), |unit| unit.end);
            redacted.push_str(text.get(copied..start).unwrap_or_default());
            redacted.push_str(ERASED);
            (copied, place) = (end, last + 1);
        }
        if redacted.is_empty() {
            return None;
        }
        redacted.push_str(text.get(copied..).unwrap_or_default());
        Some(redacted)
    }

    /// Keys and values; numbers, order and spaces stay as they are written.
    fn redact_json(&self, text: &str) -> Option<String> {
        let (mut redacted, mut rest, mut is_changed) = (String::with_capacity(text.len()), text, false);
        while let Some(start) = rest.find('"') {
            let (before, from_quote) = rest.split_at(start);
            let (literal, after) = from_quote.split_at(literal_length(from_quote));
            redacted.push_str(before);
            let without = serde_json::from_str::<String>(literal).ok().and_then(|text| self.redact(&text));
            match without.and_then(|text| serde_json::to_string(&text).ok()) {
                Some(without) => {
                    redacted.push_str(&without);
                    is_changed = true;
                }
                None => redacted.push_str(literal),
            }
            rest = after;
        }
        redacted.push_str(rest);
        is_changed.then_some(redacted)
    }
}

/// A name as it is compared.
fn characters_of(name: &str, separators: Separators) -> Result<Vec<char>, TooShort> {
    let units = folded(name, separators);
    let characters: String = units.into_iter().map(|unit| unit.character).collect();
    let characters: Vec<char> = characters.trim().chars().collect();
    match characters.len() >= SHORTEST && characters.iter().any(|c| c.is_alphabetic()) {
        true => Ok(characters),
        false => Err(TooShort(name.to_owned())),
    }
}

/// The length of the string literal with which a text begins, quotes included.
fn literal_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

fn stands_at(units: &[Folded], place: usize, name: &[char]) -> bool {
    let Some(here) = units.get(place..).and_then(|rest| rest.get(..name.len())) else { return false };
    let is_part = |unit: Option<&Folded>| {
        unit.is_some_and(|unit| unit.character.is_alphanumeric() || is_combining_mark(unit.character))
    };
    here.iter().map(|unit| &unit.character).eq(name)
        && !is_part(place.checked_sub(1).and_then(|before| units.get(before)))
        && !is_part(units.get(place + name.len()))
}

/// A text as it is compared: decomposed, case-folded, invisible characters left out, a run of separators as one space.
fn folded(text: &str, separators: Separators) -> Vec<Folded> {
    let separates = |character: char| match separators {
        Separators::Spaces => character.is_whitespace(),
        Separators::AnyOfFileNames => !character.is_alphanumeric() && !is_combining_mark(character),
    };
    let mut units: Vec<Folded> = Vec::with_capacity(text.len());
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if is_invisible(character) {
            continue;
        }
        if separates(character) {
            match units.last_mut().filter(|last| last.character == ' ') {
                Some(space) => space.end = end,
                None => units.push(Folded { character: ' ', start, end }),
            }
            continue;
        }
        let same = std::iter::once(character).nfkd().default_case_fold().nfkd();
        units.extend(same.map(|character| Folded { character, start, end }));
    }
    units
}

/// Soft hyphens, zero-width characters and marks of direction.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(names: &[&str], text: &str) -> Option<String> {
        Person::new(names).unwrap().redact(text)
    }

    #[test]
    fn a_name_is_found_however_it_is_written_and_only_as_words_of_its_own() {
        for (text, redacted) in [
            ("Jane Doe", Some("(erased)")),
            ("with JANE  doe's team", Some("with (erased)'s team")),
            ("jane\u{a0}\n doe, Jane Doe.", Some("(erased), (erased).")),
            ("Ja\u{200b}ne\u{ad} Doe", Some("(erased)")),
            ("\u{ff2a}ane Doe", Some("(erased)")),
            ("Jane Doering", None),
            ("Sjane Doe", None),
            ("Jane Doe\u{301}", None),
            ("Jane", None),
            ("", None),
        ] {
            assert_eq!(redact(&["Jane Doe"], text).as_deref(), redacted, "{text:?}");
        }
    }

    #[test]
    fn accents_in_one_character_or_two_are_the_same() {
        for text in ["Jos\u{e9} Nu\u{f1}ez", "Jose\u{301} Nun\u{303}ez", "JOS\u{c9} NU\u{d1}EZ"] {
            assert_eq!(redact(&["Jos\u{e9} Nu\u{f1}ez"], text).as_deref(), Some(ERASED), "{text:?}");
        }
        assert_eq!(redact(&["Gro\u{df}"], "GROSS").as_deref(), Some(ERASED));
    }

    #[test]
    fn an_address_goes_whole_where_the_name_begins_it() {
        let text = "Jane <jane@x.example> or jane";
        assert_eq!(
            redact(&["jane", "jane@x.example"], text).as_deref(),
            Some("(erased) <(erased)> or (erased)")
        );
    }

    #[test]
    fn of_json_only_the_strings_change() {
        let text = r#"{"b": 1e3, "Jane Doe":["a \"Jane Doe\"\n", 1.50,"jane\u0020doe"] ,"a":null}"#;
        let without = r#"{"b": 1e3, "(erased)":["a \"(erased)\"\n", 1.50,"(erased)"] ,"a":null}"#;
        assert_eq!(redact(&["Jane Doe"], text).as_deref(), Some(without));
        assert_eq!(redact(&["Jane Doe"], r#"{"a":"Jane"}"#), None);
        assert_eq!(redact(&["null"], r#"{"a":null}"#), None);
        assert_eq!(redact(&["Jane Doe"], "[Jane Doe] said").as_deref(), Some("[(erased)] said"));
    }

    #[test]
    fn in_names_of_files_whatever_is_no_letter_separates_words() {
        for (text, redacted) in [
            ("TechCorp_Solutions-Inc 2024.csv", Some("(erased) 2024.csv")),
            ("q3/techcorp solutions, inc..xlsx", Some("q3/(erased)..xlsx")),
            ("acc-0017.csv", Some("(erased).csv")),
            ("techcorp.csv", None),
            ("17.csv", None),
        ] {
            let names = Person::in_file_names(&["TechCorp Solutions, Inc.", "ACC-0017", "17", ""]);
            assert_eq!(names.redact(text).as_deref(), redacted, "{text:?}");
        }
    }

    #[test]
    fn what_says_too_little_is_refused() {
        for name in ["", "  ", "Al", "12345", "\u{200b}ab"] {
            assert_eq!(Person::new(&[name]), Err(TooShort(name.to_owned())), "{name:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_a_name_is_left_and_a_second_time_changes_nothing(before in ".{0,20}", after in ".{0,20}") {
            let person = Person::new(&["Zo\u{eb} Quux"]).unwrap();
            let text = format!("{before} Zo\u{eb} Quux {after}");
            let redacted = person.redact(&text).unwrap();
            proptest::prop_assert!(!redacted.contains("Quux"));
            proptest::prop_assert_eq!(person.redact(&redacted), None);
        }
    }
}
