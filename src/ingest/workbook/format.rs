//! Which number formats show percent. It knows nothing else of them: dates are calamine's.

/// Whether a number format shows a value times 100, e.g. `0.0%`; ECMA-376 part 1, 18.8.31.
///
/// The first section alone is asked, which is that of positive numbers: the others only show them otherwise.
pub(super) fn is_percent(format: &str) -> bool {
    let mut quoted = false;
    let mut bracketed = false;
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            _ if quoted => (),
            // The next character is shown as it is, or as much space as it takes.
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => bracketed = true,
            ']' => bracketed = false,
            ';' => return false,
            '%' if !bracketed => return true,
            _ => (),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_counts_only_where_it_is_no_text() {
        for format in ["0%", "0.00%", "0.0%;[Red]-0.0%", "[<1]0%;0", "#,##0\\ %", "_(* 0%_)", "\"up \"0%"] {
            assert!(is_percent(format), "{format}");
        }
        for format in ["General", "0", "0\\%", "0\"%\"", "0_%", "0*%", "[%]0", "0;0%", "yyyy-mm-dd", ""] {
            assert!(!is_percent(format), "{format}");
        }
    }
}
