//! `export`: files for other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to export.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap export snapshots snapshots.parquet
  acctsnap export kpis kpis.csv --excel
  acctsnap export events events.jsonl --as-of 2026-Q3")]
pub struct ExportArgs {
    /// What.
    #[command(subcommand)]
    pub command: ExportCommand,
}

/// What to export.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Every snapshot, by account: the fields of its JSON as columns
    #[command(
        visible_alias = "snapshot",
        after_help = "\
Examples:
  acctsnap export snapshots snapshots.parquet
  duckdb -c \"SELECT account_name, max(overall_health_score) FROM 'snapshots.parquet' GROUP BY 1\""
    )]
    Snapshots(ExportFileArgs),
    /// Every KPI value that was ever known, by account: the columns of v_kpi_history
    #[command(
        visible_alias = "kpi",
        after_help = "\
Examples:
  acctsnap export kpis kpis.csv
  acctsnap export kpis for-the-board.csv --excel --as-of 2026-Q3"
    )]
    Kpis(ExportFileArgs),
    /// Every event and what became of it, oldest first: the columns of v_events
    #[command(
        visible_alias = "event",
        after_help = "\
Examples:
  acctsnap export events events.jsonl
  acctsnap export events events.parquet --customer acme"
    )]
    Events(ExportFileArgs),
}

/// Whereto, and in which form.
#[derive(Debug, Args)]
pub struct ExportFileArgs {
    /// File to write, whole or not at all: .csv, .jsonl or .parquet; one that is there is replaced
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// CSV for spreadsheets: with a byte order mark, CRLF, and ' before text that looks like a formula
    #[arg(long)]
    pub excel: bool,
}
