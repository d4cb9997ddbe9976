//! `accounts merge` against a naive model: whatever was handed in of two accounts before and after they were merged, and
//! whatever was taken back on the way: the one account is what it would be had its own files, and of the other's those
//! rows that fill gaps, been handed in of it alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Sandbox;
use crate::support::chain::{check, tables};
use crate::support::random::times;
use proptest::prelude::*;
use serde_json::{Value, json};

const FROM: &str = "Acme";
const INTO: &str = "Bolt";

/// What a file says of one thing: a KPI, a field of the profile, a month, an execution or a note.
#[derive(Debug, Clone)]
struct Row {
    account: &'static str,
    topic: &'static str,
    cells: Vec<&'static str>,
}

/// A file of a kind.
#[derive(Debug, Clone)]
struct File {
    kind: &'static str,
    rows: Vec<Row>,
}

const FIELDS: [&str; 3] = ["arr", "industry", "seats"];

impl File {
    fn text(&self) -> String {
        let header = match self.kind {
            "kpis" => "account,kpi,date,value,weight,impact_level",
            "profiles" => "account,arr,industry,seats",
            "health" => "account,period,overall_health_score,support_score",
            "playbooks" => "account,execution id,status,current step",
            _ => "account,note id,title,content",
        };
        let mut lines = vec![header.to_owned()];
        if self.kind == "profiles" {
            for account in [FROM, INTO] {
                let cell = |field: &&str| {
                    let row = self.rows.iter().find(|row| row.account == account && row.topic == *field);
                    row.map_or("", |row| row.cells[0])
                };
                let cells: Vec<&str> = FIELDS.iter().map(cell).collect();
                if cells.iter().any(|cell| !cell.is_empty()) {
                    lines.push(format!("{account},{}", cells.join(",")));
                }
            }
        } else {
            let line = |row: &Row| format!("{},{},{}", row.account, row.topic, row.cells.join(","));
            lines.extend(self.rows.iter().map(line));
        }
        lines.join("\n") + "\n"
    }

    /// Some of its rows, all of them of the account that stands for both.
    fn of_one(&self, is_kept: impl Fn(&Row) -> bool) -> Self {
        let rows = self.rows.iter().filter(|row| is_kept(row));
        Self { kind: self.kind, rows: rows.map(|row| Row { account: INTO, ..row.clone() }).collect() }
    }

    /// One row of each thing and day, whichever of the names it bears.
    fn with_one_of_each(mut self) -> Self {
        let mut seen = BTreeSet::new();
        let day = |row: &Row| if self.kind == "kpis" { row.cells[0] } else { "" };
        let is_first: Vec<bool> = self.rows.iter().map(|row| seen.insert((row.topic, day(row)))).collect();
        let mut is_first = is_first.into_iter();
        self.rows.retain(|_| is_first.next() == Some(true));
        self
    }
}

fn cell(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

fn file_of(
    kind: &'static str,
    topics: &'static [&'static str],
    cells: impl Strategy<Value = Vec<&'static str>>,
) -> impl Strategy<Value = File> {
    let row = (cell(&[FROM, INTO]), cell(topics), cells);
    prop::collection::vec(row, 1..6).prop_map(move |rows| {
        let mut seen = BTreeSet::new();
        let mut rows: Vec<Row> =
            rows.into_iter().map(|(account, topic, cells)| Row { account, topic, cells }).collect();
        rows.retain(|row| {
            let day = if kind == "kpis" { row.cells[0] } else { "" };
            seen.insert((row.account, row.topic, day))
        });
        File { kind, rows }
    })
}

fn file() -> impl Strategy<Value = File> {
    let day = cell(&["", "", "2026-11-20", "2026-11-21"]);
    let said = (day, cell(&["1", "2", "3", "-"]), cell(&["", "1", "2"]), cell(&["", "Low", "High"]));
    let kpis = file_of(
        "kpis",
        &["NPS", "CSAT", "Ticket Volume", "Churn Rate"],
        said.prop_map(|(day, value, weight, impact)| vec![day, value, weight, impact]),
    );
    let profiles = file_of("profiles", &FIELDS, cell(&["1000", "2000"]).prop_map(|value| vec![value]));
    let scores = (cell(&["40", "70"]), cell(&["", "30", "60"]));
    let health = file_of(
        "health",
        &["2026-08", "2026-09", "2026-10"],
        scores.prop_map(|(overall, support)| vec![overall, support]),
    );
    let playbooks = file_of(
        "playbooks",
        &["r1", "r2"],
        cell(&["", "ask", "tell"]).prop_map(|step| vec!["running", step]),
    );
    let notes = file_of(
        "notes",
        &["n1", "n2", "n3"],
        (cell(&["Call", "Visit"]), cell(&["one", "two"])).prop_map(|(title, text)| vec![title, text]),
    );
    prop_oneof![5 => kpis, 2 => profiles, 2 => health, 1 => playbooks, 1 => notes]
}

/// Hands a file in; the number of its upload, which a file that was refused has not.
fn hand_in(sandbox: &Sandbox, place: usize, file: &File) -> Option<i64> {
    let before = sandbox.count("uploads");
    let name = format!("{place}.csv");
    sandbox.write(&name, file.text());
    let run = sandbox.at(&format!("08:{place:02}:00"), &["ingest", file.kind, &name, "--force"]);
    assert!(matches!(run.code(), Some(0 | 3)), "{}", run.transcript());
    let upload = sandbox.count("uploads");
    (upload > before).then_some(upload)
}

/// Hands files in, one a minute; each that was taken with the number of its upload.
fn all_in(sandbox: &Sandbox, first: usize, files: Vec<File>) -> Vec<(i64, File)> {
    let taken = files.into_iter().zip(first..);
    taken.filter_map(|(file, place)| Some((hand_in(sandbox, place, &file)?, file))).collect()
}

fn with_accounts(names: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("accounts.csv", format!("account\n{names}"));
    sandbox.at("07:00:00", &["ingest", "profiles", "accounts.csv"]).ok();
    sandbox
}

/// What is shown of the account, of a snapshot that is taken now.
#[expect(clippy::expect_used, reason = "a test that cannot look into its database cannot go on")]
fn shown(sandbox: &Sandbox) -> (Value, Vec<String>) {
    sandbox.at("22:00:00", &["snapshot", "create", "-a", INTO]).ok();
    let mut latest = sandbox.latest("22:00:01", INTO);
    let of_state =
        ["revenue", "score", "status", "kpis", "industry", "attributes", "note", "playbook", "hash"];
    let of_history = ["change", "trend", "chain", "recent_playbook", "age", "last_playbook", "config"];
    if let Some(fields) = latest.as_object_mut() {
        fields.retain(|name, _| {
            of_state.iter().any(|part| name.contains(part))
                && !of_history.iter().any(|part| name.contains(part))
        });
        // Notes without a day stand in the order of their rows, which a merge writes last.
        fields.remove("content_hash");
        if let Some(notes) = fields.get_mut("recent_csm_note_ids").and_then(Value::as_array_mut) {
            notes.sort_by_key(ToString::to_string);
        }
    }
    let sql = sandbox.sql();
    let mut lines = Vec::new();
    for query in [
        "SELECT kpi || '|' || coalesce(value, '-') || '|' || observed_at || '|' || coalesce(score, '-')
         FROM v_kpi_current WHERE account_name = ?1 ORDER BY 1",
        "SELECT month || '|' || coalesce(overall_health_score, '-') || '|' || coalesce(support_score, '-') || '|'
         || is_current FROM v_health_scores WHERE account_name = ?1 AND health_score_source = 'ingested' ORDER BY 1",
        "SELECT execution_id || '|' || status || '|' || coalesce(current_step, '-') FROM v_playbooks
         WHERE account_name = ?1 ORDER BY 1",
        "SELECT note_id || '|' || coalesce(title, '-') || '|' || coalesce(content, '-') FROM v_notes
         WHERE account_name = ?1 ORDER BY 1",
    ] {
        let mut statement = sql.prepare(query).expect("a view");
        let found = statement.query_map([INTO], |row| row.get::<_, String>(0)).expect("rows");
        lines.extend(found.collect::<Result<Vec<_>, _>>().expect("texts"));
    }
    (latest, lines)
}

fn sound(sandbox: &Sandbox) {
    let total = tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum::<u64>();
    assert_eq!(check(&sandbox.sql()), (vec![], total));
    let verified = sandbox.at("23:00:00", &["verify", "--json"]).json();
    assert_eq!(verified["findings"], json!([]), "{verified:#}");
}

/// Takes an upload back, or lets it count again where it was taken back.
fn turn(sandbox: &Sandbox, time: &str, upload: i64, undone: &mut BTreeSet<i64>) {
    let command = if undone.remove(&upload) { "redo" } else { "undo" };
    if command == "undo" {
        undone.insert(upload);
    }
    sandbox.at(time, &["uploads", command, &upload.to_string(), "--yes"]).ok();
}

/// What of the files would have been handed in of the one account alone.
fn alone(before: &[(i64, File)], after: &[(i64, File)], undone: &BTreeSet<i64>) -> Vec<(i64, File)> {
    let counting = |files: &[(i64, File)]| -> Vec<(i64, File)> {
        files.iter().filter(|(upload, _)| !undone.contains(upload)).cloned().collect()
    };
    let (before, after) = (counting(before), counting(after));
    let own = before.iter().flat_map(|(_, file)| file.rows.iter().map(move |row| (file.kind, row)));
    let known: BTreeSet<(&str, &str)> =
        own.filter(|(_, row)| row.account == INTO).map(|(kind, row)| (kind, row.topic)).collect();
    let kept = before.iter().map(|(upload, file)| {
        let is_kept = |row: &Row| row.account == INTO || !known.contains(&(file.kind, row.topic));
        (*upload, file.of_one(is_kept))
    });
    let kept = kept.chain(after.iter().map(|(upload, file)| (*upload, file.of_one(|_| true))));
    kept.filter(|(_, file)| !file.rows.is_empty()).collect()
}

proptest! {
    #![proptest_config(times(24))]
    #[test]
    fn the_one_account_is_what_its_own_files_and_those_that_fill_gaps_say(
        before in prop::collection::vec(file(), 1..6),
        early in prop::collection::vec(0..6_usize, 0..2),
        after in prop::collection::vec(file(), 0..4),
        late in prop::collection::vec(0..10_usize, 0..5),
    ) {
        let whole = with_accounts(&format!("{FROM}\n{INTO}\n"));
        let mut undone = BTreeSet::new();
        let before = all_in(&whole, 1, before);
        let uploads: Vec<i64> = before.iter().map(|(upload, _)| *upload).collect();
        for number in &early {
            turn(&whole, "08:30:00", uploads[number % uploads.len()], &mut undone);
        }
        whole.at("08:30:00", &["accounts", "merge", FROM, INTO, "--yes"]).ok();
        let after: Vec<File> = after.into_iter().map(File::with_one_of_each).collect();
        let after = all_in(&whole, 31, after);
        let uploads: Vec<i64> = before.iter().chain(&after).map(|(upload, _)| *upload).collect();
        for (step, number) in late.iter().enumerate() {
            turn(&whole, &format!("09:{step:02}:00"), uploads[number % uploads.len()], &mut undone);
        }
        let lone = with_accounts(&format!("{INTO}\n"));
        let places: BTreeMap<i64, usize> = uploads.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        for (upload, file) in alone(&before, &after, &undone) {
            hand_in(&lone, places[&upload], &file);
        }
        sound(&whole);
        prop_assert_eq!(shown(&whole), shown(&lone));
    }
}
