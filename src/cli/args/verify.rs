//! `verify`.

use std::path::PathBuf;

use clap::Args;

/// `verify`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap verify
  acctsnap verify -a 'TechCorp Solutions' --json
  acctsnap verify --write-anchor heads.jsonl
  acctsnap verify --anchor heads.jsonl

It only reads. What is wrong is named, each on a line, and the exit code is 7. An anchor holds the last
change of each customer's ledger and its digest: kept where nobody who can write the database can
write, it shows a history that was cut off or written anew as a whole.

Every customer is looked at, unless --customer names one.")]
pub struct VerifyArgs {
    /// Tell only what concerns this account, by name, alias, external id or id
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Check that the history holds the ledger heads of this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_anchor")]
    pub anchor: Option<PathBuf>,
    /// Write the ledger heads into this file, where nothing is wrong
    #[arg(long, value_name = "FILE", conflicts_with = "account")]
    pub write_anchor: Option<PathBuf>,
}
