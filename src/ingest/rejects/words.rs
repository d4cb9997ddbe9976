//! Words `name=value` on a line, quoted as a shell has them. It must never lose a value, whatever it holds.

use crate::model::kpi::advice::shell_word;

/// The words, parted by spaces; a value that is more than a plain word stands in single quotes.
pub(super) fn join(words: &[(&str, String)]) -> String {
    let word = |(name, value): &(&str, String)| format!("{name}={}", shell_word(value));
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Reads words back, each as its name and value; a word without `=` has no value.
pub(super) fn split(text: &str) -> Vec<(String, String)> {
    let (mut words, mut word, mut is_quoted, mut is_word) = (Vec::new(), String::new(), false, false);
    let mut characters = text.trim().chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => is_quoted = !is_quoted,
            space if space.is_whitespace() && !is_quoted => {
                words.extend(std::mem::take(&mut is_word).then(|| std::mem::take(&mut word)));
                continue;
            }
            '\\' if !is_quoted => word.extend(characters.next()),
            plain => word.push(plain),
        }
        is_word = true;
    }
    words.extend(is_word.then_some(word));
    let parts = words.iter().map(|word| word.split_once('=').unwrap_or((word, "")));
    parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_come_back_as_they_were(values in proptest::collection::vec("\\PC*", 0..4)) {
            let words: Vec<(&str, String)> = values.iter().map(|value| ("name", value.clone())).collect();
            let back: Vec<String> = split(&join(&words)).into_iter().map(|(_, value)| value).collect();
            prop_assert_eq!(back, values);
        }

        #[test]
        fn any_text_is_split_into_something(text in "\\PC*") {
            split(&text);
        }
    }
}
