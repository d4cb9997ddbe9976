//! Several rows of one account in a profile file: put together, or set aside, and always counted.

use crate::support::Sandbox;
use serde_json::json;

#[test]
fn rows_that_only_the_database_knows_for_one_account_are_counted_whatever_becomes_of_them() {
    let sandbox = Sandbox::new();
    sandbox.write("known.csv", "id,name,region\n1,Acme,EMEA\n");
    sandbox.run(["ingest", "profiles", "known.csv"]).ok();
    sandbox.write("again.csv", "id,name,region,seats\n1,Acme,EMEA,\n1,Acme,,5\n,Acme,APAC,\n2,Bolt,X,\n");
    let answer = sandbox.run(["ingest", "profiles", "again.csv", "--on-error", "skip", "--json"]);
    let rows = answer.fails_with(3).json()["files"][0]["rows"].clone();
    assert_eq!(rows, json!({"read": 4, "inserted": 1, "updated": 0, "unchanged": 1, "rejected": 2}));
}

#[test]
fn rows_that_complete_each_other_make_one_event() {
    let sandbox = Sandbox::new();
    sandbox.write("p.csv", "name,region,arr,currency\nAcme,EMEA,,\nAcme,,5,\nacme,,,EUR\n");
    let answer = sandbox.run(["ingest", "profiles", "p.csv", "--json"]).ok().json();
    let file = &answer["files"][0];
    assert_eq!(file["rows"], json!({"read": 3, "inserted": 1, "updated": 0, "unchanged": 2, "rejected": 0}));
    assert_eq!(file["events"]["published"], 1);
    let latest = sandbox.run(["latest", "-a", "Acme", "--json"]).ok().json();
    assert_eq!((&latest["revenue"], &latest["currency"]), (&json!(5), &json!("EUR")));
}

#[test]
fn sheets_that_contradict_each_other_are_named_with_rows_and_values() {
    let sandbox = Sandbox::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        (
            "Profile",
            [
                ["Account ID", "Account Name", "Executive Sponsor"],
                ["A1", "Acme", "Ada"],
                ["B2", "Beta", "Bo"],
            ],
        ),
        (
            "Champions",
            [
                ["Account ID", "Primary Champion Name", "Executive Sponsor"],
                ["B2", "Cy", "Bo"],
                ["A1", "Di", "Eve"],
            ],
        ),
    ] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, cells) in (0_u32..).zip(rows) {
            sheet.write_row(row, 0, cells).expect("a row");
        }
    }
    book.save(sandbox.path("p.xlsx")).expect("the workbook");
    let run = sandbox.at("10:00:00", &["ingest", "profiles", "p.xlsx"]);
    run.fails_with(5)
        .mentions("different values of executive_sponsor")
        .mentions("Ada (row 2 of sheet Profile)")
        .mentions("Eve (row 3 of sheet Champions)")
        .mentions("--duplicates first|last");
    sandbox.at("10:00:00", &["ingest", "profiles", "p.xlsx", "--duplicates", "last"]).ok();
    assert_eq!(sandbox.latest("11:00:00", "Acme")["executive_sponsor"], "Eve");
}
