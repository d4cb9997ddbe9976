//! One record to one row, or to the reason why it is none. Of several faults of a row the first is told.

use chrono::NaiveDate;

use super::Fault;
use super::duplicates::keep_used_accounts;
use super::fields::{HealthField, SCORES};
use super::month::{TimeCells, When, read_when};
use crate::ingest::accounts::Accounts;
use crate::ingest::columns::{Columns, Field};
use crate::ingest::note::Notes;
use crate::ingest::options::RowOptions;
use crate::ingest::refusal::quoted;
use crate::ingest::rows::row::Row;
use crate::model::health::month::{HealthBatch, HealthRow, Month, MonthScores};
use crate::model::rejection::BadRow;
use crate::model::score::Score;
use crate::model::value::ValueReader;

/// Reads the rows of one file.
pub(super) struct RowReader<'a> {
    accounts: Accounts<'a, HealthField>,
    values: &'a ValueReader,
    period: Option<Month>,
    today: NaiveDate,
    rows: Vec<HealthRow>,
    bad: Vec<BadRow<(Month, Option<NaiveDate>)>>,
    /// What the columns of [`SCORES`] hold.
    scales: [Scale; 6],
    dates_elsewhere: u64,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(options: &RowOptions<'a>) -> Self {
        Self {
            accounts: Accounts::new(options.given_account).without_missing(options.values),
            values: options.values,
            period: options.period.map(Month::of),
            today: options.today,
            rows: Vec::new(),
            bad: Vec::new(),
            scales: [Scale::default(); 6],
            dates_elsewhere: 0,
        }
    }

    /// Takes a row, or says why not.
    pub(super) fn take(&mut self, row: &Row<'_, HealthField>) -> Result<(), Fault> {
        let (name, id) = row.account();
        let account = self.accounts.find(&name, &id)?;
        let when = self.when(row)?;
        let (scores, blanks) = match self.scores(row) {
            Ok(scores) => scores,
            Err(fault) => {
                self.bad.push(BadRow { account, matter: (when.month, when.day), line: row.line });
                return Err(fault);
            }
        };
        self.dates_elsewhere += u64::from(when.date_is_elsewhere);
        self.scales.iter_mut().zip(scores).for_each(|(scale, score)| scale.count(score));
        let [overall, categories @ ..] = scores;
        self.rows.push(HealthRow {
            account,
            line: row.line,
            month: when.month,
            observed_on: when.day,
            scores: MonthScores { overall, categories },
            blanks,
        });
        Ok(())
    }

    /// The scores of a row, and how many of them are blank.
    fn scores(&self, row: &Row<'_, HealthField>) -> Result<([Option<Score>; 6], u32), Fault> {
        let mut scores = [None; 6];
        let mut blanks = 0;
        for (field, score) in SCORES.into_iter().zip(&mut scores) {
            *score = row.score(field, self.values)?;
            blanks += u32::from(score.is_none() && row.columns.index(field).is_some());
        }
        Ok((scores, blanks))
    }

    fn when(&self, row: &Row<'_, HealthField>) -> Result<When, Fault> {
        let cell = |field| row.said(field).map(|cell| cell.text().into_owned()).unwrap_or_default();
        let cells = [HealthField::Month, HealthField::Year, HealthField::Date].map(cell);
        let [month, year, date] = &cells;
        let days = |field, text: &str| row.days(field, text);
        read_when(TimeCells { month, year, date }, self.period, self.today, &days)?.ok_or_else(|| {
            let field = [HealthField::Month, HealthField::Date];
            let field = field.into_iter().find(|field| row.columns.index(*field).is_some());
            Fault::of(field.unwrap_or(HealthField::Month), "missing_month", "expected a month, found none")
                .with_hint("fill the cell, or give the month of such rows with --period 2026-10")
        })
    }

    /// The batch of all rows, in its order.
    pub(super) fn finish(self, columns: Option<&Columns<HealthField>>, notes: &mut Notes) -> HealthBatch {
        for (field, scale) in SCORES.into_iter().zip(self.scales) {
            if scale.looks_like_shares() {
                let header = columns.map_or_else(|| field.name().to_owned(), |columns| columns.header(field));
                let header = quoted(&header);
                notes.add("scores_below_one", || {
                    format!("column {header} holds nothing above 1: it was read as points of 100")
                });
            }
        }
        if self.dates_elsewhere > 0 {
            let rows_name = match self.dates_elsewhere {
                1 => "1 row names".to_owned(),
                count => format!("{count} rows name"),
            };
            notes.add("date_outside_month", || {
                format!("{rows_name} a month and a date outside it: the month counts")
            });
        }
        let Self { accounts, rows, bad, .. } = self;
        let mut batch = HealthBatch { accounts: accounts.into_mentions(), rows, bad };
        keep_used_accounts(&mut batch);
        batch
    }
}

/// How large the scores of a column are.
#[derive(Debug, Clone, Copy, Default)]
struct Scale {
    scores: u32,
    has_fraction: bool,
    is_above_one: bool,
}

impl Scale {
    fn count(&mut self, score: Option<Score>) {
        let Some(score) = score.map(Score::hundredths) else { return };
        self.scores = self.scores.saturating_add(1);
        self.has_fraction |= score % 100 != 0;
        self.is_above_one |= score > 100;
    }

    /// Whether they may well be shares of 1.
    fn looks_like_shares(self) -> bool {
        self.scores > 1 && self.has_fraction && !self.is_above_one
    }
}
