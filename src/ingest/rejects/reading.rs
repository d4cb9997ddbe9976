//! How the rows of a rejects file were read, as each of them says it: whatever somebody said or the whole file showed,
//! and the few rows that were set aside do not show.
//!
//! It is a line of words for people, such as `period=2026-06-30 map='Mrr (EUR)=mrr' decimal=comma`. It must never say
//! what follows from the settings: they hold for a mended file as for any other.

use chrono::NaiveDate;

use super::words::{join, split};
use crate::ingest::duplicates::Duplicates;
use crate::model::reading::{DateOrder, Layout};
use crate::model::value::DecimalMark;

/// The column, or key, of a rejects file that says how its rows were read.
pub(in crate::ingest) const READING: &str = "acctsnap_reading";

/// The names of its words.
const NAMES: [&str; 12] = [
    "account",
    "period",
    "layout",
    "date_order",
    "decimal",
    "map",
    "alias",
    "pass_over",
    "clear_token",
    "duplicates",
    "no_create",
    "create_similar",
];

/// What was said of all rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowsFlags {
    /// The account that they are of, as a person names it.
    pub account: Option<String>,
    /// What dates those without a date.
    pub period: Option<NaiveDate>,
    /// Columns that were given a meaning: column, field.
    pub maps: Vec<(String, String)>,
    /// More headers of fields: field, header.
    pub aliases: Vec<(String, String)>,
    /// What empties a cell.
    pub clear_token: Option<String>,
    /// What was made of rows that speak of the same and differ.
    pub duplicates: Duplicates,
    /// Whether they make no accounts.
    pub no_create: bool,
    /// Whether they make accounts also where a name looks like a known one.
    pub create_similar: bool,
}

/// What was said, or found out, of the table that rows stood in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableSaid {
    /// How its values are laid out.
    pub layout: Layout,
    /// The order of the dates of all columns.
    pub date_order: Option<DateOrder>,
    /// The decimal mark of all columns.
    pub decimal: Option<DecimalMark>,
    /// The same of columns that differ, by their headers; that of the headers themselves under none.
    pub date_orders: Vec<(String, DateOrder)>,
    /// The marks of columns that differ.
    pub decimals: Vec<(String, DecimalMark)>,
    /// The columns that were not read, or that the table did not have.
    pub passed_over: Vec<String>,
}

/// How a row was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::ingest) struct RowReading {
    pub(in crate::ingest) flags: RowsFlags,
    pub(in crate::ingest) table: TableSaid,
}

impl RowReading {
    /// As it stands in a rejects file; empty where the row says all by itself.
    pub(super) fn to_text(&self) -> String {
        let Self { flags, table } = self;
        let mut words: Vec<(&str, String)> = Vec::new();
        let mut add =
            |name: &'static str, value: Option<String>| words.extend(value.map(|value| (name, value)));
        add("account", flags.account.clone());
        add("period", flags.period.map(|day| day.to_string()));
        add("layout", (table.layout != Layout::Auto).then(|| table.layout.name().to_owned()));
        add("date_order", table.date_order.map(|order| order.name().to_owned()));
        for (column, order) in &table.date_orders {
            add("date_order", Some(format!("{column}={}", order.name())));
        }
        add("decimal", table.decimal.map(|mark| mark.name().to_owned()));
        for (column, mark) in &table.decimals {
            add("decimal", Some(format!("{column}={}", mark.name())));
        }
        flags.maps.iter().for_each(|(column, field)| add("map", Some(format!("{column}={field}"))));
        flags.aliases.iter().for_each(|(field, header)| add("alias", Some(format!("{field}={header}"))));
        table.passed_over.iter().for_each(|column| add("pass_over", Some(column.clone())));
        add("clear_token", flags.clear_token.clone());
        let duplicates = flags.duplicates;
        add("duplicates", (duplicates != Duplicates::Refuse).then(|| duplicates.name().to_owned()));
        add("no_create", flags.no_create.then(|| "yes".to_owned()));
        add("create_similar", flags.create_similar.then(|| "yes".to_owned()));
        join(&words)
    }

    /// Reads it back; None for a text of another origin, such as the cell of a row that lacks a comma.
    ///
    /// # Errors
    /// The word that means nothing here, beside others that do.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, String> {
        let (mut reading, mut is_ours, mut strange) = (Self::default(), false, None);
        for (name, value) in split(text) {
            is_ours |= NAMES.contains(&name.as_str());
            if !reading.take(&name, &value) {
                strange = strange.or(Some(format!("{name}={value}")));
            }
        }
        match strange {
            Some(word) if is_ours => Err(word),
            _ => Ok(is_ours.then_some(reading)),
        }
    }

    /// Takes a word; false where it means nothing.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let Self { flags, table } = self;
        let owned = || Some(value.to_owned());
        match name {
            "account" => flags.account = owned(),
            "period" => flags.period = value.parse().ok(),
            "layout" => return set(&mut table.layout, named(&Layout::ALL, value)),
            "date_order" => {
                return one_or_column(value, &DateOrder::ALL, &mut table.date_order, &mut table.date_orders);
            }
            "decimal" => {
                return one_or_column(value, &DecimalMark::ALL, &mut table.decimal, &mut table.decimals);
            }
            "map" => return push(&mut flags.maps, value.rsplit_once('=')),
            "alias" => return push(&mut flags.aliases, value.split_once('=')),
            "pass_over" => table.passed_over.push(value.to_owned()),
            "clear_token" => flags.clear_token = owned(),
            "duplicates" => return set(&mut flags.duplicates, Duplicates::parse(value)),
            "no_create" => return set(&mut flags.no_create, (value == "yes").then_some(true)),
            "create_similar" => return set(&mut flags.create_similar, (value == "yes").then_some(true)),
            _ => return false,
        }
        name != "period" || flags.period.is_some()
    }
}

fn named<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

fn set<T>(target: &mut T, value: Option<T>) -> bool {
    let is_known = value.is_some();
    if let Some(value) = value {
        *target = value;
    }
    is_known
}

fn push(target: &mut Vec<(String, String)>, pair: Option<(&str, &str)>) -> bool {
    target.extend(pair.map(|(one, other)| (one.to_owned(), other.to_owned())));
    pair.is_some()
}

/// `dmy`, or `COLUMN=dmy`.
fn one_or_column<T: Copy>(
    value: &str,
    words: &[(&str, T)],
    one: &mut Option<T>,
    columns: &mut Vec<(String, T)>,
) -> bool {
    if let Some((column, word)) = value.rsplit_once('=') {
        let found = named(words, word);
        columns.extend(found.map(|found| (column.to_owned(), found)));
        return found.is_some();
    }
    *one = named(words, value).or(*one);
    named(words, value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_read_back_whatever_it_holds() {
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let reading = RowReading {
            flags: RowsFlags {
                account: Some("O'Neill & Söhne, Inc.".to_owned()),
                period: Some("2026-06-30".parse().unwrap()),
                maps: vec![pair("Mrr (EUR)", "mrr"), pair("a=b", "account"), pair("gone", "")],
                aliases: vec![pair("account", "Kunde = Name")],
                clear_token: Some(" - ".to_owned()),
                duplicates: Duplicates::Sum,
                no_create: true,
                create_similar: true,
            },
            table: TableSaid {
                layout: Layout::Wide,
                date_order: Some(DateOrder::Dmy),
                decimal: Some(DecimalMark::Comma),
                date_orders: vec![("signed".to_owned(), DateOrder::Mdy), (String::new(), DateOrder::Dmy)],
                decimals: vec![("x=y".to_owned(), DecimalMark::Point)],
                passed_over: vec!["Zip code".to_owned(), "line\nbreak".to_owned()],
            },
        };
        assert_eq!(RowReading::parse(&reading.to_text()), Ok(Some(reading)));
        assert_eq!(RowReading::default().to_text(), "");
    }

    #[test]
    fn it_is_a_line_that_people_can_read() {
        let flags =
            RowsFlags { maps: vec![("Mrr (EUR)".to_owned(), "mrr".to_owned())], ..RowsFlags::default() };
        let table = TableSaid { decimal: Some(DecimalMark::Comma), ..TableSaid::default() };
        let text = RowReading { flags, table }.to_text();
        assert_eq!(text, "decimal=comma map='Mrr (EUR)=mrr'");
    }

    #[test]
    fn a_stray_cell_is_no_reading_and_a_strange_word_among_others_is_told() {
        for stray in ["", "12", "never mind", "a = b", "'"] {
            assert_eq!(RowReading::parse(stray), Ok(None), "{stray}");
        }
        for (text, word) in [
            ("decimal=comma foo=bar", "foo=bar"),
            ("decimal=comma period=June", "period=June"),
            ("layout=wide decimal=dot", "decimal=dot"),
            ("period=June", "period=June"),
        ] {
            assert_eq!(RowReading::parse(text), Err(word.to_owned()));
        }
    }
}
