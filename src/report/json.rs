//! Views as JSON: pretty for one answer, one line for `jsonl`, logs and errors.
//!
//! Numbers are written as RFC 8785 wants them (85.0 is `85`). Characters that steer a terminal and that JSON
//! lets stand (C1, bidi overrides, zero-width) are written as `\uXXXX`: the value is the same, the terminal safe.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::text::is_treacherous;
use crate::error::{Context, ErrorKind, Result};

/// The value as indented JSON with a final line end.
///
/// # Errors
/// [`ErrorKind::Failed`] where the value cannot be JSON, e.g. a map with keys that are no text.
pub fn pretty<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    written(value, PrettyFormatter::new())
}

/// The value as one line of JSON with a final line end.
///
/// # Errors
/// As [`pretty`].
pub fn line<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    written(value, CompactFormatter)
}

/// A number as JSON writes it: the shortest text that reads back the same, `85` for 85.0.
#[must_use]
pub fn number(value: f64) -> String {
    ryu_js::Buffer::new().format(value).to_owned()
}

fn written<T: Serialize + ?Sized>(value: &T, formatter: impl Formatter) -> Result<String> {
    let mut bytes = Vec::with_capacity(512);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Plain(formatter));
    let unwritable = || "cannot write the answer as JSON".to_owned();
    value.serialize(&mut serializer).context(ErrorKind::Failed, unwritable)?;
    bytes.push(b'\n');
    String::from_utf8(bytes).context(ErrorKind::Failed, unwritable)
}

/// Another formatter's layout with plain numbers and safe text.
struct Plain<F>(F);

/// Hands methods on to the formatter inside.
macro_rules! as_inside {
    ($($method:ident($($argument:ident: $type:ty),*)),+ $(,)?) => {$(
        fn $method<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$method(writer $(, $argument)*)
        }
    )+};
}

impl<F: Formatter> Formatter for Plain<F> {
    as_inside! {
        begin_array(), end_array(), begin_array_value(first: bool), end_array_value(),
        begin_object(), end_object(), begin_object_key(first: bool), end_object_key(),
        begin_object_value(), end_object_value(),
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number(value).as_bytes())
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        writer.write_all(ryu_js::Buffer::new().format(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        // Nearly every text is plain, and that is told from its bytes alone.
        if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return writer.write_all(text.as_bytes());
        }
        let mut rest = text;
        while let Some((before, character, after)) = split_at_treacherous(rest) {
            writer.write_all(before.as_bytes())?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after;
        }
        writer.write_all(rest.as_bytes())
    }
}

fn split_at_treacherous(text: &str) -> Option<(&str, char, &str)> {
    let (start, character) = text.char_indices().find(|(_, character)| is_treacherous(*character))?;
    let (before, from) = text.split_at_checked(start)?;
    Some((before, character, from.get(character.len_utf8()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn numbers_are_plain_in_both_layouts() {
        let value = json!({"a": 85.0, "b": 12.5, "c": [1, -0.0, 1e21], "d": null, "e": {}});
        assert_eq!(line(&value).unwrap(), "{\"a\":85,\"b\":12.5,\"c\":[1,0,1e+21],\"d\":null,\"e\":{}}\n");
        let pretty = pretty(&json!({"a": [85.0], "b": []})).unwrap();
        assert_eq!(pretty, "{\n  \"a\": [\n    85\n  ],\n  \"b\": []\n}\n");
    }

    #[test]
    fn treacherous_text_is_escaped_and_reads_back_the_same() {
        let value = json!("a\u{1b}\u{9b}\u{202e}\u{e0041}ü\"");
        let text = line(&value).unwrap();
        assert_eq!(text, "\"a\\u001b\\u009b\\u202e\\udb40\\udc41ü\\\"\"\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
