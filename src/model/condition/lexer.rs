//! The words and signs of a condition, each with its column. What they mean together is for the parser to say.

use std::fmt;
use std::iter::Peekable;

use super::error::ConditionError;
use super::expression::Relation;

/// A word or sign, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Its first character, from 1.
    pub(super) column: usize,
    /// What it is.
    pub(super) kind: TokenKind,
}

/// What a word or sign is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A bare word: a name, a keyword, a number or a date.
    Word(String),
    /// A text in quotes.
    Quoted(String),
    /// `attributes."Key Contact"`: the name in its quotes.
    Attribute(String),
    /// A sign that compares.
    Relation(Relation),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// `,`
    Comma,
    /// Nothing follows.
    End,
}

impl TokenKind {
    /// Whether it is this keyword; case makes no difference.
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is a keyword of the language, which no bare value can be.
    pub(super) fn is_any_keyword(&self) -> bool {
        KEYWORDS.iter().any(|keyword| self.is_keyword(keyword))
    }
}

/// The words that the language keeps for itself.
pub(super) const KEYWORDS: [&str; 4] = ["and", "or", "not", "in"];

/// As a message shows it.
impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) => write!(f, "'{text}'"),
            Self::Quoted(text) => write!(f, "the text '{text}'"),
            Self::Attribute(name) => write!(f, "attributes.\"{name}\""),
            Self::Relation(relation) => write!(f, "'{relation}'"),
            Self::Open => f.write_str("'('"),
            Self::Close => f.write_str("')'"),
            Self::OpenList => f.write_str("'['"),
            Self::CloseList => f.write_str("']'"),
            Self::Comma => f.write_str("','"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Whether a character can stand in a bare word.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':')
}

/// The tokens of a text, the last of them [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ConditionError> {
    let mut characters = Characters { rest: text.chars().peekable(), column: 1 };
    let mut tokens = Vec::new();
    loop {
        characters.take_while(char::is_whitespace);
        let column = characters.column;
        let kind = match characters.next() {
            None => TokenKind::End,
            Some(first) => characters.token(first, column)?,
        };
        let is_end = kind == TokenKind::End;
        tokens.push(Token { column, kind });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Characters<'t> {
    rest: Peekable<std::str::Chars<'t>>,
    column: usize,
}

impl Characters<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.column = self.column.saturating_add(1);
        Some(next)
    }

    fn follows(&mut self, sign: char) -> bool {
        let follows = self.rest.peek() == Some(&sign);
        if follows {
            self.next();
        }
        follows
    }

    fn take_while(&mut self, take: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.rest.peek().copied().filter(|next| take(*next)) {
            taken.push(next);
            self.next();
        }
        taken
    }

    fn token(&mut self, first: char, column: usize) -> Result<TokenKind, ConditionError> {
        Ok(match first {
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            '[' => TokenKind::OpenList,
            ']' => TokenKind::CloseList,
            ',' => TokenKind::Comma,
            '\'' | '"' => TokenKind::Quoted(self.quoted(first, column)?),
            '=' => {
                self.follows('=');
                TokenKind::Relation(Relation::Equal)
            }
            '<' if self.follows('=') => TokenKind::Relation(Relation::AtMost),
            '<' if self.follows('>') => TokenKind::Relation(Relation::Unequal),
            '<' => TokenKind::Relation(Relation::Less),
            '>' if self.follows('=') => TokenKind::Relation(Relation::AtLeast),
            '>' => TokenKind::Relation(Relation::Greater),
            '!' if self.follows('=') => TokenKind::Relation(Relation::Unequal),
            _ if starts_word(first, self.rest.peek().copied()) => self.word(first)?,
            _ => return Err(unexpected(first, column)),
        })
    }

    fn word(&mut self, first: char) -> Result<TokenKind, ConditionError> {
        let word = format!("{first}{}", self.take_while(is_word));
        let column = self.column;
        match self.rest.peek().copied() {
            Some(quote @ ('\'' | '"')) if word.eq_ignore_ascii_case("attributes.") => {
                self.next();
                Ok(TokenKind::Attribute(self.quoted(quote, column)?))
            }
            _ => Ok(TokenKind::Word(word)),
        }
    }

    /// The rest of a text in quotes; a doubled quote stands for one.
    fn quoted(&mut self, quote: char, column: usize) -> Result<String, ConditionError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => {
                    return Err(ConditionError::expected(
                        column,
                        format!("an end of this text ({quote})"),
                        "none",
                    ));
                }
                Some(next) if next == quote && !self.follows(quote) => return Ok(text),
                Some(next) => text.push(next),
            }
        }
    }
}

/// A word starts with a letter, a digit or `_`, a number also with `-`.
fn starts_word(first: char, next: Option<char>) -> bool {
    first.is_alphanumeric()
        || first == '_'
        || (first == '-' && next.is_some_and(|next| next.is_ascii_digit()))
}

fn unexpected(character: char, column: usize) -> ConditionError {
    let meant = match character {
        '&' => Some("and"),
        '|' => Some("or"),
        '!' => Some("not"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        '≠' => Some("!="),
        '“' | '”' | '„' | '«' | '»' => Some("\""),
        '‘' | '’' | '`' | '´' => Some("'"),
        '{' => Some("["),
        '}' => Some("]"),
        _ => None,
    };
    let expected = "a name, a value, a comparison, and, or, not or a bracket";
    ConditionError::expected(column, expected, format!("'{character}'")).or_rather(meant)
}
