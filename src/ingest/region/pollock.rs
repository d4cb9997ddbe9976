//! The polluted files and the survey of Pollock, read as they are and compared with their clean versions; where they
//! are not there, these tests say so and pass.
//!
//! Every file has a verdict, and the figure is published: a verdict that gets worse fails here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::ingest::fault::Fault;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::shape::check_shape;
use crate::ingest::table_options::TableOptions;
use crate::ingest::testing::real_file;
use crate::ingest::text_options::TextOptions;

const FOLDER: &str = "real/csv_torture";

/// A verdict that is the same for most files.
const EQUAL: &str = "equal";

type Rows = Vec<(u64, Vec<String>)>;

/// A table as it was read: its header, its good rows, the lines of the damaged ones, and what was set aside.
struct Read {
    header: Vec<String>,
    rows: Rows,
    damaged: Vec<(u64, &'static str)>,
    aside: Vec<SetAside>,
}

fn read(source: &Source) -> Result<Read> {
    let mut progress = |_| {};
    let mut region = Region::open(source, &Nothing, &mut progress)?;
    let header = region.header().to_vec();
    let (mut rows, mut damaged) = (Rows::new(), Vec::new());
    while let Some(record) = region.next_row()? {
        let fits: Result<(), Fault<KpiField>> = check_shape(&record, header.len());
        match fits {
            Ok(()) => rows.push((record.line, record.cells().map(str::to_owned).collect())),
            Err(fault) => damaged.push((record.line, fault.code)),
        }
    }
    Ok(Read { header, rows, damaged, aside: region.set_aside().to_vec() })
}

fn clean(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Cells without the empty ones at the end, which say nothing.
fn used(cells: &[String]) -> &[String] {
    let last = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    &cells[..last]
}

/// What became of a file, in words.
fn verdict(source: Source, truth: &[Vec<String>]) -> String {
    let is_unnamed = |error: &crate::error::Error| error.message().contains("seems to have no header");
    let (source, prefix, read) = match read(&source) {
        Ok(read) => (source, "", read),
        Err(error) if is_unnamed(&error) => {
            let source = source.laid_out_as(TableOptions { header: HeaderRow::None, ..TableOptions::default() });
            let read = self::read(&source).unwrap();
            (source, "no header; with --header none ", read)
        }
        Err(error) => return format!("refused: {}", error.message().replace(source.name(), "file")),
    };
    let _ = source;
    let mut truth: Vec<&[String]> = truth.iter().map(|row| used(row)).filter(|row| !row.is_empty()).collect();
    let mut said = Vec::new();
    let numbered = truth.first().is_some_and(|row| row.iter().all(|cell| cell.starts_with("col_")));
    if prefix.is_empty() || numbered {
        let header = if truth.is_empty() { &[] } else { truth.remove(0) };
        if prefix.is_empty() && used(&read.header) != header {
            said.push("another header".to_owned());
        }
    }
    let aside: BTreeMap<&str, usize> = read.aside.iter().fold(BTreeMap::new(), |mut counts, aside| {
        *counts.entry(aside.kind.code()).or_default() += 1;
        counts
    });
    // Totals are rows of the truth; here they are told.
    let totals: Vec<&String> =
        read.aside.iter().filter(|aside| aside.kind == AsideKind::Total).map(|aside| &aside.text).collect();
    truth.retain(|row| !totals.contains(&&row.join(" ")));
    let ours: Vec<&[String]> = read.rows.iter().map(|(_, row)| used(row)).collect();
    if !read.damaged.is_empty() {
        let missing = truth.iter().filter(|row| !ours.contains(row)).count();
        let invented = ours.iter().filter(|row| !truth.contains(row)).count();
        let (first, code) = read.damaged[0];
        let count = read.damaged.len();
        said.push(format!("{count} {code} pinned from line {first}, {missing} of the truth missing, {invented} invented"));
    } else if ours != truth {
        let at = ours.iter().zip(&truth).position(|(ours, truth)| ours != truth);
        said.push(format!("other rows: {} and not {}, from {at:?}", ours.len(), truth.len()));
    }
    if said.is_empty() {
        said.push(EQUAL.to_owned());
    }
    said.extend(aside.iter().filter(|(code, _)| **code != "preamble").map(|(code, count)| format!("{count} {code}")));
    format!("{prefix}{}", said.join("; "))
}

fn open(path: &Path, parameters: &serde_json::Value) -> Source {
    let encoding = match parameters["encoding"].as_str() {
        Some("ascii" | "utf_8" | "utf8" | "utf-8" | "UTF-8" | "UTF-8-SIG") | None => None,
        Some("CP949") => Some("euc-kr"),
        encoding => encoding,
    };
    let delimiter = parameters["delimiter"].as_str().filter(|delimiter| [";", "\t", "|"].contains(delimiter));
    let source = Source::open(path).unwrap();
    source.written_as(TextOptions::new(encoding, None, delimiter).unwrap())
}

/// The verdict of every file of a set, but for those that are equal.
fn verdicts(set: &str, one: &str) -> Option<(usize, BTreeMap<String, String>)> {
    let one = real_file(&format!("{FOLDER}/{set}/csv/{one}"))?;
    let folder = Path::new(one.name()).parent().unwrap().to_owned();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = BTreeMap::new();
    let (mut equal, all) = (0, paths.len());
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let beside = |set: &str, name: &str| folder.with_file_name(set).join(name);
        let parameters = std::fs::read_to_string(beside("parameters", &format!("{name}_parameters.json")));
        let parameters = parameters.map_or(serde_json::Value::Null, |text| serde_json::from_str(&text).unwrap());
        // The source of the polluted ones is its own truth.
        let truth = beside("clean", &name);
        let truth = if truth.is_file() { truth } else { path.clone() };
        let verdict = verdict(open(&path, &parameters), &clean(&truth));
        if verdict == EQUAL {
            equal += 1;
        } else {
            found.insert(name, verdict);
        }
    }
    assert_eq!(equal + found.len(), all);
    Some((equal, found))
}

fn assert_verdicts(set: &str, one: &str, equal: usize, others: &[(&str, &str)]) {
    let Some(found) = verdicts(set, one) else { return };
    let others = others.iter().map(|(name, verdict)| ((*name).to_owned(), (*verdict).to_owned())).collect();
    assert_eq!(found, (equal, others));
}

#[test]
fn polluted_files_are_right_or_their_damage_is_pinned() {
    assert_verdicts("pollock_polluted", "source.csv", 8, &[]);
}

#[test]
fn the_survey_is_right_or_refused_for_its_reason() {
    assert_verdicts("pollock_survey_sample", "S39.csv", 40, &[]);
}
