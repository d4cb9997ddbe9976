//! `context`: what a language model needs to know.

use clap::Args;

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
    pub subject: SubjectArgs,
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

/// Accounts by name, or the portfolio.
#[derive(Debug, Args)]
#[group(id = "subject", required = true, multiple = false)]
pub struct SubjectArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT", num_args = 1..)]
    pub account: Vec<String>,
    /// The portfolio: the worst accounts, those that moved, those without a snapshot of their newest facts
    #[arg(long)]
    pub all: bool,
}
