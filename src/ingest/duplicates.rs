//! `--duplicates`: what is made of rows of one file that speak of the same matter and differ.
//!
//! Nothing is taken unless the caller says so: by default such rows are set aside.

use crate::error::{Error, ErrorKind, Result};
use crate::model::upload::UploadKind;

/// What is made of rows of one file that speak of the same matter and differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// They are set aside, for nothing says which is right.
    #[default]
    Refuse,
    /// The first one in the file counts.
    First,
    /// The last one in the file counts.
    Last,
    /// The mean of their numbers counts.
    Mean,
    /// The sum of their numbers counts, equal ones too.
    Sum,
}

impl Duplicates {
    /// Every policy.
    pub const ALL: [Self; 5] = [Self::Refuse, Self::First, Self::Last, Self::Mean, Self::Sum];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::First => "first",
            Self::Last => "last",
            Self::Mean => "mean",
            Self::Sum => "sum",
        }
    }

    /// Reads a policy, case aside; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name().eq_ignore_ascii_case(text.trim()))
    }

    /// Checks that it makes sense of a kind of file.
    ///
    /// # Errors
    /// `Usage` where it does not.
    pub fn require_for(self, kind: UploadKind) -> Result<()> {
        let refused = match (self, kind) {
            (Self::Mean | Self::Sum, UploadKind::Kpis) => None,
            (Self::Mean | Self::Sum, _) => Some("adds up numbers, and only KPI files are numbers alone"),
            (Self::First, UploadKind::Playbooks) => {
                Some("has no meaning: rows of one execution are its states in turn, and the last one holds")
            }
            (Self::Refuse | Self::First | Self::Last, _) => None,
        };
        let Some(why) = refused else { return Ok(()) };
        let message = format!("--duplicates {} {why}", self.name());
        Err(Error::new(ErrorKind::Usage, message).with_hint(format!(
            "for {}: --duplicates {}",
            kind.name(),
            if kind == UploadKind::Playbooks { "refuse or last" } else { "refuse, first or last" }
        )))
    }

    /// What is said of rows of which one value was made; None where there were none.
    #[must_use]
    pub fn told(self, merged: Merged) -> Option<String> {
        let Merged { rows, values } = merged;
        let what = match self {
            _ if rows == 0 => return None,
            Self::Refuse => return None,
            Self::First => format!("{rows} rows speak of {values} values: the first row of each was taken"),
            Self::Last => format!("{rows} rows speak of {values} values: the last row of each was taken"),
            Self::Mean => format!("{rows} rows were made into {values} values: the mean of each was taken"),
            Self::Sum => format!("{rows} rows were added up into {values} values"),
        };
        Some(format!("{what} (the rows beyond one a value count as unchanged)"))
    }
}

/// How many rows were made into how many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// The rows that spoke of the same matter as another one.
    pub rows: u64,
    /// The values that they were made into.
    pub values: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_added_up() {
        for kind in UploadKind::ALL {
            assert!(
                Duplicates::Refuse.require_for(kind).is_ok() && Duplicates::Last.require_for(kind).is_ok()
            );
            let is_kpis = kind == UploadKind::Kpis;
            assert_eq!(Duplicates::Sum.require_for(kind).is_ok(), is_kpis, "{kind:?}");
            assert_eq!(Duplicates::Mean.require_for(kind).is_ok(), is_kpis, "{kind:?}");
        }
        let error = Duplicates::Sum.require_for(UploadKind::Notes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(error.hint(), Some("for notes: --duplicates refuse, first or last"));
    }

    #[test]
    fn policies_are_read_as_they_are_written() {
        for policy in Duplicates::ALL {
            assert_eq!(Duplicates::parse(&policy.name().to_uppercase()), Some(policy));
        }
        assert_eq!((Duplicates::parse("add"), Duplicates::default()), (None, Duplicates::Refuse));
    }

    #[test]
    fn what_was_made_of_rows_is_told_with_its_counts() {
        let merged = Merged { rows: 120, values: 40 };
        let told = Duplicates::Sum.told(merged).unwrap();
        assert!(told.starts_with("120 rows were added up into 40 values"), "{told}");
        assert_eq!(Duplicates::Sum.told(Merged::default()), None);
    }
}
