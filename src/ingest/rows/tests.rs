//! Rows of CSV and of JSON, read alike.

use super::*;
use crate::ingest::columns::account;
use crate::ingest::testing::rejects_of;
use crate::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Visit {
    Account,
    ExternalId,
    Day,
    At,
    Guests,
    Mood,
    Dishes,
}

impl Field for Visit {
    const KIND: &'static str = "visits";
    const ALL: &'static [Self] =
        &[Self::Account, Self::ExternalId, Self::Day, Self::At, Self::Guests, Self::Mood, Self::Dishes];
    const ACCOUNT: Self = Self::Account;
    const EXTERNAL_ID: Self = Self::ExternalId;

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::Day => "day",
            Self::At => "at",
            Self::Guests => "guests",
            Self::Mood => "mood",
            Self::Dishes => "dishes",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Account => account::ACCOUNT,
            Self::ExternalId => account::EXTERNAL_ID_OR_ID,
            Self::Day => &[&["day"]],
            Self::At => &[&["at"]],
            Self::Guests => &[&["guests"]],
            Self::Mood => &[&["mood"]],
            Self::Dishes => &[&["dishes", "meal.dishes"]],
        }
    }
}

/// What is read of a row, as one text, so that CSV and JSON can be compared.
fn told(row: &Row<'_, Visit>, values: &ValueReader) -> Result<String, Fault<Visit>> {
    let (name, id) = row.account();
    let at = row.instant(Visit::At, chrono_tz::UTC)?.map(|at| at.to_string());
    let day = row.day(Visit::Day)?.map(|day| day.to_string());
    let (guests, mood) = (row.whole_number(Visit::Guests)?, row.score(Visit::Mood, values)?);
    let dishes = row.list(Visit::Dishes)?;
    Ok(format!("{}: {name}/{id} {day:?} {at:?} {guests:?} {mood:?} {dishes:?}", row.line))
}

struct Read {
    rows: Vec<String>,
    file: KindFile<()>,
}

fn read(name: &str, text: &str, maps: &[(String, String)]) -> Result<Read> {
    let source = Source::spool(name, text.as_bytes())?;
    let missing = MISSING_TOKENS.map(str::to_owned);
    let values = ValueReader::new(&missing, "USD", DecimalMark::Point);
    let mut options = RowOptions {
        given_account: None,
        period: None,
        today: "2026-11-22".parse().unwrap(),
        zone: chrono_tz::UTC,
        values: &values,
        missing: &missing,
        currency: "USD",
        clear_token: None,
        column_aliases: &[("day".to_owned(), "Tag".to_owned())],
        maps,
        on_progress: &mut |_| {},
    };
    let mut notes = Notes::default();
    let mut rows = Vec::new();
    let conventions = Conventions::default();
    let fit = |_: &mut Columns<Visit>, _: &mut Notes| Ok(());
    let end = read_rows(&source, &mut options, &conventions, &mut notes, fit, |row, ()| {
        told(row, &values).map(|told| rows.push(told))
    })?;
    Ok(Read { rows, file: end.into_file((), notes) })
}

fn notes(read: &Read) -> Vec<&str> {
    read.file.notes.iter().map(|note| note.message.as_str()).collect()
}

#[test]
fn csv_and_json_say_the_same() {
    let csv = "Company,ID,Tag,at,guests,mood,dishes\n\
               Acme,007,2026-10-31,2026-10-31 10:00,5,72.5%,soup; salad\n\
               Bolt,,n/a,,Unknown,,\n";
    let json = r#"[
{"company": "Acme", "id": "007", "tag": "2026-10-31T09:00:00", "at": "2026-10-31T11:00:00+01:00", "guests": 5,
 "mood": 72.5, "meal": {"dishes": ["soup", "salad"]}},
{"company": "Bolt", "id": null, "tag": "N/A", "guests": "UNKNOWN", "meal": {}}]"#;
    let (csv, json) = (read("a.csv", csv, &[]).unwrap(), read("a.json", json, &[]).unwrap());
    let acme = ": Acme/007 Some(\"2026-10-31\") Some(\"2026-10-31T10:00:00.000Z\") Some(5) Some(Score(7250)) \
                Some([\"soup\", \"salad\"])";
    assert_eq!(csv.rows, [format!("2{acme}"), "3: Bolt/ None None None None None".to_owned()]);
    assert_eq!(json.rows, [format!("2{acme}"), "4: Bolt/ None None None None None".to_owned()]);
    let note = "2 cells hold a word for no value, such as N/A or UNKNOWN, and were read as blank";
    assert_eq!((notes(&csv), notes(&json)), (vec![note], vec![note]));
    assert_eq!(json.file.tables[0].columns.columns[5].field, Some("mood"));
}

#[test]
fn faults_name_the_column_as_the_file_has_it_and_the_cell() {
    let text = "Company,Guests,Mood,at\na,-5,,\nb,5.5,,\nc,,101,\nd,,,31.13.2026\ne,5.0,100,\nf\n";
    let read = read("a.csv", text, &[]).unwrap();
    let told: Vec<_> = read
        .file
        .rejections
        .examples
        .iter()
        .map(|example| {
            let problem = &read.file.rejections.problems[example.problem as usize];
            (example.line, problem.code, problem.column.as_deref(), example.value.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            (2, "not_a_whole_number", Some("Guests"), Some("-5")),
            (3, "not_a_whole_number", Some("Guests"), Some("5.5")),
            (4, "score_out_of_range", Some("Mood"), Some("101")),
            (5, "bad_date", Some("at"), Some("31.13.2026")),
            (7, "ragged_row", None, None),
        ]
    );
    assert_eq!((read.rows.len(), read.file.records_read), (1, 6));
}

#[test]
fn blank_records_are_no_rows_and_a_file_of_them_is_refused() {
    let read_all = read("a.csv", "account,day\nAcme,\n , \n,,,\n", &[]).unwrap();
    assert_eq!(read_all.file.records_read, 1);
    assert_eq!(notes(&read_all), ["2 records have nothing but empty cells and are no rows"]);
    for (name, text) in [("a.csv", "account,day\n,\n"), ("a.json", "[{}, {\"account\": null}]")] {
        assert!(read(name, text, &[]).is_err_and(|error| error.message().ends_with("has no rows")), "{text}");
    }
    assert_eq!(read("a.csv", "", &[]).err().unwrap().message(), "a.csv is empty");
}

#[test]
fn a_lone_id_is_the_rows_own_unless_it_is_mapped() {
    assert!(read("a.csv", "id,day\n7,\n", &[]).unwrap().rows[0].starts_with("2: / "));
    let maps = [("ID".to_owned(), "external_id".to_owned())];
    assert!(read("a.csv", "id,day\n7,\n", &maps).unwrap().rows[0].starts_with("2: /7 "));
}

#[test]
fn a_json_record_is_told_from_an_envelope_by_its_fields() {
    let record = r#"{"company": "Acme", "guests": 3, "contacts": [{"name": "x"}]}"#;
    assert_eq!(read("a.json", record, &[]).unwrap().rows.len(), 1);
    let envelope = r#"{"customer": "acme", "visits": [{"company": "A"}, {"company": "B"}]}"#;
    assert_eq!(read("-", envelope, &[]).unwrap().rows.len(), 2);
}

#[test]
fn the_whole_element_is_given_without_what_others_added() {
    let text = r#"{"account": "a", "n": {"x": [1]}, "attributes": {"type": "T"}, "acctsnap_code": "c"}"#;
    let source = Source::spool("a.json", text.as_bytes()).unwrap();
    let rows = JsonRows::open(&source, &mut |_| {}, &|_| true, &mut Notes::default());
    let (mut rows, missing) = (rows.unwrap(), Missing::new(&[]));
    let ranks = Ranks::new(&[]);
    let headers: Vec<String> = rows.headers().map(str::to_owned).collect();
    let columns =
        Columns::<Visit>::of_headers("a.json", headers.iter().map(String::as_str), &ranks, &[]).unwrap();
    let conventions = Conventions::default();
    let examples = RefCell::default();
    let cells = Cells::Json(rows.next_row().unwrap());
    let row = Row {
        line: 1,
        table: 0,
        columns: &columns,
        missing: &missing,
        conventions: &conventions,
        examples: &examples,
        cells,
    };
    let element = row.element().map(serde_json::Value::Object);
    assert_eq!(element, Some(serde_json::json!({"account": "a", "n": {"x": [1]}})));
}

/// The rejects of a file, and what the file says again once they stand in its place.
fn rejects(name: &str, text: &str) -> (String, Vec<String>) {
    let first = read(name, text, &[]).unwrap();
    let source = Source::spool(name, text.as_bytes()).unwrap();
    source.settle_record(|| false);
    let file = &first.file;
    let (_, out) = rejects_of(&source, &file.rejections, &file.tables, &file.conventions);
    let mended = out.replace("\"guests\": \"five\"", "\"guests\": 5");
    let again = read(name, &mended, &[]).unwrap();
    assert!(again.file.rejections.is_empty(), "{out}");
    (out, again.rows)
}

#[test]
fn rejected_objects_are_written_with_their_reasons_and_read_back_once_mended() {
    let text = "[{\"account\": \"a\", \"guests\": \"five\", \"price\": 1.10, \"acctsnap_hint\": \"old\"},\n\
                {\"account\": \"b\", \"guests\": 2}]";
    let (out, again) = rejects("a.json", text);
    assert_eq!(
        out,
        "[\n{\"account\": \"a\", \"guests\": \"five\", \"price\": 1.10, \"acctsnap_line\": 1, \
         \"acctsnap_column\": \"guests\", \"acctsnap_value\": \"five\", \"acctsnap_code\": \"not_a_whole_number\", \
         \"acctsnap_message\": \"expected a whole number of 0 or more, such as 5\", \"acctsnap_hint\": null}\n]\n"
    );
    assert_eq!(again, ["2: a/ None None Some(5) None None"]);
}

#[test]
fn rejects_of_lines_are_lines_and_rows_that_share_one_are_told_apart() {
    let bad = "{\"account\": \"a\",\n \"guests\": \"five\"}";
    let (out, again) = rejects("a.jsonl", &format!("{bad}\n{{\"account\": \"b\"}}\n{bad}\n"));
    assert_eq!((out.lines().count(), again.len()), (2, 2));
    let bad = "{\"account\": \"a\", \"guests\": \"five\"}";
    let (out, again) = rejects("a.json", &format!("{{\"visits\": [{{\"account\": \"b\"}}, {bad}, {bad}]}}"));
    assert!(out.contains("\"acctsnap_line\": 3") && !out.contains("\"b\""), "{out}");
    assert_eq!(again.len(), 2);
}
