//! `[presets.NAME]` and `[aliases.KIND]`: how files of a kind are read.
//!
//! A preset stands for the flags of the same names; whether a field exists is for the readers of files to say.

use crate::model::upload::UploadKind;
use std::collections::BTreeMap;
use std::fmt;

use toml::de::DeValue;

use super::origin::Placed;
use super::reader::TableReader;
use super::scalar::{Mismatch, encoding, one_of, text, text_or_empty, texts, whole};

/// Which row holds the headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderRow {
    /// The file shows it.
    Auto,
    /// There is none.
    None,
    /// This row, from 1.
    Row(u32),
}

impl fmt::Display for HeaderRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::None => f.write_str("none"),
            Self::Row(row) => write!(f, "{row}"),
        }
    }
}

/// Flags of `ingest` under a name; a flag on the command line beats its preset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preset {
    /// The kind it is for; None for any.
    pub kind: Option<UploadKind>,
    /// As `--sheet`.
    pub sheet: Option<String>,
    /// As `--layout`: auto, long, wide, transposed.
    pub layout: Option<&'static str>,
    /// As `--header`.
    pub header: Option<HeaderRow>,
    /// As `--date-order`: auto, dmy, mdy, ymd.
    pub date_order: Option<&'static str>,
    /// As `--decimal`: auto, point, comma.
    pub decimal: Option<&'static str>,
    /// As `--delimiter`.
    pub delimiter: Option<char>,
    /// As `--encoding`.
    pub encoding: Option<String>,
    /// As `--duplicates`: refuse, first, last, mean, sum.
    pub duplicates: Option<&'static str>,
    /// As `--on-error`: refuse, skip.
    pub on_error: Option<&'static str>,
    /// As `--clear-token`.
    pub clear_token: Option<String>,
    /// As `--map`: the field that each column is read as; empty where it is passed over.
    pub map: BTreeMap<String, String>,
    /// More headers for fields, as in `[aliases.KIND]`.
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// Reads one `[presets.NAME]`.
pub(super) fn read_preset(reader: &mut TableReader<'_, '_>) -> Preset {
    Preset {
        kind: reader.get("kind", one_of(&UploadKind::ALL.map(|kind| (kind.name(), kind)))).map(value),
        sheet: reader.get("sheet", text).map(value),
        layout: reader.get("layout", word(&["auto", "long", "wide", "transposed"])).map(value),
        header: reader.get("header", header_row).map(value),
        date_order: reader.get("date_order", word(&["auto", "dmy", "mdy", "ymd"])).map(value),
        decimal: reader.get("decimal", word(&["auto", "point", "comma"])).map(value),
        delimiter: reader.get("delimiter", delimiter).map(value),
        encoding: reader.get("encoding", encoding).map(value),
        duplicates: reader.get("duplicates", word(&["refuse", "first", "last", "mean", "sum"])).map(value),
        on_error: reader.get("on_error", word(&["refuse", "skip"])).map(value),
        clear_token: reader.get("clear_token", text).map(value),
        map: reader
            .named_values("map", text_or_empty)
            .into_iter()
            .map(|(column, field)| (column, field.value))
            .collect(),
        aliases: reader
            .named_values("aliases", texts)
            .into_iter()
            .map(|(field, names)| (field, names.value))
            .collect(),
    }
}

impl fmt::Display for Preset {
    /// The flags that it stands for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            ("kind", self.kind.map(|kind| kind.name().to_owned())),
            ("sheet", self.sheet.clone()),
            ("layout", self.layout.map(str::to_owned)),
            ("header", self.header.map(|header| header.to_string())),
            ("date_order", self.date_order.map(str::to_owned)),
            ("decimal", self.decimal.map(str::to_owned)),
            ("delimiter", self.delimiter.map(|delimiter| delimiter.escape_default().to_string())),
            ("encoding", self.encoding.clone()),
            ("duplicates", self.duplicates.map(str::to_owned)),
            ("on_error", self.on_error.map(str::to_owned)),
            ("clear_token", self.clear_token.clone()),
        ];
        let flags = flags.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        let map = self.map.iter().map(|(column, field)| format!("{column}={field}"));
        let aliases = self.aliases.iter().map(|(field, names)| format!("{field}: {}", names.join(" | ")));
        f.write_str(&flags.chain(map).chain(aliases).collect::<Vec<_>>().join(", "))
    }
}

/// More headers for the fields of each kind, by kind and field.
pub(super) type Aliases = BTreeMap<UploadKind, BTreeMap<String, Placed<Vec<String>>>>;

/// Reads `[aliases]`.
pub(super) fn read_aliases(reader: &mut TableReader<'_, '_>) -> Aliases {
    let mut of = |kind: UploadKind| (kind, reader.named_values(kind.name(), texts).into_iter().collect());
    UploadKind::ALL.into_iter().map(&mut of).collect()
}

fn value<T>(placed: Placed<T>) -> T {
    placed.value
}

/// One of a few words.
fn word(words: &'static [&'static str]) -> impl Fn(&DeValue<'_>) -> Result<&'static str, Mismatch> {
    move |value| one_of(&words.iter().map(|word| (*word, *word)).collect::<Vec<_>>())(value)
}

fn header_row(value: &DeValue<'_>) -> Result<HeaderRow, Mismatch> {
    const EXPECTED: &str = "\"auto\", \"none\" or the number of a row, from 1";
    match value.as_str().map(str::trim) {
        Some("auto") => Ok(HeaderRow::Auto),
        Some("none") => Ok(HeaderRow::None),
        Some(_) => Err(Mismatch::expected(EXPECTED)),
        None => whole(1..=u32::MAX, EXPECTED)(value).map(HeaderRow::Row),
    }
}

fn delimiter(value: &DeValue<'_>) -> Result<char, Mismatch> {
    let mut characters = value.as_str().unwrap_or_default().chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Mismatch::expected("one character such as \";\" or \"\\t\"")),
    }
}
