//! One account: its facts, its events, and the snapshots that were taken of it.

use super::COOLDOWN;
use super::health::{Health, Prefer};
use super::kpis::Kpis;
use super::notes::Notes;
use super::playbooks::Playbooks;
use super::profile::Profile;
use super::shown::Shown;

/// The kinds of file, in the order of a snapshot's sources.
pub const KINDS: [&str; 5] = ["kpis", "profiles", "health", "playbooks", "notes"];

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its type.
    pub kind: &'static str,
    /// In more words.
    pub action: Option<&'static str>,
    /// What was decided first.
    pub first: &'static str,
    /// What was decided last.
    pub outcome: &'static str,
}

impl Event {
    fn is_pending(&self) -> bool {
        ["skipped", "deferred"].contains(&self.outcome)
    }
}

/// One account.
#[derive(Debug, Default, Clone)]
pub struct Account {
    /// Which of its words is its name.
    pub name: usize,
    /// Whether it was ever renamed.
    pub was_renamed: bool,
    /// Whether it has its alias.
    pub has_alias: bool,
    /// Whether it is put aside.
    pub is_archived: bool,
    /// Its KPIs.
    pub kpis: Kpis,
    /// Its profile.
    pub profile: Profile,
    /// Its health rows.
    pub health: Health,
    /// Its executions.
    pub playbooks: Playbooks,
    /// Its notes.
    pub notes: Notes,
    /// The upload that last named each kind of fact, in the order of [`KINDS`].
    pub named_by: [Option<i64>; 5],
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// The snapshots, oldest first.
    pub snapshots: Vec<Shown>,
    stamp: Option<i64>,
    /// When the oldest change came that no snapshot holds.
    dirty_since: Option<i64>,
}

impl Account {
    /// What an answer says: only an account that has a snapshot can have one that is behind.
    pub fn dirty_since(&self) -> Option<i64> {
        self.dirty_since.filter(|_| !self.snapshots.is_empty())
    }

    /// Facts changed.
    pub fn soil(&mut self, now: i64) {
        self.dirty_since.get_or_insert(now);
    }

    /// Whether any event is owed a snapshot.
    pub fn is_owed(&self) -> bool {
        self.events.iter().any(Event::is_pending)
    }

    /// Whether one is that a cooldown held.
    pub fn is_held(&self) -> bool {
        self.events.iter().any(|event| event.outcome == "skipped")
    }

    /// Whether the cooldown of event-driven snapshots holds.
    pub fn is_cooling(&self, now: i64) -> bool {
        self.stamp.is_some_and(|stamp| now < stamp + COOLDOWN)
    }

    /// Events of one file; decided together.
    pub fn publish(
        &mut self,
        events: &[(&'static str, Option<&'static str>)],
        defer: bool,
        prefer: Prefer,
        now: i64,
    ) {
        if events.is_empty() {
            return;
        }
        let outcome = match (defer, self.is_cooling(now)) {
            (true, _) => "deferred",
            (false, true) => "skipped",
            (false, false) => "",
        };
        let drafts = events.iter();
        self.events.extend(drafts.map(|(kind, action)| Event {
            kind,
            action: *action,
            first: outcome,
            outcome,
        }));
        if !outcome.is_empty() {
            return;
        }
        let new = self.events.len() - events.len();
        self.events[..new]
            .iter_mut()
            .filter(|event| event.is_pending())
            .for_each(|event| event.outcome = "covered");
        self.events[new..].iter_mut().for_each(|event| (event.first, event.outcome) = ("covered", "covered"));
        let last = self.events.len() - 1;
        (self.events[last].first, self.events[last].outcome) = ("created", "created");
        self.snapshot(Some(last), prefer, now);
    }

    /// A snapshot of what is owed: it names the newest event, and covers the others.
    pub fn write_what_is_owed(&mut self, prefer: Prefer, now: i64) {
        let newest = self.events.iter().rposition(Event::is_pending);
        self.cover();
        newest.into_iter().for_each(|newest| self.events[newest].outcome = "created");
        self.snapshot(newest, prefer, now);
    }

    /// A snapshot by hand.
    pub fn snapshot_by_hand(&mut self, prefer: Prefer, now: i64) {
        self.cover();
        self.snapshot(None, prefer, now);
    }

    fn cover(&mut self) {
        let pending = self.events.iter_mut().filter(|event| event.is_pending());
        pending.for_each(|event| event.outcome = "covered");
    }

    fn snapshot(&mut self, event: Option<usize>, prefer: Prefer, now: i64) {
        let event = event.map(|place| self.events[place].clone());
        let shown = Shown::of(self, event.as_ref(), prefer, now);
        self.snapshots.push(shown);
        self.dirty_since = None;
        // A snapshot by hand delays no event.
        if event.is_some() {
            self.stamp = Some(now);
        }
    }
}
