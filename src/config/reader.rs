//! Reads TOML tables key by key, so that every problem of a file is told with its place and its full key.
//!
//! A derived deserializer stops at the first problem and does not know the key path; this one notes what is
//! wrong and goes on. It knows nothing about any setting: sections ask it for the keys they know, and whatever
//! nobody asked for is an unknown key.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::notes::Notes;
use super::origin::{Place, Placed};
use super::problem::Problem;
use super::scalar::{self, Mismatch};
use super::spot::{Spot, join};
use crate::model::suggest::nearest;

/// Reads the top table of a file.
pub(super) fn read_top<T>(
    notes: &mut Notes,
    table: &DeTable<'_>,
    read: impl FnOnce(&mut TableReader<'_, '_>) -> T,
) -> T {
    let spot = Spot::top(notes.place(0));
    read_table(notes, table, spot, read)
}

/// Reads one table; the keys that `read` did not ask for are noted as unknown.
fn read_table<T>(
    notes: &mut Notes,
    table: &DeTable<'_>,
    spot: Spot,
    read: impl FnOnce(&mut TableReader<'_, '_>) -> T,
) -> T {
    let mut reader = TableReader { notes, table, spot, asked: Vec::new() };
    let value = read(&mut reader);
    reader.note_unknown_keys();
    value
}

/// One table, asked key by key.
#[derive(Debug)]
pub(super) struct TableReader<'n, 'd> {
    notes: &'n mut Notes,
    table: &'d DeTable<'d>,
    spot: Spot,
    asked: Vec<&'static str>,
}

impl<'d> TableReader<'_, 'd> {
    /// The value under a key; None where it is missing, or wrong and noted.
    pub(super) fn get<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, Mismatch>,
    ) -> Option<Placed<T>> {
        let value = self.find(key)?;
        self.convert(self.spot.below(key, self.place_of(value)), value, read)
    }

    /// The value under a key that must be there.
    pub(super) fn require<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, Mismatch>,
    ) -> Option<Placed<T>> {
        if !self.has(key) {
            self.note_here("missing_key", format!("expected a key '{key}' in this table, got none"));
        }
        self.get(key, read)
    }

    /// Whether a key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes that a key, were it given, is not taken here, and why.
    pub(super) fn refuse(&mut self, key: &'static str, reason: &str) {
        let Some((name, _)) = self.table.get_key_value(key) else { return };
        let spot = self.spot.below(key, self.notes.place(name.span().start));
        self.asked.push(key);
        self.notes.add(Problem::new("refused_key", spot.place, spot.path, reason.to_owned()));
    }

    /// A table under a key; an empty one where it is missing, so that its keys are known all the same.
    pub(super) fn section<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut TableReader<'_, '_>) -> T,
    ) -> T {
        let empty = DeTable::new();
        let (table, place) = match self.find(key) {
            None => (&empty, self.spot.place),
            Some(value) => (self.table_in(key, value).unwrap_or(&empty), self.place_of(value)),
        };
        read_table(self.notes, table, self.spot.below(key, place), read)
    }

    /// A table under a key; None where it is missing, though its keys are known all the same.
    pub(super) fn optional_section<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut TableReader<'_, '_>) -> T,
    ) -> Option<Placed<T>> {
        let place = self.table.get(key).map(|value| self.place_of(value));
        let value = self.section(key, read);
        place.map(|place| Placed { value, key: join(&self.spot.path, key), place })
    }

    /// The tables of an array under a key, in order, without those that `read` could not take.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut TableReader<'_, '_>) -> Option<T>,
    ) -> Option<Placed<Vec<Placed<T>>>> {
        let list = self.find(key)?;
        let at = self.spot.below(key, self.place_of(list));
        let DeValue::Array(items) = list.get_ref() else {
            self.note_mismatch(&at, list.get_ref(), Mismatch::expected(format!("tables such as [[{key}]]")));
            return None;
        };
        let mut read_items = Vec::new();
        for (number, item) in (1..).zip(items.iter()) {
            let spot = self.spot.item(key, number, self.place_of(item));
            let (item_key, place) = (spot.path.clone(), spot.place);
            let DeValue::Table(table) = item.get_ref() else {
                self.note_mismatch(&spot, item.get_ref(), Mismatch::expected("a table"));
                continue;
            };
            if let Some(value) = read_table(self.notes, table, spot, &mut read) {
                read_items.push(Placed { value, key: item_key, place });
            }
        }
        Some(Placed { value: read_items, key: at.path, place: at.place })
    }

    /// The tables under a key whose names are free to choose, by name.
    pub(super) fn named_tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut TableReader<'_, '_>) -> T,
    ) -> Vec<Placed<(String, T)>> {
        let Some((spot, table)) = self.free_table(key) else { return Vec::new() };
        let mut tables = Vec::new();
        for (name, value) in table {
            let here = spot.named(name.get_ref(), self.notes.place(name.span().start));
            let (full_key, place) = (here.path.clone(), here.place);
            let DeValue::Table(inner) = value.get_ref() else {
                self.note_mismatch(&here, value.get_ref(), Mismatch::expected("a table"));
                continue;
            };
            let value = (name.get_ref().to_string(), read_table(self.notes, inner, here, &mut read));
            tables.push(Placed { value, key: full_key, place });
        }
        tables
    }

    /// The values under a key whose names are free to choose, by name.
    pub(super) fn named_values<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&DeValue<'_>) -> Result<T, Mismatch>,
    ) -> Vec<(String, Placed<T>)> {
        let Some((spot, table)) = self.free_table(key) else { return Vec::new() };
        let mut values = Vec::new();
        for (name, value) in table {
            let here = spot.named(name.get_ref(), self.place_of(value));
            if let Some(value) = self.convert(here, value, &mut read) {
                values.push((name.get_ref().to_string(), value));
            }
        }
        values
    }

    /// Notes that a value, though of the right type, makes no sense where it stands.
    pub(super) fn wrong<T>(&mut self, at: &Placed<T>, message: impl Into<String>) {
        self.notes.add_wrong(at, message);
    }

    /// Notes that the name of a value, free to choose though it is, is none of those that mean something.
    pub(super) fn wrong_name<T>(&mut self, at: &Placed<T>, name: &str, mismatch: Mismatch) {
        let message = format!("expected {}, got '{name}'", mismatch.expected);
        let mut problem = Problem::new("wrong_value", at.place, at.key.clone(), message);
        problem.suggestion = mismatch.suggestion;
        self.notes.add(problem);
    }

    /// Notes every table that bears the name of one before it, or a blank one.
    pub(super) fn refuse_twins<T>(&mut self, tables: &[Placed<T>], key: impl Fn(&T) -> String, what: &str) {
        let mut seen = HashMap::new();
        for table in tables {
            let name = key(&table.value);
            if name.is_empty() {
                self.wrong(table, format!("expected a name for the {what}, got a blank one"));
            } else if let Some(first) = seen.insert(name, table.place.line) {
                self.wrong(
                    table,
                    format!("expected one {what} of this name, got another one in line {first}"),
                );
            }
        }
    }

    /// How many problems were noted by now.
    pub(super) fn count_problems(&self) -> usize {
        self.notes.count_problems()
    }

    /// Knows a key without reading it.
    pub(super) fn know(&mut self, key: &'static str) {
        self.find(key);
    }

    /// Notes that this table as a whole is wrong.
    fn note_here(&mut self, code: &'static str, message: String) {
        self.notes.add(Problem::new(code, self.spot.place, self.spot.path.clone(), message));
    }

    fn find(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.asked.push(key);
        self.notes.remember(join(&self.spot.pattern, key));
        self.table.get(key)
    }

    fn free_table(&mut self, key: &'static str) -> Option<(Spot, &'d DeTable<'d>)> {
        let value = self.find(key)?;
        let table = self.table_in(key, value)?;
        Some((self.spot.below(key, self.place_of(value)), table))
    }

    fn table_in(&mut self, key: &str, value: &'d Spanned<DeValue<'d>>) -> Option<&'d DeTable<'d>> {
        let DeValue::Table(table) = value.get_ref() else {
            let spot = self.spot.below(key, self.place_of(value));
            self.note_mismatch(
                &spot,
                value.get_ref(),
                Mismatch::expected(format!("a table [{}]", spot.path)),
            );
            return None;
        };
        Some(table)
    }

    fn convert<T>(
        &mut self,
        spot: Spot,
        value: &Spanned<DeValue<'_>>,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, Mismatch>,
    ) -> Option<Placed<T>> {
        match read(value.get_ref()) {
            Ok(value) => Some(Placed { value, key: spot.path, place: spot.place }),
            Err(mismatch) => {
                let within = mismatch.within.and_then(|within| self.notes.place_within(value, within));
                let spot = Spot { place: within.unwrap_or(spot.place), ..spot };
                self.note_mismatch(&spot, value.get_ref(), mismatch);
                None
            }
        }
    }

    fn note_mismatch(&mut self, spot: &Spot, value: &DeValue<'_>, mismatch: Mismatch) {
        let shown = mismatch.got.unwrap_or_else(|| scalar::shown(value));
        let message = format!("expected {}, got {shown}", mismatch.expected);
        let mut problem = Problem::new("wrong_value", spot.place, spot.path.clone(), message);
        problem.value = Some(scalar::bare(value));
        problem.suggestion = mismatch.suggestion;
        self.notes.add(problem);
    }

    fn note_unknown_keys(&mut self) {
        for (name, _) in self.table {
            let key: &str = name.get_ref();
            if self.asked.contains(&key) {
                continue;
            }
            let spot = self.spot.below(key, self.notes.place(name.span().start));
            let message = "unknown key".to_owned();
            let mut problem = Problem::new("unknown_key", spot.place, spot.path, message);
            problem.suggestion = nearest(key, self.asked.iter().copied()).map(str::to_owned);
            self.notes.add(problem);
        }
    }

    fn place_of(&self, value: &Spanned<DeValue<'_>>) -> Place {
        self.notes.place(value.span().start)
    }
}
