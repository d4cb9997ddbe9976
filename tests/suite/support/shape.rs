//! Whether a JSON answer keeps to its JSON Schema, in the words that our schemas use.
//!
//! Stricter than the schema in one thing: a field that it does not name is a fault, so that none is forgotten.

use serde_json::Value;

use super::Sandbox;

/// The schema that `acctsnap schema NAME` prints.
pub fn schema(name: &str) -> Value {
    Sandbox::new().run(["schema", name]).ok().json()
}

/// Compares an answer with the schema of this name.
#[track_caller]
#[expect(clippy::panic, reason = "the way of a test to fail")]
pub fn check(name: &str, answer: &Value) {
    let faults = faults(&schema(name), answer);
    if !faults.is_empty() {
        panic!("no acctsnap.{name}/1: {faults:#?}\n{answer:#}");
    }
}

/// Everything in which a value differs from a schema, with its place.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(schema, schema, value, "", &mut found);
    found
}

fn compare(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str().and_then(|path| root.pointer(path.strip_prefix('#')?)) {
        compare(root, target, value, place, found);
    }
    let alternatives = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    let fits = |one: &Value| {
        let mut faults = Vec::new();
        compare(root, one, value, place, &mut faults);
        faults.is_empty()
    };
    if alternatives.is_some_and(|all| !all.iter().any(fits)) {
        found.push(format!("{place}: {value} is none of the alternatives"));
    }
    if !is_of_type(&schema["type"], value) {
        found.push(format!("{place}: {value} is no {}", schema["type"]));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        found.push(format!("{place}: {value} is not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        found.push(format!("{place}: {value} is none of {}", schema["enum"]));
    }
    compare_parts(root, schema, value, place, found);
}

fn compare_parts(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        compare(root, &schema["items"], item, &format!("{place}/{index}"), found);
    }
    let Some((fields, known)) = value.as_object().zip(schema["properties"].as_object()) else { return };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing = required.filter(|name| !fields.contains_key(*name));
    found.extend(missing.map(|name| format!("{place}: lacks {name}")));
    for (name, field) in fields {
        match known.get(name) {
            Some(schema) => compare(root, schema, field, &format!("{place}/{name}"), found),
            None => found.push(format!("{place}: {name} is not in the schema")),
        }
    }
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}
