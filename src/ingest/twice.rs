//! Rows of one file that speak of the same thing and contradict each other: all are set aside, for nothing says
//! which is right.

use std::fmt::Display;

use crate::model::rejection::{EXAMPLES_KEPT, Problem, Rejections};

/// Sets rows aside, each by its line and what it says; what is told of each names them all.
pub(super) fn reject_contradicting<D: Display>(
    rejections: &mut Rejections,
    problem: &Problem,
    rows: impl Iterator<Item = (u32, D)> + Clone,
) {
    let told = (rejections.examples.len() < EXAMPLES_KEPT).then(|| describe(rejections, rows.clone()));
    for (line, _) in rows {
        rejections.add(line, problem.clone(), told.as_deref());
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
