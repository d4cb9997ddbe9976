//! `export`: what was stored is what is read back, by our own means and by others'; a file stands whole or not at all.

use std::collections::BTreeMap;
use std::fs::File;
use std::process::Command;

use crate::support::Sandbox;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use rusqlite::types::Value as Stored;
use serde_json::Value;

const KINDS: [(&str, &str, &str); 3] = [
    ("snapshots", "v_snapshots", "account_id, snapshot_id"),
    ("kpis", "v_kpi_history", "account_id, upload_id, rowid"),
    ("events", "v_events", "event_id"),
];

/// Names that files and spreadsheets stumble over.
const KPIS: &str = "account,external id,kpi,product,value,date\n\
    \"He said \"\"hi\"\", Ltd\",00123,NPS,,-40.1,2026-08-31\n\
    =cmd|' /C calc'!A0,,NPS,,0.1,2026-08-31\n\
    🚀 Ünïcode GmbH,12345678901234567890,NPS,\"=Suite, \"\"Pro\"\"\",55,2026-08-31\n\
    🚀 Ünïcode GmbH,12345678901234567890,NPS,\"=Suite, \"\"Pro\"\"\",0.30000000000000004,2026-09-30\n\
    -5,-7,Churned seats,,1e-7,2026-08-31\n\
    @home,007,Page views,,12345678901234567000,2026-08-31\n\
    '80s Records,+49,NPS,,7,2026-08-31\n";

/// Three uploads and a withdrawal of one customer, and another whose rows must never come out.
fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", KPIS);
    sandbox.write(
        "profiles.csv",
        "account,external id,arr,currency,industry,renewal date,products used,Key Contact\n\
         \"He said \"\"hi\"\", Ltd\",00123,1234567.89,USD,\"=Steel, +Iron\",2027-03-31,\"A; B, C\",-Ann\n\
         '80s Records,+49,99000,JPY,Music,,,\n",
    );
    sandbox.write(
        "later.csv",
        "account,kpi,value,date\n@home,Page views,N/A,2026-10-31\n-5,NPS,12,2026-10-31\n",
    );
    sandbox.write("theirs.csv", "account,kpi,value\nSecret Inc,NPS,3\n");
    sandbox.command(["ingest", "kpis", "kpis.csv"]).at("2026-10-01T10:00:00Z").run().ok();
    sandbox.command(["ingest", "profiles", "profiles.csv"]).at("2026-10-02T10:00:00Z").run().ok();
    let reason = "first line\n=second, \"line\"\r\nthird";
    sandbox
        .command(["snapshot", "create", "--all", "--reason", reason])
        .at("2026-10-03T10:00:00Z")
        .run()
        .ok();
    sandbox.command(["ingest", "kpis", "later.csv"]).at("2026-11-01T10:00:00Z").run().ok();
    let theirs = ["ingest", "kpis", "theirs.csv", "--customer", "other"];
    sandbox.command(theirs).at("2026-11-01T11:00:00Z").run().ok();
    sandbox
}

const NOW: &str = "2026-11-02T10:00:00Z";

fn export(sandbox: &Sandbox, kind: &str, file: &str) -> Value {
    sandbox.command(["export", kind, file, "--json"]).at(NOW).run().ok().json()
}

/// A CSV file as its header and its rows, read by csv itself.
#[expect(clippy::unwrap_used, reason = "a test that cannot read its files cannot go on")]
fn csv_rows(sandbox: &Sandbox, file: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(sandbox.path(file)).unwrap();
    let words = |record: &csv::StringRecord| record.iter().map(ToOwned::to_owned).collect();
    let header = words(reader.headers().unwrap());
    (header, reader.records().map(|record| words(&record.unwrap())).collect())
}

#[expect(clippy::unwrap_used, reason = "a test that cannot read its files cannot go on")]
fn jsonl_rows(sandbox: &Sandbox, file: &str) -> Vec<Value> {
    sandbox.read(file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether a cell of CSV says what a value of JSON says.
fn says_the_same(cell: &str, value: &Value) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::String(text) => cell == text,
        other => serde_json::from_str::<Value>(cell).is_ok_and(|cell| is_same(&cell, other)),
    }
}

/// Numbers by their value: `1` and `1.0` are the same.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

#[test]
fn csv_and_json_lines_say_the_same_and_the_answer_counts_them() {
    let sandbox = portfolio();
    for ((kind, _, _), (rows, columns)) in KINDS.into_iter().zip([(16, 85), (9, 12), (10, 15)]) {
        let told = export(&sandbox, kind, "rows.csv");
        export(&sandbox, kind, "rows.jsonl");
        let (header, cells) = csv_rows(&sandbox, "rows.csv");
        let objects = jsonl_rows(&sandbox, "rows.jsonl");
        assert_eq!((cells.len(), header.len()), (rows, columns), "{kind}");
        assert_eq!((&told["rows"], &told["columns"]), (&rows.into(), &columns.into()), "{kind}");
        assert_eq!((&told["accounts"], &told["kind"]), (&6.into(), &kind.into()));
        for (object, row) in objects.iter().zip(&cells) {
            let names: Vec<&String> = object.as_object().unwrap().keys().collect();
            assert_eq!(names, header.iter().collect::<Vec<_>>());
            for (name, cell) in header.iter().zip(row) {
                assert!(says_the_same(cell, &object[name]), "{kind} {name}: {cell:?}, {}", object[name]);
            }
        }
        assert_eq!(objects.len(), rows);
    }
}

/// Whether a cell of CSV says what a view says.
#[expect(clippy::unwrap_used, reason = "a test that cannot read its files cannot go on")]
fn is_stored(cell: &str, stored: &Stored) -> bool {
    match stored {
        Stored::Null => cell.is_empty(),
        Stored::Integer(number) => {
            cell == number.to_string() || cell == if *number == 0 { "false" } else { "true" }
        }
        Stored::Real(number) => cell.parse::<f64>().is_ok_and(|cell| cell == *number),
        Stored::Text(text) if text.starts_with(['[', '{']) => {
            let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            is_same_json(&json(cell), &json(text))
        }
        Stored::Text(text) => cell == text,
        Stored::Blob(_) => false,
    }
}

/// As [`is_same`]; what the answer adds to an object of the view (an age) is passed over.
fn is_same_json(one: &Value, view: &Value) -> bool {
    match (one, view) {
        (Value::Array(one), Value::Array(view)) => {
            one.len() == view.len() && one.iter().zip(view).all(|(one, view)| is_same_json(one, view))
        }
        (Value::Object(one), Value::Object(view)) => {
            view.iter().all(|(key, view)| one.get(key).is_some_and(|one| is_same_json(one, view)))
        }
        // The view names KPIs; the answer tells of each.
        (Value::Object(one), Value::String(_)) => one.get("kpi_name") == Some(view),
        (one, view) => is_same(one, view),
    }
}

#[test]
fn the_rows_are_those_of_the_views() {
    let sandbox = portfolio();
    for (kind, view, order) in KINDS {
        export(&sandbox, kind, "rows.csv");
        let (header, cells) = csv_rows(&sandbox, "rows.csv");
        let order = order.replace(", rowid", "");
        let sql = sandbox.sql();
        let mut statement = sql
            .prepare(&format!("SELECT * FROM {view} WHERE customer = 'default' ORDER BY {order}"))
            .unwrap();
        let names: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
        if kind != "snapshots" {
            assert_eq!(header, names, "{kind}");
        }
        let mut rows = statement.query([]).unwrap();
        let mut seen = 0;
        while let Some(row) = rows.next().unwrap() {
            let by_name: BTreeMap<&str, &str> =
                header.iter().map(String::as_str).zip(cells[seen].iter().map(String::as_str)).collect();
            for (place, name) in names.iter().enumerate() {
                let stored: Stored = row.get(place).unwrap();
                let cell = by_name[name.as_str()];
                assert!(is_stored(cell, &stored), "{view} row {seen} {name}: {cell:?}, stored {stored:?}");
            }
            seen += 1;
        }
        assert_eq!(seen, cells.len(), "{view}");
    }
}

/// A field of Parquet as the text of CSV; an amount without the zeros at its end.
#[expect(clippy::unwrap_used, reason = "a test that cannot read its files cannot go on")]
fn parquet_text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Bool(truth) => truth.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => ryu_js::Buffer::new().format(*number).to_owned(),
        Field::Str(text) => text.clone(),
        Field::Date(days) => {
            let date = chrono::NaiveDate::from_epoch_days(*days);
            date.map(|date| date.to_string()).unwrap_or_default()
        }
        Field::TimestampMillis(millis) => acctsnap::model::time::Timestamp::from_millis(*millis).to_string(),
        Field::Decimal(decimal) => {
            let bytes: [u8; 16] = decimal.data().try_into().unwrap();
            let amount = rust_decimal::Decimal::from_i128_with_scale(i128::from_be_bytes(bytes), 4);
            amount.normalize().to_string()
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn parquet_holds_what_csv_holds_under_its_own_types() {
    let sandbox = portfolio();
    for (kind, _, _) in KINDS {
        export(&sandbox, kind, "rows.csv");
        export(&sandbox, kind, "rows.PARQUET");
        let (header, cells) = csv_rows(&sandbox, "rows.csv");
        let reader = SerializedFileReader::new(File::open(sandbox.path("rows.PARQUET")).unwrap()).unwrap();
        let mut seen = 0;
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let (names, texts): (Vec<String>, Vec<String>) =
                row.get_column_iter().map(|(name, field)| (name.clone(), parquet_text(field))).unzip();
            assert_eq!((&names, &texts), (&header, &cells[seen]), "{kind}");
            seen += 1;
        }
        assert_eq!(seen, cells.len());
        let types: BTreeMap<String, String> = reader
            .metadata()
            .file_metadata()
            .schema_descr()
            .columns()
            .iter()
            .map(|column| (column.name().to_owned(), format!("{:?}", column.logical_type_ref())))
            .collect();
        let at = if kind == "snapshots" { "snapshot_timestamp" } else { "upload_id" };
        assert_eq!(types[at].contains("Timestamp"), kind == "snapshots", "{types:?}");
    }
}

#[test]
fn duckdb_and_pandas_read_back_what_was_stored() {
    let python = std::env::var("ACCTSNAP_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let modules = Command::new(&python).args(["-c", "import pandas, pyarrow, duckdb"]).output();
    if !modules.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {python} with pandas, pyarrow and duckdb is not here");
        return;
    }
    let sandbox = portfolio();
    for (kind, _, _) in KINDS {
        for ending in ["csv", "jsonl", "parquet"] {
            export(&sandbox, kind, &format!("{kind}.{ending}"));
        }
        let excel = ["export", kind, &format!("{kind}-excel.csv"), "--excel"];
        sandbox.command(excel).at(NOW).run().ok();
    }
    sandbox.write("read_back.py", include_str!("outsiders/read_back.py"));
    let script = ["read_back.py", "snapshots", "kpis", "events"];
    let outcome = sandbox.program(&python, script).run();
    assert_eq!(outcome.code(), Some(0), "{}", outcome.transcript());
    assert_eq!(outcome.stdout, "snapshots 16\nkpis 9\nevents 10\n");
}

#[test]
fn plain_csv_is_faithful_and_warned_about_and_excel_guards_text_alone() {
    let sandbox = portfolio();
    let outcome = sandbox.command(["export", "kpis", "rows.csv"]).at(NOW).run();
    assert_eq!(outcome.ok().stdout, "rows.csv holds 9 KPI values of 6 accounts\n");
    assert!(
        outcome.stderr.contains("warning: 10 texts begin like a formula (= + - @)"),
        "{}",
        outcome.stderr
    );
    let (_, plain) = csv_rows(&sandbox, "rows.csv");
    assert!(!sandbox.read("rows.csv").contains('\r'));

    let outcome = sandbox.command(["export", "kpis", "rows.csv", "--excel"]).at(NOW).run();
    let said = "rows.csv holds 9 KPI values of 6 accounts, ' before 10 texts like formulas\n";
    assert_eq!((outcome.ok().stdout.as_str(), outcome.stderr.as_str()), (said, ""));
    let text = sandbox.read("rows.csv");
    assert!(text.starts_with("\u{feff}customer,account_id,") && text.ends_with("\r\n"));
    let (header, guarded) = csv_rows(&sandbox, "rows.csv");
    let value = header.iter().position(|name| name == "value").unwrap();
    for (row, plain) in guarded.iter().zip(&plain) {
        for (column, (cell, plain)) in row.iter().zip(plain).enumerate() {
            let expected = match column != value && plain.starts_with(['=', '+', '-', '@']) {
                true => format!("'{plain}"),
                false => plain.clone(),
            };
            assert_eq!(*cell, expected);
        }
    }
    assert!(guarded.iter().any(|row| row[value] == "-40.1"), "a number is never guarded");
}

/// The current KPI values of a database, by account and KPI.
#[expect(clippy::unwrap_used, reason = "a test that cannot read its files cannot go on")]
fn current(sandbox: &Sandbox, database: &str) -> Vec<String> {
    let sql = rusqlite::Connection::open(sandbox.path(database)).unwrap();
    let query = "SELECT account_name || coalesce(external_account_id, '') || kpi || coalesce(product, ''), \
        value, observed_at FROM v_kpi_current WHERE customer = 'default' AND value IS NOT NULL ORDER BY 1";
    let mut statement = sql.prepare(query).unwrap();
    let rows = statement.query_map([], |row| {
        Ok(format!("{} {} {}", row.get::<_, String>(0)?, row.get::<_, f64>(1)?, row.get::<_, String>(2)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn exported_kpis_read_back_as_unchanged_here_and_as_the_same_elsewhere() {
    let sandbox = portfolio();
    // A withdrawn value is an empty cell, which says nothing: it is told apart by its row alone.
    sandbox.write("again.csv", "account,kpi,value,date\n@home,Page views,8,2026-10-31\n");
    sandbox.command(["ingest", "kpis", "again.csv"]).at("2026-11-02T09:00:00Z").run().ok();
    for excel in [&[][..], &["--excel"]] {
        let words = ["export", "kpis", "rows.csv"].iter().chain(excel);
        sandbox.command(words).at(NOW).run().ok();
        let read = ["ingest", "kpis", "rows.csv", "--json"];
        let here = sandbox.command(read).arg("--dry-run").at(NOW).run();
        let rows = here.ok().json()["rows"].clone();
        assert_eq!(
            (&rows["unchanged"], &rows["inserted"], &rows["updated"]),
            (&10.into(), &0.into(), &0.into())
        );
        let notes = here.json().to_string();
        assert!(notes.contains("'account_id' was not read: 'external_account_id' comes first"), "{notes}");
        let other = format!("other{}.db", excel.len());
        sandbox.command(read).db(&other).at(NOW).run().ok();
        assert_eq!(current(&sandbox, &other), current(&sandbox, "test.db"), "{excel:?}");
    }
}

#[test]
fn a_corrected_value_reads_back_with_its_last_word() {
    let sandbox = portfolio();
    sandbox.write("again.csv", "account,kpi,value,date\n'80s Records,NPS,9,2026-08-31\n");
    sandbox.command(["ingest", "kpis", "again.csv"]).at("2026-11-02T09:00:00Z").run().ok();
    export(&sandbox, "kpis", "rows.csv");
    let read = ["ingest", "kpis", "rows.csv", "--json"];
    sandbox.command(read).db("other.db").at(NOW).run().fails_with(5);
    sandbox.command(read).arg("--duplicates").arg("last").db("other.db").at(NOW).run().ok();
    let last = current(&sandbox, "other.db");
    assert!(last.iter().any(|line| line.starts_with("'80s") && line.ends_with(" 9 2026-08-31")), "{last:?}");
}

#[test]
fn a_customer_sees_its_own_rows_and_a_moment_what_was_known() {
    let sandbox = portfolio();
    for (kind, _, _) in KINDS {
        export(&sandbox, kind, "rows.csv");
        let all = sandbox.read("rows.csv");
        assert!(!all.contains("Secret"), "{kind}");
        let theirs = ["export", kind, "theirs.csv", "--customer", "other", "--json"];
        let told = sandbox.command(theirs).at(NOW).run().ok().json();
        assert_eq!((&told["rows"], &told["customer"]), (&1.into(), &"other".into()));
        assert!(sandbox.read("theirs.csv").contains("Secret Inc"));
        let then = ["export", kind, "then.csv", "--as-of", "2026-10-01", "--json"];
        let told = sandbox.command(then).at(NOW).run().ok().json();
        assert_eq!(told["rows"], if kind == "kpis" { 7 } else { 6 }, "{kind}");
    }
    sandbox.run(["export", "kpis", "x.csv", "--customer", "nobody"]).fails_with(4);
    sandbox.command(["export", "kpis", "x.csv"]).db("none.db").run().fails_with(4);
    assert!(!sandbox.path("x.csv").exists());
}

#[test]
fn what_cannot_be_written_is_refused_and_leaves_what_was_there() {
    let sandbox = portfolio();
    sandbox.write("snapshots.toml", "currency = \"USD\"\n");
    sandbox.write("old.csv", "old\n");
    for words in [
        &["export", "kpis", "rows.xlsx"][..],
        &["export", "kpis", "rows"],
        &["export", "kpis", "-"],
        &["export", "kpis", "rows.parquet", "--excel"],
        &["export", "kpis", "rows.jsonl", "--excel"],
        &["export", "kpis", "none/rows.csv"],
        &["export", "kpis", "old.csv", "-o", "old.csv"],
        &["export", "accounts", "rows.csv"],
        &["export", "kpis"],
    ] {
        let outcome = sandbox.run(words);
        assert!(outcome.fails_with(2).stderr.starts_with("error: "), "{}", outcome.transcript());
    }
    std::fs::copy(sandbox.path("test.db"), sandbox.path("copy.csv")).unwrap();
    sandbox.run(["export", "kpis", "copy.csv"]).fails_with(2);
    std::fs::create_dir(sandbox.path("folder.csv")).unwrap();
    sandbox.run(["export", "kpis", "folder.csv"]).fails_with(2);
    let settings = ["export", "kpis", "s.csv", "--config", "s.csv"];
    sandbox.write("s.csv", "");
    sandbox.run(settings).fails_with(2);
    sandbox.run(["export", "kpis", "old.csv", "--dry-run"]).ok();
    assert_eq!((sandbox.read("old.csv").as_str(), sandbox.read("s.csv").as_str()), ("old\n", ""));
    let outcome = sandbox.run(["export", "kpis", "old.csv", "--quiet"]);
    assert_eq!(outcome.ok().stdout, "");
    assert!(sandbox.read("old.csv").starts_with("customer,"));
}

#[test]
fn no_rows_are_a_file_with_headers() {
    let sandbox = Sandbox::new();
    sandbox.write("k.csv", "account,kpi,value\nAcme,NPS,5\n");
    sandbox.run(["ingest", "kpis", "k.csv", "--no-events"]).ok();
    let outcome = sandbox.run(["export", "snapshots", "rows.csv"]);
    assert_eq!(outcome.ok().stdout, "rows.csv holds 0 snapshots of 0 accounts\n");
    assert_eq!(sandbox.read("rows.csv").lines().count(), 1);
    sandbox.run(["export", "snapshots", "rows.parquet"]).ok();
    let reader = SerializedFileReader::new(File::open(sandbox.path("rows.parquet")).unwrap()).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
}

#[cfg(unix)]
#[test]
fn a_full_disk_and_a_kill_in_the_middle_leave_what_was_there() {
    let sandbox = Sandbox::new();
    let rows: String = (0..3000).map(|number| format!("Account {number},NPS,{}\n", number % 100)).collect();
    sandbox.write("k.csv", format!("account,kpi,value\n{rows}"));
    sandbox.run(["ingest", "kpis", "k.csv", "--no-events"]).ok();
    for file in ["rows.csv", "rows.jsonl"] {
        std::os::unix::fs::symlink("/dev/full", sandbox.path(format!("full-{file}"))).unwrap();
        sandbox.run(["export", "kpis", &format!("full-{file}")]).fails_with(9);
        sandbox.write(file, "old\n");
        // The kernel kills whoever writes more than 64 KiB into a file.
        let line = format!("ulimit -c 0; ulimit -f 128; exec \"$0\" export kpis {file}");
        let outcome = sandbox.program("sh", ["-c", &line, env!("CARGO_BIN_EXE_acctsnap")]).run();
        assert_ne!(outcome.code(), Some(0), "{}", outcome.transcript());
        assert_eq!(sandbox.read(file), "old\n");
        sandbox.run(["export", "kpis", file]).ok();
        assert_eq!(sandbox.read(file).lines().count(), 3000 + usize::from(file == "rows.csv"));
    }
    std::os::unix::fs::symlink("/dev/full", sandbox.path("full.parquet")).unwrap();
    sandbox.run(["export", "kpis", "full.parquet"]).fails_with(9);
}
