//! `context`: what a language model needs to know.

use clap::Args;

use super::selection::AccountSelectionArgs;

/// `context`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap context -a 'TechCorp Solutions'
  acctsnap context -a ext:11 --max-tokens 800 --no-notes --json
  acctsnap context --all

The answer is bounded; what does not fit is counted in it. Customers' words stand between marks, as data. Where an
account has no snapshot, or none that holds its newest change, one is taken (rag_auto, with its own cooldown).")]
pub struct ContextArgs {
    /// Of which accounts.
    #[command(flatten)]
    pub selection: AccountSelectionArgs,
    /// The whole answer takes at most so many tokens, by an estimate on the high side
    #[arg(long, value_name = "N", default_value_t = 1500, value_parser = clap::value_parser!(u32).range(100..))]
    pub max_tokens: u32,
    /// Show e-mail addresses and phone numbers; else they are masked
    #[arg(long)]
    pub with_contacts: bool,
    /// Leave the notes out
    #[arg(long)]
    pub no_notes: bool,
}
