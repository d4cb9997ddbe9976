//! `config show`, `config check` and `config init`: the settings themselves; a database is opened only to learn under
//! which names a customer's section may stand.

use std::io::Write;
use std::path::Path;

use super::customers::known_as;
use super::output_file::OutputFile;
use crate::config::{Config, Origin, SettingLine, TEMPLATE};
use crate::error::{Detail, Error, Result};
use crate::report::config::{CHECK_SCHEMA, CheckView, INIT_SCHEMA, InitView, SettingOrigin, SettingView};

/// Every setting that holds for a customer, in a fixed order. A database that cannot be read is no hindrance: then
/// the section is looked for under `customer` alone.
#[must_use]
pub fn list_settings(config: &Config, database: &Path, customer: &str) -> Vec<SettingView> {
    let names = match config.has_customer_sections() {
        true => known_as(database, customer).unwrap_or_else(|_| vec![customer.to_owned()]),
        false => Vec::new(),
    };
    config.for_customer_known_as(&names).explain().into_iter().map(setting).collect()
}

fn setting(line: SettingLine) -> SettingView {
    let (origin, origin_at) = match line.origin {
        Origin::Flag(name) => (SettingOrigin::Flag, Some(name.to_owned())),
        Origin::Environment(name) => (SettingOrigin::Environment, Some(name.to_owned())),
        file @ Origin::File { .. } => (SettingOrigin::File, Some(file.to_string())),
        Origin::Default => (SettingOrigin::Default, None),
    };
    SettingView { key: line.key, value: line.value, origin, origin_at }
}

/// Checks the text of a configuration file; None where there is no file, which is right too.
///
/// # Errors
/// `Usage` with every problem, at most a hundred, told by line and column.
pub fn check_config(file: Option<(&Path, &str)>, looked_for: &[&Path]) -> Result<CheckView> {
    let text = |path: &Path| path.display().to_string();
    if let Some((path, toml)) = file {
        Config::parse(toml, path).map_err(told_in_full)?;
    }
    Ok(CheckView {
        schema: CHECK_SCHEMA,
        file: file.map(|(path, _)| text(path)),
        looked_for: looked_for.iter().map(|path| text(path)).collect(),
    })
}

/// An error that shows a person all the problems it has, not the first dozen.
fn told_in_full(error: Error) -> Error {
    let mut lines: Vec<String> = error.details().iter().map(problem).collect();
    if let more @ 1.. = error.details_total().saturating_sub(lines.len() as u64) {
        lines.push(format!("and {more} more"));
    }
    error.with_summary(lines)
}

fn problem(detail: &Detail) -> String {
    let place = detail.line.map(|line| format!("line {line}")).unwrap_or_default();
    let column = detail.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
    format!("{place}{column}: {}", detail.message)
}

/// Writes a configuration file with every key, commented; whole or not at all, and never over another one.
///
/// # Errors
/// `Usage` where something is there already or the folder is not; what the operating system said.
pub fn write_template(path: &Path, dry_run: bool) -> Result<InitView> {
    let mut file = OutputFile::create_new(path)?;
    file.write_all(TEMPLATE.as_bytes()).map_err(|error| Error::io(path, "write", error))?;
    if !dry_run {
        file.commit()?;
    }
    Ok(InitView {
        schema: INIT_SCHEMA,
        file: path.display().to_string(),
        bytes: TEMPLATE.len() as u64,
        written: !dry_run,
    })
}
