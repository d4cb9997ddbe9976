//! `uploads undo` and `uploads redo`: what remains is what the remaining uploads alone would have given, of every kind;
//! nothing that was written changes; it can be done twice, and back.

use crate::support::book::{nps, rows};
use crate::support::chain::{check, tables};
use crate::support::random::times;
use crate::support::{Sandbox, shape};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Everything that people are shown of what is known, whoever said it and when it was recorded.
#[expect(clippy::expect_used, reason = "a test that cannot look into its database cannot go on")]
fn known(sandbox: &Sandbox) -> Vec<String> {
    let sql = sandbox.sql();
    let mut lines = Vec::new();
    for query in [
        "SELECT 'now|' || account_name || '|' || kpi || '|' || coalesce(value, '-') || '|' || observed_at || '|'
         || coalesce(score, '-') FROM v_kpi_current ORDER BY 1",
        "SELECT 'month|' || account_name || '|' || month || '|' || coalesce(overall_health_score, '-') || '|'
         || coalesce(support_score, '-') || '|' || is_current FROM v_health_scores
         WHERE health_score_source = 'ingested' ORDER BY 1",
        "SELECT 'run|' || account_name || '|' || execution_id || '|' || status || '|' || coalesce(current_step, '-')
         || '|' || coalesce(completed_at, '-') FROM v_playbooks ORDER BY 1",
        "SELECT 'note|' || account_name || '|' || note_id || '|' || coalesce(title, '-') || '|' || coalesce(content, '-')
         FROM v_notes ORDER BY 1",
    ] {
        let mut statement = sql.prepare(query).expect("a view");
        let found = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        lines.extend(found.collect::<Result<Vec<_>, _>>().expect("texts"));
    }
    lines
}

/// The content of snapshots that are taken now of all accounts.
fn contents(sandbox: &Sandbox, time: &str) -> Vec<(String, Value)> {
    sandbox.at(time, &["snapshot", "create", "--all"]).ok();
    let all = sandbox.latest_of_all(time, "default");
    all.into_iter().map(|view| (view["account_name"].to_string(), view["content_hash"].clone())).collect()
}

fn undo(sandbox: &Sandbox, time: &str, upload: usize, command: &str) -> Value {
    let answer = sandbox.at(time, &["uploads", command, &upload.to_string(), "--yes", "--json"]).ok().json();
    shape::check("upload_undo", &answer);
    answer
}

/// The digests are those of the rows, whatever was taken back, and every cache and snapshot is what the history gives.
fn sound(sandbox: &Sandbox) {
    let total = tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum::<u64>();
    assert_eq!(check(&sandbox.sql()), (vec![], total));
    let verified = sandbox.at("23:00:00", &["verify", "--json"]).json();
    assert_eq!(verified["findings"], json!([]), "{verified:#}");
}

#[test]
fn each_value_gets_back_what_stood_before_and_later_words_stand() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Acme", "CSAT", "4.5")]), &[]).ok();
    sandbox
        .ingest("10:10:00", &rows([("Acme", "NPS", "5"), ("Acme", "CSAT", "1"), ("Typo", "NPS", "1")]), &[])
        .ok();
    sandbox.ingest("10:20:00", &rows([("Acme", "CSAT", "3")]), &[]).ok();
    let answer = undo(&sandbox, "10:21:00", 2, "undo");
    assert_eq!(
        answer["accounts"],
        json!({"touched": 2, "changed": 2, "archived": 1, "archived_names": ["Typo"]})
    );
    // Both of Acme's and the one of Typo: the third upload left the wrong NPS in place.
    assert_eq!(answer["snapshots"], json!({"created": 1, "failed": 0, "retracted": 3, "flushed": 0}));
    assert_eq!(answer["later_uploads"], json!([{"upload_id": 3, "file": "kpis.csv", "accounts": 1}]));
    let latest = sandbox.latest("10:22:00", "Acme");
    assert_eq!((&latest["trigger_action"], &latest["retracted"]), (&json!("upload_undone"), &Value::Null));
    let remaining = Sandbox::new();
    remaining.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Acme", "CSAT", "4.5")]), &[]).ok();
    remaining.ingest("10:20:00", &rows([("Acme", "CSAT", "3")]), &[]).ok();
    let of_acme = |sandbox: &Sandbox| {
        known(sandbox).into_iter().filter(|line| line.contains("Acme")).collect::<Vec<_>>()
    };
    assert_eq!(of_acme(&sandbox), of_acme(&remaining));
    sound(&sandbox);
}

#[test]
fn retracted_snapshots_stay_say_so_and_are_passed_over() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    sandbox.ingest("10:10:00", &nps("Acme", "-90"), &[]).ok();
    undo(&sandbox, "10:20:00", 2, "undo");
    let shown = sandbox.at("10:30:00", &["snapshot", "show", "2", "--json"]).ok().json();
    assert_eq!(shown["retracted"], json!({"upload_id": 2, "undone_at": "2026-11-22T10:20:00.000Z"}));
    // The movement of the new snapshot, and a comparison with the one before, know the first one only.
    let latest = sandbox.latest("10:30:00", "Acme");
    assert_eq!((&latest["snapshot_id"], &latest["health_score_change_from_last"]), (&json!(3), &json!(0)));
    let compared = sandbox.at("10:30:00", &["compare", "-a", "Acme", "--json"]).ok().json();
    assert_eq!((&compared["from"]["snapshot_id"], &compared["to"]["snapshot_id"]), (&json!(1), &json!(3)));
    let of_retracted = ["compare", "-a", "Acme", "2", "now"];
    let by_id = sandbox.at("10:30:00", &[&of_retracted[..], &["--json"]].concat()).ok().json();
    assert_eq!((&by_id["from"]["retracted"], &by_id["to"]["retracted"]), (&shown["retracted"], &Value::Null));
    let told =
        sandbox.at("10:30:00", &[&of_retracted[..], &["--format", "text"]].concat()).ok().stdout.clone();
    assert!(told.contains("retracted: upload 2, which went into it, was taken back"), "{told}");
    // As it was known before the taking back.
    let then = sandbox
        .at("10:30:00", &["latest", "-a", "Acme", "--json", "--as-of", "2026-11-22T10:15:00Z"])
        .ok()
        .json();
    assert_eq!((&then["snapshot_id"], &then["retracted"]), (&json!(2), &Value::Null));
    undo(&sandbox, "10:40:00", 2, "redo");
    let shown = sandbox.at("10:50:00", &["snapshot", "show", "2", "--json"]).ok().json();
    assert_eq!(shown["retracted"], Value::Null);
    assert_eq!(sandbox.latest("10:50:00", "Acme")["trigger_action"], "upload_redone");
    sound(&sandbox);
}

#[test]
fn twice_does_no_harm_and_the_file_may_come_again() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let first = undo(&sandbox, "10:10:00", 1, "undo");
    assert_eq!((&first["changed"], &first["accounts"]["archived"]), (&json!(true), &json!(1)));
    let again = undo(&sandbox, "10:11:00", 1, "undo");
    assert_eq!(again["changed"], false);
    assert_eq!(sandbox.count("upload_undoings"), 1);
    let listed = sandbox.at("10:12:00", &["uploads", "list", "--json"]).ok().json();
    assert_eq!(listed["items"][0]["undone_at"], "2026-11-22T10:10:00.000Z");
    let back = sandbox.ingested("10:20:00", &nps("Acme", "40"), &[]);
    assert_eq!((&back["files"][0]["status"], &back["rows"]["inserted"]), (&json!("ingested"), &json!(1)));
    sound(&sandbox);
}

#[test]
fn without_a_terminal_it_wants_a_yes_and_a_dry_run_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    sandbox
        .at("10:10:00", &["uploads", "undo", "1"])
        .fails_with(2)
        .says("hint: look at what it would do with --dry-run, then give uploads undo --yes");
    sandbox.at("10:10:00", &["uploads", "undo", "1", "--dry-run"]).ok().tells("would be taken back");
    sandbox.at("10:10:00", &["uploads", "undo", "9", "--yes"]).fails_with(4).mentions("has no upload 9");
    sandbox.at("10:10:00", &["--customer", "south", "uploads", "undo", "1", "--yes"]).fails_with(4);
    assert_eq!(sandbox.count("upload_undoings"), 0);
}

/// What is shown of accounts now, but for what tells of snapshots and of when the answer was given.
fn shown(sandbox: &Sandbox, time: &str) -> Vec<Value> {
    let mut all = sandbox.latest_of_all(time, "default");
    let of_answer =
        ["snapshot", "trigger", "chain_hash", "since", "as_of", "age_seconds", "change", "created_by"];
    for (name, value) in all.iter_mut().filter_map(Value::as_object_mut).flatten() {
        if of_answer.iter().any(|part| name.contains(part)) {
            *value = Value::Null;
        }
        if name == "sources" {
            let uploads = value.as_object().into_iter().flatten();
            *value = uploads.map(|(kind, source)| json!([kind, source["upload_id"]])).collect();
        }
    }
    all
}

/// Three files of each kind, of which the second corrects the first and the third says something of both again.
fn story() -> Sandbox {
    let sandbox = Sandbox::new();
    let files: [(&str, [&str; 3]); 5] = [
        (
            "kpis",
            [
                "account,kpi,value,weight\nAcme,NPS,40,1\nBeta,CSAT,4,1\n",
                "account,kpi,value,weight\nAcme,NPS,-90,3\nBeta,CSAT,4,2\nGamma,NPS,1,1\n",
                "account,kpi,value,weight\nAcme,CSAT,3,1\nBeta,CSAT,4,2\n",
            ],
        ),
        (
            "profiles",
            [
                "account,arr,industry\nAcme,1000,Food\nBeta,500,Food\n",
                "account,arr,industry\nAcme,10,Energy\n",
                "account,arr,industry\nAcme,,Energy\nBeta,700,\n",
            ],
        ),
        (
            "health",
            [
                "account,period,overall_health_score\nAcme,2026-09,70\nBeta,2026-09,50\n",
                "account,period,overall_health_score\nAcme,2026-10,10\n",
                "account,period,overall_health_score\nBeta,2026-10,60\n",
            ],
        ),
        (
            "playbooks",
            [
                "execution id,account,status,current step\ne1,Acme,in-progress,ask\n",
                "execution id,account,status,current step\ne1,Acme,completed,tell\ne2,Beta,completed,\n",
                "execution id,account,status,current step\ne1,Acme,completed,done\n",
            ],
        ),
        (
            "notes",
            [
                "note id,account,title,content\nn1,Acme,Call,one\nn2,Acme,Call,two\n",
                "note id,account,title,content\nn1,Acme,Visit,wrong\nn3,Beta,Call,three\n",
                "note id,account,title,content\nn2,Acme,Call,more\n",
            ],
        ),
    ];
    for round in 0..3 {
        for (place, (kind, texts)) in files.iter().enumerate() {
            sandbox.write("file.csv", texts[round]);
            sandbox.at(&format!("0{}:{place}0:00", round + 6), &["ingest", kind, "file.csv"]).ok();
        }
    }
    sandbox.at("08:55:00", &["snapshot", "create", "--all"]).ok();
    sandbox
}

#[test]
fn of_every_kind_counting_again_is_as_if_it_had_never_been_taken_back() {
    let sandbox = story();
    let (before, as_shown) = (known(&sandbox), shown(&sandbox, "09:00:00"));
    for (place, upload) in (6..11).enumerate() {
        let taken = undo(&sandbox, &format!("10:{place}0:00"), upload, "undo");
        assert_ne!(taken["accounts"]["changed"], 0, "upload {upload}: {taken:#}");
    }
    assert_ne!(known(&sandbox), before);
    sound(&sandbox);
    // As it was known before, whatever was taken back since.
    for account in ["Acme", "Beta"] {
        let words = ["latest", "-a", account, "--json", "--as-of", "2026-11-22T09:00:00Z"];
        let then = sandbox.at("11:00:00", &words).ok().json();
        let view = as_shown.iter().find(|view| view["account_name"] == account);
        assert_eq!(view.map(|view| &view["content_hash"]), Some(&then["content_hash"]));
        assert_eq!(then["retracted"], Value::Null);
    }
    for (place, upload) in (6..11).rev().enumerate() {
        undo(&sandbox, &format!("12:{place}0:00"), upload, "redo");
    }
    assert_eq!(known(&sandbox), before);
    assert_eq!(shown(&sandbox, "13:00:00"), as_shown);
    sound(&sandbox);
}

/// What an earlier version of the program wrote can be taken back too, all of it and in any order.
#[test]
fn uploads_of_an_earlier_version_are_taken_back() {
    let name = format!("{}/tests/databases/version_3.db", env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    sandbox.write("test.db", std::fs::read(name).unwrap_or_default());
    let north = |time: &str, words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().chain(["--customer", "north", "--json"]).collect();
        sandbox.at(time, &words).ok().json()
    };
    let listed = north("13:00:00", &["uploads", "list"]);
    let ids: Vec<String> =
        listed["items"].as_array().into_iter().flatten().map(|item| item["upload_id"].to_string()).collect();
    assert!(ids.len() > 5, "{listed:#}");
    let before = known(&sandbox);
    for (minute, id) in (10..).zip(&ids) {
        north(&format!("13:{minute}:00"), &["uploads", "undo", id, "--yes"]);
    }
    assert!(known(&sandbox).len() < before.len(), "{before:#?}");
    sound(&sandbox);
    for (minute, id) in (10..).zip(&ids) {
        north(&format!("14:{minute}:00"), &["uploads", "redo", id, "--yes"]);
    }
    assert_eq!(known(&sandbox), before);
    sound(&sandbox);
}

#[test]
fn comparisons_histories_and_exports_pass_over_what_was_taken_back() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    sandbox.ingest("10:10:00", &nps("Acme", "-90"), &[]).ok();
    undo(&sandbox, "10:20:00", 2, "undo");
    let json = |words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        sandbox.at("10:30:00", &words).ok().json()
    };
    let all = json(&["compare", "--all", "2026-11-22T10:15:00Z", "latest"]);
    assert_eq!(all["items"].as_array().map(Vec::len).unwrap_or_default(), 0, "{all:#}");
    let history = json(&["history", "-a", "Acme", "--kpi", "NPS"]);
    let ids: Vec<&Value> =
        history["items"].as_array().into_iter().flatten().map(|item| &item["snapshot_id"]).collect();
    assert_eq!(ids, [&json!(1), &json!(3)]);
    let said: Vec<&Value> =
        history["kpi_history"].as_array().into_iter().flatten().map(|said| &said["value"]).collect();
    assert_eq!(said, [&json!(40)]);
    sandbox.at("10:30:00", &["export", "kpis", "kpis.csv"]).ok();
    let exported = std::fs::read_to_string(sandbox.path("kpis.csv")).unwrap_or_default();
    assert!(exported.contains(",40") && !exported.contains("-90"), "{exported}");
    assert_eq!(json(&["accounts", "show", "Acme"])["newest_snapshot"]["snapshot_id"], 3);
    let explained = json(&["explain", "-a", "Acme"]);
    assert!(!explained.to_string().contains("-90"), "{explained:#}");
    let text = sandbox.at("10:30:00", &["uploads", "show", "2"]).ok().stdout.clone();
    assert!(text.contains("Taken back"), "{text}");
}

/// One file: which kind, and a text.
type File = (&'static str, String);

fn cell(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

const ACCOUNTS: &[&str] = &["Acme", "Beta"];

/// A file of a kind: its header, and rows of which each is about another thing.
fn table<K: Ord + std::fmt::Debug, V: std::fmt::Debug>(
    kind: &'static str,
    header: &'static str,
    rows: impl Strategy<Value = (K, V)>,
    line: impl Fn((K, V)) -> String,
) -> impl Strategy<Value = File> {
    prop::collection::vec(rows, 1..5).prop_map(move |rows| {
        let things: std::collections::BTreeMap<K, V> = rows.into_iter().collect();
        (kind, std::iter::once(header.to_owned()).chain(things.into_iter().map(&line)).collect())
    })
}

fn file() -> impl Strategy<Value = File> {
    let kpi =
        (cell(ACCOUNTS), cell(&["NPS", "CSAT", "Ticket Volume"]), cell(&["", "2026-11-20", "2026-11-21"]));
    let said = (cell(&["1", "2", "3", "-"]), cell(&["", "1", "2"]), cell(&["", "Low", "High"]));
    let kpis = table(
        "kpis",
        "account,kpi,date,value,weight,impact_level\n",
        (kpi, said),
        |((account, kpi, day), (value, weight, impact))| {
            format!("{account},{kpi},{day},{value},{weight},{impact}\n")
        },
    );
    let said = (cell(&["", "1000", "2000"]), cell(&["", "Food", "Energy"]), cell(&["", "5", "6"]));
    let profiles = table(
        "profiles",
        "account,arr,industry,seats\n",
        (cell(ACCOUNTS), said),
        |(account, (arr, industry, seats))| format!("{account},{arr},{industry},{seats}\n"),
    );
    let month = (cell(ACCOUNTS), cell(&["2026-09", "2026-10", "2026-10-05", "2026-10-25"]));
    let health = table(
        "health",
        "account,period,overall_health_score,support_score\n",
        (month, (cell(&["", "40", "70"]), cell(&["", "30", "60"]))),
        |((account, month), (overall, support))| format!("{account},{month},{overall},{support}\n"),
    );
    // What tells of an earlier state than is known is not taken and not kept: no execution runs here once it is over.
    let said = (cell(&["", "ask", "tell"]), cell(&["", "2026-11-02"]));
    let playbooks = table(
        "playbooks",
        "execution id,account,status,current step,completed\n",
        ((cell(ACCOUNTS), cell(&["r1", "r2"])), said),
        |((account, run), (step, completed))| {
            let (status, completed) =
                if run == "r1" { ("in-progress", "") } else { ("completed", completed) };
            format!("{account}-{run},{account},{status},{step},{completed}\n")
        },
    );
    let said = (cell(&["", "Call", "Visit"]), cell(&["one", "two"]), cell(&["", "2026-11-01", "2026-11-02"]));
    let notes = table(
        "notes",
        "note id,account,title,content,date\n",
        ((cell(ACCOUNTS), cell(&["n1", "n2", "n3"])), said),
        |((account, note), (title, content, day))| {
            format!("{account}-{note},{account},{title},{content},{day}\n")
        },
    );
    prop_oneof![4 => kpis, 1 => profiles, 2 => health, 1 => playbooks, 1 => notes]
}

fn hand_in(sandbox: &Sandbox, place: usize, file: &File) {
    let name = format!("{place}.csv");
    sandbox.write(&name, &file.1);
    let time = format!("08:{place:02}:00");
    let run = sandbox.at(&time, &["ingest", file.0, &name, "--force"]);
    // A file of which nothing is said is refused, in whichever store.
    assert!(matches!(run.code(), Some(0 | 3 | 5)), "{}", run.transcript());
}

fn with_accounts() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("accounts.csv", "account\nAcme\nBeta\n");
    sandbox.at("07:00:00", &["ingest", "profiles", "accounts.csv"]).ok();
    sandbox
}

/// Takes an upload back, or lets it count again where it is taken back; says whether it is now.
fn turn(sandbox: &Sandbox, step: usize, upload: usize, undone: &mut std::collections::BTreeSet<usize>) {
    let command = if undone.remove(&upload) { "redo" } else { "undo" };
    if command == "undo" {
        undone.insert(upload);
    }
    undo(sandbox, &format!("09:{step:02}:00"), upload, command);
}

proptest! {
    #![proptest_config(times(16))]
    /// Whatever was handed in and taken back: the same as had the uploads that remain been the only ones.
    #[test]
    fn what_remains_is_what_the_remaining_uploads_alone_would_have_given(
        files in prop::collection::vec(file(), 1..7),
        turns in prop::collection::vec(0..7_usize, 1..4),
    ) {
        let (whole, alone) = (with_accounts(), with_accounts());
        let mut uploads = std::collections::BTreeMap::new();
        for (place, file) in files.iter().enumerate() {
            let before = whole.count("uploads");
            hand_in(&whole, place, file);
            let upload = whole.count("uploads");
            if upload > before {
                uploads.insert(usize::try_from(upload).unwrap_or(0), place);
            }
        }
        let ids: Vec<usize> = uploads.keys().copied().collect();
        prop_assume!(!ids.is_empty());
        let mut undone = std::collections::BTreeSet::new();
        for (step, number) in turns.iter().enumerate() {
            turn(&whole, step, ids[number % ids.len()], &mut undone);
        }
        for (_, place) in uploads.iter().filter(|(upload, _)| !undone.contains(upload)) {
            hand_in(&alone, *place, &files[*place]);
        }
        prop_assert_eq!(known(&whole), known(&alone));
        prop_assert_eq!(contents(&whole, "10:00:00"), contents(&alone, "10:00:00"));
        sound(&whole);
    }
}

/// What a snapshot was made from is taken back while snapshots fail: the newest is retracted, and passed over.
#[test]
fn a_newest_that_is_retracted_is_marked_and_passed_over() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", "account,kpi,value\nAcme,NPS,40\nBeta,NPS,10\n");
    sandbox.write("two.csv", "account,kpi,value\nAcme,NPS,-40\n");
    sandbox.command(["ingest", "kpis", "one.csv"]).at("2026-01-01T10:00:00Z").run().ok();
    let told = sandbox.command(["ingest", "kpis", "two.csv"]).at("2026-01-02T10:00:00Z").run();
    assert!(told.ok().stdout.contains("\nundo: acctsnap uploads undo 2\n"), "{}", told.stdout);
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON snapshots BEGIN SELECT RAISE(ABORT, 'no more'); END";
    sandbox.sql().execute_batch(refuse).expect("a trigger");
    sandbox.command(["uploads", "undo", "2", "--yes"]).at("2026-01-03T10:00:00Z").run();
    sandbox.sql().execute_batch("DROP TRIGGER refuse").expect("the trigger goes");
    let latest = sandbox.command(["latest", "-a", "Acme", "--json"]).at("2026-01-04T10:00:00Z").run();
    assert_eq!(latest.ok().json()["snapshot_id"], 1);
    let newest = |account: &str| -> i64 {
        let sql = "SELECT snapshot_id FROM v_latest WHERE account_name = ?1";
        sandbox.sql().query_row(sql, [account], |row| row.get(0)).expect("a row of v_latest")
    };
    assert_eq!((newest("Acme"), newest("Beta")), (1, 2));
    let list = sandbox.command(["snapshot", "list", "--json"]).at("2026-01-04T10:00:00Z").run().ok().json();
    let marks: Vec<bool> =
        list["items"].as_array().expect("items").iter().map(|item| !item["retracted"].is_null()).collect();
    assert_eq!(marks, [true, false, false]);
    assert_eq!(list["items"][0]["retracted"]["upload_id"], 2);
    let text = sandbox.command(["snapshot", "list"]).at("2026-01-04T10:00:00Z").run();
    assert!(text.ok().stdout.contains(" retracted "), "{}", text.stdout);
    sandbox.command(["uploads", "redo", "2", "--yes"]).at("2026-01-05T10:00:00Z").run().ok();
    assert_eq!(newest("Acme"), 4);
}
