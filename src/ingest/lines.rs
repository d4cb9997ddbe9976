//! Physical lines: where in a file one is, whether its lines end in LF, CRLF, CR alone, or in any mixture.

use memchr::memchr2_iter;

/// A place in a file, counted while its bytes go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    /// The line on which the next byte stands, from 1.
    pub(super) line: u64,
    /// Whether the last byte was a carriage return, so that a line feed would belong to it.
    after_return: bool,
}

impl Lines {
    /// The beginning of a file.
    pub(super) fn start() -> Self {
        Self { line: 1, after_return: false }
    }

    /// Goes on behind these bytes.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        for place in memchr2_iter(b'\n', b'\r', bytes) {
            let before = place.checked_sub(1).map(|before| bytes.get(before) == Some(&b'\r'));
            let is_behind_return = before.unwrap_or(self.after_return);
            let ends_line = bytes.get(place) == Some(&b'\r') || !is_behind_return;
            self.line += u64::from(ends_line);
        }
        if let Some(last) = bytes.last() {
            self.after_return = *last == b'\r';
        }
    }

    /// Goes on behind one line with its whole end.
    pub(super) fn pass_line(&mut self) {
        self.line += 1;
        self.after_return = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        for (text, line) in [
            ("", 1),
            ("a", 1),
            ("a\nb", 2),
            ("a\r\nb", 2),
            ("a\rb", 2),
            ("\r\r\n\n", 4),
            ("a\n\rb\r", 4),
            ("\n\r\n\r", 4),
        ] {
            for cut in 0..=text.len() {
                let mut lines = Lines::start();
                let (start, end) = text.as_bytes().split_at(cut);
                lines.pass(start);
                lines.pass(end);
                assert_eq!(lines.line, line, "{text:?} cut at {cut}");
            }
        }
    }
}
