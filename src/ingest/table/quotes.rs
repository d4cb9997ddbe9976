//! Where quotes open and close, byte by byte, so that those that do not pair are noticed.
//!
//! csv's parser takes whatever stands behind a closing quote into the cell; here it is counted, and where the
//! quoted cell ran over lines it is the mark of a quote that swallowed rows. It must never change what is read.

use super::dialect::Dialect;
use crate::ingest::lines::Lines;

/// What stands around the next byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The beginning of a cell.
    Start,
    /// A cell without quotes.
    Bare,
    /// The inside of quotes.
    Quoted,
    /// The inside of quotes, behind a backslash that escapes.
    Escaped,
    /// Behind a quote that may have closed the cell.
    Closed,
}

/// What was found of quotes so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quotes {
    dialect: Dialect,
    state: State,
    lines: Lines,
    /// The line on which the last quoted cell begins.
    pub(super) opened_on: u64,
    /// How many quoted cells there are.
    pub(super) opened: u64,
    /// Of how many of them something stands behind the closing quote.
    pub(super) malformed: u64,
    /// Whether it is more than blanks in one of them.
    pub(super) has_stray: bool,
    /// Where such a cell that runs over lines begins.
    pub(super) swallowed_from: Option<u64>,
}

impl Quotes {
    /// The beginning of a record.
    pub(super) fn at(lines: Lines, dialect: Dialect) -> Self {
        let (opened_on, opened, malformed, has_stray, swallowed_from) = Default::default();
        Self { dialect, state: State::Start, lines, opened_on, opened, malformed, has_stray, swallowed_from }
    }

    /// All of a sample.
    pub(super) fn scan(sample: &[u8], dialect: Dialect) -> Self {
        let mut quotes = Self::at(Lines::start(), dialect);
        quotes.pass(sample);
        quotes
    }

    /// Whether a quoted cell is not closed.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Quoted | State::Escaped)
    }

    /// Goes on behind these bytes.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let Dialect { delimiter, quote, escapes } = self.dialect;
        for byte in bytes {
            let ends_cell = *byte == delimiter || matches!(byte, b'\n' | b'\r');
            self.state = match self.state {
                State::Start if *byte == quote => self.open(),
                State::Closed if *byte == quote => State::Quoted,
                State::Start | State::Bare | State::Closed if ends_cell => State::Start,
                State::Closed => self.go_on_behind(*byte),
                State::Start | State::Bare => State::Bare,
                State::Quoted if *byte == quote => State::Closed,
                State::Quoted if escapes && *byte == b'\\' => State::Escaped,
                State::Quoted | State::Escaped => State::Quoted,
            };
            self.lines.pass(std::slice::from_ref(byte));
        }
    }

    fn open(&mut self) -> State {
        self.opened += 1;
        self.opened_on = self.lines.line;
        State::Quoted
    }

    fn go_on_behind(&mut self, byte: u8) -> State {
        self.malformed += 1;
        self.has_stray |= !matches!(byte, b' ' | b'\t');
        if self.opened_on < self.lines.line {
            self.swallowed_from.get_or_insert(self.opened_on);
        }
        State::Bare
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (u64, u64, bool, Option<u64>) {
        let quotes = Quotes::scan(text.as_bytes(), Dialect { escapes: true, ..Dialect::COMMA });
        (quotes.opened, quotes.malformed, quotes.is_open(), quotes.swallowed_from)
    }

    #[test]
    fn quotes_are_paired() {
        for (text, expected) in [
            ("a,b 5\" c\n", (0, 0, false, None)),
            ("\"a\",\"b \"\"c\"\"\"\r\n\"\"", (3, 0, false, None)),
            ("\"a \\\"b\\\" c\",\"d\\\\\"\n", (2, 0, false, None)),
            ("\"a\" ,b\n", (1, 1, false, None)),
            ("a,\"b\n", (1, 0, true, None)),
            ("a,\"b\nc,\"d\"\n", (1, 1, false, Some(1))),
            ("a\n\"b\r\nc\",d\n", (1, 0, false, None)),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }
}
