//! Canonical JSON (RFC 8785) and JSON whose numbers are plain: 85.0 is written `85`, as ECMAScript does.
//!
//! What is hashed goes through here, so nothing may depend on the order of a map or on a library's taste in
//! numbers. A number that is not finite becomes null, as in all of `serde_json`; our types hold none.

use std::cmp::Ordering;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};
use serde_json::{Error, Map, Number, Value};
use sha2::{Digest, Sha256};

/// A value as canonical JSON by RFC 8785: keys sorted by UTF-16 code units at every depth, no space.
///
/// Every number is a double there, so a whole number beyond 2^53 - 1 may be written as its neighbour.
///
/// # Errors
/// Where the value is no JSON (a map whose keys are no text).
pub fn to_canonical_json<T: Serialize>(value: &T) -> Result<String, Error> {
    let mut json = Vec::new();
    write_value(&serde_json::to_value(value)?, &mut json)?;
    String::from_utf8(json).map_err(Error::custom)
}

/// Writes a value whose fields are declared in sorted order at every depth, as canonical JSON, without sorting.
///
/// The caller is responsible for the order, and for whole numbers below 2^53, which are written digit by digit;
/// compare with [`to_canonical_json`] in a test.
///
/// # Errors
/// Where the value is no JSON.
pub fn to_presorted_json<T: Serialize>(value: &T, buffer: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(&mut Serializer::with_formatter(buffer, PlainNumbers))
}

/// SHA-256 of some bytes, in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hex; without the detour through formatting, for every answer bears several.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' - 10 + half });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

fn write_value(value: &Value, json: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        Value::Object(members) => write_object(members, json),
        Value::Array(items) => {
            json.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    json.push(b',');
                }
                write_value(item, json)?;
            }
            json.push(b']');
            Ok(())
        }
        Value::Number(number) => write_number(number, json),
        // null, booleans and strings are the same in both; the escapes of serde_json are those of RFC 8785
        other => serde_json::to_writer(json, other),
    }
}

fn write_object(members: &Map<String, Value>, json: &mut Vec<u8>) -> Result<(), Error> {
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    members.sort_by(|(a, _), (b, _)| by_utf16(a, b));
    json.push(b'{');
    for (place, (key, value)) in members.into_iter().enumerate() {
        if place > 0 {
            json.push(b',');
        }
        serde_json::to_writer(&mut *json, key)?;
        json.push(b':');
        write_value(value, json)?;
    }
    json.push(b'}');
    Ok(())
}

fn by_utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn write_number(number: &Number, json: &mut Vec<u8>) -> Result<(), Error> {
    to_presorted_json(&number.as_f64(), json)
}

/// A formatter for `serde_json` that writes floats as ECMAScript does, in as few characters as they need.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainNumbers;

impl Formatter for PlainNumbers {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write_plain(writer, value)
    }
}

/// [`PlainNumbers`] on many lines, indented by two spaces.
#[derive(Debug, Clone, Default)]
pub struct PrettyPlainNumbers {
    layout: PrettyFormatter<'static>,
}

impl Formatter for PrettyPlainNumbers {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write_plain(writer, value)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object_value(writer)
    }
}

fn write_plain<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    if value.is_finite() {
        writer.write_all(ryu_js::Buffer::new().format_finite(value).as_bytes())
    } else {
        CompactFormatter.write_null(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn presorted<T: Serialize>(value: &T) -> String {
        let mut buffer = Vec::new();
        to_presorted_json(value, &mut buffer).unwrap();
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        for (number, text) in [
            (85.0, "85"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (333_333_333.333_333_3, "333333333.3333333"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::NAN, "null"),
        ] {
            assert_eq!(presorted(&number), text);
            assert_eq!(to_canonical_json(&number).unwrap(), text);
        }
    }

    #[test]
    fn keys_are_sorted_by_utf16_code_units() {
        // the example of RFC 8785, section 3.2.3
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O"
        });
        let json = to_canonical_json(&value).unwrap();
        let places: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
            .map(|word| json.find(word).unwrap())
            .into();
        assert!(places.is_sorted(), "{json}");
        assert!(json.starts_with(r#"{"\r":"#), "{json}");
    }

    #[test]
    fn whole_numbers_are_doubles_and_stay_so_when_read_back() {
        for (number, text) in [
            (json!(9_007_199_254_740_991_i64), "9007199254740991"),
            (json!(-9_007_199_254_740_991_i64), "-9007199254740991"),
            (json!(17_531_421_430_225_790_u64), "17531421430225790"),
            (json!(u64::MAX), "18446744073709552000"),
        ] {
            assert_eq!(to_canonical_json(&number).unwrap(), text);
            let read: Value = serde_json::from_str(text).unwrap();
            assert_eq!(to_canonical_json(&read).unwrap(), text);
        }
    }

    #[test]
    fn a_struct_in_sorted_order_needs_no_sorting() {
        #[derive(Serialize)]
        struct Sorted<'a> {
            account: &'a str,
            inner: Inner,
            score: Option<f64>,
        }
        #[derive(Serialize)]
        struct Inner {
            a: Vec<f64>,
            b: bool,
        }
        let value = Sorted {
            account: "Müller \"&\" \u{1f}",
            inner: Inner { a: vec![1.0, 2.5], b: true },
            score: None,
        };
        let json = presorted(&value);
        assert_eq!(json, r#"{"account":"Müller \"&\" \u001f","inner":{"a":[1,2.5],"b":true},"score":null}"#);
        assert_eq!(json, to_canonical_json(&value).unwrap());
    }

    #[test]
    fn the_pretty_form_differs_in_space_only() {
        let value = json!({"a": [1.0, {"b": 85.0}], "empty": [], "none": {}, "one": [1.0]});
        let mut pretty = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut pretty, PrettyPlainNumbers::default())).unwrap();
        let pretty = String::from_utf8(pretty).unwrap();
        assert_eq!(
            pretty,
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": 85\n    }\n  ],\n  \"empty\": [],\n  \"none\": {},\n  \"one\": [\n    1\n  ]\n}"
        );
        assert_eq!(pretty.split_whitespace().collect::<String>(), to_canonical_json(&value).unwrap());
    }

    #[test]
    fn a_known_digest() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_independent_canonicalizer_agrees(value in any_json()) {
            let json = to_canonical_json(&value).unwrap();
            prop_assert_eq!(&json, &serde_json_canonicalizer::to_string(&value).unwrap());
            // reading it back and writing it again changes nothing
            let read: Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(to_canonical_json(&read).unwrap(), json);
        }
    }
}
