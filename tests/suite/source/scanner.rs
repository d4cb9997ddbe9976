//! Tells code from comments and literals, as far as Rust's lexer does: nested block comments, raw strings of any
//! fence, escapes, character literals beside lifetimes.

use std::ops::Range;

/// What a stretch of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Neither of the others.
    Code,
    /// A line or block comment, documentation too.
    Comment,
    /// A string or character literal with its quotes, without its prefix.
    Literal,
}

/// The source with comments and literals blanked; lines and byte offsets stay.
pub fn code_only(source: &str) -> String {
    keep(source, |kind| kind == Kind::Code)
}

/// The literals of the source, all else blanked; lines and byte offsets stay.
pub fn literals_only(source: &str) -> String {
    keep(source, |kind| kind == Kind::Literal)
}

fn keep(source: &str, wanted: impl Fn(Kind) -> bool) -> String {
    let mut kept = String::with_capacity(source.len());
    for (kind, range) in pieces(source) {
        let piece = source.get(range).unwrap_or_default();
        if wanted(kind) {
            kept.push_str(piece);
        } else {
            kept.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
    }
    kept
}

/// The source cut into pieces, none left out.
pub fn pieces(source: &str) -> Vec<(Kind, Range<usize>)> {
    let bytes = source.as_bytes();
    let (mut pieces, mut code_from, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let Some((kind, end)) = piece_at(source, at) else {
            at += 1;
            continue;
        };
        pieces.push((Kind::Code, code_from..at));
        pieces.push((kind, at..end));
        (code_from, at) = (end, end);
    }
    pieces.push((Kind::Code, code_from..bytes.len()));
    pieces.retain(|(_, range)| !range.is_empty());
    pieces
}

/// The comment or literal that begins at this byte, and where it ends.
fn piece_at(source: &str, at: usize) -> Option<(Kind, usize)> {
    let rest = source.as_bytes().get(at..)?;
    if let Some(fence) = raw_fence(source.as_bytes(), at) {
        return Some((Kind::Literal, at + raw_string_length(rest, fence)));
    }
    let (kind, length) = match rest {
        [b'/', b'/', ..] => (Kind::Comment, find(rest, b"\n").unwrap_or(rest.len())),
        [b'/', b'*', ..] => (Kind::Comment, block_comment_length(rest)),
        [b'"', ..] => (Kind::Literal, quoted_length(rest, b'"')),
        [b'\'', ..] => (Kind::Literal, character_length(source.get(at..)?)?),
        _ => return None,
    };
    Some((kind, at + length))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Block comments nest.
fn block_comment_length(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// How many `#` fence the raw string whose quote or first `#` is at this byte; None where none begins here.
fn raw_fence(bytes: &[u8], at: usize) -> Option<usize> {
    if !matches!(bytes.get(at), Some(b'"' | b'#')) {
        return None;
    }
    let before = bytes.get(..at)?;
    let word_from = before.iter().rposition(|byte| !is_word(*byte)).map_or(0, |place| place + 1);
    let fence = bytes.get(at..)?.iter().take_while(|byte| **byte == b'#').count();
    let quoted = bytes.get(at + fence) == Some(&b'"');
    (quoted && matches!(before.get(word_from..), Some(b"r" | b"br" | b"cr"))).then_some(fence)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn raw_string_length(rest: &[u8], fence: usize) -> usize {
    let end = [b"\"".as_slice(), &b"#".repeat(fence)].concat();
    let body = rest.get(fence + 1..).unwrap_or_default();
    find(body, &end).map_or(rest.len(), |length| fence + 1 + length + end.len())
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match *byte {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character literal's length; None where the quote begins a lifetime or label.
fn character_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first == '\\' {
        return Some(quoted_length(rest.as_bytes(), b'\''));
    }
    let (at, second) = characters.next()?;
    (second == '\'').then_some(at + 1)
}
