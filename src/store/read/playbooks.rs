//! Playbook executions of an account.

use std::cmp::Reverse;

use super::{Reader, UploadSource};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};
use crate::store::heads::id_list;
use crate::store::playbooks::{Extent, RunVersion, newest_runs};

/// An execution, and the file that last changed it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// The execution.
    pub version: RunVersion,
    /// The file, and when it was recorded.
    pub upload: UploadSource,
}

impl Reader<'_> {
    /// An account's executions, the newest version of each, by start, newest first, those without one last; none
    /// where the account is another customer's.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where an execution cannot be read.
    pub fn list_playbook_runs(&self, customer: CustomerId, account: AccountId) -> Result<Vec<RunRecord>> {
        let Some(account) = self.own(customer, account)? else { return Ok(Vec::new()) };
        let runs = newest_runs(self.sql(), &id_list([account.get()]), Extent::Whole, None)?.remove(&account);
        let mut runs = runs.unwrap_or_default();
        runs.sort_by_key(|version| Reverse((version.run.started_at, version.id)));
        let uploads: Vec<_> = runs.iter().map(|version| version.upload).collect();
        let sources = self.upload_sources(&uploads)?;
        let record = |version: RunVersion| {
            let upload = sources.get(&version.upload)?.clone();
            Some(RunRecord { version, upload })
        };
        Ok(runs.into_iter().filter_map(record).collect())
    }
}
