//! Files as the naive model sees them: what their rows say, without a text. It must know nothing of how they are read.

/// Whom a row names: an account by its place, and by which of its words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Who {
    /// The account's place.
    pub account: usize,
    /// The word: first name, later name, alias; where it does not lead there yet, the first name is written.
    pub word: usize,
}

/// A cell of a KPI file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// That the KPI has no value.
    Withdrawn,
    /// Its value.
    Number(i32),
    /// Nothing that anybody can read.
    Bad,
}

/// A cell of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said<T> {
    /// Nothing.
    Blank,
    /// The clear token.
    Cleared,
    /// A value.
    Is(T),
}

/// A value of a KPI.
#[derive(Debug, Clone, Copy)]
pub struct KpiRow {
    /// Whose.
    pub who: Who,
    /// The KPI's place.
    pub kpi: usize,
    /// What it says.
    pub cell: Cell,
    /// The day it is of, counted from the first day of the test; None: that of the ingest.
    pub day: Option<i64>,
}

/// A profile: two texts, an amount with its currency, a day and an attribute.
#[derive(Debug, Clone, Copy)]
pub struct ProfileRow {
    /// Whose.
    pub who: Who,
    /// A text.
    pub industry: Said<&'static str>,
    /// A text.
    pub csm: Said<&'static str>,
    /// What the account pays a year, as it is written; perhaps no number.
    pub arr: Said<&'static str>,
    /// The code of a currency.
    pub currency: Option<&'static str>,
    /// A day, counted from the first day of the test.
    pub renewal: Said<i64>,
    /// A column that no field has.
    pub seats: Said<i64>,
}

/// Scores of a month.
#[derive(Debug, Clone, Copy)]
pub struct HealthRow {
    /// Whose.
    pub who: Who,
    /// August to November: 8 to 11.
    pub month: i64,
    /// Points of 100; more are none.
    pub overall: Option<i64>,
    /// Points of the category Support.
    pub support: Option<i64>,
}

/// A state of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It runs.
    Running,
    /// It ended well.
    Completed,
    /// It ended otherwise.
    Failed,
    /// A word that means none of them.
    Unreadable,
}

/// An execution of a playbook.
#[derive(Debug, Clone, Copy)]
pub struct PlaybookRow {
    /// Whose.
    pub who: Who,
    /// Its number.
    pub execution: usize,
    /// The playbook's number.
    pub playbook: Option<usize>,
    /// Its state.
    pub status: Option<Status>,
    /// Its first day, counted from the first day of the test.
    pub started: Option<i64>,
    /// Its last day.
    pub completed: Option<i64>,
}

/// A note.
#[derive(Debug, Clone, Copy)]
pub struct NoteRow {
    /// About whom.
    pub who: Who,
    /// Its number.
    pub note: usize,
    /// Its title; a note without one is empty.
    pub title: Option<usize>,
    /// The day it was written, counted from the first day of the test; perhaps one to come.
    pub day: Option<i64>,
}

/// The rows of a file, of one kind.
#[derive(Debug, Clone)]
pub enum Rows {
    /// At most one for each account and KPI.
    Kpis(Vec<KpiRow>),
    /// At most one for each account.
    Profiles(Vec<ProfileRow>),
    /// At most one for each account and month.
    Health(Vec<HealthRow>),
    /// As they come.
    Playbooks(Vec<PlaybookRow>),
    /// At most one for each account and note.
    Notes(Vec<NoteRow>),
}

/// What becomes of the events of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are decided at once.
    Plain,
    /// They are left to a flush.
    Deferred,
    /// There are none.
    Silent,
}

/// A file, and how it is handed in.
#[derive(Debug, Clone)]
pub struct File {
    /// Its rows.
    pub rows: Rows,
    /// What becomes of its events.
    pub mode: Mode,
    /// Whether bad rows are set aside, rather than the file refused.
    pub skip: bool,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing was known.
    Inserted,
    /// Something else was known.
    Updated,
    /// The same was known, or the row said nothing.
    Unchanged,
    /// It cannot be taken.
    Rejected,
}

impl Fate {
    /// Of a row that says one thing beside what is known.
    pub fn of<T: PartialEq>(known: Option<&T>, said: &T) -> Self {
        match known {
            None => Self::Inserted,
            Some(known) if known == said => Self::Unchanged,
            Some(_) => Self::Updated,
        }
    }

    /// Whether it changed anything.
    pub fn is_news(self) -> bool {
        matches!(self, Self::Inserted | Self::Updated)
    }
}

/// How the rows of a file fared.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Rows of which nothing was known.
    pub inserted: u64,
    /// Rows beside which something else was known.
    pub updated: u64,
    /// Rows that said what was known, or nothing.
    pub unchanged: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
}

impl Counts {
    /// Counts one row.
    pub fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Inserted => self.inserted += 1,
            Fate::Updated => self.updated += 1,
            Fate::Unchanged => self.unchanged += 1,
            Fate::Rejected => self.rejected += 1,
        }
    }
}
