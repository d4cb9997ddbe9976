//! The page that records how every file fares, written from a run and read again.
//!
//! One row a line, so that a difference names its file; it must never hold a time or a path of this machine.

use std::fmt::Write as _;

use super::case::Case;
use super::verdict::{Judgement, Verdict, expectation};

const HEAD: &str = "\
# Real files

How acctsnap fares with files that other people made: open data, exports of CRMs and data sets, and the
collections on which readers of CSV and spreadsheets are tested. They are not part of this repository. The page
is made by `UPDATE_GOLDEN=1 cargo test --test suite real_files::`, the expectations are in `tests/suite/real`; the test fails
where a file that is right here is right no more, and where a run differs from this page.

*Right*: what was expected of the file holds, row for row and value for value where it says so. *Refused
rightly*: the file holds nothing of the kind, or is broken, and the refusal gives the true reason. *Wrong*:
anything else; what is and what should be stands beside it.

Two suites have a truth beside them, cell by cell. Of csv-spectrum all 12 files equal it, but that the truth of
`location_coordinates` has another phone number than the file. Of the 77 files of Pollock 75 are equal, or their
damage is pinned to its row and the rest is equal, or they are refused for the true reason (28 of 30 polluted ones,
47 of 47 of the survey): `cargo test --lib region::pollock` holds each with a sentence. The two misses:
`file_quotation_char_0x27` keeps doubled quotes in three texts that the truth halves, beside 31 rows that are
refused by their lines; of `row_less_sep_row0_col4` the header lost a delimiter, which cannot be told from rows
that end in one, and is only noted. `file_field_delimiter_0x20` is read with `--delimiter ' '`.
";

/// One row of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Folder, file and command.
    pub key: String,
    /// The whole line.
    pub text: String,
    /// The verdict; None where it cannot be read.
    pub verdict: Option<Verdict>,
}

/// The page as text.
pub fn write(cases: &[Case], judgements: &[Judgement]) -> String {
    let mut page = HEAD.to_owned();
    let _ = writeln!(page, "\n{}", summary(cases, judgements));
    let mut folder = "";
    for (case, judgement) in cases.iter().zip(judgements) {
        if case.folder != folder {
            folder = case.folder;
            let _ = writeln!(page, "\n## {folder}\n\n| file | read as | done | expected | verdict |");
            page.push_str("|---|---|---|---|---|\n");
        }
        page.push_str(&line(case, judgement));
    }
    page
}

fn summary(cases: &[Case], judgements: &[Judgement]) -> String {
    let verdicts = [Verdict::Right, Verdict::RefusedRightly, Verdict::Wrong];
    let mut table = "| folder | right | refused rightly | wrong |\n|---|--:|--:|--:|\n".to_owned();
    let mut folders: Vec<_> = cases.iter().map(|case| case.folder).collect();
    folders.dedup();
    for folder in folders.into_iter().chain(["all"]) {
        let of_folder = |case: &Case| folder == "all" || case.folder == folder;
        let counts = verdicts.map(|verdict| {
            let pairs = cases.iter().zip(judgements);
            pairs.filter(|(case, judgement)| of_folder(case) && judgement.verdict == verdict).count()
        });
        let _ = writeln!(table, "| {folder} | {} | {} | {} |", counts[0], counts[1], counts[2]);
    }
    table.trim_end().to_owned()
}

fn line(case: &Case, judgement: &Judgement) -> String {
    let verdict = judgement.verdict.word();
    let faults: String = judgement.faults.join("; ").chars().take(200).collect();
    let reason = if faults.is_empty() { String::new() } else { format!(": {faults}") };
    format!(
        "| `{}` | `{}` | {} | {} | **{verdict}**{} |\n",
        case.file,
        escaped(case.words),
        escaped(&judgement.done),
        escaped(&expectation(case)),
        escaped(&reason)
    )
}

/// A text that cannot end its cell or begin another thing of Markdown.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('*', "\\*").replace('<', "&lt;")
}

/// The rows of a page; the folder is that of the heading above.
pub fn rows(page: &str) -> Vec<Row> {
    let mut folder = "";
    let mut rows = Vec::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            folder = name;
        }
        let Some(cells) = line.strip_prefix("| `") else { continue };
        let key: Vec<_> = cells.splitn(3, " | ").take(2).collect();
        let last = line.rsplit(" | ").next().unwrap_or_default();
        let verdicts = [Verdict::Right, Verdict::RefusedRightly, Verdict::Wrong];
        let verdict = verdicts.into_iter().find(|verdict| last.contains(&format!("**{}**", verdict.word())));
        rows.push(Row { key: format!("{folder}/{}", key.join(" ")), text: line.to_owned(), verdict });
    }
    rows
}
