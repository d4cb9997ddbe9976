//! Whole command lines, in this process: stdout, stderr, exit code.

use super::super::testing::{Captured, Failing};
use super::*;

struct Ran {
    stdout: String,
    stderr: String,
    code: u8,
}

fn run_in(environment: Environment, line: &[&str]) -> Ran {
    let (stdout, stderr) = (Captured::default(), Captured::default());
    let streams = Streams { stdout: stdout.stream(), stderr: stderr.stream() };
    let arguments: Vec<OsString> =
        std::iter::once("acctsnap").chain(line.iter().copied()).map(Into::into).collect();
    let exit = run(&arguments, environment, streams, &Signals::default());
    Ran { stdout: stdout.text(), stderr: stderr.text(), code: exit.code() }
}

fn acctsnap(line: &[&str]) -> Ran {
    run_in(Environment::default(), line)
}

#[test]
fn version_and_help_go_to_stdout() {
    let ran = acctsnap(&["--version"]);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), ("acctsnap 0.1.0\n", "", 0));
    let ran = acctsnap(&["ingest", "kpis", "--help"]);
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 0));
    assert!(ran.stdout.contains("acctsnap ingest kpis june.csv\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
}

#[test]
fn help_is_coloured_where_colour_is_asked_for() {
    assert!(acctsnap(&["--help", "--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn help_survives_a_closed_pipe_and_tells_of_a_full_disk() {
    let end = |kind| {
        let streams = Streams { stdout: Box::new(Failing(kind)), stderr: Captured::default().stream() };
        run(&["acctsnap".into(), "--help".into()], Environment::default(), streams, &Signals::default())
    };
    assert_eq!(end(std::io::ErrorKind::BrokenPipe), Exit::Done);
    assert_eq!(end(std::io::ErrorKind::StorageFull), Exit::Storage);
}

#[test]
fn usage_errors_are_exit_2_in_text_and_json() {
    let ran = acctsnap(&["flush", "--nowe"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    assert!(ran.stderr.starts_with("error: unexpected argument '--nowe' found\nhint: "), "{}", ran.stderr);
    for line in
        [&["flush", "--nowe", "--json"][..], &["--format=jsonl"], &["--json", "--format", "csv", "flush"]]
    {
        let ran = acctsnap(line);
        let error: serde_json::Value = serde_json::from_str(ran.stderr.trim_end()).unwrap();
        assert_eq!((error["code"].as_str(), error["exit_code"].as_u64()), (Some("usage"), Some(2)));
        assert_eq!((ran.code, ran.stderr.matches('\n').count()), (2, 1));
    }
}

#[test]
fn no_command_shows_help_to_people_and_an_error_to_programs() {
    let ran = acctsnap(&[]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    assert!(ran.stderr.starts_with("Remembers what"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("\nhint: 'acctsnap --help' lists them\n"), "{}", ran.stderr);
    let ran = acctsnap(&["--json"]);
    assert!(ran.stderr.starts_with('{') && ran.code == 2, "{}", ran.stderr);
}

#[test]
fn what_was_typed_is_escaped_too() {
    let ran = acctsnap(&["\u{1b}]0;title"]);
    assert!(ran.stderr.contains(r"\u{1b}]0;title") && !ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
}

#[test]
fn reserved_words_say_so() {
    for word in ["report", "mcp"] {
        let ran = acctsnap(&[word, "--whatever", "x"]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.starts_with(&format!("error: '{word}' is reserved")), "{}", ran.stderr);
    }
}

#[test]
fn a_schema_is_printed_or_written_whole() {
    let ran = acctsnap(&["schema", "snapshot"]);
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((schema["title"].as_str(), ran.code), (Some("acctsnap.snapshot/1"), 0));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    let to_file = acctsnap(&["schema", "snapshot", "-o", path.to_str().unwrap()]);
    assert_eq!((to_file.stdout.as_str(), to_file.code), ("", 0));
    assert_eq!(std::fs::read_to_string(path).unwrap(), ran.stdout);
    assert_eq!(acctsnap(&["schema", "snapshot", "-o", "-"]).stdout, ran.stdout);
}

#[test]
fn an_unknown_schema_writes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    let ran = acctsnap(&["schema", "nothing", "-o", path.to_str().unwrap()]);
    let expected = "error: expected the name of an answer, got 'nothing'\nhint: there are ";
    assert!(ran.stderr.starts_with(expected) && ran.stderr.contains("snapshot"), "{}", ran.stderr);
    assert_eq!(ran.code, 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_stopped_command_ends_with_its_signal_s_code() {
    let options = OutputOptions::early(
        super::super::args::global::Format::Text,
        Default::default(),
        &Environment::default(),
    );
    let printer = Printer::new(options, Captured::default().stream(), Captured::default().stream());
    let signals = Signals::default();
    signals.cancel().request();
    let outcome = signals.cancel().check().map(|()| Exit::Done);
    assert_eq!(conclude(outcome, &printer, &signals), Exit::Interrupted);
}
