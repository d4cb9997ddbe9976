//! `customers`: list.

use clap::{Args, Subcommand};

/// What to do with customers.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  acctsnap customers list")]
pub struct CustomersArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CustomersCommand,
}

/// What to do with customers.
#[derive(Debug, Subcommand)]
pub enum CustomersCommand {
    /// List every customer, or the one that --customer names
    #[command(after_help = "Example:\n  acctsnap customers list --json")]
    List,
}
