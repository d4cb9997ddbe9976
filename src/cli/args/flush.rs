//! `flush`: the snapshots that pending changes are owed.

use clap::Args;

use super::selection::AccountFilterArgs;

/// `flush`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap flush
  acctsnap flush --now -a 'TechCorp Solutions'")]
pub struct FlushArgs {
    /// Of which account.
    #[command(flatten)]
    pub account: AccountFilterArgs,
    /// Also those that are still in their cooldown, and deferred ones
    #[arg(long)]
    pub now: bool,
}
