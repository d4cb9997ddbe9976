//! Runs the program on one file, in a folder of its own, and ends it where it does not end by itself.
//!
//! It must never give the program the path of the data: what is recorded would hold a path of this machine.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::case::Case;
use crate::support::Sandbox;

/// How long a debug build may take over one file.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The instant of every ingest.
const NOW: &str = "2026-11-22T12:00:00Z";

/// What one ingest gave.
#[derive(Debug)]
pub struct Answer {
    /// The exit code; None where a signal ended it.
    pub code: Option<i32>,
    /// It was still running after [`TIME_LIMIT`] and was ended.
    pub hung: bool,
    /// The answer, where there is one.
    pub json: Option<Value>,
    /// The error object, where there is one.
    pub error: Option<Value>,
    /// Both streams.
    pub text: String,
}

/// Ingests the files that come before, then the file itself; the database is `test.db` in the sandbox.
///
/// # Errors
/// A message where a file that comes before cannot be ingested.
#[expect(clippy::expect_used, reason = "a test whose data cannot be read cannot go on")]
pub fn run(root: &Path, case: &Case, sandbox: &Sandbox) -> Result<Answer, String> {
    for (path, words) in &case.before {
        let bytes = fs::read(root.join(path)).expect("the file that comes before");
        let answer = ingest(sandbox, path.rsplit('/').next().unwrap_or(path), &bytes, words);
        if answer.code != Some(0) {
            return Err(format!("{path} comes before and was not read: {}", answer.text));
        }
    }
    let bytes = fs::read(root.join(case.path())).expect("the file of the case");
    Ok(ingest(sandbox, case.file, &bytes, case.words))
}

#[expect(clippy::expect_used, reason = "a test whose program cannot be run cannot go on")]
fn ingest(sandbox: &Sandbox, name: &str, bytes: &[u8], words: &str) -> Answer {
    sandbox.write(name, bytes);
    let words = split_words(words);
    let arguments = ["ingest".to_owned()].into_iter().chain(words).chain(["--json".into(), name.into()]);
    let mut child = sandbox.command(arguments).at(NOW).spawn();
    let stdout = reader(child.stdout.take().expect("standard output is a pipe"));
    let stderr = reader(child.stderr.take().expect("standard error is a pipe"));
    let hung = !ends_in_time(&mut child);
    let status = child.wait().expect("the program ends");
    let stdout = stdout.join().expect("standard output is read");
    let stderr = stderr.join().expect("standard error is read");
    Answer {
        code: status.code(),
        hung,
        json: serde_json::from_str(&stdout).ok(),
        error: stderr.lines().last().and_then(|line| serde_json::from_str(line).ok()),
        text: stdout + &stderr,
    }
}

/// Reads a stream to its end beside the program, which would wait for a full pipe otherwise.
fn reader(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came until the stream broke is told with the rest.
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Whether the program ended by itself; it is ended where it did not.
#[expect(clippy::expect_used, reason = "a test whose program cannot be watched cannot go on")]
fn ends_in_time(child: &mut Child) -> bool {
    let start = Instant::now();
    while child.try_wait().expect("the program is watched").is_none() {
        if start.elapsed() > TIME_LIMIT {
            child.kill().expect("the program is ended");
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    true
}

/// Words as a shell parts them: by spaces, but for those within `'`.
pub fn split_words(words: &str) -> Vec<String> {
    let (mut split, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in words.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => split.push(std::mem::take(&mut word)),
            other => word.push(other),
        }
    }
    split.push(word);
    split.retain(|word| !word.is_empty());
    split
}
