//! Single fields of a snapshot (`--field`): exactly those asked for, in the order asked for.

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value;

use super::SnapshotView;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::report::json;
use crate::report::text::escape_text;

/// Names and values in a fixed order; as JSON an object with exactly these.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields(Vec<(String, Value)>);

/// Name and version of a list of chosen fields.
pub const LIST_SCHEMA: &str = "acctsnap.fields/1";

impl Fields {
    /// Names and values in the order given.
    #[must_use]
    pub fn new(pairs: Vec<(String, Value)>) -> Self {
        Self(pairs)
    }

    /// The text of each value by itself, as [`Fields::text`] shows a single one; null is empty.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] where a value cannot be written as JSON.
    pub fn bare(&self) -> Result<Vec<String>> {
        self.0.iter().map(|(_, value)| bare(value)).collect()
    }

    /// The names and values, in the order asked for.
    #[must_use]
    pub fn pairs(&self) -> &[(String, Value)] {
        &self.0
    }

    /// The text answer: one field is its bare value (null an empty line), several are `name: value` lines.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] where a value cannot be written as JSON.
    pub fn text(&self) -> Result<String> {
        if let [(_, value)] = self.0.as_slice() {
            return Ok(format!("{}\n", bare(value)?));
        }
        self.0.iter().map(|(name, value)| Ok(format!("{name}: {}\n", bare(value)?))).collect()
    }
}

/// Written by hand because the map of `serde_json` sorts its keys.
impl Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// What the items are whose fields are named: a word for messages, and the name of their schema.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'s> {
    /// `snapshot`, `note`.
    pub item: &'static str,
    /// As `acctsnap schema` takes it.
    pub schema: &'s str,
}

/// The named fields of a snapshot, in the order given; `attributes.NAME` reaches into the attributes.
///
/// # Errors
/// [`ErrorKind::Usage`] for a name that is no field, with the nearest one as hint.
pub fn fields<N: AsRef<str>>(view: &SnapshotView, names: &[N]) -> Result<Fields> {
    fields_of(view, names, Kind { item: "snapshot", schema: "snapshot" })
}

/// The named fields of an item of any kind, in the order given.
///
/// # Errors
/// As [`fields`].
pub fn fields_of<T: Serialize, N: AsRef<str>>(view: &T, names: &[N], kind: Kind<'_>) -> Result<Fields> {
    let whole =
        serde_json::to_value(view).context(ErrorKind::Failed, || format!("cannot read the {}", kind.item))?;
    let pairs = names.iter().map(|name| {
        let name = name.as_ref();
        field(&whole, name).map(|value| (name.to_owned(), value)).ok_or_else(|| unknown(&whole, name, kind))
    });
    pairs.collect::<Result<Vec<_>>>().map(Fields)
}

/// An attribute that this account lacks is null: accounts of one list need not bear the same ones.
fn field(whole: &Value, name: &str) -> Option<Value> {
    match name.strip_prefix("attributes.") {
        Some(attribute) => Some(whole.get("attributes")?.get(attribute).cloned().unwrap_or(Value::Null)),
        None => whole.get(name).cloned(),
    }
}

fn unknown(whole: &Value, name: &str, kind: Kind<'_>) -> Error {
    let names = whole.as_object().into_iter().flat_map(serde_json::Map::keys);
    let nearest = names
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    let every = format!("'acctsnap schema {}' lists every field", kind.schema);
    let hint = match nearest {
        Some((_, known)) => format!("did you mean '{known}'? {every}"),
        None => every,
    };
    Error::new(ErrorKind::Usage, format!("expected the name of a {} field, got '{name}'", kind.item))
        .with_hint(hint)
}

fn bare(value: &Value) -> Result<String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(escape_text(text).into_owned()),
        other => json::line(other).map(|text| text.trim_end().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::retail_chain;
    use super::*;

    #[test]
    fn the_order_is_the_askers() {
        let chosen =
            fields(&retail_chain(), &["region", "overall_health_score", "attributes.segment"]).unwrap();
        let expected =
            "{\"region\":null,\"overall_health_score\":64.9,\"attributes.segment\":\"mid \\u001bmarket\"}\n";
        assert_eq!(json::line(&chosen).unwrap(), expected);
        let text = "region: \noverall_health_score: 64.9\nattributes.segment: mid \\u{1b}market\n";
        assert_eq!(chosen.text().unwrap(), text);
    }

    #[test]
    fn one_field_is_bare_and_null_is_an_empty_line() {
        let text = |name: &str| fields(&retail_chain(), &[name]).unwrap().text().unwrap();
        assert_eq!(text("overall_health_score"), "64.9\n");
        assert_eq!(text("region"), "\n");
        assert_eq!(text("attributes.none"), "\n");
        assert_eq!(text("tags"), "[\"q3-review\"]\n");
        assert_eq!(text("snapshot_timestamp"), "2026-11-22T10:00:05.000Z\n");
    }

    #[test]
    fn a_wrong_name_is_a_usage_error_with_a_suggestion() {
        let error = fields(&retail_chain(), &["overal_health_score"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().unwrap_or("").starts_with("did you mean 'overall_health_score'?"), "{error:?}");
        let error = fields(&retail_chain(), &["zzz"]).unwrap_err();
        assert_eq!(error.hint(), Some("'acctsnap schema snapshot' lists every field"));
    }
}
