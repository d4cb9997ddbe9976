//! `notes`: what people wrote about an account.

use clap::{Args, Subcommand};

use super::selection::{LimitArgs, OneAccountArgs};

/// What to do with notes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  acctsnap notes list -a 'TechCorp Solutions' --since 90d")]
pub struct NotesArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: NotesCommand,
}

/// What to do with notes.
#[derive(Debug, Subcommand)]
pub enum NotesCommand {
    /// List the notes about an account, the newest first
    List(ListNotesArgs),
}

/// `notes list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap notes list -a 'TechCorp Solutions' --limit 5
  acctsnap notes list -a ext:11 --since 2026-Q3 --field title --field content --format jsonl")]
pub struct ListNotesArgs {
    /// About which account.
    #[command(flatten)]
    pub account: OneAccountArgs,
    /// Written since a moment (2026-09-30, 2026-09, 2026-Q3) or for a duration (90d); ingested, where no date is known
    #[arg(long, value_name = "MOMENT|DURATION")]
    pub since: Option<String>,
    /// Only these fields, in this order
    #[arg(long = "field", value_name = "NAME")]
    pub fields: Vec<String>,
    /// How many.
    #[command(flatten)]
    pub limit: LimitArgs,
}
