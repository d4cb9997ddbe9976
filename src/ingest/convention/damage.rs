//! What a spreadsheet leaves of an identifier that it took for a number. It must never take a real id for damage.

/// Whether an id is what Excel shows of a long number: one digit, a point, more digits, and a power of ten of two
/// digits (`1.23457E+11`). `8E467` is none: Excel writes neither without a point nor three digits of a power so.
pub(in crate::ingest) fn is_excel_number(id: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, power)) = id.split_once("E+") else { return false };
    let Some((whole, decimals)) = mantissa.split_once(['.', ',']) else { return false };
    let is_one_digit = whole.len() == 1 && is_digits(whole) && whole != "0";
    is_one_digit && is_digits(decimals) && is_digits(power) && power.len() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_excel_writes_is_damage() {
        for id in ["1.23457E+11", "9.0E+15", "1,23457E+11"] {
            assert!(is_excel_number(id), "{id}");
        }
        for id in [
            "8E467",
            "1E+11",
            "1.5E11",
            "1.5e+11",
            "12.5E+11",
            "1.5E+111",
            "0.5E+11",
            "1.5E-11",
            "E+11",
            "",
            "A-1.2E+11",
        ] {
            assert!(!is_excel_number(id), "{id}");
        }
    }
}
