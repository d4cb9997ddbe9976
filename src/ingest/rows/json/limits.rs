//! How large and how deep a JSON file may be.

use crate::error::Result;
use crate::ingest::refusal;

/// Bytes of a JSON file, which is held whole.
pub(super) const MAX_BYTES: u64 = 512 << 20;
/// How deep objects and lists may nest.
const MAX_DEPTH: usize = 64;
/// Distinct columns of all rows.
pub(super) const MAX_COLUMNS: usize = 2000;

/// Refuses a file of so many bytes.
pub(super) fn check_size(name: &str, bytes: u64) -> Result<()> {
    if bytes > MAX_BYTES {
        return Err(refusal::file(
            name,
            "is larger than 512 MiB, too large for JSON",
            "split it, or give CSV",
        ));
    }
    Ok(())
}

/// Refuses a text that nests too deep; what is no JSON is left to the parser.
pub(super) fn check_depth(name: &str, text: &str) -> Result<()> {
    let (mut depth, mut line) = (0_usize, 1_u64);
    let (mut in_text, mut escaped) = (false, false);
    for byte in text.bytes() {
        line += u64::from(byte == b'\n');
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            let what = "objects and lists nest more than 64 deep";
            return Err(refusal::line(name, line, "too_deep", what, "give each record in a flatter form"));
        }
    }
    Ok(())
}

/// Refuses a file of so many columns.
pub(super) fn check_columns(name: &str, columns: usize) -> Result<()> {
    if columns > MAX_COLUMNS {
        let hint = "ids as keys make a column each: give them as values";
        return Err(refusal::file(name, "has more than 2000 distinct columns", hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_levels_are_enough() {
        let nested = |depth: usize| format!("{}{}", "[\n".repeat(depth), "]".repeat(depth));
        assert!(check_depth("a.json", &nested(64)).is_ok());
        let error = check_depth("a.json", &nested(65)).unwrap_err();
        assert_eq!(error.message(), "a.json, line 65: objects and lists nest more than 64 deep");
        let in_text = format!("{{\"a\\\"{}\": 1}}", "[".repeat(100));
        assert!(check_depth("a.json", &in_text).is_ok());
    }
}
