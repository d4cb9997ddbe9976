//! The one typed error of the library.
//!
//! A caller branches on [`ErrorKind`], which is as stable as the exit codes; a person reads the message
//! (what happened, lower case, no final period), the causes and the hint (which flag or file to change).
//! It must never carry a whole input file: details are capped where they are collected.

use std::fmt;
use std::path::Path;

use serde::Serialize;

/// What went wrong, as a caller would branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The command line or a setting makes no sense.
    Usage,
    /// Input was refused and nothing of it was written.
    InputRefused,
    /// A file that was named is not there.
    FileNotFound,
    /// No such account of this customer.
    UnknownAccount,
    /// A name or id that leads to several accounts.
    AmbiguousAccount,
    /// No such customer.
    UnknownCustomer,
    /// No such upload of this customer.
    UnknownUpload,
    /// No KPI of this name is defined for the customer, or stored.
    UnknownKpi,
    /// No snapshot to answer from.
    NoSnapshot,
    /// No database at the place given.
    NoDatabase,
    /// Another process kept the database locked.
    Busy,
    /// The database, or something in it, is damaged.
    Damaged,
    /// The file is a database of some other program, or no database.
    NotOurDatabase,
    /// The database was written by a newer acctsnap.
    NewerDatabase,
    /// The answer is older than the caller allows.
    Stale,
    /// The disk is full.
    DiskFull,
    /// Reading or writing failed.
    IoError,
    /// The place cannot be written.
    ReadOnly,
    /// A signal asked to stop.
    Interrupted,
    /// Anything else.
    Failed,
}

impl ErrorKind {
    /// The code that JSON errors carry, e.g. `unknown_account`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::InputRefused => "input_refused",
            Self::FileNotFound => "file_not_found",
            Self::UnknownAccount => "unknown_account",
            Self::AmbiguousAccount => "ambiguous_account",
            Self::UnknownCustomer => "unknown_customer",
            Self::UnknownUpload => "unknown_upload",
            Self::UnknownKpi => "unknown_kpi",
            Self::NoSnapshot => "no_snapshot",
            Self::NoDatabase => "no_database",
            Self::Busy => "busy",
            Self::Damaged => "damaged",
            Self::NotOurDatabase => "not_our_database",
            Self::NewerDatabase => "newer_database",
            Self::Stale => "stale",
            Self::DiskFull => "disk_full",
            Self::IoError => "io_error",
            Self::ReadOnly => "read_only",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// One place in the input that was at fault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Detail {
    /// Physical line of the file, or row of the sheet, from 1.
    pub line: Option<u64>,
    /// The column's header, or its number where it has none.
    pub column: Option<String>,
    /// The cell's text, shortened.
    pub value: Option<String>,
    /// Stable code of the problem, e.g. `wrong_unit`.
    pub code: String,
    /// What was expected and what was found.
    pub message: String,
    /// What to change.
    pub hint: Option<String>,
    /// The sheet of a workbook; null of a text.
    pub sheet: Option<String>,
}

/// A flag by which a person settles what an input leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The flag, e.g. `--date-order`.
    pub flag: &'static str,
    /// Its value.
    pub value: String,
}

impl Choice {
    /// A flag and its value.
    pub fn new(flag: &'static str, value: impl Into<String>) -> Self {
        Self { flag, value: value.into() }
    }
}

/// An error with its kind, message, hint, details and causes.
pub struct Error {
    // Boxed, so that a result without an error stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    details: Vec<Detail>,
    details_total: u64,
    summary: Vec<String>,
    choices: Vec<Choice>,
    cause: Option<anyhow::Error>,
    lacks_database: bool,
}

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind; `message` is a lower-case fragment without a final period.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                hint: None,
                details: Vec::new(),
                details_total: 0,
                summary: Vec::new(),
                choices: Vec::new(),
                cause: None,
                lacks_database: false,
            }),
        }
    }

    /// The same error in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.inner.message = message.into();
        self.inner.lacks_database = false;
        self
    }

    /// Says that the message speaks of the database without naming its file, which its teller does not know.
    #[must_use]
    pub(crate) fn of_database(mut self) -> Self {
        self.inner.lacks_database = true;
        self
    }

    /// Names the database's file, where the message lacks it.
    #[must_use]
    pub fn naming_database(self, path: &Path) -> Self {
        match self.inner.lacks_database {
            true => {
                let message = format!("{}: {}", path.display(), self.inner.message);
                self.with_message(message)
            }
            false => self,
        }
    }

    /// Adds the hint: which flag or file to change.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.inner.hint = Some(hint.into());
        self
    }

    /// Adds at most a hundred places at fault, of `total`.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Detail>, total: u64) -> Self {
        self.inner.details = details;
        self.inner.details.truncate(100);
        self.inner.details_total = total;
        self
    }

    /// Adds lines that tell a person of the details by cause, with counts; text shows them in the details' place.
    #[must_use]
    pub fn with_summary(mut self, summary: Vec<String>) -> Self {
        self.inner.summary = summary;
        self
    }

    /// Adds the flags of which any one settles it.
    #[must_use]
    pub fn with_choices(mut self, choices: Vec<Choice>) -> Self {
        self.inner.choices = choices;
        self
    }

    /// Adds what caused it.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.inner.cause = Some(cause.into());
        self
    }

    /// An I/O failure at a path, classified by what the operating system said.
    pub fn io(path: &std::path::Path, doing: &str, error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = match error.kind() {
            Io::NotFound => ErrorKind::FileNotFound,
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => ErrorKind::DiskFull,
            Io::PermissionDenied | Io::ReadOnlyFilesystem => ErrorKind::ReadOnly,
            _ => ErrorKind::IoError,
        };
        Self::new(kind, format!("cannot {doing} {}", path.display())).with_cause(error)
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The message, without causes.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The hint, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.inner.hint.as_deref()
    }

    /// The places at fault: at most a hundred.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        &self.inner.details
    }

    /// The details by cause, for people; empty where they are few enough to be told one by one.
    #[must_use]
    pub fn summary(&self) -> &[String] {
        &self.inner.summary
    }

    /// The flags of which any one settles it; none where no flag does.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.inner.choices
    }

    /// How many places were at fault in all.
    #[must_use]
    pub fn details_total(&self) -> u64 {
        self.inner.details_total
    }

    /// The causes, outermost first.
    pub fn causes(&self) -> impl Iterator<Item = String> + '_ {
        self.inner.cause.iter().flat_map(|cause| cause.chain().map(ToString::to_string))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.kind.code(), self.inner.message)?;
        for cause in self.causes() {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.cause.as_ref().map(|cause| cause.as_ref() as &(dyn std::error::Error + 'static))
    }
}

/// Adds a message of our own in front of another error, kept as its cause.
pub trait Context<T> {
    /// Turns the error into one of `kind` that says `message`.
    ///
    /// # Errors
    /// The same failure, told in our words.
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> Context<T> for std::result::Result<T, E> {
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Error::new(kind, message()).with_cause(cause))
    }
}
