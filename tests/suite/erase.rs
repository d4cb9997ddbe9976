//! Erasing: no byte of a person stays, no number changes, the ledger and anchors of before go on verifying, and damage
//! that comes later is still found.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::{Outcome, Sandbox, chain, shape};
use serde_json::{Value, json};

const LATER: &str = "2024-03-01T10:00:00Z";
const NAME: &str = "Jane Q. Doering";
const ADDRESS: &str = "jane.doering@firm.example";

fn run(sandbox: &Sandbox, at: &str, words: &[&str]) -> Outcome {
    sandbox.command(words).at(at).run()
}

/// Two accounts of one customer and one of another; Jane is the CSM and champion of Acme, writes notes, runs a playbook,
/// gives a reason and is once the actor; of another spelling, too.
fn story() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", "account,kpi,value\nAcme,NPS,40\nBeta,NPS,10\n");
    sandbox.write(
        "profiles.csv",
        format!(
            "account,arr,csm,champion_name,sponsor mail\nAcme,1200,{NAME},{NAME},{ADDRESS}\nBeta,700,Bob Stone,,\n"
        ),
    );
    let notes = format!(
        "account,note_id,title,content,author\n\
         Acme,n1,Call,\"{NAME} called, then JANE q.  doering wrote \"\"fine\"\" from {ADDRESS}\",{NAME}\n\
         Beta,n2,Call,quiet,Bob Stone\n"
    );
    sandbox.write("notes.csv", notes);
    let playbooks =
        format!("execution id,playbook id,account,status,owner\ne1,voc,Acme,in-progress,{NAME}\n");
    sandbox.write("playbooks.csv", playbooks);
    for (minute, kind) in ["kpis", "profiles", "notes", "playbooks"].iter().enumerate() {
        let at = format!("2024-01-05T10:{:02}:00Z", minute * 10);
        run(&sandbox, &at, &["ingest", kind, &format!("{kind}.csv")]).ok();
    }
    run(&sandbox, "2024-01-06T10:00:00Z", &["ingest", "kpis", "kpis.csv", "--customer", "other"]).ok();
    sandbox.write("later.csv", "account,kpi,value\nAcme,NPS,-30\nBeta,NPS,30\n");
    let reason = format!("asked for by {NAME}");
    run(&sandbox, "2024-02-01T10:00:00Z", &["snapshot", "create", "-a", "Acme", "--reason", &reason]).ok();
    run(&sandbox, "2024-02-02T10:00:00Z", &["ingest", "kpis", "later.csv", "--actor", ADDRESS]).ok();
    run(&sandbox, "2024-02-03T10:00:00Z", &["snapshot", "create", "--all", "--reason", "end"]).ok();
    sandbox
}

fn erase(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let words = ["erase", "--person", NAME, "--person", ADDRESS];
    run(sandbox, LATER, &[&words, more].concat())
}

/// The files of the database in which a text stands, in whatever case.
fn files_with(sandbox: &Sandbox, text: &str) -> Vec<String> {
    let needle = text.to_lowercase().into_bytes();
    let database = sandbox.sql().path().expect("a database file").to_owned();
    let holds = |path: &String| {
        let bytes = std::fs::read(path).unwrap_or_default().to_ascii_lowercase();
        bytes.windows(needle.len()).any(|window| window == needle)
    };
    let files = ["", "-wal", "-journal", "-shm"].iter().map(|suffix| format!("{database}{suffix}"));
    files.filter(holds).collect()
}

#[track_caller]
fn verifies(sandbox: &Sandbox) {
    assert_eq!(chain::check(&sandbox.sql()).0, [0_i64; 0]);
    run(sandbox, LATER, &["verify", "--anchor", "heads.jsonl"]).ok();
}

/// Every number of the snapshots: scores, counts, revenue.
fn numbers(sandbox: &Sandbox) -> Vec<Value> {
    let list = run(sandbox, LATER, &["snapshot", "list", "--json"]).ok().json();
    let items = list["items"].as_array().expect("items").clone();
    let fields = ["snapshot_id", "overall_health_score", "revenue", "snapshot_timestamp"];
    items.iter().map(|item| fields.iter().map(|field| item[*field].clone()).collect()).collect()
}

fn export(sandbox: &Sandbox, customer: &str, account: &str) -> Vec<String> {
    let history =
        run(sandbox, LATER, &["history", "-a", account, "--customer", customer, "--format", "jsonl"]);
    let latest = run(sandbox, LATER, &["latest", "-a", account, "--customer", customer, "--json"]);
    let notes = run(sandbox, LATER, &["notes", "list", "-a", account, "--customer", customer, "--json"]);
    [history, latest, notes].iter().map(|outcome| outcome.ok().stdout.clone()).collect()
}

#[test]
fn no_byte_of_a_person_stays_and_no_number_changes() {
    let sandbox = story();
    run(&sandbox, LATER, &["verify", "--write-anchor", "heads.jsonl"]).ok();
    verifies(&sandbox);
    let (before, beta) = (numbers(&sandbox), export(&sandbox, "default", "Beta"));
    let other = export(&sandbox, "other", "Acme");
    for text in [NAME, ADDRESS] {
        assert!(!files_with(&sandbox, text).is_empty(), "{text} is not there from the start");
    }
    let view = erase(&sandbox, &["--yes", "--json"]).ok().json();
    shape::check("erase", &view);
    assert_eq!((view["changed"].clone(), view["accounts"].clone()), (json!(true), json!(1)));
    for text in [NAME, ADDRESS, "q. doering"] {
        assert_eq!(files_with(&sandbox, text), [""; 0], "{text}");
    }
    assert_eq!(numbers(&sandbox), before);
    assert_eq!(export(&sandbox, "default", "Beta"), beta);
    assert_eq!(export(&sandbox, "other", "Acme"), other);
    let latest = run(&sandbox, LATER, &["latest", "-a", "Acme", "--json"]).ok().json();
    assert_eq!(latest["assigned_csm"], "(erased)");
    verifies(&sandbox);
    // A second time does no harm, and the next ingest goes on from there.
    let again = erase(&sandbox, &["--yes", "--json"]).ok().json();
    assert_eq!(again["changed"], false);
    sandbox.write("next.csv", "account,kpi,value\nAcme,NPS,77\n");
    run(&sandbox, "2024-03-02T10:00:00Z", &["ingest", "kpis", "next.csv"]).ok();
    verifies(&sandbox);
}

#[test]
fn what_is_damaged_after_an_erasure_is_found() {
    for (guard, damage) in [
        ("notes_refuse_UPDATE", "UPDATE notes SET content = 'forged' WHERE note_id = 'n1'"),
        (
            "profiles_refuse_UPDATE",
            "UPDATE profiles SET content = replace(content, '(erased)', 'Eve') WHERE account_id = 1",
        ),
        ("changes_refuse_UPDATE", "UPDATE changes SET actor = 'eve' WHERE actor = '(erased)'"),
        ("kpi_changes_refuse_UPDATE", "UPDATE kpi_changes SET changed = '{\"1\":99}' WHERE id = 1"),
        ("removed_rows_refuse_DELETE", "DELETE FROM removed_rows WHERE id = 1"),
        ("events_refuse_DELETE", "DELETE FROM events WHERE id = (SELECT max(id) FROM events)"),
    ] {
        let sandbox = story();
        erase(&sandbox, &["--yes"]).ok();
        run(&sandbox, LATER, &["verify"]).ok();
        let sql = sandbox.sql();
        let guarded: String = sql
            .query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [guard], |row| row.get(0))
            .expect("the guard");
        let changed = {
            sql.execute_batch(&format!("DROP TRIGGER {guard}")).expect("the guard goes");
            sql.execute(damage, []).expect("damage")
        };
        sql.execute_batch(&guarded).expect("the guard comes back");
        drop(sql);
        assert!(changed > 0, "{damage}");
        run(&sandbox, LATER, &["verify"]).fails_with(7);
    }
}

#[test]
fn an_account_goes_with_everything_and_the_others_stay() {
    let sandbox = story();
    run(&sandbox, LATER, &["verify", "--write-anchor", "heads.jsonl"]).ok();
    let (beta, other) = (export(&sandbox, "default", "Beta"), export(&sandbox, "other", "Acme"));
    let view = run(&sandbox, LATER, &["erase", "-a", "Acme", "--yes", "--json"]).ok().json();
    shape::check("erase", &view);
    for text in [NAME, "voc", "asked for by"] {
        assert_eq!(files_with(&sandbox, text), [""; 0], "{text}");
    }
    run(&sandbox, LATER, &["latest", "-a", "Acme"]).fails_with(4);
    run(&sandbox, LATER, &["erase", "-a", "Acme", "--yes"]).fails_with(4);
    assert_eq!(export(&sandbox, "default", "Beta"), beta);
    assert_eq!(export(&sandbox, "other", "Acme"), other);
    verifies(&sandbox);
    // No id is given twice, also where the last one went.
    run(&sandbox, "2024-03-02T10:00:00Z", &["ingest", "kpis", "kpis.csv", "--force"]).ok();
    verifies(&sandbox);
    let ids: i64 =
        sandbox.sql().query_row("SELECT max(id) FROM accounts", [], |row| row.get(0)).expect("ids");
    assert_eq!(ids, 5);
}

#[test]
fn the_plan_is_shown_and_nothing_goes_without_being_agreed_to() {
    let sandbox = story();
    let before = sandbox.sql().query_row("SELECT count(*) FROM changes", [], |row| row.get::<_, i64>(0));
    erase(&sandbox, &[]).fails_with(2);
    let dry = erase(&sandbox, &["--dry-run", "--json"]).ok().json();
    assert_eq!((dry["dry_run"].clone(), dry["changed"].clone()), (json!(true), json!(true)));
    let after = sandbox.sql().query_row("SELECT count(*) FROM changes", [], |row| row.get::<_, i64>(0));
    assert_eq!(before, after);
    assert!(!files_with(&sandbox, NAME).is_empty());
    run(&sandbox, LATER, &["erase"]).fails_with(2);
    run(&sandbox, LATER, &["erase", "--person", NAME, "-a", "Acme"]).fails_with(2);
    run(&sandbox, LATER, &["erase", "--person", "Al", "--yes"]).fails_with(5);
    // Another customer's account does not exist, and its people are not touched.
    run(&sandbox, LATER, &["erase", "-a", "Beta", "--customer", "nobody", "--yes"]).fails_with(4);
    let foreign =
        run(&sandbox, LATER, &["erase", "--person", NAME, "--customer", "other", "--yes", "--json"]);
    assert_eq!(foreign.ok().json()["changed"], false);
    assert!(!files_with(&sandbox, NAME).is_empty());
}

#[test]
fn a_restored_backup_is_erased_again_by_the_file() {
    let sandbox = story();
    run(&sandbox, LATER, &["backup", "old.db"]).ok();
    erase(&sandbox, &["--yes", "--erasures", "erasures.jsonl"]).ok();
    run(&sandbox, LATER, &["erase", "-a", "Beta", "--yes", "--erasures", "erasures.jsonl"]).ok();
    run(&sandbox, LATER, &["restore", "old.db", "--force", "--yes"]).ok();
    assert!(!files_with(&sandbox, NAME).is_empty());
    let words = ["restore", "old.db", "--force", "--yes", "--erasures", "erasures.jsonl"];
    let dry = run(&sandbox, LATER, &[&words[..], &["--dry-run"]].concat());
    assert!(dry.ok().stdout.contains("2 erasures would be repeated"), "{}", dry.stdout);
    assert!(!files_with(&sandbox, NAME).is_empty());
    let dry = run(&sandbox, LATER, &[&words[..], &["--dry-run", "--json"]].concat()).ok().json();
    let held = dry["accounts"].as_u64();
    let view = run(&sandbox, LATER, &[&words[..], &["--json"]].concat()).ok().json();
    shape::check("restore", &view);
    assert_eq!((&view["erased"], &view["erasures"]), (&json!(2), &json!(2)));
    assert_eq!(view["accounts"].as_u64().map(|left| left + 1), held, "what is in it now is counted");
    assert_eq!(files_with(&sandbox, NAME), [""; 0]);
    run(&sandbox, LATER, &["latest", "-a", "Beta"]).fails_with(4);
    run(&sandbox, LATER, &["verify"]).ok();
    sandbox.write("bad.jsonl", "{\"kind\":\"planet\"}\n");
    run(&sandbox, LATER, &["restore", "old.db", "--force", "--yes", "--erasures", "bad.jsonl"]).fails_with(5);
}

/// The whole customer of the story, with a config that names it, is taken out beside another one.
#[test]
fn a_customer_goes_with_its_name_and_the_others_stay() {
    let sandbox = story();
    sandbox.write(
        "snapshots.toml",
        "customer = \"Default\"\n[customers.default]\ntimezone = \"Europe/Berlin\"\n",
    );
    sandbox.write("default.csv", "account,kpi,value\nAcme,Zebra Index,41\n");
    let at = "2024-02-04T10:00:00Z";
    run(&sandbox, at, &["ingest", "kpis", "default.csv", "--actor", "robot of default"]).ok();
    run(&sandbox, at, &["snapshot", "tag", "-a", "Acme", "zebra-tag"]).ok();
    run(&sandbox, at, &["uploads", "undo", "7", "--yes"]).ok();
    run(&sandbox, at, &["customers", "rename", "default", "zebra holding"]).ok();
    run(&sandbox, at, &["ingest", "kpis", "later.csv", "--customer", "other"]).ok();
    run(&sandbox, LATER, &["verify", "--write-anchor", "heads.jsonl"]).ok();
    for text in ["zebra", "robot of default", NAME] {
        assert!(!files_with(&sandbox, text).is_empty(), "{text} is not there from the start");
    }
    let other = ["Acme", "Beta"].map(|account| export(&sandbox, "other", account));
    let words = ["erase", "--customer", "Zebra Holding", "--actor", "jo for zebra holding"];
    run(&sandbox, LATER, &words).fails_with(2);
    let view = run(&sandbox, LATER, &[&words[..], &["--yes", "--json"]].concat()).ok().json();
    shape::check("erase", &view);
    assert_eq!((view["kind"].clone(), view["customer_id"].clone()), (json!("customer"), json!(1)));
    assert_eq!((view["accounts"].clone(), view["named_in"].as_array().map(Vec::len)), (json!(2), Some(2)));
    for text in ["zebra", "robot of", "voc", "kpis.csv", "profiles.csv", NAME, ADDRESS] {
        let is_others = text == "kpis.csv";
        assert_eq!(files_with(&sandbox, text).is_empty(), !is_others, "{text}");
    }
    assert_eq!(["Acme", "Beta"].map(|account| export(&sandbox, "other", account)), other);
    verifies(&sandbox);
    // A second time there is nothing, and whoever relies on the config is told.
    run(&sandbox, LATER, &[&words[..], &["--yes"]].concat()).fails_with(4);
    let told = run(&sandbox, LATER, &["latest", "-a", "Acme"]);
    told.fails_with(4);
    for text in ["no customer 'Default'", "snapshots.toml:1 (customer)", "erased at 2024-03-01T10:00:00"] {
        assert!(told.stderr.contains(text), "{text}\n{}", told.stderr);
    }
    // A new one of the same name begins anew, with numbers of its own.
    run(&sandbox, "2024-03-02T10:00:00Z", &["ingest", "kpis", "kpis.csv"]).ok();
    verifies(&sandbox);
    let latest = run(&sandbox, "2024-03-03T10:00:00Z", &["latest", "-a", "Acme", "--json"]).ok().json();
    assert_eq!(
        (latest["customer"].clone(), latest["snapshot_sequence_number"].clone()),
        (json!("Default"), json!(1))
    );
    run(&sandbox, "2024-03-03T10:00:00Z", &["verify", "--write-anchor", "heads.jsonl"]).ok();
    let heads = sandbox.read("heads.jsonl");
    assert!(heads.contains("\"(erased)\""), "{heads}");
}

#[test]
fn a_customer_is_erased_by_a_flag_alone_and_again_from_a_backup() {
    let sandbox = story();
    run(&sandbox, LATER, &["backup", "old.db"]).ok();
    sandbox.command(["erase", "--yes"]).at(LATER).env("ACCTSNAP_CUSTOMER", "other").run().fails_with(2);
    run(&sandbox, LATER, &["erase", "--customer", "nobody", "--yes"]).fails_with(4);
    let dry = run(&sandbox, LATER, &["erase", "--customer", "other", "--dry-run", "--json"]).ok().json();
    assert_eq!((dry["dry_run"].clone(), dry["changed"].clone()), (json!(true), json!(true)));
    run(&sandbox, LATER, &["latest", "-a", "Beta", "--customer", "other"]).ok();
    let words = ["--yes", "--erasures", "erasures.jsonl"];
    run(&sandbox, LATER, &[&["erase", "-a", "Beta"], &words[..]].concat()).ok();
    let view = run(&sandbox, LATER, &[&["erase", "--customer", "default", "--json"], &words[..]].concat());
    let copies = view.ok().json()["copies"].to_string();
    assert!(copies.contains("old.db"), "{copies}");
    assert!(!sandbox.read("erasures.jsonl").contains("default"));
    let restore = ["restore", "old.db", "--force", "--yes", "--erasures", "erasures.jsonl", "--json"];
    assert_eq!(run(&sandbox, LATER, &restore).ok().json()["erased"], 2);
    assert_eq!(files_with(&sandbox, NAME), [""; 0]);
    run(&sandbox, LATER, &["latest", "-a", "Acme"]).fails_with(4);
    run(&sandbox, LATER, &["latest", "-a", "Acme", "--customer", "other"]).ok();
    run(&sandbox, LATER, &["verify"]).ok();
    // What was erased from a backup of after the erasure, too, is passed over.
    run(&sandbox, LATER, &["backup", "new.db"]).ok();
    let restore = ["restore", "new.db", "--force", "--yes", "--erasures", "erasures.jsonl", "--json"];
    assert_eq!(run(&sandbox, LATER, &restore).ok().json()["erased"], 0);
    let told = run(&sandbox, LATER, &restore[..restore.len() - 1]).ok().stdout.clone();
    assert!(told.contains("0 of 2 erasures repeated; of the other 2 the backup holds nothing"), "{told}");
}

#[test]
fn an_account_s_name_goes_from_the_names_of_files_too() {
    let sandbox = story();
    sandbox.write("acme_june.csv", "account,kpi,value\nAcme,NPS,12\nBeta,NPS,13\n");
    sandbox.write("seen again, ACME.csv", "account,kpi,value\nAcme,NPS,12\nBeta,NPS,13\n");
    for (day, file) in [(4, "acme_june.csv"), (5, "seen again, ACME.csv")] {
        run(&sandbox, &format!("2024-02-{day:02}T10:00:00Z"), &["ingest", "kpis", file]).ok();
    }
    run(&sandbox, LATER, &["verify", "--write-anchor", "heads.jsonl"]).ok();
    run(&sandbox, LATER, &["erase", "-a", "Acme", "--yes", "--customer", "other"]).ok();
    assert!(!files_with(&sandbox, "acme").is_empty());
    run(&sandbox, LATER, &["erase", "-a", "Acme", "--yes"]).ok();
    assert_eq!(files_with(&sandbox, "acme"), [""; 0]);
    let list = run(&sandbox, LATER, &["uploads", "list", "--json"]).ok().stdout.clone();
    assert!(list.contains("(erased)_june.csv"), "{list}");
    verifies(&sandbox);
    // The number is not told as one that retention took.
    let gone = run(&sandbox, LATER, &["snapshot", "show", "1"]);
    gone.fails_with(4);
    assert!(gone.stderr.contains("erased") && !gone.stderr.contains("retention"), "{}", gone.stderr);
}

#[test]
fn a_person_s_name_goes_from_the_names_of_files_too() {
    let sandbox = Sandbox::new();
    sandbox.write("jane_doe-june.csv", "account,csm\nAcme,Jane Doe\n");
    run(&sandbox, "2024-02-01T10:00:00Z", &["ingest", "profiles", "jane_doe-june.csv"]).ok();
    run(&sandbox, "2024-02-01T10:00:00Z", &["verify", "--write-anchor", "heads.jsonl"]).ok();
    run(&sandbox, LATER, &["erase", "--person", "Jane Doe", "--yes"]).ok();
    let list = run(&sandbox, LATER, &["uploads", "list", "--json"]).ok().json();
    assert_eq!(list["items"][0]["file"], "(erased)-june.csv");
    assert_eq!(files_with(&sandbox, "jane"), [""; 0]);
    verifies(&sandbox);
}

#[test]
fn what_is_told_apart_by_names_alone_is_not_made_one() {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", "account,kpi,value\nAcme,NPS,40\n");
    sandbox.write(
        "runs.csv",
        "account,playbook_id,execution_id,status,started_at\nAcme,save,for Jane Doe,completed,2024-01-01\n\
         Acme,save,for John Roe,completed,2024-01-02\n",
    );
    sandbox.write(
        "notes.csv",
        "account,note_id,note,date\nAcme,Ann Poe,one,2024-01-01\nAcme,Bob Loe,two,2024-01-02\n",
    );
    sandbox.write("profiles.csv", "account,Jim Coe,Tim Foe\nAcme,5,7\n");
    for kind in ["kpis", "playbooks", "notes", "profiles"] {
        let file = if kind == "playbooks" { "runs.csv".to_owned() } else { format!("{kind}.csv") };
        run(&sandbox, "2024-02-01T10:00:00Z", &["ingest", kind, &file]).ok();
    }
    run(&sandbox, LATER, &["verify", "--write-anchor", "heads.jsonl"]).ok();
    for [one, other] in [["Jane Doe", "John Roe"], ["Ann Poe", "Bob Loe"], ["Jim Coe", "Tim Foe"]] {
        let both = run(&sandbox, LATER, &["erase", "--person", one, "--person", other, "--yes"]);
        assert!(both.fails_with(5).stderr.contains("a fact lost"), "{}", both.stderr);
        assert!(!files_with(&sandbox, &one.to_lowercase()).is_empty(), "nothing was written");
        run(&sandbox, LATER, &["erase", "--person", one, "--yes"]).ok();
        run(&sandbox, LATER, &["erase", "--person", other, "--yes"]).fails_with(5);
        verifies(&sandbox);
    }
}
