//! `man`: the man pages.

use std::path::PathBuf;

use clap::Args;

/// `man`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap man ~/.local/share/man/man1
  acctsnap man .   (then: man ./acctsnap-latest.1)")]
pub struct ManArgs {
    /// The folder that the pages go into; it is made where it is not there
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
