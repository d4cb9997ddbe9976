//! `retention`: plan, apply, undo, purge.

use clap::{Args, Subcommand};

use super::selection::FieldsArgs;

/// What to do about snapshots that nobody needs any more.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap retention plan
  acctsnap retention apply --yes
  acctsnap retention undo 3

Every customer is served, unless --customer names one. The rules stand in snapshots.toml under
[retention.default] or [retention.TYPE]; without any, everything is kept for 12 months, the last snapshot of
each month for 5 years, of each quarter for ever. Never removed: each account's first and newest, what is
tagged or pinned, and what bears an instant that has not come yet.")]
pub struct RetentionArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: RetentionCommand,
}

/// What to do about snapshots that nobody needs any more.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Show each snapshot with keep or remove, and every reason
    #[command(after_help = "\
Examples:
  acctsnap retention plan
  acctsnap retention plan --customer acme --format csv -o plan.csv

Nothing is written. Of many snapshots text shows the first that would go; --verbose shows each.")]
    Plan(FieldsArgs),
    /// Hide what the plan removes; asks, or wants --yes
    #[command(after_help = "\
Examples:
  acctsnap retention apply --dry-run
  acctsnap retention apply --yes

Hidden snapshots are passed over by lists, histories, moments and the views of the database; undo brings them
back. --as-of a moment before shows them.")]
    Apply,
    /// Bring back what an apply hid
    #[command(after_help = "Examples:\n  acctsnap retention undo 3")]
    Undo(UndoArgs),
    /// Remove for good what is hidden; asks, or wants --yes
    #[command(after_help = "\
Examples:
  acctsnap retention purge --dry-run
  acctsnap retention purge --yes

No undo brings these back. They are removed in batches, so that others can write in between; their hashes
stay, so that the ledger still verifies. Exit 3 where some could not be removed: they are named.")]
    Purge,
}

/// `retention undo`
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The number that apply printed
    #[arg(value_name = "RUN")]
    pub run: i64,
}
