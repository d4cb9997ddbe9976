//! What is hidden, and what is not.

use proptest::prelude::*;

use super::*;

#[test]
fn addresses_are_hidden_wherever_they_stand() {
    for (text, expected) in [
        ("ask jane.doe@example.com about it", "ask [e-mail] about it"),
        ("Jane <jane@example.com>, Jo", "Jane <[e-mail]>, Jo"),
        ("a@b@c.de", "[e-mail]"),
        ("\"jane doe\"@example.com!", "\"jane [e-mail]"),
        ("用户@例子.公司", "[e-mail]"),
        ("联系jane@example.com谢谢", "联系[e-mail]谢谢"),
        ("jane＠example.com", "[e-mail]"),
        ("jane@[10.0.0.1]", "[e-mail]"),
        ("two@x.de,three@y.de", "[e-mail],[e-mail]"),
        ("a@b\"@c", "[e-mail][e-mail]"),
        ("x@y @z", "[e-mail] @z"),
    ] {
        assert_eq!(mask(text).0, expected, "{text}");
    }
    for harmless in ["", "@jane wrote", "5 seats @ 20", "a@ b", "CSAT 4.2/5"] {
        assert!(matches!(mask(harmless).0, Cow::Borrowed(_)), "{harmless}");
    }
}

#[test]
fn phone_numbers_are_hidden_and_dates_and_amounts_are_not() {
    for (text, expected) in [
        ("call +49 30 1234567 now", "call [phone] now"),
        ("(555) 123-4567.", "[phone]."),
        ("+1 (555) 123-4567", "[phone]"),
        ("030/1234567", "[phone]"),
        ("555.123.4567 or 5551234567", "[phone] or [phone]"),
        ("0171234567", "[phone]"),
        ("2026-10-05 555 123 4567", "2026-10-05 [phone]"),
        ("５５５ １２３ ４５６７", "[phone]"),
        ("555 010 9999 / 555 010 9998 / 555 010 9997", "[phone]"),
        ("Jo,+1 555 010 9999", "Jo,[phone]"),
        ("mobile-555-010-9999", "mobile-[phone]"),
        ("fax5550109999", "fax[phone]"),
        ("555 123 4567 2026-10-05", "[phone] 2026-10-05"),
        ("55512026-10-05", "[phone]"),
        ("5551) - 234567", "[phone]"),
        ("5551 234", "[phone]"),
        ("+4930123", "[phone]"),
        ("+1.234.567 EUR", "[phone] EUR"),
        ("5551 234.50", "[phone]"),
        ("$5551 234 567", "$[phone]"),
        ("$12 34 567 89", "$[phone]"),
    ] {
        assert_eq!(mask(text).0, expected, "{text}");
    }
    for harmless in [
        "on 2026-11-22 14:30",
        "from 2026-10-05 to 2026-10-09",
        "22.11.2026, 11/22/2026.",
        "2025-2026",
        "ticket 20261234",
        "$1 234 567 or 1.234.567 EUR",
        "1,234,567 and 1250000.50",
        "score 12.50 of 100",
        "ticket KPI-12345678 and #12345678",
        "score 71.2 -> 64.9",
        "5551) -- 234567",
        "555 123",
    ] {
        assert_eq!(mask(harmless).0, harmless);
    }
}

#[test]
fn an_id_keeps_its_digits() {
    assert_eq!(mask_addresses("0038427716").0, "0038427716");
    assert_eq!(mask_addresses("jane@example.com"), (MASKED_ADDRESS.into(), 1));
}

/// Whether a sign with something right before and right behind it is left.
fn holds_address(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    text.windows(3).any(|three| is_at(three[1]) && !three[0].is_whitespace() && !three[2].is_whitespace())
}

proptest! {
    #[test]
    fn no_address_survives_in_any_text(text in "[a-z@＠. \"<,用0-9+()-]{0,40}") {
        prop_assert!(!holds_address(&mask(&text).0), "{}", mask(&text).0);
    }

    #[test]
    fn no_phone_number_survives_among_words(
        before in "[a-z ,:]{0,10}", country in 1_u32..999, area in 100_u32..999, line in 1_000_000_u32..9_999_999,
        shape in 0_usize..5, after in "( [a-z]{1,8})?"
    ) {
        let number = match shape {
            0 => format!("+{country} {area} {line}"),
            1 => format!("({area}) {line}"),
            2 => format!("0{area}/{line}"),
            3 => format!("+{country}{area}{line}"),
            _ => format!("{area}-{line}"),
        };
        let masked = mask(&format!("{before}{number}{after}")).0.into_owned();
        prop_assert!(!masked.chars().any(|character| character.is_ascii_digit()), "{}", masked);
    }

    #[test]
    fn any_text_is_masked_without_a_panic_and_once(text in ".{0,80}") {
        let masked = mask(&text).0.into_owned();
        prop_assert_eq!(mask(&masked).1, 0, "{}", masked);
    }

    #[test]
    fn no_number_of_groups_survives(
        groups in prop::collection::vec("[0-9]{3,4}", 3..9),
        separator in prop::sample::select(vec![" ", "-", ".", "/", " - ", " / "]),
        before in prop::sample::select(vec!["", "tel ", "call,", "fon-", "x"]),
    ) {
        let number = groups.join(separator);
        let masked = mask(&format!("{before}{number} thanks")).0.into_owned();
        prop_assert!(!masked.contains(&number), "{}", masked);
    }
}
