//! The flags of an ingest as they are typed, for commands that are printed to be run.

use std::collections::BTreeMap;

use super::flags::ReadingFlags;
use super::{Duplicates, IngestOptions};
use crate::model::reading::{DateOrder, HeaderRow, Layout};
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;

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

    /// The flags that change how a file of a kind is read.
    pub(super) fn flags(&self, kind: UploadKind) -> Vec<String> {
        let mut flags = Vec::new();
        let mut add = |flag: &str, value: Option<&str>| {
            flags.extend(value.map(|value| format!("{flag} {}", shell_word(value))));
        };
        add("--account", self.account);
        add("--period", self.period.map(|day| day.to_string()).as_deref());
        for (column, field) in self.maps {
            add("--map", Some(&format!("{column}={field}")));
        }
        let header = (self.header != HeaderRow::Auto).then(|| self.header.to_string());
        add("--header", header.as_deref());
        let layout = self.layout;
        add("--layout", (kind == UploadKind::Kpis && layout != Layout::Auto).then(|| layout.name()));
        add("--date-order", self.date_order.map(DateOrder::name));
        add("--decimal", self.decimal.map(DecimalMark::name));
        add("--delimiter", self.delimiter);
        add("--encoding", self.encoding);
        add("--sheet", self.sheet);
        let duplicates = self.duplicates;
        add("--duplicates", (duplicates != Duplicates::Refuse).then(|| duplicates.name()));
        add("--preset", self.preset);
        flags
    }
}

/// A word as a shell takes it: in single quotes where it has anything but plain characters.
pub(super) fn shell_word(word: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '+');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
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
        assert!(IngestOptions::default().flags(UploadKind::Kpis).is_empty());
        assert_eq!(shell_word(""), "''");
    }
}
