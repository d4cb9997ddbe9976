//! Which encoding a text is likely in that is not UTF-8. It is for hints alone: nothing is ever read by a guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::signature::SAVE_AS_UTF8;

/// What to do about a block that is not UTF-8 behind `before`, the part of it that is.
pub(super) fn hint(block: &[u8], before: &[u8]) -> String {
    if !before.is_ascii() {
        return format!("the text before it is UTF-8: mend that line, or {SAVE_AS_UTF8}");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(block, true);
    let name = detector.guess(None, Utf8Detection::Deny).name();
    format!("it is likely {name}: --encoding {}; or {SAVE_AS_UTF8}", name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_to_give_is_named() {
        let hint = hint(b"account\nM\xfcller\n", b"account\nM");
        assert!(hint.starts_with("it is likely windows-1252: --encoding windows-1252; or save"), "{hint}");
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Общество с ограниченной ответственностью");
        assert!(super::hint(&cyrillic, b"").contains("--encoding windows-1251"));
        assert!(
            super::hint("Kä\u{fc}".as_bytes(), "Kä".as_bytes()).starts_with("the text before it is UTF-8")
        );
    }
}
