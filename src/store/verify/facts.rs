//! What was known of each account, folded from the rows of the ledger change by change.
//!
//! The caches are not asked: what they say is compared with this.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::account::AccountFacts;
use super::cells::LedgerRow;
use super::walk::Change;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId, ProfileId, SeriesId, UploadId};
use crate::model::kpi::replay::{Said, follow};
use crate::model::kpi::series::{Series, SeriesSet};
use crate::model::kpi::{Category, Unit};
use crate::model::profile::Profile;
use crate::model::time::Timestamp;
use crate::model::upload::UploadKind;
use crate::store::vector_text;

/// What is known of a customer.
#[derive(Default)]
pub(super) struct CustomerFacts {
    pub(super) series: SeriesSet,
    newest_upload: Option<i64>,
}

/// An upload.
#[derive(Clone, Copy)]
struct KnownUpload {
    kind: i64,
    ingested_on: NaiveDate,
    change: ChangeId,
}

/// From when a row counts: from its own change or, where a taking back wrote it, from that of the upload that said it.
#[derive(Clone, Copy)]
pub(super) struct Counting {
    pub(super) change: ChangeId,
    pub(super) recorded_at: Timestamp,
    /// What a taking back left: 1 something, 2 nothing; None where no taking back wrote the row.
    pub(super) refolded: Option<i64>,
}

/// What is known.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) customers: FxHashMap<i64, CustomerFacts>,
    pub(super) accounts: FxHashMap<i64, AccountFacts>,
    uploads: FxHashMap<i64, KnownUpload>,
    /// When the changes were recorded in which uploads came in.
    recorded: FxHashMap<ChangeId, Timestamp>,
    pub(super) weightings: FxHashMap<i64, String>,
}

/// What is wrong with a row, in words.
pub(super) type Wrong = String;

pub(super) fn unreadable(what: &str) -> impl Fn() -> Wrong {
    let what = format!("{what} cannot be read");
    move || what.clone()
}

impl Facts {
    /// Takes a row in; says what is wrong with it.
    pub(super) fn take(&mut self, row: &LedgerRow, change: &Change) -> Result<(), Wrong> {
        match row.shape().name {
            "customers" => drop(self.customers.entry(row.id()).or_default()),
            "accounts" => self.take_account(row),
            "uploads" => return self.take_upload(row, change),
            "weightings" => {
                let content = row.text("content").ok_or_else(unreadable("the weighting"))?;
                self.weightings.insert(row.id(), content.to_owned());
            }
            "kpi_series" | "kpi_series_words" => return self.take_series(row),
            "kpi_changes" => return self.take_kpi_change(row),
            "profiles" | "health_scores" | "playbook_runs" | "notes" => return self.take_part(row, change),
            "confirmations" => self.take_confirmation(row),
            "events" => return self.check_link(row, "events"),
            _ => {}
        }
        Ok(())
    }

    fn take_account(&mut self, row: &LedgerRow) {
        let customer = row.int("customer_id").unwrap_or(0);
        self.accounts.entry(row.id()).or_default().customer = customer;
    }

    fn take_upload(&mut self, row: &LedgerRow, change: &Change) -> Result<(), Wrong> {
        let ingested_on =
            row.text("ingested_on").and_then(|day| day.parse().ok()).ok_or_else(unreadable("the day"))?;
        let upload =
            KnownUpload { kind: row.int("kind").unwrap_or(0), ingested_on, change: ChangeId::new(change.id) };
        self.uploads.insert(row.id(), upload);
        self.recorded.insert(upload.change, change.recorded_at);
        let customer = self.customers.entry(row.int("customer_id").unwrap_or(0)).or_default();
        let expected = customer.newest_upload.replace(row.id());
        match row.int("previous_id") == expected {
            true => Ok(()),
            false => Err(wrong_link(expected)),
        }
    }

    fn take_series(&mut self, row: &LedgerRow) -> Result<(), Wrong> {
        let customer = self.customers.entry(row.int("customer_id").unwrap_or(0)).or_default();
        let id = SeriesId::new(row.int("series_id").unwrap_or(row.id()));
        let category = row.int("category").and_then(|place| usize::try_from(place).ok());
        let known = customer.series.get(id).and_then(|series| series.product.clone());
        let is_new = row.shape().name == "kpi_series";
        let series = Series {
            id,
            kpi: row.text("kpi").ok_or_else(unreadable("the KPI's name"))?.to_owned(),
            product: if is_new { row.text("product").map(ToOwned::to_owned) } else { known },
            unit: row.text("unit").and_then(Unit::parse),
            category: category.and_then(|place| Category::ALL.get(place).copied()),
        };
        match is_new {
            true => customer.series.insert(series),
            false => customer.series.restate(ChangeId::new(row.change()), series),
        }
        Ok(())
    }

    /// The row before it must be the account's newest of the table.
    fn check_link(&mut self, row: &LedgerRow, table: &'static str) -> Result<(), Wrong> {
        // A denied event stands under its owner and is no link of the account's chain.
        let is_denied = table == "events" && row.int("outcome") == Some(5);
        let Some(account) = row.account().and_then(|id| self.accounts.get_mut(&id)) else {
            return if is_denied { Ok(()) } else { Err("is of an account that does not exist".to_owned()) };
        };
        if is_denied && row.int("customer_id") != Some(account.customer) {
            return Ok(());
        }
        let expected = account.newest.insert(table, row.id());
        match row.int("previous_id") == expected {
            true => Ok(()),
            false => Err(wrong_link(expected)),
        }
    }

    fn take_kpi_change(&mut self, row: &LedgerRow) -> Result<(), Wrong> {
        let linked = self.check_link(row, "kpi_changes");
        let upload = row.int("upload_id").unwrap_or(0);
        let weights = row.int("weighting_id");
        let weights =
            weights.map(|id| self.weightings.get(&id).ok_or_else(unreadable("the weighting"))).transpose()?;
        let weights = weights.map(|text| vector_text::parse_weight_change(text)).transpose();
        let changed = row.text("changed").ok_or_else(unreadable("the values"))?;
        let said = Said {
            observed_on: row
                .text("observed_on")
                .and_then(|day| day.parse().ok())
                .ok_or_else(unreadable("the day"))?,
            dated: row.int("dated") == Some(1),
            ingested_on: self.uploads.get(&upload).ok_or("is of an upload that does not exist")?.ingested_on,
            upload: UploadId::new(upload),
            changed: vector_text::parse_changed(changed).map_err(|error| error.to_string())?,
            weights: weights.map_err(|error| error.to_string())?.unwrap_or_default(),
        };
        let Some(account) = row.account().and_then(|id| self.accounts.get_mut(&id)) else { return linked };
        let change = ChangeId::new(row.change());
        let is_retold = row.int("retold").is_some();
        account.has_news = true;
        if is_retold || !said.changed.is_empty() || row.int("weighting_id").is_some() {
            account.kpi_fact = Some(KpiChangeId::new(row.id()));
            account.kpis_change = Some(change);
        }
        // What is told again is folded with all that counts, once the change is read.
        if is_retold {
            return linked;
        }
        follow(&mut account.kpis, &said);
        account.uploads.kpis = account.uploads.kpis.max(Some(said.upload));
        if !said.changed.is_empty() {
            account.values_change = Some(change);
        }
        linked
    }

    /// The kind of an upload.
    pub(super) fn kind_of(&self, upload: i64) -> Option<UploadKind> {
        self.uploads.get(&upload).and_then(|upload| UploadKind::from_number(upload.kind))
    }

    /// The change in which an upload came in.
    pub(super) fn change_of(&self, upload: UploadId) -> Option<ChangeId> {
        self.uploads.get(&upload.get()).map(|upload| upload.change)
    }

    fn counting(&self, row: &LedgerRow, change: &Change) -> Counting {
        let refolded = row.int("refolded");
        let upload = row.int("upload_id").filter(|_| refolded.is_some());
        let since = upload.and_then(|upload| self.uploads.get(&upload)).map(|upload| upload.change);
        let own = ChangeId::new(change.id);
        let recorded = since.and_then(|change| self.recorded.get(&change));
        Counting {
            change: since.unwrap_or(own),
            recorded_at: recorded.copied().unwrap_or(change.recorded_at),
            refolded,
        }
    }

    fn take_part(&mut self, row: &LedgerRow, change: &Change) -> Result<(), Wrong> {
        let table = row.shape().name;
        let linked = self.check_link(row, table);
        let counting = self.counting(row, change);
        let completed_in = row.int("completed_change_id").map(ChangeId::new);
        let completed = completed_in.and_then(|change| Some((change, self.recorded.get(&change).copied()?)));
        let Some(account) = row.account().and_then(|id| self.accounts.get_mut(&id)) else { return linked };
        account.has_news = true;
        // Whom a taking back names is no upload that named the account.
        let upload = row.int("upload_id").map(UploadId::new).filter(|_| counting.refolded.is_none());
        match table {
            "profiles" => {
                let content = row.text("content").and_then(Profile::from_stored);
                let profile = content.ok_or_else(unreadable("the profile"))?;
                account.profile = Some((ProfileId::new(row.id()), profile));
                account.uploads.profile = account.uploads.profile.max(upload);
            }
            "health_scores" => {
                account.uploads.health = account.uploads.health.max(upload);
                account.take_health(row, counting)?;
            }
            "playbook_runs" => {
                account.uploads.playbooks = account.uploads.playbooks.max(upload);
                account.take_run(row, counting, completed)?;
            }
            _ => {
                account.uploads.notes = account.uploads.notes.max(upload);
                account.take_note(row, counting)?;
            }
        }
        linked
    }

    fn take_confirmation(&mut self, row: &LedgerRow) {
        let Some(upload) = row.int("upload_id") else { return };
        let kind = self.uploads.get(&upload).map_or(0, |upload| upload.kind);
        let Some(account) = row.account().and_then(|id| self.accounts.get_mut(&id)) else { return };
        let named = match kind {
            1 => &mut account.uploads.kpis,
            2 => &mut account.uploads.profile,
            3 => &mut account.uploads.playbooks,
            4 => &mut account.uploads.health,
            5 => &mut account.uploads.notes,
            _ => return,
        };
        *named = (*named).max(Some(UploadId::new(upload)));
        account.has_news = true;
    }
}

fn wrong_link(expected: Option<i64>) -> Wrong {
    let expected = expected.map_or("no row".to_owned(), |id| format!("row {id}"));
    format!("names another row as the one before it (expected {expected})")
}

/// The account of a row.
pub(super) fn account_of(row: &LedgerRow) -> Option<AccountId> {
    row.account().map(AccountId::new)
}
