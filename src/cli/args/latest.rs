//! `latest`: the newest snapshot of accounts.

use clap::Args;

use super::selection::AccountSelectionArgs;

/// `latest`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap latest -a 'TechCorp Solutions'
  acctsnap latest -a ext:11 --field overall_health_score
  acctsnap latest --all --format csv -o portfolio.csv
  acctsnap latest --where 'revenue > 1000000 and health < 70'
  acctsnap latest --all --max-age 7d --max-data-age 45d   (exit code 8 where older)")]
pub struct LatestArgs {
    /// Of which accounts.
    #[command(flatten)]
    pub selection: AccountSelectionArgs,
    /// With --all: archived accounts too
    #[arg(long, conflicts_with = "account")]
    pub archived: bool,
    /// Only these fields, in this order; a single one is printed bare
    #[arg(long = "field", value_name = "NAME")]
    pub fields: Vec<String>,
    /// Exit with 8 where a snapshot is older, after the answer
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<String>,
    /// Exit with 8 where an account's KPIs were last named longer ago, after the answer
    #[arg(long, value_name = "DURATION")]
    pub max_data_age: Option<String>,
    /// Take a snapshot of an account that has none
    #[arg(long, conflicts_with = "condition")]
    pub create_missing: bool,
}
