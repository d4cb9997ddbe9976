//! `backup`: the whole database in one file.

use std::path::PathBuf;

use clap::Args;

/// `backup`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap backup /mnt/backups/acctsnap.db --replace
  acctsnap backup /mnt/backups/ --keep 14

Others go on writing meanwhile. The copy is looked through before it takes its name; it is one file, of every
customer, that other tools open too. A folder is told by its slash; files in it are named by their date.")]
pub struct BackupArgs {
    /// The file to make, or a folder (FOLDER/) for files that are named by their date
    #[arg(value_name = "FILE|FOLDER/")]
    pub target: PathBuf,
    /// Write over a backup that is there
    #[arg(long, conflicts_with = "keep")]
    pub replace: bool,
    /// In a folder: let go all but the newest N backups of this database
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
}
