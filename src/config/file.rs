//! The whole of `snapshots.toml` as it was written: the settings of everyone and those of each customer.
//!
//! It reads text, never a file, and decides nothing about precedence.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::layer::{Cooldowns, Layer, read_cooldowns, read_layer};
use super::notes::Notes;
use super::origin::Placed;
use super::reader::{TableReader, read_top};
use super::scalar::{Mismatch, text};
use crate::model::names::name_key;

/// A configuration file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ConfigFile {
    /// As written; relative to the file's folder.
    pub(super) database: Option<Placed<String>>,
    pub(super) customer: Option<Placed<String>>,
    pub(super) actor: Option<Placed<String>>,
    pub(super) everyone: Layer,
    /// By the key of the name.
    pub(super) customers: BTreeMap<String, CustomerLayer>,
}

/// `[customers.NAME]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct CustomerLayer {
    pub(super) layer: Layer,
    /// By the key of the account's name: its name and cooldowns.
    pub(super) accounts: BTreeMap<String, (String, Cooldowns)>,
}

/// Reads a file's text; whatever is wrong with it is noted.
pub(super) fn read_file(notes: &mut Notes, text: &str) -> ConfigFile {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        notes.add_syntax(error.span().map_or(0, |span| span.start), error.message());
    }
    // What the parser made of broken text is a guess; nothing is said about its keys.
    if errors.is_empty() { read_top(notes, table.get_ref(), read_everything) } else { ConfigFile::default() }
}

fn read_everything(reader: &mut TableReader<'_, '_>) -> ConfigFile {
    ConfigFile {
        database: reader.get("database", file_path),
        customer: reader.get("customer", text),
        actor: reader.get("actor", text),
        everyone: read_layer(reader),
        customers: read_customers(reader),
    }
}

/// A path; `~` is the shell's, and taken literally it would make a folder of that name.
fn file_path(value: &DeValue<'_>) -> Result<String, Mismatch> {
    let path = text(value)?;
    if path == "~" || path.starts_with("~/") {
        return Err(Mismatch::expected("a path without ~, relative to this file or absolute"));
    }
    Ok(path)
}

fn read_customers(reader: &mut TableReader<'_, '_>) -> BTreeMap<String, CustomerLayer> {
    let customers = reader.named_tables("customers", read_customer);
    by_name_key(reader, customers, "customer", |_, layer| layer)
}

fn read_customer(reader: &mut TableReader<'_, '_>) -> CustomerLayer {
    for key in ["database", "customer", "actor"] {
        reader.refuse(key, "expected this key at the top of the file alone: it holds for every customer");
    }
    let layer = read_layer(reader);
    let accounts = reader.named_tables("accounts", |account| account.section("cooldown", read_cooldowns));
    let accounts = by_name_key(reader, accounts, "account", |name, cooldowns| (name, cooldowns));
    CustomerLayer { layer, accounts }
}

/// Puts named tables under the keys by which names are compared; two of one key are noted.
fn by_name_key<T, U>(
    reader: &mut TableReader<'_, '_>,
    tables: Vec<Placed<(String, T)>>,
    what: &str,
    keep: impl Fn(String, T) -> U,
) -> BTreeMap<String, U> {
    reader.refuse_twins(&tables, |(name, _)| name_key(name), what);
    tables
        .into_iter()
        .map(|Placed { value: (name, table), .. }| (name_key(&name), keep(name, table)))
        .collect()
}
