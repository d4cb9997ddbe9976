//! A disk that fails: a call that ends in an error, or a disk that is full from some call on.

use super::harness::{BACKUP, STORIES, Story, can_trace, is_same, is_whole, share, state};
use crate::support::Sandbox;

/// What fails, and how; a full disk stays full.
const FAULTS: [(&str, &str, &str); 5] = [
    ("fsync", "EIO", ""),
    ("fdatasync", "EIO", ""),
    ("pwrite64", "ENOSPC", "+"),
    ("pwrite64", "EIO", ""),
    ("ftruncate", "ENOSPC", "+"),
];

/// Only calls on the database and what stands beside it fail: not what goes to the terminal.
fn only_database(sandbox: &Sandbox) -> Vec<String> {
    let files = ["test.db", "test.db-wal", "test.db-journal", "copy.db"];
    files.iter().flat_map(|file| ["-P".to_owned(), sandbox.path(file).display().to_string()]).collect()
}

/// Runs a story on failing disks; how many failures it met.
fn failing(story: &Story, most: Option<u32>) -> u32 {
    let first = story.prepared();
    let undisturbed = story.again(&first);
    story.run(&undisturbed).ok();
    let expected = state(&undisturbed);
    let mut failures = 0;
    for (call, error, on) in FAULTS {
        let counted = story.again(&first);
        let count = {
            let filter = only_database(&counted);
            story.disturbed(&counted, &filter).ok();
            let name = format!("{call}(");
            counted.read("trace.log").lines().filter(|line| line.contains(&name)).count()
        };
        for number in share(u32::try_from(count).unwrap_or(u32::MAX), most) {
            let when = format!("{}: {error} at {call} {number}{on} of {count}", story.name);
            let sandbox = story.again(&first);
            let mut inject = only_database(&sandbox);
            inject.extend(["-e".to_owned(), format!("inject={call}:error={error}:when={number}{on}")]);
            let outcome = story.disturbed(&sandbox, &inject);
            // What fails after the commit is on the disk (a checkpoint) takes nothing back: then all of it is there.
            let is_done = outcome.code() == Some(0);
            // An erasure whose rows are gone says that the log or free space may still hold them.
            let is_in_part = outcome.code() == Some(3) && outcome.stdout.contains("may still hold it");
            assert!(is_in_part || matches!(outcome.code(), Some(0 | 9)), "{when}\n{}", outcome.transcript());
            assert!(
                is_done || is_in_part || outcome.stderr.contains("test.db"),
                "{when}: the path is named\n{}",
                outcome.transcript()
            );
            is_whole(&sandbox, &when);
            if is_done || is_in_part {
                is_same(&state(&sandbox), &expected, &format!("done, {when}"));
            }
            story.repeat(&sandbox, &when);
            is_same(&state(&sandbox), &expected, &format!("the next run, {when}"));
            failures += 1;
        }
    }
    failures
}

fn all(most: Option<u32>) {
    if !can_trace() {
        return;
    }
    let threads: Vec<_> = STORIES
        .into_iter()
        .map(|story| std::thread::spawn(move || (story.name, failing(&story, most))))
        .collect();
    for thread in threads {
        let (name, failures) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        eprintln!(
            "{name}: {failures} failures of the disk, whole each time, and the next run ended as undisturbed"
        );
    }
}

#[test]
fn a_failing_disk_is_exit_9_and_the_next_run_succeeds() {
    all(Some(2));
}

#[test]
#[ignore = "every call of every story: minutes"]
fn at_every_call() {
    all(None);
}

#[test]
fn a_backup_onto_a_full_disk_leaves_the_older_copy() {
    if !can_trace() {
        return;
    }
    let first = BACKUP.prepared();
    for (call, number) in [("pwrite64", 1), ("pwrite64", 20), ("fsync", 1), ("renameat", 1)] {
        let sandbox = BACKUP.again(&first);
        sandbox.run(["backup", "copy.db"]).ok();
        let inject = ["-e".to_owned(), format!("inject={call}:error=ENOSPC:when={number}+")];
        let outcome = BACKUP.disturbed(&sandbox, &inject);
        assert!(matches!(outcome.code(), Some(9)), "{call} {number}\n{}", outcome.transcript());
        sandbox.command(["verify"]).db("copy.db").at("2027-06-01T10:00:00Z").run().ok();
        is_whole(&sandbox, call);
    }
}
