//! Customers and what is done with their accounts: files, flushes, snapshots by hand, names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::DAY;
use super::account::Account;
use super::health::Prefer;
use super::profile::says_anything;
use super::rows::{Cell, Counts, Fate, File, Mode, Rows, Who};

/// One customer's accounts, by their place; absent until a file makes them.
#[derive(Debug, Clone)]
pub struct Book {
    /// Which source of a score the customer prefers.
    pub prefer: Prefer,
    /// Whether any file made it.
    pub exists: bool,
    /// Those that some file made.
    pub accounts: BTreeMap<usize, Account>,
    files: HashMap<String, Counts>,
}

/// What an ingest came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing was written.
    Refused,
    /// The file is known.
    Known(Counts),
    /// Its rows were taken.
    Taken {
        /// How they fared.
        rows: Counts,
        /// How many accounts its good rows name.
        touched: u64,
        /// How many it made.
        created: u64,
        /// How many events it published.
        published: u64,
    },
}

/// What a file does on its way into the book.
#[derive(Default)]
struct Passage {
    rows: Counts,
    touched: BTreeSet<usize>,
    events: BTreeMap<usize, Vec<(&'static str, Option<&'static str>)>>,
}

impl Book {
    /// Of nothing.
    pub fn new(prefer: Prefer) -> Self {
        Self { prefer, exists: false, accounts: BTreeMap::new(), files: HashMap::new() }
    }

    /// The word that leads to an account, where the wanted one does not yet.
    pub fn word(&self, who: Who) -> usize {
        let leads = self.accounts.get(&who.account).is_some_and(|account| match who.word {
            1 => account.was_renamed,
            _ => account.has_alias,
        });
        if leads { who.word } else { 0 }
    }

    /// Ingests a file of this text as upload number `upload`.
    pub fn ingest(&mut self, text: &str, file: &File, upload: i64, now: i64) -> Answer {
        if let Some(counts) = self.files.get(text).copied() {
            self.flush_after(file.mode, now);
            return Answer::Known(counts);
        }
        let makes_accounts = matches!(file.rows, Rows::Kpis(_) | Rows::Profiles(_));
        if !self.exists && !makes_accounts {
            return Answer::Refused;
        }
        let mut after = self.clone();
        let passage = after.take(file, upload, now);
        if passage.rows.rejected > 0 && !file.skip {
            return Answer::Refused;
        }
        let created = (after.accounts.len() - self.accounts.len()) as u64;
        let mut published = 0;
        for (account, events) in passage.events.iter().filter(|_| file.mode != Mode::Silent) {
            published += events.len() as u64;
            let account = after.accounts.entry(*account).or_default();
            account.publish(events, file.mode == Mode::Deferred, self.prefer, now);
        }
        after.exists = true;
        after.files.insert(text.to_owned(), passage.rows);
        after.flush_after(file.mode, now);
        *self = after;
        Answer::Taken { rows: passage.rows, touched: passage.touched.len() as u64, created, published }
    }

    fn take(&mut self, file: &File, upload: i64, now: i64) -> Passage {
        let mut passage = Passage::default();
        match &file.rows {
            Rows::Kpis(rows) => {
                for row in rows {
                    if !passage.is_good(row.cell != Cell::Bad, row.who) {
                        continue;
                    }
                    let account = self.accounts.entry(row.who.account).or_default();
                    let fate = account.kpis.take(row, now / DAY, upload);
                    if row.cell != Cell::Blank {
                        account.named_by[0] = Some(upload);
                    }
                    passage.once(account, row.who, fate, "kpi_data_uploaded", now);
                }
            }
            Rows::Profiles(rows) => self.take_profiles(rows, &mut passage, upload, now),
            Rows::Health(rows) => {
                let is_score = |points: Option<i64>| points.is_none_or(|points| points <= 100);
                for row in rows {
                    let Some(account) =
                        self.accounts.get_mut(&row.who.account).filter(|_| is_score(row.overall))
                    else {
                        passage.rows.add(Fate::Rejected);
                        continue;
                    };
                    passage.touched.insert(row.who.account);
                    if (row.overall, row.support) != (None, None) {
                        account.named_by[2] = Some(upload);
                    }
                    let fate = account.health.take(row, upload);
                    passage.once(account, row.who, fate, "health_scores_updated", now);
                }
            }
            Rows::Playbooks(rows) => self.take_playbooks(rows, &mut passage, upload, now),
            Rows::Notes(rows) => {
                for row in rows {
                    let Some(account) = self.accounts.get_mut(&row.who.account) else {
                        passage.rows.add(Fate::Rejected);
                        continue;
                    };
                    let fate = account.notes.take(row, now);
                    passage.rows.add(fate);
                    if fate != Fate::Rejected {
                        passage.touched.insert(row.who.account);
                        account.named_by[4] = Some(upload);
                    }
                    if fate.is_news() {
                        account.soil(now);
                    }
                }
            }
        }
        passage
    }

    fn take_profiles(
        &mut self,
        rows: &[super::rows::ProfileRow],
        passage: &mut Passage,
        upload: i64,
        now: i64,
    ) {
        for row in rows {
            let mut account = self.accounts.get(&row.who.account).cloned().unwrap_or_default();
            let fate = account.profile.take(row);
            passage.rows.add(fate);
            if fate == Fate::Rejected {
                continue;
            }
            passage.touched.insert(row.who.account);
            if says_anything(row) {
                account.named_by[1] = Some(upload);
            }
            if fate.is_news() {
                account.soil(now);
                passage.tell(row.who, "account_data_changed", Some("profile_uploaded"));
            }
            self.accounts.insert(row.who.account, account);
        }
    }

    fn take_playbooks(
        &mut self,
        rows: &[super::rows::PlaybookRow],
        passage: &mut Passage,
        upload: i64,
        now: i64,
    ) {
        for row in rows {
            let Some(account) = self.accounts.get_mut(&row.who.account) else {
                passage.rows.add(Fate::Rejected);
                continue;
            };
            let taken = account.playbooks.take(row, now);
            passage.rows.add(taken.fate);
            if taken.fate != Fate::Rejected {
                passage.touched.insert(row.who.account);
            }
            if taken.names {
                account.named_by[3] = Some(upload);
            }
            if taken.fate.is_news() {
                account.soil(now);
            }
            if taken.completes {
                passage.tell(row.who, "account_data_changed", Some("playbook_execution_completed"));
            }
        }
    }

    /// What any write does last, unless it defers: those held by the cooldown, once it is over.
    fn flush_after(&mut self, mode: Mode, now: i64) {
        if mode != Mode::Deferred {
            self.write_where(now, |account| account.is_held() && !account.is_cooling(now));
        }
    }

    /// The command.
    pub fn flush(&mut self, at_once: bool, now: i64) -> u64 {
        self.write_where(now, |account| account.is_owed() && (at_once || !account.is_cooling(now)))
    }

    fn write_where(&mut self, now: i64, is_wanted: impl Fn(&Account) -> bool) -> u64 {
        let mut written = 0;
        for account in self.accounts.values_mut().filter(|account| is_wanted(account)) {
            account.write_what_is_owed(self.prefer, now);
            written += 1;
        }
        written
    }

    /// A snapshot by hand; false where there is no such account.
    pub fn create(&mut self, account: usize, now: i64) -> bool {
        let Some(account) = self.accounts.get_mut(&account) else { return false };
        account.snapshot_by_hand(self.prefer, now);
        self.flush_after(Mode::Plain, now);
        true
    }

    /// Changes who an account is; None where there is no such account, else whether anything changed.
    pub fn change(
        &mut self,
        account: usize,
        now: i64,
        change: impl Fn(&mut Account) -> bool,
    ) -> Option<bool> {
        let changed = change(self.accounts.get_mut(&account)?);
        if changed {
            self.flush_after(Mode::Plain, now);
        }
        Some(changed)
    }
}

impl Passage {
    /// Counts a row that is bad in itself; one that is good names its account.
    fn is_good(&mut self, is_good: bool, who: Who) -> bool {
        match is_good {
            true => drop(self.touched.insert(who.account)),
            false => self.rows.add(Fate::Rejected),
        }
        is_good
    }

    /// A row of a kind of which an account has one event a file.
    fn once(&mut self, account: &mut Account, who: Who, fate: Fate, kind: &'static str, now: i64) {
        self.rows.add(fate);
        if fate.is_news() {
            account.soil(now);
        }
        if fate.is_news() && !self.events.contains_key(&who.account) {
            self.tell(who, kind, None);
        }
    }

    fn tell(&mut self, who: Who, kind: &'static str, action: Option<&'static str>) {
        self.events.entry(who.account).or_default().push((kind, action));
    }
}
