//! Rows as CSV (RFC 4180, `\n` line ends, UTF-8 without a mark): null is an empty cell, numbers are plain,
//! lists and objects are JSON text.
//!
//! Cells hold exactly what was given: a file is for programs. Nothing is guarded against spreadsheets here.

use serde_json::Value;

use super::json;
use crate::error::{Context, ErrorKind, Result};

/// CSV with these headers, a line for each row; a row is an object, its missing fields are empty cells.
///
/// # Errors
/// [`ErrorKind::Failed`] where a cell cannot be written as JSON text.
pub fn bytes<'a>(headers: &[&str], rows: impl IntoIterator<Item = &'a Value>) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let unwritable = || "cannot write the answer as CSV".to_owned();
    writer.write_record(headers).context(ErrorKind::Failed, unwritable)?;
    for row in rows {
        let cells = headers.iter().map(|header| cell(row.get(header)));
        let cells = cells.collect::<Result<Vec<_>>>()?;
        writer.write_record(cells).context(ErrorKind::Failed, unwritable)?;
    }
    writer.into_inner().context(ErrorKind::Failed, unwritable)
}

fn cell(value: Option<&Value>) -> Result<String> {
    match value {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Bool(truth)) => Ok(truth.to_string()),
        Some(other) => json::line(other).map(|text| text.trim_end().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_value_has_its_form() {
        let rows = [
            json!({"n": 85.0, "t": "a, \"b\"", "l": ["x", 1.0], "o": {"k": null}, "b": true, "z": null}),
            json!({"t": "two\nlines", "z": -5}),
        ];
        let text = String::from_utf8(bytes(&["n", "t", "l", "o", "b", "z"], &rows).unwrap()).unwrap();
        let expected = concat!(
            "n,t,l,o,b,z\n",
            "85,\"a, \"\"b\"\"\",\"[\"\"x\"\",1]\",\"{\"\"k\"\":null}\",true,\n",
            ",\"two\nlines\",,,,-5\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn no_rows_still_have_headers() {
        assert_eq!(bytes(&["a", "b"], &[]).unwrap(), b"a,b\n");
    }
}
