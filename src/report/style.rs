//! The few styles of text answers, always written; the command line strips them where colour is not wanted.
//!
//! A colour is never the only carrier of anything: a word or a mark stands beside it.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use crate::model::kpi::Band;

/// Titles and what the eye shall find first.
pub const STRONG: Style = Style::new().bold();
/// Labels and side remarks.
pub const FAINT: Style = Style::new().dimmed();
/// `error:`
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// `warning:`
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `hint:`
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// The text in a style.
#[must_use]
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Red, amber or green.
#[must_use]
pub fn band_style(band: Band) -> Style {
    match band {
        Band::Critical => AnsiColor::Red.on_default().bold(),
        Band::AtRisk => AnsiColor::Yellow.on_default().bold(),
        Band::Healthy => AnsiColor::Green.on_default().bold(),
    }
}

/// The mark that says a band where there is no colour.
#[must_use]
pub const fn band_mark(band: Band) -> &'static str {
    match band {
        Band::Critical => "✗",
        Band::AtRisk => "!",
        Band::Healthy => "✓",
    }
}

/// The text as it looks without its styles.
#[must_use]
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_wraps_the_text_and_can_be_taken_off_again() {
        let red = styled(band_style(Band::Critical), "critical");
        assert!(red.starts_with('\u{1b}') && red.ends_with("\u{1b}[0m"), "{red:?}");
        assert_eq!(plain(&red), "critical");
    }
}
