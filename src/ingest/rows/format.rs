//! Whether a file is JSON: by its name, else by how it begins. Everything else is taken for CSV.

use std::path::Path;

use crate::error::Result;
use crate::ingest::encoding::Blocks;
use crate::ingest::source::Source;

const ENDINGS: [&str; 3] = ["json", "jsonl", "ndjson"];

/// Whether the file is JSON.
///
/// # Errors
/// It cannot be read.
pub(in crate::ingest) fn is_json(source: &Source) -> Result<bool> {
    let ending = Path::new(source.inner_name()).extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))) {
        return Ok(true);
    }
    if source.workbook()?.is_some() {
        return Ok(false);
    }
    let mut no_progress = |_| {};
    Ok(begins_as_json(Blocks::open(source, &mut no_progress)?.bytes()))
}

/// A header can begin with a bracket, too (`[Account]`): what follows it decides.
fn begins_as_json(start: &[u8]) -> bool {
    let mut bytes = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (bytes.next(), bytes.next()) {
        (Some(b'{'), second) => matches!(second, Some(b'"' | b'}')),
        (Some(b'['), second) => matches!(second, Some(b'{' | b']')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_characters_or_the_ending_decide() {
        for start in ["{\"a\"", "\n [ {", "{\r\n \"a\"", "[]", "{}"] {
            assert!(begins_as_json(start.as_bytes()), "{start:?}");
        }
        for start in ["[Account],b", "{a},b", "a,b", "", " ", "\"{\"\"a\""] {
            assert!(!begins_as_json(start.as_bytes()), "{start:?}");
        }
        let named = |name: &str, text: &str| is_json(&Source::spool(name, text.as_bytes()).unwrap()).unwrap();
        assert!(
            named("folder/a.NDJSON", "5")
                && named("a.json.gz", "5")
                && named("-", "\u{feff}[{")
                && !named("a.csv", "a,b")
        );
    }
}
