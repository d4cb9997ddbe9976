//! A random story of files of every kind, flushes, snapshots by hand and changed names, of two customers, agrees with
//! a naive model of the same, step by step.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use crate::naive::account::{Account, Event};
use crate::naive::book::{Answer, Book};
use crate::naive::rows::{Counts, File};
use crate::story::chance::{self, Doing};
use crate::story::program::Program;
use crate::story::{ACCOUNTS, CUSTOMERS, KPIS, day, seen, text};
use crate::support::random::times;
use acctsnap::model::ids::UploadId;
use acctsnap::ops::accounts::{alias_account, archive_account, rename_account, unarchive_account};
use acctsnap::ops::flush::{FlushOptions, flush_pending};
use acctsnap::ops::snapshot_create::{CreateOptions, create_snapshots};
use acctsnap::ops::verify::{VerifyOptions, verify};
use acctsnap::report::ingest::{FileStatus, FileView, Rows};
use proptest::prelude::*;

/// Both sides of a story.
struct Story {
    program: Program,
    books: [Book; 2],
    /// How many uploads were recorded.
    uploads: i64,
    /// Each customer's files, as they were handed in.
    files: [Vec<(String, File)>; 2],
    now: i64,
}

impl Story {
    fn perform(&mut self, customer: usize, doing: &Doing) -> Result<(), TestCaseError> {
        match doing {
            Doing::Ingest(file) => {
                let text = text::of(&file.rows, &self.books[customer]);
                self.ingest(customer, &text, file)?;
                self.files[customer].push((text, file.clone()));
            }
            Doing::Again(back) => {
                if let Some((text, file)) = self.files[customer].iter().rev().nth(*back).cloned() {
                    self.ingest(customer, &text, &file)?;
                }
            }
            Doing::Flush { now: at_once, everyone } => self.flush(customer, *at_once, *everyone)?,
            Doing::Create(account) => {
                let options =
                    CreateOptions { accounts: vec![ACCOUNTS[*account][0]], ..CreateOptions::default() };
                let made = self
                    .program
                    .at(customer, self.now, |context| create_snapshots(context, &options).is_ok());
                prop_assert_eq!(made, self.books[customer].create(*account, self.now));
            }
            Doing::Rename(..) | Doing::Alias(_) | Doing::Archive(..) => self.change(customer, doing)?,
        }
        Ok(())
    }

    fn ingest(&mut self, customer: usize, text: &str, file: &File) -> Result<(), TestCaseError> {
        let told = self.program.ingest(customer, self.now, file, text);
        let answer = self.books[customer].ingest(text, file, self.uploads + 1, self.now);
        match answer {
            Answer::Refused => prop_assert!(told.is_err(), "expected a refusal, found {told:?}\n{text}"),
            Answer::Known(counts) => {
                let told = told.expect("a known file");
                prop_assert_eq!(told.status, FileStatus::UnchangedFile);
                let unchanged = counts.inserted + counts.updated + counts.unchanged;
                prop_assert_eq!(
                    rows(&told.rows),
                    Counts { unchanged, rejected: counts.rejected, ..Counts::default() }
                );
            }
            Answer::Taken { rows: counts, touched, created, published } => {
                let told: FileView =
                    told.map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
                self.uploads += 1;
                prop_assert_eq!(told.upload_id.map(UploadId::get), Some(self.uploads));
                prop_assert_eq!(rows(&told.rows), counts, "{}", text);
                prop_assert_eq!(
                    told.rows.read,
                    counts.inserted + counts.updated + counts.unchanged + counts.rejected
                );
                prop_assert_eq!(
                    (told.accounts.touched, told.accounts.created),
                    (touched, created),
                    "{}",
                    text
                );
                prop_assert_eq!(told.events.published, published, "{}", text);
            }
        }
        Ok(())
    }

    fn flush(&mut self, customer: usize, now: bool, everyone: bool) -> Result<(), TestCaseError> {
        let only = (!everyone).then_some(CUSTOMERS[customer]);
        let options = FlushOptions { now, customer: only, account: None };
        let flushed = self.program.at(customer, self.now, |context| {
            flush_pending(context, &options).map(|view| view.created).unwrap_or_default()
        });
        let served = self.books.iter_mut().enumerate().filter(|(book, _)| everyone || *book == customer);
        let expected: u64 = served.map(|(_, book)| book.flush(now, self.now)).sum();
        prop_assert_eq!(flushed, expected);
        Ok(())
    }

    fn change(&mut self, customer: usize, doing: &Doing) -> Result<(), TestCaseError> {
        let (now, book) = (self.now, &mut self.books[customer]);
        let words = |account: &usize| ACCOUNTS[*account];
        let told = self.program.at(customer, now, |context| match doing {
            Doing::Rename(account, word) => rename_account(context, words(account)[0], words(account)[*word]),
            Doing::Alias(account) => alias_account(context, words(account)[0], &[words(account)[2]]),
            Doing::Archive(account, true) => archive_account(context, words(account)[0], None),
            Doing::Archive(account, false) => unarchive_account(context, words(account)[0]),
            other => unreachable!("{other:?} changes no account"),
        });
        let set = |field: &mut bool, value: bool| std::mem::replace(field, value) != value;
        let expected = match doing {
            Doing::Rename(account, word) => book.change(*account, now, |account| {
                account.was_renamed |= *word == 1;
                std::mem::replace(&mut account.name, *word) != *word
            }),
            Doing::Alias(account) => book.change(*account, now, |account| set(&mut account.has_alias, true)),
            Doing::Archive(account, aside) => {
                book.change(*account, now, |account| set(&mut account.is_archived, *aside))
            }
            _ => None,
        };
        prop_assert_eq!(told.ok().map(|view| view.changed), expected);
        Ok(())
    }

    /// Everything that the model knows is what the program answers.
    fn agree(&self) -> Result<(), TestCaseError> {
        for (customer, book) in self.books.iter().enumerate().filter(|(_, book)| book.exists) {
            let by_name = |account: &usize, state: &Account| ACCOUNTS[*account][state.name].to_owned();
            let expected: BTreeMap<_, _> = book
                .accounts
                .iter()
                .filter_map(|(place, state)| Some((by_name(place, state), seen::expected(customer, state)?)))
                .collect();
            let newest = self.program.newest(customer, self.now);
            let answered: BTreeMap<_, _> =
                newest.iter().map(|(name, view)| (name.clone(), seen::answered(view))).collect();
            for (name, expected) in &expected {
                for (field, expected) in expected.as_object().into_iter().flatten() {
                    let answered = answered.get(name).map(|it| &it[field]);
                    prop_assert_eq!(answered, Some(expected), "{} of {}", field, name);
                }
            }
            prop_assert_eq!(&answered, &expected);

            let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
            for event in self.program.sandbox.events(CUSTOMERS[customer]) {
                let action = event.action.as_deref().map(|action| match action {
                    "profile_uploaded" => "profile_uploaded",
                    "playbook_execution_completed" => "playbook_execution_completed",
                    _ => "another",
                });
                let (kind, first, outcome) =
                    (event.event_type.code(), event.first_outcome.code(), event.outcome.code());
                let name = event.account_name.unwrap_or_default();
                events.entry(name).or_default().push(Event { kind, action, first, outcome });
            }
            let expected = book.accounts.iter().filter(|(_, state)| !state.events.is_empty());
            let expected = expected.map(|(place, state)| (by_name(place, state), state.events.clone()));
            prop_assert_eq!(events, expected.collect::<BTreeMap<_, _>>());
            prop_assert_eq!(self.current_values(customer), values(book));
        }
        Ok(())
    }

    fn current_values(&self, customer: usize) -> Values {
        let sql = self.program.sandbox.sql();
        let query = "SELECT account_name, kpi, observed_at, value FROM v_kpi_current WHERE customer = ?1";
        let mut statement = sql.prepare(query).expect("a query");
        let rows = statement.query_map([CUSTOMERS[customer]], |row| {
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("values")
    }
}

type Values = BTreeMap<(String, String), (String, Option<f64>)>;

fn values(book: &Book) -> Values {
    let of_account = |(place, state): (&usize, &Account)| {
        let name = ACCOUNTS[*place][state.name];
        let current = state.kpis.current().into_iter();
        current
            .map(|(kpi, (date, value))| {
                ((name.to_owned(), KPIS[kpi].to_owned()), (day(date).to_string(), value.map(f64::from)))
            })
            .collect::<Vec<_>>()
    };
    book.accounts.iter().flat_map(of_account).collect()
}

fn rows(told: &Rows) -> Counts {
    let Rows { inserted, updated, unchanged, rejected, .. } = *told;
    Counts { inserted, updated, unchanged, rejected }
}

proptest! {
    #![proptest_config(times(12))]

    #[test]
    fn any_story_agrees_with_the_naive_model(
        prefer in [chance::prefer(), chance::prefer()],
        steps in proptest::collection::vec((chance::step(), chance::doing()), 1..25)
    ) {
        let mut story = Story {
            program: Program::new(prefer),
            books: prefer.map(Book::new),
            uploads: 0,
            files: [vec![], vec![]],
            now: 36_000_000,
        };
        for (step, (customer, doing)) in &steps {
            story.now += step;
            story.perform(*customer, doing)?;
            story.agree()?;
        }
        if story.uploads > 0 {
            let (wrong, _) = crate::support::chain::check(&story.program.sandbox.sql());
            prop_assert_eq!(wrong, Vec::<i64>::new());
            let options = VerifyOptions::default();
            let verified = story.program.at(0, story.now, |context| verify(context, &options));
            let verified = verified.expect("a verification");
            prop_assert_eq!(verified.findings, vec![]);
        }
    }
}
