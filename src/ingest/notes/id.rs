//! The id of a note that comes without one: the same text leads to the same id, whichever file it is read from.

use sha2::{Digest, Sha256};

/// Hexadecimal digits of a made id.
const DIGITS: usize = 16;

/// `n-` and sixteen hexadecimal digits of the SHA-256 over author, date as written, title and content.
///
/// A NUL ends each part; no part can hold one, so that no two notes are the same text.
pub(super) fn made_id(author: &str, date: &str, title: &str, content: &str) -> String {
    let mut digest = Sha256::new();
    for part in [author, date, title, content] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let digits: String =
        digest.finalize().iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    format!("n-{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_that_of_the_text_for_ever() {
        // printf 'Jo\0002026-10-05\0Call\0Went well\0' | sha256sum
        assert_eq!(made_id("Jo", "2026-10-05", "Call", "Went well"), "n-45ca84fe0785f0b4");
    }

    #[test]
    fn where_a_part_ends_makes_a_difference() {
        assert_ne!(made_id("", "", "ab", ""), made_id("", "", "a", "b"));
        assert_ne!(made_id("", "", "a", ""), made_id("", "", "", "a"));
    }
}
