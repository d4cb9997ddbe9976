//! `accounts`: list, show.

use clap::{Args, Subcommand};

/// What to do with accounts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap accounts list
  acctsnap account show 'TechCorp Solutions'")]
pub struct AccountsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AccountsCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// List the customer's accounts
    #[command(after_help = "Example:\n  acctsnap accounts list --format csv")]
    List,
    /// Show one account: its names, ids, facts and newest snapshot
    #[command(after_help = "Example:\n  acctsnap account show ext:11")]
    Show(ShowAccountArgs),
}

/// `accounts show`
#[derive(Debug, Args)]
pub struct ShowAccountArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
}
