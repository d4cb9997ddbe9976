//! Reads a condition's tokens into a tree: `or` binds loosest, then `and`, then `not`.

use super::error::ConditionError;
use super::expression::{Comparison, Expression, Relation, Test};
use super::field::Field;
use super::lexer::{Token, TokenKind, tokens};
use super::operand::{Operand, literal, operand};
use crate::model::snapshot::fields::FieldKind;

/// How deep brackets and nots may stand inside each other, so that no text can exhaust the stack.
pub(super) const DEPTH: usize = 64;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Expression, ConditionError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = parser.any()?;
    match parser.peek().kind {
        TokenKind::End => Ok(expression),
        _ => Err(parser.not_the_end()),
    }
}

struct Parser {
    /// The last is the end, and is never passed.
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        let end = || Token { column: 1, kind: TokenKind::End };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at = self.at.saturating_add(1);
        token
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let takes = self.peek().kind.is_keyword(keyword);
        if takes {
            self.next();
        }
        takes
    }

    fn any(&mut self) -> Result<Expression, ConditionError> {
        self.chain("or", Self::all, Expression::Any)
    }

    fn all(&mut self) -> Result<Expression, ConditionError> {
        self.chain("and", Self::one, Expression::All)
    }

    /// One part, or several with a keyword between them.
    fn chain(
        &mut self,
        keyword: &str,
        part: impl Fn(&mut Self) -> Result<Expression, ConditionError>,
        several: impl Fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, ConditionError> {
        let first = part(self)?;
        if !self.peek().kind.is_keyword(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.takes(keyword) {
            parts.push(part(self)?);
        }
        Ok(several(parts))
    }

    fn one(&mut self) -> Result<Expression, ConditionError> {
        let token = self.next();
        match &token.kind {
            kind if kind.is_keyword("not") => {
                self.deeper(&token, |parser| Ok(Expression::Not(Box::new(parser.one()?))))
            }
            TokenKind::Open => self.deeper(&token, |parser| {
                let inner = parser.any()?;
                let close = parser.next();
                match close.kind {
                    TokenKind::Close => Ok(inner),
                    other => Err(ConditionError::expected(close.column, "and, or or ')'", other)),
                }
            }),
            TokenKind::Attribute(name) => self.comparison(Field::attribute(name, token.column)?),
            TokenKind::Word(name) if !token.kind.is_any_keyword() => {
                self.comparison(Field::named(name, token.column)?)
            }
            other => Err(ConditionError::expected(token.column, "a field's name, not or '('", other)),
        }
    }

    fn deeper<T>(
        &mut self,
        token: &Token,
        read: impl FnOnce(&mut Self) -> Result<T, ConditionError>,
    ) -> Result<T, ConditionError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH {
            let expected = format!("at most {DEPTH} brackets and nots inside each other");
            return Err(ConditionError::expected(token.column, expected, "one more"));
        }
        let read = read(self);
        self.depth = self.depth.saturating_sub(1);
        read
    }

    fn comparison(&mut self, field: Field) -> Result<Expression, ConditionError> {
        let token = self.next();
        let test = match token.kind {
            TokenKind::Relation(relation) => self.relation(relation, &field, token.column)?,
            ref kind if kind.is_keyword("in") => Test::In(self.list(field.kind())?),
            ref kind if kind.is_keyword("not") && self.takes("in") => Test::NotIn(self.list(field.kind())?),
            other => {
                let expected = format!("=, !=, <, <=, >, >=, in or not in after {field}");
                return Err(ConditionError::expected(token.column, expected, other));
            }
        };
        Ok(Expression::Compare(Comparison { field, test }))
    }

    fn relation(&mut self, relation: Relation, field: &Field, column: usize) -> Result<Test, ConditionError> {
        let kind = field.kind();
        let is_ordered =
            matches!(kind, FieldKind::Number | FieldKind::Day | FieldKind::Instant | FieldKind::Attributes);
        if relation.is_of_order() && !is_ordered {
            let expected = format!("=, !=, in or not in after {field}, which is no number and no date");
            return Err(ConditionError::expected(column, expected, format!("'{relation}'")));
        }
        let token = self.next();
        let operand = operand(&token, kind)?;
        if relation.is_of_order() && matches!(operand, Operand::Text { .. }) {
            let expected = format!("a number or a date after '{relation}'");
            return Err(ConditionError::expected(token.column, expected, token.kind));
        }
        Ok(Test::Is(relation, operand))
    }

    fn list(&mut self, kind: FieldKind) -> Result<Vec<Operand>, ConditionError> {
        let open = self.next();
        if open.kind != TokenKind::OpenList {
            let meant = matches!(open.kind, TokenKind::Open).then_some("[");
            let expected = "a list such as [one, two]";
            return Err(ConditionError::expected(open.column, expected, open.kind).or_rather(meant));
        }
        let mut operands = Vec::new();
        loop {
            operands.push(operand(&self.next(), kind)?);
            let token = self.next();
            match token.kind {
                TokenKind::Comma => {}
                TokenKind::CloseList => return Ok(operands),
                ref other => {
                    let meant = self.words_joined(other);
                    return Err(ConditionError::expected(token.column, "',' or ']'", other).or_rather(meant));
                }
            }
        }
    }

    /// Something follows what could have been all.
    fn not_the_end(&mut self) -> ConditionError {
        let token = self.next();
        let expected = match token.kind {
            TokenKind::Comma => "and, or or the end (numbers have no separators)",
            _ => "and, or or the end",
        };
        let meant = self.words_joined(&token.kind);
        ConditionError::expected(token.column, expected, token.kind).or_rather(meant)
    }

    /// A second word beside a bare one: probably a text with a space that lacks its quotes. The token is the last
    /// one that was taken.
    fn words_joined(&self, token: &TokenKind) -> Option<String> {
        let before = self.at.checked_sub(2).and_then(|before| self.tokens.get(before))?;
        match (&before.kind, token) {
            (TokenKind::Word(first), TokenKind::Word(second)) if !token.is_any_keyword() => {
                Some(literal(&format!("{first} {second}")))
            }
            _ => None,
        }
    }
}
