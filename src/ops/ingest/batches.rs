//! The rows of each kind of file, as the one way of ingesting handles them.

use super::kind::Batch;
use crate::ingest;
use crate::ingest::{Duplicates, Merged};
use crate::model::health::month::HealthBatch;
use crate::model::kpi::batch::{AccountMention, KpiBatch, KpiRow};
use crate::model::note::NoteBatch;
use crate::model::playbook::PlaybookBatch;
use crate::model::profile::batch::ProfileBatch;
use crate::model::rejection::Rejections;

/// Where the values of a batch stand in a wide table.
fn columns_of(batch: &KpiBatch) -> impl Fn(&KpiRow) -> Option<u16> + use<> {
    let columns: Vec<Option<u16>> = batch.contexts.iter().map(|context| context.column).collect();
    move |row| columns.get(row.context as usize).copied().flatten()
}

/// Rows of other kinds are whole.
fn none<B, R>(_batch: &B) -> impl Fn(&R) -> Option<u16> + use<B, R> {
    |_| None
}

macro_rules! batches {
    ($($batch:ty, ($($bad:ident)?), $column_of:ident: $find_duplicates:expr, $merge_duplicates:expr);+ $(;)?) => {$(
        impl Batch for $batch {
            fn release_rows(&mut self) {
                self.rows = Default::default();
            }

            fn mentions(&self) -> &[AccountMention] {
                &self.accounts
            }

            fn retain_rows(&mut self, keep: &mut dyn FnMut(u32, u32, Option<u16>) -> bool) {
                let column_of = $column_of(self);
                self.rows.retain(|row| keep(row.account, row.line, column_of(row)));
            }

            fn move_rows(&mut self, moved: &[u32]) {
                let move_on = |account: &mut u32| {
                    *account = moved.get(*account as usize).copied().unwrap_or(*account);
                };
                self.rows.iter_mut().for_each(|row| move_on(&mut row.account));
                $(self.$bad.iter_mut().for_each(|row| move_on(&mut row.account));)?
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
    KpiBatch, (bad), columns_of: ingest::find_duplicates, ingest::merge_duplicates;
    ProfileBatch, (bad), none: ingest::find_duplicate_profiles, ingest::merge_duplicate_profiles;
    // Rows of one execution are its states in turn.
    PlaybookBatch, (), none: |_: &mut PlaybookBatch, _: &mut Rejections, _| {}, |_: &mut PlaybookBatch, _| Merged::default();
    HealthBatch, (bad), none: ingest::find_duplicate_health, ingest::merge_duplicate_health;
    NoteBatch, (), none: ingest::find_duplicate_notes, ingest::merge_duplicate_notes;
}
