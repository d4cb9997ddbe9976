//! Exit codes: as stable as the commands themselves, scripts branch on them (CONTRACT, "Exit codes").

use std::process::ExitCode;

use crate::error::ErrorKind;
use crate::report::status::nagios::ServiceState;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Done; a snapshot skipped by its cooldown is done.
    Done,
    /// Failed.
    Failed,
    /// The command line or a setting makes no sense.
    Usage,
    /// Rows, files or accounts were set aside, or snapshots failed.
    Partly,
    /// The account, snapshot, upload, customer or database is not there.
    NotThere,
    /// Input was refused; nothing of it was written.
    Refused,
    /// The database stayed busy.
    Busy,
    /// Damage found, not our database, or one of a newer version.
    Integrity,
    /// The answer is older than allowed.
    Stale,
    /// Disk full, input or output failed, read-only.
    Storage,
    /// Differences were found.
    Differences,
    /// To a monitor: something is tried again.
    MonitorWarning,
    /// To a monitor: something is stale, or failed.
    MonitorCritical,
    /// To a monitor: it cannot be told.
    MonitorUnknown,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
}

impl Exit {
    /// How monitoring plugins end (Monitoring Plugins Development Guidelines).
    #[must_use]
    pub const fn of_service(state: ServiceState) -> Self {
        match state {
            ServiceState::Ok => Self::Done,
            ServiceState::Warning => Self::MonitorWarning,
            ServiceState::Critical => Self::MonitorCritical,
            ServiceState::Unknown => Self::MonitorUnknown,
        }
    }

    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed | Self::MonitorWarning => 1,
            Self::Usage | Self::MonitorCritical => 2,
            Self::Partly | Self::MonitorUnknown => 3,
            Self::NotThere => 4,
            Self::Refused => 5,
            Self::Busy => 6,
            Self::Integrity => 7,
            Self::Stale => 8,
            Self::Storage => 9,
            Self::Differences => 10,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// A file that is not there is refused input: what was to be read, not what is kept.
impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Usage => Self::Usage,
            ErrorKind::InputRefused | ErrorKind::FileNotFound | ErrorKind::AmbiguousAccount => Self::Refused,
            ErrorKind::UnknownAccount
            | ErrorKind::UnknownCustomer
            | ErrorKind::UnknownUpload
            | ErrorKind::UnknownKpi
            | ErrorKind::NoSnapshot
            | ErrorKind::NoDatabase => Self::NotThere,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Damaged | ErrorKind::NotOurDatabase | ErrorKind::NewerDatabase => Self::Integrity,
            ErrorKind::Stale => Self::Stale,
            ErrorKind::DiskFull | ErrorKind::IoError | ErrorKind::ReadOnly => Self::Storage,
            ErrorKind::Interrupted => Self::Interrupted,
            ErrorKind::Failed => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_lead_to_the_codes_of_the_contract() {
        let cases = [
            (ErrorKind::Usage, 2),
            (ErrorKind::InputRefused, 5),
            (ErrorKind::FileNotFound, 5),
            (ErrorKind::UnknownAccount, 4),
            (ErrorKind::AmbiguousAccount, 5),
            (ErrorKind::UnknownCustomer, 4),
            (ErrorKind::UnknownUpload, 4),
            (ErrorKind::UnknownKpi, 4),
            (ErrorKind::NoSnapshot, 4),
            (ErrorKind::NoDatabase, 4),
            (ErrorKind::Busy, 6),
            (ErrorKind::Damaged, 7),
            (ErrorKind::NotOurDatabase, 7),
            (ErrorKind::NewerDatabase, 7),
            (ErrorKind::Stale, 8),
            (ErrorKind::DiskFull, 9),
            (ErrorKind::IoError, 9),
            (ErrorKind::ReadOnly, 9),
            (ErrorKind::Interrupted, 130),
            (ErrorKind::Failed, 1),
        ];
        for (kind, code) in cases {
            assert_eq!(Exit::from(kind).code(), code, "{kind:?}");
        }
    }
}
