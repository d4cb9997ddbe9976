//! Cuts code, already without comments and literals, into words and signs.

use std::ops::Range;

/// A word, `::`, or a single sign.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// As it stands; a raw identifier without its `r#`.
    pub text: &'a str,
    /// The byte at which it begins.
    pub start: usize,
    /// The line on which it stands, from 1.
    pub line: usize,
}

impl Token<'_> {
    /// Whether it can be a name or a keyword.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The tokens of code; lifetimes, labels and numbers are left out.
pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut start, mut line) = (Vec::new(), 0, 1);
    while let Some(first) = code[start..].chars().next() {
        let length = token_length(&code[start..], first);
        let text = &code[start..start + length];
        if !first.is_whitespace() && first != '\'' && !first.is_numeric() {
            tokens.push(Token { text: text.strip_prefix("r#").unwrap_or(text), start, line });
        }
        line += usize::from(first == '\n');
        start += length;
    }
    tokens
}

fn token_length(rest: &str, first: char) -> usize {
    let word_from = match first {
        '\'' => 1,
        'r' if rest.starts_with("r#") => 2,
        _ if first.is_alphanumeric() || first == '_' => 0,
        _ if rest.starts_with("::") => return 2,
        _ => return first.len_utf8(),
    };
    let word = &rest[word_from..];
    word_from + word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len())
}

/// Where the item ends whose tokens begin at `from`: after its `;` or the brace that closes its body.
pub fn item_end(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" if depth <= 1 => return at + 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Where the brackets close that open first after `from`: the place after the closing one.
pub fn brackets_end(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth <= 1 => return at + 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Whether the tokens at this place read as these texts.
pub fn reads(tokens: &[Token<'_>], at: usize, texts: &[&str]) -> bool {
    tokens.get(at..).is_some_and(|rest| {
        rest.len() >= texts.len() && rest.iter().zip(texts).all(|(token, text)| token.text == *text)
    })
}

/// The items under `#[cfg(test)]`, as ranges of tokens that begin at the attribute.
pub fn test_items(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let attributes = (0..tokens.len()).filter(|at| reads(tokens, *at, &ATTRIBUTE));
    attributes.map(|at| at..item_end(tokens, at + ATTRIBUTE.len())).collect()
}
