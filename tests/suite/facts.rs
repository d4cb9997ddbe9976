//! What a file's rows do to what is known: inserted, updated, withdrawn or left as it was, and what follows.

use crate::support::Sandbox;
use crate::support::book::{nps, rows};
use serde_json::{Value, json};

/// Read, inserted, updated, unchanged, rejected; the first is always the sum of the others.
#[track_caller]
fn counts(answer: &Value) -> [u64; 5] {
    let counts = ["read", "inserted", "updated", "unchanged", "rejected"]
        .map(|name| answer["rows"][name].as_u64().unwrap_or(u64::MAX));
    assert_eq!(counts[0], counts[1..].iter().sum::<u64>(), "{answer}");
    counts
}

fn kpis(snapshot: &Value) -> [&Value; 3] {
    ["total_kpis", "unscored_kpis_count", "overall_health_score"].map(|field| &snapshot[field])
}

// ---- values

#[test]
fn one_changed_value_is_one_update_one_event_and_one_accounts_snapshot() {
    let sandbox = Sandbox::new();
    let file = |value| {
        rows(["Acme", "Beta", "Gamma"].into_iter().flat_map(|account| {
            let nps = if account == "Beta" { value } else { "40" };
            [(account, "NPS", nps), (account, "Onboarding Completion Rate", "80%")]
        }))
    };
    assert_eq!(counts(&sandbox.ingested("10:00:00", &file("40"), &[])), [6, 6, 0, 0, 0]);
    let answer = sandbox.ingested("11:00:00", &file("41"), &[]);
    assert_eq!(counts(&answer), [6, 0, 1, 5, 0]);
    assert_eq!((&answer["events"]["published"], &answer["snapshots"]["created"]), (&json!(1), &json!(1)));
    let sequences: Vec<_> = sandbox
        .latest_of_all("11:00:00", "default")
        .iter()
        .map(|snapshot| snapshot["snapshot_sequence_number"].clone())
        .collect();
    assert_eq!(sequences, [1, 2, 1]);
}

#[test]
fn other_notations_of_the_same_value_change_nothing() {
    let sandbox = Sandbox::new();
    let file = |value| rows([("Acme", "Onboarding Completion Rate", value)]);
    sandbox.ingest("10:00:00", &file("80%"), &[]).ok();
    for same in ["80", "80.0 %", "80 percent", "８０%"] {
        let answer = sandbox.ingested("11:00:00", &file(same), &[]);
        assert_eq!(counts(&answer), [1, 0, 0, 1, 0], "{same}");
        assert_eq!(answer["events"]["published"], 0, "{same}");
    }
}

#[test]
fn a_blank_cell_keeps_the_value_and_its_date() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", "account,kpi,value,date\nAcme,NPS,-20,2026-03-31\n", &[]).ok();
    let answer = sandbox.ingested("11:00:00", &nps("Acme", " "), &[]);
    assert_eq!((counts(&answer), &answer["files"][0]["blanks"]), ([1, 0, 0, 1, 0], &json!(1)));
    assert_eq!(answer["files"][0]["blanks_oldest"], "2026-03-31");
    let newest = sandbox.latest("11:00:00", "Acme");
    assert_eq!(newest["top_critical_kpis"][0]["value"], -20);
    assert_eq!((sandbox.count("events"), sandbox.count("snapshots")), (1, 1));
}

#[test]
fn a_withdrawn_value_leaves_the_kpi_without_a_score_until_it_has_one_again() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let score = sandbox.latest("10:00:00", "Acme")["overall_health_score"].clone();
    let withdrawn = sandbox.ingested("11:00:00", &nps("Acme", "N/A"), &[]);
    assert_eq!((counts(&withdrawn), &withdrawn["events"]["published"]), ([1, 0, 1, 0, 0], &json!(1)));
    assert_eq!(kpis(&sandbox.latest("11:00:00", "Acme")), [&json!(1), &json!(1), &Value::Null]);
    let again = sandbox.ingested("12:00:00", &nps("Acme", "#N/A"), &[]);
    assert_eq!((counts(&again), &again["events"]["published"]), ([1, 0, 0, 1, 0], &json!(0)));
    let valued = sandbox.ingested("13:00:00", &nps("Acme", "40.0"), &[]);
    assert_eq!(valued["events"]["published"], 1);
    assert_eq!(kpis(&sandbox.latest("13:00:00", "Acme")), [&json!(1), &json!(0), &score]);
}

#[test]
fn a_weight_or_impact_that_changes_alone_is_an_update() {
    let sandbox = Sandbox::new();
    let file = |nps: &str, rate: &str| {
        format!(
            "account,kpi,value,weight,impact_level\nAcme,NPS,-50,{nps}\nAcme,Customer Satisfaction (CSAT),5,{rate}\n"
        )
    };
    sandbox.ingest("10:00:00", &file("0.5,High", "0.5,High"), &[]).ok();
    let before = sandbox.latest("10:00:00", "Acme");
    assert_eq!(counts(&sandbox.ingested("11:00:00", &file("0.9,High", "0.5,High"), &[])), [2, 0, 1, 1, 0]);
    let after = sandbox.latest("11:00:00", "Acme");
    let score = |snapshot: &Value| snapshot["overall_health_score"].as_f64().unwrap_or(f64::NAN);
    assert!(score(&after) < score(&before), "the bad one weighs more");
    assert_eq!(counts(&sandbox.ingested("12:00:00", &file("0.9,Low", "0.5,High"), &[])), [2, 0, 1, 1, 0]);
    let blank = sandbox.ingested("13:00:00", &file(",", ","), &[]);
    assert_eq!(counts(&blank), [2, 0, 0, 2, 0], "an empty cell leaves the earlier one");
}

#[test]
fn the_same_row_twice_is_one_value() {
    let sandbox = Sandbox::new();
    let twice = rows([("Acme", "NPS", "40"), ("ACME ", "Net Promoter Score (NPS)", "40.0")]);
    assert_eq!(counts(&sandbox.ingested("10:00:00", &twice, &[])), [2, 1, 0, 1, 0]);
}

#[test]
fn rows_that_contradict_each_other_are_refused_with_both_lines() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "NPS", "40"), ("Beta", "NPS", "1"), ("Acme", "NPS", "41")]);
    let error = sandbox.ingest("10:00:00", &file, &["--json"]).fails_with(5).error_json();
    let place = |at: usize| (&error["details"][at]["line"], &error["details"][at]["code"]);
    assert_eq!(
        (place(0), place(1)),
        ((&json!(2), &json!("duplicate_row")), (&json!(4), &json!("duplicate_row")))
    );
    let run = sandbox.ingest("10:00:00", &file, &[]);
    run.fails_with(5).mentions("40 (line 2) and 41 (line 4)");
    assert!(!sandbox.path("test.db").exists());
    let skipped = sandbox.ingest("10:00:00", &file, &["--on-error", "skip", "--json"]).fails_with(3).json();
    assert_eq!(counts(&skipped), [3, 1, 0, 0, 2], "neither is preferred");
}

// ---- files

#[test]
fn right_wrong_and_right_again() {
    let sandbox = Sandbox::new();
    let (right, wrong) = (nps("Acme", "40"), nps("Acme", "-99"));
    sandbox.ingest("10:00:00", &right, &[]).ok();
    sandbox.ingest("11:00:00", &wrong, &[]).ok();
    let run = sandbox.ingest("12:00:00", &right, &["--json"]);
    let answer = run.ok().mentions("upload 1").mentions("--force").json();
    assert_eq!((&answer["status"], &answer["superseded"]), (&json!("unchanged_file"), &json!(1)));
    assert_eq!((counts(&answer), sandbox.count("snapshots")), ([1, 0, 0, 1, 0], 2));
    assert_eq!(sandbox.latest("12:00:00", "Acme")["critical_kpis_count"], 1, "the wrong value still stands");

    let forced = sandbox.ingested("13:00:00", &right, &["--force"]);
    assert_eq!((&forced["status"], counts(&forced)), (&json!("ingested"), [1, 0, 1, 0, 0]));
    assert_eq!(sandbox.latest("13:00:00", "Acme")["critical_kpis_count"], 0);
    let nothing = sandbox.ingested("14:00:00", &right, &["--force"]);
    assert_eq!((counts(&nothing), &nothing["events"]["published"]), ([1, 0, 0, 1, 0], &json!(0)));
}

#[test]
fn a_known_file_read_in_another_way_is_a_new_upload() {
    let sandbox = Sandbox::new();
    let file = "kpi,value\nNPS,40\n";
    sandbox.ingest("10:00:00", file, &["-a", "Acme"]).ok();
    assert_eq!(sandbox.ingested("11:00:00", file, &["-a", "Beta"])["status"], "ingested");
    assert_eq!(
        sandbox.ingested("11:00:00", file, &["-a", "Acme", "--period", "2026-09"])["status"],
        "ingested"
    );
    assert_eq!(sandbox.ingested("11:00:00", file, &["-a", "acme"])["status"], "unchanged_file");
    // What was read without -a is not known as the file of an account that is not there yet.
    sandbox.ingest("12:00:00", &nps("Acme", "50"), &[]).ok();
    sandbox.ingest("12:00:00", &nps("Acme", "50"), &["-a", "Newcomer"]).fails_with(5);
}

#[test]
fn a_dry_run_writes_nothing_and_exits_as_the_real_run() {
    let good = nps("Acme", "40");
    let bad = rows([("Acme", "NPS", "40"), ("Acme", "Onboarding Completion Rate", "much")]);
    let cases: [(&str, &[&str], i32); 3] =
        [(&good, &[], 0), (&bad, &["--on-error", "skip", "--rejects", "r.csv"], 3), (&bad, &[], 5)];
    for (file, flags, code) in cases {
        let sandbox = Sandbox::new();
        let dry = [flags, &["--dry-run"]].concat();
        let run = sandbox.ingest("10:00:00", file, &dry);
        run.fails_with(code).keeps_silent_of("Auto-created").keeps_silent_of("made the");
        assert!(!sandbox.path("test.db").exists() && !sandbox.path("r.csv").exists(), "{flags:?}");
        sandbox.ingest("10:00:00", file, flags).fails_with(code);

        sandbox.ingest("11:00:00", &nps("Beta", "1"), &[]).ok();
        let state = |sandbox: &Sandbox| ["changes", "uploads", "snapshots"].map(|table| sandbox.count(table));
        let before = state(&sandbox);
        let file = file.replace("40", "41");
        let dry = sandbox.ingest("12:00:00", &file, &[flags, &["-n", "--json"]].concat());
        dry.fails_with(code);
        assert_eq!(state(&sandbox), before, "{flags:?}");
        if code != 5 {
            assert_eq!(
                (&dry.json()["status"], &dry.json()["files"][0]["upload_id"]),
                (&json!("dry_run"), &Value::Null)
            );
            let real = sandbox.ingest("12:00:00", &file, &[flags, &["--json"]].concat());
            assert_eq!(counts(&real.fails_with(code).json()), counts(&dry.json()));
        }
    }
}

#[test]
fn standard_input_is_read_like_a_file() {
    let sandbox = Sandbox::new();
    let words = ["ingest", "kpis", "-", "--json"];
    let run = sandbox.command(words).at("2026-11-22T10:00:00Z").stdin(nps("Acme", "40")).run();
    assert_eq!(counts(&run.ok().json()), [1, 1, 0, 0, 0]);
    assert_eq!(sandbox.ingested("10:00:00", &nps("Acme", "40"), &[])["status"], "unchanged_file");
    sandbox.command(words).stdin("").run().fails_with(5);
}

#[test]
fn several_files_are_independent() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", nps("Acme", "40"));
    sandbox.write("b.csv", nps("Beta", "many"));
    sandbox.write("c.csv", nps("Gamma", "42"));
    let ingest = |files: &[&str]| sandbox.at("10:00:00", &[&["ingest", "kpis", "--json"], files].concat());
    ingest(&["b.csv", "missing.csv"]).fails_with(5);
    assert!(!sandbox.path("test.db").exists());
    let mixed = ingest(&["a.csv", "b.csv", "c.csv"]).fails_with(3).json();
    let status = |place: usize| &mixed["files"][place]["status"];
    assert_eq!([status(0), status(1), status(2)], ["ingested", "refused", "ingested"]);
    assert_eq!(mixed["status"], "mixed");
    assert_eq!(sandbox.latest_of_all("10:00:00", "default").len(), 2);
    let again = ingest(&["a.csv", "c.csv"]).ok().json();
    assert_eq!((counts(&again), &again["status"]), ([2, 0, 0, 2, 0], &json!("unchanged_file")));
    ingest(&["b.csv", "b.csv"]).fails_with(5);
}

// ---- accounts

#[test]
fn accounts_are_made_only_where_that_is_wanted() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let file = rows([("Acme", "NPS", "41"), ("Newcomer", "NPS", "1")]);
    let error = sandbox.ingest("11:00:00", &file, &["--no-create", "--json"]).fails_with(5).error_json();
    assert_eq!(error["details"][0]["code"], "unknown_account");
    let flags = ["--no-create", "--on-error", "skip", "--json"];
    let answer = sandbox.ingest("11:00:00", &file, &flags).fails_with(3).json();
    assert_eq!((counts(&answer), &answer["accounts"]["created"]), ([2, 0, 1, 0, 1], &json!(0)));
    sandbox
        .ingest(
            "11:00:00",
            &nps("x", "1").replace("account,", "").replace("x,", ""),
            &["--no-create", "-a", "Nobody"],
        )
        .fails_with(4);
}

#[test]
fn a_name_that_differs_only_in_its_legal_form_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("\"Acme, Inc.\"", "40"), &[]).ok();
    let error = sandbox.ingest("11:00:00", &nps("Acme Inc", "41"), &["--json"]).fails_with(5).error_json();
    assert_eq!(error["details"][0]["code"], "similar_account");
    assert!(error["details"][0]["message"].to_string().contains("Acme, Inc."), "{error}");
    let made = sandbox.ingested("11:00:00", &nps("Acme Inc", "41"), &["--create-similar"]);
    assert_eq!(made["accounts"]["created"], 1);
}

#[test]
fn names_of_one_file_that_look_alike_are_made_and_that_is_said() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme Inc", "NPS", "1"), ("\"Acme, Inc.\"", "NPS", "2"), ("acme inc", "Seats", "3")]);
    let answer = sandbox.ingested("10:00:00", &file, &[]);
    assert_eq!(answer["accounts"]["created"], 2);
    let notes = answer["files"][0]["notes"].to_string();
    assert!(notes.contains("'Acme Inc' and 'Acme, Inc.'") && notes.contains("one name"), "{notes}");
    sandbox.at("11:00:00", &["ingest", "kpis", "kpis.csv"]).ok().keeps_silent_of("legal form");
}

#[test]
fn a_name_that_two_accounts_of_one_file_bear_needs_the_id() {
    for kind in ["kpis", "profiles"] {
        let sandbox = Sandbox::new();
        let file = match kind {
            "kpis" => "account,external id,kpi,value\nAcme,a-1,NPS,1\nAcme,a-2,NPS,2\nAcme,,Seats,3\n",
            _ => "account,external id,region\nAcme,a-1,North\nAcme,a-2,South\nAcme,,West\n",
        };
        sandbox.write("two.csv", file);
        let words = ["ingest", kind, "two.csv", "--on-error", "skip", "--json"];
        let answer = sandbox.at("10:00:00", &words).fails_with(3).json();
        let rejected = &answer["files"][0]["rejected"][0];
        assert_eq!(
            (&rejected["line"], &rejected["code"]),
            (&json!(4), &json!("ambiguous_account")),
            "{kind}"
        );
        assert_eq!(answer["accounts"]["created"], 2, "{kind}");
    }
}

#[test]
fn a_file_without_accounts_is_of_the_one_given() {
    let sandbox = Sandbox::new();
    let file = "kpi,value\nNPS,40\nOnboarding Completion Rate,80%\n";
    sandbox.ingest("10:00:00", file, &[]).fails_with(5).mentions("account");
    let answer = sandbox.ingested("10:00:00", file, &["-a", "TechCorp Solutions"]);
    assert_eq!((counts(&answer), &answer["accounts"]["created"]), ([2, 2, 0, 0, 0], &json!(1)));
    let newest = sandbox.latest("10:00:00", "techcorp solutions");
    assert_eq!(kpis(&newest)[..2], [&json!(2), &json!(0)]);
}

#[test]
fn a_row_of_another_account_than_the_one_given_is_set_aside() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "NPS", "40"), ("Beta", "NPS", "41")]);
    sandbox.ingest("10:00:00", &file, &["-a", "Acme"]).fails_with(5).mentions("line 3");
    let flags = ["-a", "Acme", "--on-error", "skip", "--json"];
    let answer = sandbox.ingest("10:00:00", &file, &flags).fails_with(3).json();
    assert_eq!(counts(&answer), [2, 1, 0, 0, 1]);
    assert_eq!(sandbox.count("accounts"), 1);
}

// ---- dates

#[test]
fn a_period_dates_rows_that_bear_no_date() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &["--period", "2026-09"]).ok();
    let source = |time| sandbox.latest(time, "Acme")["sources"]["kpis"]["observed_at"].clone();
    assert_eq!(source("10:00:00"), "2026-09-30");

    let older = sandbox.ingested("11:00:00", &nps("Acme", "-90"), &["--period", "2026-06"]);
    assert_eq!((counts(&older), &older["files"][0]["to_history"]), ([1, 1, 0, 0, 0], &json!(1)));
    let newest = sandbox.latest("11:00:00", "Acme");
    assert_eq!(
        (&newest["critical_kpis_count"], &newest["overall_health_score"]),
        (&json!(0), &newest["customer_sentiment_score"])
    );

    let newer = sandbox.ingested("12:00:00", &nps("Acme", "-90"), &["--period", "2026-10"]);
    assert_eq!((counts(&newer), &newer["files"][0]["to_history"]), ([1, 1, 0, 0, 0], &json!(0)));
    assert_eq!(
        (source("12:00:00"), &sandbox.latest("12:00:00", "Acme")["critical_kpis_count"]),
        (json!("2026-10-31"), &json!(1))
    );
}

#[test]
fn an_undated_value_bears_the_day_of_the_ingest() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", "timezone = \"Pacific/Auckland\"\n");
    sandbox.ingest("12:00:00", &nps("Acme", "40"), &[]).ok();
    let newest = sandbox.latest("12:00:00", "Acme");
    assert_eq!(
        newest["sources"]["kpis"]["observed_at"], "2026-11-23",
        "where the customer is, it is tomorrow"
    );
}

#[test]
fn the_future_is_refused_and_the_current_month_is_not() {
    let sandbox = Sandbox::new();
    for future in ["2026-12", "2026-11-23", "2027"] {
        sandbox
            .ingest("10:00:00", &nps("Acme", "40"), &["--period", future])
            .fails_with(5)
            .mentions("future");
        assert!(!sandbox.path("test.db").exists(), "{future}");
    }
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &["--period", "2026-11"]).ok();
    let dated = |day: &str| format!("account,kpi,value,date\nAcme,NPS,41,{day}\n");
    sandbox.ingest("10:00:00", &dated("2026-11-23"), &[]).fails_with(5).mentions("2026-11-23");
    sandbox.ingest("10:00:00", &dated("2026-11-22"), &[]).ok();
}
