//! `ingest`: read files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::model::reading::HeaderRow;

/// What kind of file to read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest kpis june.csv
  acctsnap ingest profiles accounts.csv
  acctsnap ingest kpis *.csv --defer && acctsnap flush --now")]
pub struct IngestArgs {
    /// The kind of file.
    #[command(subcommand)]
    pub kind: IngestCommand,
}

/// The kinds of files.
#[derive(Debug, Subcommand)]
pub enum IngestCommand {
    /// Read KPI values, one value a row
    Kpis(IngestKpisArgs),
    /// Read account profiles: revenue, contract, people, products, whatever a CRM exports
    Profiles(IngestProfilesArgs),
    /// Read playbook executions and their reports
    Playbooks(IngestPlaybooksArgs),
    /// Read health scores that others computed, by account and month
    Health(IngestHealthArgs),
    /// Read notes about accounts
    Notes(IngestNotesArgs),
}

/// Files, and how they are read.
#[derive(Debug, Args)]
pub struct IngestFilesArgs {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How they are to be read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// How files are taken in.
    #[command(flatten)]
    pub options: IngestOptionsArgs,
}

/// How a file of any kind is to be read.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// The account that all rows are about, where the file names none
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Day or month of undated rows, e.g. 2026-06
    #[arg(long, value_name = "DATE|MONTH")]
    pub period: Option<String>,
    /// Read a column as a field, e.g. 'Mrr (EUR)=mrr' or 'column 3=date'; 'COLUMN=' passes it over, 'COLUMN=kpi:NAME'
    /// says which KPI it holds
    #[arg(long, value_name = "COLUMN=FIELD")]
    pub map: Vec<String>,
    /// Which row holds the headers: auto, none, or its line number
    #[arg(long, value_name = "auto|none|N", value_parser = header_row)]
    pub header: Option<HeaderRow>,
    /// Order of day and month in dates of digits; auto settles each column from its values
    #[arg(long, value_name = "ORDER", value_parser = ["auto", "dmy", "mdy", "ymd"])]
    pub date_order: Option<String>,
    /// Decimal mark; auto settles each column from its values
    #[arg(long, value_name = "MARK", value_parser = ["auto", "point", "comma"])]
    pub decimal: Option<String>,
    /// The sheet of a workbook; else every sheet that fits
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// What rows that speak of the same matter and differ become: refuse, first, last, mean, sum
    #[arg(long, value_name = "WHAT", value_parser = ["refuse", "first", "last", "mean", "sum"])]
    pub duplicates: Option<String>,
    /// Flags that are kept under a name, as [presets.NAME] in snapshots.toml
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Encoding of files that are not UTF-8 and have no byte order mark, e.g. windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// What parts the cells of CSV: one character, or tab; else it is found
    #[arg(long, value_name = "C")]
    pub delimiter: Option<String>,
}

/// `ingest kpis`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest kpis june.csv
  acctsnap ingest kpis techcorp.csv -a 'TechCorp Solutions' --period 2026-06
  acctsnap ingest kpis board.xlsx --sheet KPIs --date-order dmy
  acctsnap ingest kpis june.csv --on-error skip --rejects mend-these.csv
  curl -s https://example.com/kpis.csv | acctsnap ingest kpis -")]
pub struct IngestKpisArgs {
    /// Files and flags.
    #[command(flatten)]
    pub files: IngestFilesArgs,
    /// How the values are laid out: auto, long (one a row), wide (a KPI or a period a column), transposed (an account
    /// a column)
    #[arg(long, value_name = "LAYOUT", value_parser = ["auto", "long", "wide", "transposed"])]
    pub layout: Option<String>,
}

/// `ingest profiles`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest profiles accounts.csv
  acctsnap ingest profiles crm.json --map 'Contract Value=arr'
  acctsnap ingest profiles accounts.csv --clear-token '(none)'")]
pub struct IngestProfilesArgs {
    /// Files and flags.
    #[command(flatten)]
    pub files: IngestFilesArgs,
    /// A cell that equals this empties the field
    #[arg(long, value_name = "TEXT")]
    pub clear_token: Option<String>,
}

/// `ingest playbooks`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest playbooks executions.json
  acctsnap ingest playbooks run.jsonl -a 'TechCorp Solutions'")]
pub struct IngestPlaybooksArgs {
    /// Files and flags.
    #[command(flatten)]
    pub files: IngestFilesArgs,
}

/// `ingest health`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest health scores-2026-10.csv
  acctsnap ingest health scores.csv --period 2026-10 --on-error skip")]
pub struct IngestHealthArgs {
    /// Files and flags.
    #[command(flatten)]
    pub files: IngestFilesArgs,
}

/// `ingest notes`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap ingest notes calls.csv
  acctsnap ingest notes notes.json -a 'TechCorp Solutions'")]
pub struct IngestNotesArgs {
    /// Files and flags.
    #[command(flatten)]
    pub files: IngestFilesArgs,
}

/// How files of any kind are taken in.
#[derive(Debug, Clone, Args)]
pub struct IngestOptionsArgs {
    /// What a bad row does: refuse the whole file (as it is without this flag), or be skipped
    #[arg(long, value_name = "WHAT", value_enum)]
    pub on_error: Option<OnError>,
    /// Write the rows that were set aside, with reasons, into a CSV file; of several files, into a folder
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Refuse rows of accounts that are not known yet
    #[arg(long)]
    pub no_create: bool,
    /// Make an account also where its name differs from a known one only in punctuation or legal form
    #[arg(long, conflicts_with = "no_create")]
    pub create_similar: bool,
    /// Record the facts without events: nothing is snapshot
    #[arg(long)]
    pub no_events: bool,
    /// Record the events and leave their snapshots to flush
    #[arg(long, conflicts_with = "no_events")]
    pub defer: bool,
    /// Read a file again that was read before
    #[arg(long)]
    pub force: bool,
}

/// What a bad row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    /// The whole file is refused.
    Refuse,
    /// The row is set aside, the others are taken.
    Skip,
}

fn header_row(text: &str) -> Result<HeaderRow, String> {
    HeaderRow::parse(text).ok_or_else(|| "expected auto, none or a number of 1 or more".to_owned())
}
