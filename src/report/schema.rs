//! The JSON Schema of every kind of JSON answer, by the name that `schema NAME` takes.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::error::ErrorView;
use super::history::HistoryItem;
use super::kpis::{ImportView, KpiItem, KpiView, UnknownKpi};
use super::list::List;
use super::snapshot::SnapshotView;
use super::snapshots::SnapshotItem;

type Make = fn() -> Value;

/// Every answer that has a schema, by name. Kept sorted.
const REGISTRY: &[(&str, Make)] = &[
    ("error", of::<ErrorView<'static>>),
    ("history", of::<List<HistoryItem>>),
    ("kpi", of::<KpiView>),
    ("kpis", of::<List<KpiItem>>),
    ("kpis_import", of::<ImportView>),
    ("snapshot", of::<SnapshotView>),
    ("snapshots", of::<List<SnapshotItem>>),
    ("unknown_kpis", of::<List<UnknownKpi>>),
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

/// For what is written, not what is read: a field that is always there is required, null or not.
fn of<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
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
            assert!(schema["properties"]["schema"].is_object(), "{name}");
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
