//! What `kpis import` did (`acctsnap.kpis_import/1`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::text::{count, escape_text, wrap};

/// Name and version of the shape.
pub const IMPORT_SCHEMA: &str = "acctsnap.kpis_import/1";

/// How the definitions of a file fared: read = added + changed + unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct DefinitionCounts {
    /// In the file.
    pub read: u64,
    /// Of KPIs that had none.
    pub added: u64,
    /// Other than the one before, or than the catalogue's.
    pub changed: u64,
    /// The same as before.
    pub unchanged: u64,
}

/// How a definition differs from what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameChange {
    /// The KPI had no definition.
    Added,
    /// It had another.
    Changed,
}

/// A KPI whose definition was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportedName {
    /// The KPI's name.
    pub kpi_name: String,
    /// What became of it.
    pub change: NameChange,
    /// Whether the imported definition holds; false where snapshots.toml has one of its own.
    pub in_force: bool,
}

/// What `kpis import` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.kpis_import/1")]
pub struct ImportView {
    /// Name and version of this shape.
    #[schemars(extend("const" = IMPORT_SCHEMA))]
    pub schema: &'static str,
    /// The file's name.
    pub file: String,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// How the definitions fared.
    pub definitions: DefinitionCounts,
    /// Those that were written, in file order.
    pub written: Vec<ImportedName>,
    /// Columns that mean nothing here.
    pub ignored_columns: Vec<String>,
    /// Accounts whose current values were scored again.
    pub accounts_rescored: u64,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// How many names are told.
const NAMES_TOLD: usize = 8;

/// The lines that a person sees.
#[must_use]
pub fn render_import(view: &ImportView, width: usize) -> String {
    let counts = view.definitions;
    let mut lines = vec![format!(
        "{}: {} = {} added + {} changed + {} unchanged",
        escape_text(&view.file),
        count(counts.read, "definition"),
        counts.added,
        counts.changed,
        counts.unchanged
    )];
    if view.written.is_empty() {
        lines.push("nothing new: every definition is known already".to_owned());
    }
    lines.extend(names(view, NameChange::Added, "added"));
    lines.extend(names(view, NameChange::Changed, "changed"));
    if view.accounts_rescored > 0 {
        let rescored = count(view.accounts_rescored, "account");
        lines.push(format!(
            "{rescored} rescored; snapshots keep their scores: acctsnap snapshot create --all takes new ones"
        ));
    }
    if !view.ignored_columns.is_empty() {
        lines.push(format!("columns not read: {}", escape_text(&view.ignored_columns.join(", "))));
    }
    lines.extend(view.notes.iter().map(|note| format!("note: {}", escape_text(note))));
    if view.dry_run {
        lines.push("dry run: nothing was written".to_owned());
    }
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

fn names(view: &ImportView, change: NameChange, label: &str) -> Option<String> {
    let names: Vec<&str> =
        view.written.iter().filter(|name| name.change == change).map(|name| name.kpi_name.as_str()).collect();
    let told: Vec<_> = names.iter().take(NAMES_TOLD).map(|name| escape_text(name)).collect();
    let more = match names.len().saturating_sub(NAMES_TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!told.is_empty()).then(|| format!("{label}: {}{more}", told.join(", ")))
}
