//! `config`: show, check, init.

use clap::{Args, Subcommand};

/// What to do with the configuration.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap config init
  acctsnap config show --explain")]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the settings that hold
    #[command(after_help = "Example:\n  acctsnap config show --explain --customer acme")]
    Show(ShowConfigArgs),
    /// Check the file without doing anything
    #[command(after_help = "Example:\n  acctsnap config check --config snapshots.toml")]
    Check,
    /// Write a snapshots.toml with every key, commented; --config names another place
    #[command(after_help = "Example:\n  acctsnap config init")]
    Init,
}

/// `config show`
#[derive(Debug, Args)]
pub struct ShowConfigArgs {
    /// Say where each setting comes from
    #[arg(long)]
    pub explain: bool,
}
