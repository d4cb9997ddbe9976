//! What a run of retention did. The numbers stand in the database and may never change their meaning.

/// What a run of retention did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// It hid what the plan lets go of.
    Apply = 1,
    /// It brought back what an apply had hidden.
    Undo = 2,
    /// It removed for good what was hidden.
    Purge = 3,
}

impl RunKind {
    /// The number under which it is stored.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// From the stored number; None for a number that none has.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Apply, Self::Undo, Self::Purge].into_iter().find(|kind| kind.number() == number)
    }
}
