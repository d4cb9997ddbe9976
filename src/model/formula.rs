//! Text that a spreadsheet takes for a formula, and the mark that keeps it from doing so (OWASP, "CSV Injection").

/// A text with one of these at its start is a formula to a spreadsheet.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What spreadsheets take for "this is text", and do not show.
const GUARD: char = '\'';

/// Whether a spreadsheet may take a text for a formula.
#[must_use]
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(STARTS)
}

/// The text with the guard before it.
#[must_use]
pub fn guarded(text: &str) -> String {
    format!("{GUARD}{text}")
}

/// The text without the guard that stands before a formula; any other text as it is.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix(GUARD).filter(|rest| looks_like_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guarded_comes_back_and_other_text_stays() {
        for text in ["=1+1", "+49", "-5", "@cmd", "\tx", "\rx"] {
            assert!(looks_like_formula(text), "{text:?}");
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["", "'", "'t Hooft", "a=b", "5-5", " =1", "'' ="] {
            assert!(!looks_like_formula(text), "{text:?}");
            assert_eq!(unguarded(text), text);
        }
    }
}
