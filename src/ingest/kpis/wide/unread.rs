//! The columns of a wide file that hold no values, and why. Each is told; none is passed over in silence.

use super::look::Look;
use crate::ingest::note::Notes;
use crate::ingest::refusal::quoted;

/// How many headers one line tells.
const LISTED: usize = 30;

/// Why a column is not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// What its cells look like.
    Looks(Look),
    /// It is a period, and no column names KPIs.
    Period,
    /// It is no period, where the values stand under periods.
    NoPeriod,
    /// The column of this header was taken in its place.
    Outdone(String),
}

/// The columns that are not read.
#[derive(Debug, Default)]
pub(super) struct Unread {
    columns: Vec<(Why, String)>,
}

impl Unread {
    /// Adds a column.
    pub(super) fn add(&mut self, why: Why, header: &str) {
        self.columns.push((why, header.to_owned()));
    }

    /// Whether some of them are periods.
    pub(super) fn has_periods(&self) -> bool {
        self.columns.iter().any(|(why, _)| *why == Why::Period)
    }

    /// Tells of them, those of one reason on one line.
    pub(super) fn note(&self, notes: &mut Notes) {
        let mut columns: Vec<&(Why, String)> = self.columns.iter().collect();
        columns.sort_by_key(|(why, _)| why);
        for group in columns.chunk_by(|(a, _), (b, _)| a == b) {
            notes.add("column_not_read", || tell(group));
        }
    }
}

fn tell(group: &[&(Why, String)]) -> String {
    let listed: Vec<String> = group.iter().take(LISTED).map(|(_, header)| quoted(header)).collect();
    let listed = listed.join(", ");
    let why = group.first().map_or(&Why::NoPeriod, |(why, _)| why);
    if group.len() == 1 {
        let (holds, hint) = why.said("holds", "is", "was");
        return format!("column {listed} {holds}{hint}");
    }
    let more = match group.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (hold, hint) = why.said("hold", "are", "were");
    format!("{} columns {hold}{hint}: {listed}{more}", group.len())
}

impl Why {
    /// What is said of a column, or of several, and what would have it read.
    fn said(&self, holds: &str, is: &str, was: &str) -> (String, &'static str) {
        const DEFINED: &str = " (unless it bears the name of a defined KPI: kpis set)";
        let kpis = if was == "was" { "a KPI" } else { "KPIs" };
        let (what, hint) = match self {
            Self::Looks(Look::Values) => (format!("{holds} values"), ""),
            Self::Looks(Look::Texts) => (format!("{holds} texts"), ""),
            Self::Looks(Look::Dates) => {
                (format!("{holds} dates"), " (a column is made the date of its rows by --map 'COLUMN=date')")
            }
            Self::Looks(Look::Codes) => (format!("{holds} ids or codes"), DEFINED),
            Self::Looks(Look::Years) => {
                (format!("{holds} years"), " (a column is made the date of its rows by --map 'COLUMN=date')")
            }
            Self::Looks(Look::Blank) => (format!("{holds} nothing in the first rows"), DEFINED),
            Self::Period => (format!("{is} named as periods, while no column names KPIs,"), ""),
            Self::NoPeriod => return (format!("{is} no period and {was} not read"), ""),
            Self::Outdone(better) => {
                return (format!("{was} not read, for {} comes first", quoted(better)), "");
            }
        };
        (format!("{what} and {was} not read as {kpis}"), hint)
    }
}
