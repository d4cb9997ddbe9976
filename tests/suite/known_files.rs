//! A file that was ingested before is known again, whatever its KPIs are called by now; it is read anew only where its
//! values would be others.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;

use crate::support::Sandbox;
use crate::support::book::rows;
use serde_json::{Value, json};

fn file(values: [&str; 3]) -> String {
    let [usage, seats, calls] = values;
    rows([("Acme", "Feature Adoption Rate", usage), ("Acme", "Seats", seats), ("Acme", "Calls", calls)])
}

/// What an earlier file said, and what a later one made of it.
fn with_two_files() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &file(["10%", "1", "2"]), &[]).ok();
    sandbox.ingest("11:00:00", &file(["20%", "3", "4"]), &[]).ok();
    sandbox
}

#[track_caller]
fn again(sandbox: &Sandbox) -> Value {
    sandbox.ingested("13:00:00", &file(["10%", "1", "2"]), &[])
}

fn values(sandbox: &Sandbox) -> Vec<f64> {
    let sql = sandbox.sql();
    let mut statement = sql.prepare("SELECT value FROM v_kpi_current ORDER BY value").expect("the view");
    let values = statement.query_map([], |row| row.get(0)).expect("rows");
    values.map(|value| value.expect("a number")).collect()
}

#[test]
fn another_name_of_a_kpi_makes_no_known_file_new() {
    let commands: [&[&str]; 6] = [
        &["rename", "Feature Adoption Rate", "Adoption"],
        &["rename", "Seats", "Seats Used"],
        &["alias", "Feature Adoption Rate", "FAR"],
        &["alias", "Seats", "Places"],
        &["retire", "Calls"],
        &["set", "Meetings", "--unit", "count"],
    ];
    for command in commands {
        let sandbox = with_two_files();
        sandbox.at("12:00:00", &[&["kpis"], command].concat()).ok();
        let answer = again(&sandbox);
        assert_eq!(answer["status"], "unchanged_file", "{command:?}");
        assert_eq!((&answer["superseded"], values(&sandbox)), (&json!(3), vec![3.0, 4.0, 20.0]));
    }
}

#[test]
fn a_name_that_came_to_lead_to_another_kpi_of_the_file_makes_it_no_new_one() {
    let sandbox = with_two_files();
    sandbox.at("12:00:00", &["kpis", "alias", "Seats", "Calls"]).ok();
    assert_eq!(again(&sandbox)["status"], "unchanged_file");
}

#[test]
fn a_kpi_of_the_settings_that_the_file_does_not_name_makes_it_no_new_one() {
    let sandbox = with_two_files();
    let toml = "[[kpi]]\nname = \"Meetings\"\nunit = \"count\"\ncategory = \"Support\"\n\
                direction = \"higher\"\ncritical_edge = 2\nhealthy_edge = 4\naliases = [\"Meets\"]\n";
    sandbox.write("snapshots.toml", toml);
    assert_eq!(again(&sandbox)["status"], "unchanged_file");
}

#[test]
fn another_unit_is_another_reading() {
    for command in [
        ["set", "Feature Adoption Rate", "--unit", "score", "--reinterpret"].as_slice(),
        &["set", "Seats", "--unit", "count"],
    ] {
        let sandbox = with_two_files();
        sandbox.at("12:00:00", &[&["kpis"], command].concat()).ok();
        sandbox.ingest("13:00:00", &file(["10", "1", "2"]), &[]).ok();
        let answer = sandbox.ingest("14:00:00", &file(["10%", "1", "2"]), &["--json", "--on-error", "skip"]);
        assert_eq!(answer.json()["status"], "ingested", "{command:?}");
    }
}

#[test]
fn a_row_that_could_not_be_read_is_read_once_its_kpi_has_the_unit() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "NPS", "40"), ("Acme", "Ticket Volume", "88%")]);
    let skip = ["--on-error", "skip"];
    sandbox.ingest("10:00:00", &file, &skip).fails_with(3);
    sandbox.at("11:00:00", &["kpis", "set", "Ticket Volume", "--unit", "%"]).ok();
    let answer = sandbox.ingested("12:00:00", &file, &skip);
    assert_eq!((&answer["status"], &answer["rows"]["inserted"]), (&json!("ingested"), &json!(1)));
}

/// The file `november.csv` of `tests/databases/version_1.sh`.
const NOVEMBER: &str = "account,external id,kpi,value,date\n\
    Acme,a-1,NPS,61,2026-11-20\n\
    Acme,a-1,Ticket Volume,N/A,2026-11-20\n\
    Beta,b-1,CSAT,4.5,2026-11-20\n";

#[test]
fn a_file_that_an_earlier_program_ingested_is_known_after_a_renaming_too() {
    let commands: [&[&str]; 3] =
        [&[], &["rename", "NPS", "Promoters"], &["alias", "Ticket Volume", "Tickets"]];
    for command in commands {
        let sandbox = Sandbox::new();
        let database = format!("{}/tests/databases/version_1.db", env!("CARGO_MANIFEST_DIR"));
        sandbox.write("test.db", fs::read(database).expect("a database of version 1"));
        for customer in ["north", "south"] {
            let customer = ["--customer", customer];
            if !command.is_empty() {
                sandbox.at("11:00:00", &[&["kpis"], command, &customer].concat()).ok();
            }
            let answer = sandbox.ingested("12:00:00", NOVEMBER, &customer);
            assert_eq!(answer["status"], "unchanged_file", "{command:?} {customer:?}");
        }
    }
}

#[test]
fn a_file_that_an_earlier_program_ingested_is_read_anew_in_another_unit() {
    let sandbox = Sandbox::new();
    let database = format!("{}/tests/databases/version_1.db", env!("CARGO_MANIFEST_DIR"));
    sandbox.write("test.db", fs::read(database).expect("a database of version 1"));
    let north = ["--customer", "north"];
    let set = ["kpis", "set", "Churn Rate", "--unit", "ratio"];
    sandbox.at("11:00:00", &[set.as_slice(), &north].concat()).ok();
    assert_eq!(sandbox.ingested("12:00:00", NOVEMBER, &north)["status"], "ingested");
}

#[test]
fn what_a_files_own_later_rows_say_supersedes_nothing_of_it() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &rows([("Acme", "Seats", "1")]), &[]).ok();
    sandbox.write("h.csv", "account,date,overall_health_score\nAcme,2026-10-05,50\nAcme,2026-10-20,60\n");
    let again = |time: &str| sandbox.at(time, &["ingest", "health", "h.csv", "--json"]).ok().json();
    assert_eq!(again("10:00:00")["rows"]["inserted"], 1, "the second day changes what the first said");
    assert_eq!(
        (&again("11:00:00")["status"], &again("11:01:00")["superseded"]),
        (&json!("unchanged_file"), &json!(0))
    );
    sandbox.write("later.csv", "account,date,overall_health_score\nAcme,2026-10-21,70\n");
    sandbox.at("12:00:00", &["ingest", "health", "later.csv"]).ok();
    assert_eq!(again("13:00:00")["superseded"], 1);
}
