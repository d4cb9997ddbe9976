//! `inspect`, and what it has in common with a dry run: how a file is understood, before anything is written.

pub mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::Sandbox;

const BOARD: &str = "Board;;;\r\nKunde;Stand;Net Promoter Score (NPS);Product Activation Rate\r\n\
                     Acme;13.09.2026;4,5;76,0%\r\nBeta;02.09.2026;1,0;58,5%\r\nGesamt;;2,7;67,2%\r\nQuelle: BI\r\n";

fn inspect(sandbox: &Sandbox, words: &[&str]) -> Value {
    sandbox.at("10:00:00", &[&["inspect", "--json"], words].concat()).json()
}

#[test]
fn a_file_is_told_with_its_form_its_table_and_the_command_that_reads_it() {
    let sandbox = Sandbox::new();
    sandbox.write("board.csv", BOARD);
    let view = inspect(&sandbox, &["board.csv", "--map", "Kunde=account", "--map", "Stand=date"]);
    assert_eq!(view["kind"], "kpis");
    assert_eq!(view["form"]["delimiter"], ";");
    let table = &view["tables"][0];
    assert_eq!((&table["header_line"], &table["layout"]), (&json!(2), &json!("wide")));
    let aside: Vec<_> =
        table["set_aside"].as_array().into_iter().flatten().map(|aside| &aside["kind"]).collect();
    assert_eq!(aside, ["preamble", "total_rows", "footer"]);
    let first = |column: usize| &table["columns"][column]["examples"][0];
    assert_eq!(first(1), &json!({"raw": "13.09.2026", "read": "2026-09-13"}));
    assert_eq!(first(2), &json!({"raw": "4,5", "read": "4.5"}));
    let command = "acctsnap ingest kpis board.csv --map Kunde=account --map Stand=date";
    assert_eq!(view["command"], command);

    // The command does what was told, and the preset stands for its flags.
    assert_eq!(view["rows_read"], 4);
    let preset = view["preset"].as_str().unwrap_or_default().to_owned();
    sandbox.write("kept.toml", preset);
    let flags = ["ingest", "kpis", "board.csv", "--preset", "board", "--config", "kept.toml", "--json"];
    let answer = sandbox.at("10:00:00", &flags).ok().json();
    assert_eq!(answer["rows"]["inserted"], 4);
    assert_eq!(sandbox.latest("11:00:00", "Beta")["kpis_age_seconds"], 3600);
}

#[test]
fn nothing_is_written_and_the_exit_code_is_that_of_an_ingest() {
    let sandbox = Sandbox::new();
    sandbox.write("good.csv", "account,kpi,value\nAcme,NPS,5\n");
    sandbox.write("bad.csv", "account,kpi,value\nAcme,NPS,5\nBeta,NPS,much\n");
    sandbox.write("prose.csv", "a word\nanother word\n");
    for (file, exit) in [("good.csv", 0), ("bad.csv", 3), ("prose.csv", 5), ("absent.csv", 5)] {
        assert_eq!(sandbox.at("10:00:00", &["inspect", file]).code(), Some(exit), "{file}");
    }
    assert!(!sandbox.path("test.db").exists());
    let view = inspect(&sandbox, &["bad.csv"]);
    assert_eq!((&view["rejected_total"], &view["rejected"][0]["line"]), (&json!(1), &json!(3)));
    assert!(view["command"].as_str().is_some_and(|command| command.ends_with("--rejects rejects.csv")));
}

#[test]
fn where_nothing_names_the_account_somebody_is_asked_to() {
    let sandbox = Sandbox::new();
    sandbox.write("sheet.csv", "KPI/Parameter,Data,Segment\nNPS,5,SMB\nTicket Volume,7,SMB\nCSAT,80%,SMB\n");
    let view = inspect(&sandbox, &["sheet.csv"]);
    assert_eq!(view["kind"], "kpis");
    assert_eq!(
        view["command"],
        "acctsnap ingest kpis sheet.csv --account ACCOUNT --on-error skip --rejects rejects.csv"
    );
    let refused = sandbox.at("10:00:00", &["ingest", "kpis", "sheet.csv"]);
    assert_eq!(refused.code(), Some(5));
    assert!(refused.stderr.contains("--account") && refused.stderr.contains("--map"), "{}", refused.stderr);
}

#[test]
fn a_dry_run_shows_the_columns_of_the_kind_that_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("board.csv", BOARD);
    let flags = ["ingest", "kpis", "board.csv", "--map", "Kunde=account", "--map", "Stand=date"];
    let dry = sandbox.at("10:00:00", &[&flags[..], &["--dry-run", "--json"]].concat()).ok().json();
    assert_eq!(dry["files"][0]["tables"][0]["columns"][2]["field"], "kpi");
    let told = sandbox.at("10:00:00", &[&flags[..], &["-v"]].concat());
    assert!(told.stderr.contains("line 5: total_rows set aside: Gesamt"), "{}", told.stderr);
}

#[test]
fn rows_that_differ_are_refused_or_made_one_as_is_said() {
    let text = "account,kpi,value\nAcme,Deals,2\nAcme,Deals,4\nAcme,Deals,6\n";
    for (policy, value) in [("first", 2.0), ("last", 6.0), ("mean", 4.0), ("sum", 12.0)] {
        let sandbox = Sandbox::new();
        sandbox.write("deals.csv", text);
        assert_eq!(sandbox.at("10:00:00", &["ingest", "kpis", "deals.csv"]).code(), Some(5));
        let flags = ["ingest", "kpis", "deals.csv", "--duplicates", policy, "--json"];
        let rows = sandbox.at("10:00:00", &flags).ok().json()["rows"].clone();
        let counted = json!({"read": 3, "inserted": 1, "updated": 0, "unchanged": 2, "rejected": 0});
        assert_eq!(rows, counted, "{policy}");
        let held: f64 =
            sandbox.sql().query_one("SELECT value FROM v_kpi_current", [], |row| row.get(0)).unwrap_or(-1.0);
        assert_eq!(held, value, "{policy}");
    }
}

#[test]
fn rejects_say_how_their_rows_are_written_and_go_in_as_they_are() {
    let sandbox = Sandbox::new();
    // The first row alone does not show which part is the day, or what the comma means.
    sandbox
        .write("k.csv", "account;kpi;value;date\nAcme;Deals;viele;03.04.2026\nBeta;Deals;1,5;25.04.2026\n");
    let flags = ["ingest", "kpis", "k.csv", "--on-error", "skip", "--rejects", "r.csv"];
    assert_eq!(sandbox.at("10:00:00", &flags).code(), Some(3));
    let rejects = std::fs::read_to_string(sandbox.path("r.csv")).unwrap_or_default();
    assert!(rejects.contains("date_order=dmy decimal=comma"), "{rejects}");
    sandbox.write("r.csv", rejects.replacen("viele", "1,234", 1));
    sandbox.at("10:05:00", &["ingest", "kpis", "r.csv"]).ok();
    let query = "SELECT value || ' ' || observed_at FROM v_kpi_current WHERE account_name = 'Acme'";
    let held: String = sandbox.sql().query_one(query, [], |row| row.get(0)).unwrap_or_default();
    assert!(held.starts_with("1.234 2026-04-03"), "{held}");
}

#[test]
fn a_column_that_a_preset_names_and_the_file_lacks_is_refused_by_name() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", "[presets.monthly]\nkind = \"kpis\"\nmap = { \"Mrr (EUR)\" = \"value\" }\n");
    sandbox.write("june.csv", "account,kpi,value\nAcme,NPS,5\n");
    let flags = ["ingest", "kpis", "june.csv", "--config", "s.toml", "--preset"];
    let lacking = sandbox.at("10:00:00", &[&flags[..], &["monthly"]].concat());
    assert_eq!(lacking.code(), Some(5));
    assert!(
        lacking.stderr.contains("'Mrr (EUR)'") && lacking.stderr.contains("'monthly'"),
        "{}",
        lacking.stderr
    );
    let unknown = sandbox.at("10:00:00", &[&flags[..], &["montly"]].concat());
    assert_eq!(unknown.code(), Some(2));
    assert!(unknown.stderr.contains("did you mean 'monthly'"), "{}", unknown.stderr);
}

/// Runs a command that was printed, as a person would who copies it into a shell.
#[track_caller]
fn run_printed(sandbox: &Sandbox, command: &str) -> Value {
    let folder = Path::new(env!("CARGO_BIN_EXE_acctsnap")).parent().map(Path::display);
    let path = folder.map(|folder| format!("{folder}:/usr/bin:/bin")).unwrap_or_default();
    let at = "acctsnap --json --at 2026-11-22T10:00:00Z";
    let line = command.replacen("acctsnap", at, 1);
    let run = sandbox.program("sh", ["-c", &line]).env("PATH", path).run();
    assert!(matches!(run.code(), Some(0 | 3)), "{command}\n{}", run.stderr);
    run.json()
}

/// Inspects with these words, runs the command that is printed, and compares the counts.
#[track_caller]
fn does_as_told(sandbox: &Sandbox, words: &[&str]) {
    let view = inspect(sandbox, words);
    let answer = run_printed(sandbox, view["command"].as_str().unwrap_or_default());
    let counts = (&answer["rows"]["read"], &answer["rows"]["rejected"]);
    assert_eq!(counts, (&view["rows_read"], &view["rejected_total"]), "{words:?}: {}", view["command"]);
    assert_eq!(answer["files"][0]["kind"], view["kind"], "{words:?}");
}

#[test]
fn the_printed_command_does_what_was_told_of_every_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/exports");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in &names {
        let sandbox = Sandbox::new();
        sandbox.copy_example(&format!("exports/{name}"));
        let more: &[&str] = match name.as_str() {
            "board-2026-09.csv" => {
                &["--map", "Kunde=account", "--map", "Kunden-Nr.=external_id", "--map", "Stand=date"]
            }
            "brightmoor-2026-09.xlsx" => &["-a", "Brightmoor Logistics"],
            _ => &[],
        };
        does_as_told(&sandbox, &[&[name.as_str()], more].concat());
    }
}

#[test]
fn the_printed_command_names_what_is_worked_on_and_odd_files() {
    let sandbox = Sandbox::new();
    let text = "account,kpi,value\nAcme,NPS,5\nBeta,NPS,much\n";
    for name in ["-dash.csv", "a b.csv", "it's $5.csv", "rejects.csv", "Größe;x.csv"] {
        sandbox.write(name, text);
        does_as_told(&sandbox, &["--", name]);
    }
    sandbox.write(
        "my settings.toml",
        "[presets.june]\nkind = \"kpis\"\nsheet = \"x\"\nmap = { \"-who\" = \"account\" }\n",
    );
    sandbox.write("k.csv", "-who,kpi,value\nAcme,NPS,5\n");
    let globals = ["--config", "my settings.toml", "--db", "other.db", "--customer", "North & Co"];
    for more in [&["--preset", "june"][..], &["--map=-who=account", "--account", "Acme"]] {
        let words = [&["k.csv"], &globals[..], more].concat();
        does_as_told(&sandbox, &words);
        let command = inspect(&sandbox, &words)["command"].as_str().unwrap_or_default().to_owned();
        assert_eq!(command.contains("--map"), !more.contains(&"--preset"), "{command}");
    }
    assert!(sandbox.path("other.db").exists());
    let customers: i64 = rusqlite::Connection::open(sandbox.path("other.db"))
        .and_then(|sql| {
            sql.query_row("SELECT count(*) FROM customer_names WHERE name = 'North & Co'", [], |row| {
                row.get(0)
            })
        })
        .unwrap_or_default();
    assert_eq!(customers, 1);
}

#[test]
fn a_proposed_preset_bears_a_name_that_is_free() {
    let sandbox = Sandbox::new();
    sandbox.write("k.csv", "account,kpi,value\nAcme,NPS,5\n");
    sandbox.write("s.toml", "[presets.k]\nkind = \"kpis\"\n[presets.k-2]\nkind = \"kpis\"\n");
    let preset = inspect(&sandbox, &["k.csv", "--config", "s.toml"])["preset"].clone();
    assert!(preset.as_str().is_some_and(|preset| preset.starts_with("[presets.k-3]\n")), "{preset}");
    let named = inspect(&sandbox, &["k.csv", "--config", "s.toml", "--preset", "k"]);
    assert_eq!(named["preset"], Value::Null, "it is there already");
}
