//! Two customers in one database: neither sees, changes or snapshots what is the other's, even where names agree.

use crate::support::Sandbox;
use crate::support::book::{nps, rows};
use serde_json::{Value, json};

/// Both have an account "Acme": north's is number 1, south's number 3. Number 2 is north's own.
fn with_two() -> Sandbox {
    let sandbox = Sandbox::new();
    let north = rows([("Acme", "NPS", "11"), ("Borealis", "NPS", "12")]);
    sandbox.ingest("10:00:00", &north, &["--customer", "north"]).ok();
    sandbox.ingest("10:00:00", &nps("ACME", "77"), &["--customer", "south"]).ok();
    sandbox
}

fn accounts(snapshots: &[Value]) -> Vec<(i64, &str)> {
    let account = |snapshot: &'_ Value| snapshot["account_id"].as_i64().unwrap_or_default();
    snapshots.iter().map(|it| (account(it), it["customer"].as_str().unwrap_or_default())).collect()
}

#[test]
fn a_name_leads_each_customer_to_its_own_account() {
    let sandbox = with_two();
    assert_eq!(accounts(&sandbox.latest_of_all("10:00:00", "north")), [(1, "north"), (2, "north")]);
    assert_eq!(accounts(&sandbox.latest_of_all("10:00:00", "south")), [(3, "south")]);
    let of = |customer| {
        let words = ["latest", "-a", "Acme", "--json", "--customer", customer];
        sandbox.at("10:00:00", &words).ok().json()["account_id"].clone()
    };
    assert_eq!((of("north"), of("south")), (json!(1), json!(3)));
}

#[test]
fn another_customers_account_is_answered_as_not_existing() {
    let sandbox = with_two();
    let commands: [&[&str]; 5] = [
        &["latest", "-a"],
        &["context", "-a"],
        &["latest", "--create-missing", "-a"],
        &["flush", "--now", "-a"],
        &["snapshot", "create", "-a"],
    ];
    for command in commands {
        for name in ["Borealis", "id:2", "2", "id:1", "ext:none"] {
            let words = [command, &[name, "--customer", "south", "--json"]].concat();
            let error = sandbox.at("11:00:00", &words).fails_with(4).error_json();
            assert_eq!(error["code"], "unknown_account", "{words:?}");
            let told = error.to_string().to_lowercase();
            assert!(!told.replace(&name.to_lowercase(), "").contains("borealis"), "{words:?}: {told}");
        }
    }
    assert_eq!(sandbox.count("snapshots"), 3, "none was taken");
}

#[test]
fn one_customers_upload_changes_nothing_of_the_others() {
    let sandbox = with_two();
    let before = sandbox.latest_of_all("10:30:00", "north");
    sandbox.ingest("10:30:00", &nps("Acme", "99"), &["--customer", "south"]).ok();
    sandbox.ingest("10:30:00", &nps("Borealis", "1"), &["--customer", "south"]).ok();
    assert_eq!(sandbox.latest_of_all("10:30:00", "north"), before);
    assert_eq!((sandbox.events("north").len(), sandbox.events("south").len()), (2, 3));
    assert_eq!(accounts(&sandbox.latest_of_all("10:30:00", "south")), [(3, "south"), (4, "south")]);
}

#[test]
fn the_same_file_is_new_to_each_customer() {
    let sandbox = Sandbox::new();
    let file = nps("Acme", "5");
    for customer in ["north", "south"] {
        let answer = sandbox.ingested("10:00:00", &file, &["--customer", customer]);
        assert_eq!((&answer["status"], &answer["accounts"]["created"]), (&json!("ingested"), &json!(1)));
    }
}

#[test]
fn cooldowns_pending_changes_and_flushes_are_each_customers_own() {
    let sandbox = with_two();
    sandbox.ingest("10:01:00", &nps("Acme", "12"), &["--customer", "north"]).ok();
    sandbox.ingest("10:01:00", &nps("Acme", "78"), &["--customer", "south"]).ok();
    let flush = sandbox.at("10:06:00", &["flush", "--customer", "south", "--json"]).ok().json();
    assert_eq!(flush["created"], 1);
    assert_eq!(sandbox.outcomes("north"), ["created", "created", "skipped"]);
    let flush = sandbox.at("10:06:00", &["flush", "-a", "Acme", "--customer", "north", "--json"]).ok().json();
    assert_eq!(flush["created"], 1);
    // Without --customer on the command line, a flush serves everyone.
    sandbox.ingest("10:07:00", &nps("Acme", "13"), &["--customer", "north"]).ok();
    sandbox.ingest("10:07:00", &nps("Acme", "79"), &["--customer", "south"]).ok();
    let words = ["flush", "--json"];
    let all = sandbox.command(words).at("2026-11-22T10:20:00Z").env("ACCTSNAP_CUSTOMER", "north").run();
    assert_eq!(all.ok().json()["created"], 2);
}

#[test]
fn snapshots_of_all_are_of_one_customers_accounts() {
    let sandbox = with_two();
    let made = sandbox.at("10:01:00", &["snapshot", "create", "--all", "--customer", "south", "--json"]);
    let made = made.ok().json();
    assert_eq!(
        (made["created"].as_array().map(Vec::len), &made["created"][0]["account_id"]),
        (Some(1), &json!(3))
    );
    assert_eq!(sandbox.latest_of_all("10:01:00", "north")[0]["snapshot_sequence_number"], 1);
}

#[test]
fn lists_show_a_customer_its_own() {
    let sandbox = with_two();
    sandbox.ingest("10:01:00", &rows([("Borealis", "Auroras Seen", "3")]), &["--customer", "north"]).ok();
    let lists: [(&[&str], usize); 9] = [
        (&["snapshots", "list"], 1),
        (&["snapshots", "list", "-a", "Acme"], 1),
        (&["history", "-a", "Acme"], 1),
        (&["kpis", "unknown"], 0),
        (&["accounts", "list"], 1),
        (&["customers", "list"], 1),
        (&["events", "list"], 1),
        (&["uploads", "list"], 1),
        (&["events", "list", "-a", "Acme"], 1),
    ];
    for (list, count) in lists {
        let run = sandbox.at("10:02:00", &[list, &["--customer", "south", "--json"]].concat());
        assert_eq!(run.ok().json()["count"], count, "{list:?}");
        for word in ["orealis", "urora", "north"] {
            assert!(
                !run.stdout.contains(word) && !run.stderr.contains(word),
                "{list:?}\n{}",
                run.transcript()
            );
        }
    }
    let of_north: [&[&str]; 5] = [
        &["history", "-a", "id:2"],
        &["snapshots", "show", "1"],
        &["accounts", "show", "Borealis"],
        &["uploads", "show", "1"],
        &["events", "list", "-a", "Borealis"],
    ];
    for words in of_north {
        sandbox.at("10:02:00", &[words, &["--customer", "north"]].concat()).ok();
        let run = sandbox.at("10:02:00", &[words, &["--customer", "south"]].concat());
        run.fails_with(4).keeps_silent_of("Acme");
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_word_that_is_one_accounts_id_and_anothers_number_is_refused() {
    let sandbox = Sandbox::new();
    let file = "account,external id,kpi,value\nAlpha,2,NPS,1\nBeta,b-7,NPS,2\n";
    sandbox.ingest("10:00:00", file, &[]).ok();
    let run = sandbox.at("10:00:00", &["latest", "--json", "--account", "2"]);
    let error = run.fails_with(5).error_json();
    assert_eq!(error["code"], "ambiguous_account");
    for candidate in ["Alpha (id:1, ext:2)", "Beta (id:2, ext:b-7)"] {
        assert!(error["message"].as_str().is_some_and(|text| text.contains(candidate)), "{error}");
    }
    let name = |account: &str| sandbox.latest("10:00:00", account)["account_name"].clone();
    assert_eq!((name("ext:2"), name("id:2")), (json!("Alpha"), json!("Beta")));
    assert_eq!(
        (name("b-7"), name("name:beta"), name(" BETA ")),
        (json!("Beta"), json!("Beta"), json!("Beta"))
    );
    sandbox.at("10:00:00", &["latest", "-a", "B-7"]).fails_with(4).mentions("no account 'B-7'");
    // One account twice is no ambiguity.
    sandbox.at("10:00:00", &["snapshot", "create", "-a", "id:2", "-a", "Beta", "--json"]).ok();
    assert_eq!(sandbox.count("snapshots"), 3);
}

#[test]
fn in_files_our_own_number_is_never_an_account() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Alpha", "1"), &[]).ok();
    let answer = sandbox.ingested("10:00:00", "account,external id,kpi,value\nOmega,1,NPS,3\n", &[]);
    assert_eq!(answer["accounts"]["created"], 1);
    assert_eq!(sandbox.latest("10:00:00", "ext:1")["account_name"], "Omega");
}

#[test]
fn a_mistyped_customer_is_not_there_and_is_not_made() {
    let sandbox = with_two();
    let commands: [&[&str]; 5] = [
        &["latest", "--all"],
        &["latest", "-a", "Acme"],
        &["flush"],
        &["flush", "--now", "-a", "Acme"],
        &["snapshot", "create", "--all"],
    ];
    for command in commands {
        let words = [command, &["--customer", "nort", "--json"]].concat();
        let error = sandbox.at("10:00:00", &words).fails_with(4).error_json();
        assert_eq!(
            (&error["code"], &error["exit_code"]),
            (&json!("unknown_customer"), &json!(4)),
            "{words:?}"
        );
    }
    assert_eq!((sandbox.count("customers"), sandbox.count("snapshots")), (2, 3));
}

#[test]
fn reading_where_there_is_no_database_makes_none() {
    let commands: [&[&str]; 4] =
        [&["latest", "--all"], &["latest", "-a", "Acme"], &["flush"], &["snapshot", "create", "--all"]];
    for command in commands {
        let sandbox = Sandbox::new();
        let error = sandbox.at("10:00:00", &[command, &["--json"]].concat()).fails_with(4).error_json();
        assert_eq!(error["code"], "no_database", "{command:?}");
        assert!(!sandbox.path("test.db").exists(), "{command:?}");
        let into = sandbox.path("home/no/such/folder/a.db");
        sandbox.command(command).db(&into).run().fails_with(4);
        assert!(!sandbox.path("home/no").exists(), "{command:?}");
    }
}

#[test]
fn an_ingest_says_which_database_and_customer_it_made() {
    let sandbox = Sandbox::new();
    let run = sandbox.ingest("10:00:00", &nps("Acme", "1"), &["--customer", "north"]);
    run.ok().says(&format!("made the database {}", sandbox.path("test.db").display()));
    run.says("made the customer 'north'");
    let again = sandbox.ingest("10:00:00", &nps("Acme", "2"), &["--customer", "North"]);
    again.ok().keeps_silent_of("made the");
    assert_eq!(sandbox.count("customers"), 1, "case makes no customer");
}
