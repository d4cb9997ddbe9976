//! What a snapshot shows of its account beside the KPIs: profile, playbooks, notes, and where each part came from.

use chrono::NaiveDate;
use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::health::change_percent;
use crate::model::ids::{HealthRowId, ProfileId, SnapshotId, UploadId};
use crate::model::money;
use crate::model::profile::{Profile, ProfileField};
use crate::model::time::Timestamp;
use crate::report::snapshot::{LastPlaybook, MoneyNumber, Retracted, SnapshotView, Source, Sources};
use crate::store::{HealthVersion, Marks, Reader, Retraction, SnapshotRecord, UploadSource};

/// The rows that some snapshots refer to.
pub(super) struct Parts {
    profiles: FxHashMap<ProfileId, Profile>,
    health: FxHashMap<HealthRowId, HealthVersion>,
    uploads: FxHashMap<UploadId, UploadSource>,
    retractions: FxHashMap<SnapshotId, Retraction>,
    marks: FxHashMap<SnapshotId, Marks>,
}

impl Parts {
    /// Loads what these snapshots refer to.
    pub(super) fn load(reader: &Reader<'_>, records: &[SnapshotRecord]) -> Result<Self> {
        let profiles: Vec<ProfileId> = distinct(records.iter().filter_map(|record| record.content.profile));
        let health: Vec<HealthRowId> = distinct(records.iter().filter_map(|record| record.content.health));
        let uploads: Vec<UploadId> = distinct(records.iter().flat_map(|record| record.uploads.all()));
        let snapshots: Vec<SnapshotId> = records.iter().map(|record| record.id).collect();
        Ok(Self {
            retractions: reader.retractions(&snapshots)?,
            marks: reader.marks(&snapshots)?,
            profiles: if_any(&profiles, |ids| reader.profiles_by_id(ids))?,
            health: if_any(&health, |ids| reader.health_rows_by_id(ids))?,
            uploads: if_any(&uploads, |ids| reader.upload_sources(ids))?,
        })
    }

    /// Puts into an answer what its snapshot holds beside the KPIs; `kpis_of` is the newest day of its KPIs.
    pub(super) fn fill(
        &self,
        view: &mut SnapshotView,
        record: &SnapshotRecord,
        kpis_of: Option<NaiveDate>,
        zone: Tz,
    ) {
        if let Some(profile) = record.content.profile.and_then(|id| self.profiles.get(&id)) {
            fill_profile(view, profile, zone);
        }
        fill_revenue(view, record);
        fill_playbooks(view, record);
        view.recent_csm_note_ids = record.content.notes.as_ref().map(|notes| notes.ids.clone());
        view.sources = self.sources(view.as_of, record, kpis_of);
        let retraction = self.retractions.get(&record.id);
        view.retracted = retraction
            .map(|retraction| Retracted { upload_id: retraction.upload, undone_at: retraction.undone_at });
        if let Some(marks) = self.marks.get(&record.id) {
            view.tags.clone_from(&marks.tags);
            view.pinned = marks.is_pinned;
        }
    }

    fn sources(&self, as_of: Timestamp, record: &SnapshotRecord, kpis_of: Option<NaiveDate>) -> Sources {
        let source = |upload: Option<UploadId>, observed_at: Option<NaiveDate>| {
            let source = self.uploads.get(&upload?)?;
            Some(Source {
                upload_id: source.upload,
                file: source.file_name.clone(),
                observed_at,
                ingested_at: source.ingested_at,
                age_seconds: as_of.seconds_since(source.ingested_at),
            })
        };
        let content = &record.content;
        let health = content.health.and_then(|id| self.health.get(&id));
        let health_of = health.map(|row| row.observed_on.unwrap_or_else(|| row.month.last_day()));
        let playbooks_of = content.playbooks.as_ref().and_then(|playbooks| playbooks.newest);
        let notes_of = content.notes.as_ref().and_then(|notes| notes.newest);
        let uploads = record.uploads;
        Sources {
            kpis: source(uploads.kpis, kpis_of),
            profile: source(uploads.profile, None),
            health: source(uploads.health, health_of),
            playbooks: source(uploads.playbooks, playbooks_of),
            notes: source(uploads.notes, notes_of),
        }
    }
}

/// Asks nothing where there is nothing to ask for.
fn if_any<K, V>(ids: &[K], load: impl FnOnce(&[K]) -> Result<FxHashMap<K, V>>) -> Result<FxHashMap<K, V>> {
    if ids.is_empty() { Ok(FxHashMap::default()) } else { load(ids) }
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn fill_profile(view: &mut SnapshotView, profile: &Profile, zone: Tz) {
    let text = |field| profile.text(field).map(ToOwned::to_owned);
    let today = view.as_of.date_in(zone);
    view.account_status = text(ProfileField::AccountStatus);
    view.industry = text(ProfileField::Industry);
    view.region = text(ProfileField::Region);
    view.account_tier = text(ProfileField::AccountTier);
    view.contract_start_date = profile.day(ProfileField::ContractStartDate);
    view.contract_end_date = profile.day(ProfileField::ContractEndDate);
    view.renewal_date = profile.day(ProfileField::RenewalDate);
    view.days_to_renewal = view.renewal_date.map(|day| day.signed_duration_since(today).num_days());
    view.assigned_csm = text(ProfileField::AssignedCsm);
    view.csm_manager = text(ProfileField::CsmManager);
    view.account_owner = text(ProfileField::AccountOwner);
    view.executive_sponsor = text(ProfileField::ExecutiveSponsor);
    view.products_used = profile.products_used().map(<[String]>::to_vec);
    view.product_count = view.products_used.as_ref().map(|products| count(products.len()));
    view.primary_product = text(ProfileField::PrimaryProduct);
    view.lifecycle_stage = text(ProfileField::LifecycleStage);
    view.onboarding_status = text(ProfileField::OnboardingStatus);
    view.last_qbr_date = profile.day(ProfileField::LastQbrDate);
    view.next_qbr_date = profile.day(ProfileField::NextQbrDate);
    view.engagement_score = profile.engagement_score();
    view.primary_champion = text(ProfileField::PrimaryChampion);
    view.champion_status = text(ProfileField::ChampionStatus);
    view.stakeholder_count = profile.stakeholder_count();
    view.revenue_basis = profile.revenue().map(|revenue| revenue.basis.code().to_owned());
    let attributes = profile.attributes().iter();
    view.attributes = attributes.map(|(name, value)| (name.clone(), value.clone())).collect();
}

fn fill_revenue(view: &mut SnapshotView, record: &SnapshotRecord) {
    let content = &record.content;
    let Some((minor_units, currency)) = content.revenue_minor.zip(content.currency.as_deref()) else {
        return;
    };
    let decimals = money::decimals(currency);
    let amount = |minor_units: i64| MoneyNumber::new(minor_units, decimals);
    view.revenue = Some(amount(minor_units));
    view.currency = Some(currency.to_owned());
    view.revenue_change_from_last = record.revenue_change.map(amount);
    let before = record.revenue_change.map(|change| minor_units.saturating_sub(change));
    view.revenue_change_percent = change_percent(Some(minor_units), before);
}

fn fill_playbooks(view: &mut SnapshotView, record: &SnapshotRecord) {
    let Some(playbooks) = &record.content.playbooks else { return };
    view.playbooks_running = Some(playbooks.running.clone());
    view.playbooks_running_count = Some(playbooks.running_count);
    view.playbooks_completed_count = Some(playbooks.completed);
    view.playbooks_completed_last_30_days = record.completed_in_window;
    view.last_playbook_executed = playbooks.last.as_ref().map(|last| LastPlaybook {
        playbook_id: last.playbook_id.clone(),
        execution_id: last.execution_id.clone(),
        status: last.status.code().to_owned(),
        started_at: last.started_at,
    });
    view.recent_playbook_report_ids = Some(playbooks.reports.clone());
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
