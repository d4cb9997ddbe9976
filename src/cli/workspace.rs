//! What a command works on: settings, database, customer, actor, each by flag, environment, config or default.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::moments;
use super::session::Session;
use crate::clock::Clock;
use crate::config::{Config, CustomerSettings, GlobalValues, Origin};
use crate::error::{Error, ErrorKind, Result};
use crate::model::duration::Span;
use crate::model::moment::Moment;
use crate::ops::Context;
use crate::ops::customers::known_as;
use crate::ops::names::checked_name;

/// What a command works on.
pub struct Workspace<'s> {
    session: &'s Session,
    /// The settings.
    pub config: Config,
    /// The database file.
    pub database: PathBuf,
    /// The customer's name.
    pub customer: String,
    /// Whether that name came from the flag: only then do commands that serve every customer narrow themselves.
    pub customer_is_flag: bool,
    known_as: Vec<String>,
    actor: String,
    wait: Duration,
    clock: Clock,
}

/// How long a busy database is waited for where nothing else is said.
const WAIT: Duration = Duration::from_secs(30);

impl<'s> Workspace<'s> {
    /// Reads the settings and works out where everything is.
    ///
    /// # Errors
    /// `Usage` where a setting makes no sense; `FileNotFound` where a named config is not there; `NoDatabase`
    /// where no place for a database is known; what keeps a database from being read, where a customer has
    /// settings of its own.
    pub fn open(session: &'s Session) -> Result<Self> {
        Self::made(session, known_as)
    }

    /// As [`Workspace::open`], without a look into the database: it may be damaged, or about to be replaced.
    ///
    /// # Errors
    /// As [`Workspace::open`], but for what a database says.
    pub fn open_place(session: &'s Session) -> Result<Self> {
        Self::made(session, |_, customer| Ok(vec![customer.to_owned()]))
    }

    fn made(session: &'s Session, known_as: impl Fn(&Path, &str) -> Result<Vec<String>>) -> Result<Self> {
        super::commands::protect_inputs(session, [])?;
        let config = load_config(session)?;
        let database = config.database();
        if database.origin == Origin::Default && session.environment.data_folder.is_none() {
            return Err(Error::new(ErrorKind::NoDatabase, "no folder for the user's data is known")
                .with_hint("name the database with --db"));
        }
        session.database.get_or_init(|| database.value.clone());
        let customer = config.customer();
        checked_name("the customer", &customer.value)?;
        if let Origin::Environment(_) | Origin::File { .. } = &customer.origin {
            session.customer_named_by.get_or_init(|| (customer.value.clone(), customer.origin.to_string()));
        }
        checked_name("the actor", &config.actor().value)?;
        let known_as = match config.has_customer_sections() {
            true => known_as(&database.value, &customer.value)?,
            false => vec![customer.value.clone()],
        };
        let clock = as_of(session, config.for_customer_known_as(&known_as))?;
        Ok(Self {
            session,
            clock,
            known_as,
            database: database.value,
            customer_is_flag: matches!(customer.origin, Origin::Flag(_)),
            customer: customer.value,
            actor: config.actor().value,
            wait: wait(session)?,
            config,
        })
    }

    /// The context of a use case.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context {
            database: &self.database,
            config: &self.config,
            customer: &self.customer,
            actor: &self.actor,
            clock: self.clock,
            wait: self.wait,
            observer: &self.session.observer,
            cancel: &self.session.cancel,
            dry_run: self.session.arguments.dry_run,
        }
    }

    /// The customer, where the flag narrows a command that serves all.
    #[must_use]
    pub fn only_customer(&self) -> Option<&str> {
        self.customer_is_flag.then_some(self.customer.as_str())
    }

    /// The customer's settings, also where their section bears an earlier name of it.
    #[must_use]
    pub fn settings(&self) -> CustomerSettings<'_> {
        self.config.for_customer_known_as(&self.known_as)
    }

    /// The time zone in which text shows instants.
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.settings().timezone().value
    }
}

/// The settings, with what flags and environment say.
///
/// # Errors
/// `Usage` where the file makes no sense, `FileNotFound` where a named one is not there.
pub fn load_config(session: &Session) -> Result<Config> {
    let config = match session.config_file() {
        None => Config::default(),
        Some(given) => Config::parse(&read_config(&given.value)?, &given.value)?,
    };
    let (arguments, environment) = (&session.arguments, &session.environment);
    let values = |database: Option<PathBuf>, customer, actor| GlobalValues { database, customer, actor };
    let flags = values(arguments.db.clone(), arguments.customer.clone(), arguments.actor.clone());
    let variables =
        values(environment.database.clone(), environment.customer.clone(), environment.actor.clone());
    let folder = environment.data_folder.as_ref();
    let default = folder.map(|folder| folder.join(super::locations::DATABASE_FILE));
    let defaults = values(default, None, Some(environment.user_at_host.clone()));
    Ok(config.with_flags(flags).with_environment(variables).with_defaults(defaults))
}

/// The text of a configuration file.
///
/// # Errors
/// `FileNotFound` and its like; `Usage` where it is not UTF-8.
pub fn read_config(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| Error::io(path, "read", error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::new(
            ErrorKind::Usage,
            format!("{}: expected UTF-8, got another byte at offset {at}", path.display()),
        )
        .with_hint("save the file as UTF-8")
    })
}

/// The clock of the run: with `--as-of` it stands at the end of that moment, or now where the moment still runs.
fn as_of(session: &Session, settings: CustomerSettings<'_>) -> Result<Clock> {
    let clock = session.clock();
    let Some(text) = session.arguments.as_of.as_deref() else { return Ok(clock) };
    let moment =
        Moment::parse(text).map_err(|why| Error::new(ErrorKind::Usage, format!("--as-of: {why}")))?;
    let (zone, fiscal) = (settings.timezone().value, moments::fiscal_start(settings));
    let now = clock.now();
    if moment.first(zone, fiscal) > now {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("--as-of: expected a moment that has begun, got '{text}'"),
        )
        .with_hint(format!("it is {now} now")));
    }
    Ok(Clock::AsOf(moment.last(zone, fiscal).min(now)))
}

fn wait(session: &Session) -> Result<Duration> {
    let Some(text) = session.arguments.wait.as_deref() else { return Ok(WAIT) };
    Ok(Duration::from_millis(u64::try_from(fixed_millis("--wait", text)?).unwrap_or_default()))
}

/// A duration that a flag gives, in milliseconds.
///
/// # Errors
/// `Usage` where it is none, or one of months or years.
fn fixed_millis(flag: &str, text: &str) -> Result<i64> {
    let span = Span::parse(text).map_err(|why| usage(flag, &why))?;
    span.millis().ok_or_else(|| usage(flag, "months and years have no fixed length; give days"))
}

/// The greatest age that a flag allows, in milliseconds; months and years are counted back from now.
///
/// # Errors
/// `Usage` where it is no duration.
pub fn age_limit(workspace: &Workspace<'_>, flag: &str, text: &str) -> Result<i64> {
    let span = Span::parse(text).map_err(|why| usage(flag, &why))?;
    let now = workspace.context().clock.now();
    Ok(now.millis_since(span.before(now, workspace.zone())))
}

fn usage(flag: &str, why: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("{flag}: {why}")).with_hint("for example 90s, 5m, 2h, 30d")
}
