//! What reading a file as one kind gave, and how well it fits.

use std::cmp::Reverse;

use super::ways::Open;
use crate::ingest::{ColumnRead, Note, TableRead};
use crate::model::reading::{DateOrder, Layout};
use crate::model::rejection::Rejections;
use crate::model::upload::UploadKind;
use crate::model::value::DecimalMark;

/// What reading a file as one kind gave.
pub(super) struct Tried {
    pub(super) rows_read: u64,
    pub(super) rejections: Rejections,
    pub(super) notes: Vec<Note>,
    pub(super) tables: Vec<TableRead>,
    /// How many of its columns are taken for KPIs that nobody has defined.
    pub(super) guessed: usize,
    /// How many of its rows are rejected for what they say, whatever accounts are known.
    pub(super) rejected_by_itself: u64,
    /// The order of days and months, and the decimal mark, where all columns agree.
    pub(super) written: (Option<DateOrder>, Option<DecimalMark>),
    /// Whether it was read as the rows of some account, because nothing in it names one.
    pub(super) needs_account: bool,
    /// What somebody has to say before it is read; it was read by the first of the ways.
    pub(super) open: Option<Open>,
}

/// What columns are called that mean nothing to a kind, but are kept.
const KEPT: &str = "attribute";

/// What the column of the overall score is called.
const OVERALL: &str = "overall_health_score";

/// How many times as many columns a file of KPIs has than one of health scores, at most, to be taken for the latter.
const TIMES_MORE: usize = 3;

/// The kinds, the one first that asks for most.
pub(super) const ORDER: [UploadKind; 5] =
    [UploadKind::Playbooks, UploadKind::Health, UploadKind::Kpis, UploadKind::Notes, UploadKind::Profiles];

impl Tried {
    /// How many columns the kind knows; those that it only keeps are none of them.
    pub(super) fn known(&self) -> usize {
        let columns = self.tables.iter().flat_map(|table| &table.columns.columns);
        columns.filter(|column| column.field.is_some_and(|field| field != KEPT)).count()
    }

    /// How much of it means something; a column of numbers that is only taken for a KPI means half as much as others.
    fn meaning(&self) -> usize {
        (self.known() * 2).saturating_sub(self.guessed)
    }

    /// Whether all that it keeps without knowing it stands under periods, or names KPIs: then it is a table of numbers.
    fn keeps_periods_alone(&self) -> bool {
        let columns = self.tables.iter().flat_map(|table| &table.columns.columns);
        let kept = columns.filter(|column| column.field == Some(KEPT));
        let (kpis, others): (Vec<&ColumnRead>, Vec<&ColumnRead>) =
            kept.partition(|column| is_kpi(&column.header));
        kpis.len() < 2 && !others.is_empty() && others.iter().all(|column| is_period(&column.header))
    }

    /// Whether a column is called the health score of its rows.
    pub(super) fn names_a_health_score(&self) -> bool {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns.columns);
        columns.any(|column| column.field == Some(OVERALL) && column.header.to_lowercase().contains("health"))
    }

    /// Whether it may be what the file is meant to be: some row could be taken, and most columns mean something. A
    /// kind that keeps what it does not know says little by taking the file.
    pub(super) fn fits(&self, kind: UploadKind) -> bool {
        let columns: usize = self.tables.iter().map(|table| table.columns.columns.len()).sum();
        let is_known = match kind {
            UploadKind::Notes => self.known() * 2 >= columns,
            UploadKind::Profiles if self.needs_account => self.known() > 1,
            UploadKind::Profiles => self.known() > 1 || !self.keeps_periods_alone(),
            _ => true,
        };
        let rejected = self.rejected_by_itself;
        let is_taken =
            if self.needs_account { rejected * 2 < self.rows_read } else { rejected < self.rows_read };
        is_taken && is_known
    }

    /// How well it fits: the greater, the better.
    pub(super) fn rank(&self, kind: UploadKind) -> impl Ord + use<> {
        // What has an id and a state of a run is nothing else, whoever it is about.
        let is_run = kind == UploadKind::Playbooks;
        let place = ORDER.iter().position(|known| *known == kind);
        (is_run, !self.needs_account, self.meaning(), self.open.is_none(), Reverse(place))
    }
}

/// How many columns of tables are taken for KPIs, of which `is_defined` says no.
pub(super) fn guessed(tables: &[TableRead], is_defined: impl Fn(&str) -> bool) -> usize {
    let wide = tables.iter().filter(|table| table.layout == Some(Layout::Wide));
    let columns = wide.flat_map(|table| &table.columns.columns);
    let kpis = columns.filter(|column| column.field == Some("kpi") && !is_kpi(&column.header));
    kpis.filter(|column| !is_defined(&column.header)).count()
}

/// Whether a file that is read as KPIs and as health scores, and has a score by that name, is taken for health.
pub(super) fn is_health(health: &Tried, kpis: &Tried) -> bool {
    let is_alike = health.needs_account == kpis.needs_account && health.open.is_none();
    is_alike && health.names_a_health_score() && kpis.known() <= health.known() * TIMES_MORE
}

/// Whether a column of this name says which KPI a row is of.
fn is_kpi(header: &str) -> bool {
    let key: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["kpi", "kpiname", "kpiparameter", "metric", "metricname", "parameter"].contains(&key.as_str())
}

/// Whether a header is a month, or a day or a period in digits: `Jan`, `2026-09`, `01/02/2026`, `Q3 2026`.
fn is_period(header: &str) -> bool {
    let is_quarter = |word: &str| {
        word.strip_prefix(['Q', 'q', 'H', 'h'])
            .is_some_and(|rest| rest.parse().is_ok_and(|part: u8| part < 5))
    };
    let mut words = header.split([' ', '-', '/', '.', '_']).filter(|word| !word.is_empty()).peekable();
    let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_part = |word: &str| is_digits(word) || is_quarter(word) || word.parse::<chrono::Month>().is_ok();
    words.peek().is_some() && words.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_digits_and_quarters_are_periods() {
        for (header, expected) in [
            ("2026-09", true),
            ("01/02/2026", true),
            ("Q3 2026", true),
            ("2026", true),
            ("", false),
            ("Jan", true),
            ("March 2026", true),
            ("Q7 2026", false),
            ("Top 10", false),
            ("Region", false),
        ] {
            assert_eq!(is_period(header), expected, "{header:?}");
        }
    }
}
