//! `uploads`: the files that were ingested. Its singular is an alias of `ingest`.

use clap::{Args, Subcommand};

use super::selection::{FieldsArgs, ListArgs};
use crate::model::ids::UploadId;

/// What to do with uploads.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap uploads list --limit 10
  acctsnap uploads show 14
  acctsnap uploads undo 14 --dry-run")]
pub struct UploadsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UploadsCommand,
}

/// What to do with uploads.
#[derive(Debug, Subcommand)]
pub enum UploadsCommand {
    /// List the files that were ingested, the newest first
    #[command(after_help = "Example:\n  acctsnap uploads list --limit 10")]
    List(ListArgs),
    /// Show one upload
    #[command(after_help = "Example:\n  acctsnap uploads show 14")]
    Show(ShowUploadArgs),
    /// Take an upload back: each value gets back what stood before
    #[command(after_help = "\
Examples:
  acctsnap uploads undo 14 --dry-run     what it would do
  acctsnap uploads undo 14 --yes         without asking
What later uploads said stands. Snapshots that were made from it stay and are marked as retracted.")]
    Undo(TurnUploadArgs),
    /// Let an upload count again that was taken back
    #[command(after_help = "Example:\n  acctsnap uploads redo 14 --yes")]
    Redo(TurnUploadArgs),
}

/// `uploads undo`, `uploads redo`
#[derive(Debug, Args)]
pub struct TurnUploadArgs {
    /// The upload's number
    #[arg(value_name = "ID", value_parser = upload_id())]
    pub id: UploadId,
}

/// `uploads show`
#[derive(Debug, Args)]
pub struct ShowUploadArgs {
    /// The upload's number
    #[arg(value_name = "ID", value_parser = upload_id())]
    pub id: UploadId,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

fn upload_id() -> impl clap::builder::TypedValueParser<Value = UploadId> {
    use clap::builder::TypedValueParser;
    clap::value_parser!(i64).range(1..).map(UploadId::new)
}
