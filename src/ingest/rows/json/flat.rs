//! An object of JSON as flat cells: what it nests has dotted names (`calendar.accepted_by`).

use std::collections::HashSet;

use super::value::{members, value_of};

/// What cannot be a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A key that stands twice in one object, with all its dots.
    DuplicateKey(String),
    /// A text that is no Unicode.
    BrokenText(String),
}

/// Calls `take` with the dotted name and the text of every cell of the object `raw`; returns whether Salesforce's
/// metadata was passed over.
pub(super) fn flatten<'t>(
    raw: &'t str,
    take: &mut impl FnMut(&str, &'t str) -> Result<(), Unfit>,
) -> Result<bool, Unfit> {
    flatten_under("", raw, take)
}

fn flatten_under<'t>(
    prefix: &str,
    raw: &'t str,
    take: &mut impl FnMut(&str, &'t str) -> Result<(), Unfit>,
) -> Result<bool, Unfit> {
    let mut metadata = false;
    let members = members(raw).map_err(|_| Unfit::BrokenText(prefix.trim_end_matches('.').to_owned()))?;
    let mut keys = HashSet::new();
    for (key, value) in &members {
        let name = format!("{prefix}{}", key.trim());
        if !keys.insert(key.trim()) {
            return Err(Unfit::DuplicateKey(name));
        }
        if is_metadata(key, value) {
            metadata = true;
        } else if value.starts_with('{') {
            metadata |= flatten_under(&format!("{name}."), value, take)?;
        } else {
            if value.contains('\\') && value_of(value).is_none() {
                return Err(Unfit::BrokenText(name));
            }
            take(&name, value)?;
        }
    }
    Ok(metadata)
}

/// The text of the cell of this dotted name.
pub(in crate::ingest) fn cell_of<'t>(raw: &'t str, wanted: &str) -> Option<&'t str> {
    let mut found = None;
    let read = flatten(raw, &mut |name, value| {
        if name == wanted {
            found = Some(value);
        }
        Ok(())
    });
    read.ok().and(found)
}

/// Whether this is what Salesforce writes beside the fields of every record: `{"type", "url", "referenceId"}`.
pub(in crate::ingest) fn is_metadata(key: &str, raw: &str) -> bool {
    key == "attributes"
        && members(raw).is_ok_and(|members| {
            let known = |(key, _): &(String, &str)| matches!(key.as_str(), "type" | "url" | "referenceId");
            members.iter().any(|(key, _)| key == "type") && members.iter().all(known)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(raw: &str) -> Result<(Vec<String>, bool), Unfit> {
        let mut cells = Vec::new();
        let metadata = flatten(raw, &mut |name, value| {
            cells.push(format!("{name}={value}"));
            Ok(())
        })?;
        Ok((cells, metadata))
    }

    #[test]
    fn nested_objects_have_dotted_names() {
        let raw = r#"{"a": 1, "b": {"c": "x", "d": {"e": null}}, "f": [{"g": 1}], "h": {}}"#;
        let expected = ["a=1", "b.c=\"x\"", "b.d.e=null", "f=[{\"g\": 1}]"].map(str::to_owned).to_vec();
        assert_eq!(cells(raw), Ok((expected, false)));
    }

    #[test]
    fn metadata_of_salesforce_is_passed_over_at_every_level() {
        let raw = r#"{"attributes": {"type": "Account", "url": "/x"}, "Owner": {"attributes": {"type": "User"}, "Name": "A"}}"#;
        assert_eq!(cells(raw), Ok((vec!["Owner.Name=\"A\"".to_owned()], true)));
        let own = r#"{"attributes": {"type": "a", "seats": 9}}"#;
        assert_eq!(cells(own).unwrap().0.len(), 2);
    }

    #[test]
    fn what_would_be_lost_is_an_error() {
        assert_eq!(cells(r#"{"a": {"b": 1, "b": 1}}"#), Err(Unfit::DuplicateKey("a.b".to_owned())));
        assert_eq!(cells(r#"{"a": ["\ud800"]}"#), Err(Unfit::BrokenText("a".to_owned())));
        assert!(cells(r#"{"\ud800": 1}"#).is_err());
    }
}
