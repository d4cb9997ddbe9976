//! What differs between the kinds of files; everything else about an ingest is one way for all of them.

use chrono::NaiveDate;

use super::facts::Facts;
use super::{IngestOptions, Prepared};
use crate::error::Result;
use crate::events::SnapshotRules;
use crate::ingest::{Duplicates, KindFile, Merged, Source};
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::as_read::KpiAsRead;
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::kpi::series::SeriesSet;
use crate::model::rejection::Rejections;
use crate::model::upload::UploadKind;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::store::WriteTransaction;

/// A kind of file.
pub(super) trait Kind {
    /// Under which number its uploads are kept.
    const KIND: UploadKind;
    /// The command, for the ledger.
    const COMMAND: &'static str;
    /// Whether its rows may make accounts.
    const MAKES_ACCOUNTS: bool;
    /// Whether storing finds bad rows too: then a file is refused with all of them, not with the first ones found.
    const JUDGES_ROWS: bool;
    /// Its rows.
    type Batch: Batch;
    /// What is settled before the rules of snapshots can be made, with the rows where storing gives them up.
    type Plan: Default;

    /// Reads a file.
    fn read(reading: Reading<'_, '_>) -> Result<KindFile<Self::Batch>>;

    /// The KPIs that the file names, and by what each was read; of other kinds none.
    fn kpis(_batch: &Self::Batch) -> &[KpiAsRead] {
        &[]
    }

    /// Settles what the rules of snapshots depend on; most kinds have nothing to settle.
    fn plan(
        _transaction: &mut WriteTransaction<'_>,
        _prepared: &mut Prepared<'_, Self::Batch>,
        _rules: &Rules<'_>,
        _series: &mut SeriesSet,
    ) -> Result<Self::Plan> {
        Ok(Self::Plan::default())
    }

    /// Takes the rows into what is known.
    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, Self::Batch>,
        plan: Self::Plan,
    ) -> Result<Facts>;
}

/// What a file is read by.
pub(super) struct Reading<'a, 'c> {
    pub(super) context: &'a Context<'c>,
    pub(super) source: &'a Source,
    pub(super) options: &'a IngestOptions<'a>,
    pub(super) rules: &'a Rules<'a>,
    /// The account that every row is of, where the caller named one.
    pub(super) given: Option<GivenAccount>,
    pub(super) today: NaiveDate,
}

/// What a file's rows are stored by.
pub(super) struct Storing<'a, 'p, B> {
    pub(super) prepared: &'a Prepared<'p, B>,
    pub(super) rules: &'a Rules<'a>,
    pub(super) snapshots: &'a SnapshotRules<'a>,
    /// For each mention of the batch, its account.
    pub(super) accounts: &'a [Option<AccountId>],
    pub(super) upload: UploadId,
}

impl<'a, B> Storing<'a, '_, B> {
    /// The batch.
    pub(super) fn batch(&self) -> &'a B {
        &self.prepared.file.batch
    }

    /// The account of a mention.
    pub(super) fn account(&self, mention: u32) -> Option<AccountId> {
        self.accounts.get(mention as usize).copied().flatten()
    }
}

/// The rows of a file, each of one account that the file mentions.
pub(super) trait Batch {
    /// Forgets the rows, once they are stored: they may take more memory than all the rest.
    fn release_rows(&mut self);

    /// The accounts that it mentions, each once.
    fn mentions(&self) -> &[AccountMention];

    /// Keeps only the rows of which this is true, by mention, line and, of a wide table, column.
    fn retain_rows(&mut self, keep: &mut dyn FnMut(u32, u32, Option<u16>) -> bool);

    /// Puts the rows of each mention under another one.
    fn move_rows(&mut self, moved: &[u32]);

    /// Sets rows aside that contradict each other, and takes repeated ones once where the kind does so.
    fn find_duplicates(&mut self, rejections: &mut Rejections, policy: Duplicates);

    /// Makes one of rows that contradict each other, where the policy says how; once every name led to its account.
    fn merge_duplicates(&mut self, policy: Duplicates) -> Merged;
}

/// The rows of a batch by account, within one in file order; rows of no account are left out.
pub(super) fn by_account<'r, B, R>(
    storing: &Storing<'_, '_, B>,
    rows: &'r [R],
    mention: impl Fn(&R) -> u32,
) -> Vec<(AccountId, Vec<&'r R>)> {
    let mut grouped: Vec<(AccountId, Vec<&R>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for row in rows {
        let Some(account) = storing.account(mention(row)) else { continue };
        let place = *places.entry(account).or_insert_with(|| {
            grouped.push((account, Vec::new()));
            grouped.len() - 1
        });
        if let Some((_, rows)) = grouped.get_mut(place) {
            rows.push(row);
        }
    }
    grouped
}
