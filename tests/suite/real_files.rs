//! Files as people really have them: what an analyst expects of each, and what the program makes of it.
//!
//! The files are not part of the project: where they are not there, these tests say so and pass. What a run
//! gives is kept in `docs/real-files.md`, so that a file that was right and is no more cannot pass unseen;
//! `UPDATE_GOLDEN=1 cargo test --test suite real_files::` writes that page anew.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, one that skips says so"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::real::case::Case;
use crate::real::page::{self, Row};
use crate::real::verdict::{Judgement, Verdict};
use crate::real::{all_cases, judge_all};

/// The folder of other people's files; None, and said, where it is not there.
fn data() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if folder.join("real").is_dir() {
        return Some(folder.to_owned());
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// Every file under a folder that is data, not truth or description, relative to the root.
fn data_files(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the data") {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8").to_owned();
        if path.is_dir() {
            if !["clean", "parameters"].contains(&name.as_str()) {
                data_files(root, &path, found);
            }
        } else if !is_truth(&path) {
            let relative = path.strip_prefix(root).expect("a file below the root");
            found.insert(relative.to_str().expect("a path in UTF-8").to_owned());
        }
    }
}

/// The JSON beside the files of csv-spectrum says what they hold.
fn is_truth(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json") && path.with_extension("csv").is_file()
}

#[test]
fn every_data_file_has_an_expectation_and_every_expectation_a_file() {
    let Some(root) = data() else { return };
    let mut found = BTreeSet::new();
    for folder in ["original", "real"] {
        data_files(&root, &root.join(folder), &mut found);
    }
    let expected: BTreeSet<String> = all_cases().iter().map(Case::path).collect();
    let unexpected: Vec<_> = found.difference(&expected).collect();
    assert!(unexpected.is_empty(), "no expectation in tests/real for {unexpected:#?}");
    let vanished: Vec<_> = expected.difference(&found).collect();
    assert!(vanished.is_empty(), "expected by tests/real, but not there: {vanished:#?}");
}

#[test]
fn real_files_are_read_as_the_page_says() {
    let Some(root) = data() else { return };
    let cases = all_cases();
    let judgements = judge_all(&root, &cases);
    let unsound: Vec<_> = judgements.iter().filter_map(|judgement| judgement.unsound.clone()).collect();
    assert!(unsound.is_empty(), "whatever the file, this must not happen: {unsound:#?}");

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/real-files.md");
    let text = page::write(&cases, &judgements);
    if env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().expect("a page lies in a folder")).expect("the folder of the page");
        return fs::write(&file, text).expect("the page is written");
    }
    let recorded = fs::read_to_string(&file).expect("docs/real-files.md (UPDATE_GOLDEN=1 writes it)");
    let (before, now) = (page::rows(&recorded), page::rows(&text));
    let lost = lost(&before, &now);
    assert!(lost.is_empty(), "a right one is lost: {lost:#?}");
    let changed: Vec<_> = now.iter().filter(|row| !before.contains(row)).map(|row| &row.text).collect();
    assert!(
        recorded == text,
        "docs/real-files.md tells of another run (UPDATE_GOLDEN=1 writes it); rows that differ: {changed:#?}"
    );
}

/// The rows that the page holds for good and that are wrong now.
fn lost(before: &[Row], now: &[Row]) -> Vec<String> {
    let was_good =
        |row: &&Row| before.iter().any(|old| old.key == row.key && old.verdict.is_some_and(Verdict::is_good));
    let wrong = now.iter().filter(|row| row.verdict == Some(Verdict::Wrong));
    wrong.filter(was_good).map(|row| row.text.clone()).collect()
}

#[test]
fn a_right_one_that_is_lost_is_told() {
    let page = |verdict: &str| page::rows(&format!("| `a.csv` | `kpis` | 1 row | 1 row | {verdict} |\n"));
    let (right, refused) = (page("**right**"), page("**refused rightly**"));
    let wrong = page("**wrong**: 2 rows, not 1");
    assert_eq!(lost(&right, &wrong).len(), 1);
    assert_eq!(lost(&refused, &wrong).len(), 1);
    assert!(lost(&wrong, &right).is_empty() && lost(&wrong, &wrong).is_empty());
    assert!(lost(&right, &refused).is_empty());
}

#[test]
fn judgements_are_sorted_by_what_they_say() {
    let judged = |refused: bool, faults: &[&str]| {
        let faults = faults.iter().map(|&fault| fault.to_owned()).collect();
        Judgement::new(String::new(), refused, faults).verdict
    };
    assert_eq!(judged(false, &[]), Verdict::Right);
    assert_eq!(judged(true, &[]), Verdict::RefusedRightly);
    assert_eq!(judged(true, &["no word of it"]), Verdict::Wrong);
}
