//! For the readers' own tests: reads a text as a file of some kind, on 2026-11-22 in UTC.

use super::convention::SettledConventions;
use super::options::{KindFile, RowOptions, TableRead};
use super::rejects::{ReadBy, RowsFlags, write_rejects};
use super::source::Source;
use crate::error::Result;
use crate::model::kpi::batch::GivenAccount;
use crate::model::reading::Layout;
use crate::model::rejection::Rejections;
use crate::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};

/// What a test says of how a file is read.
#[derive(Default)]
pub(super) struct Reading<'a> {
    /// As `--account`.
    pub(super) account: Option<&'a GivenAccount>,
    /// As `--period`.
    pub(super) period: Option<&'a str>,
    /// As `--clear-token`.
    pub(super) clear: Option<&'a str>,
    /// As `--map`.
    pub(super) maps: &'a [(&'a str, &'a str)],
}

impl Reading<'_> {
    /// Reads a text as the file of a name.
    pub(super) fn text<B>(
        &self,
        name: &str,
        text: &str,
        read: fn(&Source, RowOptions<'_>) -> Result<KindFile<B>>,
    ) -> Result<KindFile<B>> {
        self.source(&Source::spool(name, text.as_bytes())?, read)
    }

    /// Reads a source.
    pub(super) fn source<B>(
        &self,
        source: &Source,
        read: fn(&Source, RowOptions<'_>) -> Result<KindFile<B>>,
    ) -> Result<KindFile<B>> {
        let missing = MISSING_TOKENS.map(str::to_owned);
        let maps: Vec<(String, String)> =
            self.maps.iter().map(|(column, field)| ((*column).to_owned(), (*field).to_owned())).collect();
        let options = RowOptions {
            given_account: self.account,
            period: self.period.map(|day| day.parse().unwrap()),
            today: "2026-11-22".parse().unwrap(),
            zone: chrono_tz::UTC,
            values: &ValueReader::new(&missing, "USD", DecimalMark::Point),
            missing: &missing,
            currency: "USD",
            clear_token: self.clear,
            column_aliases: &[],
            maps: &maps,
            on_progress: &mut |_| {},
        };
        read(source, options)
    }
}

/// The rejects of a file that was read by no flag.
pub(super) fn rejects_of(
    source: &Source,
    rejections: &Rejections,
    tables: &[TableRead],
    conventions: &SettledConventions,
) -> (u64, String) {
    let mut out = Vec::new();
    let read_by = ReadBy { flags: &RowsFlags::default(), layout: Layout::Auto, tables, conventions };
    let written = write_rejects(source, rejections, read_by, &mut out).unwrap();
    (written, String::from_utf8(out).unwrap())
}

/// A real file of others; None, and a line that says so, where it is not there.
pub(super) fn real_file(path: &str) -> Option<Source> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if !path.is_file() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(Source::open(&path).unwrap())
}

/// What is to be said of a reading, each note's message.
pub(super) fn messages<B>(file: &KindFile<B>) -> Vec<&str> {
    file.notes.iter().map(|note| note.message.as_str()).collect()
}

/// Each rejection as line, code and value.
pub(super) fn told(rejections: &Rejections) -> Vec<(u64, &'static str, String)> {
    let told = rejections.examples.iter().map(|row| {
        let problem = &rejections.problems[row.problem as usize];
        (row.line, problem.code, row.value.clone().unwrap_or_default())
    });
    told.collect()
}
