//! The walls between the rooms of the house: who may look into whom, and who alone may name what.
//!
//! `src/lib.rs` tells the order in words. Every path of the source is checked, wherever it stands. Code under
//! `#[cfg(test)]` keeps to the order of the rooms too, but may read files, the clock and the environment.

use std::collections::{BTreeSet, HashMap};

use crate::source::paths::{FilePaths, Mention, file_paths};
use crate::source::{SourceFile, source_files};

/// Into which other rooms each room may look; `error` and `clock` are for all but the pure ones.
const ORDER: [(&str, &[&str]); 10] = [
    ("main", &["cli", "error", "clock"]),
    ("cli", &["ops", "report", "config", "model", "error", "clock"]),
    ("ops", &["ingest", "events", "store", "report", "config", "model", "error", "clock"]),
    ("events", &["store", "model", "error", "clock"]),
    ("ingest", &["model", "error", "clock"]),
    ("store", &["model", "error", "clock"]),
    ("report", &["model", "error", "clock"]),
    ("config", &["model", "error", "clock"]),
    ("clock", &["model", "error"]),
    ("model", &["error"]),
];

/// What a single room may name. A path is meant with all that lies below it.
const OWNED: [(&str, &[&str]); 2] = [
    ("store", &["rusqlite", "libsqlite3_sys"]),
    (
        "cli",
        &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "indicatif",
            "anstream::stdout",
            "anstream::stderr",
            "anstream::AutoStream",
            "terminal_size",
            "ctrlc",
            "directories",
            "whoami",
            "std::env",
            "std::io::stdout",
            "std::io::stderr",
        ],
    ),
];

/// Macros that print, which the command line alone may do.
const PRINTING: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// What tells the time, which the clock alone may ask.
const TELLING_TIME: [[&str; 2]; 4] =
    [["Utc", "now"], ["Local", "now"], ["SystemTime", "now"], ["Instant", "now"]];

/// What the pure rules never touch.
const IMPURE: [&str; 6] = ["std::fs", "std::io", "std::env", "std::process", "std::thread", "std::net"];

/// The traits among it through which pure code may be handed bytes, and what their methods answer.
const PURE_ENOUGH: [&str; 4] = ["std::io::Read", "std::io::Write", "std::io::Result", "std::io::Error"];

/// Every breach of the rules as `file:line: path: rule`, in order of file and line.
fn breaches(files: &[SourceFile]) -> Vec<String> {
    let modules: Vec<_> = files.iter().map(SourceFile::module).collect();
    let top_level: BTreeSet<_> = modules.iter().filter_map(|module| module.first().cloned()).collect();
    let top_level: Vec<_> = top_level.into_iter().collect();
    let paths: Vec<_> = files.iter().map(|file| file_paths(file, &top_level)).collect();
    let test_modules: Vec<_> = paths.iter().flat_map(|paths| paths.test_modules.iter()).collect();
    let root = root_names(&modules, &paths);
    let mut found = Vec::new();
    for ((file, module), paths) in files.iter().zip(&modules).zip(&paths) {
        let Some(room) = module.first() else { continue }; // lib.rs declares the rooms
        let test_file = test_modules.iter().any(|test| module.starts_with(test));
        for mention in &paths.mentions {
            let path = from_root(&mention.path, &root);
            let in_test = test_file || mention.in_test;
            let breach =
                wrong_room(room, &path).or_else(|| wrong_name(room, &path, mention).filter(|_| !in_test));
            if let Some(rule) = breach {
                found.push(format!("{}:{}: {}: {rule}", file.path, mention.line, path.join("::")));
            }
        }
    }
    found
}

/// What `src/lib.rs` brings in under a name of the crate's root, with the path it stands for.
fn root_names(modules: &[Vec<String>], paths: &[FilePaths]) -> HashMap<String, Vec<String>> {
    let lib = modules.iter().zip(paths).filter(|(module, _)| module.is_empty());
    let imports = lib.flat_map(|(_, paths)| &paths.mentions);
    imports.filter_map(|mention| Some((mention.imported_as.clone()?, mention.path.clone()))).collect()
}

/// `crate::Error` leads to `crate::error::Error`.
fn from_root(path: &[String], root: &HashMap<String, Vec<String>>) -> Vec<String> {
    match path {
        [first, name, rest @ ..] if first == "crate" => {
            root.get(name).map_or_else(|| path.to_vec(), |target| [target.as_slice(), rest].concat())
        }
        _ => path.to_vec(),
    }
}

/// The rule of the order that a path breaks.
fn wrong_room(room: &str, path: &[String]) -> Option<String> {
    let [first, target, ..] = path else { return None };
    if first != "crate" || target == room {
        return None;
    }
    let allowed = ORDER.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, allowed)| allowed);
    let told = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
    (!allowed.contains(&target.as_str())).then(|| format!("{room} may look into {told}"))
}

/// The rule about single names that a path breaks.
fn wrong_name(room: &str, path: &[String], mention: &Mention) -> Option<String> {
    let joined = path.join("::");
    let below = |owned: &str| {
        joined == owned || joined.strip_prefix(owned).is_some_and(|rest| rest.starts_with("::"))
    };
    if let Some((owner, _)) = OWNED.iter().find(|(_, names)| names.iter().any(|name| below(name))) {
        return (*owner != room).then(|| format!("only {owner} may name it"));
    }
    let last = path.last().map_or("", String::as_str);
    if mention.is_macro_call && PRINTING.contains(&last) {
        return (room != "cli").then(|| "only cli may print".to_owned());
    }
    if path.windows(2).any(|pair| TELLING_TIME.iter().any(|told| pair == told)) {
        return (room != "clock").then(|| "only clock may tell the time".to_owned());
    }
    // `use std::io;` alone does nothing: what is then named through it is followed.
    let pure_enough = joined == "std::io" || PURE_ENOUGH.iter().any(|name| below(name));
    let impure = IMPURE.iter().any(|name| below(name)) && !pure_enough;
    (room == "model" && impure).then(|| "model is pure: no files, streams, processes or threads".to_owned())
}

#[test]
fn no_room_looks_where_it_must_not() {
    let files = source_files();
    assert!(files.iter().any(|file| file.path == "src/model/mod.rs"), "the source was not found");
    let found = breaches(&files);
    assert!(found.is_empty(), "{} breaches of the order in src/lib.rs\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_room_of_the_order_is_known() {
    let rooms: BTreeSet<_> = ORDER.iter().map(|(room, _)| *room).chain(["error"]).collect();
    let unknown: Vec<_> = source_files()
        .iter()
        .filter_map(|file| file.module().first().cloned())
        .filter(|module| !rooms.contains(module.as_str()))
        .collect();
    assert!(unknown.is_empty(), "say in ORDER what these may look into: {unknown:?}");
}

/// The breaches of one sample beside a crate of all the rooms.
fn breaches_of(path: &str, text: &str) -> Vec<String> {
    let lib = "pub mod store; pub use error::{Error, ErrorKind as Kind}; pub use store::Store;";
    let rooms = ["cli", "ops", "ingest", "events", "store", "report", "config", "model", "error", "clock"];
    let mut files = vec![SourceFile::new("src/lib.rs", lib), SourceFile::new(path, text)];
    files.extend(rooms.map(|room| SourceFile::new(&format!("src/{room}/mod.rs"), "")));
    breaches(&files)
}

/// Samples that break a rule: file, text, and where and what is found.
const FORBIDDEN: [(&str, &str, &str); 35] = [
    ("src/model/a.rs", "fn f() {\n crate::store::open();\n}", "2: crate::store::open: model may look"),
    ("src/model/a.rs", "use crate::{error, store::{self, open}, model};", "1: crate::store: model may"),
    ("src/model/a/b.rs", "fn f() { super::super::super::store::open() }", "1: crate::store::open: model"),
    ("src/model/a/mod.rs", "fn f() { super::super::store::open() }", "1: crate::store::open: model may"),
    ("src/model/a.rs", "mod b { use super::super::super::ops; }", "1: crate::ops: model may look"),
    ("src/model/a.rs", "fn f(at: self::super::super::clock::Clock) {}", "1: crate::clock::Clock: model"),
    ("src/model/a.rs", "#[cfg(test)]\nmod tests { use crate::store; }", "2: crate::store: model may look"),
    ("src/model/a.rs", "fn f() -> crate::Store { todo() }", "1: crate::store::Store: model may look"),
    ("src/model/a.rs", "use crate as home;\nfn f() { home::store::open() }", "2: crate::store::open: model"),
    ("src/model/a.rs", "use crate::*;", "1: crate::*: model may look into error"),
    ("src/model/a.rs", "use std::{env, fmt};", "1: std::env: only cli may name it"),
    ("src/model/a.rs", "fn f(p: &std::path::Path) { std::fs::read(p); }", "1: std::fs::read: model is pure"),
    ("src/model/a.rs", "use std::io::{Read, BufReader};", "1: std::io::BufReader: model is pure"),
    ("src/model/a.rs", "use std::io;\nfn f() { io::stdin(); }", "2: std::io::stdin: model is pure"),
    ("src/model/a.rs", "fn f() -> std::process::ExitCode { g() }", "1: std::process::ExitCode: model"),
    ("src/store/a.rs", "use crate::ingest::Reader;", "1: crate::ingest::Reader: store may look"),
    ("src/store/a.rs", "use crate::events;", "1: crate::events: store may look"),
    ("src/store/a.rs", "pub(in crate::ops) fn f() {}", "1: crate::ops: store may look"),
    ("src/ingest/a.rs", "use crate::store::Store;", "1: crate::store::Store: ingest may look"),
    ("src/report/a.rs", "fn f() { let x = 0..crate::ops::LIMIT; }", "1: crate::ops::LIMIT: report may"),
    ("src/report/a.rs", "fn f<'a>(x: &'a str) { println!(\"{x}\") }", "1: println: only cli may print"),
    ("src/report/a.rs", "fn f() { std::eprint![\"\"] }", "1: std::eprint: only cli may print"),
    ("src/report/a.rs", "fn f() { anstream::stdout(); }", "1: anstream::stdout: only cli may name it"),
    ("src/ops/a.rs", "use crate::cli::Printer;", "1: crate::cli::Printer: ops may look"),
    ("src/ops/a.rs", "fn f(c: &rusqlite::Connection) {}", "1: rusqlite::Connection: only store may"),
    ("src/ops/a.rs", "use rusqlite;", "1: rusqlite: only store may name it"),
    ("src/ops/a.rs", "fn f() { chrono::Utc::now(); }", "1: chrono::Utc::now: only clock may tell"),
    (
        "src/ops/a.rs",
        "use std::time::Instant as I;\nfn f() { I::now(); }",
        "2: std::time::Instant::now: only",
    ),
    ("src/ops/a.rs", "use std::env;\nfn f() { env::var(\"A\"); }", "2: std::env::var: only cli may"),
    ("src/ops/a.rs", "fn f() { std::io::stderr(); }", "1: std::io::stderr: only cli may name it"),
    ("src/ops/a.rs", "#[derive(clap::Args)]\nstruct A;", "1: clap::Args: only cli may name it"),
    ("src/cli/a.rs", "fn f() { crate::store::open(); }", "1: crate::store::open: cli may look"),
    ("src/cli/a.rs", "fn f() { 'a'.max('\"'); SystemTime::now(); }", "1: SystemTime::now: only clock may"),
    ("src/main.rs", "fn main() { acctsnap::ops::status() }", "1: crate::ops::status: main may look"),
    ("src/error.rs", "use crate::model::time;", "1: crate::model::time: error may look into nothing"),
];

#[test]
fn each_kind_of_breach_is_found_with_its_line() {
    for (path, text, expected) in FORBIDDEN {
        let found = breaches_of(path, text);
        let expected = format!("{path}:{expected}");
        assert!(found.iter().any(|breach| breach.starts_with(&expected)), "{text}\n{expected}\n{found:?}");
    }
}

/// Samples that break no rule, though they look like it.
const ALLOWED: [(&str, &str); 20] = [
    ("src/model/a.rs", "// crate::store::open\n/* a /* crate::store::x */ crate::store::y */"),
    ("src/model/a.rs", "/// Like [`crate::store::open`].\nfn f() {}"),
    ("src/model/a.rs", "const A: &str = \"\\\" crate::store::open\";"),
    ("src/model/a.rs", "const A: &str = r##\"\"# crate::store::open\"##;"),
    ("src/model/a.rs", "const A: (char, &[u8]) = ('\"', br\"crate::store::a\\\"); // '\""),
    ("src/model/a.rs", "use crate::error::Error; use crate::Kind; use super::time;"),
    ("src/model/a.rs", "use std::io::{self, Read, Write}; fn f() -> io::Result<()> { g() }"),
    ("src/model/a.rs", "fn f() { env!(\"CARGO_PKG_VERSION\"); }"),
    ("src/model/a.rs", "#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"x\"); println!(); } }"),
    ("src/model/a.rs", "mod store { pub fn open() {} }\nfn f() { store::open() }"),
    ("src/model/a.rs", "fn f(a: &A) { a.store.clock::<u8>(); let store = 1; }"),
    ("src/model/a.rs", "fn now() {}\nfn f(r#use: u8) { now() }"),
    ("src/events/a.rs", "use crate::store::Store; use crate::clock::Clock;"),
    ("src/ops/a.rs", "use crate::{Store, events, ingest::{kpis, table}, report as view};"),
    ("src/ops/ingest.rs", "use super::status; use super::super::store;"),
    ("src/cli/a.rs", "use std::env; fn f() { println!(); env::args(); std::io::stdout(); }"),
    ("src/store/a.rs", "use rusqlite::{Connection, params};"),
    ("src/clock.rs", "use crate::model::time::Timestamp; fn f() { chrono::Utc::now(); }"),
    ("src/main.rs", "fn main() -> std::process::ExitCode { acctsnap::cli::main() }"),
    ("src/report/a.rs", "fn f() -> impl Iterator<Item = u8> + use<'_> { x != (y) }"),
];

#[test]
fn what_only_looks_like_a_breach_is_none() {
    for (path, text) in ALLOWED {
        assert_eq!(breaches_of(path, text), [""; 0], "{text}");
    }
}

#[test]
fn a_test_module_in_a_file_of_its_own_may_read_files_but_not_other_rooms() {
    let files = [
        SourceFile::new("src/store/mod.rs", ""),
        SourceFile::new("src/model/mod.rs", "#[cfg(test)]\nmod tests;\nmod rules;"),
        SourceFile::new("src/model/tests.rs", "use std::fs;\nuse crate::store;"),
        SourceFile::new("src/model/rules.rs", "use std::fs;"),
    ];
    let found = breaches(&files);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("src/model/tests.rs:2: crate::store:"), "{found:?}");
    assert!(found[1].starts_with("src/model/rules.rs:1: std::fs:"), "{found:?}");
}
