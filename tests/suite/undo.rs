//! `uploads undo` and `uploads redo`: what remains is what the remaining uploads alone would have given, of every kind;
//! nothing that was written changes; it can be done twice, and back.

use crate::support::book::{nps, rows};
use crate::support::chain::{check, tables};
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

/// One file: which kind, and a text.
type File = (&'static str, String);

fn file() -> impl Strategy<Value = File> {
    let account = prop::sample::select(vec!["Acme", "Beta"]);
    let kpi = prop::sample::select(vec!["NPS", "CSAT", "Ticket Volume"]);
    let day = prop::sample::select(vec!["", "2026-11-20", "2026-11-21"]);
    let kpis = prop::collection::btree_map((account.clone(), kpi, day), 1..4_u8, 1..4).prop_map(|rows| {
        let rows =
            rows.into_iter().map(|((account, kpi, day), value)| format!("{account},{kpi},{value},{day}\n"));
        ("kpis", std::iter::once("account,kpi,value,date\n".to_owned()).chain(rows).collect())
    });
    let cell = |values: &'static [&'static str]| prop::sample::select(values.to_vec());
    let profiles =
        (account.clone(), cell(&["", "1000", "2000"]), cell(&["", "Food", "Energy"]), cell(&["", "5", "6"]))
            .prop_map(|(account, arr, industry, seats)| {
                ("profiles", format!("account,arr,industry,seats\n{account},{arr},{industry},{seats}\n"))
            });
    let health = (account.clone(), cell(&["2026-09", "2026-10"]), cell(&["", "40", "70"]), cell(&["30", "60"]))
        .prop_map(|(account, month, overall, support)| {
            ("health", format!("account,period,overall_health_score,support_score\n{account},{month},{overall},{support}\n"))
        });
    let playbooks = (
        account.clone(),
        cell(&["r1", "r2"]),
        cell(&["in-progress", "completed"]),
        cell(&["", "ask", "tell"]),
    )
        .prop_map(|(account, run, status, step)| {
            (
                "playbooks",
                format!(
                    "execution id,account,status,current step\n{account}-{run},{account},{status},{step}\n"
                ),
            )
        });
    let notes = (account, cell(&["n1", "n2"]), cell(&["", "Call", "Visit"]), cell(&["one", "two"])).prop_map(
        |(account, note, title, content)| {
            (
                "notes",
                format!("note id,account,title,content\n{account}-{note},{account},{title},{content}\n"),
            )
        },
    );
    prop_oneof![3 => kpis, 1 => profiles, 1 => health, 1 => playbooks, 1 => notes]
}

fn hand_in(sandbox: &Sandbox, place: usize, file: &File) {
    let name = format!("{place}.csv");
    sandbox.write(&name, &file.1);
    let time = format!("08:{place:02}:00");
    sandbox.at(&time, &["ingest", file.0, &name, "--force"]).ok();
}

fn with_accounts() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("accounts.csv", "account\nAcme\nBeta\n");
    sandbox.at("07:00:00", &["ingest", "profiles", "accounts.csv"]).ok();
    sandbox
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever was handed in and taken back: the same as had the uploads that remain been the only ones.
    #[test]
    fn what_remains_is_what_the_remaining_uploads_alone_would_have_given(
        files in prop::collection::vec(file(), 1..7),
        turns in prop::collection::vec(0..7_usize, 1..4),
    ) {
        let (whole, alone) = (with_accounts(), with_accounts());
        files.iter().enumerate().for_each(|(place, file)| hand_in(&whole, place, file));
        let mut undone = std::collections::BTreeSet::new();
        for (step, turn) in turns.iter().enumerate() {
            let place = turn % files.len();
            let command = if undone.remove(&place) { "redo" } else { "undo" };
            if command == "undo" {
                undone.insert(place);
            }
            undo(&whole, &format!("09:{step:02}:00"), place + 2, command);
        }
        let remaining = files.iter().enumerate().filter(|(place, _)| !undone.contains(place));
        remaining.for_each(|(place, file)| hand_in(&alone, place, file));
        prop_assert_eq!(known(&whole), known(&alone));
        prop_assert_eq!(contents(&whole, "10:00:00"), contents(&alone, "10:00:00"));
        sound(&whole);
    }
}
