//! `restore`: a backup put where the database is to be.

use std::path::PathBuf;

use clap::Args;

/// `restore`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap restore /mnt/backups/acctsnap.db --db drill.db
  acctsnap restore /mnt/backups/acctsnap.db --force

The backup is looked through first. With --force, what it replaces is shown and asked about (--yes); the old
database stands until the new one does. A backup of an earlier version is brought up to date when it is used.")]
pub struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Replace a database that is there
    #[arg(long)]
    pub force: bool,
    /// Erase again what this file lists, which `erase --erasures` wrote
    #[arg(long, value_name = "FILE")]
    pub erasures: Option<PathBuf>,
}
