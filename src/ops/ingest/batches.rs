//! The rows of each kind of file, as the one way of ingesting handles them.

use super::kind::Batch;
use crate::ingest;
use crate::ingest::{Duplicates, Merged};
use crate::model::health::month::HealthBatch;
use crate::model::kpi::batch::{AccountMention, KpiBatch};
use crate::model::note::NoteBatch;
use crate::model::playbook::PlaybookBatch;
use crate::model::profile::batch::ProfileBatch;
use crate::model::rejection::Rejections;

macro_rules! batches {
    ($($batch:ty: $find_duplicates:expr, $merge_duplicates:expr);+ $(;)?) => {$(
        impl Batch for $batch {
            fn mentions(&self) -> &[AccountMention] {
                &self.accounts
            }

            fn retain_rows(&mut self, keep: &mut dyn FnMut(u32, u32) -> bool) {
                self.rows.retain(|row| keep(row.account, row.line));
            }

            fn move_rows(&mut self, moved: &[u32]) {
                for row in &mut self.rows {
                    row.account = moved.get(row.account as usize).copied().unwrap_or(row.account);
                }
            }

            fn find_duplicates(&mut self, rejections: &mut Rejections, policy: Duplicates) {
                $find_duplicates(self, rejections, policy);
            }

            fn merge_duplicates(&mut self, policy: Duplicates) -> Merged {
                $merge_duplicates(self, policy)
            }
        }
    )+};
}

batches! {
    KpiBatch: ingest::find_duplicates, ingest::merge_duplicates;
    ProfileBatch: ingest::find_duplicate_profiles, ingest::merge_duplicate_profiles;
    // Rows of one execution are its states in turn.
    PlaybookBatch: |_: &mut PlaybookBatch, _: &mut Rejections, _| {}, |_: &mut PlaybookBatch, _| Merged::default();
    HealthBatch: ingest::find_duplicate_health, ingest::merge_duplicate_health;
    NoteBatch: ingest::find_duplicate_notes, ingest::merge_duplicate_notes;
}
