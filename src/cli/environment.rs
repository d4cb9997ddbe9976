//! What surrounds the process, read once into a plain struct that tests can write by hand.
//!
//! The only place that reads environment variables, the working folder, the user's folders and the terminal.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use crate::error::{Context, Error, ErrorKind, Result};

/// Everything that commands may know of their surroundings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `ACCTSNAP_CONFIG`
    pub config: Option<PathBuf>,
    /// `ACCTSNAP_DB`
    pub database: Option<PathBuf>,
    /// `ACCTSNAP_CUSTOMER`
    pub customer: Option<String>,
    /// `ACCTSNAP_ACTOR`
    pub actor: Option<String>,
    /// What the environment says of colour.
    pub colour: ColourVariables,
    /// This program's own file; None where the system does not tell.
    pub program: Option<PathBuf>,
    /// The folder the process was started in.
    pub working_folder: PathBuf,
    /// The user's configuration folder for this program; None where there is no home.
    pub config_folder: Option<PathBuf>,
    /// The user's data folder for this program; None where there is no home.
    pub data_folder: Option<PathBuf>,
    /// The folder of temporary files; None where there is none.
    pub temp_folder: Option<PathBuf>,
    /// `user@host`
    pub user_at_host: String,
    /// Where the standard streams lead.
    pub terminal: Terminal,
}

/// What the environment says of colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColourVariables {
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set, not empty and not 0.
    pub clicolor_force: bool,
    /// `CLICOLOR` is 0.
    pub clicolor_off: bool,
    /// `TERM` is dumb.
    pub dumb: bool,
}

/// Where the standard streams lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Standard input is a terminal: questions can be asked.
    pub stdin: bool,
    /// Standard output is a terminal.
    pub stdout: bool,
    /// Standard error is a terminal.
    pub stderr: bool,
    /// Columns of the terminal; None where there is none.
    pub width: Option<usize>,
}

impl Environment {
    /// Reads the surroundings of this process.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a variable that is no Unicode; [`ErrorKind::IoError`] where the working folder is gone.
    pub fn from_system() -> Result<Self> {
        let working_folder = std::env::current_dir()
            .context(ErrorKind::IoError, || "cannot find the folder the command was started in".into())?;
        let folders = directories::ProjectDirs::from("", "", "acctsnap");
        let mut environment = Self::from_variables(|name| std::env::var_os(name))?;
        environment.program = std::env::current_exe().ok();
        environment.working_folder = working_folder;
        environment.config_folder = folders.as_ref().map(|folders| folders.config_dir().to_path_buf());
        environment.data_folder = folders.map(|folders| folders.data_local_dir().to_path_buf());
        environment.user_at_host = user_at_host();
        environment.terminal = Terminal::from_system();
        Ok(environment)
    }

    /// Reads the variables through `variable`; an empty one counts as not set.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a variable that is no Unicode.
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).map(|value| unicode(name, value)).transpose();
        let colour = ColourVariables {
            no_color: set("NO_COLOR").is_some(),
            clicolor_force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            clicolor_off: set("CLICOLOR").is_some_and(|value| value == "0"),
            dumb: set("TERM").is_some_and(|value| value == "dumb"),
        };
        Ok(Self {
            config: set("ACCTSNAP_CONFIG").map(PathBuf::from),
            database: set("ACCTSNAP_DB").map(PathBuf::from),
            customer: text("ACCTSNAP_CUSTOMER")?,
            actor: text("ACCTSNAP_ACTOR")?,
            temp_folder: super::temp_folder::find(set),
            colour,
            ..Self::default()
        })
    }
}

impl Terminal {
    fn from_system() -> Self {
        let stdout = std::io::stdout().is_terminal();
        let size = if stdout { terminal_size::terminal_size_of(std::io::stdout()) } else { None };
        Self {
            stdin: std::io::stdin().is_terminal(),
            stdout,
            stderr: std::io::stderr().is_terminal(),
            // A pseudo terminal that nobody sized reports 0 columns.
            width: size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0),
        }
    }
}

fn unicode(name: &str, value: OsString) -> Result<String> {
    value.into_string().map_err(|value| {
        let shown = value.to_string_lossy().into_owned();
        Error::new(ErrorKind::Usage, format!("expected Unicode text in {name}, got '{shown}'"))
            .with_hint(format!("set {name} again, or give the flag instead"))
    })
}

fn user_at_host() -> String {
    let unknown = |_| "unknown".to_owned();
    let user = whoami::username().unwrap_or_else(unknown);
    let host = whoami::hostname().unwrap_or_else(unknown);
    format!("{user}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Environment {
        let value =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(*value));
        Environment::from_variables(value).unwrap()
    }

    #[test]
    fn empty_variables_are_not_set() {
        let empty =
            with(&[("ACCTSNAP_DB", ""), ("ACCTSNAP_CUSTOMER", ""), ("NO_COLOR", ""), ("CLICOLOR_FORCE", "")]);
        let temp_folder = empty.temp_folder.clone();
        assert_eq!(empty, Environment { temp_folder, ..Environment::default() });
    }

    #[test]
    fn variables_reach_their_fields() {
        let set = with(&[
            ("ACCTSNAP_CONFIG", "c.toml"),
            ("ACCTSNAP_DB", "d.db"),
            ("ACCTSNAP_CUSTOMER", "acme"),
            ("ACCTSNAP_ACTOR", "jo"),
            ("NO_COLOR", "1"),
            ("CLICOLOR_FORCE", "0"),
            ("CLICOLOR", "0"),
            ("TERM", "dumb"),
        ]);
        assert_eq!(set.config, Some(PathBuf::from("c.toml")));
        assert_eq!(set.database, Some(PathBuf::from("d.db")));
        assert_eq!((set.customer.as_deref(), set.actor.as_deref()), (Some("acme"), Some("jo")));
        let colour =
            ColourVariables { no_color: true, clicolor_force: false, clicolor_off: true, dumb: true };
        assert_eq!(set.colour, colour);
    }

    #[cfg(unix)]
    #[test]
    fn a_customer_that_is_no_text_is_refused_by_name() {
        use std::os::unix::ffi::OsStringExt;
        let error = Environment::from_variables(|name| {
            (name == "ACCTSNAP_CUSTOMER").then(|| OsString::from_vec(vec![b'a', 0xff]))
        });
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.message().contains("ACCTSNAP_CUSTOMER"), "{error}");
    }

    #[test]
    fn the_surroundings_of_a_test_can_be_read() {
        let here = Environment::from_system().unwrap();
        assert!(here.working_folder.is_absolute());
        assert!(here.user_at_host.contains('@'));
    }
}
