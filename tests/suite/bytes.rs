//! Encodings, archives, line ends and inputs that never end, through the program.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::support::book::nps;
use crate::support::{Outcome, Sandbox};
use serde_json::{Value, json};

const UMLAUTS: &str = "account,kpi,value\nMüller & Söhne,NPS,40\n";

fn windows_1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// Ingests bytes as a file of this name.
fn ingest(sandbox: &Sandbox, time: &str, file: &str, bytes: &[u8], flags: &[&str]) -> Outcome {
    sandbox.write(file, bytes);
    sandbox.at(time, &[&["ingest", "kpis", file, "--json"], flags].concat())
}

fn notes(answer: &Value) -> String {
    answer["files"][0]["notes"].to_string() + &answer["notes"].to_string()
}

fn account(sandbox: &Sandbox) -> String {
    let latest = sandbox.latest_of_all("23:00:00", "default");
    latest[0]["account_name"].as_str().expect("a name").to_owned()
}

#[test]
fn text_in_another_encoding_is_refused_with_the_flag_that_reads_it() {
    let sandbox = Sandbox::new();
    let error = ingest(&sandbox, "10:00:00", "a.csv", &windows_1252(UMLAUTS), &[]).fails_with(5).error_json();
    assert_eq!(error["message"], "a.csv, line 2: the byte at offset 19 is not UTF-8");
    assert!(error["hint"].as_str().expect("a hint").contains("--encoding windows-1252"), "{error}");
    let answer =
        ingest(&sandbox, "10:00:00", "a.csv", &windows_1252(UMLAUTS), &["--encoding", "windows-1252"]);
    assert_eq!(answer.ok().json()["rows"]["inserted"], 1);
    assert_eq!(account(&sandbox), "Müller & Söhne");

    let known = ingest(&sandbox, "11:00:00", "a.csv", &windows_1252(UMLAUTS), &["--encoding", "latin1"]);
    assert_eq!(known.ok().json()["status"], "unchanged_file", "another label of the same encoding");
    let other =
        ingest(&sandbox, "12:00:00", "a.csv", &windows_1252(UMLAUTS), &["--encoding", "windows-1250"]);
    assert_eq!(other.ok().json()["status"], "ingested", "another encoding is another reading");
}

#[test]
fn a_setting_accepts_a_fallback_for_good_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", "[ingest]\nencoding_fallback = \"windows-1252\"\n");
    let answer = ingest(&sandbox, "10:00:00", "a.csv", &windows_1252(UMLAUTS), &[]).ok().json();
    assert!(notes(&answer).contains("is not UTF-8 and was read as windows-1252"), "{answer}");
    assert_eq!(account(&sandbox), "Müller & Söhne");
    let plain = ingest(&sandbox, "10:10:00", "b.csv", UMLAUTS.as_bytes(), &[]).ok().json();
    assert!(!notes(&plain).contains("windows-1252"), "{plain}");
    assert_eq!(plain["rows"]["unchanged"], 1, "the same account: nothing was read twice over");

    sandbox.write("snapshots.toml", "[ingest]\nencoding_fallback = \"klingon\"\n");
    ingest(&sandbox, "11:00:00", "a.csv", b"", &[]).mentions("snapshots.toml").mentions("encoding");
    sandbox.write("snapshots.toml", "");
    let again = ingest(&sandbox, "11:00:00", "b.csv", UMLAUTS.as_bytes(), &[]).ok().json();
    assert_eq!(again["status"], "unchanged_file", "the setting makes no other reading of what is UTF-8");
}

#[test]
fn utf16_is_read_by_its_mark_or_its_name_and_the_mark_wins() {
    let marked = [&[0xff, 0xfe][..], &utf16le(UMLAUTS)].concat();
    for (bytes, flags, note) in [
        (marked.clone(), &[][..], "read as UTF-16LE, as its byte order mark says"),
        (marked, &["--encoding", "latin1"], "UTF-16LE, as its byte order mark says, not as windows-1252"),
        (utf16le(UMLAUTS), &["--encoding", "utf-16le"], "null"),
    ] {
        let sandbox = Sandbox::new();
        let answer = ingest(&sandbox, "10:00:00", "a.csv", &bytes, flags).ok().json();
        assert!(notes(&answer).contains(note), "{answer}");
        assert_eq!(account(&sandbox), "Müller & Söhne");
    }
    let sandbox = Sandbox::new();
    let error = ingest(&sandbox, "10:00:00", "a.csv", &utf16le(UMLAUTS), &[]).fails_with(5).error_json();
    assert_eq!(error["hint"], "--encoding utf-16le reads it");
}

#[test]
fn flags_that_nothing_can_be_read_by_are_usage_errors() {
    for (flag, value, part) in [
        ("--encoding", "klingon", "windows-1252"),
        ("--delimiter", "ab", "tab"),
        ("--delimiter", "a", "letters"),
    ] {
        let sandbox = Sandbox::new();
        let error = ingest(&sandbox, "10:00:00", "a.csv", UMLAUTS.as_bytes(), &[flag, value]);
        let error = error.fails_with(2).error_json();
        assert!(error["message"].as_str().expect("a message").contains(value), "{error}");
        assert!(error["hint"].as_str().expect("a hint").contains(part), "{error}");
    }
}

#[test]
fn rejects_of_another_encoding_read_back_by_the_same_flags() {
    let sandbox = Sandbox::new();
    let text = windows_1252("Konto;KPI;Wert\nMüller;NPS;viel\nGroß;NPS;5\n");
    let flags = [
        "--encoding",
        "windows-1252",
        "--map",
        "Konto=account",
        "--map",
        "Wert=value",
        "--on-error",
        "skip",
        "--rejects",
        "r.csv",
    ];
    let packed = gzip(&text);
    ingest(&sandbox, "10:00:00", "a.csv.gz", &packed, &flags).fails_with(3);
    let rejects = sandbox.read("r.csv");
    assert!(rejects.starts_with("\u{feff}Konto;KPI;Wert;acctsnap_reading;acctsnap_line"), "{rejects}");
    let mended = rejects.replacen(";viel;", ";7;", 1);
    let answer = ingest(&sandbox, "11:00:00", "r2.csv", mended.as_bytes(), &flags[..6]).ok().json();
    assert_eq!(answer["rows"]["inserted"], 1);
    assert_eq!(sandbox.latest("12:00:00", "müller")["account_name"], "Müller");
}

#[test]
fn archives_are_read_as_what_they_hold() {
    let text = nps("Acme", "40");
    let zstd = zstd::encode_all(text.as_bytes(), 3).expect("in memory");
    for (file, bytes) in
        [("a.csv.gz", gzip(text.as_bytes())), ("a.zst", zstd), ("named.csv", gzip(&utf16_marked(&text)))]
    {
        let sandbox = Sandbox::new();
        let answer = ingest(&sandbox, "10:00:00", file, &bytes, &[]).ok().json();
        assert_eq!(answer["rows"]["inserted"], 1);
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(answer["files"][0]["sha256"], digest, "the digest is of the file as given");
        let again = ingest(&sandbox, "11:00:00", file, &bytes, &[]).ok().json();
        assert_eq!(again["status"], "unchanged_file");
    }
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &text, &[]).ok();
    let lines = "{\"account\": \"Acme\", \"note id\": \"n1\", \"content\": \"Käse\"}\n";
    sandbox.write("notes.jsonl.gz", gzip(lines.as_bytes()));
    let answer = sandbox.at("10:00:00", &["ingest", "notes", "notes.jsonl.gz", "--json"]);
    assert_eq!(answer.ok().json()["rows"]["inserted"], 1);
}

fn utf16_marked(text: &str) -> Vec<u8> {
    [&[0xff, 0xfe][..], &utf16le(text)].concat()
}

#[test]
fn bombs_and_broken_archives_are_refused() {
    let sandbox = Sandbox::new();
    let line = format!("account,kpi,value,{}\n", "x".repeat(100_000)).repeat(10).into_bytes();
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("in memory");
    (0..70).for_each(|_| encoder.write_all(&line).expect("in memory"));
    let bomb = encoder.finish().expect("in memory");
    assert!(bomb.len() < 1 << 20);
    for (bytes, part) in [
        (bomb, "is a decompression bomb"),
        (gzip(&gzip(b"a")), "a gzip archive in an archive"),
        (gzip(b"account,kpi,value\nAcme,NPS,40\n")[..30].to_vec(), "cannot be unpacked"),
        (b"\x1f\x8b\x08\x00\x00".to_vec(), "cannot be unpacked"),
        (gzip(b"PK\x03\x04"), "spreadsheet or zip archive"),
    ] {
        let run = ingest(&sandbox, "10:00:00", "a.csv", &bytes, &["--on-error", "skip"]);
        run.fails_with(5).mentions(part);
    }
    assert!(!sandbox.path("test.db").exists(), "nothing is written");
}

#[test]
fn lines_may_end_in_any_way_and_keep_their_numbers() {
    for end in ["\n", "\r\n", "\r"] {
        let sandbox = Sandbox::new();
        let lines =
            ["account,kpi,value,remark", "Acme,NPS,40,\"two", "lines\"", "", "Beta,NPS,many,"].join(end);
        let error = ingest(&sandbox, "10:00:00", "a.csv", lines.as_bytes(), &[]).fails_with(5).error_json();
        assert_eq!(
            (&error["details_total"], &error["details"][0]["line"]),
            (&json!(1), &json!(5)),
            "{error}"
        );
    }
    let sandbox = Sandbox::new();
    let mixed = b"account,kpi,value\rAcme,NPS,40\nBeta,NPS,1\r\nGamma,NPS,2\r\r\nDelta,NPS,3";
    assert_eq!(ingest(&sandbox, "10:00:00", "a.csv", mixed, &[]).ok().json()["rows"]["inserted"], 4);
}

#[test]
fn a_nul_is_named_with_its_line() {
    let sandbox = Sandbox::new();
    let text = "account,kpi,value,remark\nAcme,NPS,40,\nBeta,NPS,1,a\0b\n";
    for bytes in [text.as_bytes().to_vec(), utf16_marked(text), gzip(text.as_bytes())] {
        let error = ingest(&sandbox, "10:00:00", "a.csv", &bytes, &[]).fails_with(5).error_json();
        assert_eq!(error["message"], "a.csv, line 3: the line has a NUL character");
    }
}

#[cfg(unix)]
#[test]
fn inputs_that_never_end_or_are_no_files_are_refused_at_once() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("folder")).expect("a folder");
    assert!(
        std::process::Command::new("mkfifo").arg(sandbox.path("fifo")).status().expect("mkfifo").success()
    );
    let sparse = std::fs::File::create(sandbox.path("sparse.csv")).expect("a file");
    sparse.set_len(2 << 30).expect("a sparse file of 2 GiB");
    let mut long = std::fs::File::create(sandbox.path("long.csv")).expect("a file");
    long.write_all(&vec![b'x'; 4 << 20]).expect("written");
    let started = Instant::now();
    for (file, part) in [
        ("/dev/zero", "is not a regular file"),
        ("fifo", "is not a regular file"),
        ("folder", "is a folder, not a file"),
        ("sparse.csv", "is binary data"),
        ("long.csv", "a cell of the record is larger than 1 MiB"),
    ] {
        sandbox.at("10:00:00", &["ingest", "kpis", file]).fails_with(5).mentions(part);
    }
    let zeros = ["-c", "exec \"$0\" ingest kpis - < /dev/zero", env!("CARGO_BIN_EXE_acctsnap")];
    sandbox.program("sh", zeros).run().fails_with(5).mentions("nothing but NUL bytes");
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}
