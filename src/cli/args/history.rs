//! `history`: an account's snapshots over time.

use clap::Args;

use super::selection::OneAccountArgs;

/// `history`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap history -a 'TechCorp Solutions' --since 90d
  acctsnap history -a ext:11 --field overall_health_score --field revenue --format csv")]
pub struct HistoryArgs {
    /// Of which account.
    #[command(flatten)]
    pub account: OneAccountArgs,
    /// Taken since a moment (2026-09-30, 2026-09, 2026-Q3) or for a duration (90d)
    #[arg(long, value_name = "MOMENT|DURATION")]
    pub since: Option<String>,
    /// Only these snapshot fields, in this order
    #[arg(long = "field", value_name = "NAME")]
    pub fields: Vec<String>,
}
