//! What a run left: its streams and exit code, and the questions that tests ask of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output};

use serde_json::Value;

use super::golden;

/// What a run left.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What stands on standard output.
    pub stdout: String,
    /// What stands on standard error.
    pub stderr: String,
    status: ExitStatus,
    arguments: String,
    sandbox: PathBuf,
}

#[expect(clippy::panic, reason = "the way of a test to fail")]
impl Outcome {
    /// Of a finished program; what is no UTF-8 shows as U+FFFD.
    pub fn new(sandbox: &Path, arguments: &[OsString], output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
        Self {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            status: output.status,
            arguments: words.join(" "),
            sandbox: sandbox.to_owned(),
        }
    }

    /// The exit code; None where a signal ended the program.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The run succeeded.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.fails_with(0)
    }

    /// The run ended with this exit code.
    #[track_caller]
    pub fn fails_with(&self, code: i32) -> &Self {
        if self.code() != Some(code) {
            panic!("expected exit code {code}\n{}", self.transcript());
        }
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.parse("standard output", &self.stdout)
    }

    /// Standard output as one JSON document a line.
    #[track_caller]
    pub fn jsonl(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| self.parse("a line of standard output", line)).collect()
    }

    /// The error object: the last line of standard error.
    #[track_caller]
    pub fn error_json(&self) -> Value {
        self.parse("the last line of standard error", self.stderr.lines().last().unwrap_or_default())
    }

    /// The whole run, compared with `tests/cli_golden/NAME.txt`.
    #[track_caller]
    pub fn matches_golden(&self, name: &str) -> &Self {
        golden::check(name, &golden::with_placeholders(&self.transcript(), &self.sandbox));
        self
    }

    /// Command line, exit code and both streams, as a person would have seen them.
    pub fn transcript(&self) -> String {
        let ended = self.code().map_or("by a signal".to_owned(), |code| code.to_string());
        let Self { arguments, stdout, stderr, .. } = self;
        format!("$ acctsnap {arguments}\nexit: {ended}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }

    #[track_caller]
    fn parse(&self, place: &str, text: &str) -> Value {
        serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{place} is no JSON: {error}\n{}", self.transcript()))
    }
}
