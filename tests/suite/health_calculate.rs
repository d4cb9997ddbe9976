//! `health calculate`: scores of a month, kept beside the ingested ones, and the snapshots that follow.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use crate::support::book::{nps, rows, today};
use crate::support::shape;
use serde_json::{Value, json};

const ALL: [&str; 4] = ["health", "calculate", "--all", "--json"];

/// The calculated rows as the view shows them: account, month, score; and the source of each.
fn rows_kept(sandbox: &Sandbox) -> Vec<(String, String, Option<f64>)> {
    let sql = sandbox.sql();
    let mut statement = sql
        .prepare(
            "SELECT account_name, month, overall_health_score FROM v_health_scores \
             WHERE health_score_source = 'calculated' AND upload_id IS NULL ORDER BY account_name, month",
        )
        .expect("the view");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("values")
}

/// The answer to `health calculate` with further words, at a time of the day of the tests.
#[track_caller]
fn calculated(sandbox: &Sandbox, time: &str, words: &[&str]) -> Value {
    let words: Vec<&str> = ALL.iter().chain(words).copied().collect();
    let answer = sandbox.at(time, &words).ok().json();
    shape::check("health_calculation", &answer);
    answer
}

/// Each account's name, outcome and score.
fn scores(answer: &Value) -> Vec<(&str, &str, Option<f64>)> {
    let item = |item| -> Option<(&str, &str, Option<f64>)> {
        let item: &Value = item;
        let score = item["overall_health_score"].as_f64();
        Some((item["account_name"].as_str()?, item["outcome"].as_str()?, score))
    };
    answer["scores"].as_array().expect("a list").iter().filter_map(item).collect()
}

#[test]
fn a_new_score_is_kept_told_and_snapshot_and_the_same_again_is_not() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "-20")]), &[]).ok();
    let first = calculated(&sandbox, "10:00:01", &[]);
    assert_eq!((&first["month"], &first["accounts"]["inserted"]), (&json!("2026-11"), &json!(2)));
    assert_eq!((&first["events_published"], &first["snapshots"]["created"]), (&json!(2), &json!(2)));
    let newest = sandbox.latest("10:00:01", "Acme");
    let said = ["snapshot_type", "trigger_event", "trigger_action", "created_by", "health_score_source"];
    assert_eq!(
        said.map(|field| &newest[field]),
        [
            &json!("post_health_calc"),
            &json!("health_calculation_completed"),
            &Value::Null,
            &json!("acctsnap"),
            &json!("calculated")
        ]
    );
    assert_eq!((&newest["dirty_since"], &newest["snapshot_sequence_number"]), (&Value::Null, &json!(2)));
    let kept: Vec<f64> = rows_kept(&sandbox).into_iter().filter_map(|(.., score)| score).collect();
    assert_eq!(kept.first().copied(), newest["overall_health_score"].as_f64());

    let (changes, snapshots) = (sandbox.count("changes"), sandbox.count("snapshots"));
    let again = calculated(&sandbox, "11:00:00", &[]);
    assert_eq!((&again["accounts"]["unchanged"], &again["events_published"]), (&json!(2), &json!(0)));
    assert_eq!((sandbox.count("changes"), sandbox.count("snapshots")), (changes, snapshots));
    sandbox.at("11:00:00", &["health", "calculate", "--all"]).ok().matches_golden("health_calculate/same");

    sandbox.ingest("11:10:00", &nps("Beta", "30"), &[]).ok();
    let third = calculated(&sandbox, "11:20:00", &[]);
    let outcomes: Vec<_> = scores(&third).iter().map(|(name, outcome, _)| (*name, *outcome)).collect();
    assert_eq!(outcomes, [("Acme", "unchanged"), ("Beta", "updated")]);
    assert_eq!(third["scores"][1]["previous_overall_health_score"].as_f64(), kept.get(1).copied());
    assert_eq!(sandbox.count("events WHERE event_type = 4"), 3);
}

#[test]
fn in_text_the_changed_accounts_are_told_and_a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "NPS", "40"), ("Beta", "NPS", "-20"), ("Gamma", "Shoe Size", "44")]);
    sandbox.ingest("10:00:00", &file, &[]).ok();
    let before = sandbox.count("changes");
    let words = ["health", "calculate", "--all"];
    let dry = sandbox.at("10:10:00", &[&words[..], &["--dry-run"]].concat());
    dry.ok().matches_golden("health_calculate/dry_run");
    assert_eq!((sandbox.count("changes"), sandbox.count("health_scores")), (before, 0));
    sandbox.at("10:10:00", &words).ok().matches_golden("health_calculate/new");
    sandbox.ingest("10:20:00", &nps("Acme", "-60"), &[]).ok();
    sandbox
        .at("10:30:00", &[&words[..2], &["-a", "Acme", "Beta"]].concat())
        .ok()
        .matches_golden("health_calculate/two");
    assert_eq!(sandbox.at("10:40:00", &[&words[..], &["--quiet"]].concat()).ok().stdout, "");
}

#[test]
fn an_account_without_a_score_has_no_row_and_is_counted() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "Shoe Size", "44"), ("Beta", "NPS", "N/A")]), &[]).ok();
    sandbox.write("profiles.csv", "account,industry\nGamma,Transport\n");
    sandbox.at("10:00:00", &["ingest", "profiles", "profiles.csv"]).ok();
    let answer = calculated(&sandbox, "10:01:00", &[]);
    let expected = [("Acme", "no_score", None), ("Beta", "no_score", None), ("Gamma", "no_kpis", None)];
    assert_eq!(scores(&answer), expected);
    assert_eq!((sandbox.count("health_scores"), sandbox.count("events WHERE event_type = 4")), (0, 0));
}

#[test]
fn what_is_calculated_never_counts_as_ingested() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    sandbox.write("health.csv", "account,month,year,overall_health_score\nAcme,11,2026,88\n");
    sandbox.at("10:10:00", &["ingest", "health", "health.csv"]).ok();
    let answer = calculated(&sandbox, "10:20:00", &[]);
    let own = answer["scores"][0]["overall_health_score"].as_f64().expect("a score");
    assert!((own - 88.0).abs() > 1.0, "{own}");
    let newest = sandbox.latest("10:20:00", "Acme");
    assert_eq!(
        (&newest["overall_health_score"], &newest["health_score_source"]),
        (&json!(88), &json!("ingested"))
    );
    assert_eq!(newest["sources"]["health"]["upload_id"], 2);
    assert_eq!(newest["snapshot_type"], "post_health_calc");
    assert_eq!(rows_kept(&sandbox), [("Acme".to_owned(), "2026-11".to_owned(), Some(own))]);
    // A row of a later month that is calculated outranks none that was ingested.
    let december = ["--at", "2026-12-05T00:00:00Z"];
    sandbox.run(ALL.iter().chain(&december)).ok();
    let later = sandbox.run(["latest", "-a", "Acme", "--json", "--at", "2026-12-05T00:00:00Z"]).ok().json();
    assert_eq!(later["overall_health_score"], 88);
}

#[test]
fn an_earlier_month_is_calculated_from_the_values_of_its_end() {
    let sandbox = Sandbox::new();
    let dated =
        "account,kpi,value,date\nAcme,NPS,50,2026-10-31\nAcme,NPS,10,2026-08-31\nAcme,NPS,30,2026-09-30\n";
    sandbox.ingest("10:00:00", dated, &[]).ok();
    let of = |month: &str, time: &str| {
        let answer = calculated(&sandbox, time, &["--month", month]);
        let score = answer["scores"][0]["overall_health_score"].as_f64();
        let told = ["events_published", "stored_as_history"].map(|field| answer[field].as_i64());
        (answer["scores"][0]["outcome"].as_str().unwrap_or_default().to_owned(), score, told)
    };
    let september = of("2026-09", "10:10:00");
    assert_eq!((september.0.as_str(), september.2), ("inserted", [Some(1), Some(0)]), "the newest so far");
    let october = of("2026-10", "10:20:00");
    assert_eq!((october.0.as_str(), october.2), ("inserted", [Some(1), Some(0)]));
    let august = of("2026-08", "10:30:00");
    assert_eq!((august.0.as_str(), august.2), ("inserted", [Some(0), Some(1)]), "history by now");
    assert!(august.1 < september.1 && september.1 < october.1, "{august:?} {september:?} {october:?}");
    let july = of("2026-07", "10:40:00");
    assert_eq!((july.0.as_str(), july.1, july.2), ("no_kpis", None, [Some(0), Some(0)]));
    let before_july = sandbox.at("10:40:00", &["health", "calculate", "--all", "--month", "2026-07"]);
    before_july.ok().matches_golden("health_calculate/before_the_first_kpi");
    let months: Vec<String> = rows_kept(&sandbox).into_iter().map(|(_, month, _)| month).collect();
    assert_eq!(months, ["2026-08", "2026-09", "2026-10"]);
    assert_eq!(sandbox.count("snapshots"), 3, "of the upload, of September, of October");

    // A correction of the past changes the row of its month and of those that it carries into.
    sandbox.ingest("10:50:00", "account,kpi,value,date\nAcme,NPS,45,2026-09-30\n", &[]).ok();
    let corrected = of("2026-09", "11:00:00");
    assert_eq!((corrected.0.as_str(), corrected.2), ("updated", [Some(0), Some(1)]));
    assert!(corrected.1 > september.1);
    assert_eq!(of("2026-10", "11:00:00").0, "unchanged");
}

/// What a month gave when it was calculated at its end, it gives afterwards, from files in another order.
#[test]
fn a_month_gives_afterwards_what_it_gave_then() {
    let months = [("2026-08", "2026-08-31"), ("2026-09", "2026-09-30"), ("2026-10", "2026-10-31")];
    let file = |value: i32, day: &str| {
        format!(
            "account,kpi,value,weight,date\nAcme,NPS,{value},0.4,{day}\nAcme,Support Satisfaction,{},0.6,{day}\nBeta,NPS,{},,{day}\n",
            70 + value / 4,
            -value
        )
    };
    let run = |sandbox: &Sandbox, words: &[&str], at: String| {
        sandbox.command(words).at(&at).run().ok();
    };
    let (then, afterwards) = (Sandbox::new(), Sandbox::new());
    let ingest = ["ingest", "kpis", "kpis.csv", "--json"];
    for (number, (_, day)) in months.iter().enumerate() {
        then.write("kpis.csv", file(10 * i32::try_from(number).unwrap_or(0) - 5, day));
        run(&then, &ingest, format!("{day}T20:00:00Z"));
        run(&then, &ALL, format!("{day}T21:00:00Z"));
    }
    for (number, (_, day)) in months.iter().enumerate().rev() {
        afterwards.write("kpis.csv", file(10 * i32::try_from(number).unwrap_or(0) - 5, day));
        run(&afterwards, &ingest, today("10:00:00"));
    }
    for (month, _) in months {
        run(&afterwards, &[&ALL[..], &["--month", month]].concat(), today("10:10:00"));
    }
    assert_eq!(rows_kept(&then), rows_kept(&afterwards));
    assert_eq!(rows_kept(&then).len(), 6);
}

#[test]
fn other_scoring_rules_are_other_scores() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let before = calculated(&sandbox, "10:10:00", &[]);
    sandbox.at("10:20:00", &["kpis", "set", "NPS", "--critical-edge", "45", "--healthy-edge", "60"]).ok();
    let after = calculated(&sandbox, "10:30:00", &[]);
    assert_eq!((&after["accounts"]["updated"], &after["snapshots"]["created"]), (&json!(1), &json!(1)));
    assert_eq!(
        after["scores"][0]["previous_overall_health_score"],
        before["scores"][0]["overall_health_score"]
    );
}

#[test]
fn settings_switch_the_events_off_and_the_rows_are_kept() {
    for config in ["[events]\nenabled = false\n", "[events]\ntypes = [\"kpi_data_uploaded\"]\n"] {
        let sandbox = Sandbox::new();
        sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
        sandbox.write("snapshots.toml", config);
        let run = sandbox.at("10:10:00", &["health", "calculate", "--all"]);
        assert!(run.ok().stdout.contains("no snapshots: the settings switch these events off"), "{config}");
        assert_eq!((sandbox.count("health_scores"), sandbox.count("snapshots")), (1, 1), "{config}");
    }
}

#[test]
fn archived_accounts_and_other_customers_are_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "50")]), &[]).ok();
    sandbox.ingest("10:00:00", &nps("Acme", "10"), &["--customer", "other"]).ok();
    sandbox.at("10:01:00", &["accounts", "archive", "Beta"]).ok();
    assert_eq!(calculated(&sandbox, "10:10:00", &[])["accounts"]["read"], 1);
    assert_eq!(sandbox.count("health_scores"), 1);
    // An archived account that is named is calculated; another customer's does not exist.
    sandbox.at("10:10:00", &["health", "calculate", "-a", "Beta"]).ok();
    sandbox.at("10:10:00", &["health", "calculate", "-a", "Beta", "--customer", "other"]).fails_with(4);
    sandbox.at("10:11:00", &["accounts", "archive", "Acme"]).ok();
    let none = sandbox.at("10:12:00", &ALL).fails_with(4).error_json();
    assert_eq!(none["code"], "unknown_account");
}

#[test]
fn a_snapshot_that_fails_leaves_the_scores_and_exits_3() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "50")]), &[]).ok();
    let trigger = "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 2 \
                   BEGIN SELECT RAISE(ABORT, 'beta is not welcome'); END";
    sandbox.sql().execute_batch(trigger).expect("a trigger");
    let run = sandbox.at("10:10:00", &ALL);
    run.fails_with(3).says("⚠️  Failed to create snapshot for account Beta").mentions("beta is not welcome");
    let snapshots = &run.json()["snapshots"];
    assert_eq!((&snapshots["created"], &snapshots["failed"]), (&json!(1), &json!(1)));
    assert_eq!(sandbox.count("health_scores"), 2);
    sandbox.sql().execute_batch("DROP TRIGGER refused").expect("the trigger");
    assert_eq!(sandbox.at("10:10:01", &["flush", "--json"]).ok().json()["created"], 1);
    assert_eq!(sandbox.latest("10:10:01", "Beta")["snapshot_type"], "post_health_calc");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = Sandbox::new();
    let missing = sandbox.at("10:00:00", &ALL).fails_with(4).error_json();
    assert_eq!((&missing["code"], sandbox.path("test.db").exists()), (&json!("no_database"), false));
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    for month in ["2026-13", "2026", "2026-Q3", "soon", "2026-09-30", "2026-01..2026-03", ""] {
        let run = sandbox.at("10:01:00", &["health", "calculate", "--all", "--month", month]);
        run.fails_with(2).mentions("expected a month such as 2026-09");
    }
    let future =
        sandbox.at("10:01:00", &[&ALL[..], &["--month", "2026-12"]].concat()).fails_with(5).error_json();
    assert_eq!(
        (&future["code"], &future["hint"]),
        (&json!("input_refused"), &json!("give a month up to 2026-11"))
    );
    sandbox.at("10:01:00", &["health", "calculate"]).fails_with(2);
    sandbox.at("10:01:00", &["health", "calculate", "--where", "health < 50"]).fails_with(2);
    sandbox.at("10:01:00", &["health", "calculate", "-a", "Nobody"]).fails_with(4);
    sandbox.at("10:01:00", &["health", "calculate", "--all", "--customer", "nobody"]).fails_with(4);
    assert_eq!(sandbox.count("health_scores"), 0);
}

#[test]
fn the_month_is_that_of_the_customers_time_zone() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", "timezone = \"Pacific/Kiritimati\"\n");
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let late = sandbox.command(ALL).at("2026-11-30T12:00:00Z").run().ok().json();
    assert_eq!(late["month"], "2026-12", "two in the morning of the 1st, on Kiritimati");
}
