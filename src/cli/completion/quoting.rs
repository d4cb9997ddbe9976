//! Candidates as each shell can be given them: a hostile name must be inserted as text, or not at all.
//!
//! bash inserts what it is given as it stands, so it is quoted here, in the way of the quote that is open. zsh and
//! fish quote by themselves.

use super::Shell;
use super::candidates::Word;
use super::line::{Line, Quote};
use crate::report::text::is_treacherous;

/// The answer for a shell: those of the words that go on from what was typed, each on a line.
pub(super) fn lines(shell: Shell, line: &Line, prefix: usize, words: &[Word]) -> String {
    let (before, typed) = line.current.split_at_checked(prefix).unwrap_or(("", &line.current));
    let offered = fitting(typed, words).into_iter().filter(|(word, _)| is_safe(word, line.quote, shell));
    let mut answer = "words\n".to_owned();
    for (word, note) in offered {
        let whole = format!("{before}{word}");
        let whole = match shell {
            Shell::Bash => quoted(whole.get(line.kept..).unwrap_or_default(), line.quote),
            Shell::Zsh | Shell::Fish => whole,
        };
        match shell {
            Shell::Bash => answer.push_str(&whole),
            Shell::Zsh | Shell::Fish => answer.push_str(&format!("{whole}\t{}", plain(note))),
        }
        answer.push('\n');
    }
    answer
}

/// The words that begin as typed, else those that do so but for case.
fn fitting<'w>(typed: &str, words: &'w [Word]) -> Vec<&'w Word> {
    let exact: Vec<&Word> = words.iter().filter(|(word, _)| word.starts_with(typed)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let folded = typed.to_lowercase();
    words.iter().filter(|(word, _)| word.to_lowercase().starts_with(&folded)).collect()
}

/// Names that hold what steers a terminal are left out, and so is `!` where bash knows no way to quote it.
fn is_safe(word: &str, quote: Quote, shell: Shell) -> bool {
    let is_expanded = shell == Shell::Bash && quote == Quote::Double && word.contains('!');
    !is_expanded && !word.is_empty() && !word.contains(is_treacherous)
}

/// A word as bash reads it back behind a quote that is open; readline closes it.
fn quoted(word: &str, quote: Quote) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "%+,-./:@_=".contains(character);
    let mut text = String::with_capacity(word.len());
    for character in word.chars() {
        match quote {
            Quote::Single if character == '\'' => text.push_str(r"'\'"),
            Quote::Double if "\\\"$`".contains(character) => text.push('\\'),
            Quote::Bare if !is_plain(character) => text.push('\\'),
            _ => {}
        }
        text.push(character);
    }
    text
}

/// A remark on one line.
fn plain(note: &str) -> String {
    note.chars().filter(|character| !is_treacherous(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bash(line: &str, words: &[&str]) -> Vec<String> {
        let line = Line::read(line, " \t\n\"'@><=;|&(:");
        let words: Vec<Word> = words.iter().map(|word| ((*word).to_owned(), String::new())).collect();
        let answer = lines(Shell::Bash, &line, 0, &words);
        answer.lines().skip(1).map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_name_is_quoted_in_the_way_of_the_open_quote() {
        let name = r#"A $(x) `y` "z" 'q' \w"#;
        assert_eq!(bash("a -a A", &[name]), [r#"A\ \$\(x\)\ \`y\`\ \"z\"\ \'q\'\ \\w"#]);
        assert_eq!(bash("a -a 'A", &[name]), [r#"A $(x) `y` "z" '\''q'\'' \w"#]);
        assert_eq!(bash("a -a \"A", &[name]), [r#"A \$(x) \`y\` \"z\" 'q' \\w"#]);
        assert_eq!(bash("a -a ext:A", &["ext:A 1"]), [r"A\ 1"]);
    }

    #[test]
    fn what_cannot_be_quoted_is_not_offered() {
        assert_eq!(bash("a -a A", &["A\nB", "A\u{1b}[2J", "A\u{202e}B", ""]), [""; 0]);
        assert_eq!(bash("a -a \"A", &["A!!", "AB"]), ["AB"]);
        assert_eq!(bash("a -a A", &["A!!"]), [r"A\!\!"]);
    }

    #[test]
    fn case_matters_only_where_nothing_fits_otherwise() {
        assert_eq!(bash("a -a te", &["Tech", "tempo"]), ["tempo"]);
        assert_eq!(bash("a -a TE", &["Tech", "tempo", "x"]), ["Tech", "tempo"]);
    }
}
