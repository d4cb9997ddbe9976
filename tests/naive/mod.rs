//! The main job once more, as simply as it can be told: in memory, without batches, caches or SQL. It must know
//! nothing of how the program does it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A cell of a file: what it says of a KPI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// That it has no value.
    Withdrawn,
    /// Its value.
    Number(i64),
}

/// A row of a file.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The account's place.
    pub account: usize,
    /// The KPI's place.
    pub kpi: usize,
    /// What it says.
    pub cell: Cell,
    /// The day it is of, counted from the first day of the test; None: that of the ingest.
    pub day: Option<i64>,
}

/// One account.
#[derive(Debug, Default, Clone)]
pub struct Account {
    /// What was last said of each KPI for each day; None: withdrawn.
    facts: BTreeMap<usize, BTreeMap<i64, Option<i64>>>,
    /// How many were taken.
    pub snapshots: usize,
    stamp: Option<i64>,
    skipped: usize,
    deferred: usize,
    /// When the oldest change came that no snapshot holds.
    dirty_since: Option<i64>,
}

/// How the rows of a file fared.
#[derive(Debug, Default, PartialEq)]
pub struct Counts {
    /// Nothing was known.
    pub inserted: u64,
    /// Something else was known.
    pub updated: u64,
    /// The same was known, or the row said nothing.
    pub unchanged: u64,
}

/// All accounts, by their place; absent until a file names them.
#[derive(Debug, Default)]
pub struct Book {
    /// Those that some file named.
    pub accounts: BTreeMap<usize, Account>,
    files: HashSet<String>,
}

const COOLDOWN: i64 = 300_000;
const DAY: i64 = 86_400_000;

impl Account {
    /// What is known now: the value of the newest day.
    pub fn current(&self) -> BTreeMap<usize, (i64, Option<i64>)> {
        let newest = self.facts.iter().filter_map(|(kpi, days)| {
            let (day, value) = days.last_key_value()?;
            Some((*kpi, (*day, *value)))
        });
        newest.collect()
    }

    /// How many events are owed a snapshot.
    pub fn pending(&self) -> usize {
        self.skipped + self.deferred
    }

    /// What an answer says: only an account that has a snapshot can have one that is behind.
    pub fn dirty_since(&self) -> Option<i64> {
        self.dirty_since.filter(|_| self.snapshots > 0)
    }

    fn is_cooling(&self, now: i64) -> bool {
        self.stamp.is_some_and(|stamp| now < stamp + COOLDOWN)
    }

    fn snapshot(&mut self) {
        self.snapshots += 1;
        (self.skipped, self.deferred, self.dirty_since) = (0, 0, None);
    }

    fn snapshot_of_an_event(&mut self, now: i64) {
        self.snapshot();
        self.stamp = Some(now);
    }

    fn take_in(&mut self, row: &Row, today: i64, counts: &mut Counts) -> bool {
        let said = match row.cell {
            Cell::Blank => {
                counts.unchanged += 1;
                return false;
            }
            Cell::Withdrawn => None,
            Cell::Number(number) => Some(number),
        };
        let days = self.facts.entry(row.kpi).or_default();
        let known = match row.day {
            Some(day) => days.get(&day).copied(),
            None => days.last_key_value().map(|(_, value)| *value),
        };
        match known {
            Some(known) if known == said => counts.unchanged += 1,
            Some(_) => counts.updated += 1,
            None => counts.inserted += 1,
        }
        if known != Some(said) {
            days.insert(row.day.unwrap_or(today), said);
        }
        known != Some(said)
    }
}

impl Book {
    /// Ingests a file; None where it is known.
    pub fn ingest(&mut self, text: &str, rows: &[Row], defer: bool, now: i64) -> Option<Counts> {
        let mut counts = None;
        if self.files.insert(text.to_owned()) {
            let mut changed = BTreeSet::new();
            let counts = counts.insert(Counts::default());
            for row in rows {
                let account = self.accounts.entry(row.account).or_default();
                if account.take_in(row, now / DAY, counts) {
                    changed.insert(row.account);
                }
            }
            for account in changed {
                self.publish(account, defer, now);
            }
        }
        if !defer {
            self.flush_skipped(now);
        }
        counts
    }

    fn publish(&mut self, account: usize, defer: bool, now: i64) {
        let account = self.accounts.entry(account).or_default();
        account.dirty_since.get_or_insert(now);
        if defer {
            account.deferred += 1;
        } else if account.is_cooling(now) {
            account.skipped += 1;
        } else {
            account.snapshot_of_an_event(now);
        }
    }

    /// What any write does last: those held by the cooldown, once it is over.
    fn flush_skipped(&mut self, now: i64) {
        for account in self.accounts.values_mut() {
            if account.skipped > 0 && !account.is_cooling(now) {
                account.snapshot_of_an_event(now);
            }
        }
    }

    /// The command.
    pub fn flush(&mut self, whatever_the_cooldown: bool, now: i64) -> u64 {
        let mut taken = 0;
        for account in self.accounts.values_mut() {
            if account.pending() > 0 && (whatever_the_cooldown || !account.is_cooling(now)) {
                account.snapshot_of_an_event(now);
                taken += 1;
            }
        }
        taken
    }

    /// A snapshot by hand.
    pub fn create(&mut self, account: usize, now: i64) {
        if let Some(account) = self.accounts.get_mut(&account) {
            account.snapshot();
        }
        self.flush_skipped(now);
    }
}
