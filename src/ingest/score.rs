//! A score from 0 to 100 as people write it: `72.5`, `85%`, `85/100`.

use super::columns::Field;
use super::fault::Fault;
use crate::model::kpi::Unit;
use crate::model::kpi::batch::Cell;
use crate::model::score::Score;
use crate::model::value::{DecimalMark, ValueError, ValueReader, ValueTarget};

const BEST: f64 = 100.0;
const HINT: &str = "write the score as a number from 0 to 100";

/// The score of a cell; None where it is blank or says that there is none.
///
/// # Errors
/// What was expected and what was found.
pub(super) fn read_score<F: Field>(
    cell: &str,
    field: F,
    values: &ValueReader,
    mark: DecimalMark,
) -> Result<Option<Score>, Fault<F>> {
    let read = |unit| {
        let target = ValueTarget { unit: Some(unit), best: Some(BEST), given: None };
        values.read_by(mark, cell, target).map(|reading| reading.cell)
    };
    let read = match read(Unit::Score) {
        // Points of a hundred are a percentage by another name.
        Err(ValueError::WrongUnit { found: Unit::Percent, .. }) => read(Unit::Percent),
        other => other,
    };
    match read.map_err(|error| fault(field, error))? {
        Cell::Blank | Cell::Withdrawn => Ok(None),
        Cell::Number(points) if (0.0..=BEST).contains(&points) => Ok(Some(Score::round(points))),
        Cell::Number(points) => {
            let message = if points < 0.0 {
                "expected a score from 0 to 100, found one below 0"
            } else {
                "expected a score from 0 to 100, found one above 100"
            };
            Err(Fault::of(field, "score_out_of_range", message))
        }
    }
}

/// The reader speaks of KPIs and their units where another has to speak of scores.
fn fault<F: Field>(field: F, error: ValueError) -> Fault<F> {
    match error {
        ValueError::UnknownUnit => {
            let message = "expected a score from 0 to 100, found an unknown word after it";
            Fault::of(field, error.code(), message).with_hint(HINT)
        }
        ValueError::WrongDenominator => {
            let message = "expected a score out of 100, found another denominator";
            Fault::of(field, error.code(), message).with_hint(HINT)
        }
        ValueError::WrongUnit { .. } | ValueError::UnitWithoutNumber | ValueError::SuffixWithoutNumber => {
            Fault::of(field, error.code(), error.to_string()).with_hint(HINT)
        }
        _ => {
            let fault = Fault::of(field, error.code(), error.to_string());
            error.hint().into_iter().fold(fault, Fault::with_hint)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::health::HealthField;
    use crate::model::value::MISSING_TOKENS;

    fn read(cell: &str) -> Result<Option<String>, &'static str> {
        let values = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
        let score = read_score(cell, HealthField::Overall, &values, DecimalMark::Point);
        score.map(|score| score.map(|score| score.to_string())).map_err(|fault| fault.code)
    }

    #[test]
    fn scores_as_people_write_them() {
        for (cell, score) in [
            ("72.5", "72.50"),
            (" 85% ", "85.00"),
            ("85 %", "85.00"),
            ("85/100", "85.00"),
            ("85 / 100", "85.00"),
            ("85 points", "85.00"),
            ("0", "0.00"),
            ("-0", "0.00"),
            ("100", "100.00"),
            ("34.925", "34.93"),
            ("1e1", "10.00"),
        ] {
            assert_eq!(read(cell), Ok(Some(score.to_owned())), "{cell:?}");
        }
    }

    #[test]
    fn no_score_is_no_zero() {
        for cell in ["", "  ", "N/A", "-", "null", "NaN"] {
            assert_eq!(read(cell), Ok(None), "{cell:?}");
        }
    }

    #[test]
    fn everything_else_says_what_was_expected() {
        for (cell, code) in [
            ("100.004", "score_out_of_range"),
            ("101", "score_out_of_range"),
            ("-1", "score_out_of_range"),
            ("(5)", "score_out_of_range"),
            ("7.2K", "score_out_of_range"),
            ("101%", "score_out_of_range"),
            ("72,5", "ambiguous_decimal"),
            ("4.2/5", "wrong_denominator"),
            ("85/100%", "commentary"),
            ("good", "not_a_number"),
            ("72 good", "unknown_unit"),
            ("3 days", "wrong_unit"),
            ("$85", "wrong_unit"),
            ("80-90", "range"),
            ("~85", "approximation"),
            ("%", "unit_without_number"),
        ] {
            assert_eq!(read(cell), Err(code), "{cell:?}");
        }
    }

    #[test]
    fn no_message_speaks_of_kpis() {
        for cell in ["4.2/5", "72 good", "3 days", "%", "K", "101", "$85"] {
            let values = ValueReader::new(&[], "USD", DecimalMark::Point);
            let fault = read_score(cell, HealthField::Overall, &values, DecimalMark::Point).unwrap_err();
            let hint = fault.hint.clone().unwrap_or_default();
            assert!(
                !fault.message.contains("KPI") && !hint.to_lowercase().contains("kpi"),
                "{cell}: {fault:?}"
            );
        }
    }
}
