//! The JSON Schema of every kind of JSON answer, by the name that `schema NAME` takes.
//!
//! The list of an answer that is a list is its envelope; its lines in JSON Lines are the items.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::account::AccountView;
use super::account_change::AccountChangeView;
use super::account_merge::AccountMergeView;
use super::accounts::{self, AccountLine};
use super::backup::BackupView;
use super::briefing::{self, BriefingView, PortfolioBriefing};
use super::compare::CompareView;
use super::config::{self, CheckView, InitView, SettingView};
use super::customer_change::CustomerChangeView;
use super::customers::{self, CustomerLine};
use super::erase::EraseView;
use super::error::ErrorView;
use super::events::{self, EventLine};
use super::explain::ExplainView;
use super::export::{self, EventRow, ExportView, KpiRow};
use super::flush::FlushView;
use super::health_calculation::CalculationView;
use super::history::HistoryView;
use super::ingest::IngestView;
use super::inspect::InspectView;
use super::kpis::{self, ImportView, KpiChangeView, KpiItem, KpiSuggestion, KpiView, UnknownKpi};
use super::list::List;
use super::man::ManView;
use super::notes::{self, NoteLine};
use super::portfolio;
use super::portfolio_compare::PortfolioCompareView;
use super::restore::RestoreView;
use super::retention::apply::ApplyView;
use super::retention::plan::{self as retention_plan, PlannedSnapshot};
use super::retention::purge::PurgeView;
use super::retention::undo::UndoView;
use super::scheduled::install::InstallView;
use super::scheduled::plan::{self, PlannedSlot};
use super::scheduled::run::ScheduleRunView;
use super::snapshot::SnapshotView;
use super::snapshot::fields::LIST_SCHEMA;
use super::snapshot_create::CreateView;
use super::snapshots::{self, SnapshotItem};
use super::status::StatusView;
use super::tags::{self, TagChangeView, TagLine};
use super::upload::UploadView;
use super::upload_undo::UploadUndoView;
use super::uploads::{self, UploadLine};
use super::verification::VerificationView;

/// The fields of a snapshot that were asked for, by name.
type ChosenFields = serde_json::Map<String, Value>;

type Make = fn() -> Value;

/// Every answer that has a schema, by name. Kept sorted.
const REGISTRY: &[(&str, Make)] = &[
    ("account", of::<AccountView>),
    ("account_change", of::<AccountChangeView>),
    ("account_merge", of::<AccountMergeView>),
    ("accounts", || list_of::<AccountLine>(accounts::SCHEMA)),
    ("backup", of::<BackupView>),
    ("compare", of::<CompareView>),
    ("config", || list_of::<SettingView>(config::SCHEMA)),
    ("config_check", of::<CheckView>),
    ("config_init", of::<InitView>),
    ("context", of::<BriefingView>),
    ("contexts", || list_of::<BriefingView>(briefing::LIST_SCHEMA)),
    ("customer_change", of::<CustomerChangeView>),
    ("customers", || list_of::<CustomerLine>(customers::SCHEMA)),
    ("erase", of::<EraseView>),
    ("error", of::<ErrorView<'static>>),
    ("events", || list_of::<EventLine>(events::SCHEMA)),
    ("explain", of::<ExplainView>),
    ("export", of::<ExportView>),
    ("exported_events", || list_of::<EventRow>(export::events::SCHEMA)),
    ("exported_kpis", || list_of::<KpiRow>(export::kpis::SCHEMA)),
    ("fields", || list_of::<ChosenFields>(LIST_SCHEMA)),
    ("flush", of::<FlushView>),
    ("health_calculation", of::<CalculationView>),
    ("history", of::<HistoryView>),
    ("ingest", of::<IngestView>),
    ("inspect", of::<InspectView>),
    ("kpi", of::<KpiView>),
    ("kpi_change", of::<KpiChangeView>),
    ("kpi_suggestions", || list_of::<KpiSuggestion>(kpis::SUGGEST_SCHEMA)),
    ("kpis", || list_of::<KpiItem>(kpis::LIST_SCHEMA)),
    ("kpis_import", of::<ImportView>),
    ("latest", || list_of::<SnapshotView>(portfolio::SCHEMA)),
    ("man", of::<ManView>),
    ("notes", || list_of::<NoteLine>(notes::SCHEMA)),
    ("portfolio_compare", of::<PortfolioCompareView>),
    ("portfolio_context", of::<PortfolioBriefing>),
    ("restore", of::<RestoreView>),
    ("retention_apply", of::<ApplyView>),
    ("retention_plan", || list_of::<PlannedSnapshot>(retention_plan::SCHEMA)),
    ("retention_purge", of::<PurgeView>),
    ("retention_undo", of::<UndoView>),
    ("schedule_install", of::<InstallView>),
    ("schedule_plan", || list_of::<PlannedSlot>(plan::SCHEMA)),
    ("schedule_run", of::<ScheduleRunView>),
    ("snapshot", of::<SnapshotView>),
    ("snapshot_create", of::<CreateView>),
    ("snapshots", || list_of::<SnapshotItem>(snapshots::LIST_SCHEMA)),
    ("status", of::<StatusView>),
    ("tag_change", of::<TagChangeView>),
    ("tags", || list_of::<TagLine>(tags::SCHEMA)),
    ("unknown_kpis", || list_of::<UnknownKpi>(kpis::UNKNOWN_SCHEMA)),
    ("upload", of::<UploadView>),
    ("upload_undo", of::<UploadUndoView>),
    ("uploads", || list_of::<UploadLine>(uploads::SCHEMA)),
    ("verification", of::<VerificationView>),
];

/// The JSON Schema of an answer; None for a name that is no answer.
#[must_use]
pub fn schema(name: &str) -> Option<Value> {
    REGISTRY.iter().find(|(known, _)| *known == name).map(|(_, make)| make())
}

/// The names that have a schema, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|(name, _)| *name)
}

/// The fields of an answer; of a list, those of its items. None for a name that is no answer.
#[must_use]
pub fn field_names(name: &str) -> Option<Vec<String>> {
    let schema = schema(name)?;
    let item = schema.pointer("/properties/items/items");
    let referred = item.and_then(|item| item["$ref"].as_str()).and_then(|place| place.strip_prefix('#'));
    let shape = referred.and_then(|place| schema.pointer(place)).or(item).unwrap_or(&schema);
    let names = shape["properties"].as_object().into_iter().flat_map(serde_json::Map::keys);
    Some(names.cloned().collect())
}

/// For what is written, not what is read: a field that is always there is required, null or not.
fn of<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// The schema of a list's envelope, which bears the list's own name.
fn list_of<T: schemars::JsonSchema>(name: &str) -> Value {
    let mut schema = of::<List<T>>();
    if let Some(envelope) = schema.as_object_mut() {
        envelope.insert("title".to_owned(), json!(name));
    }
    if let Some(field) = schema.pointer_mut("/properties/schema").and_then(Value::as_object_mut) {
        field.insert("const".to_owned(), json!(name));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_each_has_a_schema_of_an_object() {
        assert!(names().is_sorted());
        for name in names() {
            let schema = schema(name).unwrap();
            assert_eq!(schema["type"], "object", "{name}");
            let full_name = format!("acctsnap.{name}/1");
            assert_eq!(schema["title"], full_name.as_str());
            assert_eq!(schema["properties"]["schema"]["const"], full_name.as_str());
        }
        assert_eq!(schema("nothing"), None);
    }

    #[test]
    fn what_may_be_null_is_still_required() {
        let error = schema("error").unwrap();
        let required: Vec<&str> =
            error["required"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
        assert_eq!(required, ["schema", "code", "exit_code", "message", "hint", "details", "details_total"]);
        assert_eq!(error["properties"]["hint"]["type"], serde_json::json!(["string", "null"]));
    }
}
