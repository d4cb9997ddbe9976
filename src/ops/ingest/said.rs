//! What a rejects file says of how its rows were read, laid under the flags of the command that ingests it.
//!
//! Mended, it is ingested by the plain command as the first one would have taken its rows. A flag that is given beats
//! what the file says, and that is told; a flag's default is no flag that was given.

use super::IngestOptions;
use crate::error::Result;
use crate::ingest::{Duplicates, Note, RowsFlags, Source, TableSaid};
use crate::model::reading::{DateOrder, Layout};
use crate::model::value::DecimalMark;

/// Flags, and under them what the file says.
pub(super) struct Merged {
    said: RowsFlags,
    maps: Vec<(String, String)>,
    aliases: Vec<(String, String)>,
    /// What flags stand in the place of.
    pub(super) notes: Vec<Note>,
}

impl Merged {
    /// Looks for what the file says.
    ///
    /// # Errors
    /// It cannot be read, or says what means nothing.
    pub(super) fn of(source: &Source, options: &IngestOptions<'_>) -> Result<Self> {
        let found = source.said()?;
        let said = found.flags().cloned().unwrap_or_default();
        let mut notes = Vec::new();
        let is_other_column = |(column, field): &&(String, String)| {
            let given =
                |(other, to): &(String, String)| other == column || (to == field && !field.is_empty());
            !options.maps.iter().any(given)
        };
        let mut maps: Vec<_> = said.maps.iter().filter(is_other_column).cloned().collect();
        for (column, field) in
            said.maps.iter().filter(|map| !is_other_column(map) && !options.maps.contains(map))
        {
            notes.push(beaten("map", &format!("{column}={field}")));
        }
        maps.extend(options.maps.iter().cloned());
        maps.sort();
        let mut aliases = options.aliases.to_vec();
        aliases.extend(said.aliases.iter().filter(|alias| !options.aliases.contains(alias)).cloned());
        notes.extend(beaten_flags(options, &said));
        notes.extend(found.tables().flat_map(|table| beaten_of_table(options, table)));
        notes.dedup();
        Ok(Self { said, maps, aliases, notes })
    }

    /// Whether the file names the account of its rows.
    pub(super) fn names_account(&self) -> bool {
        self.said.account.is_some()
    }

    /// The flags by which the file is read.
    pub(super) fn options<'m>(&'m self, given: &IngestOptions<'m>) -> IngestOptions<'m> {
        let said = &self.said;
        let duplicates =
            if given.duplicates == Duplicates::Refuse { said.duplicates } else { given.duplicates };
        IngestOptions {
            account: given.account.or(said.account.as_deref()),
            period: given.period.or(said.period),
            maps: &self.maps,
            aliases: &self.aliases,
            clear_token: given.clear_token.or(said.clear_token.as_deref()),
            duplicates,
            no_create: given.no_create || (said.no_create && !given.create_similar),
            create_similar: given.create_similar || (said.create_similar && !given.no_create),
            ..given.clone()
        }
    }
}

impl IngestOptions<'_> {
    /// What they say of the rows of a file, as its rejects keep it.
    pub(super) fn rows_flags(&self) -> RowsFlags {
        RowsFlags {
            account: self.account.map(str::to_owned),
            period: self.period,
            maps: self.maps.to_vec(),
            aliases: self.aliases.to_vec(),
            clear_token: self.clear_token.map(str::to_owned),
            duplicates: self.duplicates,
            no_create: self.no_create,
            create_similar: self.create_similar,
        }
    }
}

/// The flags in whose place others were given.
fn beaten_flags(options: &IngestOptions<'_>, said: &RowsFlags) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |flag: &str, given: Option<String>, said: Option<String>| {
        notes.extend(
            said.filter(|said| given.is_some_and(|given| given != *said)).map(|said| beaten(flag, &said)),
        );
    };
    add("account", options.account.map(str::to_owned), said.account.clone());
    add("period", options.period.map(|day| day.to_string()), said.period.map(|day| day.to_string()));
    add("clear-token", options.clear_token.map(str::to_owned), said.clear_token.clone());
    let policy = |policy: Duplicates| (policy != Duplicates::Refuse).then(|| policy.name().to_owned());
    add("duplicates", policy(options.duplicates), policy(said.duplicates));
    notes
}

/// The same of what was said or found out of a table.
fn beaten_of_table(options: &IngestOptions<'_>, said: &TableSaid) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |flag: &str, given: Option<&str>, said: Option<&str>| {
        notes.extend(
            said.filter(|said| given.is_some_and(|given| given != *said)).map(|said| beaten(flag, said)),
        );
    };
    let layout = |layout: Layout| (layout != Layout::Auto).then(|| layout.name());
    add("layout", layout(options.layout), layout(said.layout));
    add("date-order", options.date_order.map(DateOrder::name), said.date_order.map(DateOrder::name));
    add("decimal", options.decimal.map(DecimalMark::name), said.decimal.map(DecimalMark::name));
    notes
}

fn beaten(flag: &str, said: &str) -> Note {
    let message = format!("--{flag} as given holds, and not '{said}' by which these rows were read before");
    Note { code: "reading_beaten", message }
}
