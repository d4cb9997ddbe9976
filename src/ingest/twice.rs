//! Rows of one file that speak of the same thing and contradict each other: all are set aside, for nothing says
//! which is right.

use std::fmt::Display;

use super::duplicates::Duplicates;
use crate::model::rejection::{Problem, Rejections};

/// Sets rows aside, each by its line and what it says; what is told of each names them all.
pub(super) fn reject_contradicting<D: Display>(
    rejections: &mut Rejections,
    problem: &Problem,
    rows: impl Iterator<Item = (u32, D)> + Clone,
) {
    reject_cells(rejections, problem, rows.map(|(line, said)| (line, None, said)));
}

/// The same of values that may stand in a wide table, each with its column there.
pub(super) fn reject_cells<D: Display>(
    rejections: &mut Rejections,
    problem: &Problem,
    rows: impl Iterator<Item = (u32, Option<u16>, D)> + Clone,
) {
    let told = rejections
        .shows(problem)
        .then(|| describe(rejections, rows.clone().map(|(line, _, said)| (line, said))));
    for (line, column, _) in rows {
        rejections.add_cell(line, column, problem.clone(), told.as_deref());
    }
}

/// Why a good row is set aside with the bad one of the same matter, of which one value was to be made.
pub(super) fn beside_bad(matter: &str, policy: Duplicates, bad_line: &str) -> Problem {
    Problem {
        code: "beside_bad_row",
        column: None,
        message: format!(
            "the row of the same {matter} in {bad_line} cannot be taken, and --duplicates {} makes one of them all",
            policy.name()
        ),
        hint: Some("mend that row: with it this one is taken".to_owned()),
    }
}

/// `71.2 (line 4) and 64 (line 9)`, and how many more there are.
fn describe<D: Display>(rejections: &Rejections, rows: impl Iterator<Item = (u32, D)> + Clone) -> String {
    let first: Vec<String> =
        rows.clone().take(2).map(|(line, said)| format!("{said} ({})", rejections.said(line))).collect();
    match rows.count().saturating_sub(2) {
        0 => first.join(" and "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
