//! `erase`: a person, an account or a customer, out of the whole history.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// `erase`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").args(["person", "account"])))]
#[command(after_help = "\
Examples:
  acctsnap erase --person 'Jane Doe' --person jane.doe@example.com --dry-run
  acctsnap erase --person 'Jane Doe' --erasures /vault/erasures.jsonl --yes
  acctsnap erase -a 'TechCorp Solutions' --yes
  acctsnap erase --customer acme --dry-run

One customer's data, in every table, the whole history, the log and free space; what goes leaves a hash that tells
nothing, so that the ledger and older anchors still verify. Numbers stay when a person is erased. --customer without
--person and -a erases the whole customer, its name too; the environment and the config never choose it. No undo brings
anything back. Backups of before still hold it: restore them with the same file of --erasures, or delete them.")]
pub struct EraseArgs {
    /// A person's name or address; several times for all that lead to one
    #[arg(long, value_name = "NAME")]
    pub person: Vec<String>,
    /// An account with everything that is kept of it
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Add the erasure to this file, by which restore repeats it on older backups; it holds the name
    #[arg(long, value_name = "FILE")]
    pub erasures: Option<PathBuf>,
}
