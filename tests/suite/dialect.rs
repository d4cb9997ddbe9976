//! Delimiters, quotes and escapes of CSV files, through the program, for every kind of file.

use crate::support::Sandbox;
use serde_json::{Value, json};

fn ingest(sandbox: &Sandbox, kind: &str, text: &str, flags: &[&str]) -> Value {
    sandbox.write("file.csv", text);
    let words = [&["ingest", kind, "file.csv", "--json"], flags].concat();
    sandbox.at("10:00:00", &words).ok().json()
}

fn notes(answer: &Value) -> String {
    answer["files"][0]["notes"].to_string() + &answer["notes"].to_string()
}

#[test]
fn the_delimiter_is_found_and_told_unless_it_is_the_comma() {
    for (delimiter, name) in [(',', ""), (';', "semicolons"), ('\t', "tabs"), ('|', "bars (|)")] {
        let sandbox = Sandbox::new();
        let text = ["account,kpi,value", "\"Acme, Inc\",NPS,40", "Beta,NPS,\"1,000.5\""].join("\n");
        let text: String = text
            .split('"')
            .enumerate()
            .map(|(place, part)| match place % 2 {
                0 => part.replace(',', &delimiter.to_string()),
                _ => format!("\"{part}\""),
            })
            .collect();
        let answer = ingest(&sandbox, "kpis", &text, &[]);
        assert_eq!(answer["rows"]["inserted"], 2, "{text}");
        let told = notes(&answer);
        assert_eq!(told.contains("cells are parted by"), !name.is_empty(), "{told}");
        assert!(told.contains(name), "{told}");
        assert_eq!(sandbox.latest("11:00:00", "Acme, Inc")["total_kpis"], 1);
    }
}

#[test]
fn the_flag_wins_and_makes_another_reading() {
    let sandbox = Sandbox::new();
    let answer =
        ingest(&sandbox, "kpis", "account;kpi;value\nAcme;NPS;40\n", &["--delimiter", ";", "--dry-run"]);
    assert!(!notes(&answer).contains("parted by"), "{answer}");
    let text = "account^kpi^value\nAcme;Co^NPS^40\n";
    assert_eq!(ingest(&sandbox, "kpis", text, &["--delimiter", "^"])["rows"]["inserted"], 1);
    assert_eq!(ingest(&sandbox, "kpis", text, &["--delimiter", "^"])["status"], "unchanged_file");
    let tabs = "account\tkpi\tvalue\nAcme;Co\tNPS\t40\n";
    assert_eq!(ingest(&sandbox, "kpis", tabs, &[])["status"], "ingested");
    for flag in ["tab", "\\t"] {
        let first = ingest(&sandbox, "kpis", tabs, &["--delimiter", flag])["status"].clone();
        assert_eq!(first, if flag == "tab" { "ingested" } else { "unchanged_file" });
    }
}

#[test]
fn excels_first_line_is_obeyed_and_kept_in_the_rejects() {
    let sandbox = Sandbox::new();
    sandbox.write("file.csv", "sep=;\r\naccount;kpi;value\r\nAcme;NPS;many\r\n");
    let words = ["ingest", "kpis", "file.csv", "--on-error", "skip", "--rejects", "r.csv", "--json"];
    let answer = sandbox.at("10:00:00", &words).fails_with(3).json();
    assert_eq!(answer["files"][0]["rejected"][0]["line"], 3, "{answer}");
    let rejects = sandbox.read("r.csv");
    assert!(rejects.starts_with("sep=;\naccount;kpi;value;acctsnap_line;"), "{rejects}");
    let mended = rejects.replacen("Acme;NPS;many", "Acme;NPS;4", 1);
    assert_eq!(ingest(&sandbox, "kpis", &mended, &[])["rows"]["inserted"], 1);
}

#[test]
fn quotes_escapes_and_newlines_in_cells() {
    let sandbox = Sandbox::new();
    ingest(&sandbox, "kpis", "account,kpi,value\nAcme,NPS,1\n", &[]);
    let notes = "account|note id|content|date\n'Acme'|'n1'|'a|b\nc \\'d\\''|2026-11-01\n'Acme'|'n2'|'\\'e\\''|2026-11-02\n";
    let answer = ingest(&sandbox, "notes", notes, &[]);
    assert_eq!(answer["rows"]["inserted"], 2, "{answer}");
    let told = self::notes(&answer);
    assert!(told.contains("cells are quoted by '") && told.contains("backslash"), "{told}");
}

#[test]
fn a_quote_that_swallows_lines_is_named_where_it_opens() {
    for (text, line) in [
        ("account,note id,content\nAcme,n1,\"text\nBeta,n2,\"more\"\n", 2),
        ("account,note id,content\nAcme,n0,a\nAcme,n1,\"text\nBeta,n2,more\n", 3),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("file.csv", text);
        let run = sandbox.at("10:00:00", &["ingest", "notes", "file.csv", "--on-error", "skip", "--json"]);
        let error = run.fails_with(5).error_json();
        assert_eq!(
            (&error["details"][0]["line"], &error["details"][0]["code"]),
            (&json!(line), &json!("unclosed_quote")),
            "{error}"
        );
    }
}
