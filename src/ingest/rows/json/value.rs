//! JSON text to values, level by level, so that nothing of a number is lost on the way.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The members of an object, in order, each value as it stands.
pub(in crate::ingest) struct Members<'t>(pub(in crate::ingest) Vec<(String, &'t str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((key, value.get()));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// The members of the object that this text is.
pub(in crate::ingest) fn members(raw: &str) -> Result<Vec<(String, &str)>, serde_json::Error> {
    serde_json::from_str::<Members<'_>>(raw).map(|members| members.0)
}

/// The items of the list that this text is.
pub(super) fn items(raw: &str) -> Result<Vec<&str>, serde_json::Error> {
    let items: Vec<&RawValue> = serde_json::from_str(raw)?;
    Ok(items.into_iter().map(RawValue::get).collect())
}

/// The value that this text is; None where a text in it is no Unicode (half of a surrogate pair).
///
/// It must have been looked at before: what nests too deep for it was refused with the file.
pub(in crate::ingest) fn value_of(raw: &str) -> Option<Value> {
    let raw = raw.trim();
    match raw.bytes().next()? {
        b'{' => {
            let members = members(raw).ok()?.into_iter();
            let members = members.map(|(key, value)| Some((key, value_of(value)?)));
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        b'[' => items(raw).ok()?.into_iter().map(value_of).collect::<Option<Vec<_>>>().map(Value::Array),
        b'-' | b'0'..=b'9' => Some(number_value(raw)),
        _ => serde_json::from_str(raw).ok(),
    }
}

/// The number that these digits are; as text where a number would lose some of them.
pub(in crate::ingest) fn number_value(digits: &str) -> Value {
    let Ok(Value::Number(number)) = serde_json::from_str(digits) else { return Value::from(digits) };
    // Numbers are hashed as doubles (RFC 8785): what one cannot hold is a name, such as an id of 19 digits.
    let Some(float) = number.as_f64() else { return Value::from(digits) };
    let mut shortest = String::new();
    crate::model::plain_number::push_number(&mut shortest, float);
    if same_decimal(digits, &shortest) { Value::Number(number) } else { Value::from(digits) }
}

/// Whether two texts are the same number in decimal.
fn same_decimal(a: &str, b: &str) -> bool {
    parts(a).is_some_and(|parts_of_a| parts(b) == Some(parts_of_a))
}

/// Sign, digits without zeros around them, and the power of ten of the last one.
fn parts(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some((false, String::new(), 0));
    }
    let places = i64::try_from(digits.len() - kept.len()).ok()? - i64::try_from(fraction.len()).ok()?;
    Some((is_negative, kept.to_owned(), exponent.parse::<i64>().ok()?.checked_add(places)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_numbers_where_nothing_is_lost() {
        for digits in ["0", "-0", "9", "1.50", "148000", "1e3", "1E+2", "0.1", "-12.5e-3", "9007199254740992"]
        {
            assert!(number_value(digits).is_number(), "{digits}");
        }
        for digits in ["9007199254740993", "0.1234567890123456789", "1e999", "1e-999", "12345678901234567890"]
        {
            assert_eq!(number_value(digits), Value::from(digits));
        }
    }

    #[test]
    fn nested_values_are_read_whole_and_broken_texts_not_at_all() {
        let value = value_of(r#" {"a": [1, {"b": null}, "\u00e9"], "c": 9007199254740993} "#);
        assert_eq!(value, Some(serde_json::json!({"a": [1, {"b": null}, "é"], "c": "9007199254740993"})));
        for raw in [r#""\ud800""#, r#"["\ud800"]"#, r#"{"\ud800": 1}"#] {
            assert_eq!(value_of(raw), None, "{raw}");
        }
    }
}
