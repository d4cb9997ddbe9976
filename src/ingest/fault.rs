//! Why a row was set aside. It must never hold text of the row: equal causes are counted together.

use std::borrow::Cow;

use super::columns::{Columns, Field};
use super::text::NameFault;
use crate::model::rejection::Problem;

/// Why a row was set aside, and which of its fields is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault<F> {
    pub(super) code: &'static str,
    /// None where the whole row, or a column that is no field, is at fault.
    pub(super) field: Option<F>,
    /// The column at fault that is no field, from 0.
    pub(super) column: Option<usize>,
    pub(super) message: Cow<'static, str>,
    pub(super) hint: Option<Cow<'static, str>>,
}

impl<F: Field> Fault<F> {
    /// A fault of one field.
    pub(super) fn of(field: F, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, field: Some(field), column: None, message: message.into(), hint: None }
    }

    /// A fault of the whole row.
    pub(super) fn of_row(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, field: None, column: None, message: message.into(), hint: None }
    }

    /// A fault of a column that is no field.
    pub(super) fn of_column(
        column: usize,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { column: Some(column), ..Self::of_row(code, message) }
    }

    /// A fault of a name or an id.
    pub(super) fn of_name(field: F, fault: NameFault) -> Self {
        Self::of(field, fault.code(), fault.message())
    }

    /// Adds what to change.
    pub(super) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// As it is counted and told, with the file's own name for the column.
    pub(super) fn into_problem(self, columns: &Columns<F>) -> Problem {
        Problem {
            code: self.code,
            column: self.field.map_or_else(
                || self.column.map(|column| columns.header_at(column).to_owned()),
                |field| Some(columns.header(field)),
            ),
            message: self.message.into_owned(),
            hint: self.hint.map(Cow::into_owned),
        }
    }
}
