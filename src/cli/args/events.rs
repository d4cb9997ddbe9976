//! `events`: list.

use clap::{Args, Subcommand, ValueEnum};

use super::selection::{AccountFilterArgs, ListArgs};

/// What to do with events.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  acctsnap events list --outcome skipped --outcome failed")]
pub struct EventsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: EventsCommand,
}

/// What to do with events.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// List events and what became of them, the newest first
    List(ListEventsArgs),
}

/// `events list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap events list -a 'TechCorp Solutions'
  acctsnap events list --outcome skipped --outcome failed --limit 20")]
pub struct ListEventsArgs {
    /// Of which account.
    #[command(flatten)]
    pub account: AccountFilterArgs,
    /// Only events of this outcome; may be given again
    #[arg(long = "outcome", value_name = "OUTCOME", value_enum)]
    pub outcomes: Vec<EventOutcome>,
    /// How many, and which fields.
    #[command(flatten)]
    pub list: ListArgs,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EventOutcome {
    /// A snapshot was taken for it.
    Created,
    /// A snapshot that was taken for another event holds its change.
    Covered,
    /// The cooldown held it back.
    Skipped,
    /// It was left to flush.
    Deferred,
    /// Its customer does not own the account.
    Denied,
    /// Its snapshot could not be taken.
    Failed,
}
