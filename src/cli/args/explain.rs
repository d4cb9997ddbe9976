//! `explain`: an account's score, term by term.

use clap::Args;

use super::selection::{FieldsArgs, OneAccountArgs};

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap explain -a 'TechCorp Solutions'
  acctsnap explain -a ext:11 --as-of 2026-06 --json")]
pub struct ExplainArgs {
    /// Of which account.
    #[command(flatten)]
    pub account: OneAccountArgs,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}
