//! Cutting a plain line into cells in place. It must find what csv's parser finds, or nothing at all.

use memchr::memchr2;

/// Cuts a line (without its end) at its commas into `bounds`; false where the line is for csv's parser: it has
/// a bare carriage return, or quotes other than a pair around a whole cell.
pub(super) fn split(line: &[u8], bounds: &mut Vec<(usize, usize)>) -> bool {
    bounds.clear();
    let mut start = 0;
    loop {
        let rest = line.get(start..).unwrap_or_default();
        let (cell, behind) = match rest.split_first() {
            Some((b'"', quoted)) => {
                let Some(length) = memchr2(b'"', b'\r', quoted) else { return false };
                let end = start + 1 + length;
                if line.get(end) == Some(&b'\r') {
                    return false;
                }
                ((start + 1, end), end + 1)
            }
            _ => {
                // Most cells are so short that a search by vectors would not pay.
                let length = rest.iter().position(|byte| matches!(byte, b',' | b'\r')).unwrap_or(rest.len());
                ((start, start + length), start + length)
            }
        };
        bounds.push(cell);
        match line.get(behind) {
            None => return true,
            Some(b',') => start = behind + 1,
            Some(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Option<Vec<&str>> {
        let mut bounds = Vec::new();
        split(line.as_bytes(), &mut bounds)
            .then(|| bounds.iter().map(|(start, end)| &line[*start..*end]).collect())
    }

    #[test]
    fn plain_lines_are_cut() {
        assert_eq!(cells("a,b"), Some(vec!["a", "b"]));
        assert_eq!(cells(",a,"), Some(vec!["", "a", ""]));
        assert_eq!(cells("\"a,b\",\"\",c\"d"), Some(vec!["a,b", "", "c\"d"]));
        assert_eq!(cells("a,\"b\""), Some(vec!["a", "b"]));
    }

    #[test]
    fn other_lines_are_left_to_the_parser() {
        for line in ["\"a", "\"a\"\"b\",c", "\"a\"b,c", "\"a\" ,c", "a\rb", "a,\"b\r\""] {
            assert_eq!(cells(line), None, "{line:?}");
        }
    }
}
