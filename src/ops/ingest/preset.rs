//! `--preset NAME`: the flags of a file that comes every month, kept in snapshots.toml.
//!
//! A flag beats its preset, and a preset the default. Nothing of a preset is ever passed over in silence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::IngestOptions;
use super::flags::ReadingFlags;
use crate::config::{CustomerSettings, Preset};
use crate::error::{Error, ErrorKind, Result};
use crate::model::upload::UploadKind;

/// How alike a name must be to a known one, from 0 to 1, to be suggested.
const LIKENESS: f64 = 0.6;

/// Lays a preset of the settings under the flags of files of a kind, or of one that is to be found out.
///
/// # Errors
/// `Usage` where there is no such preset, or it is for another kind of file.
pub fn with_preset(
    flags: ReadingFlags,
    name: &str,
    kind: Option<UploadKind>,
    settings: CustomerSettings<'_>,
) -> Result<ReadingFlags> {
    let presets: BTreeMap<String, Preset> =
        settings.presets().into_iter().map(|(name, preset)| (name, preset.value)).collect();
    let preset = presets.get(name).ok_or_else(|| unknown(name, &presets))?;
    if let (Some(other), Some(kind)) = (preset.kind, kind)
        && other != kind
    {
        let (given, wanted) = (kind.name(), other.name());
        let message = format!("the preset '{name}' is for {wanted}, and the file is read as {given}");
        let hint = format!("ingest {wanted}, or change `kind` of [presets.{}] in snapshots.toml", key(name));
        return Err(Error::new(ErrorKind::Usage, message).with_hint(hint));
    }
    Ok(flags.merge(ReadingFlags::from(preset)))
}

/// Says of a column that a file lacks that it is the preset that names it.
pub(super) fn name_preset(error: Error, options: &IngestOptions<'_>) -> Error {
    let Some(preset) = options.preset.filter(|_| error.kind() == ErrorKind::InputRefused) else {
        return error;
    };
    let lacks = |column: &String| error.message().contains(&format!("has no column '{column}'"));
    match options.maps.iter().map(|(column, _)| column).find(|column| lacks(column)) {
        Some(column) => error.with_hint(format!(
            "the preset '{preset}' names '{column}': change [presets.{}] in snapshots.toml, or give another file",
            key(preset)
        )),
        None => error,
    }
}

fn unknown(name: &str, presets: &BTreeMap<String, Preset>) -> Error {
    let likeness = |known: &String| strsim::normalized_damerau_levenshtein(name, known);
    let near = presets.keys().map(|known| (likeness(known), known)).filter(|(alike, _)| *alike >= LIKENESS);
    let near = near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| format!("did you mean '{known}'? "));
    let known: Vec<String> = presets.keys().map(|known| format!("'{known}'")).collect();
    let there = match known.is_empty() {
        true => format!("snapshots.toml has none: write one as [presets.{}]", key(name)),
        false => format!("snapshots.toml has {}", known.join(", ")),
    };
    let hint = format!("{}{there}", near.unwrap_or_default());
    Error::new(ErrorKind::Usage, format!("no preset '{name}'")).with_hint(hint)
}

impl From<&Preset> for ReadingFlags {
    fn from(preset: &Preset) -> Self {
        let word = |word: Option<&'static str>| word.map(ToOwned::to_owned);
        Self {
            sheet: preset.sheet.clone(),
            layout: word(preset.layout),
            header: preset.header.map(|header| header.to_string()),
            date_order: word(preset.date_order),
            decimal: word(preset.decimal),
            delimiter: preset.delimiter.map(String::from),
            encoding: preset.encoding.clone(),
            duplicates: word(preset.duplicates),
            on_error: word(preset.on_error),
            clear_token: preset.clear_token.clone(),
            maps: preset.map.clone(),
            aliases: preset.aliases.clone(),
        }
    }
}

/// The flags as a preset of this name, to be pasted into snapshots.toml.
#[must_use]
pub fn preset_to_toml(name: &str, kind: UploadKind, flags: &ReadingFlags) -> String {
    let mut toml = format!("[presets.{}]\nkind = {}\n", key(name), text(kind.name()));
    let words = [
        ("sheet", &flags.sheet),
        ("layout", &flags.layout),
        ("date_order", &flags.date_order),
        ("decimal", &flags.decimal),
        ("delimiter", &flags.delimiter),
        ("encoding", &flags.encoding),
        ("duplicates", &flags.duplicates),
        ("on_error", &flags.on_error),
        ("clear_token", &flags.clear_token),
    ];
    let mut line = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(toml, "{name} = {value}");
    };
    for (name, value) in words {
        let Some(value) = value else { continue };
        let value = if name == "delimiter" && value == "tab" { "\t" } else { value };
        line(name, text(value));
    }
    if let Some(header) = &flags.header {
        let is_number = header.bytes().all(|byte| byte.is_ascii_digit());
        line("header", if is_number { header.clone() } else { text(header) });
    }
    if !flags.maps.is_empty() {
        let maps = flags.maps.iter().map(|(column, field)| format!("{} = {}", key(column), text(field)));
        line("map", format!("{{ {} }}", maps.collect::<Vec<_>>().join(", ")));
    }
    if !flags.aliases.is_empty() {
        let headers =
            |headers: &[String]| headers.iter().map(|header| text(header)).collect::<Vec<_>>().join(", ");
        let aliases = flags.aliases.iter().map(|(field, all)| format!("{} = [{}]", key(field), headers(all)));
        line("aliases", format!("{{ {} }}", aliases.collect::<Vec<_>>().join(", ")));
    }
    toml
}

/// A key as TOML has it: bare where it can be.
fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { text(name) }
}

/// A text in double quotes, as TOML has values and keys.
fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    const TOML: &str = "[presets.monthly]\nkind = \"kpis\"\nsheet = \"KPIs\"\nheader = 3\ndelimiter = \"\\t\"\n\
                        duplicates = \"sum\"\nmap = { \"Mrr (EUR)\" = \"value\", Kunde = \"account\" }\n\
                        aliases = { kpi = [\"Kennzahl \\\"x\\\"\"] }\n";

    fn config(toml: &str) -> Config {
        Config::parse(toml, Path::new("snapshots.toml")).unwrap()
    }

    fn laid_under(flags: ReadingFlags, name: &str, kind: UploadKind) -> Result<ReadingFlags> {
        let config = config(TOML);
        with_preset(flags, name, Some(kind), config.for_customer("default"))
    }

    #[test]
    fn a_flag_beats_its_preset_and_what_it_leaves_open_is_the_presets() {
        let flags = ReadingFlags {
            sheet: Some("June".to_owned()),
            maps: [("Name".to_owned(), "account".to_owned())].into(),
            ..ReadingFlags::default()
        };
        let flags = laid_under(flags, "monthly", UploadKind::Kpis).unwrap();
        assert_eq!((flags.sheet.as_deref(), flags.header.as_deref()), (Some("June"), Some("3")));
        assert_eq!((flags.duplicates.as_deref(), flags.delimiter.as_deref()), (Some("sum"), Some("\t")));
        let maps: Vec<(&str, &str)> =
            flags.maps.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
        assert_eq!(maps, [("Mrr (EUR)", "value"), ("Name", "account")], "a field has one column");
    }

    #[test]
    fn a_preset_that_is_not_there_or_of_another_kind_is_refused_in_words() {
        let refused = |name: &str, kind| {
            let error = laid_under(ReadingFlags::default(), name, kind).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            (error.message().to_owned(), error.hint().unwrap_or_default().to_owned())
        };
        let (message, hint) = refused("montly", UploadKind::Kpis);
        assert_eq!(message, "no preset 'montly'");
        assert_eq!(hint, "did you mean 'monthly'? snapshots.toml has 'monthly'");
        let (message, hint) = refused("monthly", UploadKind::Notes);
        assert_eq!(message, "the preset 'monthly' is for kpis, and the file is read as notes");
        assert!(hint.contains("[presets.monthly]"), "{hint}");
    }

    #[test]
    fn a_printed_preset_reads_back_as_the_flags_that_it_was_made_of() {
        let flags = laid_under(ReadingFlags::default(), "monthly", UploadKind::Kpis).unwrap();
        let toml = preset_to_toml("each month", UploadKind::Kpis, &flags);
        assert!(toml.starts_with("[presets.\"each month\"]\nkind = \"kpis\"\n"), "{toml}");
        let config = config(&toml);
        let settings = config.for_customer("default");
        let again = with_preset(ReadingFlags::default(), "each month", Some(UploadKind::Kpis), settings);
        assert_eq!(again.unwrap(), flags);
    }
}
