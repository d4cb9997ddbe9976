//! The only caller of now().

use crate::model::time::Timestamp;

/// Where the time comes from: the system, or an instant that was given with `--at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
}

impl Clock {
    /// The instant that is now.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => chrono::Utc::now().into(),
            Self::Fixed(at) => at,
        }
    }
}
