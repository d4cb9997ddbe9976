//! What reaches which stream.

use std::io::ErrorKind as Io;

use super::super::args::global::{ColourChoice, Format};
use super::super::environment::Environment;
use super::super::testing::{Captured, Failing};
use super::*;
use crate::error::ErrorKind;
use crate::model::ids::AccountId;

fn options() -> OutputOptions {
    OutputOptions::early(Format::Text, ColourChoice::Never, &Environment::default())
}

/// A printer, its stdout, its stderr.
fn captured(options: OutputOptions) -> (Printer, Captured, Captured) {
    let (stdout, stderr) = (Captured::default(), Captured::default());
    (Printer::new(options, stdout.stream(), stderr.stream()), stdout, stderr)
}

fn tell_every_level(printer: &Printer) {
    for (level, text) in
        [(Level::Detail, "one"), (Level::Info, "two"), (Level::Warning, "three"), (Level::Error, "four")]
    {
        printer.message(level, &Message::new(text));
    }
}

#[test]
fn messages_go_to_stderr_with_their_level_and_the_answer_to_stdout() {
    let (printer, stdout, stderr) = captured(options());
    tell_every_level(&printer);
    printer.answer_text(&styled(ERROR, "answer\n")).unwrap();
    assert_eq!(stderr.text(), "two\nwarning: three\nerror: four\n");
    assert_eq!(stdout.text(), "answer\n");
    let (printer, _, stderr) = captured(OutputOptions { verbose: true, ..options() });
    tell_every_level(&printer);
    assert!(stderr.text().starts_with("one\ntwo\n"));
}

#[test]
fn lines_that_scripts_rely_on_stand_exactly_and_names_are_escaped() {
    let (printer, _, stderr) = captured(options());
    printer
        .message(Level::Warning, &Message::verbatim("⚠️  Failed to create snapshot for account A\u{1b}[2J"));
    assert_eq!(stderr.text(), "⚠️  Failed to create snapshot for account A\\u{1b}[2J\n");
}

#[test]
fn json_messages_are_objects_without_what_they_do_not_name() {
    let (printer, _, stderr) = captured(OutputOptions { log_format: LogFormat::Json, ..options() });
    let message = Message::new("x\u{1b}").of("snapshot_skipped").about_account(AccountId::new(5), "A");
    printer.message(Level::Info, &message);
    let expected = concat!(
        r#"{"level":"info","message":"x\u001b","event":"snapshot_skipped","account_id":5,"account_name":"A"}"#,
        "\n"
    );
    assert_eq!(stderr.text(), expected);
}

#[test]
fn quiet_success_says_nothing_but_the_answer() {
    let (printer, stdout, stderr) = captured(OutputOptions { quiet: true, ..options() });
    printer.message(Level::Info, &Message::new("info"));
    printer.message(Level::Warning, &Message::new("careful"));
    printer.summary_text("3 rows\n").unwrap();
    printer.answer_text("answer\n").unwrap();
    printer.finish(Exit::Done).unwrap();
    assert_eq!((stdout.text().as_str(), stderr.text().as_str()), ("answer\n", ""));
}

#[test]
fn quiet_trouble_tells_what_was_held_back() {
    let (printer, stdout, stderr) = captured(OutputOptions { quiet: true, ..options() });
    printer.message(Level::Info, &Message::new("info"));
    printer.message(Level::Warning, &Message::new("careful"));
    printer.summary_text("3 rows\n").unwrap();
    printer.finish(Exit::Partly).unwrap();
    assert_eq!((stdout.text().as_str(), stderr.text().as_str()), ("3 rows\n", "warning: careful\n"));
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let printer = Printer::new(options(), Box::new(Failing(Io::BrokenPipe)), Captured::default().stream());
    printer.answer_text("one\n").unwrap();
    printer.answer_data("two\n").unwrap();
    printer.finish(Exit::Done).unwrap();
    let printer = Printer::new(options(), Box::new(Failing(Io::StorageFull)), Captured::default().stream());
    assert_eq!(printer.answer_text("one\n").unwrap_err().kind(), ErrorKind::DiskFull);
}

#[test]
fn a_stderr_that_cannot_be_written_changes_nothing() {
    let stdout = Captured::default();
    let printer = Printer::new(options(), stdout.stream(), Box::new(Failing(Io::BrokenPipe)));
    printer.message(Level::Error, &Message::new("nobody hears"));
    printer.answer_text("answer\n").unwrap();
    assert_eq!(stdout.text(), "answer\n");
}

#[test]
fn an_answer_file_appears_after_success_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer");
    let (printer, stdout, _) = captured(options());
    printer.redirect(&path).unwrap();
    printer.answer_text("whole\n").unwrap();
    assert!(!path.exists());
    printer.finish(Exit::Stale).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\n");
    assert_eq!(stdout.text(), "");

    let (printer, ..) = captured(options());
    printer.redirect(&path).unwrap();
    printer.answer_text("half").unwrap();
    printer.fail(&Error::new(ErrorKind::Busy, "busy"), Exit::Busy);
    drop(printer);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn data_is_exact_in_a_pipe_and_safe_on_a_terminal() {
    let data = "a,\"\u{1b}[2J\"\n";
    let (printer, stdout, _) = captured(options());
    printer.answer_data(data).unwrap();
    assert_eq!(stdout.text(), data);
    let (printer, stdout, _) = captured(OutputOptions { stdout_is_terminal: true, ..options() });
    printer.answer_data(data).unwrap();
    assert_eq!(stdout.text(), "a,\"\\u{1b}[2J\"\n");
}

#[test]
fn errors_take_the_form_of_the_answer() {
    let error = Error::new(ErrorKind::UnknownAccount, "no account 'x'").with_hint("acctsnap accounts list");
    let told = |options| {
        let (printer, _, stderr) = captured(options);
        printer.fail(&error, Exit::NotThere);
        stderr.text()
    };
    assert_eq!(told(options()), "error: no account 'x'\nhint: acctsnap accounts list\n");
    for format in [Format::Json, Format::Jsonl] {
        let json = told(OutputOptions { format, ..options() });
        assert!(
            json.starts_with(
                "{\"schema\":\"acctsnap.error/1\",\"code\":\"unknown_account\",\"exit_code\":4,"
            )
        );
    }
    let log = told(OutputOptions { log_format: LogFormat::Json, ..options() });
    assert_eq!(log, "{\"level\":\"error\",\"message\":\"no account 'x' (hint: acctsnap accounts list)\"}\n");
    let coloured = told(OutputOptions { colour_stderr: true, ..options() });
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m no account"), "{coloured:?}");
}
