//! Which accounts a command is about.

use clap::Args;

/// One account or several, or all of the customer's.
#[derive(Debug, Clone, Args)]
#[group(id = "selection", required = true, multiple = false)]
pub struct AccountSelectionArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT", num_args = 1..)]
    pub account: Vec<String>,
    /// Every account of the customer
    #[arg(long)]
    pub all: bool,
}

/// Exactly one account.
#[derive(Debug, Clone, Args)]
pub struct OneAccountArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: String,
}

/// One account, or without it all.
#[derive(Debug, Clone, Args)]
pub struct AccountFilterArgs {
    /// Only this account: external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
}

/// How many items a list may have.
#[derive(Debug, Clone, Args)]
pub struct LimitArgs {
    /// At most so many, the newest first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
}
