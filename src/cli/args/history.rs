//! `history`: an account's snapshots over time.

use clap::{Args, ValueEnum};

use super::selection::OneAccountArgs;

/// `history`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap history -a 'TechCorp Solutions' --since 90d
  acctsnap history -a ext:11 --every month
  acctsnap history -a ext:11 --kpi NPS --kpi 'Ticket Volume'
  acctsnap history -a ext:11 --field snapshot_timestamp --field revenue --kpi NPS --format csv")]
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
    /// Also this KPI, by name, alias, abbreviation or product: as each snapshot knew it, and by its own dates
    #[arg(long = "kpi", value_name = "KPI")]
    pub kpis: Vec<String>,
    /// Only the last snapshot of each period, with those that have none; --since then begins its whole period
    #[arg(long, value_name = "PERIOD")]
    pub every: Option<Every>,
}

/// The periods of `--every`, in the customer's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Every {
    /// Each day
    Day,
    /// Each week, from Monday
    Week,
    /// Each month
    Month,
}
