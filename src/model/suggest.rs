//! Did you mean: the known word nearest to one that is not known.
//!
//! It compares letters; which words there are is for the callers to say.

/// The nearest candidate, where one is near enough to be a slip: a third of the letters, at least one.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_find_their_word_and_strangers_find_none() {
        let words = ["event_driven", "post_health_calc", "rag_auto"];
        for (slip, meant) in [
            ("event_drivn", Some("event_driven")),
            ("Event-Driven", Some("event_driven")),
            ("ragauto", Some("rag_auto")),
            ("evet_drvn", Some("event_driven")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(slip, words), meant, "{slip}");
        }
    }
}
