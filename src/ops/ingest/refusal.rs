//! Rows that cannot be taken: told by cause, with counts; and the refusal of a file because of them.

use crate::error::{Detail, Error, ErrorKind};
use crate::model::rejection::{Problem, Rejections};
use crate::report::text::{count, grouped};

/// Up to so many rows are told of one by one.
const FEW: u64 = 5;
/// How many causes are told of; the rest is counted.
const CAUSES: usize = 15;

/// The error for a file of which rows cannot be taken, or values where a row holds several.
pub(super) fn of(file: &str, rejections: &Rejections, has_many_values_a_row: bool) -> Error {
    let total = rejections.len();
    let what = if has_many_values_a_row { values(rejections) } else { count(total, "row") };
    let message = format!("{file}: {what} cannot be taken, so nothing was written");
    let error = Error::new(ErrorKind::InputRefused, message)
        .with_hint("mend them, or take the good rows and set these aside: --on-error skip --rejects FILE")
        .with_details(details(rejections), total);
    if total <= FEW { error } else { error.with_summary(by_cause(rejections)) }
}

/// `12 values of 3 rows`
fn values(rejections: &Rejections) -> String {
    let mut lines: Vec<u32> = rejections.rows.iter().map(|row| row.line).collect();
    lines.sort_unstable();
    lines.dedup();
    format!("{} of {}", count(rejections.len(), "value"), count(lines.len() as u64, "row"))
}

/// The rejections that are kept in full, in file order.
pub(super) fn details(rejections: &Rejections) -> Vec<Detail> {
    let details = rejections.examples.iter().filter_map(|example| {
        let problem = rejections.problems.get(example.problem as usize)?;
        let (sheet, line) = rejections.place(example.line);
        Some(Detail {
            line: Some(line),
            column: problem.column.clone(),
            value: example.value.clone(),
            code: problem.code.to_owned(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            sheet: sheet.map(str::to_owned),
        })
    });
    details.collect()
}

/// A line a cause, the most frequent first, with the place of the first row of it.
pub(super) fn by_cause(rejections: &Rejections) -> Vec<String> {
    let mut causes: Vec<(usize, u64)> = rejections.counts().into_iter().enumerate().collect();
    causes.sort_by_key(|(place, count)| (std::cmp::Reverse(*count), *place));
    let told = causes.iter().take(CAUSES);
    let mut lines = Vec::new();
    for (place, count) in told {
        let Some(problem) = rejections.problems.get(*place) else { continue };
        lines.push(cause(rejections, *place, problem, *count));
        // What to do is worth a line of its own where it is a command to run.
        let command = problem.hint.as_ref().filter(|hint| hint.contains("acctsnap ") || hint.contains("--"));
        lines.extend(command.map(|command| format!("  {command}")));
    }
    let rest: u64 = causes.iter().skip(CAUSES).map(|(_, count)| count).sum();
    if rest > 0 {
        lines.push(format!("{} more of other causes", grouped(&rest.to_string())));
    }
    lines
}

/// `50 x data: expected a count, found a percent (first in line 6: '70%')`
fn cause(rejections: &Rejections, place: usize, problem: &Problem, count: u64) -> String {
    let column = problem.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
    let first = rejections.rows.iter().find(|row| row.problem as usize == place);
    let example = rejections.examples.iter().find(|example| example.problem as usize == place);
    let value = example.and_then(|example| example.value.as_ref());
    let shown = value.map(|value| format!(": '{value}'")).unwrap_or_default();
    let line =
        first.map(|row| format!(" (first in {}{shown})", rejections.said(row.line))).unwrap_or_default();
    format!("{} x {column}{}{line}", grouped(&count.to_string()), problem.message)
}
