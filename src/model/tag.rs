//! Tags: names that people give to snapshots, at most one snapshot of each account a name.

use super::moment::Moment;

/// A tag's name: letters, digits and `-_.`, not digits alone, nothing that means a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(String);

/// The words that mean moments of an account.
const MOMENTS: [&str; 3] = ["latest", "previous", "now"];

/// How long a name may be.
const LONGEST: usize = 64;

impl Tag {
    /// Reads a name.
    ///
    /// # Errors
    /// What was expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_meant = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        let refuse = |why: &str| Err(format!("{why}, got '{text}'"));
        if text.is_empty() || !text.chars().all(is_meant) {
            return refuse("expected letters, digits, '-', '_' and '.'");
        }
        if text.chars().count() > LONGEST {
            return refuse("expected at most 64 letters");
        }
        if text.starts_with('-') {
            return refuse("expected a name that begins with a letter, a digit, '_' or '.'");
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return refuse("digits alone are a snapshot's id; expected a name");
        }
        if MOMENTS.contains(&text.to_lowercase().as_str()) || Moment::parse(text).is_ok() {
            return refuse("this means a moment already; expected another name");
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// What is compared: the case of letters makes no difference.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_that_mean_nothing_else() {
        for good in ["board-2026Q3", "qbr", "v1.2", "Überblick", "q3_review", "2026-Q3-board"] {
            assert_eq!(Tag::parse(good).map(|tag| tag.name().to_owned()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "12",
            "latest",
            "NOW",
            "previous",
            "2026-Q3",
            "2026-09",
            "2026-09-30",
            "FY27-Q1",
            "a b",
            "-a",
            "a/b",
            "=cmd",
        ] {
            assert!(Tag::parse(bad).is_err(), "{bad}");
        }
        assert!(Tag::parse(&"a".repeat(64)).is_ok());
        assert!(Tag::parse(&"a".repeat(65)).is_err());
        assert_eq!(Tag::parse("bOARD").unwrap().key(), "board");
    }
}
