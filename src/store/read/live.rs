//! What the state of accounts is put together from, as it stands now.

use rustc_hash::FxHashMap;

use super::{PartUploads, Reader};
use crate::error::Result;
use crate::model::health::config::TrendWindow;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId, PlaybookRunId, SnapshotId};
use crate::model::score::Score;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::store::events::stamps;
use crate::store::heads::{AccountHead, id_list};
use crate::store::notes::{NoteVersion, recent_notes};
use crate::store::playbooks::{Extent, RunVersion, newest_runs};
use crate::store::scores_back::{scores_at, scores_back};

impl AccountHead {
    /// The change that last changed the account's KPIs, and the newest row that did so.
    #[must_use]
    pub fn kpis(&self) -> (Option<ChangeId>, Option<KpiChangeId>) {
        (self.kpis_change, self.kpi_fact)
    }

    /// The account's newest snapshot.
    #[must_use]
    pub fn newest_snapshot(&self) -> Option<SnapshotId> {
        self.snapshot
    }

    /// The uploads that last named each part of the account.
    #[must_use]
    pub fn part_uploads(&self) -> PartUploads {
        PartUploads {
            kpis: self.kpis_upload,
            profile: self.profile_upload,
            health: self.health_upload,
            playbooks: self.playbooks_upload,
            notes: self.notes_upload,
        }
    }
}

impl Reader<'_> {
    /// The newest version of each execution of accounts, without its details, in the order of the rows; an account
    /// without any is absent.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where an execution cannot be read.
    pub fn playbook_outlines(&self, heads: &[AccountHead]) -> Result<FxHashMap<AccountId, Vec<RunVersion>>> {
        let with_runs = heads.iter().filter(|head| head.playbook_row.map(PlaybookRunId::get).is_some());
        newest_runs(self.sql(), &id_list(with_runs.map(|head| head.id.get())), Extent::Outline, None)
    }

    /// The newest notes of accounts, at most `limit` each, without their content, newest first; an account without
    /// any is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn recent_notes(
        &self,
        heads: &[AccountHead],
        limit: usize,
    ) -> Result<FxHashMap<AccountId, Vec<NoteVersion>>> {
        let with_notes = heads.iter().filter(|head| head.note_row.is_some());
        recent_notes(self.sql(), &id_list(with_notes.map(|head| head.id.get())), limit, None)
    }

    /// The scores that a trend is measured against, by account: those in force where the window before `now` begins.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn window_scores(
        &self,
        heads: &[AccountHead],
        window: TrendWindow,
        now: Timestamp,
    ) -> Result<FxHashMap<AccountId, Score>> {
        let newest = heads.iter().filter_map(|head| head.snapshot);
        match window {
            TrendWindow::Millis(millis) => {
                scores_at(self.sql(), newest, now.plus_millis(millis.saturating_neg()))
            }
            TrendWindow::Snapshots(count) => scores_back(self.sql(), newest, count),
        }
    }

    /// When each account had its last snapshot of a type; an account that never had one is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn stamps(
        &self,
        accounts: &[AccountId],
        snapshot_type: SnapshotType,
    ) -> Result<FxHashMap<AccountId, Timestamp>> {
        stamps(self.sql(), accounts, snapshot_type)
    }
}
