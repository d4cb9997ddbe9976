//! A command line up to the cursor, as a shell would split it. Nothing in it is expanded or run.

/// Which quote is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quote {
    /// None.
    #[default]
    Bare,
    /// A single one.
    Single,
    /// A double one.
    Double,
}

/// The words before the cursor, and the one that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// The words that are done, the program's name first, without their quotes.
    pub(super) words: Vec<String>,
    /// The word up to the cursor, without its quotes.
    pub(super) current: String,
    /// The quote that is open at the cursor.
    pub(super) quote: Quote,
    /// How much of `current`, in bytes, readline leaves as it stands: what comes before its last break, or before
    /// the quote that is open.
    pub(super) kept: usize,
}

impl Line {
    /// Splits a line; `breaks` are the characters at which readline begins a new word of its own.
    pub(super) fn read(text: &str, breaks: &str) -> Self {
        let mut line = Self::default();
        let mut in_word = false;
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match (line.quote, character) {
                (Quote::Bare, character) if character.is_whitespace() => {
                    if std::mem::take(&mut in_word) {
                        line.words.push(std::mem::take(&mut line.current));
                        line.kept = 0;
                    }
                    continue;
                }
                (Quote::Bare, '\'') => line.open(Quote::Single),
                (Quote::Bare, '"') => line.open(Quote::Double),
                (Quote::Single, '\'') | (Quote::Double, '"') => line.quote = Quote::Bare,
                (Quote::Bare, '\\') => line.current.extend(characters.next()),
                (Quote::Double, '\\') => line.current.push_str(&in_double_quotes(characters.next())),
                (quote, character) => {
                    line.current.push(character);
                    if quote == Quote::Bare && breaks.contains(character) {
                        line.kept = line.current.len();
                    }
                }
            }
            in_word = true;
        }
        line
    }

    fn open(&mut self, quote: Quote) {
        self.quote = quote;
        self.kept = self.current.len();
    }
}

/// What a backslash and the character after it stand for between double quotes.
fn in_double_quotes(next: Option<char>) -> String {
    match next {
        Some(escaped @ ('"' | '\\' | '$' | '`')) => escaped.to_string(),
        Some(other) => format!("\\{other}"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'@><=;|&(:";

    #[test]
    fn a_line_is_split_as_a_shell_does() {
        for (text, words, current, quote, kept) in [
            ("acctsnap lat", &["acctsnap"][..], "lat", Quote::Bare, 0),
            ("acctsnap latest ", &["acctsnap", "latest"], "", Quote::Bare, 0),
            (r"a -a Tech\ Co", &["a", "-a"], "Tech Co", Quote::Bare, 0),
            ("a -a 'Tech Co", &["a", "-a"], "Tech Co", Quote::Single, 0),
            (r#"a -a "A \$B\" \n"#, &["a", "-a"], r#"A $B" \n"#, Quote::Double, 0),
            (r#"a "" 'b c'd x"#, &["a", "", "b cd"], "x", Quote::Bare, 0),
            ("a --account=Te", &["a"], "--account=Te", Quote::Bare, 10),
            ("a -a ext:'A 1", &["a", "-a"], "ext:A 1", Quote::Single, 4),
            ("a $(rm -rf x) `y", &["a", "$(rm", "-rf", "x)"], "`y", Quote::Bare, 0),
            ("a \\", &["a"], "", Quote::Bare, 0),
            ("", &[], "", Quote::Bare, 0),
        ] {
            let line = Line::read(text, BREAKS);
            assert_eq!(line.words, words, "{text}");
            assert_eq!((line.current.as_str(), line.quote, line.kept), (current, quote, kept), "{text}");
        }
    }
}
