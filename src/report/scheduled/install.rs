//! The lines that run the schedule every hour: a crontab, or a service and a timer (`acctsnap.schedule_install/1`).
//!
//! Written for whoever pastes them: real paths, quoted as each program reads them, and nothing that depends on an
//! environment that cron and systemd do not have. Nothing is installed.

mod cron;
mod systemd;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.schedule_install/1";

/// The minute of every hour: off the full hour, at which everything else starts.
const MINUTE: u32 = 7;

/// Who runs the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Manager {
    /// cron
    Cron,
    /// systemd
    Systemd,
}

/// What the lines name; paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPaths {
    /// This program.
    pub program: String,
    /// The settings, where there is a file.
    pub config: Option<String>,
    /// The database.
    pub database: String,
    /// The folder of the database: its log lies beside it.
    pub folder: String,
    /// The only customer to be served; None serves all.
    pub customer: Option<String>,
    /// The user to run as; None leaves it to the reader.
    pub user: Option<String>,
}

/// A file to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstallFile {
    /// Where it belongs; `crontab` for lines of a crontab.
    pub path: String,
    /// What it holds.
    pub contents: String,
}

/// The files that run the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.schedule_install/1")]
pub struct InstallView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// For whom they are.
    pub manager: Manager,
    /// The files.
    pub files: Vec<InstallFile>,
}

/// The files for one of the two.
///
/// # Errors
/// `Usage` for a path or name with a line break or another control character: no quoting gets it through.
pub fn install(manager: Manager, paths: &InstallPaths) -> Result<InstallView> {
    let named = [&paths.program, &paths.database, &paths.folder].into_iter();
    for text in named.chain(&paths.config).chain(&paths.customer) {
        if text.chars().any(char::is_control) {
            let message = format!("expected a path without control characters, got {text:?}");
            return Err(Error::new(ErrorKind::Usage, message).with_hint("move the file, or name another one"));
        }
    }
    let files = match manager {
        Manager::Cron => vec![cron::crontab(paths)],
        Manager::Systemd => vec![systemd::service(paths), systemd::timer()],
    };
    Ok(InstallView { schema: SCHEMA, manager, files })
}

impl InstallPaths {
    /// The program and its flags, before the command.
    fn words(&self) -> Vec<&str> {
        let mut words = vec![self.program.as_str()];
        for (flag, value) in [("--config", self.config.as_deref()), ("--db", Some(self.database.as_str()))] {
            words.extend(value.into_iter().flat_map(|value| [flag, value]));
        }
        words.extend(self.customer.iter().flat_map(|name| ["--customer", name.as_str()]));
        words
    }
}

/// The files one after the other, each under its path where there are several.
#[must_use]
pub fn render(view: &InstallView) -> String {
    match view.files.as_slice() {
        [only] => only.contents.clone(),
        files => {
            let texts = files.iter().map(|file| format!("# ---- {} ----\n{}", file.path, file.contents));
            texts.collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests;
