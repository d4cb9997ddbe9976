//! `schema`: the JSON Schema of an answer.

use clap::Args;

/// `schema`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  acctsnap schema snapshot -o snapshot.schema.json")]
pub struct SchemaArgs {
    /// The answer, e.g. snapshot or error
    #[arg(value_name = "NAME")]
    pub name: String,
}
