//! The KPIs (and products) that a file names, each kept once, and how the values of each are read.
//!
//! A KPI with a definition is what its definition says; what there is none of, or what it leaves open, the file itself
//! may say: unit and category.
//! What the file says otherwise than the definition is told once for each KPI, never taken.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::fields::KpiField;
use super::unit_word::{self, is_known, unit_of};
use crate::ingest::fault::Fault;
use crate::ingest::intern::RawCache;
use crate::ingest::note::Notes;
use crate::ingest::refusal::quoted;
use crate::ingest::text::clean_name;
use crate::model::kpi::as_read::KpiAsRead;
use crate::model::kpi::batch::KpiMention;
use crate::model::kpi::dictionary::{Found, FoundBy, KpiDictionary};
use crate::model::kpi::series::kpi_key;
use crate::model::kpi::{Category, Unit};
use crate::model::names::name_key;
use crate::model::value::{ValueReader, ValueTarget};

/// The cells of a row that say which KPI it is of and how its value is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SeriesCells<'r> {
    pub(super) kpi: &'r str,
    pub(super) product: &'r str,
    pub(super) category: &'r str,
    pub(super) component: &'r str,
    pub(super) unit: &'r str,
}

/// A KPI of the file, and how a value of it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Series {
    /// Its number in the batch.
    pub(super) number: u32,
    pub(super) target: ValueTarget,
    /// The word of the unit column, where it is a unit but none in which KPIs are kept.
    pub(super) unit_word: Option<u32>,
}

/// The KPIs named so far.
pub(super) struct AllSeries<'a> {
    dictionary: &'a KpiDictionary,
    values: &'a ValueReader,
    mentions: Vec<KpiMention>,
    numbers: HashMap<String, u32>,
    /// The names as the file has them, by key, and the KPI that each led to first.
    names: BTreeMap<String, u32>,
    unit_words: Vec<String>,
    cache: RawCache<Series>,
    /// What was told already, and of which KPI.
    told: HashSet<(&'static str, Told)>,
}

/// What a note is about: a KPI with all its products where it has a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Told {
    Definition(usize),
    Mention(u32),
}

impl<'a> AllSeries<'a> {
    pub(super) fn new(dictionary: &'a KpiDictionary, values: &'a ValueReader) -> Self {
        Self {
            dictionary,
            values,
            mentions: Vec::new(),
            numbers: HashMap::new(),
            names: BTreeMap::new(),
            unit_words: Vec::new(),
            cache: RawCache::default(),
            told: HashSet::new(),
        }
    }

    /// The KPI that a row's cells name.
    pub(super) fn find(
        &mut self,
        cells: SeriesCells<'_>,
        notes: &mut Notes,
    ) -> Result<Series, Fault<KpiField>> {
        let SeriesCells { kpi, product, category, component, unit } = cells;
        let raw = [kpi, product, category, component, unit].map(str::as_bytes);
        if let Some(series) = self.cache.find(raw) {
            return Ok(series);
        }
        let name = clean_name(kpi).map_err(|fault| Fault::of_name(KpiField::Kpi, fault))?;
        if name.is_empty() {
            return Err(Fault::of(
                KpiField::Kpi,
                "missing_kpi",
                "expected a KPI's name, found an empty cell",
            )
            .with_hint("fill the cell, or take the row out"));
        }
        let product = clean_name(product).map_err(|fault| Fault::of_name(KpiField::Product, fault))?;
        let (found, unit_of_name) = unit_word::find(&name, self.dictionary, self.values);
        // A unit column says it of the row; without one the name may say it of all its values.
        let unit = if unit.trim().is_empty() { unit_of_name.unwrap_or(unit) } else { unit };
        let cells = SeriesCells { unit, ..cells };
        let series = match found {
            Some(found) if found.definition.scale.is_some() || found.definition.unit.is_some() => {
                self.defined(found, &name, &product, cells, notes)
            }
            found => self.undefined(found, &name, &product, cells, notes),
        };
        self.names.entry(kpi_key(&name)).or_insert(series.number);
        self.cache.remember(raw, series);
        Ok(series)
    }

    /// Every name of the file, and how its values were read.
    pub(super) fn names(&self) -> Vec<KpiAsRead> {
        let named = self.names.iter().filter_map(|(name, number)| {
            let mention = self.mentions.get(*number as usize)?;
            Some(KpiAsRead::new(name, &mention.name, mention.unit, self.dictionary))
        });
        named.collect()
    }

    /// What to do where the file has the right unit of a KPI.
    pub(super) fn unit_advice(&self, number: u32, unit: Unit) -> String {
        let name = self.mentions.get(number as usize).map_or("", |mention| &mention.name);
        self.dictionary.unit_advice(name, unit)
    }

    /// The text of a unit word.
    pub(super) fn unit_word(&self, word: u32) -> &str {
        self.unit_words.get(word as usize).map_or("", String::as_str)
    }

    /// Tells, once for each KPI, that its values bear units that were not converted.
    pub(super) fn note_unit_ignored(&mut self, number: u32, notes: &mut Notes) {
        if self.told.insert(("unit_ignored", Told::Mention(number))) {
            let name = self.mentions.get(number as usize).map_or("", |mention| &mention.name);
            notes.add("unit_ignored", || {
                format!("KPI {} has no unit: values with a unit were taken as plain numbers", quoted(name))
            });
        }
    }

    /// The KPIs in order of their numbers.
    pub(super) fn into_mentions(self) -> Vec<KpiMention> {
        self.mentions
    }

    fn defined(
        &mut self,
        found: Found<'_>,
        name: &str,
        product: &str,
        cells: SeriesCells<'_>,
        notes: &mut Notes,
    ) -> Series {
        let definition = found.definition;
        let about = Told::Definition(found.index);
        self.note_definition(found, name, cells, notes);
        let number = self.number_of(format!("={}\0{}", found.index, name_key(product)), || KpiMention {
            name: definition.kpi_name.clone(),
            product: present(product),
            category: definition.category,
            unit: definition.unit,
            definition: Some(found.index),
        });
        if definition.category.is_none() {
            self.settle_category(number, cells, notes);
        }
        let given = unit_of(cells.unit);
        let best = definition.scale.map(|scale| scale.best);
        let target = ValueTarget { unit: definition.unit, best, given };
        let unit_word = match given {
            None => self.known_word(cells.unit, target, about, notes),
            Some(_) => None,
        };
        Series { number, target, unit_word }
    }

    /// Tells, once for each KPI, where the file's words are not the definition's.
    fn note_definition(&mut self, found: Found<'_>, name: &str, cells: SeriesCells<'_>, notes: &mut Notes) {
        let (definition, about) = (found.definition, Told::Definition(found.index));
        let kpi = || quoted(&definition.kpi_name);
        if found.by == FoundBy::SharedAbbreviation && self.told.insert(("shared_abbreviation", about)) {
            notes.add("shared_abbreviation", || {
                format!("{} is short for several KPIs and was read as {}", quoted(name), kpi())
            });
        }
        if self.dictionary.is_retired(definition) && self.told.insert(("retired", about)) {
            notes.add("retired_kpi", || {
                format!("KPI {} is retired: its values were kept, and count in no score", kpi())
            });
        }
        let (Some(said), Some(category)) = (said_category(cells), definition.category) else { return };
        let differs = read_category(cells) != Some(category);
        if differs && self.told.insert(("category_differs", about)) {
            notes.add("category_differs", || not_taken(&kpi(), category.name(), said));
        }
    }

    /// A KPI without a definition, or with one that leaves the unit to the file.
    fn undefined(
        &mut self,
        found: Option<Found<'_>>,
        name: &str,
        product: &str,
        cells: SeriesCells<'_>,
        notes: &mut Notes,
    ) -> Series {
        if let Some(found) = found {
            self.note_definition(found, name, cells, notes);
        }
        let key = match found {
            Some(found) => format!("={}\0{}", found.index, name_key(product)),
            None => format!("?{}\0{}", kpi_key(name), name_key(product)),
        };
        let number = self.number_of(key, || KpiMention {
            name: found.map_or(name, |found| &found.definition.kpi_name).to_owned(),
            product: present(product),
            category: found.and_then(|found| found.definition.category),
            unit: None,
            definition: found.map(|found| found.index),
        });
        self.settle_category(number, cells, notes);
        let given = unit_of(cells.unit);
        if given.is_none() && !cells.unit.trim().is_empty() {
            self.note_unknown_unit(cells.unit, Told::Mention(number), name, notes);
        }
        let target = ValueTarget { unit: self.settle_unit(number, given), best: None, given };
        Series { number, target, unit_word: None }
    }

    fn number_of(&mut self, key: String, mention: impl FnOnce() -> KpiMention) -> u32 {
        let next = u32::try_from(self.mentions.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.mentions.push(mention());
        }
        number
    }

    /// A KPI without definition gets the first category that the file says; another one is told.
    fn settle_category(&mut self, number: u32, cells: SeriesCells<'_>, notes: &mut Notes) {
        let Some(said) = said_category(cells) else { return };
        let Some(mention) = self.mentions.get_mut(number as usize) else { return };
        let read = read_category(cells);
        mention.category = mention.category.or(read);
        let category = mention.category;
        let differs = category != read || read.is_none();
        if differs && self.told.insert(("category_differs", Told::Mention(number))) {
            let counted = category.map_or("no category", Category::name);
            notes.add("category_differs", || not_taken(&quoted(&mention.name), counted, said));
        }
    }

    /// A KPI without definition gets the first unit that the file says; values in others are converted or refused.
    fn settle_unit(&mut self, number: u32, given: Option<Unit>) -> Option<Unit> {
        let mention = self.mentions.get_mut(number as usize)?;
        mention.unit = mention.unit.or(given);
        mention.unit
    }

    /// The number of a unit word that is a unit, though none in which KPIs are kept.
    fn known_word(&mut self, cell: &str, target: ValueTarget, about: Told, notes: &mut Notes) -> Option<u32> {
        let word = clean_name(cell).unwrap_or(Cow::Borrowed(""));
        if cell.trim().is_empty() {
            return None;
        }
        if word.is_empty() || target.unit.is_none() || !is_known(&word, self.values, target) {
            self.note_unknown_unit(cell, about, "", notes);
            return None;
        }
        let place = self.unit_words.iter().position(|known| *known == word).unwrap_or_else(|| {
            self.unit_words.push(word.into_owned());
            self.unit_words.len() - 1
        });
        u32::try_from(place).ok()
    }

    fn note_unknown_unit(&mut self, cell: &str, about: Told, name: &str, notes: &mut Notes) {
        if !self.told.insert(("unknown_unit", about)) {
            return;
        }
        let name = match about {
            Told::Definition(index) => self.dictionary.definitions().get(index).map_or(name, |d| &d.kpi_name),
            Told::Mention(_) => name,
        };
        notes.add("unknown_unit", || {
            format!("unit {} of KPI {} is not known here and was not used", quoted(cell.trim()), quoted(name))
        });
    }
}

/// What the file says of the category: its category column, else its component column.
fn said_category(cells: SeriesCells<'_>) -> Option<&str> {
    [cells.category, cells.component].into_iter().map(str::trim).find(|text| !text.is_empty())
}

fn read_category(cells: SeriesCells<'_>) -> Option<Category> {
    Category::parse(cells.category).or_else(|| Category::parse(cells.component))
}

fn not_taken(kpi: &str, category: &str, said: &str) -> String {
    format!("KPI {kpi} counts in {category}; the category {} of the file was not taken", quoted(said))
}

fn present(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
