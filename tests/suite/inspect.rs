//! `inspect`, and what it has in common with a dry run: how a file is understood, before anything is written.

use std::path::Path;

use crate::support::Sandbox;
use serde_json::{Value, json};

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
        "acctsnap ingest kpis sheet.csv --account <ACCOUNT> --on-error skip --rejects rejects.csv"
    );
    assert_eq!(view["preset"], Value::Null, "it would be refused as it is");
    let looked = sandbox.at("10:00:00", &["inspect", "sheet.csv"]);
    assert_eq!(looked.code(), Some(5));
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

#[test]
fn what_needs_one_word_to_be_read_is_proposed_with_each_word_that_does() {
    let two = "Acme,03/04/2026,5,7\nBeta,05/06/2026,7,8\n";
    for (text, ways) in [
        (format!("account,date,NPS,Ticket Volume\n{two}"), ["--date-order dmy", "--date-order mdy"]),
        (
            "account;NPS;Deals\nAcme;1,234;5\nBeta;7,456;6\n".to_owned(),
            ["--decimal point", "--decimal comma"],
        ),
        ("account,kpi,metric,value\nAcme,NPS,Usage,5\n".to_owned(), ["--map metric=", "--map kpi="]),
        (
            "account,kpi,01/02/2026,01/03/2026\nAcme,NPS,5,7\n".to_owned(),
            ["--date-order dmy", "--date-order mdy"],
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("k.csv", &text);
        let view = inspect(&sandbox, &["k.csv"]);
        let commands = ways.map(|way| format!("acctsnap ingest kpis k.csv {way}"));
        assert_eq!(
            (&view["kind"], &view["choice"]["commands"]),
            (&json!("kpis"), &json!(commands)),
            "{text}"
        );
        assert_eq!((&view["command"], &view["preset"]), (&json!(commands[0]), &Value::Null));
        let told = sandbox.at("10:00:00", &["inspect", "k.csv"]);
        assert_eq!(told.code(), Some(5), "as an ingest without a word would end");
        assert!(
            told.stdout.contains("to be settled first: ") && told.stdout.contains(&commands[1]),
            "{}",
            told.stdout
        );
        let answer = run_printed(&sandbox, &commands[1]);
        assert_eq!(answer["rows"]["rejected"], 0, "{text}");
    }
}

#[test]
fn two_open_questions_are_settled_by_one_command() {
    let sandbox = Sandbox::new();
    sandbox.write("k.csv", "account;date;kpi;value\nAcme;03/04/2026;Deals;1,234\n");
    let choice = inspect(&sandbox, &["k.csv"])["choice"].clone();
    assert_eq!(choice["why"].as_array().map(Vec::len), Some(2), "{choice}");
    assert_eq!(choice["commands"].as_array().map(Vec::len), Some(4), "{choice}");
    for command in choice["commands"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(command.contains("--date-order ") && command.contains("--decimal "), "{command}");
    }
}

#[test]
fn a_table_of_periods_is_no_profile_and_says_what_it_lacks() {
    let sandbox = Sandbox::new();
    for header in ["account,2026-01,2026-02", "account,kpi,Jan,Feb"] {
        sandbox.write(
            "k.csv",
            format!("{header}\nAcme,5,7,9\n")
                .replace(",9\n", if header.contains("kpi") { ",9\n" } else { "\n" }),
        );
        let run = sandbox.at("10:00:00", &["inspect", "k.csv"]);
        assert_eq!(run.code(), Some(5), "{}", run.stdout);
        let lacks =
            if header.contains("Jan") { "months or quarters without a year" } else { "no column for the " };
        assert!(run.stdout.contains(&format!("no kpis: it has {lacks}")), "{}", run.stdout);
        assert!(run.stdout.contains("no profiles: too little of it means anything there"), "{}", run.stdout);
    }
}

#[test]
fn where_no_row_can_be_taken_the_causes_are_told_with_counts_and_examples() {
    let sandbox = Sandbox::new();
    sandbox.write("k.csv", "account,kpi,value\nAcme,NPS,much\nBeta,NPS,more\n,NPS,5\n");
    let run = sandbox.at("10:00:00", &["inspect", "k.csv"]);
    assert_eq!(run.code(), Some(5));
    for told in [
        "no kpis: none of its 3 values could be taken",
        "2 x value: ",
        "(first in line 2: 'much')",
        "1 x account: expected an account, found an empty cell (first in line 4",
    ] {
        assert!(run.stdout.contains(told), "{told}\n{}", run.stdout);
    }
}

#[test]
fn no_refusal_is_told_with_a_garbled_beginning() {
    let sandbox = Sandbox::new();
    sandbox.write("quote.csv", "a,b\n1,2\n3,\"x\n");
    sandbox.write("nul.csv", b"a,b\n1,\0\n");
    sandbox.write("ragged.csv", "account,kpi,value\nAcme,NPS\n");
    sandbox.write("k.csv", "x,y\n1,2\n");
    for words in [
        &["quote.csv"][..],
        &["nul.csv"],
        &["ragged.csv"],
        &["k.csv", "--map", "z=kpi"],
        &["k.csv", "--map", "x=nothing"],
        &["k.csv", "--header", "9"],
    ] {
        let run = sandbox.at("10:00:00", &[&["inspect"], words].concat());
        for garbled in ["it ,", "it --", "it line", ": ,", "it :", "it error"] {
            assert!(!run.stdout.contains(garbled), "{words:?}\n{}", run.stdout);
        }
        let file = format!(": {}", words[0]);
        assert!(!run.stdout.contains(&file), "the file is named above\n{}", run.stdout);
    }
}

#[test]
fn health_scores_of_months_are_proposed_as_such_and_the_difference_is_told() {
    let sandbox = Sandbox::new();
    sandbox
        .write("h.csv", "account,date,health_score,usage,logins,tickets,deals\nAcme,2026-10-31,70,1,2,3,4\n");
    let view = inspect(&sandbox, &["h.csv"]);
    assert_eq!(view["kind"], "health");
    let notes = view["notes"].to_string();
    assert!(notes.contains("all its numbers are read by: acctsnap ingest kpis h.csv"), "{notes}");
    // One score beside many numbers is a KPI file that has a score too.
    let many: Vec<String> = (0..20).map(|number| format!("Feature {number}")).collect();
    let text =
        format!("account,date,health_score,{}\nAcme,2026-10-31,70{}\n", many.join(","), ",5".repeat(20));
    sandbox.write("h.csv", text);
    let view = inspect(&sandbox, &["h.csv"]);
    assert_eq!(view["kind"], "kpis");
    let notes = view["notes"].to_string();
    assert!(notes.contains("they are read by: acctsnap ingest health h.csv"), "{notes}");
}

#[test]
fn rows_of_accounts_that_are_not_there_would_be_rejected() {
    let sandbox = Sandbox::new();
    sandbox.write("h.csv", "account,account id,month,overall_health_score\nAcme,,2026-10,70\nBeta,b-1,2026-10,60\n,Acme,2026-09,50\n");
    let view = inspect(&sandbox, &["h.csv"]);
    assert_eq!((&view["rejected_total"], &view["kind"]), (&json!(0), &json!("health")));
    let notes = view["notes"].to_string();
    assert!(notes.contains("whether its accounts are there was not checked"), "{notes}");
    sandbox.ingest("10:00:00", "account,kpi,value\nAcme,NPS,5\n", &[]).ok();
    let view = inspect(&sandbox, &["h.csv"]);
    assert_eq!((&view["rejected_total"], &view["rejected"][0]["line"]), (&json!(1), &json!(3)), "{view}");
    assert_eq!(view["rejected"][0]["code"], "unknown_account");
    assert!(!view["notes"].to_string().contains("not checked"));
    does_as_told(&sandbox, &["h.csv"]);
    // A file of nothing but unknown accounts is what it is all the same.
    sandbox.write("n.csv", "account,note id,content\nNobody,1,called\n");
    let view = inspect(&sandbox, &["n.csv"]);
    assert_eq!((&view["rejected_total"], &view["kind"]), (&json!(1), &json!("notes")));
}

#[test]
fn columns_that_mean_something_outweigh_numbers_that_may_be_kpis() {
    let sandbox = Sandbox::new();
    let engagement = "account id,account name,lifecycle stage,last qbr date,logins,seats,visits\nA1,Acme,live,2026-10-01,5,6,7\n";
    sandbox.write("e.csv", engagement);
    assert_eq!(inspect(&sandbox, &["e.csv"])["kind"], "profiles");
    sandbox.write("e.csv", "account,logins,seats,visits\nAcme,5,6,7\n");
    assert_eq!(inspect(&sandbox, &["e.csv"])["kind"], "kpis");
}
