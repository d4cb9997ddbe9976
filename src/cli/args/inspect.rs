//! `inspect`: what is this file?

use std::path::PathBuf;

use clap::Args;

use super::ingest::ReadingArgs;

/// What a file is, how it would be read, and by which command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap inspect export.xlsx
  acctsnap inspect june.csv --account 'TechCorp Solutions'
  acctsnap inspect june.csv --json")]
pub struct InspectArgs {
    /// The file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How it is to be read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// How the values of KPIs are laid out: auto, long, wide, transposed
    #[arg(long, value_name = "LAYOUT", value_parser = ["auto", "long", "wide", "transposed"])]
    pub layout: Option<String>,
}
