//! Cutting a plain line into cells in place. It must find what csv's parser finds, or nothing at all.

use memchr::memchr;

use super::dialect::Dialect;

/// Cuts a line (without its end) at its delimiters into `bounds`; false where the line is for csv's parser: it has
/// quotes other than a pair around a whole cell, or an escape inside of them.
pub(super) fn split(line: &[u8], dialect: Dialect, bounds: &mut Vec<(usize, usize)>) -> bool {
    let Dialect { delimiter, quote, escapes } = dialect;
    bounds.clear();
    let mut start = 0;
    loop {
        let rest = line.get(start..).unwrap_or_default();
        let (cell, behind) = match rest.split_first() {
            Some((first, quoted)) if *first == quote => {
                let Some(length) = memchr(quote, quoted) else { return false };
                let end = start + 1 + length;
                if escapes && quoted.get(..length).is_some_and(|cell| cell.contains(&b'\\')) {
                    return false;
                }
                ((start + 1, end), end + 1)
            }
            _ => {
                // Most cells are so short that a search by vectors would not pay.
                let length = rest.iter().position(|byte| *byte == delimiter).unwrap_or(rest.len());
                ((start, start + length), start + length)
            }
        };
        bounds.push(cell);
        match line.get(behind) {
            None => return true,
            Some(byte) if *byte == delimiter => start = behind + 1,
            Some(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_in(dialect: Dialect, line: &str) -> Option<Vec<&str>> {
        let mut bounds = Vec::new();
        split(line.as_bytes(), dialect, &mut bounds)
            .then(|| bounds.iter().map(|(start, end)| &line[*start..*end]).collect())
    }

    fn cells(line: &str) -> Option<Vec<&str>> {
        cells_in(Dialect::COMMA, line)
    }

    #[test]
    fn plain_lines_are_cut() {
        assert_eq!(cells("a,b"), Some(vec!["a", "b"]));
        assert_eq!(cells(",a,"), Some(vec!["", "a", ""]));
        assert_eq!(cells("\"a,b\",\"\",c\"d"), Some(vec!["a,b", "", "c\"d"]));
        assert_eq!(cells("a,\"b\""), Some(vec!["a", "b"]));
        let other = Dialect { delimiter: b'\t', quote: b'\'', escapes: true };
        assert_eq!(cells_in(other, "'a\tb'\tc,\"d\"\te\\f"), Some(vec!["a\tb", "c,\"d\"", "e\\f"]));
    }

    #[test]
    fn other_lines_are_left_to_the_parser() {
        for line in ["\"a", "\"a\"\"b\",c", "\"a\"b,c", "\"a\" ,c"] {
            assert_eq!(cells(line), None, "{line:?}");
        }
        assert_eq!(cells_in(Dialect { escapes: true, ..Dialect::COMMA }, "\"a\\\"b\""), None);
    }
}
