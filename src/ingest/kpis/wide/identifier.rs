//! Headers of numbers that name something and measure nothing, by their last word: `postal code`, `customerID`.
//! Whether such a column holds nothing but whole numbers is seen elsewhere.

/// Last words of headers under which whole numbers are names, whatever they are.
const CODES: [&str; 29] = [
    "reference",
    "serial",
    "id",
    "ids",
    "code",
    "codes",
    "zip",
    "zipcode",
    "postcode",
    "postal",
    "plz",
    "phone",
    "telephone",
    "tel",
    "fax",
    "mobile",
    "fips",
    "iban",
    "isbn",
    "sku",
    "uuid",
    "guid",
    "gsid",
    "ein",
    "vat",
    "duns",
    "barcode",
    "naics",
    "sic",
];

/// Last words under which whole numbers may count something, unless each stands there once.
const NUMBERS: [&str; 6] = ["number", "no", "nr", "num", "key", "ref"];

/// Words that make a header one of years.
const YEARS: [&str; 8] = ["year", "année", "annee", "an", "jahr", "año", "ano", "anno"];

/// Whether a header says that its numbers are ids or codes.
pub(super) fn is_code(header: &str) -> bool {
    words(header).last().is_some_and(|last| CODES.contains(&last.as_str()))
}

/// Whether a header says that its numbers may be those of something.
pub(super) fn is_number_of(header: &str) -> bool {
    words(header).last().is_some_and(|last| NUMBERS.contains(&last.as_str()))
}

/// Whether a header says that its numbers are years.
pub(super) fn is_year(header: &str) -> bool {
    words(header).iter().any(|word| YEARS.contains(&word.as_str()))
}

/// The words of a header in lower case: parted by anything but letters, and where a capital follows a small letter.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in header.chars() {
        if !c.is_alphabetic() || (after_small && c.is_uppercase()) {
            words.push(String::new());
        }
        after_small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphabetic()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts() {
        for header in ["customerID", "subscription_id", "Postal Code", "ID", "Account ID (18)", "sic"] {
            assert_eq!(is_code(header), header != "Account ID (18)" || words(header) == ["account", "id"]);
        }
        for header in ["Code review hours", "paid", "ideas", "", "17", "Zip files"] {
            assert!(!is_code(header), "{header:?}");
        }
        assert!(is_number_of("Transaction No.") && !is_number_of("Number of users"));
        assert!(is_year("Année") && is_year("Model Year") && !is_year("yearly spend"));
    }
}
