//! An error as people and programs read it (CONTRACT: `acctsnap.error/1`).

use serde::Serialize;

use super::style::{ERROR, HINT, styled};
use super::text::{escape_text, grouped};
use crate::error::{Detail, Error};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.error/1";
/// How many places at fault the text shows; JSON has up to a hundred.
const DETAILS_SHOWN: usize = 12;

/// An error in JSON: one object on one line, the last on stderr.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[schemars(title = "acctsnap.error/1")]
pub struct ErrorView<'a> {
    /// Name and version of this shape: `acctsnap.error/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What went wrong, as stable as the exit codes, e.g. `unknown_account`.
    pub code: &'static str,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What happened, and its causes.
    pub message: String,
    /// Which flag or file to change.
    pub hint: Option<&'a str>,
    /// The first places at fault, at most 100.
    #[schemars(length(max = 100))]
    pub details: &'a [Detail],
    /// How many places were at fault in all.
    pub details_total: u64,
}

impl<'a> ErrorView<'a> {
    /// The error, and the exit code that the process will end with.
    #[must_use]
    pub fn new(error: &'a Error, exit_code: u8) -> Self {
        let mut message = error.message().to_owned();
        for cause in error.causes() {
            message.push_str(": ");
            message.push_str(&cause);
        }
        Self {
            schema: SCHEMA,
            code: error.kind().code(),
            exit_code,
            message,
            hint: error.hint(),
            details: error.details(),
            details_total: error.details_total(),
        }
    }
}

/// The error as lines: what, causes, at most a dozen places at fault, hint.
#[must_use]
pub fn render_error_text(error: &Error) -> String {
    let mut text = format!("{} {}\n", styled(ERROR, "error:"), escape_text(error.message()));
    for cause in error.causes() {
        text.push_str(&format!("caused by: {}\n", escape_text(&cause)));
    }
    text.push_str(&places_at_fault(error));
    if let Some(hint) = error.hint() {
        text.push_str(&format!("{} {}\n", styled(HINT, "hint:"), escape_text(hint)));
    }
    text
}

/// By cause where the error was summed up, else one by one.
fn places_at_fault(error: &Error) -> String {
    if !error.summary().is_empty() {
        return error.summary().iter().map(|line| format!("  {}\n", escape_text(line))).collect();
    }
    // The only place at fault often stands in the message already.
    let told = |detail: &&Detail| error.details_total() > 1 || !error.message().contains(&detail.message);
    let mut text = String::new();
    let mut last_hint = None;
    for detail in error.details().iter().filter(told).take(DETAILS_SHOWN) {
        text.push_str(&detail_line(detail));
        let hint = detail.hint.as_ref().filter(|hint| last_hint != Some(*hint));
        text.extend(hint.map(|hint| format!("    {}\n", escape_text(hint))));
        last_hint = detail.hint.as_ref();
    }
    let shown = error.details().len().min(DETAILS_SHOWN) as u64;
    if let more @ 1.. = error.details_total().saturating_sub(shown) {
        text.push_str(&format!("  and {} more\n", grouped(&more.to_string())));
    }
    text
}

/// `  line 12, data: expected a number: 'abc'`
fn detail_line(detail: &Detail) -> String {
    let sheet =
        detail.sheet.as_ref().map(|sheet| format!("sheet {}, ", escape_text(sheet))).unwrap_or_default();
    let place = match (detail.line, &detail.column) {
        (Some(line), Some(column)) if column.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("line {line}, column {column}: ")
        }
        (Some(line), Some(column)) => format!("line {line}, {}: ", escape_text(column)),
        (Some(line), None) => format!("line {line}: "),
        (None, Some(column)) => format!("{}: ", escape_text(column)),
        (None, None) => String::new(),
    };
    let value = detail.value.as_ref().map(|value| format!(": '{}'", escape_text(value))).unwrap_or_default();
    format!("  {sheet}{place}{}{value}\n", escape_text(&detail.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::report::json;
    use crate::report::style::plain;

    fn detail(line: u64) -> Detail {
        Detail {
            line: Some(line),
            column: Some("data".into()),
            value: Some("ab\u{1b}c".into()),
            code: "not_a_number".into(),
            message: "expected a number".into(),
            hint: None,
            sheet: None,
        }
    }

    fn refused() -> Error {
        Error::new(ErrorKind::InputRefused, "275 rows of a.csv cannot be read")
            .with_cause(std::io::Error::other("the cause"))
            .with_details((2..202).map(detail).collect(), 275)
            .with_hint("--on-error skip")
    }

    #[test]
    fn text_names_causes_a_dozen_places_and_the_hint() {
        let text = plain(&render_error_text(&refused()));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "error: 275 rows of a.csv cannot be read");
        assert_eq!(lines[1], "caused by: the cause");
        assert_eq!(lines[2], r"  line 2, data: expected a number: 'ab\u{1b}c'");
        assert_eq!(lines[13], r"  line 13, data: expected a number: 'ab\u{1b}c'");
        assert_eq!(lines[14..], ["  and 263 more", "hint: --on-error skip"]);
    }

    #[test]
    fn json_is_one_line_with_these_fields_in_this_order() {
        let error =
            Error::new(ErrorKind::UnknownAccount, "no account 'x'").with_cause(std::io::Error::other("why"));
        let expected = concat!(
            r#"{"schema":"acctsnap.error/1","code":"unknown_account","exit_code":4,"message":"no account 'x': why","#,
            r#""hint":null,"details":[],"details_total":0}"#,
            "\n"
        );
        assert_eq!(json::line(&ErrorView::new(&error, 4)).unwrap(), expected);
        let many = ErrorView::new(&refused(), 5).details.len();
        assert_eq!(many, 100);
    }
}
