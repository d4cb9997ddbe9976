//! `health`: the scores of a month, calculated.

use clap::{Args, Subcommand};

use super::selection::NamedOrAllArgs;

/// What to do with health scores.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap health calculate --all
  acctsnap health calculate -a 'TechCorp Solutions' --month 2026-09")]
pub struct HealthArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: HealthCommand,
}

/// What to do with health scores.
#[derive(Debug, Subcommand)]
pub enum HealthCommand {
    /// Calculate scores from the KPIs, keep them as those of a month, and snapshot what changed
    Calculate(CalculateHealthArgs),
}

/// `health calculate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap health calculate --all
  acctsnap health calculate --all --month 2026-09 --json
  acctsnap health calculate -a 'TechCorp Solutions' --dry-run

Calculated scores never count as ingested ones. Snapshots follow where the scores of an
account's newest calculated month are new or changed, under the cooldown post_health_calc;
scores of an earlier month are kept as history.")]
pub struct CalculateHealthArgs {
    /// For which accounts.
    #[command(flatten)]
    pub selection: NamedOrAllArgs,
    /// The month, with the KPIs as they stood at its end; without it the current one, with those of now
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Option<String>,
}
