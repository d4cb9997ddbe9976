//! The rows of each kind of file, as the one way of ingesting handles them.

use super::kind::Batch;
use crate::ingest;
use crate::model::health::month::HealthBatch;
use crate::model::kpi::batch::{AccountMention, KpiBatch};
use crate::model::note::NoteBatch;
use crate::model::playbook::PlaybookBatch;
use crate::model::profile::batch::ProfileBatch;
use crate::model::rejection::Rejections;

macro_rules! batches {
    ($($batch:ty: $find_duplicates:expr),+ $(,)?) => {$(
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

            fn find_duplicates(&mut self, rejections: &mut Rejections) {
                $find_duplicates(self, rejections);
            }
        }
    )+};
}

batches! {
    KpiBatch: ingest::find_duplicates,
    ProfileBatch: ingest::find_duplicate_profiles,
    PlaybookBatch: |_: &mut PlaybookBatch, _: &mut Rejections| {},
    HealthBatch: ingest::find_duplicate_health,
    NoteBatch: ingest::find_duplicate_notes,
}
