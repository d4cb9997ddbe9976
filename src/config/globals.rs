//! The three settings that stand above every customer: which database, which customer, who acts.
//!
//! They alone can be given by flag and environment; both are handed over, nothing is read here.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Config;
use super::origin::{Origin, Placed, Resolved};
use crate::error::{Error, ErrorKind, Result};
use crate::model::names::name_key;

/// The environment variable that names the database.
pub const ENVIRONMENT_DATABASE: &str = "ACCTSNAP_DB";
/// The environment variable that names the customer.
pub const ENVIRONMENT_CUSTOMER: &str = "ACCTSNAP_CUSTOMER";
/// The environment variable that names who acts.
pub const ENVIRONMENT_ACTOR: &str = "ACCTSNAP_ACTOR";

/// Values for the three, from one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GlobalValues {
    /// The database file.
    pub database: Option<PathBuf>,
    /// The customer's name.
    pub customer: Option<String>,
    /// Who acts.
    pub actor: Option<String>,
}

impl GlobalValues {
    /// From environment variables, by name; a blank one counts as not set.
    ///
    /// # Errors
    /// `usage`, where a name is not UTF-8.
    pub fn from_environment(environment: &BTreeMap<String, OsString>) -> Result<Self> {
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let text = |name: &str| -> Result<Option<String>> {
            let Some(value) = set(name) else { return Ok(None) };
            let text = value.to_str().ok_or_else(|| {
                Error::new(ErrorKind::Usage, format!("expected UTF-8 in {name}, got other bytes"))
                    .with_hint(format!("set {name} again, or unset it"))
            })?;
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        };
        Ok(Self {
            database: set(ENVIRONMENT_DATABASE).map(PathBuf::from),
            customer: text(ENVIRONMENT_CUSTOMER)?,
            actor: text(ENVIRONMENT_ACTOR)?,
        })
    }
}

impl Config {
    /// With what the command line's flags say.
    #[must_use]
    pub fn with_flags(mut self, flags: GlobalValues) -> Self {
        self.flags = flags;
        self
    }

    /// With what the environment says.
    #[must_use]
    pub fn with_environment(mut self, environment: GlobalValues) -> Self {
        self.environment = environment;
        self
    }

    /// With what holds where nobody says anything; without it `acctsnap.db`, `default` and `unknown`.
    #[must_use]
    pub fn with_defaults(mut self, defaults: GlobalValues) -> Self {
        self.defaults = defaults;
        self
    }

    /// The database file; a path in the configuration file is relative to that file's folder.
    #[must_use]
    pub fn database(&self) -> Resolved<PathBuf> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let in_file = self.file.database.clone().map(|written| written.map(|path| folder.join(path)));
        self.global(
            "--db",
            ENVIRONMENT_DATABASE,
            |values| values.database.clone(),
            in_file,
            || "acctsnap.db".into(),
        )
    }

    /// The customer's name. Commands that serve every customer narrow themselves by a flag alone.
    #[must_use]
    pub fn customer(&self) -> Resolved<String> {
        let in_file = self.file.customer.clone();
        self.global(
            "--customer",
            ENVIRONMENT_CUSTOMER,
            |values| values.customer.clone(),
            in_file,
            || "default".into(),
        )
    }

    /// Where environment and file name a customer that is known by these names: as the one that is meant where no flag
    /// names one, and by a section of its own.
    #[must_use]
    pub fn places_naming(&self, names: &[String]) -> Vec<String> {
        let is_named = |given: &str| names.iter().any(|name| name_key(name) == name_key(given));
        let variable = self.environment.customer.as_deref().filter(|name| is_named(name));
        let in_file = self.file.customer.as_ref().filter(|placed| is_named(&placed.value));
        let sections = names.iter().filter(|name| self.has_section_of(name));
        variable
            .map(|_| Origin::Environment(ENVIRONMENT_CUSTOMER).to_string())
            .into_iter()
            .chain(in_file.map(|placed| self.origin_of(placed).to_string()))
            .chain(sections.map(|name| format!("{} (customers.{name})", self.path.display())))
            .collect()
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Resolved<String> {
        let in_file = self.file.actor.clone();
        self.global("--actor", ENVIRONMENT_ACTOR, |values| values.actor.clone(), in_file, || "unknown".into())
    }

    /// Flag beats environment beats file beats default.
    fn global<T>(
        &self,
        flag: &'static str,
        variable: &'static str,
        of: impl Fn(&GlobalValues) -> Option<T>,
        in_file: Option<Placed<T>>,
        last: impl FnOnce() -> T,
    ) -> Resolved<T> {
        if let Some(value) = of(&self.flags) {
            return Resolved { value, origin: Origin::Flag(flag) };
        }
        if let Some(value) = of(&self.environment) {
            return Resolved { value, origin: Origin::Environment(variable) };
        }
        match in_file {
            Some(placed) => Resolved { origin: self.origin_of(&placed), value: placed.value },
            None => Resolved::default_of(of(&self.defaults).unwrap_or_else(last)),
        }
    }
}
