//! Which man pages were written (`acctsnap.man/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.man/1";

/// Which man pages were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.man/1")]
pub struct ManView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The folder they are in, as it was given.
    pub folder: String,
    /// The files' names.
    pub pages: Vec<String>,
}

impl ManView {
    /// Pages in a folder.
    #[must_use]
    pub fn new(folder: String, pages: Vec<String>) -> Self {
        Self { schema: SCHEMA, folder, pages }
    }
}

/// One line.
#[must_use]
pub fn render(view: &ManView) -> String {
    format!("{} in {}\n", count(view.pages.len() as u64, "man page"), escape_text(&view.folder))
}
