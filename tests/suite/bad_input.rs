//! Files that no one should hand in: each is answered by an error that names what is wrong, and nothing is written.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use crate::support::book::{nps, rows};
use crate::support::{Outcome, Sandbox};
use serde_json::{Value, json};

/// Refused, in words and as JSON, and without a trace; gives the JSON error.
#[track_caller]
fn refused(bytes: &[u8], parts: &[&str]) -> Value {
    let sandbox = Sandbox::new();
    sandbox.write("bad.csv", bytes);
    refused_in(&sandbox, "bad.csv", parts)
}

#[track_caller]
fn refused_in(sandbox: &Sandbox, file: &str, parts: &[&str]) -> Value {
    let words = ["ingest", "kpis", file];
    let text = sandbox.at("10:00:00", &words);
    text.fails_with(5).mentions("error: ");
    for part in parts {
        text.mentions(part);
    }
    is_plain(&text);
    assert_eq!(text.stdout, "", "stdout carries answers only");
    let run = sandbox.at("10:00:00", &[&words[..], &["--json"]].concat());
    is_plain(&run);
    let error = run.fails_with(5).error_json();
    let fields: Vec<&str> =
        error.as_object().into_iter().flatten().map(|(field, _)| field.as_str()).collect();
    let promised = ["schema", "code", "exit_code", "message", "hint", "details", "details_total"];
    assert_eq!(fields.len(), promised.len(), "{error}");
    assert!(promised.iter().all(|field| fields.contains(field)), "{error}");
    assert_eq!((&error["schema"], &error["exit_code"]), (&json!("acctsnap.error/1"), &json!(5)));
    assert!(!sandbox.path("test.db").exists(), "nothing is written");
    error
}

/// No raw control character reaches a terminal.
#[track_caller]
fn is_plain(run: &Outcome) {
    let treacherous = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(treacherous), "{text:?}");
    }
}

// ---- files that are none

#[test]
fn nothing_to_read() {
    refused(b"", &["bad.csv", "empty"]);
    refused(b"\n\n \n", &["bad.csv"]);
    refused(b"account,kpi,value\n", &["bad.csv has a header but no rows"]);
    refused(b"\xef\xbb\xbf", &["bad.csv"]);
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder() {
    let sandbox = Sandbox::new();
    let missing = refused_in(&sandbox, "missing.csv", &["missing.csv"]);
    assert_eq!(missing["code"], "file_not_found");
    assert_eq!(refused_in(&sandbox, "home", &["home"])["code"], "input_refused");
}

#[test]
fn other_formats_are_named() {
    refused(b"PK\x03\x04\x14\x00\x06\x00\x08\x00", &["bad.csv", "zip archive"]);
    refused(b"%PDF-1.7\n%\xe2\xe3", &["PDF"]);
    refused(b"\x1f\x8b\x08\x00\x00", &["gzip"]);
    refused(b"SQLite format 3\x00rest", &["SQLite"]);
    refused(b"\x7fELF\x02\x01\0\0abcdefgh", &["binary"]);
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("long.csv");
    let mut file = BufWriter::new(File::create(&path).expect("a file"));
    file.write_all(b"account,kpi,value\n").expect("written");
    let part = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        file.write_all(&part).expect("written");
    }
    file.write_all(b",NPS,1\n").and_then(|()| file.flush()).expect("written");
    let error = refused_in(&sandbox, "long.csv", &["long.csv"]);
    assert!(error.to_string().len() < 10_000, "an error does not carry the file");
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn encodings() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    refused(&utf16(&nps("Acme", "40")), &["UTF-16", "--encoding utf-16le"]);
    refused(b"account,kpi,value\nM\xfcller,NPS,40\n", &["UTF-8", "line 2"]);
    // A byte-order mark is no error.
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &format!("\u{feff}{}", nps("Müller", "40")), &[]).ok();
    assert_eq!(sandbox.latest("10:00:00", "müller")["account_name"], "Müller");
}

// ---- tables that are none

#[test]
fn columns_that_are_missing_are_named() {
    refused(b"account,kpi\nAcme,NPS\n", &["value"]);
    refused(b"account,value\nAcme,40\n", &["kpi"]);
    refused(b"kpi,value\nNPS,40\n", &["account", "hint: "]);
    refused(b"account,kpi,value,value\nAcme,NPS,1,2\n", &["value"]);
}

#[test]
fn rows_that_do_not_fit_the_header() {
    let error = refused(b"account,kpi,value\nAcme,NPS\nAcme,NPS,1,2\nAcme,NPS,3\n", &["line 2", "line 3"]);
    assert_eq!(error["details_total"], 2);
    refused(b"account,kpi,value\nAcme,NPS,1\n\"Beta,NPS,2\nGamma,NPS,3\n", &["line 3", "quot"]);
}

// ---- cells that are none

#[test]
fn values_that_are_no_numbers() {
    for value in ["inf", "-inf", "1e999", "∞", "many", "=1+1", "10-20", "~5", "2026-10-31", "0x10", "1_000"]
    {
        let error = refused(nps("Acme", value).as_bytes(), &["line 2", value]);
        let detail = &error["details"][0];
        assert_eq!((&detail["line"], &detail["column"]), (&json!(2), &json!("value")), "{error}");
        for field in ["value", "code", "message", "hint"] {
            assert!(detail.get(field).is_some(), "{field}: {error}");
        }
    }
}

#[test]
fn weights_that_weigh_nothing_sensible() {
    for weight in ["-0.1", "inf", "heavy", "1e999"] {
        let file = format!("account,kpi,value,weight\nAcme,NPS,40,{weight}\n");
        refused(file.as_bytes(), &["line 2", "weight", weight]);
    }
}

#[test]
fn control_characters_and_terminal_escapes_are_shown_escaped() {
    for name in ["Ac\u{1b}[31mme", "Ac\u{7}me", "Ac\u{9b}2Jme"] {
        refused(nps(name, "40").as_bytes(), &["line 2", "account", "control character"]);
        refused(nps("Acme", name).as_bytes(), &["line 2"]);
    }
    // An override of the reading direction is text, but a terminal would show another name.
    let sandbox = Sandbox::new();
    let run = sandbox.ingest("10:00:00", &nps("Ac\u{202e}me", "40"), &["-v"]);
    is_plain(run.ok().mentions("Ac\\u{202e}me"));
    for words in [&["latest", "--all"][..], &["latest", "--all", "--json"], &["snapshot", "create", "--all"]]
    {
        is_plain(sandbox.at("10:00:00", words).ok());
    }
    assert_eq!(
        sandbox.latest_of_all("10:00:00", "default")[0]["account_name"],
        "Ac\u{202e}me",
        "JSON is exact"
    );
    let sandbox = Sandbox::new();
    sandbox.write("bad\u{1b}]0;x.csv", nps("Acme", "many"));
    is_plain(sandbox.at("10:00:00", &["ingest", "kpis", "bad\u{1b}]0;x.csv"]).fails_with(5));
    is_plain(sandbox.at("10:00:00", &["ingest", "kpis", "gone\u{1b}[2J.csv"]).fails_with(5));
    is_plain(sandbox.at("10:00:00", &["latest", "-a", "\u{1b}[2J"]).fails_with(4));
}

#[test]
fn a_name_of_ten_thousand_characters() {
    let name = "n".repeat(10_000);
    let error = refused(nps(&name, "40").as_bytes(), &["line 2", "account"]);
    assert!(error.to_string().len() < 2_000, "an error does not carry the whole name");
    refused(rows([("Acme", name.as_str(), "40")]).as_bytes(), &["line 2", "kpi"]);
    refused(nps("", "40").as_bytes(), &["line 2", "account"]);
    refused(nps("   ", "40").as_bytes(), &["line 2", "account"]);
    refused(rows([("Acme", " ", "40")]).as_bytes(), &["line 2", "kpi"]);
}

#[test]
fn what_was_there_before_stays_as_it_was() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let before = (sandbox.latest("10:00:00", "Acme"), sandbox.count("changes"));
    for file in
        [rows([("Acme", "NPS", "41"), ("Acme", "CSAT", "many")]), String::new(), "PK\u{3}\u{4}".to_owned()]
    {
        sandbox.ingest("10:00:00", &file, &[]).fails_with(5);
    }
    assert_eq!((sandbox.latest("10:00:00", "Acme"), sandbox.count("changes")), before);
}

#[test]
fn cells_of_a_wide_file_are_counted_as_values_and_a_day_that_is_none_is_told_so() {
    let sandbox = Sandbox::new();
    sandbox.write("w.csv", "account,NPS,Ticket Volume\nAcme,much,many\nBeta,5,lots\n");
    let run = sandbox.at("10:00:00", &["ingest", "kpis", "w.csv"]);
    run.fails_with(5).mentions("3 values of 2 rows cannot be taken");
    sandbox.write("l.csv", "account,kpi,value,date\nAcme,NPS,5,2026-02-30\n");
    for flags in [&[][..], &["--date-order", "dmy"]] {
        let run = sandbox.at("10:00:00", &[&["ingest", "kpis", "l.csv"], flags].concat());
        run.fails_with(5).mentions("1 row cannot be taken").mentions("there is no such day");
    }
}
