//! What the command line says of how a file is to be read: its flags, and under them those of a preset.

use chrono::NaiveDate;

use crate::cli::args::ingest::ReadingArgs;
use crate::cli::moments::fiscal_start;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::model::moment::Moment;
use crate::model::reading::{DateOrder, HeaderRow, Layout};
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;
use crate::ops::ingest::{Duplicates, IngestOptions, ReadingFlags, with_preset};

/// The flags that only some kinds or commands have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MoreFlags<'a> {
    pub(super) layout: Option<&'a str>,
    pub(super) clear_token: Option<&'a str>,
    pub(super) on_error: Option<&'a str>,
}

/// How files are to be read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    arguments: &'a ReadingArgs,
    /// The flags of the command line.
    typed: ReadingFlags,
    /// The same, and under them those of the preset.
    flags: ReadingFlags,
    /// In a fixed order, so that the same flags are the same reading.
    maps: Vec<(String, String)>,
    aliases: Vec<(String, String)>,
    period: Option<NaiveDate>,
}

impl<'a> Reading<'a> {
    /// The flags of files of a kind; None where the kind is to be found out, and then no preset is laid under them
    /// that is for one.
    ///
    /// # Errors
    /// A map or period that is none, or has not begun; a preset that is not there, or for another kind.
    pub(super) fn of(
        arguments: &'a ReadingArgs,
        more: MoreFlags<'_>,
        kind: Option<UploadKind>,
        workspace: &Workspace<'_>,
    ) -> Result<Self> {
        let today = workspace.context().clock.now().date_in(workspace.zone());
        let fiscal_start = fiscal_start(workspace.settings());
        let period = arguments.period.as_deref().map(|text| period(text, today, fiscal_start)).transpose()?;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let typed = ReadingFlags {
            sheet: arguments.sheet.clone(),
            layout: owned(more.layout),
            header: arguments.header.map(|header| header.to_string()),
            date_order: arguments.date_order.clone(),
            decimal: arguments.decimal.clone(),
            delimiter: arguments.delimiter.clone(),
            encoding: arguments.encoding.clone(),
            duplicates: arguments.duplicates.clone(),
            on_error: owned(more.on_error),
            clear_token: owned(more.clear_token),
            maps: maps(&arguments.map)?.into_iter().collect(),
            aliases: std::collections::BTreeMap::default(),
        };
        let flags = match &arguments.preset {
            Some(preset) => with_preset(typed.clone(), preset, kind, workspace.settings())?,
            None => typed.clone(),
        };
        let maps = flags.maps.clone().into_iter().collect();
        let aliases = flags.aliases.iter();
        let aliases =
            aliases.flat_map(|(field, headers)| headers.iter().map(|header| (field.clone(), header.clone())));
        let aliases = aliases.collect();
        Ok(Self { arguments, typed, flags, maps, aliases, period })
    }

    /// Whether bad rows are set aside.
    pub(super) fn skips_bad_rows(&self) -> bool {
        self.flags.on_error.as_deref() == Some("skip")
    }

    /// The options of an ingest that say how a file is read.
    pub(super) fn options(&self) -> IngestOptions<'_> {
        let flags = &self.flags;
        IngestOptions {
            account: self.arguments.account.as_deref(),
            period: self.period,
            maps: &self.maps,
            aliases: &self.aliases,
            preset: self.arguments.preset.as_deref(),
            typed: Some(&self.typed),
            clear_token: flags.clear_token.as_deref(),
            encoding: flags.encoding.as_deref(),
            delimiter: flags.delimiter.as_deref(),
            header: flags.header.as_deref().and_then(HeaderRow::parse).unwrap_or_default(),
            sheet: flags.sheet.as_deref(),
            layout: one_of(&Layout::ALL, flags.layout.as_deref()).unwrap_or_default(),
            date_order: one_of(&DateOrder::ALL, flags.date_order.as_deref()),
            decimal: one_of(&DecimalMark::ALL, flags.decimal.as_deref()),
            duplicates: flags.duplicates.as_deref().and_then(Duplicates::parse).unwrap_or_default(),
            skip_bad_rows: self.skips_bad_rows(),
            ..IngestOptions::default()
        }
    }
}

/// What a word of a flag stands for; None of `auto`.
fn one_of<T: Copy>(words: &[(&str, T)], word: Option<&str>) -> Option<T> {
    words.iter().find(|(known, _)| Some(*known) == word).map(|(_, meaning)| *meaning)
}

/// The columns that `--map` gives a meaning.
fn maps(given: &[String]) -> Result<Vec<(String, String)>> {
    let mut maps: Vec<(String, String)> = Vec::with_capacity(given.len());
    for map in given {
        let Some((column, field)) = map.rsplit_once('=') else {
            return Err(Error::new(ErrorKind::Usage, format!("--map: expected 'COLUMN=field', got '{map}'"))
                .with_hint("for example --map 'Mrr (EUR)=mrr'"));
        };
        let (column, field) = (column.trim(), field.trim());
        if maps.iter().any(|(known, other)| known == column && other != field) {
            return Err(Error::new(ErrorKind::Usage, format!("--map: column '{column}' is mapped twice"))
                .with_hint("give each column one field, and each field one column"));
        }
        maps.push((column.to_owned(), field.to_owned()));
    }
    Ok(maps)
}

/// The last day of a date or period that a flag gives; it has begun by `today`.
fn period(text: &str, today: NaiveDate, fiscal_start: chrono::Month) -> Result<NaiveDate> {
    let moment = Moment::parse(text).map_err(|why| {
        Error::new(ErrorKind::Usage, format!("--period: {why}"))
            .with_hint("for example 2026-09-30 or 2026-09")
    })?;
    let zone = chrono_tz::UTC;
    let first = moment.first(zone, fiscal_start).date_in(zone);
    if first > today {
        let message =
            format!("--period {text} lies in the future: it begins on {first}, and today is {today}");
        return Err(Error::new(ErrorKind::InputRefused, message)
            .with_hint("give the day or period that the values are of, at most the current one"));
    }
    Ok(moment.last(zone, fiscal_start).date_in(zone))
}
