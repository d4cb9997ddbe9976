//! The power goes: what a run asked of the disk is recorded, and played back up to some call with what was not flushed
//! by then dropped, kept, or torn. What exited 0 is there in every such state, and every state is whole.
//!
//! A file is what its last flush left and what was written since. That a name was made or taken away counts for sure
//! once its folder was flushed, or, for a name that was made, the file itself.

use std::collections::BTreeMap;
use std::fs;

use super::harness::{BACKUP, STORIES, Story, can_trace, is_same, is_whole, state};
use crate::support::Sandbox;

/// So much of a disk is written at once or not at all.
const SECTOR: usize = 512;

/// What a process asked of the disk, of the files beside the database.
#[derive(Debug, Clone)]
enum Call {
    Write { file: String, offset: usize, bytes: Vec<u8> },
    Truncate { file: String, length: usize },
    Flush { file: String },
    FlushFolder,
    Create { file: String },
    Unlink { file: String },
}

/// What becomes of all that was not flushed.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Dropped,
    Kept,
    /// Half of the writes, and of some only the first sectors; the number begins the chance.
    Torn(u64),
}

/// The calls of a run, in their order.
fn recorded(story: &Story, sandbox: &Sandbox) -> Vec<Call> {
    let filter =
        ["-xx", "-s", "1000000", "-e", "trace=openat,close,pwrite64,fsync,fdatasync,ftruncate,unlink"];
    story.disturbed(sandbox, &filter.map(ToOwned::to_owned)).ok();
    let (mut begun, mut open, mut calls) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for line in sandbox.read("trace.log").lines() {
        let Some((thread, rest)) = line.trim().split_once(' ') else { continue };
        let rest = rest.trim();
        if let Some(start) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread.to_owned(), start.trim().to_owned());
        } else if let Some((_, end)) = rest.split_once("resumed>") {
            let whole = begun.remove(thread).unwrap_or_default() + end;
            calls.extend(call(&whole, &mut open, sandbox));
        } else {
            calls.extend(call(rest, &mut open, sandbox));
        }
    }
    calls
}

/// Reads a line of strace; None where it is of no file beside the database, or failed.
fn call(line: &str, open: &mut BTreeMap<String, String>, sandbox: &Sandbox) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let arguments: Vec<&str> = arguments.trim_end().trim_end_matches(')').split(", ").collect();
    let number = |place: usize| arguments.get(place).and_then(|text| text.parse::<usize>().ok());
    let named = |place: usize| -> Option<String> {
        let path = String::from_utf8(bytes_of(arguments.get(place)?)).ok()?;
        let folder = sandbox.path("").display().to_string();
        let name = path.strip_prefix(folder.trim_end_matches('/'))?.trim_start_matches('/').to_owned();
        (name.is_empty() || (name.starts_with("test.db") && !name.ends_with("-shm"))).then_some(name)
    };
    let opened = |open: &BTreeMap<String, String>| arguments.first().and_then(|fd| open.get(*fd)).cloned();
    match name {
        "openat" => {
            let file = named(1);
            let fd = result.split_whitespace().next()?.to_owned();
            open.remove(&fd);
            let is_made = arguments.get(2).is_some_and(|flags| flags.contains("O_CREAT"));
            let file = file?;
            open.insert(fd, file.clone());
            is_made.then_some(Call::Create { file })
        }
        "close" => {
            open.remove(*arguments.first()?);
            None
        }
        "pwrite64" => {
            Some(Call::Write { file: opened(open)?, offset: number(3)?, bytes: bytes_of(arguments.get(1)?) })
        }
        "ftruncate" => Some(Call::Truncate { file: opened(open)?, length: number(1)? }),
        "fsync" | "fdatasync" => Some(match opened(open)? {
            folder if folder.is_empty() => Call::FlushFolder,
            file => Call::Flush { file },
        }),
        "unlink" => Some(Call::Unlink { file: named(0)? }),
        _ => None,
    }
}

/// The bytes of `"\x61\x62"`.
fn bytes_of(text: &str) -> Vec<u8> {
    let digits = text.trim_matches('"').split("\\x").skip(1);
    digits.filter_map(|pair| u8::from_str_radix(pair.get(..2)?, 16).ok()).collect()
}

/// A file: its bytes for sure, the calls since, and whether its name is there for sure.
#[derive(Debug, Clone, Default)]
struct File {
    flushed: Vec<u8>,
    since: Vec<Call>,
    is_named: bool,
    /// It was taken away, which its folder may not know yet.
    is_gone: bool,
}

/// A disk with the files beside a database.
#[derive(Debug, Clone, Default)]
struct Disk(BTreeMap<String, File>);

impl Disk {
    fn of(sandbox: &Sandbox) -> Self {
        let names = ["test.db", "test.db-wal", "test.db-journal"];
        let there = names.iter().filter_map(|name| Some((*name, fs::read(sandbox.path(name)).ok()?)));
        let file = |bytes| File { flushed: bytes, is_named: true, ..File::default() };
        Self(there.map(|(name, bytes)| (name.to_owned(), file(bytes))).collect())
    }

    fn take(&mut self, call: &Call) {
        match call {
            Call::Write { file, .. } | Call::Truncate { file, .. } => {
                self.0.entry(file.clone()).or_default().since.push(call.clone());
            }
            Call::Create { file } => {
                let file = self.0.entry(file.clone()).or_default();
                if file.is_gone {
                    *file = File::default();
                }
            }
            Call::Flush { file } => {
                let file = self.0.entry(file.clone()).or_default();
                for call in std::mem::take(&mut file.since) {
                    apply(&mut file.flushed, &call);
                }
                file.is_named = true;
            }
            Call::Unlink { file } => self.0.entry(file.clone()).or_default().is_gone = true,
            Call::FlushFolder => {
                self.0.retain(|_, file| !file.is_gone);
                self.0.values_mut().for_each(|file| file.is_named = true);
            }
        }
    }

    /// What stands there when the power is back.
    fn after(&self, mut fate: Fate) -> BTreeMap<String, Vec<u8>> {
        let mut left = BTreeMap::new();
        for (name, file) in &self.0 {
            let is_there = match &mut fate {
                Fate::Dropped => file.is_named,
                Fate::Kept => !file.is_gone,
                Fate::Torn(chance) => match (file.is_gone, file.is_named) {
                    (false, true) => true,
                    _ => next(chance).is_multiple_of(2),
                },
            };
            if is_there {
                let mut bytes = file.flushed.clone();
                for call in &file.since {
                    match &mut fate {
                        Fate::Dropped => {}
                        Fate::Kept => apply(&mut bytes, call),
                        Fate::Torn(chance) => apply_torn(&mut bytes, call, next(chance)),
                    }
                }
                left.insert(name.clone(), bytes);
            }
        }
        left
    }
}

fn apply(file: &mut Vec<u8>, call: &Call) {
    match call {
        Call::Write { offset, bytes, .. } => {
            let end = offset + bytes.len();
            if file.len() < end {
                file.resize(end, 0);
            }
            file[*offset..end].copy_from_slice(bytes);
        }
        Call::Truncate { length, .. } => file.resize(*length, 0),
        _ => {}
    }
}

/// All of a call, nothing, or its first sectors.
fn apply_torn(file: &mut Vec<u8>, call: &Call, chance: u64) {
    match (chance % 3, call) {
        (0, _) => apply(file, call),
        (1, Call::Write { file: name, offset, bytes }) if bytes.len() > SECTOR => {
            let sectors = 1 + (chance / 3) as usize % (bytes.len() / SECTOR);
            let bytes = bytes[..(sectors * SECTOR).min(bytes.len())].to_vec();
            apply(file, &Call::Write { file: name.clone(), offset: *offset, bytes });
        }
        _ => {}
    }
}

/// A chance that is the same in every run (splitmix64).
fn next(chance: &mut u64) -> u64 {
    *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*chance ^ (*chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The database of a story as the power leaves it, with the files that the story reads.
fn powered(story: &Story, first: &Sandbox, left: &BTreeMap<String, Vec<u8>>) -> Sandbox {
    let sandbox = story.again(first);
    for name in ["test.db", "test.db-wal", "test.db-journal", "test.db-shm"] {
        drop(fs::remove_file(sandbox.path(name)));
    }
    for (name, bytes) in left {
        sandbox.write(name, bytes);
    }
    sandbox
}

/// Who else has the database open. The last to close it empties the log into it, with a flush of its own: beside a
/// reader nothing but the flush of the commit itself holds what was acknowledged.
#[derive(Debug, Clone, Copy)]
enum Beside {
    Nobody,
    AReader,
}

impl Beside {
    #[expect(clippy::expect_used, reason = "a test without its reader has failed")]
    fn opened(self, sandbox: &Sandbox) -> Option<rusqlite::Connection> {
        let Self::AReader = self else { return None };
        let reader = sandbox.sql();
        let count = |sql: &rusqlite::Connection| {
            sql.query_one("SELECT count(*) FROM accounts", [], |row| row.get::<_, i64>(0))
        };
        count(&reader).expect("a database with accounts");
        Some(reader)
    }
}

/// Cuts the power after calls of a run: `(states, lost)`, the states in which what exited 0 is not there.
/// `without` names files whose flushes are taken for not made, as with less than `synchronous = FULL`.
fn cut(story: &Story, most: usize, without: &str, beside: Beside) -> (usize, usize) {
    let first = story.prepared();
    let run = story.again(&first);
    let reader = beside.opened(&run);
    let calls = recorded(story, &run);
    drop(reader);
    assert!(calls.iter().any(|call| matches!(call, Call::Flush { .. })), "{}: {calls:?}", story.name);
    let done = state(&run);
    let before = first.path("test.db").exists().then(|| state(&story.again(&first)));
    let mut disk = Disk::of(&first);
    let step = calls.len().div_ceil(most).max(1);
    let (mut states, mut lost) = (0, 0);
    for (place, call) in calls.iter().enumerate() {
        match call {
            Call::Flush { file } if !without.is_empty() && file.ends_with(without) => {}
            call => disk.take(call),
        }
        let is_last = place + 1 == calls.len();
        if !place.is_multiple_of(step) && !is_last {
            continue;
        }
        for fate in [Fate::Dropped, Fate::Kept, Fate::Torn(place as u64), Fate::Torn(!(place as u64))] {
            let when =
                format!("{}: power gone after call {} of {}, {fate:?}", story.name, place + 1, calls.len());
            let sandbox = powered(story, &first, &disk.after(fate));
            states += 1;
            if without.is_empty() {
                is_whole(&sandbox, &when);
                if is_last {
                    is_same(&state(&sandbox), &done, &when);
                } else if let Some(before) = &before {
                    // All of the run or nothing of it; what exited 0 before it is there either way.
                    let now = state(&sandbox);
                    assert!(now == *before || now == done, "{when}");
                }
                story.repeat(&sandbox, &when);
                is_same(&state(&sandbox), &done, &format!("the next run, {when}"));
            } else if is_last {
                let is_whole = sandbox.command(["verify"]).run().code() == Some(0);
                lost += usize::from(!is_whole || state(&sandbox) != done);
            }
        }
    }
    (states, lost)
}

fn all(most: usize, beside: Beside) {
    if !can_trace() {
        return;
    }
    // The others write as these do. Nobody can read beside the first ingest: there is nothing yet.
    let played: &[&str] = match beside {
        Beside::Nobody => &["ingest", "second ingest", "flush", "scheduled run"],
        Beside::AReader => &["second ingest", "flush", "scheduled run"],
    };
    let stories = STORIES.into_iter().filter(|story| played.contains(&story.name));
    let threads: Vec<_> = stories
        .map(|story| std::thread::spawn(move || (story.name, cut(&story, most, "", beside))))
        .collect();
    for thread in threads {
        let (name, (states, _)) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        eprintln!(
            "{name}, beside {beside:?}: {states} states after a power loss, whole each, nothing that exited 0 was lost"
        );
    }
}

#[test]
fn what_exited_0_outlives_the_power() {
    all(4, Beside::Nobody);
}

#[test]
fn what_exited_0_beside_a_reader_outlives_the_power() {
    all(1, Beside::AReader);
}

#[test]
#[ignore = "every call of every story: minutes"]
fn what_exited_0_outlives_the_power_at_every_call() {
    all(usize::MAX, Beside::Nobody);
    all(usize::MAX, Beside::AReader);
}

#[test]
fn without_its_flushes_a_run_would_be_lost() {
    if !can_trace() {
        return;
    }
    let (states, lost) = cut(&STORIES[1], 1, "", Beside::Nobody);
    assert!(states > 0 && lost == 0);
    let (_, lost) = cut(&STORIES[1], 1, "test.db", Beside::Nobody);
    assert!(lost > 0, "the replay sees what is not flushed");
    // As with synchronous = NORMAL, which flushes the log only before it is emptied.
    let (_, lost) = cut(&STORIES[1], 1, "test.db-wal", Beside::AReader);
    assert!(lost > 0, "the replay sees a log that is not flushed");
}

/// Whatever a command writes into a file of its own is flushed before it takes its name, and the name after it.
#[test]
fn what_takes_a_name_was_flushed_before() {
    if !can_trace() {
        return;
    }
    let first = BACKUP.prepared();
    for (line, name) in [
        ("backup copy.db", "copy.db"),
        ("export snapshots all.csv", "all.csv"),
        ("latest --all --json -o all.json", "all.json"),
    ] {
        let sandbox = BACKUP.again(&first);
        BACKUP.disturbed_with(&sandbox, &["-y".to_owned()], &line.split(' ').collect::<Vec<_>>()).ok();
        let log = sandbox.read("trace.log");
        let calls: Vec<&str> = log.lines().collect();
        let named = calls.iter().position(|call| {
            (call.contains("rename") || call.contains("link(")) && call.contains(&format!("{name}\""))
        });
        let named = named.unwrap_or_else(|| panic!("{line}: nothing takes the name {name}\n{log}"));
        let temporary = calls[named].split('"').nth(1).and_then(|path| path.rsplit('/').next());
        let temporary = format!("/{}>", temporary.unwrap_or_default());
        let last = |place: &dyn Fn(&&&str) -> bool| calls[..named].iter().rev().position(|call| place(&call));
        let flushed = last(&|call| call.contains("sync(") && call.contains(&temporary));
        let written = last(&|call| call.contains("write") && call.contains(&temporary));
        let (flushed, written) = (flushed.unwrap_or(usize::MAX), written.unwrap_or(usize::MAX));
        assert!(
            flushed < written,
            "{line}: {name} is flushed after its last write, before it is named\n{log}"
        );
        let folder = format!("<{}>", sandbox.path("").display().to_string().trim_end_matches('/'));
        let is_kept = calls[named..].iter().any(|call| call.contains("fsync(") && call.contains(&folder));
        assert!(is_kept, "{line}: the folder is flushed once {name} stands in it\n{log}");
    }
}
