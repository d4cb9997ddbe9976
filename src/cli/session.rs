//! What every command is handed: where things are, who asks, what time it is, and whom to tell.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::args::GlobalArgs;
use super::environment::Environment;
use super::locations::{self, Given};
use super::printer::Printer;
use super::progress::TerminalObserver;
use crate::clock::Clock;
use crate::error::Result;
use crate::ops::observer::Cancel;

/// One run of one command.
pub struct Session {
    /// The flags as typed.
    pub arguments: GlobalArgs,
    /// The surroundings.
    pub environment: Environment,
    /// Prints answers.
    pub printer: Arc<Printer>,
    /// Is told of progress, and prints messages.
    pub observer: TerminalObserver,
    /// Says whether a signal asked to stop.
    pub cancel: Cancel,
    /// The database that the command turned out to work on.
    pub database: OnceLock<PathBuf>,
    /// The customer's name and the place that gave it, where that is the environment or the config.
    pub customer_named_by: OnceLock<(String, String)>,
}

impl Session {
    /// A run with these flags in these surroundings.
    #[must_use]
    pub fn new(
        arguments: GlobalArgs,
        environment: Environment,
        printer: Arc<Printer>,
        cancel: Cancel,
    ) -> Self {
        let observer = TerminalObserver::new(Arc::clone(&printer));
        Self {
            arguments,
            environment,
            printer,
            observer,
            cancel,
            database: OnceLock::new(),
            customer_named_by: OnceLock::new(),
        }
    }

    /// The configuration file, where there is one.
    #[must_use]
    pub fn config_file(&self) -> Option<Given<PathBuf>> {
        locations::config_file(&self.arguments, &self.environment, Path::is_file)
    }

    /// The database file; `configured` is what the configuration names.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] where nothing names one.
    pub fn database_file(&self, configured: Option<PathBuf>) -> Result<Given<PathBuf>> {
        locations::database_file(&self.arguments, &self.environment, configured)
    }

    /// The customer that flag or environment names, and which of the two: only the flag narrows a command that
    /// serves every customer.
    #[must_use]
    pub fn customer(&self) -> Option<Given<String>> {
        Given::of(self.arguments.customer.clone(), self.environment.customer.clone())
    }

    /// Who does it.
    #[must_use]
    pub fn actor(&self) -> &str {
        let named = self.arguments.actor.as_ref().or(self.environment.actor.as_ref());
        named.unwrap_or(&self.environment.user_at_host)
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.arguments.at.map_or(Clock::System, Clock::Fixed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::global::{ColourChoice, Format};
    use super::super::locations::Origin;
    use super::super::output::OutputOptions;
    use super::super::testing::Captured;
    use super::*;
    use crate::model::time::Timestamp;

    fn session(arguments: GlobalArgs, environment: Environment) -> Session {
        let options = OutputOptions::early(Format::Text, ColourChoice::Never, &environment);
        let printer = Printer::new(options, Captured::default().stream(), Captured::default().stream());
        Session::new(arguments, environment, Arc::new(printer), Cancel::new())
    }

    #[test]
    fn the_flag_s_customer_is_told_from_the_environment_s() {
        let environment = Environment { customer: Some("env".into()), ..Environment::default() };
        let flag = GlobalArgs { customer: Some("flag".into()), ..GlobalArgs::default() };
        let both = session(flag, environment.clone()).customer();
        assert_eq!(both, Some(Given::new("flag".into(), Origin::Flag)));
        let one = session(GlobalArgs::default(), environment).customer();
        assert_eq!(one, Some(Given::new("env".into(), Origin::Environment)));
        assert_eq!(session(GlobalArgs::default(), Environment::default()).customer(), None);
    }

    #[test]
    fn actor_and_clock_have_their_defaults() {
        let environment = Environment { user_at_host: "jo@desk".into(), ..Environment::default() };
        let plain = session(GlobalArgs::default(), environment.clone());
        assert_eq!((plain.actor(), plain.clock()), ("jo@desk", Clock::System));
        let at = Timestamp::from_millis(5);
        let arguments = GlobalArgs { at: Some(at), ..GlobalArgs::default() };
        let replay = session(arguments, Environment { actor: Some("cron".into()), ..environment });
        assert_eq!((replay.actor(), replay.clock().now()), ("cron", at));
    }
}
