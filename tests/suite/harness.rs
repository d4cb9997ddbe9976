//! The harness of the command-line tests keeps what it promises: isolation, honest outcomes, golden files that fail.

use std::fs;
use std::panic::{UnwindSafe, catch_unwind};

use crate::support::golden::{Mode, compare, difference, with_placeholders};
use crate::support::{Invocation, Sandbox};

fn shell(sandbox: &Sandbox, script: &str) -> Invocation {
    sandbox.program("sh", ["-c", script])
}

#[test]
fn the_program_itself_runs() {
    Sandbox::new().run(["--version"]).ok();
}

#[test]
fn only_the_promised_environment_is_seen() {
    let sandbox = Sandbox::new();
    let seen = sandbox.program("env", [""; 0]).run().ok().stdout.clone();
    let mut names: Vec<_> = seen.lines().filter_map(|line| line.split('=').next()).collect();
    names.sort_unstable();
    let promised = ["ACCTSNAP_ACTOR", "ACCTSNAP_DB", "HOME", "LANG", "PATH", "TMPDIR", "TZ"];
    assert_eq!(names, [&promised[..], &["XDG_CONFIG_HOME", "XDG_DATA_HOME"]].concat());
    assert!(seen.contains(&format!("ACCTSNAP_DB={}", sandbox.path("test.db").display())));
    assert!(seen.contains("ACCTSNAP_ACTOR=tester@example\n") && seen.contains("TZ=UTC\n"));
}

#[test]
fn a_run_can_be_told_its_database_folder_variables_and_input() {
    let sandbox = Sandbox::new();
    sandbox.write("inner/file.txt", "here");
    let script = r#"echo "$ACCTSNAP_DB"; echo "$COLOUR"; cat file.txt; cat"#;
    let run = shell(&sandbox, script).db("other.db").env("COLOUR", "green").cwd("inner").stdin(" and there");
    assert_eq!(run.run().ok().stdout, "other.db\ngreen\nhere and there");
    let run = shell(&sandbox, "echo ${ACCTSNAP_DB-none}").without_db();
    assert_eq!(run.run().ok().stdout, "none\n");
}

#[test]
fn the_instant_comes_before_the_command() {
    let sandbox = Sandbox::new();
    let run = sandbox.program("echo", ["status"]).arg("--json").at("2026-11-22T10:00:00Z").run();
    assert_eq!(run.ok().stdout, "--at 2026-11-22T10:00:00Z status --json\n");
}

#[test]
fn much_input_and_output_at_once_do_not_block() {
    let sandbox = Sandbox::new();
    let megabytes = "0123456789abcdef".repeat(200_000);
    assert_eq!(sandbox.program("cat", [""; 0]).stdin(megabytes.clone()).run().ok().stdout, megabytes);
    assert_eq!(shell(&sandbox, "exit 0").stdin(megabytes).run().ok().stdout, "");
}

#[test]
fn exit_codes_are_told_apart_and_a_wrong_one_shows_the_run() {
    let sandbox = Sandbox::new();
    let run = shell(&sandbox, "echo said; echo complained >&2; exit 5").run();
    run.fails_with(5);
    let message = failure_of(|| run.ok().code());
    for part in ["expected exit code 0", "exit: 5", "said", "complained"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(shell(&sandbox, "kill -9 $$").run().code(), None);
}

#[test]
fn json_is_read_and_what_is_none_is_shown() {
    let sandbox = Sandbox::new();
    let said = |text: &str| sandbox.program("printf", ["%s", text]).run();
    assert_eq!(said(r#"{"count": 2}"#).json()["count"], 2);
    assert_eq!(said("{\"n\":1}\n{\"n\":2}\n").jsonl()[1]["n"], 2);
    let failed = shell(&sandbox, r#"echo working >&2; echo '{"exit_code":4}' >&2; exit 4"#).run();
    assert_eq!(failed.fails_with(4).error_json()["exit_code"], 4);
    let none = said("{} and more");
    assert!(failure_of(|| none.json()).contains("{} and more"));
}

#[test]
fn a_spawned_program_can_be_killed() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.program("sleep", ["60"]).spawn();
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None);
}

#[test]
fn examples_are_copied_byte_for_byte() {
    let sandbox = Sandbox::new();
    let copy = sandbox.copy_example("portfolio/kpis-2026-08.csv");
    assert_eq!(copy, sandbox.path("kpis-2026-08.csv"));
    assert!(sandbox.read("kpis-2026-08.csv").starts_with("account_name,"));
}

#[test]
fn what_differs_from_run_to_run_becomes_a_placeholder() {
    let sandbox = Sandbox::new();
    let digest = "0f".repeat(32);
    let version = env!("CARGO_PKG_VERSION");
    let path = sandbox.path("a.csv");
    let text = format!("{} {digest} {digest}0 acctsnap {version}, 1{version} {version}.5", path.display());
    let expected = format!("[SANDBOX]/a.csv [HASH] {digest}0 acctsnap [VERSION], 1{version} {version}.5");
    assert_eq!(with_placeholders(&text, &sandbox.path("")), expected);
}

#[test]
fn a_golden_file_is_written_on_request_only_and_then_compared() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("golden/one.txt");
    let missing = compare(&file, "a\nb\n", Mode::Compare).unwrap_err();
    assert!(missing.contains("UPDATE_GOLDEN=1"), "{missing}");
    assert!(!file.exists());
    assert_eq!(compare(&file, "a\nb\n", Mode::Update), Ok(()));
    assert_eq!(compare(&file, "a\nb\n", Mode::Compare), Ok(()));
    let changed = compare(&file, "a\nc\n", Mode::Compare).unwrap_err();
    assert!(changed.contains(" a\n-b\n+c\n"), "{changed}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "a\nb\n");
}

#[test]
fn a_difference_keeps_the_common_lines() {
    assert_eq!(difference("a\nb\nc\nd", "b\nx\nd\ne"), "-a\n b\n-c\n+x\n d\n+e\n");
    assert_eq!(difference("a", "a\n"), " a\n+\n");
}

#[test]
fn a_transcript_names_the_command_and_both_streams() {
    let sandbox = Sandbox::new();
    let run = shell(&sandbox, "echo in $PWD; echo err >&2; exit 3").run();
    run.fails_with(3).matches_golden("harness/transcript");
}

#[expect(clippy::expect_used, reason = "an attempt that succeeds is the failure")]
fn failure_of<T>(attempt: impl FnOnce() -> T + UnwindSafe) -> String {
    let failure = catch_unwind(attempt).map(drop).expect_err("the attempt should have failed");
    *failure.downcast::<String>().expect("a failure with a message")
}
