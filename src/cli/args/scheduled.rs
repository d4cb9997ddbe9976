//! `scheduled`: run, plan, install.

use clap::{Args, Subcommand};

use super::selection::FieldsArgs;

/// What to do with the schedule.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap scheduled run
  acctsnap scheduled plan --until 30d
  acctsnap scheduled install --systemd

Every customer is served, unless --customer names one. The rules stand in snapshots.toml under
[[schedule]]; without any, every account is due weekly.")]
pub struct ScheduledArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ScheduledCommand,
}

/// What to do with the schedule.
#[derive(Debug, Subcommand)]
pub enum ScheduledCommand {
    /// Take the snapshots that are due, and those that pending changes are owed
    #[command(after_help = "\
Examples:
  acctsnap scheduled run
  acctsnap scheduled run --customer acme --dry-run

A slot is filled once, by whichever run comes first after it is due; a late run fills the newest one and
records the gap. In a cron job a good run prints nothing; exit 3 where a snapshot failed (the next run
tries again), 6 where the database stayed busy.")]
    Run,
    /// Show which slots will be filled when, for which accounts, by which rule and why
    Plan(PlanArgs),
    /// Print a crontab line, or a service and its timer, that run the schedule every hour
    Install(InstallArgs),
}

/// `scheduled plan`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  acctsnap scheduled plan\n  acctsnap scheduled plan --until 2026-12 --format csv"
)]
pub struct PlanArgs {
    /// How far: a duration (7d), or the end of a moment (2026-12-31, 2026-12)
    #[arg(long, value_name = "D", default_value = "7d")]
    pub until: String,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

/// `scheduled install`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap scheduled install --cron
  acctsnap scheduled install --systemd --db /var/lib/acctsnap/acctsnap.db

Nothing is installed: the lines go to standard output, with the paths of this program, the config and the
database.")]
pub struct InstallArgs {
    /// For whom the lines are.
    #[command(flatten)]
    pub manager: ManagerArgs,
}

/// Which of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct ManagerArgs {
    /// A line for `crontab -e`
    #[arg(long)]
    pub cron: bool,
    /// A service and a timer for /etc/systemd/system
    #[arg(long)]
    pub systemd: bool,
}
