//! Names, ids and archivings that people give to accounts: what leads where afterwards, and what stays as it was.

use crate::support::book::{nps, rows};
use crate::support::{Outcome, Sandbox, chain, shape};
use serde_json::{Value, json};

/// Acme (1) and Beta (2) without ids.
fn with_two() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "11"), ("Beta", "NPS", "12")]), &[]).ok();
    sandbox
}

/// Alpha (1, a-1) and Omega (2, o-1).
fn with_ids() -> Sandbox {
    let sandbox = Sandbox::new();
    let file = "account,external id,kpi,value\nAlpha,a-1,NPS,1\nOmega,o-1,NPS,2\n";
    sandbox.ingest("10:00:00", file, &[]).ok();
    sandbox
}

/// A change that succeeds, as JSON of its schema.
#[track_caller]
fn change(sandbox: &Sandbox, time: &str, words: &[&str]) -> Value {
    let answer = sandbox.at(time, &[&["accounts"], words, &["--json"]].concat()).ok().json();
    shape::check("account_change", &answer);
    answer
}

/// A change that is refused: its message and hint; nothing was written.
#[track_caller]
fn refused(sandbox: &Sandbox, words: &[&str]) -> String {
    let before = sandbox.count("changes");
    let error = sandbox.at("10:59:00", &[words, &["--json"]].concat()).fails_with(5).error_json();
    assert_eq!((&error["code"], sandbox.count("changes")), (&json!("input_refused"), before), "{words:?}");
    format!("{} ({})", error["message"].as_str().unwrap_or(""), error["hint"].as_str().unwrap_or(""))
}

/// To which account each of these leads.
#[track_caller]
fn leads_to(sandbox: &Sandbox, names: &[&str]) -> Vec<Value> {
    let account = |name: &&str| sandbox.latest("11:00:00", name)["account_id"].clone();
    names.iter().map(account).collect()
}

fn show(sandbox: &Sandbox, account: &str) -> Value {
    let view = sandbox.at("11:00:00", &["accounts", "show", account, "--json"]).ok().json();
    shape::check("account", &view);
    view
}

/// Every digest is that of its rows.
#[track_caller]
fn ledger_holds(sandbox: &Sandbox) {
    assert_eq!(chain::check(&sandbox.sql()).0, [0_i64; 0]);
}

#[test]
fn a_renamed_account_is_found_by_both_names_in_files_and_out_of_them() {
    let sandbox = with_two();
    let answer = change(&sandbox, "10:01:00", &["rename", "acme", "Acme Global"]);
    assert_eq!(
        (&answer["action"], &answer["changed"], &answer["account_name"], &answer["previous_name"]),
        (&json!("renamed"), &json!(true), &json!("Acme Global"), &json!("Acme"))
    );
    assert_eq!(answer["notes"], json!([]));
    assert_eq!(leads_to(&sandbox, &["Acme", "ACME GLOBAL", "name:Acme"]), [1, 1, 1]);
    for (time, name, value) in [("10:06:00", "Acme", "20"), ("10:12:00", "acme global", "30")] {
        let ingest = sandbox.ingested(time, &nps(name, value), &[]);
        assert_eq!((&ingest["accounts"]["created"], &ingest["rows"]["updated"]), (&json!(0), &json!(1)));
    }
    let history = sandbox.at("11:00:00", &["history", "-a", "Acme", "--json"]).ok().json();
    assert_eq!(history["count"], 3, "the history goes on under the old name");
    let latest = sandbox.latest("11:00:00", "Acme");
    assert_eq!(
        (&latest["account_name"], &latest["snapshot_sequence_number"]),
        (&json!("Acme Global"), &json!(3))
    );
    ledger_holds(&sandbox);
}

#[test]
fn a_name_may_change_in_case_come_back_or_be_the_accounts_own_alias() {
    let sandbox = with_two();
    change(&sandbox, "10:01:00", &["alias", "Acme", "ACME Corp"]);
    for (name, previous) in [("ACME", "Acme"), ("Acme", "ACME"), ("Acme Corp", "Acme"), ("Acme", "Acme Corp")]
    {
        let answer = change(&sandbox, "10:02:00", &["rename", "id:1", &format!(" {name} ")]);
        assert_eq!((&answer["account_name"], &answer["previous_name"]), (&json!(name), &json!(previous)));
        assert_eq!(answer["notes"], json!([]));
    }
    assert_eq!(leads_to(&sandbox, &["acme", "acme corp"]), [1, 1]);
    let current = |view: &Value| {
        let names = view["names"].as_array().cloned().unwrap_or_default();
        names
            .iter()
            .filter(|name| name["current"] == true)
            .map(|name| name["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(current(&show(&sandbox, "Acme")), ["ACME Corp", "Acme"]);
}

#[test]
fn a_name_of_another_account_is_refused_unless_ids_tell_the_two_apart() {
    let sandbox = with_two();
    change(&sandbox, "10:01:00", &["alias", "Beta", "B Corp"]);
    let told = refused(&sandbox, &["accounts", "rename", "Acme", "BETA"]);
    assert!(
        told.contains("'BETA' is the name of account 2") && told.contains("set-external-id id:1"),
        "{told}"
    );
    let told = refused(&sandbox, &["accounts", "rename", "Acme", "b corp"]);
    assert!(told.contains("'b corp' is an alias of 'Beta' (id:2)"), "{told}");
    change(&sandbox, "10:02:00", &["set-external-id", "Acme", "a-1"]);
    let told = refused(&sandbox, &["accounts", "rename", "Acme", "Beta"]);
    assert!(told.contains("set-external-id id:2"), "{told}");
    change(&sandbox, "10:02:00", &["set-external-id", "Beta", "b-1"]);
    let answer = change(&sandbox, "10:03:00", &["rename", "Acme", "Beta"]);
    assert!(answer["notes"][0].as_str().is_some_and(|note| note.contains("by external id")), "{answer}");
    assert_eq!(answer["previous_leads_here"], true, "nobody else has a claim to Acme");
    sandbox.at("10:04:00", &["latest", "-a", "Beta"]).fails_with(5).mentions("leads to several accounts");
    let answer = change(&sandbox, "10:05:00", &["rename", "ext:a-1", "Beta East"]);
    assert_eq!(answer["previous_leads_here"], false, "Beta leads to its namesake from now on");
    assert_eq!(leads_to(&sandbox, &["Beta", "beta east"]), [2, 1]);
    change(&sandbox, "10:05:00", &["rename", "ext:a-1", "Beta"]);
    assert_eq!(leads_to(&sandbox, &["ext:a-1", "ext:b-1", "Acme"]), [1, 2, 1]);
    let file = "account,external id,kpi,value\nBeta,b-1,NPS,70\nBeta,a-1,NPS,80\n";
    assert_eq!(sandbox.ingested("10:10:00", file, &[])["rows"]["updated"], 2);
}

#[test]
fn a_former_name_moves_to_the_account_that_takes_it_and_that_is_said() {
    let sandbox = with_two();
    change(&sandbox, "10:01:00", &["rename", "Acme", "Acme Global"]);
    let answer = change(&sandbox, "10:02:00", &["rename", "Beta", "Acme"]);
    assert_eq!(
        answer["notes"][0],
        "'Acme' was a name of 'Acme Global'; alone it leads to account 2 from now on"
    );
    assert_eq!(leads_to(&sandbox, &["Acme", "Acme Global", "Beta"]), [2, 1, 2]);
    sandbox.ingest("10:10:00", &nps("Acme", "50"), &[]).ok();
    sandbox.ingest("10:11:00", "account,external id,kpi,value\nAcme,x-2,NPS,51\n", &[]).ok();
    assert_eq!(sandbox.count("accounts"), 2, "the id was taken by the account that bears the name");
    assert_eq!(leads_to(&sandbox, &["x-2"]), [2]);
    let names = show(&sandbox, "id:1")["names"].clone();
    assert_eq!((&names[0]["name"], &names[0]["leads_here"]), (&json!("Acme"), &json!(false)));
    assert_eq!((&names[1]["name"], &names[1]["leads_here"]), (&json!("Acme Global"), &json!(true)));
}

#[test]
fn a_former_name_of_two_accounts_is_settled_by_an_alias() {
    let sandbox = with_two();
    change(&sandbox, "10:01:00", &["rename", "Acme", "Acme East"]);
    change(&sandbox, "10:01:00", &["rename", "Beta", "Acme"]);
    change(&sandbox, "10:01:00", &["rename", "id:2", "Acme West"]);
    sandbox.at("10:02:00", &["latest", "-a", "Acme"]).fails_with(5).mentions("leads to several accounts");
    sandbox
        .ingest("10:03:00", &nps("Acme", "50"), &[])
        .fails_with(5)
        .mentions("several accounts bear this name");
    change(&sandbox, "10:04:00", &["alias", "id:1", "Acme"]);
    assert_eq!(leads_to(&sandbox, &["Acme"]), [1]);
    let ingest = sandbox.ingested("10:10:00", &nps("Acme", "50"), &[]);
    assert_eq!((&ingest["rows"]["updated"], sandbox.count("accounts")), (&json!(1), 2));
    let told = refused(&sandbox, &["accounts", "alias", "id:2", "Acme"]);
    assert!(told.contains("leads to another account: 'Acme East' (id:1)"), "{told}");
}

#[test]
fn aliases_are_given_all_or_none() {
    let sandbox = with_two();
    let told = refused(&sandbox, &["accounts", "alias", "Acme", "A Corp", "beta"]);
    assert!(told.contains("'beta' leads to another account: 'Beta' (id:2)"), "{told}");
    let answer =
        change(&sandbox, "10:02:00", &["alias", "Acme", "A Corp", " Acme Holding ", "a  corp", "ACME"]);
    assert_eq!(answer["aliases_added"], json!(["A Corp", "Acme Holding"]));
    assert_eq!(answer["notes"], json!(["'ACME' leads to it already"]));
    assert_eq!(leads_to(&sandbox, &["a corp", "Acme Holding"]), [1, 1]);
    let ingest = sandbox.ingested("10:10:00", &nps("acme HOLDING", "15"), &[]);
    assert_eq!((&ingest["accounts"]["created"], &ingest["accounts"]["touched"]), (&json!(0), &json!(1)));
    assert_eq!(sandbox.latest("11:00:00", "A Corp")["account_name"], "Acme", "an alias is no name");
    ledger_holds(&sandbox);
}

#[test]
fn an_id_of_today_is_refused_and_one_of_yesterday_moves() {
    let sandbox = with_ids();
    let told = refused(&sandbox, &["accounts", "set-external-id", "Alpha", "o-1"]);
    assert!(
        told.contains("another account: 'Omega' (id:2)") && told.contains("set-external-id id:2"),
        "{told}"
    );
    let answer = change(&sandbox, "10:02:00", &["set-external-id", "Omega", "O-1"]);
    assert_eq!(
        (&answer["external_account_id"], &answer["previous_external_id"]),
        (&json!("O-1"), &json!("o-1"))
    );
    assert_eq!(leads_to(&sandbox, &["o-1", "O-1", "a-1"]), [2, 2, 1]);
    let answer = change(&sandbox, "10:03:00", &["set-external-id", "Alpha", "o-1"]);
    assert_eq!(
        answer["notes"][0],
        "'o-1' was an id of 'Omega' (id:2), which has 'O-1' today; it leads to account 1 from now on"
    );
    assert_eq!(leads_to(&sandbox, &["o-1", "O-1", "a-1"]), [1, 2, 1]);
    let file = "external id,kpi,value\no-1,NPS,70\na-1,CSAT,3\nO-1,NPS,80\n";
    let ingest = sandbox.ingested("10:10:00", file, &[]);
    assert_eq!((&ingest["accounts"]["touched"], sandbox.count("accounts")), (&json!(2), 2));
    let names = show(&sandbox, "Omega")["names"].clone();
    assert_eq!((&names[1]["name"], &names[1]["leads_here"]), (&json!("o-1"), &json!(false)));
    sandbox.at("11:00:00", &["accounts", "show", "id:2"]).ok().matches_golden("identity/moved-id");
    ledger_holds(&sandbox);
}

#[test]
fn an_archived_account_is_in_no_portfolio_and_keeps_everything_else() {
    let sandbox = with_two();
    let answer = change(&sandbox, "10:01:00", &["archive", "Acme", "--reason", "churned in May"]);
    assert_eq!((&answer["archived"], &answer["changed"]), (&json!(true), &json!(true)));
    let names = |words: &[&str]| {
        let answer = sandbox.at("10:02:00", &[words, &["--json"]].concat()).ok().json();
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["account_name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["accounts", "list"]), ["Beta"]);
    assert_eq!(names(&["accounts", "list", "--archived"]), ["Acme", "Beta"]);
    assert_eq!(names(&["latest", "--all"]), ["Beta"]);
    assert_eq!(names(&["latest", "--all", "--archived"]), ["Acme", "Beta"]);
    sandbox.at("10:02:00", &["latest", "-a", "Acme", "--archived"]).fails_with(2);
    let made = sandbox.at("10:02:00", &["snapshot", "create", "--all", "--json"]).ok().json();
    assert_eq!(made["created"].as_array().map(Vec::len), Some(1));
    let view = show(&sandbox, "Acme");
    assert_eq!(
        (&view["archived_since"], &view["archived_reason"]),
        (&json!("2026-11-22T10:01:00.000Z"), &json!("churned in May"))
    );
    let ingest = sandbox.ingested("10:10:00", &nps("Acme", "50"), &[]);
    assert_eq!((&ingest["rows"]["updated"], &ingest["snapshots"]["created"]), (&json!(1), &json!(1)));
    let ingest = sandbox.ingested("10:11:00", &nps("Beta", "50"), &[]);
    assert_eq!(ingest["accounts"]["absent"], 0, "it is not missed either");
    assert_eq!(sandbox.at("11:00:00", &["history", "-a", "Acme", "--json"]).ok().json()["count"], 2);
    change(&sandbox, "10:12:00", &["unarchive", "Acme"]);
    assert_eq!(names(&["accounts", "list"]), ["Acme", "Beta"]);
    let view = show(&sandbox, "Acme");
    assert_eq!((&view["archived_since"], &view["archived_reason"]), (&Value::Null, &Value::Null));
    ledger_holds(&sandbox);
}

#[test]
fn the_same_change_twice_changes_nothing_and_says_so() {
    let sandbox = with_two();
    let changes: [&[&str]; 5] = [
        &["rename", "id:1", "Acme Global"],
        &["alias", "id:1", "A Corp", "AC"],
        &["set-external-id", "id:1", "a-1"],
        &["archive", "id:1", "--reason", "churned"],
        &["unarchive", "id:1"],
    ];
    for words in changes {
        assert_eq!(change(&sandbox, "10:01:00", words)["changed"], true, "{words:?}");
        let before = sandbox.count("changes");
        assert_eq!(change(&sandbox, "10:02:00", words)["changed"], false, "{words:?}");
        assert_eq!(sandbox.count("changes"), before, "{words:?}");
        let said = sandbox.at("10:02:00", &[&["accounts"], words].concat()).ok().stdout.replace('\n', " ");
        assert!(said.contains("nothing was changed "), "{words:?}: {said}");
    }
}

#[test]
fn a_dry_run_tries_everything_and_writes_nothing() {
    let sandbox = with_two();
    for words in [
        &["rename", "Acme", "Acme Global"][..],
        &["alias", "Acme", "A Corp"],
        &["set-external-id", "Acme", "a-1"],
        &["archive", "Acme"],
    ] {
        let answer = change(&sandbox, "10:01:00", &[words, &["--dry-run"]].concat());
        assert_eq!((&answer["dry_run"], &answer["changed"]), (&json!(true), &json!(true)), "{words:?}");
    }
    refused(&sandbox, &["accounts", "rename", "Acme", "Beta", "--dry-run"]);
    assert_eq!((sandbox.count("changes"), sandbox.count("account_names")), (1, 2));
    assert_eq!(sandbox.latest("11:00:00", "Acme")["account_name"], "Acme");
}

#[test]
fn what_is_no_name_and_who_is_not_there_is_refused() {
    let sandbox = with_two();
    let long = "x".repeat(501);
    for words in [
        ["accounts", "rename", "Acme", " "],
        ["accounts", "rename", "Acme", "a\u{1b}[31m"],
        ["accounts", "alias", "Acme", &long],
        ["accounts", "set-external-id", "Acme", "\t"],
        ["customers", "rename", "default", "a\nb"],
    ] {
        refused(&sandbox, &words);
    }
    for words in [["rename", "Gamma", "X"], ["alias", "Gamma", "X"], ["set-external-id", "Gamma", "X"]] {
        sandbox.at("10:01:00", &[&["accounts"][..], &words].concat()).fails_with(4);
    }
    sandbox.at("10:01:00", &["accounts", "archive", "Gamma"]).fails_with(4);
    sandbox.at("10:01:00", &["accounts", "archive", "Acme", "--reason", ""]).fails_with(2);
    sandbox.at("10:01:00", &["accounts", "alias", "Acme"]).fails_with(2);
    let nowhere = Sandbox::new();
    nowhere.at("10:01:00", &["accounts", "rename", "Acme", "X"]).fails_with(4);
    assert!(!nowhere.path("test.db").exists());
}

#[test]
fn a_rename_warns_of_a_look_alike_and_of_settings_that_stay_behind() {
    let sandbox = with_two();
    sandbox.write("snapshots.toml", "[customers.default.accounts.Acme.cooldown]\nevent_driven = \"1h\"\n");
    let notes = change(&sandbox, "10:01:00", &["rename", "Acme", "Beta, Inc."])["notes"].clone();
    assert_eq!(notes[0], "account 2 is named 'Beta', which looks like the same company");
    assert!(
        notes[1].as_str().is_some_and(|note| note.contains("settings for the account 'Acme'")),
        "{notes}"
    );
}

#[test]
fn two_customers_with_the_same_names_and_ids_do_not_meet() {
    let sandbox = Sandbox::new();
    let file = "account,external id,kpi,value\nAcme,a-1,NPS,1\n";
    for customer in ["north", "south"] {
        sandbox.ingest("10:00:00", file, &["--customer", customer]).ok();
    }
    let own = "account,external id,kpi,value\nBorealis,b-1,NPS,1\n";
    sandbox.ingest("10:00:00", own, &["--customer", "north"]).ok();
    let south = ["--customer", "south"];
    let before = sandbox.latest_of_all("11:00:00", "north");
    for words in [
        &["rename", "Acme", "Borealis"][..],
        &["alias", "Borealis", "Aurora"],
        &["set-external-id", "Aurora", "b-1"],
        &["archive", "b-1"],
    ] {
        assert_eq!(change(&sandbox, "10:01:00", &[words, &south].concat())["account_id"], 2, "{words:?}");
    }
    assert_eq!(sandbox.latest_of_all("11:00:00", "north"), before);
    for name in ["id:1", "id:3"] {
        let words = ["accounts", "rename", name, "X", "--customer", "south"];
        let run = sandbox.at("10:02:00", &words);
        run.fails_with(4).mentions(&format!("customer 'south' has no account '{name}'"));
    }
    ledger_holds(&sandbox);
}

#[test]
fn what_other_changes_are_owed_is_flushed_last() {
    let sandbox = with_two();
    sandbox.ingest("10:02:00", &nps("Beta", "40"), &[]).ok();
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "skipped"]);
    let run = sandbox.at("10:06:00", &["accounts", "rename", "Acme", "Acme Global"]);
    run.ok().says("✅ Auto-created snapshot 3 for account Beta (trigger: kpi_data_uploaded)");
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "created"]);
}

#[test]
fn answers_read_well() {
    let sandbox = with_ids();
    let golden = |words: &[&str], name: &str| -> Outcome {
        let run = sandbox.at("10:01:00", &[&["accounts"], words].concat());
        run.matches_golden(&format!("identity/{name}"));
        run
    };
    golden(&["rename", "Alpha", "Alpha Group"], "rename").ok();
    golden(&["rename", "Alpha", "Alpha Group"], "rename-again").ok();
    golden(&["rename", "Omega", "Omega Group", "--dry-run"], "rename-dry").ok();
    golden(&["alias", "a-1", "AG", "Alpha"], "alias").ok();
    golden(&["alias", "o-1", "AG"], "alias-refused").fails_with(5);
    golden(&["set-external-id", "Omega", "a-1"], "id-refused").fails_with(5);
    golden(&["set-external-id", "Omega", "o-2"], "id").ok();
    golden(&["archive", "Omega", "--reason", "churned in May"], "archive").ok();
    golden(&["archive", "Omega"], "archive-again").ok();
    golden(&["show", "Omega"], "show-archived").ok();
    golden(&["list"], "list").ok();
    golden(&["list", "--archived"], "list-archived").ok();
    golden(&["unarchive", "o-1"], "unarchive").ok();
    golden(&["rename", "o-1", "Omega 2", "--json"], "rename-json").ok();
    sandbox.at("10:01:00", &["accounts", "archive", "o-1", "--quiet"]).ok();
    assert_eq!(sandbox.at("10:01:00", &["accounts", "unarchive", "o-1", "--quiet"]).ok().stdout, "");
}

#[test]
fn a_file_of_one_account_may_call_it_by_any_name_that_leads_to_it() {
    let sandbox = Sandbox::new();
    sandbox.write("first.csv", "account,id,kpi,value\nAcme,7,NPS,40\n");
    sandbox.at("09:00:00", &["ingest", "kpis", "first.csv"]).ok();
    sandbox.at("09:01:00", &["accounts", "rename", "Acme", "Apex"]).ok();
    sandbox.at("09:02:00", &["accounts", "set-external-id", "Apex", "8"]).ok();
    sandbox.write("second.csv", "account,id,kpi,value\nAcme,,NPS,41\nApex,8,CSAT,90\nAcme,7,NRR,101\n");
    sandbox.at("10:00:00", &["ingest", "kpis", "second.csv", "-a", "Apex"]).ok();
    assert_eq!(sandbox.latest("10:01:00", "Acme")["total_kpis"], 3);
    sandbox.write("other.csv", "account,kpi,value\nBeta,NPS,1\n");
    sandbox
        .at("11:00:00", &["ingest", "kpis", "other.csv", "-a", "Apex"])
        .fails_with(5)
        .mentions("expected the account given with --account, found another");
}

#[test]
fn an_account_known_by_its_id_alone_takes_the_name_that_a_file_gives_it() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", "external id,kpi,value\n0011,NPS,1\n", &[]).ok();
    assert_eq!(sandbox.latest("10:01:00", "0011")["account_name"], "0011");
    let named = "account,external id,kpi,value\nTechCorp,0011,NPS,2\n";
    let run = sandbox.ingest("10:10:00", named, &[]);
    run.ok().says("account 0011 was known by its id alone: its name is TechCorp from now on");
    assert_eq!(sandbox.latest("10:11:00", "0011")["account_name"], "TechCorp");
    sandbox.ingest("10:20:00", &nps("techcorp", "3"), &[]).ok();
    sandbox.ingest("10:30:00", "external id,kpi,value\n0011,NPS,4\n", &[]).ok();
    assert_eq!((sandbox.count("accounts"), sandbox.count("account_names")), (1, 3));
    ledger_holds(&sandbox);
}

#[test]
fn an_account_that_an_id_named_in_the_place_of_its_name_is_no_other_one() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("0011", "1"), &[]).ok();
    sandbox.ingest("10:10:00", "account,external id,kpi,value\nTechCorp,0011,NPS,2\n", &[]).ok();
    assert_eq!(sandbox.count("accounts"), 1);
    assert_eq!(leads_to(&sandbox, &["0011", "ext:0011", "TechCorp"]), [1, 1, 1]);
    assert_eq!(sandbox.latest("11:00:00", "0011")["account_name"], "TechCorp");
    ledger_holds(&sandbox);
}

#[test]
fn an_external_id_in_the_column_of_names_leads_to_its_account() {
    let sandbox = with_ids();
    let run = sandbox.ingest("10:10:00", &nps("o-1", "7"), &[]);
    run.ok().says("'o-1' stands where a name is expected, and is the external id of Omega: read so");
    assert_eq!(sandbox.count("accounts"), 2);
    // Ids are compared exactly, and a name beats the id of another account.
    sandbox.ingest("10:20:00", &nps("O-1", "8"), &["--no-create"]).fails_with(5);
    change(&sandbox, "10:21:00", &["alias", "Alpha", "o-1"]);
    assert_eq!(sandbox.ingested("10:30:00", &nps("o-1", "9"), &[])["rows"]["updated"], 1);
    assert_eq!(sandbox.latest("11:00:00", "Alpha")["kpis_age_seconds"], 1800);
}

#[test]
fn a_name_beside_the_id_of_another_account_is_told_with_its_line() {
    let sandbox = with_ids();
    let file = "account,external id,kpi,value\nAlpha,a-1,NPS,5\nOmega,a-1,NRR,104\n";
    let view = sandbox.ingested("10:10:00", file, &[]);
    let note = "line 3: the id is that of 'Alpha', the name 'Omega' is that of another account (external id o-1); \
                the id was followed";
    assert_eq!(view["files"][0]["notes"], json!([note]));
    assert_eq!(sandbox.latest("11:00:00", "Omega")["total_kpis"], 1);
    assert_eq!(sandbox.latest("11:00:00", "Alpha")["total_kpis"], 2);
}
