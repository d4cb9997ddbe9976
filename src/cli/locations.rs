//! Where the configuration and the database are: flag beats environment beats config beats the user's folders.
//!
//! Nothing is opened here, and whether an explicitly named file is there is for its reader to say.

use std::path::{Path, PathBuf};

use super::args::GlobalArgs;
use super::environment::Environment;
use crate::error::{Error, ErrorKind, Result};

/// The name of the configuration file wherever it is looked for.
pub const CONFIG_FILE: &str = "snapshots.toml";
/// The name of the database in the user's data folder.
pub const DATABASE_FILE: &str = "acctsnap.db";

/// Where a value of the command line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    Config,
    /// The folder the command was started in.
    WorkingFolder,
    /// The user's own folders.
    UserFolder,
    /// Nobody said anything.
    Default,
}

/// A value, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Given<T> {
    /// A value with its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// The flag's value, else the environment's.
    pub fn of(flag: Option<T>, environment: Option<T>) -> Option<Self> {
        let flag = flag.map(|value| Self::new(value, Origin::Flag));
        flag.or_else(|| environment.map(|value| Self::new(value, Origin::Environment)))
    }
}

/// The configuration file: `--config`, `ACCTSNAP_CONFIG`, `./snapshots.toml`, the user's; None where there is none.
///
/// `exists` is asked of the last two alone: a file that was named must be there, and its reader says so.
#[must_use]
pub fn config_file(
    arguments: &GlobalArgs,
    environment: &Environment,
    exists: impl Fn(&Path) -> bool,
) -> Option<Given<PathBuf>> {
    let found = |folder: Option<&PathBuf>, origin| {
        let path = folder?.join(CONFIG_FILE);
        exists(&path).then(|| Given::new(path, origin))
    };
    Given::of(arguments.config.clone(), environment.config.clone())
        .or_else(|| found(Some(&environment.working_folder), Origin::WorkingFolder))
        .or_else(|| found(environment.config_folder.as_ref(), Origin::UserFolder))
}

/// The database file: `--db`, `ACCTSNAP_DB`, what the configuration names, the one in the user's data folder.
///
/// # Errors
/// [`ErrorKind::Usage`] where nothing names one and the user has no data folder.
pub fn database_file(
    arguments: &GlobalArgs,
    environment: &Environment,
    configured: Option<PathBuf>,
) -> Result<Given<PathBuf>> {
    let in_folder = || environment.data_folder.as_ref().map(|folder| folder.join(DATABASE_FILE));
    Given::of(arguments.db.clone(), environment.database.clone())
        .or_else(|| configured.map(|path| Given::new(path, Origin::Config)))
        .or_else(|| in_folder().map(|path| Given::new(path, Origin::UserFolder)))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "expected to be told the database, got none, and there is no home folder",
            )
            .with_hint("name the file with --db or ACCTSNAP_DB")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings() -> (GlobalArgs, Environment) {
        let arguments = GlobalArgs {
            config: Some("flag.toml".into()),
            db: Some("flag.db".into()),
            ..GlobalArgs::default()
        };
        let environment = Environment {
            config: Some("variable.toml".into()),
            database: Some("variable.db".into()),
            working_folder: "/here".into(),
            config_folder: Some("/user/config".into()),
            data_folder: Some("/user/data".into()),
            ..Environment::default()
        };
        (arguments, environment)
    }

    #[test]
    fn the_config_is_found_in_this_order() {
        let (mut arguments, mut environment) = surroundings();
        let find = |arguments: &GlobalArgs, environment: &Environment, there: &str| {
            config_file(arguments, environment, |path| path.starts_with(there))
                .map(|given| (given.value.display().to_string(), given.origin))
        };
        assert_eq!(find(&arguments, &environment, "/"), Some(("flag.toml".into(), Origin::Flag)));
        arguments.config = None;
        assert_eq!(find(&arguments, &environment, "/"), Some(("variable.toml".into(), Origin::Environment)));
        environment.config = None;
        let here = Some(("/here/snapshots.toml".into(), Origin::WorkingFolder));
        assert_eq!(find(&arguments, &environment, "/"), here);
        let user = Some(("/user/config/snapshots.toml".into(), Origin::UserFolder));
        assert_eq!(find(&arguments, &environment, "/user"), user);
        assert_eq!(find(&arguments, &environment, "/nowhere"), None);
    }

    #[test]
    fn the_database_is_found_in_this_order() {
        let (mut arguments, mut environment) = surroundings();
        let find = |arguments: &GlobalArgs, environment: &Environment, configured: Option<&str>| {
            let given = database_file(arguments, environment, configured.map(PathBuf::from)).unwrap();
            (given.value.display().to_string(), given.origin)
        };
        assert_eq!(find(&arguments, &environment, Some("c.db")), ("flag.db".into(), Origin::Flag));
        arguments.db = None;
        assert_eq!(find(&arguments, &environment, Some("c.db")), ("variable.db".into(), Origin::Environment));
        environment.database = None;
        assert_eq!(find(&arguments, &environment, Some("c.db")), ("c.db".into(), Origin::Config));
        let user = ("/user/data/acctsnap.db".into(), Origin::UserFolder);
        assert_eq!(find(&arguments, &environment, None), user);
        environment.data_folder = None;
        let error = database_file(&arguments, &environment, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().unwrap_or("").contains("--db"));
    }
}
