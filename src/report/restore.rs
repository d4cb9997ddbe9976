//! What a restore put where (`acctsnap.restore/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::backup::Contents;
use super::text::{count, escape_text, grouped, key_values};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.restore/1";

/// A backup that was put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.restore/1")]
pub struct RestoreView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The backup.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal: what `backup` printed of it.
    pub sha256: String,
    /// The database it was put at.
    pub database: String,
    /// What is in it, once what the file of erasures names is gone.
    #[serde(flatten)]
    pub contents: Contents,
    /// What stood there before; null where there was nothing, or nothing that could be read.
    pub replaced: Option<Contents>,
    /// The name under which what stood there and could not be read as a database is kept (in a dry run, would be);
    /// null where there was no such thing.
    pub kept: Option<String>,
    /// How many erasures of the file that was given had something to erase; null where none was given, and in a dry run.
    pub erased: Option<u64>,
    /// How many erasures the file holds; null where none was given.
    pub erasures: Option<u64>,
}

/// What became of the erasures of a file; nothing yet in a dry run.
fn told(given: u64, repeated: Option<u64>) -> String {
    let given_all = count(given, "erasure");
    match repeated {
        None => format!("{given_all} would be repeated"),
        Some(repeated) if repeated == given => format!("{given_all} repeated"),
        Some(repeated) => format!(
            "{repeated} of {given_all} repeated; of the other {} the backup holds nothing",
            grouped(&given.saturating_sub(repeated).to_string())
        ),
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &RestoreView, current_schema: i64, columns: usize) -> String {
    let mut pairs = vec![
        ("database", escape_text(&view.database).into_owned()),
        ("holds", view.contents.counted()),
        ("backup", escape_text(&view.file).into_owned()),
        ("size", format!("{} bytes", grouped(&view.bytes.to_string()))),
        ("SHA-256", view.sha256.clone()),
    ];
    if let Some(replaced) = &view.replaced {
        pairs.push(("replaced", replaced.counted()));
    }
    if let Some(kept) = &view.kept {
        pairs.push(("kept", format!("what stood there and cannot be read, as {}", escape_text(kept))));
    }
    pairs.extend(view.erasures.map(|given| ("erased", told(given, view.erased))));
    if view.contents.schema_version < current_schema {
        let version = view.contents.schema_version;
        let text = format!("schema version {version}; the next command brings it to {current_schema}");
        pairs.push(("note", text));
    }
    key_values(&pairs, columns)
}
