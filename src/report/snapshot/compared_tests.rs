//! The fields that conditions compare are those that are shown, and hold what conditions take them for.

use serde_json::Value;

use crate::model::snapshot::fields::{FIELDS, FieldKind};
use crate::report::schema::schema;

/// A property's shapes: itself, or what it refers to, each alternative by itself.
fn shapes<'s>(schema: &'s Value, property: &'s Value) -> Vec<&'s Value> {
    let referred = |shape: &'s Value| match shape["$ref"].as_str() {
        Some(path) => &schema["$defs"][path.rsplit('/').next().unwrap_or_default()],
        None => shape,
    };
    match property["anyOf"].as_array() {
        Some(alternatives) => alternatives.iter().map(referred).collect(),
        None => vec![referred(property)],
    }
}

/// Whether a shape is what conditions take the field for.
fn fits(kind: FieldKind, shape: &Value) -> bool {
    let is = |wanted: &str| match &shape["type"] {
        Value::Array(types) => types.iter().any(|known| known == wanted),
        known => known == wanted,
    };
    match kind {
        FieldKind::Number => is("number") || is("integer"),
        FieldKind::Word(words) => {
            let listed = shape["enum"].as_array().into_iter().flatten();
            let told = shape["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
            listed.chain(told).filter_map(Value::as_str).collect::<Vec<_>>() == words
        }
        FieldKind::Text | FieldKind::Key => is("string") && shape["format"].is_null(),
        FieldKind::Day => shape["format"] == "date",
        FieldKind::Instant => shape["format"] == "date-time",
        FieldKind::Boolean => is("boolean"),
        FieldKind::Texts => is("array") && shape["items"]["type"] == "string",
        FieldKind::Attributes | FieldKind::Structure => is("object") || is("array"),
    }
}

/// Conditions know the fields by name and kind; they must be those that are shown.
#[test]
fn the_fields_that_conditions_compare_are_those_of_the_schema() {
    let schema = schema("snapshot").unwrap();
    let shown: Vec<&str> = super::view::FIELDS.split_whitespace().collect();
    assert_eq!(FIELDS.map(|(name, _)| name).to_vec(), shown);
    for (name, kind) in FIELDS {
        let shapes = shapes(&schema, &schema["properties"][name]);
        assert!(shapes.iter().any(|shape| fits(kind, shape)), "{name}: {kind:?} and {shapes:?}");
    }
}
