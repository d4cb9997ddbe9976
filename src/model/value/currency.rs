//! Signs and codes of currencies, and whether they are the customer's.

use super::quantity::Whose;

/// Signs with the codes that write them; a longer sign stands before the shorter one that it begins or ends with.
const SIGNS: [(&str, &[&str]); 32] = [
    ("US$", &["USD"]),
    ("AU$", &["AUD"]),
    ("CA$", &["CAD"]),
    ("HK$", &["HKD"]),
    ("MX$", &["MXN"]),
    ("NZ$", &["NZD"]),
    ("A$", &["AUD"]),
    ("C$", &["CAD"]),
    ("R$", &["BRL"]),
    ("S$", &["SGD"]),
    ("$", &["USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD", "ARS", "CLP", "COP"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
    ("₪", &["ILS"]),
    ("₫", &["VND"]),
    ("₦", &["NGN"]),
    ("₱", &["PHP"]),
    ("₴", &["UAH"]),
    ("₿", &["XBT"]),
    ("฿", &["THB"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("Ft", &["HUF"]),
    ("Fr", &["CHF"]),
    ("lei", &["RON"]),
    ("R", &["ZAR"]),
];

/// ISO 4217 codes that are recognised as another currency's besides those of [`SIGNS`].
const MORE_CODES: [&str; 12] =
    ["AED", "SAR", "QAR", "EGP", "PKR", "BDT", "IDR", "MYR", "PEN", "BGN", "KES", "MAD"];

/// How a currency was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenAs {
    Sign,
    Code,
}

/// The customer's currency.
#[derive(Debug, Clone)]
pub(super) struct Currency {
    code: String,
    /// Whether a bare `$` is its sign.
    pub(super) writes_dollar: bool,
}

impl Currency {
    /// By ISO 4217 code, case aside.
    pub(super) fn new(code: &str) -> Self {
        let code = code.trim().to_ascii_uppercase();
        let writes_dollar = SIGNS.iter().any(|(sign, codes)| *sign == "$" && codes.contains(&code.as_str()));
        Self { code, writes_dollar }
    }

    /// The sign or code at the start of the text: whose it is, how it is written, and what follows it.
    pub(super) fn strip<'t>(&self, text: &'t str) -> Option<(Whose, WrittenAs, &'t str)> {
        self.strip_sign(text).or_else(|| self.strip_code(text))
    }

    fn strip_sign<'t>(&self, text: &'t str) -> Option<(Whose, WrittenAs, &'t str)> {
        sign(text).map(|(codes, rest)| (self.whose(codes), WrittenAs::Sign, rest))
    }

    fn strip_code<'t>(&self, text: &'t str) -> Option<(Whose, WrittenAs, &'t str)> {
        let (code, rest) = text.split_at_checked(3)?;
        if rest.starts_with(char::is_alphabetic) {
            return None;
        }
        if code.eq_ignore_ascii_case(&self.code) {
            return Some((Whose::Own, WrittenAs::Code, rest));
        }
        let known = SIGNS.iter().flat_map(|(_, codes)| codes.iter()).chain(&MORE_CODES);
        let other = known.into_iter().any(|known| code.eq_ignore_ascii_case(known));
        other.then_some((Whose::Other, WrittenAs::Code, rest))
    }

    fn whose(&self, codes: &[&str]) -> Whose {
        if codes.contains(&self.code.as_str()) { Whose::Own } else { Whose::Other }
    }
}

/// The sign at the start of a cleaned text: the codes of the currencies that write it, and what follows it.
#[must_use]
pub fn sign(text: &str) -> Option<(&'static [&'static str], &str)> {
    SIGNS.iter().find_map(|(sign, codes)| {
        let rest = text.strip_prefix(sign)?;
        if sign.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic) {
            return None;
        }
        Some((*codes, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_codes_are_the_customers_or_anothers() {
        let dollar = Currency::new("usd");
        for (text, whose) in [
            ("$5", Whose::Own),
            ("US$ 5", Whose::Own),
            ("usd5", Whose::Own),
            ("A$5", Whose::Other),
            ("€5", Whose::Other),
            ("EUR 5", Whose::Other),
            ("kr 5", Whose::Other),
        ] {
            assert_eq!(dollar.strip(text).map(|found| found.0), Some(whose), "{text:?}");
        }
        for text in ["krone", "USDT 5", "5", "", "é€", "Requests"] {
            assert_eq!(dollar.strip(text), None, "{text:?}");
        }
        assert_eq!(Currency::new("EUR").strip("$5").map(|found| found.0), Some(Whose::Other));
        assert_eq!(Currency::new("AUD").strip("$5").map(|found| found.0), Some(Whose::Own));
        assert!(Currency::new("CAD").writes_dollar && !Currency::new("GBP").writes_dollar);
    }
}
