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
    told: Option<String>,
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
    let mut notes = Notes::default();
    region.note(&mut notes);
    let told = notes.finish().into_iter().find(|note| note.code == "spare_cells").map(|note| note.message);
    Ok(Read { header, rows, damaged, aside: region.set_aside().to_vec(), told })
}

fn clean(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Cells without the empty ones at the end, which say nothing.
fn used(cells: &[String]) -> &[String] {
    let last = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    &cells[..last]
}

/// What became of a file, in words.
fn verdict(source: Source, truth: &[Vec<String>]) -> String {
    let is_unnamed = |error: &crate::error::Error| error.message().contains("seems to have no header");
    let (prefix, read) = match read(&source) {
        Ok(read) => ("", read),
        Err(error) if is_unnamed(&error) => {
            let source =
                source.laid_out_as(TableOptions { header: HeaderRow::None, ..TableOptions::default() });
            let read = self::read(&source).unwrap();
            ("no header; with --header none ", read)
        }
        Err(error) => return format!("refused: {}", error.message().replace(source.name(), "file")),
    };
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
        said.push(format!(
            "{count} {code} pinned from line {first}, {missing} of the truth missing, {invented} invented"
        ));
    } else if ours != truth {
        let at = ours.iter().zip(&truth).position(|(ours, truth)| ours != truth);
        let at = at.map_or("but the first are equal".to_owned(), |at| format!("from {at}"));
        said.push(format!("{} rows and not {}, {at}", ours.len(), truth.len()));
    }
    said.extend(read.told.filter(|_| !said.is_empty()).map(|told| format!("told: {told}")));
    if said.is_empty() {
        said.push(EQUAL.to_owned());
    }
    said.extend(
        aside.iter().filter(|(code, _)| **code != "preamble").map(|(code, count)| format!("{count} {code}")),
    );
    format!("{prefix}{}", said.join("; "))
}

fn open(path: &Path, parameters: &serde_json::Value) -> Source {
    let encoding = match parameters["encoding"].as_str() {
        Some("ascii" | "utf_8" | "utf8" | "utf-8" | "UTF-8" | "UTF-8-SIG") | None => None,
        // A guess: it is UTF-8.
        Some("CP949") => None,
        encoding => encoding,
    };
    let delimiter =
        parameters["delimiter"].as_str().filter(|delimiter| [";", "\t", "|", " "].contains(delimiter));
    let source = Source::open(path).unwrap();
    source.written_as(TextOptions::new(encoding, None, delimiter).unwrap())
}

/// The verdict of every file of a set, but for those that are equal.
fn verdicts(set: &str, one: &str) -> Option<(usize, BTreeMap<String, String>)> {
    let one = real_file(&format!("{FOLDER}/{set}/csv/{one}"))?;
    let folder = Path::new(one.name()).parent().unwrap().to_owned();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = BTreeMap::new();
    let (mut equal, all) = (0, paths.len());
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let beside = |set: &str, name: &str| folder.with_file_name(set).join(name);
        let parameters = std::fs::read_to_string(beside("parameters", &format!("{name}_parameters.json")));
        let parameters =
            parameters.map_or(serde_json::Value::Null, |text| serde_json::from_str(&text).unwrap());
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

/// Holds the verdict of every file that is not plainly equal; each with the reason why that is right, or what is
/// missed.
fn assert_verdicts(set: &str, one: &str, equal: usize, others: &[(&str, &str, &str)]) {
    let Some(found) = verdicts(set, one) else { return };
    assert!(others.iter().all(|(_, _, why)| why.ends_with('.')));
    let others =
        others.iter().map(|(name, verdict, _)| ((*name).to_owned(), (*verdict).to_owned())).collect();
    assert_eq!(found, (equal, others));
}

const ONE_ROW: &str =
    "The row lost or got a delimiter or a quote: it is refused by its line, all others are equal.";
const LOST_QUOTE: &str = "The quote swallows rows or names, and its line is told.";

/// Each file that is not equal to its truth: what it is instead, and why.
const POLLUTED: [(&str, &str, &str); 24] = [
    (
        "file_field_delimiter_0x20.csv",
        "49 ragged_row pinned from line 2, 49 of the truth missing, 0 invented",
        "With --delimiter ' '; rows whose texts have blanks without quotes cannot be told apart and are refused by line.",
    ),
    (
        "file_header_multirow_2.csv",
        "another header; 1 repeated_header",
        "The second header row repeats the first and is set aside; the truth joins it to 'DATE DATE'. Rows are equal.",
    ),
    (
        "file_multitable_less.csv",
        "83 ragged_row pinned from line 85, 0 of the truth missing, 0 invented",
        "The second table begins without a gap and is narrower: each of its rows is refused by its line.",
    ),
    (
        "file_quotation_char_0x27.csv",
        "31 stray_quote pinned from line 3, 34 of the truth missing, 3 invented",
        "Missed: rows with apostrophes inside of single quotes are refused by line, but three texts keep the doubled \"\" that the truth has halved.",
    ),
    (
        "row_extra_quote0_col0.csv",
        "refused: file, line 1: the header has 3 cells, but the rows from line 2 on have 9",
        LOST_QUOTE,
    ),
    (
        "row_extra_quote0_col8.csv",
        "refused: file, line 1: a quoted cell begins here and runs on to a quote inside of a later line",
        LOST_QUOTE,
    ),
    (
        "row_extra_quote10_col3.csv",
        "1 stray_quote pinned from line 11, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_extra_quote55_col0.csv",
        "1 stray_quote pinned from line 56, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_extra_quote55_col8.csv",
        "refused: file, line 56: a quoted cell begins here and runs on to a quote inside of a later line",
        LOST_QUOTE,
    ),
    (
        "row_extra_quote83_col3.csv",
        "1 stray_quote pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_field_delimiter_0_0x20.csv",
        "refused: file, line 1: the header has 1 cells, but the rows from line 2 on have 9",
        "The header has another delimiter than the rows.",
    ),
    (
        "row_field_delimiter_83_0x20.csv",
        "1 ragged_row pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_less_sep_row0_col4.csv",
        "another header; told: rows have 1 empty cell more than the header, which was passed over",
        "Missed: the header lost a delimiter, and as the last column is empty in every row, its form is that of a table \
             whose rows end in a delimiter; that is told.",
    ),
    (
        "row_less_sep_row42_col1.csv",
        "1 ragged_row pinned from line 43, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_less_sep_row42_col8.csv",
        "1 ragged_row pinned from line 43, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_less_sep_row7_col4.csv",
        "1 ragged_row pinned from line 8, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_less_sep_row83_col1.csv",
        "1 ragged_row pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_less_sep_row83_col8.csv",
        "1 ragged_row pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_more_sep_row0_col4.csv",
        "refused: file, line 1: the header has 10 cells, but the rows from line 2 on have 9",
        "The header got a delimiter too many, and no one can say which name goes.",
    ),
    (
        "row_more_sep_row42_col0.csv",
        "1 ragged_row pinned from line 43, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_more_sep_row42_col8.csv",
        "1 ragged_row pinned from line 43, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_more_sep_row7_col4.csv",
        "1 ragged_row pinned from line 8, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_more_sep_row83_col0.csv",
        "1 ragged_row pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
    (
        "row_more_sep_row83_col8.csv",
        "1 ragged_row pinned from line 84, 1 of the truth missing, 0 invented",
        ONE_ROW,
    ),
];

#[test]
fn polluted_files_are_right_or_their_damage_is_pinned() {
    assert_verdicts("pollock_polluted", "source.csv", 6, &POLLUTED);
}

const NO_HEADER: &str = "It has no header, which is said; with the flag that is named its rows are equal.";
const JOINED: &str = "Its two header rows are joined as in the truth, which is told.";
const ROW_NAMES: &str =
    "R leaves out the header of the row names: the header has one cell fewer than every row.";

#[test]
fn the_survey_is_right_or_refused_for_its_reason() {
    let unnamed = "no header; with --header none equal";
    let joined = "equal; 1 header_rows";
    let widths = |header: u32, rows: u32| {
        format!(
            "refused: file, line 1: the header has {header} cells, but the rows from line 2 on have {rows}"
        )
    };
    let r = [132, 127, 117, 284, 534].map(|header| widths(header, header + 1));
    let batch = widths(30, 28);
    let others = [
        (
            "20170320-ePC_Data-Travel-Stationery.csv",
            "equal; 1 repeated_header; 2 total_rows",
            "Totals, which are rows of the truth, and the header above a second block are set aside and told.",
        ),
        ("300mAThree.CSV", unnamed, NO_HEADER),
        ("Auto_Tone_sub205_over.csv", unnamed, NO_HEADER),
        ("Auto_Tone_sub315_day1.csv", unnamed, NO_HEADER),
        ("Batch_3250493_batch_results.csv", &batch, "Every row lacks two cells of the header."),
        (
            "Copy_of_2016-17_Q3_Final_V2.csv",
            "another header; 748 rows and not 748, from 36",
            "The file has control characters where pounds stood; its truth has them replaced, and one left out.",
        ),
        ("ResultsOR30x100-0.25_5.dat__m28.csv", &r[0], ROW_NAMES),
        ("ResultsOR30x100-0.50_5.dat__m23.csv", &r[1], ROW_NAMES),
        ("ResultsOR30x100-0.75_10.dat__m13.csv", &r[2], ROW_NAMES),
        ("ResultsOR30x250-0.25_7.dat.csv", &r[3], ROW_NAMES),
        ("ResultsOR30x250-0.50_4.dat.csv", &r[3], ROW_NAMES),
        ("ResultsOR30x250-0.75_3.dat.csv", &r[3], ROW_NAMES),
        ("ResultsOR30x500-0.75_3.dat.csv", &r[4], ROW_NAMES),
        ("SouthTrent_Demand_zone-based.csv", unnamed, NO_HEADER),
        ("Sun2014-Rs.csv", joined, JOINED),
        ("Takakai2008-ch4.csv", joined, JOINED),
        (
            "W44out.csv",
            "202 ragged_row pinned from line 102, 202 of the truth missing, 0 invented",
            "Two narrower tables follow without a gap: each of their rows is refused by its line.",
        ),
        ("business_expenses_apr_jun_14_peter_lewis.csv", joined, JOINED),
        ("hist_2000_15O.csv", unnamed, NO_HEADER),
        ("locations-1998.csv", "refused: file is empty", "It is empty."),
        (
            "mos-oct-dec-2014.csv",
            "35 rows and not 47, but the first are equal; 1 footer; 14 other_table",
            "The three tables below the first, which the truth has as rows of it, are set aside and told by their lines.",
        ),
        ("pssave_traindata_m=10_n=10_timelow=15_timehight=30_numofloop=2000.csv", unnamed, NO_HEADER),
    ];
    assert_verdicts("pollock_survey_sample", "S39.csv", 25, &others);
}
