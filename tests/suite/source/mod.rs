//! Reads our own source as text, for the tests that guard how the house is built.
//!
//! It knows enough of Rust's syntax to tell code from comments and literals and to follow paths; it must never
//! need the code to compile, so that the tests can feed it samples of what is forbidden.

pub mod functions;
pub mod paths;
pub mod scanner;
pub mod tokens;

use std::fs;
use std::path::Path;

/// One file of the source.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the project, with `/`: `src/store/mod.rs`.
    pub path: String,
    /// Its text, as it stands.
    pub text: String,
}

impl SourceFile {
    /// A file that need not exist.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The module that the file is, from the crate's root: `src/model/kpi/mod.rs` is `[model, kpi]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        path.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
    }
}

/// Every `.rs` file below `src/`, in order of path.
pub fn source_files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")), "src", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[expect(clippy::expect_used, reason = "a source that cannot be read is a failed test")]
fn collect(project: &Path, folder: &str, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(project.join(folder)).expect("a folder of the source") {
        let entry = entry.expect("an entry of the source");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(project, &path, files);
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(entry.path()).expect("a text file of the source");
            files.push(SourceFile { path, text });
        }
    }
}
