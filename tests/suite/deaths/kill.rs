//! Killed when it is about to make a call: nothing of that call happens, all before it did.

use std::fs;

use super::harness::{BACKUP, STORIES, Story, can_trace, is_same, is_whole, share, state};

fn kill(call: &str, number: u32) -> Vec<String> {
    vec!["-e".to_owned(), format!("inject={call}:signal=KILL:when={number}")]
}

/// Kills a story at its calls; how often it was killed.
fn killed(story: &Story, most: Option<u32>) -> u32 {
    let first = story.prepared();
    let undisturbed = story.again(&first);
    story.run(&undisturbed).ok();
    let expected = state(&undisturbed);
    let mut kills = 0;
    for (call, count) in story.calls(&first, &[]) {
        for number in share(count, most) {
            let when = format!("{} killed at {call} {number} of {count}", story.name);
            let sandbox = story.again(&first);
            let outcome = story.disturbed(&sandbox, &kill(call, number));
            assert!(outcome.code() != Some(0), "{when}: it was not killed\n{}", outcome.transcript());
            is_whole(&sandbox, &when);
            story.repeat(&sandbox, &when);
            is_whole(&sandbox, &when);
            is_same(&state(&sandbox), &expected, &when);
            kills += 1;
        }
    }
    assert!(kills > 0, "{} makes calls", story.name);
    kills
}

fn all(most: Option<u32>) {
    if !can_trace() {
        return;
    }
    let threads: Vec<_> = STORIES
        .into_iter()
        .map(|story| std::thread::spawn(move || (story.name, killed(&story, most))))
        .collect();
    for thread in threads {
        let (name, kills) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        eprintln!("{name}: killed {kills} times, whole each time, and the same again ended as undisturbed");
    }
}

#[test]
fn a_command_that_is_killed_at_a_call_leaves_a_whole_database_and_can_be_repeated() {
    all(Some(3));
}

#[test]
#[ignore = "every call of every story: minutes"]
fn at_every_call() {
    all(None);
}

fn killed_backup(most: Option<u32>) {
    if !can_trace() {
        return;
    }
    let first = BACKUP.prepared();
    let mut kills = 0;
    for (call, count) in BACKUP.calls(&first, &[]) {
        for number in share(count, most) {
            let when = format!("backup killed at {call} {number} of {count}");
            let sandbox = BACKUP.again(&first);
            sandbox.run(["backup", "copy.db"]).ok();
            let before = fs::read(sandbox.path("copy.db")).unwrap_or_default();
            BACKUP.disturbed(&sandbox, &kill(call, number));
            is_whole(&sandbox, &when);
            let after = fs::read(sandbox.path("copy.db")).unwrap_or_default();
            let verified = sandbox.command(["verify"]).db("copy.db").at("2027-06-01T10:00:00Z").run();
            assert!(
                verified.code() == Some(0) && after.len() >= before.len(),
                "{when}\n{}",
                verified.transcript()
            );
            BACKUP.run(&sandbox).ok();
            kills += 1;
        }
    }
    eprintln!("backup: killed {kills} times, the older or the newer copy stands each time");
}

#[test]
fn a_killed_backup_leaves_the_older_copy_or_the_newer_one() {
    killed_backup(Some(3));
}

#[test]
#[ignore = "every call: a minute"]
fn a_backup_killed_at_every_call() {
    killed_backup(None);
}
