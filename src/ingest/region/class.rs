//! What a cell looks like: a number, a moment or a text. It looks at the form alone, and never says what a cell is
//! worth: reading values is for others.

/// The form of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing.
    Blank,
    /// A word for no value: it stands under any header.
    Missing,
    /// A number, with a currency, a percent sign or one word of a unit.
    Number,
    /// A date, a month, a year or a time of day.
    When,
    /// Anything else.
    Text,
}

/// The most characters of a cell that may be something other than a text.
const LONGEST: usize = 40;
/// The most characters of a unit behind a number.
const LONGEST_UNIT: usize = 12;
/// Words for no value that people write.
const MISSING: [&str; 12] =
    ["n/a", "na", "nan", "#n/a", "null", "none", "nil", "unknown", "tbd", "tba", "missing", "not available"];
/// Months in the languages that exports speak most, in full and as they are shortened.
const MONTHS: [&str; 55] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "mär",
    "okt",
    "dez",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "ene",
    "abr",
    "ago",
    "janvier",
    "février",
    "juin",
    "juillet",
    "août",
];

impl Class {
    /// The form of a cell.
    pub(super) fn of(cell: &str) -> Self {
        let cell = cell.trim();
        if cell.is_empty() {
            return Self::Blank;
        }
        if cell.len() > LONGEST {
            return Self::Text;
        }
        let has_digit = cell.bytes().any(|byte| byte.is_ascii_digit());
        let is_mark = !cell.chars().any(char::is_alphanumeric) && cell.chars().all(|c| "-–—.*".contains(c));
        if is_mark || MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word)) {
            return Self::Missing;
        }
        match has_digit {
            true if is_when(cell) => Self::When,
            true if is_number(cell) => Self::Number,
            _ => Self::Text,
        }
    }

    /// Whether it is what stands under headers rather than in them.
    pub(super) fn is_data(self) -> bool {
        matches!(self, Self::Number | Self::When)
    }
}

/// `$1,234.50`, `(12)`, `-3`, `52 %`, `1.5e-3`, `18 hours`, `97K`
fn is_number(cell: &str) -> bool {
    let is_sign = |c: char| "+-−( $€£¥<>~≈'".contains(c);
    let body = cell.trim_start_matches(is_sign);
    let body =
        ["USD", "EUR", "GBP", "CHF", "US$"].iter().find_map(|code| body.strip_prefix(code)).unwrap_or(body);
    let body = body.trim_start_matches(is_sign);
    if !body.starts_with(|c: char| c.is_ascii_digit() || ".,".contains(c)) {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit() || ".,'’\u{a0}\u{202f}".contains(c);
    let behind = body.trim_start_matches(|c: char| is_digit(c) || c == ' ').trim_matches([')', ' ', '-']);
    let behind = match behind.strip_prefix(['e', 'E']) {
        Some(exponent) if exponent.bytes().any(|byte| byte.is_ascii_digit()) => {
            exponent.trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c))
        }
        _ => behind,
    };
    behind.chars().count() <= LONGEST_UNIT
        && behind.chars().all(|c| c.is_alphabetic() || "%/€$£¥²³°".contains(c))
}

/// `31/10/2026`, `2026-10-31 08:00:00`, `2026-10`, `Oct-26`, `Jan 1 2000`, `2026`, `2026-Q3`, `0:10:00`
fn is_when(cell: &str) -> bool {
    if let Ok(year) = cell.parse::<u32>() {
        return (1800..2200).contains(&year) && cell.len() == 4;
    }
    let parts: Vec<&str> =
        cell.split(|c: char| " -/.:,T".contains(c)).filter(|part| !part.is_empty()).collect();
    if !(2..=8).contains(&parts.len()) {
        return false;
    }
    let is_digits = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |part: &str| is_month(part) || is_quarter(part);
    let words = parts.iter().filter(|part| is_word(part)).count();
    let digits = parts.iter().filter(|part| is_digits(part)).count();
    let is_dated = match words {
        0 => digits >= 2 && has_date_marks(cell, &parts),
        1 => digits >= 1,
        _ => false,
    };
    // What else may stand there: parts of a second, a zone, AM or PM.
    is_dated
        && parts.len() - words - digits <= 2
        && parts.first().is_some_and(|first| is_digits(first) || is_word(first))
}

fn is_month(part: &str) -> bool {
    let starts = part.chars().next().is_some_and(char::is_alphabetic);
    starts && MONTHS.contains(&part.to_lowercase().as_str())
}

fn is_quarter(part: &str) -> bool {
    matches!(
        part.as_bytes(),
        [b'Q' | b'q' | b'H' | b'h', b'1'..=b'4'] | [b'W' | b'w', b'0'..=b'5', b'0'..=b'9']
    )
}

/// Whether digits are parted as those of a date or a time are, and not as those of a number or a version.
fn has_date_marks(cell: &str, parts: &[&str]) -> bool {
    let of = |mark: char| cell.matches(mark).count();
    let is_year = |part: &&&str| part.len() == 4;
    let year_ends =
        parts.first().is_some_and(|first| is_year(&first)) || parts.get(2).is_some_and(|last| is_year(&last));
    of(':') >= 1
        || of('/') == 2
        || (of('-') >= 2 && !cell.starts_with('-'))
        || (of('.') == 2 && year_ends)
        || (parts.len() == 2 && (of('-') == 1 || of('/') == 1) && parts.iter().any(|part| part.len() == 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for (class, cells) in [
            (Class::Blank, &["", " \u{a0}"][..]),
            (Class::Missing, &["N/A", "NaN", "-", "****", " . "]),
            (
                Class::Number,
                &[
                    "5",
                    "-3.5",
                    "$1,234.50",
                    "(12)",
                    "52 %",
                    "1.5e-3",
                    "18 hours",
                    "97K",
                    "0,611553068",
                    "£65.60",
                    "$97K",
                    " 27,275.25 ",
                    "19439.7",
                    "0.000000000000000000e+00",
                    "USD 500",
                    "10284.5",
                ],
            ),
            (
                Class::When,
                &[
                    "31/10/2026",
                    "2026-10-31 08:00:00",
                    "2026-10",
                    "Oct-26",
                    "Jan 1 2000",
                    "2026",
                    "2026-Q3",
                    "0:10:00",
                    "01-10-17",
                    "2020-12-30T00:00:00.000Z",
                    "23-Sep-11",
                    "31.12.2026",
                ],
            ),
            (
                Class::Text,
                &[
                    "account",
                    "8E467 Trust",
                    "NPS",
                    "Q1 target",
                    "3 Main Street",
                    "V1",
                    "MG-8769",
                    "cm-1",
                    "%T",
                    "1_ 1",
                    "J-D",
                    "Jan",
                    "Marketing 2026",
                    "{\"ImportId\":\"Q1\"}",
                ],
            ),
        ] {
            for cell in cells {
                assert_eq!(Class::of(cell), class, "{cell:?}");
            }
        }
    }
}
