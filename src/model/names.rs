//! Keys by which names are compared: made here, in Rust, stored and indexed by the store.
//!
//! A name is shown as it was given; only its key is compared.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The key of an account's or customer's name: NFKC, case-folded, spaces collapsed and trimmed.
#[must_use]
pub fn name_key(name: &str) -> String {
    if name.is_ascii() {
        return ascii_key(name);
    }
    let folded: String = name.nfkc().default_case_fold().nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ascii_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in name.split_ascii_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    }
    key
}

/// The key of a KPI's name or a column's header: the name key without spaces and punctuation.
#[must_use]
pub fn loose_key(name: &str) -> String {
    if name.is_ascii() {
        return name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|b| b.to_ascii_lowercase() as char)
            .collect();
    }
    name_key(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key of a word that a source gives, such as a status: the name key, with a dash or underscore inside it read
/// as a space. At its end a sign has its own meaning: the tiers `A`, `A+` and `A-` stay three.
#[must_use]
pub fn word_key(word: &str) -> String {
    let mut spaced = String::with_capacity(word.len());
    let mut characters = word.trim().chars().peekable();
    let mut follows_letter = false;
    while let Some(character) = characters.next() {
        let precedes_letter = characters.peek().is_some_and(|next| next.is_alphanumeric());
        let joins = matches!(character, '-' | '_') && follows_letter && precedes_letter;
        spaced.push(if joins { ' ' } else { character });
        follows_letter = character.is_alphanumeric();
    }
    name_key(&spaced)
}

/// Words that say a company's legal form, as the last words of a name.
const LEGAL_FORMS: [&str; 27] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "pty",
];

/// The key under which look-alike names fall together: no punctuation, no legal form at the end.
///
/// `Acme, Inc.`, `ACME Inc` and `Acme` share one; a name that is nothing but a legal form keeps it.
#[must_use]
pub fn similar_key(name: &str) -> String {
    let key = name_key(name).replace(['.', '\'', '’'], "");
    let mut words: Vec<&str> =
        key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word)) {
        words.pop();
    }
    if words.is_empty() { key } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_legal_forms_alone_keeps_one() {
        assert_eq!(similar_key("Co. KG"), "co");
        assert_eq!(similar_key("Inc."), "inc");
        assert_eq!(similar_key("Acme Co. KG"), "acme");
    }

    #[test]
    fn case_spaces_and_width_do_not_make_a_difference() {
        for name in [
            "TechCorp Solutions",
            " techcorp  SOLUTIONS\t",
            "TechCorp\u{a0}Solutions",
            "ＴｅｃｈCorp Solutions",
        ] {
            assert_eq!(name_key(name), "techcorp solutions", "{name:?}");
        }
        assert_eq!(name_key("STRASSE"), name_key("Straße"));
    }

    #[test]
    fn look_alikes_fall_together_and_others_do_not() {
        for name in ["Acme, Inc.", "ACME Inc", "Acme", "A.C.M.E. Incorporated"] {
            assert_eq!(similar_key(name), "acme", "{name:?}");
        }
        assert_ne!(similar_key("Acme North"), similar_key("Acme South"));
        assert_eq!(similar_key("Co"), "co");
        assert_eq!(similar_key("!!!"), "!!!");
    }

    #[test]
    fn words_fall_together_however_they_are_joined_and_signs_at_their_ends_count() {
        for word in ["At Risk", "at_risk", " AT-RISK "] {
            assert_eq!(word_key(word), "at risk", "{word:?}");
        }
        let tiers = ["A", "A+", "A-", "-A", "C#", "C++"].map(word_key);
        assert_eq!(tiers, ["a", "a+", "a-", "-a", "c#", "c++"]);
    }

    #[test]
    fn kpi_keys_ignore_punctuation() {
        assert_eq!(loose_key("On-time Delivery_Rates"), loose_key("on time delivery rates"));
    }
}
