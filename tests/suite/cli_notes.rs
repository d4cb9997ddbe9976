//! `notes list`: what people wrote about an account, and `ingest notes` as far as the list shows it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::support::shape;
use crate::support::{Outcome, Sandbox};
use serde_json::Value;

const NOTES: &str = "\
account,id,type,title,content,author,date
Acme,n1,Call,Kick-off,\"Met the team.
All set.\",Jo,2026-08-03
Acme,n2,Email,Renewal,Asked for a quote,Sam,2026-10-05T14:30:00Z
Acme,,Meeting,,A champion\u{202e}\u{200b} leaves,,2026-09-10
Bolt,n1,Call,Another account,Nothing to do with Acme,Jo,2026-10-30
";

/// Two accounts and their notes; the second file changes one note and says another again.
fn with_notes() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", "account,kpi,value\nAcme,NPS,42\nBolt,NPS,7\n");
    sandbox.write("notes.csv", NOTES);
    let later = "account,id,title,content,date\nAcme,n2,Renewal,Signed,2026-10-05T14:30:00Z\nAcme,n1,Kick-off,,\n\
                 Acme,n4,Undated,No one knows when,\n";
    sandbox.write("later.csv", later);
    for (at, line) in [
        ("10:00:00", ["ingest", "kpis", "kpis.csv"]),
        ("10:10:00", ["ingest", "notes", "notes.csv"]),
        ("10:20:00", ["ingest", "notes", "later.csv"]),
    ] {
        sandbox.command(line).at(&format!("2026-11-01T{at}Z")).run().ok();
    }
    sandbox
}

fn seen(sandbox: &Sandbox, line: &[&str]) -> Outcome {
    let line = [&["notes", "list", "-a", "Acme"], line].concat();
    let outcome = sandbox.command(line).at("2026-11-01T12:00:00Z").run();
    outcome.ok();
    assert_eq!(outcome.stderr, "");
    outcome
}

/// One field of every item.
fn column<'a>(answer: &'a Value, field: &str) -> Vec<&'a Value> {
    answer["items"].as_array().unwrap().iter().map(|item| &item[field]).collect()
}

#[test]
fn the_list_reads_well() {
    let sandbox = with_notes();
    seen(&sandbox, &[]).matches_golden("notes/list");
    seen(&sandbox, &["--field", "written_at", "--field", "title"]).matches_golden("notes/fields");
    let limited =
        sandbox.command(["notes", "list", "-a", "Bolt", "--since", "1d"]).at("2026-11-01T12:00:00Z").run();
    limited.ok().matches_golden("notes/none-since");
}

#[test]
fn every_format_holds_the_notes_whole_and_newest_first() {
    let sandbox = with_notes();
    let answer = seen(&sandbox, &["--json"]).json();
    shape::check("notes", &answer);
    assert_eq!(answer["count"], 4);
    assert_eq!(
        column(&answer, "title"),
        [&Value::from("Undated"), &Value::from("Renewal"), &Value::Null, &Value::from("Kick-off")]
    );
    // What the second file changed bears its upload, what it said again the first one's.
    assert_eq!(column(&answer, "upload_id"), [3, 3, 2, 2]);
    let kick_off = &answer["items"][3];
    assert_eq!(kick_off["content"], "Met the team.\nAll set.");
    assert_eq!(kick_off["written_at"], "2026-08-03T00:00:00.000Z");
    assert_eq!((&kick_off["file"], &kick_off["account_name"]), (&"notes.csv".into(), &"Acme".into()));
    assert_eq!(answer["items"][1]["content"], "Signed");
    assert_eq!(answer["items"][1]["author"], "Sam");
    let made = answer["items"][2]["note_id"].as_str().unwrap();
    assert!(made.starts_with("n-") && made.len() == 18, "{made}");

    let lines = seen(&sandbox, &["--format", "jsonl"]).jsonl();
    assert_eq!(lines, *answer["items"].as_array().unwrap());
    let table = seen(&sandbox, &["--format", "csv"]).stdout;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let contents: Vec<String> = reader.records().map(|record| record.unwrap()[3].to_owned()).collect();
    assert_eq!(contents[3], "Met the team.\nAll set.");
    assert_eq!(contents.len(), 4);
}

#[test]
fn the_list_can_be_narrowed() {
    let sandbox = with_notes();
    let ids = |line: &[&str]| {
        let answer = seen(&sandbox, &[&["--json"], line].concat()).json();
        column(&answer, "note_id").into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--limit", "2"]), ["n4", "n2"]);
    assert_eq!(ids(&["--since", "2026-10-05"]), ["n4", "n2"]);
    assert_eq!(ids(&["--since", "2026-10-06", "--limit", "5"]), ["n4"]);
    let chosen = seen(&sandbox, &["--field", "title", "--json"]).json();
    shape::check("fields", &chosen);
    assert_eq!(chosen["items"][1], serde_json::json!({"title": "Renewal"}));
    assert_eq!(seen(&sandbox, &["--field", "title"]).stdout, "Undated\nRenewal\n\nKick-off\n");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = with_notes();
    let run = |line: &[&str]| sandbox.command(line).at("2026-11-01T12:00:00Z").run();
    let wrong = run(&["notes", "list", "-a", "Acme", "--field", "titel", "--json"]);
    assert_eq!(wrong.fails_with(2).error_json()["code"], "usage");
    wrong.mentions("did you mean 'title'?");
    let unknown = run(&["notes", "list", "-a", "Nobody", "--json"]);
    assert_eq!(unknown.fails_with(4).error_json()["code"], "unknown_account");
    let foreign = run(&["notes", "list", "-a", "Acme", "--customer", "beta", "--json"]);
    assert_eq!(foreign.fails_with(4).error_json()["code"], "unknown_customer");
    run(&["notes", "list"]).fails_with(2);
    run(&["notes", "list", "-a", "Acme", "--since", "soon"]).fails_with(2);
}

/// Notes and scores name accounts that exist; a row that names none is set aside like any bad row.
#[test]
fn bad_rows_of_notes_and_scores_are_told_with_their_lines() {
    let sandbox = with_notes();
    sandbox.write("bad.csv", "account,id,content\nNobody,1,x\nAcme,2,one\nAcme,2,two\nAcme,3,\n");
    let run = |line: &[&str]| sandbox.command(line).at("2026-11-01T12:00:00Z").run();
    run(&["ingest", "notes", "bad.csv"]).fails_with(5).matches_golden("notes/refused");
    sandbox.write(
        "scores.csv",
        "account,month,year,score\nAcme,13,2026,5\nAcme,10,2026,101\nNobody,10,2026,5\nAcme,10,2026,71.2\n",
    );
    run(&["ingest", "health", "scores.csv", "--on-error", "skip"])
        .fails_with(3)
        .matches_golden("notes/scores-skipped");
}
