//! `kpis`: definitions.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with KPI definitions.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap kpis list
  acctsnap kpi show NPS
  acctsnap kpis unknown")]
pub struct KpisArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KpisCommand,
}

/// What to do with KPI definitions.
#[derive(Debug, Subcommand)]
pub enum KpisCommand {
    /// List the definitions that hold for the customer
    #[command(after_help = "Example:\n  acctsnap kpis list --format csv -o kpis.csv")]
    List,
    /// Show one definition
    #[command(after_help = "Example:\n  acctsnap kpi show 'Net Promoter Score (NPS)'")]
    Show(ShowKpiArgs),
    /// List KPIs that files named and that have no definition
    #[command(after_help = "Example:\n  acctsnap kpis unknown --json")]
    Unknown,
    /// Read definitions from a CSV file
    #[command(after_help = "Example:\n  acctsnap kpis import our-kpis.csv --dry-run")]
    Import(ImportKpisArgs),
}

/// `kpis show`
#[derive(Debug, Args)]
pub struct ShowKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets
    #[arg(value_name = "KPI")]
    pub kpi: String,
}

/// `kpis import`
#[derive(Debug, Args)]
pub struct ImportKpisArgs {
    /// CSV with the columns of `kpis list --format csv`; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
