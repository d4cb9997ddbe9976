//! Golden files: what the program said once, read by a person, and says ever after.
//!
//! `UPDATE_GOLDEN=1 cargo test` writes them anew; `git diff` then shows what changed for the user. What differs
//! from run to run (the sandbox's path, digests, the version) is a placeholder in them, nothing else is.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// What to do with a golden file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Compare with it.
    Compare,
    /// Write it anew.
    Update,
}

/// Compares a text with `tests/cli_golden/NAME.txt`, or writes that file where `UPDATE_GOLDEN` is `1`.
#[track_caller]
#[expect(clippy::panic, reason = "the way of a test to fail")]
pub fn check(name: &str, actual: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli_golden");
    let updating = env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let mode = if updating { Mode::Update } else { Mode::Compare };
    if let Err(difference) = compare(&folder.join(format!("{name}.txt")), actual, mode) {
        panic!("{difference}");
    }
}

/// Compares a text with a golden file, or writes it.
///
/// # Errors
/// A message with the difference, line by line; also where there is no such file or it cannot be written.
pub fn compare(file: &Path, actual: &str, mode: Mode) -> Result<(), String> {
    let told = |doing: &str, error: std::io::Error| {
        format!("cannot {doing} {}: {error} (UPDATE_GOLDEN=1 writes it)", file.display())
    };
    if mode == Mode::Update {
        let folder = file.parent().unwrap_or(Path::new("."));
        return fs::create_dir_all(folder)
            .and_then(|()| fs::write(file, actual))
            .map_err(|error| told("write", error));
    }
    let expected = fs::read_to_string(file).map_err(|error| told("read", error))?;
    if expected == actual {
        return Ok(());
    }
    let difference = difference(&expected, actual);
    Err(format!("{} differs (UPDATE_GOLDEN=1 takes the new text)\n{difference}", file.display()))
}

/// The text with `[SANDBOX]` for the sandbox's path, `[HASH]` for 64 hex digits, `[VERSION]` for our version.
pub fn with_placeholders(text: &str, sandbox: &Path) -> String {
    let mut text = text.to_owned();
    for path in [fs::canonicalize(sandbox).ok(), Some(sandbox.to_owned())].into_iter().flatten() {
        text = text.replace(&path.display().to_string(), "[SANDBOX]");
    }
    let text = replace_words(&text, |c| c.is_ascii_alphanumeric(), is_digest, "[HASH]");
    replace_words(
        &text,
        |c| c.is_ascii_alphanumeric() || c == '.',
        |word| word == env!("CARGO_PKG_VERSION"),
        "[VERSION]",
    )
}

fn is_digest(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Replaces the words that `wanted` picks; a word is a longest run of the characters that `part` takes.
fn replace_words(
    text: &str,
    part: impl Fn(char) -> bool,
    wanted: impl Fn(&str) -> bool,
    placeholder: &str,
) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(&part) {
        let (before, from_word) = rest.split_at(start);
        let (word, after) = from_word.split_at(from_word.find(|c| !part(c)).unwrap_or(from_word.len()));
        replaced.push_str(before);
        replaced.push_str(if wanted(word) { placeholder } else { word });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Both texts line by line: `-` only in the first, `+` only in the second.
pub fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let common = common_lines(&old, &new);
    let (mut at_old, mut at_new, mut shown) = (0, 0, String::new());
    while at_old < old.len() || at_new < new.len() {
        let (sign, line) = if at_old < old.len() && at_new < new.len() && old[at_old] == new[at_new] {
            at_new += 1;
            (' ', old[at_old])
        } else if at_new == new.len()
            || at_old < old.len() && common[at_old + 1][at_new] >= common[at_old][at_new + 1]
        {
            ('-', old[at_old])
        } else {
            at_new += 1;
            ('+', new[at_new - 1])
        };
        at_old += usize::from(sign != '+');
        let _ = writeln!(shown, "{sign}{line}");
    }
    shown
}

/// The length of the longest common subsequence of the lines from (i, j) on.
fn common_lines(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}
