//! SIGINT and SIGTERM: the first asks the work to stop before its commit, the second ends the process at once.
//!
//! The handlers only set flags. Which signal came decides the exit code: 130 or 143.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::exit::Exit;
use crate::ops::observer::Cancel;

const SIGNALS: [(i32, Exit, usize); 2] =
    [(SIGINT, Exit::Interrupted, INTERRUPT), (SIGTERM, Exit::Terminated, TERMINATE)];
const INTERRUPT: usize = 1;
const TERMINATE: usize = 2;

/// Whether a signal came, and which.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    cancel: Cancel,
    last: Arc<AtomicUsize>,
}

impl Signals {
    /// Takes over both signals for the rest of the process.
    ///
    /// # Errors
    /// Where the operating system refuses.
    pub fn install() -> io::Result<Self> {
        let signals = Self::default();
        for (signal, exit, mark) in SIGNALS {
            // In this order: the first signal finds the flag unset and sets it, the second finds it set and ends.
            flag::register_conditional_shutdown(signal, i32::from(exit.code()), signals.cancel.flag())?;
            flag::register_usize(signal, Arc::clone(&signals.last), mark)?;
            flag::register(signal, signals.cancel.flag())?;
        }
        Ok(signals)
    }

    /// The handle that work looks at.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    /// How a process that was stopped ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.last.load(Ordering::SeqCst) == TERMINATE { Exit::Terminated } else { Exit::Interrupted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test for both signals: they are the whole process's.
    #[cfg(unix)]
    #[test]
    fn a_signal_asks_to_stop_and_decides_the_exit_code() {
        let signals = Signals::install().unwrap();
        assert!(!signals.cancel().is_requested());
        signal_hook::low_level::raise(SIGTERM).unwrap();
        assert!(signals.cancel().is_requested());
        assert_eq!(signals.exit(), Exit::Terminated);
        assert_eq!(Signals::default().exit(), Exit::Interrupted);
    }
}
