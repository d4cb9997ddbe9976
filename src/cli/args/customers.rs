//! `customers`: list, rename.

use clap::{Args, Subcommand};

use super::selection::FieldsArgs;

/// What to do with customers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  acctsnap customers list\n  acctsnap customers rename default acme")]
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
    List(FieldsArgs),
    /// Give a customer another name; the old one goes on leading to it
    #[command(after_help = "Example:\n  acctsnap customers rename default acme")]
    Rename(RenameCustomerArgs),
}

/// `customers rename`
#[derive(Debug, Args)]
pub struct RenameCustomerArgs {
    /// The customer, by its name or an earlier one
    #[arg(value_name = "OLD")]
    pub old_name: String,
    /// Its name from now on
    #[arg(value_name = "NEW")]
    pub new_name: String,
}
