//! Cutting a plain line into cells in place. It must find what csv's parser finds, or nothing at all.

use memchr::memchr;

/// Cuts a line (without its end) at its commas into `bounds`; false where the line is for csv's parser: it has
/// a bare carriage return, or quotes other than a pair around a whole cell.
pub(super) fn split(line: &[u8], bounds: &mut Vec<(usize, usize)>) -> bool {
    bounds.clear();
    if memchr(b'\r', line).is_some() {
        return false;
    }
    let mut start = 0;
    loop {
        let rest = line.get(start..).unwrap_or_default();
        let next = match rest.split_first() {
            Some((b'"', quoted)) => {
                let Some(length) = memchr(b'"', quoted) else { return false };
                let end = start + 1 + length;
                bounds.push((start + 1, end));
                match line.get(end + 1) {
                    Some(b',') => Some(end + 2),
                    Some(_) => return false,
                    None => None,
                }
            }
            _ => {
                let length = memchr(b',', rest);
                bounds.push((start, start + length.unwrap_or(rest.len())));
                length.map(|length| start + length + 1)
            }
        };
        match next {
            Some(next) => start = next,
            None => return true,
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
