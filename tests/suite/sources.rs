//! Every source of an account's state, through one pipeline: events, cooldown, snapshots, recognition.

use crate::support::Sandbox;
use crate::support::book::nps;
use acctsnap::model::decision::Outcome::{Covered, Created, Deferred, Skipped};
use serde_json::{Value, json};

const HEALTH: &str = "account,month,year,health_score,support_score\nAcme,10,2026,71.5,60\n";
const PROFILE: &str = "account,industry,arr,renewal date\nAcme,Logistics,\"120,000.50\",2027-03-31\n";

fn ingest(sandbox: &Sandbox, time: &str, kind: &str, file: &str, text: &str, more: &[&str]) -> Value {
    sandbox.write(file, text);
    let words = [&["ingest", kind, file, "--json"], more].concat();
    sandbox.at(time, &words).ok().json()
}

fn field<'v>(latest: &'v Value, name: &str) -> &'v Value {
    &latest[name]
}

#[test]
fn a_change_of_another_source_waits_for_the_same_cooldown_and_is_covered_by_the_next() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    sandbox.write("health.csv", HEALTH);
    let health = sandbox.at("10:02:00", &["ingest", "health", "health.csv"]);
    health.ok().says("Skipping snapshot for account 1 (cooldown: 180s remaining)");
    let waiting = sandbox.latest("10:03:00", "Acme");
    assert_eq!(waiting["dirty_since"], "2026-11-22T10:02:00.000Z");

    sandbox.write("profile.csv", PROFILE);
    let profile = sandbox.at("10:06:00", &["ingest", "profiles", "profile.csv"]);
    profile.ok().says("✅ Auto-created snapshot 2 for account Acme (trigger: account_data_changed)");
    let newest = sandbox.latest("10:06:00", "Acme");
    assert_eq!(newest["snapshot_sequence_number"], 2);
    assert_eq!(newest["trigger_action"], "profile_uploaded");
    assert_eq!(newest["dirty_since"], Value::Null);
    assert_eq!(
        (field(&newest, "overall_health_score"), field(&newest, "support_score")),
        (&json!(71.5), &json!(60))
    );
    assert_eq!(
        (field(&newest, "health_score_source"), field(&newest, "industry")),
        (&json!("ingested"), &json!("Logistics"))
    );
    assert_eq!((field(&newest, "revenue"), field(&newest, "currency")), (&json!(120_000.5), &json!("USD")));
    assert_eq!(field(&newest, "revenue_basis"), "arr");
    assert_eq!(field(&newest, "days_to_renewal"), 129);

    let events = sandbox.events("default");
    let decided: Vec<_> = events.iter().map(|event| (event.first_outcome, event.outcome)).collect();
    assert_eq!(decided, [(Created, Created), (Skipped, Covered), (Created, Created)]);
}

#[test]
fn without_a_later_upload_a_flush_makes_what_a_health_update_is_owed() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    ingest(&sandbox, "10:02:00", "health", "health.csv", HEALTH, &[]);
    let flush = sandbox.at("10:05:00", &["flush", "--verbose"]);
    flush.ok().says("✅ Auto-created snapshot 2 for account Acme (trigger: health_scores_updated)");
    assert_eq!(sandbox.latest("10:05:00", "Acme")["overall_health_score"], 71.5);
}

#[test]
fn a_nightly_batch_takes_one_snapshot_an_account_that_holds_everything() {
    let sandbox = Sandbox::new();
    let kpis = "account,kpi,value\nAcme,NPS,40\nBeta,NPS,10\n";
    let profiles = "account,industry,csm\nAcme,Logistics,Ana\nBeta,Retail,Bo\n";
    let health = "account,period,score\nAcme,2026-10,71\nBeta,2026-10,42\n";
    let playbooks = r#"[{"id": "e1", "playbookId": "voc-sprint", "accountId": "Acme", "status": "completed",
        "startedAt": "2026-11-01T08:00:00Z", "completedAt": "2026-11-20T08:00:00Z"},
        {"id": "e2", "playbookId": "sla-stabilizer", "accountId": "Beta", "status": "in-progress",
        "startedAt": "2026-11-19T08:00:00Z"}]"#;
    let night = |time: [&str; 5]| {
        let defer = &["--defer"];
        let mut answers = vec![ingest(&sandbox, time[0], "kpis", "kpis.csv", kpis, defer)];
        answers.push(ingest(&sandbox, time[1], "profiles", "profiles.csv", profiles, defer));
        answers.push(ingest(&sandbox, time[2], "health", "health.csv", health, defer));
        answers.push(ingest(&sandbox, time[3], "playbooks", "playbooks.json", playbooks, defer));
        (answers, sandbox.at(time[4], &["flush", "--now", "--json"]).ok().json())
    };
    let (answers, flush) = night(["02:00:00", "02:00:01", "02:00:02", "02:00:03", "02:00:04"]);
    assert!(answers.iter().all(|answer| answer["snapshots"]["created"] == 0), "{answers:?}");
    assert_eq!(flush["created"], 2);
    assert_eq!(sandbox.count("snapshots"), 2);
    let acme = sandbox.latest("02:00:04", "Acme");
    assert_eq!((&acme["total_kpis"], &acme["assigned_csm"]), (&json!(1), &json!("Ana")));
    assert_eq!((&acme["overall_health_score"], &acme["playbooks_completed_count"]), (&json!(71), &json!(1)));
    assert_eq!(acme["playbooks_completed_last_30_days"], 1);
    let beta = sandbox.latest("02:00:04", "Beta");
    assert_eq!(
        (&beta["playbooks_running"], &beta["playbooks_completed_count"]),
        (&json!(["sla-stabilizer"]), &json!(0))
    );
    assert_eq!(beta["last_playbook_executed"]["execution_id"], "e2");
    for part in ["kpis", "profile", "health", "playbooks"] {
        assert!(acme["sources"][part]["upload_id"].is_i64(), "{part}: {}", acme["sources"]);
    }
    let events = sandbox.events("default");
    assert!(events.iter().all(|event| event.first_outcome == Deferred));

    let (answers, flush) = night(["03:00:00", "03:00:01", "03:00:02", "03:00:03", "03:00:04"]);
    assert!(answers.iter().all(|answer| answer["status"] == "unchanged_file"), "{answers:?}");
    assert_eq!((&flush["created"], sandbox.count("snapshots")), (&json!(0), 2));
    assert_eq!(sandbox.events("default").len(), events.len());
}

fn completed(ids: &[&str]) -> String {
    let run = |id: &&str| {
        json!({"id": id, "playbookId": "voc-sprint", "accountId": "Acme", "status": "completed",
            "startedAt": "2026-11-01T08:00:00Z", "completedAt": "2026-11-20T08:00:00Z"})
    };
    Value::from(ids.iter().map(run).collect::<Vec<_>>()).to_string()
}

#[test]
fn executions_completed_together_share_one_snapshot_and_complete_once() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &nps("Acme", "40"), &[]).ok();
    let three = ingest(&sandbox, "10:00:00", "playbooks", "three.json", &completed(&["a", "b", "c"]), &[]);
    assert_eq!((&three["events"]["published"], &three["snapshots"]["created"]), (&json!(3), &json!(1)));
    let outcomes: Vec<_> = sandbox.events("default").iter().skip(1).map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Covered, Covered, Created]);
    assert_eq!(sandbox.latest("10:00:00", "Acme")["trigger_action"], "playbook_execution_completed");

    let again = ingest(&sandbox, "11:00:00", "playbooks", "three.json", &completed(&["a", "b", "c"]), &[]);
    assert_eq!(again["status"], "unchanged_file");
    let other = ingest(&sandbox, "12:00:00", "playbooks", "other.json", &completed(&["b"]), &[]);
    assert_eq!((&other["status"], &other["rows"]["unchanged"]), (&json!("ingested"), &json!(1)));
    assert_eq!((&other["events"]["published"], &other["snapshots"]["created"]), (&json!(0), &json!(0)));
    assert_eq!(sandbox.latest("12:00:00", "Acme")["dirty_since"], Value::Null);
}

#[test]
fn states_come_in_order_and_what_did_not_succeed_is_no_success() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &nps("Acme", "40"), &[]).ok();
    let csv = "account,execution id,playbook,status\nAcme,x1,voc,Completed\nAcme,x2,voc,Cancelled\n\
               Acme,x3,voc,Failed\nAcme,x4,voc,truncated\nAcme,x5,voc,running\n";
    let first = ingest(&sandbox, "10:00:00", "playbooks", "runs.csv", csv, &[]);
    assert_eq!(first["events"]["published"], 1);
    let latest = sandbox.latest("10:00:00", "Acme");
    assert_eq!(
        (&latest["playbooks_completed_count"], &latest["playbooks_running_count"]),
        (&json!(1), &json!(1))
    );

    let back = "account,execution id,playbook,status\nAcme,x1,voc,in progress\nAcme,x5,voc,done\n";
    let second = ingest(&sandbox, "11:00:00", "playbooks", "later.csv", back, &[]);
    assert_eq!((&second["rows"]["unchanged"], &second["rows"]["updated"]), (&json!(1), &json!(1)));
    assert_eq!(second["events"]["published"], 1);
    assert_eq!(sandbox.latest("11:00:00", "Acme")["playbooks_completed_count"], 2);
}

fn five_hundred() -> (String, String) {
    let accounts: String = (1..=499).map(|n| format!("Account {n},NPS,10\n")).collect();
    let mut rows: Vec<String> = (1..=500).map(|n| format!("Account {n},10,2026,{}\n", n % 101)).collect();
    rows[99] = "Account 100,13,2026,50\n".to_owned();
    rows[199] = "Account 200,10,2026,140\n".to_owned();
    rows[299] = "Account 300,10,2026,-3\n".to_owned();
    (format!("account,kpi,value\n{accounts}"), format!("account,month,year,health_score\n{}", rows.concat()))
}

#[test]
fn a_portfolios_bad_rows_are_each_told_and_the_others_can_be_taken() {
    let sandbox = Sandbox::new();
    let (accounts, health) = five_hundred();
    ingest(&sandbox, "09:00:00", "kpis", "kpis.csv", &accounts, &[]);
    sandbox.write("health.csv", &health);
    let before = sandbox.count("changes");
    let refused = sandbox.at("10:00:00", &["ingest", "health", "health.csv"]);
    refused.fails_with(5);
    for place in [
        "line 101, month",
        "line 201, health_score",
        "line 301, health_score",
        "line 501: expected a known account",
    ] {
        refused.mentions(place);
    }
    assert_eq!(sandbox.count("changes"), before);
    let words = ["ingest", "health", "health.csv", "--on-error", "skip", "--rejects", "bad.csv", "--json"];
    let skipped = sandbox.at("10:01:00", &words);
    let answer = skipped.fails_with(3).json();
    assert_eq!((&answer["events"]["published"], &answer["rows"]["rejected"]), (&json!(496), &json!(4)));
    assert_eq!((&answer["rows"]["inserted"], &answer["snapshots"]["created"]), (&json!(496), &json!(496)));
    assert_eq!(sandbox.read("bad.csv").lines().count(), 5);
}

#[test]
fn the_newest_source_of_a_score_counts_and_a_row_is_taken_whole() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &nps("Acme", "40"), &[]).ok();
    let calculated = sandbox.latest("09:00:00", "Acme");
    assert_eq!(calculated["health_score_source"], "calculated");
    ingest(&sandbox, "10:00:00", "health", "october.csv", HEALTH, &[]);
    let ingested = sandbox.latest("10:00:00", "Acme");
    assert_eq!(
        (&ingested["health_score_source"], &ingested["customer_sentiment_score"]),
        (&json!("ingested"), &Value::Null)
    );
    let older = "account,period,score\nAcme,2026-08,12\n";
    ingest(&sandbox, "11:00:00", "health", "august.csv", older, &[]);
    assert_eq!(sandbox.latest("11:00:00", "Acme")["overall_health_score"], 71.5);
    sandbox.ingest("12:00:00", &nps("Acme", "41"), &[]).ok();
    let after = sandbox.latest("12:00:00", "Acme");
    assert_eq!(after["health_score_source"], "calculated");
    assert_eq!(after["sources"]["health"]["file"], "august.csv");
}

#[test]
fn a_setting_prefers_one_source() {
    for (prefer, expected) in [("ingested", json!(71.5)), ("calculated", json!(null))] {
        let sandbox = Sandbox::new();
        sandbox.write("snapshots.toml", format!("[health]\nprefer = \"{prefer}\"\n"));
        ingest(&sandbox, "09:00:00", "profiles", "profile.csv", PROFILE, &[]);
        ingest(&sandbox, "10:00:00", "health", "october.csv", HEALTH, &[]);
        sandbox.ingest("11:00:00", &nps("Acme", "41"), &[]).ok();
        let latest = sandbox.latest("11:00:00", "Acme");
        if expected.is_null() {
            assert_eq!(latest["health_score_source"], "calculated");
        } else {
            assert_eq!(latest["overall_health_score"], expected);
        }
    }
}

#[test]
fn notes_make_no_event_and_stand_in_the_next_snapshot() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &nps("Acme", "40"), &[]).ok();
    let notes: String = (1..=7).map(|n| format!("Acme,n{n},2026-11-{n:02},Call {n},said {n}\n")).collect();
    let notes = format!("account,note id,date,title,content\n{notes}");
    let answer = ingest(&sandbox, "10:00:00", "notes", "notes.csv", &notes, &[]);
    assert_eq!((&answer["events"]["published"], &answer["rows"]["inserted"]), (&json!(0), &json!(7)));
    let waiting = sandbox.latest("10:01:00", "Acme");
    assert_eq!(
        (&waiting["dirty_since"], &waiting["recent_csm_note_ids"]),
        (&json!("2026-11-22T10:00:00.000Z"), &Value::Null)
    );
    sandbox.at("10:02:00", &["snapshot", "create", "-a", "Acme"]).ok();
    let latest = sandbox.latest("10:02:00", "Acme");
    assert_eq!(latest["recent_csm_note_ids"], json!(["n7", "n6", "n5", "n4", "n3"]));
    assert_eq!(latest["sources"]["notes"]["observed_at"], "2026-11-07");
}

#[test]
fn blank_cells_change_nothing_and_a_token_empties() {
    let sandbox = Sandbox::new();
    ingest(&sandbox, "09:00:00", "profiles", "one.csv", PROFILE, &[]);
    let blank = "account,industry,arr,csm\nAcme,,,Ana\n";
    let second = ingest(&sandbox, "10:00:00", "profiles", "two.csv", blank, &[]);
    assert_eq!((&second["rows"]["updated"], &second["files"][0]["blanks"]), (&json!(1), &json!(2)));
    let latest = sandbox.latest("10:00:00", "Acme");
    assert_eq!((&latest["industry"], &latest["assigned_csm"]), (&json!("Logistics"), &json!("Ana")));
    assert_eq!(latest["revenue"], 120_000.5);
    let cleared = "account,industry,arr\nAcme,(none),(none)\n";
    ingest(&sandbox, "11:00:00", "profiles", "three.csv", cleared, &["--clear-token", "(none)"]);
    let latest = sandbox.latest("11:00:00", "Acme");
    assert_eq!(
        (&latest["industry"], &latest["revenue"], &latest["currency"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(latest["assigned_csm"], "Ana");
}

#[test]
fn a_revenue_beside_arr_asks_what_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("both.csv", "account,revenue,arr\nAcme,5,7\n");
    let refused = sandbox.at("09:00:00", &["ingest", "profiles", "both.csv"]);
    refused.fails_with(5).mentions("--map");
    let mapped = ["ingest", "profiles", "both.csv", "--map", "revenue=", "--json"];
    sandbox.at("09:00:00", &mapped).ok();
    assert_eq!(sandbox.latest("09:01:00", "Acme")["revenue"], 7);
}

#[test]
fn revenue_changes_are_of_one_currency() {
    let sandbox = Sandbox::new();
    let profile = |arr: &str| format!("account,arr,currency\nAcme,{arr}\n");
    ingest(&sandbox, "09:00:00", "profiles", "p.csv", &profile("1000,EUR"), &[]);
    ingest(&sandbox, "10:00:00", "profiles", "p.csv", &profile("1125.5,EUR"), &[]);
    let latest = sandbox.latest("10:00:00", "Acme");
    assert_eq!(
        (&latest["revenue_change_from_last"], &latest["revenue_change_percent"]),
        (&json!(125.5), &json!(12.55))
    );
    assert_eq!(latest["is_significant_change"], true);
    ingest(&sandbox, "11:00:00", "profiles", "p.csv", &profile("2000,JPY"), &[]);
    let latest = sandbox.latest("11:00:00", "Acme");
    assert_eq!((&latest["revenue"], &latest["currency"]), (&json!(2000), &json!("JPY")));
    assert_eq!(
        (&latest["revenue_change_from_last"], &latest["is_significant_change"]),
        (&Value::Null, &json!(false))
    );
}

#[test]
fn two_customers_never_meet() {
    let sandbox = Sandbox::new();
    for (customer, industry) in [("east", "Rail"), ("west", "Wine")] {
        let flags = &["--customer", customer];
        let profile = format!("account,id,industry\nAcme,1,{industry}\n");
        ingest(&sandbox, "09:00:00", "profiles", "p.csv", &profile, flags);
    }
    let flags = &["--customer", "east"];
    ingest(&sandbox, "10:00:00", "health", "h.csv", HEALTH, flags);
    ingest(&sandbox, "10:10:00", "playbooks", "b.json", &completed(&["a"]), flags);
    ingest(&sandbox, "10:20:00", "notes", "n.csv", "account,id,title\nAcme,n1,Hello\n", flags);
    let latest = |customer: &str| {
        let words = ["latest", "-a", "Acme", "--json", "--customer", customer];
        sandbox.at("11:00:00", &words).ok().json()
    };
    let (east, west) = (latest("east"), latest("west"));
    assert_eq!((&east["industry"], &east["playbooks_completed_count"]), (&json!("Rail"), &json!(1)));
    assert_eq!((&west["industry"], &west["playbooks_completed_count"]), (&json!("Wine"), &Value::Null));
    assert_eq!((&west["overall_health_score"], &west["dirty_since"]), (&Value::Null, &Value::Null));
    let unknown = sandbox.at("11:10:00", &["ingest", "health", "h.csv", "--customer", "north"]);
    unknown.fails_with(4);
}

#[test]
fn days_of_a_month_end_in_the_same_score_in_whatever_order_they_come() {
    let files = [("2026-09-05", "70"), ("2026-09-20", "70"), ("2026-09-10", "55")];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]] {
        let sandbox = Sandbox::new();
        ingest(&sandbox, "08:00:00", "profiles", "p.csv", PROFILE, &[]);
        for (hour, place) in order.into_iter().enumerate() {
            let (day, score) = files[place];
            let time = format!("{:02}:00:00", hour + 10);
            let text = format!("account,date,score\nAcme,{day},{score}\n");
            ingest(&sandbox, &time, "health", "h.csv", &text, &[]);
        }
        let latest = sandbox.latest("14:00:00", "Acme");
        assert_eq!(latest["overall_health_score"], 70, "{order:?}");
        assert_eq!(latest["sources"]["health"]["observed_at"], "2026-09-20", "{order:?}");
    }
}

#[test]
fn a_day_said_again_is_unchanged_also_where_a_later_one_is_known() {
    let sandbox = Sandbox::new();
    ingest(&sandbox, "08:00:00", "profiles", "p.csv", PROFILE, &[]);
    let health = |time: &str, rows: &str| {
        let text = format!("account,date,score\n{rows}");
        ingest(&sandbox, time, "health", "h.csv", &text, &[])
    };
    health("09:00:00", "Acme,2026-10-20,60\n");
    let late = health("10:00:00", "Acme,2026-10-05,50\n");
    assert_eq!((&late["rows"]["inserted"], &late["files"][0]["to_history"]), (&json!(1), &json!(1)));
    let again = health("11:00:00", "Acme,2026-10-05,50.0\n");
    assert_eq!((&again["rows"]["unchanged"], &again["events"]["published"]), (&json!(1), &json!(0)));
    assert_eq!(sandbox.latest("12:00:00", "Acme")["overall_health_score"], 60);
}

#[test]
fn a_word_for_no_value_names_no_account() {
    let sandbox = Sandbox::new();
    for (time, name, csm) in [("08:00:00", "Alpha", "Ann"), ("09:00:00", "Beta", "Bo")] {
        let text = format!("account,account_id,csm\n{name},N/A,{csm}\n");
        let answer = ingest(&sandbox, time, "profiles", "p.csv", &text, &[]);
        assert_eq!(answer["accounts"]["created"], 1);
    }
    assert_eq!(sandbox.latest("10:00:00", "Alpha")["assigned_csm"], "Ann");
    assert_eq!(sandbox.latest("10:00:00", "Beta")["external_account_id"], Value::Null);
    sandbox.write("k.csv", "account,account_id,kpi,value\nAlpha,unknown,NPS,5\nBeta,-,NPS,7\nN/A,,NPS,9\n");
    let refused = sandbox.at("11:00:00", &["ingest", "kpis", "k.csv"]);
    refused.fails_with(5).mentions("line 4");
    let cleared = "account,account_id,csm\nAlpha,(none),(none)\n";
    ingest(&sandbox, "12:00:00", "profiles", "p.csv", cleared, &["--clear-token", "(none)"]);
    assert_eq!(sandbox.latest("13:00:00", "Alpha")["assigned_csm"], Value::Null);
    assert_eq!(sandbox.count("accounts"), 2);
}

#[test]
fn of_two_ends_the_later_one_holds_in_whatever_order_they_come() {
    let rows = ["Acme,x1,voc,completed,2026-11-02", "Acme,x1,voc,failed,2026-11-03"];
    for order in [[0, 1], [1, 0]] {
        let sandbox = Sandbox::new();
        sandbox.ingest("09:00:00", &nps("Acme", "40"), &[]).ok();
        let body: Vec<&str> = order.iter().map(|place| rows[*place]).collect();
        let csv = format!("account,execution id,playbook,status,completed\n{}\n", body.join("\n"));
        ingest(&sandbox, "10:00:00", "playbooks", "runs.csv", &csv, &[]);
        sandbox.at("11:00:00", &["snapshot", "create", "-a", "Acme"]).ok();
        let latest = sandbox.latest("11:00:00", "Acme");
        assert_eq!(latest["last_playbook_executed"]["status"], "failed", "{order:?}");
    }
}

#[test]
fn only_what_later_files_said_otherwise_is_superseded() {
    let sandbox = Sandbox::new();
    let first = "account,industry,seats,arr\nAcme,Rail,9,100\nBeta,Wine,8,200\n";
    ingest(&sandbox, "08:00:00", "profiles", "first.csv", first, &[]);
    let more = "account,region,floor\nAcme,EMEA,3\nBeta,APAC,4\n";
    ingest(&sandbox, "09:00:00", "profiles", "more.csv", more, &[]);
    let again = ingest(&sandbox, "10:00:00", "profiles", "first.csv", first, &[]);
    assert_eq!((&again["status"], &again["superseded"]), (&json!("unchanged_file"), &json!(0)));
    let other = "account,seats,arr\nAcme,10,\nBeta,8,200\n";
    ingest(&sandbox, "11:00:00", "profiles", "other.csv", other, &[]);
    let again = ingest(&sandbox, "12:00:00", "profiles", "first.csv", first, &[]);
    assert_eq!(again["superseded"], 1);

    let health = "account,period,score\nAcme,2026-10,70\n";
    ingest(&sandbox, "13:00:00", "health", "h.csv", health, &[]);
    let support = "account,period,support_score\nAcme,2026-10,7\n";
    ingest(&sandbox, "13:10:00", "health", "h2.csv", support, &[]);
    assert_eq!(ingest(&sandbox, "13:20:00", "health", "h.csv", health, &[])["superseded"], 0);
    let changed = "account,period,score\nAcme,2026-10,71\n";
    ingest(&sandbox, "13:30:00", "health", "h3.csv", changed, &[]);
    assert_eq!(ingest(&sandbox, "13:40:00", "health", "h.csv", health, &[])["superseded"], 1);

    let note = "account,note id,title\nAcme,n1,Hello\n";
    ingest(&sandbox, "14:00:00", "notes", "n.csv", note, &[]);
    ingest(&sandbox, "14:10:00", "notes", "n2.csv", "account,note id,content\nAcme,n1,More\n", &[]);
    assert_eq!(ingest(&sandbox, "14:20:00", "notes", "n.csv", note, &[])["superseded"], 0);
}
