//! The only caller of now().

use crate::model::time::Timestamp;

/// Where the time comes from: the system, or an instant that was given with `--at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
    /// Always this instant, and nothing that was recorded after it is known: for answers alone.
    AsOf(Timestamp),
}

impl Clock {
    /// The instant that is now.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => chrono::Utc::now().into(),
            Self::Fixed(at) | Self::AsOf(at) => at,
        }
    }
}

/// Measures how long something takes; it never says what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    begun: std::time::Instant,
}

impl Stopwatch {
    /// Begins to measure.
    #[must_use]
    pub fn start() -> Self {
        Self { begun: std::time::Instant::now() }
    }

    /// How long it has been.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.begun.elapsed()
    }
}
