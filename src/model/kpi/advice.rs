//! Command lines that a person can copy: each word quoted for a POSIX shell.

use std::borrow::Cow;

/// A word as a POSIX shell reads it back: bare where nothing in it means something to a shell, else in single quotes.
#[must_use]
pub fn shell_word(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:@_".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// `acctsnap kpis VERB 'KPI' FLAGS`, with `--customer` where one has to be named.
#[must_use]
pub fn kpis_command(customer: Option<&str>, verb: &str, kpi: &str, flags: &str) -> String {
    let mut words = vec![Cow::Borrowed("acctsnap kpis"), Cow::Borrowed(verb)];
    let looks_like_a_flag = kpi.starts_with('-');
    if !looks_like_a_flag {
        words.push(shell_word(kpi));
    }
    if !flags.is_empty() {
        words.push(Cow::Borrowed(flags));
    }
    if let Some(customer) = customer {
        words.extend([Cow::Borrowed("--customer"), shell_word(customer)]);
    }
    if looks_like_a_flag {
        words.extend([Cow::Borrowed("--"), shell_word(kpi)]);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, quoted) in [
            ("NPS", "NPS"),
            ("%", "%"),
            ("$", "'$'"),
            ("Ticket Volume", "'Ticket Volume'"),
            ("Fans' Love", r"'Fans'\'' Love'"),
            ("a;b", "'a;b'"),
            ("~", "'~'"),
            ("", "''"),
            ("Größe", "'Größe'"),
        ] {
            assert_eq!(shell_word(word), quoted, "{word}");
        }
    }

    #[test]
    fn a_command_names_the_customer_where_it_has_to() {
        let command = |customer, kpi| kpis_command(customer, "set", kpi, "--unit %");
        assert_eq!(command(None, "Ticket Volume"), "acctsnap kpis set 'Ticket Volume' --unit %");
        assert_eq!(command(Some("A B"), "NPS"), "acctsnap kpis set NPS --unit % --customer 'A B'");
        assert_eq!(command(None, "-x"), "acctsnap kpis set --unit % -- -x");
    }
}
