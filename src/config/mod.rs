//! Settings: the text of `snapshots.toml`, flags and environment values in, settings with their origins out.
//!
//! It reads no file, no environment and no clock: the command line hands everything over. It parses and
//! checks what later rooms give a meaning to (conditions, retention, presets) and keeps that as plain data.
//!
//! In reading order: `origin` (where a setting comes from), `reader` over `notes`, `problem` and `spot` (TOML tables,
//! key by key, with places), `scalar` (single values), the sections (`health`, `kpi`, `schedule`,
//! `retention`, `preset`), `layer` and `file` (the whole), `globals`, `settings` and `lists` (what holds in
//! the end), `check`, `explain`, `template`.

mod check;
mod explain;
mod file;
mod globals;
mod health;
mod kpi;
mod layer;
mod lists;
mod notes;
mod origin;
mod preset;
mod problem;
mod reader;
mod retention;
mod scalar;
mod schedule;
mod settings;
mod spot;
mod template;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use explain::SettingLine;
pub use globals::{ENVIRONMENT_ACTOR, ENVIRONMENT_CUSTOMER, ENVIRONMENT_DATABASE, GlobalValues};
pub use kpi::KpiEntry;
pub use origin::{Origin, Resolved};
pub use preset::{HeaderRow, Preset};
pub use settings::CustomerSettings;
pub use template::TEMPLATE;

use crate::error::Result;
use notes::Notes;
use origin::Placed;

/// Everything that was configured, for all customers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    path: PathBuf,
    file: file::ConfigFile,
    flags: GlobalValues,
    environment: GlobalValues,
    defaults: GlobalValues,
}

impl Config {
    /// Reads the text of a configuration file; `path` names it in messages and is what its paths are relative to.
    ///
    /// # Errors
    /// `usage`: the first problem with file, line, column and key; all of them, at most a hundred, as details.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let mut notes = Notes::new(text);
        let file = file::read_file(&mut notes, text);
        let config = Self { path: path.to_owned(), file, ..Self::default() };
        check::check_merged(&config, &mut notes);
        problem::to_error(path, notes.into_problems()).map_or(Ok(config), Err)
    }

    fn resolved<T: Clone>(&self, placed: &Placed<T>) -> Resolved<T> {
        Resolved { value: placed.value.clone(), origin: self.origin_of(placed) }
    }

    fn origin_of<T>(&self, placed: &Placed<T>) -> Origin {
        Origin::File { path: self.path.clone(), line: placed.place.line, key: placed.key.clone() }
    }
}
