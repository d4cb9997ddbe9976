//! `accounts merge`: names lead to the account that took the other in, its values win, gaps are filled, nothing of
//! before changes, and taking an upload back reaches the account that took it in.

use crate::support::book::{nps, rows};
use crate::support::chain::{check, tables};
use crate::support::{Sandbox, shape};
use serde_json::{Value, json};

/// Acme knows NPS and industry, "Acme Inc" NPS, CSAT, industry and region.
fn two() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Acme Inc", "NPS", "5")]), &["--create-similar"])
        .ok();
    sandbox.ingest("10:10:00", &rows([("Acme Inc", "CSAT", "4")]), &[]).ok();
    sandbox.write("profiles.csv", "account,industry,region\nAcme,Rail,\nAcme Inc,Road,North\n");
    sandbox.at("10:20:00", &["ingest", "profiles", "profiles.csv"]).ok();
    sandbox
}

fn merge(sandbox: &Sandbox, time: &str, from: &str, into: &str) -> Value {
    let answer = sandbox.at(time, &["accounts", "merge", from, into, "--yes", "--json"]).ok().json();
    shape::check("account_merge", &answer);
    answer
}

#[expect(clippy::expect_used, reason = "a test that cannot look into its database cannot go on")]
fn kpis(sandbox: &Sandbox, account: &str) -> Vec<String> {
    let sql = sandbox.sql();
    let mut statement = sql
        .prepare("SELECT kpi || '=' || value FROM v_kpi_current WHERE account_name = ?1 ORDER BY 1")
        .expect("a view");
    let found = statement.query_map([account], |row| row.get::<_, String>(0)).expect("rows");
    let named = |text: String| {
        text.replace("Net Promoter Score (NPS)", "NPS").replace("Customer Satisfaction (CSAT)", "CSAT")
    };
    let mut found: Vec<String> = found.map(|text| named(text.expect("a text"))).collect();
    found.sort();
    found
}

fn sound(sandbox: &Sandbox) {
    let total = tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum::<u64>();
    assert_eq!(check(&sandbox.sql()), (vec![], total));
    let verified = sandbox.at("23:00:00", &["verify", "--json"]).json();
    assert_eq!(verified["findings"], json!([]), "{verified:#}");
}

#[test]
fn its_values_win_and_the_others_fill_the_gaps() {
    let sandbox = two();
    let answer = merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    assert_eq!(answer["parts_filled"], json!(["kpis", "profile"]));
    assert_eq!(answer["kpis_filled"], json!(1));
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=4.0", "NPS=40.0"]);
    let latest = sandbox.latest("11:01:00", "Acme Inc");
    assert_eq!(latest["account_name"], json!("Acme"));
    assert_eq!((&latest["industry"], &latest["region"]), (&json!("Rail"), &json!("North")));
    assert_eq!(latest["trigger_action"], json!("account_merged"));
    sound(&sandbox);
    let before =
        sandbox.at("11:02:00", &["latest", "-a", "Acme Inc", "--as-of", "2026-11-22T10:30:00Z", "--json"]);
    assert_eq!(before.ok().json()["account_name"], json!("Acme Inc"));
}

#[test]
fn files_that_name_the_merged_account_reach_the_other() {
    let sandbox = two();
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    sandbox.ingest("11:30:00", &rows([("acme inc", "NPS", "50")]), &[]).ok();
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=4.0", "NPS=50.0"]);
    assert_eq!(kpis(&sandbox, "Acme Inc"), ["CSAT=4.0", "NPS=5.0"]);
    sound(&sandbox);
}

#[test]
fn an_upload_of_the_merged_account_is_taken_back_where_it_fills_gaps() {
    let sandbox = two();
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    sandbox.at("11:30:00", &["uploads", "undo", "2", "--yes"]).ok();
    assert_eq!(kpis(&sandbox, "Acme"), ["NPS=40.0"]);
    sandbox.at("11:40:00", &["uploads", "undo", "3", "--yes"]).ok();
    let latest = sandbox.latest("11:41:00", "Acme");
    assert_eq!((&latest["industry"], &latest["region"]), (&Value::Null, &Value::Null));
    sound(&sandbox);
    sandbox.at("11:50:00", &["uploads", "redo", "2", "--yes"]).ok();
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=4.0", "NPS=40.0"]);
    sound(&sandbox);
}

#[test]
fn an_older_value_that_its_file_names_beside_the_known_one_does_not_take_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("accounts.csv", "account\nAcme\nBolt\n");
    sandbox.at("10:00:00", &["ingest", "profiles", "accounts.csv"]).ok();
    sandbox.ingest("10:10:00", "account,kpi,date,value\nAcme,NPS,,1\n", &[]).ok();
    sandbox.ingest("10:20:00", "account,kpi,date,value\nAcme,NPS,,1\nAcme,NPS,2026-11-20,2\n", &[]).ok();
    merge(&sandbox, "11:00:00", "Acme", "Bolt");
    assert_eq!(kpis(&sandbox, "Bolt"), ["NPS=1.0"]);
    sound(&sandbox);
}

#[test]
fn a_chain_leads_to_its_end_and_circles_are_refused() {
    let sandbox = two();
    sandbox.ingest("10:40:00", &rows([("Beta", "Usage", "7")]), &[]).ok();
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    assert_eq!(merge(&sandbox, "11:01:00", "Acme Inc", "Acme")["changed"], json!(false));
    sandbox.at("11:02:00", &["accounts", "merge", "Acme", "Acme Inc", "--yes"]).fails_with(5);
    sandbox.at("11:02:00", &["accounts", "merge", "Acme", "Acme", "--yes"]).fails_with(5);
    sandbox.at("11:02:00", &["accounts", "merge", "Acme", "Beta"]).fails_with(2);
    sandbox.at("11:02:00", &["accounts", "merge", "Nobody", "Beta", "--yes"]).fails_with(4);
    merge(&sandbox, "11:03:00", "Acme", "Beta");
    assert_eq!(sandbox.latest("11:10:00", "Acme Inc")["account_name"], json!("Beta"));
    assert_eq!(kpis(&sandbox, "Beta"), ["CSAT=4.0", "NPS=40.0", "Usage=7.0"]);
    sandbox.at("11:30:00", &["uploads", "undo", "2", "--yes"]).ok();
    assert_eq!(kpis(&sandbox, "Beta"), ["NPS=40.0", "Usage=7.0"]);
    sound(&sandbox);
}

fn dated(sandbox: &Sandbox, at: &str, kind: &str, csv: &str, flags: &[&str]) -> Value {
    sandbox.write("dated.csv", csv);
    let words = ["ingest", kind, "dated.csv", "--json"];
    sandbox.command(words.iter().chain(flags)).at(at).run().ok().json()
}

#[test]
fn taking_back_what_won_lets_the_other_one_fill_the_gap_and_redo_has_it_win_again() {
    let sandbox = two();
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    sandbox.at("11:10:00", &["uploads", "undo", "1", "--yes"]).ok();
    // Upload 1 named both: nothing is left of NPS, nor of who made the accounts.
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=4.0"]);
    sandbox.at("11:20:00", &["uploads", "redo", "1", "--yes"]).ok();
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=4.0", "NPS=40.0"]);
    sandbox.ingest("11:30:00", &rows([("Beta", "NPS", "9")]), &[]).ok();
    sandbox.ingest("11:31:00", &rows([("Gamma", "NPS", "3"), ("Gamma", "CSAT", "2")]), &[]).ok();
    merge(&sandbox, "11:40:00", "Gamma", "Beta");
    assert_eq!(kpis(&sandbox, "Beta"), ["CSAT=2.0", "NPS=9.0"]);
    for [undone, again] in [["11:50:00", "11:51:00"], ["11:52:00", "11:53:00"]] {
        sandbox.at(undone, &["uploads", "undo", "4", "--yes"]).ok();
        assert_eq!(kpis(&sandbox, "Beta"), ["CSAT=2.0", "NPS=3.0"]);
        sandbox.at(again, &["uploads", "redo", "4", "--yes"]).ok();
        assert_eq!(kpis(&sandbox, "Beta"), ["CSAT=2.0", "NPS=9.0"]);
    }
    let history = sandbox.at("11:55:00", &["history", "-a", "Beta", "--kpi", "NPS", "--json"]).ok().json();
    let said: Vec<&Value> =
        history["kpi_history"].as_array().into_iter().flatten().map(|said| &said["value"]).collect();
    assert_eq!(said, [&json!(9)], "{history:#}");
    let in_view = "SELECT count(*) FROM v_kpi_history WHERE account_name = 'Beta'";
    assert_eq!(sandbox.sql().query_row(in_view, [], |row| row.get::<_, i64>(0)), Ok(2));
    sandbox.at("11:55:00", &["export", "kpis", "all.csv"]).ok();
    let exported = sandbox.read("all.csv");
    assert_eq!(exported.lines().filter(|line| line.contains(",Beta,")).count(), 2, "{exported}");
    sound(&sandbox);
}

#[test]
fn snapshots_of_the_one_account_are_retracted_with_the_upload_of_the_other() {
    let sandbox = two();
    // Of a later upload than the one that is taken back, but of before the merge.
    sandbox.ingest("10:40:00", &nps("Acme", "41"), &[]).ok();
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    let taken = sandbox.latest("11:01:00", "Acme")["snapshot_id"].clone();
    let before = sandbox.at("11:01:00", &["snapshot", "list", "-a", "Acme", "--json"]).ok().json();
    let answer = sandbox.at("11:10:00", &["uploads", "undo", "2", "--yes", "--json"]).ok().json();
    assert_eq!(answer["accounts"]["changed"], 2, "{answer:#}");
    let shown = |id: &Value| {
        sandbox.at("11:11:00", &["snapshot", "show", &id.to_string(), "--json"]).ok().json()["retracted"]["upload_id"]
            .clone()
    };
    assert_eq!(shown(&taken), json!(2));
    let earlier = before["items"].as_array().into_iter().flatten().map(|item| &item["snapshot_id"]);
    assert_eq!(earlier.clone().count(), 4);
    assert!(earlier.filter(|id| **id != taken).all(|id| shown(id).is_null()));
}

#[test]
fn it_shows_its_plan_wants_a_yes_and_a_dry_run_writes_nothing() {
    let sandbox = two();
    let words = ["accounts", "merge", "Acme Inc", "Acme"];
    let changes = sandbox.count("changes");
    sandbox
        .at("11:00:00", &words)
        .fails_with(2)
        .says("hint: look at what it would do with --dry-run, then give accounts merge --yes");
    sandbox
        .at("11:00:00", &[&words[..], &["--dry-run"]].concat())
        .ok()
        .tells("'Acme Inc' (id:2) would be merged into 'Acme' (id:1)")
        .tells("it fills gaps of: kpis, profile (1 KPI)")
        .tells("1 snapshot would be taken");
    let dry = sandbox.at("11:00:00", &[&words[..], &["--dry-run", "--json"]].concat()).ok().json();
    shape::check("account_merge", &dry);
    assert_eq!((&dry["changed"], &dry["dry_run"]), (&json!(true), &json!(true)));
    assert_eq!(sandbox.count("changes"), changes);
    let done = merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    assert_eq!((&done["merged_account_id"], &done["account_id"]), (&json!(2), &json!(1)));
    assert_eq!((&done["snapshots_created"], &done["dry_run"]), (&json!(1), &json!(false)));
    let changes = sandbox.count("changes");
    sandbox.at("11:01:00", &words).ok().tells("was merged into 'Acme' (id:1) already: nothing was changed");
    assert_eq!(sandbox.count("changes"), changes);
}

#[test]
fn whom_it_cannot_mean_it_does_not_find() {
    let sandbox = two();
    sandbox.ingest("10:30:00", &rows([("South Co", "NPS", "1")]), &["--customer", "south"]).ok();
    let run = |words: &[&str]| sandbox.at("11:00:00", &[&["accounts", "merge"], words, &["--yes"]].concat());
    for (words, code) in [
        (vec![], 2),
        (vec!["Acme"], 2),
        (vec!["Acme", "South Co"], 4),
        (vec!["South Co", "Acme"], 4),
        (vec!["id:3", "Acme"], 4),
        (vec!["Acme Inc", "id:3"], 4),
        (vec!["", "Acme"], 4),
        (vec!["Acme", "--customer", "south", "Acme Inc"], 4),
        (vec!["Acme Inc", "Acme", "--customer", "nobody"], 4),
        (vec!["id:1", "name:acme"], 5),
    ] {
        let outcome = run(&words);
        assert_eq!(outcome.code(), Some(code), "{}", outcome.transcript());
        assert!(
            !format!("{}{}", outcome.stdout, outcome.stderr).contains("id:3 '"),
            "{}",
            outcome.transcript()
        );
    }
    assert_eq!(sandbox.count("account_merges"), 0);
    merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    sandbox.ingest("11:10:00", &rows([("Beta", "NPS", "1")]), &[]).ok();
    let again = sandbox.at("11:15:00", &["accounts", "merge", "Acme Inc", "Beta", "--yes"]);
    again.fails_with(5).mentions("id:2 was merged into 'Acme' (id:1) before");
    sandbox.at("11:20:00", &["--customer", "south", "latest", "-a", "Acme Inc"]).fails_with(4);
}

#[test]
fn names_ids_and_numbers_lead_to_the_other_and_its_own_history_stays() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let with_id = "account,external id,kpi,value\nAcme Global,X-2,NPS,5\n";
    sandbox.ingest("10:01:00", with_id, &["--create-similar"]).ok();
    sandbox.at("10:10:00", &["accounts", "alias", "Acme Global", "The Globals"]).ok();
    let old = sandbox.latest("10:20:00", "Acme Global");
    let answer = merge(&sandbox, "11:00:00", "ext:X-2", "Acme");
    assert_eq!(answer["external_account_id"], "X-2");
    assert_eq!(merge(&sandbox, "11:00:30", "X-2", "Acme")["changed"], false);
    for name in ["acme global", "The Globals", "X-2", "ext:X-2", "name:Acme Global", "2", "1", "Acme"] {
        assert_eq!(sandbox.latest("11:01:00", name)["account_id"], 1, "{name}");
    }
    // The account itself, and what was kept of it.
    let own = sandbox.latest("11:01:00", "id:2");
    assert_eq!((&own["account_name"], &own["snapshot_id"]), (&json!("Acme Global"), &old["snapshot_id"]));
    let shown = sandbox.at("11:01:00", &["snapshot", "show", &old["snapshot_id"].to_string(), "--json"]);
    assert_eq!(shown.ok().json()["content_hash"], old["content_hash"]);
    let list = sandbox.at("11:01:00", &["snapshot", "list", "-a", "id:2", "--json"]).ok().json();
    assert_eq!(list["count"], 1);
    let account = sandbox.at("11:01:00", &["accounts", "show", "id:2", "--json"]).ok().json();
    assert_eq!((&account["merged_into"], &account["archived"]), (&json!(1), &json!(true)));
    let account = sandbox.at("11:01:00", &["accounts", "show", "Acme", "--json"]).ok().json();
    assert_eq!((&account["merged_from"], &account["merged_into"]), (&json!([2]), &Value::Null));
    sandbox.at("11:01:00", &["accounts", "show", "id:2"]).ok().tells("id:1, which answers for it");
    sandbox.at("11:01:00", &["accounts", "show", "Acme"]).ok().tells("Answers for");
    sandbox.at("11:01:00", &["accounts", "list", "--archived"]).ok().tells("Acme Global (merged into 1)");
    sandbox.at("11:01:00", &["accounts", "list"]).ok().keeps_silent_of("Global");
    // A file with the id of the one and the name of the other speaks of one account.
    let told = sandbox.ingested(
        "11:10:00",
        "account,external id,kpi,value\nAcme,X-2,CSAT,3\nThe Globals,,NPS,1\n",
        &[],
    );
    assert_eq!((&told["accounts"]["touched"], &told["accounts"]["created"]), (&json!(1), &json!(0)));
    assert_eq!(kpis(&sandbox, "Acme"), ["CSAT=3.0", "NPS=1.0"]);
    let then = ["latest", "-a", "X-2", "--as-of", "2026-11-22T10:30:00Z", "--json"];
    assert_eq!(sandbox.at("11:20:00", &then).ok().json()["content_hash"], old["content_hash"]);
    sound(&sandbox);
}

#[test]
fn hostile_names_are_names() {
    let sandbox = Sandbox::new();
    let names = ["=cmd|' /C calc'!A0", "Robert'); DROP TABLE accounts;--", "\u{202e}evil", "two  lines"];
    for name in names {
        let csv = format!("account,kpi,value\n\"{name}\",CSAT,4\nPlain,NPS,1\n");
        sandbox.ingest("10:00:00", &csv, &["--force", "--create-similar"]).ok();
    }
    for (minute, name) in names.iter().enumerate() {
        let time = format!("11:{minute:02}:00");
        let text = sandbox.at(&time, &["accounts", "merge", &format!("name:{name}"), "Plain", "--yes"]);
        assert!(!text.ok().stdout.contains('\u{202e}'), "{}", text.transcript());
        assert_eq!(sandbox.latest(&time, name)["account_name"], "Plain", "{name}");
    }
    assert_eq!(sandbox.count("account_merges"), 4);
    sound(&sandbox);
}

#[test]
fn months_executions_and_notes_fill_gaps_and_its_own_win() {
    let sandbox = two();
    sandbox
        .write("h.csv", "account,period,score\nAcme,2026-09,70\nAcme Inc,2026-09,10\nAcme Inc,2026-10,20\n");
    sandbox.write(
        "p.csv",
        "account,execution id,playbook,status\nAcme Inc,e1,voc,completed\nAcme,e2,voc,in-progress\n",
    );
    sandbox.write("n.csv", "account,note id,title,content\nAcme Inc,n1,Call,theirs\nAcme,n2,Call,ours\n");
    for (minute, (kind, file)) in
        [("health", "h.csv"), ("playbooks", "p.csv"), ("notes", "n.csv")].iter().enumerate()
    {
        sandbox.at(&format!("10:3{minute}:00"), &["ingest", kind, file]).ok();
    }
    let answer = merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
    assert_eq!(answer["parts_filled"], json!(["kpis", "profile", "health", "playbooks", "notes"]));
    let latest = sandbox.latest("11:01:00", "Acme");
    assert_eq!(latest["overall_health_score"], 20);
    assert_eq!(
        (&latest["playbooks_completed_count"], &latest["playbooks_running_count"]),
        (&json!(1), &json!(1)),
        "{latest:#}"
    );
    let notes = sandbox.at("11:01:00", &["notes", "list", "-a", "Acme Inc", "--json"]).ok().json();
    assert_eq!(notes["count"], 2, "{notes:#}");
    let months = "SELECT month || '=' || overall_health_score FROM v_health_scores WHERE account_name = 'Acme' ORDER BY 1";
    let sql = sandbox.sql();
    let mut statement = sql.prepare(months).unwrap();
    let found: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(found, ["2026-09=70.0", "2026-10=20.0"]);
    sound(&sandbox);
}

#[test]
fn without_a_gap_there_is_no_event_and_a_cooldown_holds_as_for_any_other() {
    let sandbox = Sandbox::new();
    sandbox
        .ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "5"), ("Gamma", "CSAT", "4")]), &[])
        .ok();
    let events = sandbox.count("events");
    let answer = merge(&sandbox, "10:01:00", "Beta", "Acme");
    assert_eq!((&answer["parts_filled"], &answer["snapshots_created"]), (&json!([]), &json!(0)));
    assert_eq!(sandbox.count("events"), events);
    let answer = merge(&sandbox, "10:02:00", "Gamma", "Acme");
    assert_eq!((&answer["kpis_filled"], &answer["snapshots_created"]), (&json!(1), &json!(0)));
    assert_eq!(sandbox.count("events"), events + 1);
    assert_eq!(sandbox.outcomes("default").last(), Some(&"skipped"));
    sandbox.at("10:05:00", &["flush"]).ok();
    let latest = sandbox.latest("10:06:00", "Gamma");
    assert_eq!((&latest["total_kpis"], &latest["trigger_action"]), (&json!(2), &json!("account_merged")));
    sound(&sandbox);
}

#[test]
fn older_anchors_retention_and_erasures_of_either_leave_it_sound() {
    for (erased, left) in [("id:2", "Acme"), ("Acme", "Acme Inc")] {
        let sandbox = two();
        sandbox.at("10:50:00", &["verify", "--write-anchor", "heads.jsonl"]).ok();
        merge(&sandbox, "11:00:00", "Acme Inc", "Acme");
        let anchored = |time: &str| {
            sandbox.at(time, &["verify", "--anchor", "heads.jsonl"]).ok();
            sound(&sandbox);
        };
        anchored("11:01:00");
        sandbox.write("short.toml", "[retention.default]\nkeep_all = \"1m\"\nmin = 1\n");
        sandbox.at("11:10:00", &["retention", "apply", "--yes", "--config", "short.toml"]).ok();
        sandbox.at("11:11:00", &["retention", "purge", "--yes"]).ok();
        anchored("11:12:00");
        sandbox.at("11:20:00", &["erase", "-a", erased, "--yes"]).ok();
        anchored("11:21:00");
        assert_eq!(sandbox.latest("11:22:00", left)["account_name"], left);
        // A name of one that was erased is free, or leads to the other one as before.
        sandbox.ingest("11:30:00", &rows([("Acme Inc", "NPS", "7")]), &["--create-similar"]).ok();
        anchored("11:31:00");
        for (upload, [undone, again]) in [("2", ["11:40:00", "11:41:00"]), ("1", ["11:42:00", "11:43:00"])] {
            sandbox.at(undone, &["uploads", "undo", upload, "--yes"]).ok();
            anchored(undone);
            sandbox.at(again, &["uploads", "redo", upload, "--yes"]).ok();
            anchored(again);
        }
    }
}

/// What was said of past days is found behind rows that a merge or a taking back wrote in the name of older uploads.
#[test]
fn a_past_day_is_known_behind_what_was_folded_since() {
    let sandbox = Sandbox::new();
    dated(
        &sandbox,
        "2026-09-01T10:00:00Z",
        "kpis",
        "account,kpi,value\nBeta,CSAT,4\nBeta,Churn Rate,2\n",
        &[],
    );
    let past = "account,kpi,value,date\nAcme,NPS,40,2026-10-15\n";
    dated(&sandbox, "2026-10-20T10:00:00Z", "kpis", past, &[]);
    merge(&sandbox, "11:00:00", "Beta", "Acme");
    let again = dated(&sandbox, "2026-11-22T12:00:00Z", "kpis", past, &["--force"]);
    assert_eq!((&again["rows"]["unchanged"], &again["rows"]["updated"]), (&json!(1), &json!(0)), "{again:#}");
    sandbox.at("12:10:00", &["uploads", "undo", "1", "--yes"]).ok();
    let again = dated(&sandbox, "2026-11-22T12:20:00Z", "kpis", past, &["--force"]);
    assert_eq!((&again["rows"]["unchanged"], &again["rows"]["updated"]), (&json!(1), &json!(0)), "{again:#}");
    sound(&sandbox);
}
