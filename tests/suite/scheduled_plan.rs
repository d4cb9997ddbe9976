//! `scheduled plan` and `scheduled install`: what is shown ahead, and the lines as cron, the shell and systemd take them.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Sandbox, golden};
use serde_json::{Value, json};

const RULES: &str = "\
timezone = \"America/New_York\"\n\
[[schedule]]\nname = \"high value\"\nwhen = \"revenue > 1000000\"\nevery = \"daily\"\nat = \"02:00\"\n\
[[schedule]]\nname = \"the rest\"\nevery = \"weekly\"\n";

fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", RULES);
    let accounts = (1..=7).map(|n| format!("Small {n},active,{n}000\n")).collect::<String>();
    sandbox.write("profiles.csv", format!("account,status,arr\nAcme,active,2000000\n{accounts}"));
    let words = ["ingest", "profiles", "profiles.csv", "--no-events"];
    sandbox.command(words).at("2026-11-01T10:00:00Z").run().ok();
    sandbox
}

#[test]
fn the_plan_says_when_for_whom_and_why() {
    let sandbox = portfolio();
    let words = ["scheduled", "plan", "--until", "2d"];
    let plan = sandbox.command(words).at("2026-11-08T12:00:00Z").run();
    plan.ok().matches_golden("scheduled/plan");
    assert_eq!(sandbox.count("schedule_runs"), 0, "a plan writes nothing");
    let items = sandbox.command(words).arg("--json").at("2026-11-08T12:00:00Z").run().ok().json();
    assert_eq!((&items["schema"], &items["count"]), (&json!("acctsnap.schedule_plan/1"), &json!(17)));
    let first = &items["items"][0];
    assert_eq!(
        (&first["rule"], &first["label"], &first["is_overdue"], &first["why"]),
        (&json!("high value"), &json!("day 2026-11-08"), &json!(true), &json!("revenue 2000000 > 1000000"))
    );
    let lines =
        sandbox.command(words).arg("--format").arg("jsonl").at("2026-11-08T12:00:00Z").run().ok().jsonl();
    assert_eq!(items["items"], Value::from(lines));
    let table = sandbox.command(words).arg("--format").arg("csv").at("2026-11-08T12:00:00Z").run();
    assert!(
        table
            .ok()
            .stdout
            .starts_with("customer,account_id,account_name,rule,cadence,label,due_at,is_overdue,why\n")
    );
}

#[test]
fn what_a_run_filled_is_not_planned_again() {
    let sandbox = portfolio();
    sandbox.command(["scheduled", "run"]).at("2026-11-08T12:00:00Z").run().ok();
    let words = ["scheduled", "plan", "--until", "2026-11-09T06:59:59Z", "--json"];
    let items = sandbox.command(words).at("2026-11-08T12:00:01Z").run().ok().json();
    assert_eq!(items["count"], 7, "the week's slots of Monday, and no day before 02:00");
    let words = ["scheduled", "plan", "--until", "0"];
    let nothing = sandbox.command(words).at("2026-11-08T12:00:01Z").run();
    assert_eq!(nothing.ok().stdout, "nothing is due until then\n");
    sandbox.command(["scheduled", "plan", "--until", "soon"]).run().fails_with(2);
}

#[test]
fn install_prints_the_real_paths_and_asks_for_whom() {
    let sandbox = portfolio();
    for manager in ["--cron", "--systemd"] {
        let printed = sandbox.command(["scheduled", "install", manager]).run();
        let database = sandbox.path("test.db");
        let config = sandbox.path("snapshots.toml");
        for part in [env!("CARGO_BIN_EXE_acctsnap"), &database.to_string_lossy(), &config.to_string_lossy()] {
            assert!(printed.ok().stdout.contains(part), "{part}\n{}", printed.stdout);
        }
        assert!(printed.stdout.contains("--defer") && printed.stdout.contains("flush --now"));
        let view = sandbox.command(["scheduled", "install", manager, "--json"]).run().ok().json();
        assert_eq!(view["manager"], manager.trim_start_matches('-'));
    }
    for wrong in [vec!["scheduled", "install"], vec!["scheduled", "install", "--cron", "--systemd"]] {
        sandbox.command(wrong).run().fails_with(2);
    }
    golden::check("scheduled/systemd", &placeholders(&sandbox, "--systemd"));
    golden::check("scheduled/cron", &placeholders(&sandbox, "--cron"));
}

/// What is printed, with names in place of what differs from machine to machine.
fn placeholders(sandbox: &Sandbox, manager: &str) -> String {
    let printed = sandbox.command(["scheduled", "install", manager]).run();
    let lines =
        printed.ok().stdout.lines().filter(|line| !line.starts_with("User=") && *line != "PrivateTmp=yes");
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let text = text.replace(env!("CARGO_BIN_EXE_acctsnap"), "/usr/local/bin/acctsnap");
    text.replace(sandbox.path("").to_string_lossy().trim_end_matches('/'), "/srv/acctsnap")
}

/// A sandbox whose database and settings have every awkward character that a path may have.
fn awkward() -> (Sandbox, PathBuf, PathBuf) {
    let sandbox = portfolio();
    let folder = sandbox.path("50% of O'Brien's $HOME \"x\" \\ é");
    fs::create_dir(&folder).expect("a folder");
    let (config, database) = (folder.join("the settings.toml"), folder.join("the book.db"));
    fs::copy(sandbox.path("snapshots.toml"), &config).expect("a copy");
    sandbox
        .command(["ingest", "profiles", "profiles.csv", "--no-events"])
        .db(&database)
        .at("2026-11-01T10:00:00Z")
        .run()
        .ok();
    (sandbox, config, database)
}

fn printed(manager: &str) -> (Sandbox, Value) {
    let (sandbox, config, database) = awkward();
    let words = ["scheduled", "install", manager, "--json"];
    let run = sandbox.command(words).arg("--config").arg(&config).arg("--db").arg(&database);
    let view = run.run().ok().json();
    (sandbox, view)
}

#[test]
fn the_cron_line_runs_as_cron_runs_it() {
    let (sandbox, view) = printed("--cron");
    let crontab = view["files"][0]["contents"].as_str().expect("a crontab").to_owned();
    let line = crontab.lines().find(|line| line.starts_with("7 * * * * ")).expect("a line");
    let command = line.trim_start_matches("7 * * * * ");
    assert!(!command.replace(r"\%", "").contains('%'), "cron would end the command there: {command}");
    // The crons of Debian and Red Hat take the backslash away, that of BusyBox leaves it to the shell.
    for command in [command.replace(r"\%", "%"), command.to_owned()] {
        let run =
            sandbox.program("/bin/sh", ["-c", &command]).env("PATH", "/usr/bin:/bin").without_db().run();
        assert_eq!((run.ok().stdout.as_str(), run.stderr.as_str()), ("", ""));
    }
    let database =
        rusqlite::Connection::open(sandbox.path("50% of O'Brien's $HOME \"x\" \\ é").join("the book.db"));
    let runs: i64 = database
        .and_then(|sql| sql.query_one("SELECT count(*) FROM slots", [], |row| row.get(0)))
        .expect("the slots");
    assert_eq!(runs, 8);
}

#[test]
fn systemd_finds_no_fault_with_the_units() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("skipped: systemd-analyze is not installed");
        return;
    }
    let (sandbox, view) = printed("--systemd");
    let units = view["files"].as_array().expect("files").iter().map(|file| {
        let path = PathBuf::from(file["path"].as_str().expect("a path"));
        sandbox.write(
            PathBuf::from("units").join(path.file_name().expect("a name")),
            file["contents"].as_str().expect("text"),
        )
    });
    let words = ["verify".into(), "--man=no".into()].into_iter().chain(units.map(PathBuf::into_os_string));
    let verified = sandbox.program("systemd-analyze", words).run();
    verified.ok();
    let faults: Vec<&str> =
        verified.stderr.lines().filter(|line| line.contains("acctsnap-scheduled")).collect();
    assert_eq!(faults, [""; 0]);
    let timer = view["files"][1]["contents"].as_str().expect("a timer");
    let calendar = timer.lines().find_map(|line| line.strip_prefix("OnCalendar=")).expect("a calendar");
    sandbox.program("systemd-analyze", ["calendar", calendar]).run().ok();
}

#[test]
fn a_cron_daemon_runs_the_line() {
    if Command::new("busybox").args(["crond", "--help"]).output().map_or(true, |it| !it.status.success()) {
        eprintln!("skipped: no cron daemon here that runs without being installed (busybox crond)");
        return;
    }
    let (sandbox, view) = printed("--cron");
    let contents = view["files"][0]["contents"].as_str().expect("a crontab");
    let user = Command::new("id").arg("-un").output().expect("the user");
    let user = String::from_utf8_lossy(&user.stdout).trim().to_owned();
    sandbox.write(PathBuf::from("crontabs").join(user), contents.replace("\n7 * * * *", "\n* * * * *"));
    let folder = sandbox.path("crontabs").into_os_string();
    let words = ["crond".into(), "-f".into(), "-c".into(), folder];
    let mut daemon = sandbox.program("busybox", words).spawn();
    let database = sandbox.path("50% of O'Brien's $HOME \"x\" \\ é").join("the book.db");
    let filled = || {
        let sql = rusqlite::Connection::open(&database).ok()?;
        sql.query_one("SELECT count(*) FROM slots", [], |row| row.get::<_, i64>(0)).ok()
    };
    let mut found = None;
    for _ in 0..90 {
        found = filled();
        if found == Some(8) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    daemon.kill().expect("the daemon ends");
    daemon.wait().expect("the daemon ends");
    assert_eq!(found, Some(8));
}
