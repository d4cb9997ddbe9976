//! `tags`: the names that were given to snapshots.

use clap::{Args, Subcommand};

use super::selection::FieldsArgs;

/// What to do with tags.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap tags list
  acctsnap snapshot tag --all board-2026Q3 --date 2026-Q3
  acctsnap compare --all board-2026Q2 board-2026Q3")]
pub struct TagsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TagsCommand,
}

/// What to do with tags.
#[derive(Debug, Subcommand)]
pub enum TagsCommand {
    /// List the tags, with how many accounts have a snapshot of each
    #[command(after_help = "Example:\n  acctsnap tags list --json")]
    List(FieldsArgs),
}
