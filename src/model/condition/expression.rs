//! What a condition says, as a tree, and how that is written down.
//!
//! Writing a tree and reading it again gives the same tree.

use std::fmt;

use super::field::Field;
use super::operand::Operand;

/// A condition or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// Every part holds; at least two.
    All(Vec<Expression>),
    /// One part at least holds; at least two.
    Any(Vec<Expression>),
    /// The part does not hold.
    Not(Box<Expression>),
    /// A field is compared.
    Compare(Comparison),
}

/// A field, and what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The field.
    pub(super) field: Field,
    /// What it is asked.
    pub(super) test: Test,
}

/// What a field is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// How it stands to one value.
    Is(Relation, Operand),
    /// Whether it is one of these.
    In(Vec<Operand>),
    /// Whether it is none of these.
    NotIn(Vec<Operand>),
}

/// A sign that compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Whether it asks for more than equality.
    pub(super) const fn is_of_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        })
    }
}

impl Expression {
    /// Calls `visit` for every comparison, in the order of the text.
    pub(super) fn visit<'e>(&'e self, visit: &mut impl FnMut(&'e Comparison)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(visit)),
            Self::Not(part) => part.visit(visit),
            Self::Compare(comparison) => visit(comparison),
        }
    }

    /// Writes the parts, each by `write`, with the words between them.
    pub(super) fn joined(&self, write: &impl Fn(&Comparison) -> String) -> String {
        let inner = |part: &Self| match part {
            Self::All(_) | Self::Any(_) => format!("({})", part.joined(write)),
            Self::Not(_) | Self::Compare(_) => part.joined(write),
        };
        match self {
            Self::All(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
            Self::Any(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
            Self::Not(part) => format!("not {}", inner(part)),
            Self::Compare(comparison) => write(comparison),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.joined(&|comparison| format!("{} {}", comparison.field, comparison.test)))
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |operands: &[Operand]| operands.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Is(relation, operand) => write!(f, "{relation} {operand}"),
            Self::In(operands) => write!(f, "in [{}]", list(operands)),
            Self::NotIn(operands) => write!(f, "not in [{}]", list(operands)),
        }
    }
}
