//! The flags that say how a file is read, as they were written: on the command line, or in a preset.
//!
//! Nothing is judged here: what a flag means is for those that read by it.

use std::collections::BTreeMap;

/// Flags that a preset can stand for; None and nothing where one was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadingFlags {
    /// `--sheet`
    pub sheet: Option<String>,
    /// `--layout`
    pub layout: Option<String>,
    /// `--header`
    pub header: Option<String>,
    /// `--date-order`
    pub date_order: Option<String>,
    /// `--decimal`
    pub decimal: Option<String>,
    /// `--delimiter`
    pub delimiter: Option<String>,
    /// `--encoding`
    pub encoding: Option<String>,
    /// `--duplicates`
    pub duplicates: Option<String>,
    /// `--on-error`
    pub on_error: Option<String>,
    /// `--clear-token`
    pub clear_token: Option<String>,
    /// `--map`: field by column; an empty field passes the column over.
    pub maps: BTreeMap<String, String>,
    /// More headers of fields, by field.
    pub aliases: BTreeMap<String, Vec<String>>,
}

impl ReadingFlags {
    /// These flags, and under them others: a flag that was given here beats the same one there, a column mapped here
    /// is not mapped there.
    #[must_use]
    pub fn merge(self, under: Self) -> Self {
        let (mut maps, mut aliases) = (under.maps, under.aliases);
        // A field that was given another column here has no second one there.
        maps.retain(|_, field| field.is_empty() || !self.maps.values().any(|given| given == field));
        maps.extend(self.maps);
        aliases.extend(self.aliases);
        Self {
            sheet: self.sheet.or(under.sheet),
            layout: self.layout.or(under.layout),
            header: self.header.or(under.header),
            date_order: self.date_order.or(under.date_order),
            decimal: self.decimal.or(under.decimal),
            delimiter: self.delimiter.or(under.delimiter),
            encoding: self.encoding.or(under.encoding),
            duplicates: self.duplicates.or(under.duplicates),
            on_error: self.on_error.or(under.on_error),
            clear_token: self.clear_token.or(under.clear_token),
            maps,
            aliases,
        }
    }
}
