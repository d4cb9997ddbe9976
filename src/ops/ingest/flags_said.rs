//! The flags of an ingest as they are typed, for commands that are printed to be run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::flags::ReadingFlags;
use super::{Duplicates, IngestOptions};
use crate::model::kpi::advice::shell_word;
use crate::model::reading::{HeaderRow, Layout};
use crate::model::upload::UploadKind;

impl IngestOptions<'_> {
    /// The same as a preset keeps them: what is of one file alone, its account and period, is left out.
    pub(super) fn to_flags(&self) -> ReadingFlags {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let duplicates = self.duplicates;
        ReadingFlags {
            sheet: owned(self.sheet),
            layout: (self.layout != Layout::Auto).then(|| self.layout.name().to_owned()),
            header: (self.header != HeaderRow::Auto).then(|| self.header.to_string()),
            date_order: self.date_order.map(|order| order.name().to_owned()),
            decimal: self.decimal.map(|mark| mark.name().to_owned()),
            delimiter: owned(self.delimiter),
            encoding: owned(self.encoding),
            duplicates: (duplicates != Duplicates::Refuse).then(|| duplicates.name().to_owned()),
            on_error: self.skip_bad_rows.then(|| "skip".to_owned()),
            clear_token: owned(self.clear_token),
            maps: self.maps.iter().cloned().collect(),
            aliases: BTreeMap::default(),
        }
    }

    /// The flags that were typed and change how a file of a kind is read; those of a preset stand in its name.
    pub(super) fn flags(&self, kind: UploadKind) -> Vec<String> {
        let typed = self.typed.cloned().unwrap_or_else(|| self.to_flags());
        let mut flags = Vec::new();
        let mut add = |flag: &str, value: Option<&str>| flags.extend(value.map(|value| flag_of(flag, value)));
        add("--account", self.account);
        add("--period", self.period.map(|day| day.to_string()).as_deref());
        for (column, field) in &typed.maps {
            add("--map", Some(&format!("{column}={field}")));
        }
        add("--header", typed.header.as_deref());
        add("--layout", typed.layout.as_deref().filter(|_| kind == UploadKind::Kpis));
        add("--date-order", typed.date_order.as_deref());
        add("--decimal", typed.decimal.as_deref());
        add("--delimiter", typed.delimiter.as_deref());
        add("--encoding", typed.encoding.as_deref());
        add("--sheet", typed.sheet.as_deref());
        add("--duplicates", typed.duplicates.as_deref());
        add("--clear-token", typed.clear_token.as_deref().filter(|_| kind == UploadKind::Profiles));
        add("--preset", self.preset);
        flags
    }
}

/// A flag as it is typed; a value that looks like a flag is tied to it.
pub(super) fn flag_of(flag: &str, value: &str) -> String {
    let tie = if value.starts_with('-') { "=" } else { " " };
    format!("{flag}{tie}{}", word(value))
}

/// A value as a shell reads it back: an equals sign within means nothing to one.
fn word(value: &str) -> Cow<'_, str> {
    let is_plain = !value.starts_with('=') && matches!(shell_word(&value.replace('=', "")), Cow::Borrowed(_));
    if is_plain { Cow::Borrowed(value) } else { shell_word(value) }
}

/// A file as it is typed: one whose name looks like a flag, or like standard input, is named with its folder.
pub(super) fn file_word(name: &str) -> String {
    match name.starts_with('-') {
        true => shell_word(&format!("./{name}")).into_owned(),
        false => shell_word(name).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_those_that_were_given_and_safe_in_a_shell() {
        let maps = [("Mrr (EUR)".to_owned(), "mrr".to_owned())];
        let options = IngestOptions {
            account: Some("O'Neill"),
            maps: &maps,
            delimiter: Some(";"),
            layout: Layout::Wide,
            header: HeaderRow::Row(3),
            ..IngestOptions::default()
        };
        let flags = "--account 'O'\\''Neill' --map 'Mrr (EUR)=mrr' --header 3 --layout wide --delimiter ';'";
        assert_eq!(options.flags(UploadKind::Kpis).join(" "), flags);
        assert!(!options.flags(UploadKind::Notes).join(" ").contains("--layout"));
        let typed = ReadingFlags { sheet: Some("June".to_owned()), ..ReadingFlags::default() };
        let of_preset = IngestOptions { typed: Some(&typed), preset: Some("monthly"), ..options };
        let flags = "--account 'O'\\''Neill' --sheet June --preset monthly";
        assert_eq!(of_preset.flags(UploadKind::Kpis).join(" "), flags, "a preset is not spelled out");
        assert!(IngestOptions::default().flags(UploadKind::Kpis).is_empty());
        assert_eq!(
            (file_word("-dash.csv"), file_word("a b.csv")),
            ("./-dash.csv".to_owned(), "'a b.csv'".to_owned())
        );
        assert_eq!(
            (flag_of("--map", "-x=kpi"), flag_of("--map", "")),
            ("--map=-x=kpi".to_owned(), "--map ''".to_owned())
        );
    }
}
