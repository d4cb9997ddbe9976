//! What every use case is handed: which database, whose data, by which settings, at what time, told to whom.

use std::path::Path;
use std::time::Duration;

use super::observer::{Cancel, Level, Message, Observer};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::CustomerId;
use crate::model::kpi::advice::shell_word;
use crate::store::{Begin, Reader, Store, WhichCustomer, WriteTransaction};

/// What every use case is handed.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The database file.
    pub database: &'a Path,
    /// The settings.
    pub config: &'a Config,
    /// The customer's name.
    pub customer: &'a str,
    /// Who does it.
    pub actor: &'a str,
    /// What time it is.
    pub clock: Clock,
    /// How long a busy database is waited for.
    pub wait: Duration,
    /// Who is told.
    pub observer: &'a dyn Observer,
    /// Asks to stop.
    pub cancel: &'a Cancel,
    /// Whether everything is done and then taken back.
    pub dry_run: bool,
}

/// A busy database is mentioned after so long.
const MENTION_AFTER: Duration = Duration::from_secs(2);

impl Context<'_> {
    /// Opens the database for reading, as it is known or was known at an earlier moment; it must be there.
    ///
    /// # Errors
    /// `NoDatabase`, `NotOurDatabase`, `NewerDatabase`, `Damaged`, `IoError`.
    pub fn open_to_read(&self) -> Result<Store> {
        let store = Store::open_read_only(self.database).inspect(|store| self.tell_of_upgrade(store))?;
        match self.clock {
            Clock::AsOf(at) => store.known_at(at),
            Clock::System | Clock::Fixed(_) => Ok(store),
        }
    }

    /// Opens the database for copying, in whatever schema version it is; it must be there.
    ///
    /// # Errors
    /// As [`Context::open_to_read`]; `Usage` with an earlier moment, of which there is no copy.
    pub fn open_as_it_is(&self) -> Result<Store> {
        self.refuse_earlier_moment()?;
        Store::open_as_it_is(self.database)
    }

    /// Opens the database for writing; it must be there.
    ///
    /// # Errors
    /// As [`Context::open_to_read`], and `ReadOnly`.
    pub fn open_to_write(&self) -> Result<Store> {
        self.refuse_earlier_moment()?;
        Store::open(self.database).inspect(|store| self.tell_of_opening(store))
    }

    /// Opens the database for writing and makes it where it is not there, in memory where this is a dry run.
    /// Says whether it made it.
    ///
    /// # Errors
    /// As [`Context::open_to_write`], without `NoDatabase`.
    pub fn open_or_create(&self) -> Result<(Store, bool)> {
        self.refuse_earlier_moment()?;
        if self.dry_run && !self.database.exists() {
            return Ok((Store::in_memory()?, true));
        }
        Store::open_or_create(self.database).inspect(|(store, _)| self.tell_of_opening(store))
    }

    /// What was known then cannot be added to.
    pub(super) fn refuse_earlier_moment(&self) -> Result<()> {
        match self.clock {
            Clock::AsOf(_) => Err(Error::new(
                ErrorKind::Usage,
                "--as-of answers what was known at a moment; this command writes",
            )
            .with_hint("leave --as-of out; --at takes an instant as now")),
            Clock::System | Clock::Fixed(_) => Ok(()),
        }
    }

    /// What somebody who opens a database to write should know.
    fn tell_of_opening(&self, store: &Store) {
        self.tell_of_upgrade(store);
        if let Some(network) = store.network() {
            let text = format!(
                "{} lies on {network}: written with the rollback journal, which relies on that file system's locks; \
                 keep it on a local disk, and backups there",
                self.database.display()
            );
            self.observer.message(Level::Warning, &Message::new(text).of("network_file_system"));
        }
    }

    /// A file of an earlier schema version is brought up to date when it is opened, and that is said.
    fn tell_of_upgrade(&self, store: &Store) {
        if let Some(upgraded) = store.upgraded() {
            let text = format!(
                "brought {} from schema version {} to {}; earlier programs cannot open it any more, the file as it was \
                 is kept as {}",
                self.database.display(),
                upgraded.from,
                Store::SCHEMA_VERSION,
                upgraded.kept.display()
            );
            self.observer.message(Level::Info, &Message::new(text).of("database_upgraded"));
        }
    }

    /// Begins a write transaction: waits for the lock, tells of a long wait, stops where asked to.
    ///
    /// # Errors
    /// `Busy`, `Interrupted`, `UnknownCustomer`, and anything that the database says.
    pub fn begin<'s>(
        &self,
        store: &'s mut Store,
        customer: WhichCustomer<'_>,
        command: &str,
    ) -> Result<WriteTransaction<'s>> {
        let mut mentioned = false;
        let mut waiting = |waited: Duration| {
            self.mention_wait(waited, &mut mentioned);
            !self.cancel.is_requested()
        };
        let transaction = store.begin(Begin {
            clock: self.clock,
            customer,
            command,
            actor: self.actor,
            wait: self.wait,
            waiting: &mut waiting,
        })?;
        if transaction.clock_went_back() {
            let text = format!(
                "the system's clock stands at {}, before the last recorded change; writing on under {}",
                transaction.now(),
                transaction.recorded_at()
            );
            self.observer.message(Level::Warning, &Message::new(text).of("clock_went_back"));
        }
        Ok(transaction)
    }

    /// Tells once of a database that has been busy for long.
    pub(super) fn mention_wait(&self, waited: Duration, mentioned: &mut bool) {
        if waited >= MENTION_AFTER && !std::mem::replace(mentioned, true) {
            self.observer.waiting_for_database(waited.as_secs());
        }
    }

    /// Makes a transaction durable, or takes it back where this is a dry run.
    ///
    /// # Errors
    /// `Interrupted` where somebody asked to stop; anything that the database says.
    pub fn conclude(&self, transaction: WriteTransaction<'_>) -> Result<()> {
        self.cancel.check()?;
        if self.dry_run {
            transaction.roll_back();
            return Ok(());
        }
        transaction.commit().map(drop)
    }

    /// The customers that a command serves: all of them, by id, or `only` the one of this name.
    ///
    /// # Errors
    /// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
    pub fn customers_served(&self, only: Option<&str>) -> Result<Vec<Customer>> {
        let store = self.open_to_read()?;
        let reader = store.reader()?;
        let only = only.map(|name| reader.find_customer(name)).transpose()?;
        let all = reader.list_customers()?.into_iter();
        let wanted = all.filter(|customer| only.is_none_or(|only| only == customer.id));
        Ok(wanted.map(|customer| Customer { id: customer.id, name: customer.name }).collect())
    }

    /// A customer's time zone, by its settings under any of its names.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn zone_of(&self, reader: &Reader<'_>, customer: CustomerId) -> Result<chrono_tz::Tz> {
        let names = reader.customer_names(customer)?;
        Ok(self.config.for_customer_known_as(&names).timezone().value)
    }

    /// A command line about a customer's things, to be copied: it names the customer where nothing but a flag would.
    #[must_use]
    pub fn command_line(&self, customer: &str, words: &str) -> String {
        let of_flag = self.config.for_customer(customer).customer_of_flag();
        match of_flag.is_some() || customer != self.customer {
            true => format!("acctsnap {words} --customer {}", shell_word(customer)),
            false => format!("acctsnap {words}"),
        }
    }

    /// Tells of something.
    pub fn tell(&self, level: Level, message: &Message) {
        self.observer.message(level, message);
    }
}

/// A customer that an answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Our id.
    pub id: CustomerId,
    /// Its name as it is kept.
    pub name: String,
}
