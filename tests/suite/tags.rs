//! Tags and pins: names for snapshots, at most one snapshot of each account a name, usable wherever an id or a moment is.

use crate::support::book::rows;
use crate::support::{Sandbox, shape};
use serde_json::{Value, json};

/// Two accounts with two snapshots each, and a third with one.
fn story() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "10")]), &[]).ok();
    sandbox
        .ingest("11:00:00", &rows([("Acme", "NPS", "50"), ("Beta", "NPS", "20"), ("Gamma", "NPS", "5")]), &[])
        .ok();
    sandbox
}

fn json(sandbox: &Sandbox, time: &str, words: &[&str]) -> Value {
    let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
    sandbox.at(time, &words).ok().json()
}

#[test]
fn all_accounts_get_a_tag_once() {
    let sandbox = story();
    let first = json(&sandbox, "12:00:00", &["snapshot", "tag", "--all", "board-2026Q3"]);
    shape::check("tag_change", &first);
    let expected = json!({"tagged": 3, "moved": 0, "unchanged": 0, "untagged": 0, "without_snapshot": 0});
    assert_eq!((&first["accounts"], &first["changed"]), (&expected, &json!(true)));
    let again = json(&sandbox, "12:01:00", &["snapshot", "tag", "--all", "Board-2026q3"]);
    assert_eq!((&again["accounts"]["unchanged"], &again["changed"]), (&json!(3), &json!(false)));
    let list = json(&sandbox, "12:02:00", &["tags", "list"]);
    shape::check("tags", &list);
    assert_eq!(
        (&list["items"][0]["tag"], &list["items"][0]["accounts"]),
        (&json!("board-2026Q3"), &json!(3))
    );
    let latest = sandbox.latest("12:03:00", "Acme");
    assert_eq!((&latest["tags"], &latest["pinned"]), (&json!(["board-2026Q3"]), &json!(false)));
    // What was known before the tag was given has none.
    let before = json(&sandbox, "12:04:00", &["latest", "-a", "Acme", "--as-of", "2026-11-22T11:30:00Z"]);
    assert_eq!(before["tags"], json!([]));
}

#[test]
fn a_tag_names_the_snapshot_of_a_moment_and_does_not_move_by_itself() {
    let sandbox = story();
    let then =
        json(&sandbox, "12:00:00", &["snapshot", "tag", "--all", "q3", "--date", "2026-11-22T10:30:00Z"]);
    assert_eq!((&then["accounts"]["tagged"], &then["accounts"]["without_snapshot"]), (&json!(2), &json!(1)));
    assert_eq!(then["snapshot_ids"], json!([1, 2]));
    sandbox
        .at("12:01:00", &["snapshot", "tag", "-a", "Acme", "q3"])
        .fails_with(5)
        .says("error: 'q3' names another snapshot of 'Acme'; nothing was tagged");
    let moved = json(&sandbox, "12:02:00", &["snapshot", "tag", "-a", "Acme", "q3", "--move"]);
    assert_eq!((&moved["accounts"]["moved"], &moved["snapshot_ids"]), (&json!(1), &json!([3])));
    let by_id = json(&sandbox, "12:03:00", &["snapshot", "tag", "1", "first"]);
    assert_eq!(by_id["accounts"]["tagged"], 1);
    let untagged = json(&sandbox, "12:04:00", &["snapshot", "untag", "q3"]);
    assert_eq!(untagged["accounts"]["untagged"], 2);
    sandbox
        .at("12:05:00", &["snapshot", "untag", "q3"])
        .fails_with(4)
        .mentions("no snapshot has the tag 'q3'");
}

#[test]
fn a_tag_stands_where_an_id_or_a_moment_does() {
    let sandbox = story();
    sandbox.at("12:00:00", &["snapshot", "tag", "--all", "before", "--date", "2026-11-22T10:30:00Z"]).ok();
    sandbox.at("12:00:01", &["snapshot", "tag", "--all", "after"]).ok();
    let compared = json(&sandbox, "12:01:00", &["compare", "-a", "Acme", "before", "after"]);
    assert_eq!((&compared["from"]["snapshot_id"], &compared["to"]["snapshot_id"]), (&json!(1), &json!(3)));
    let shown = json(&sandbox, "12:01:00", &["snapshot", "show", "before", "-a", "Beta"]);
    assert_eq!((&shown["snapshot_id"], &shown["tags"]), (&json!(2), &json!(["before"])));
    let portfolio = json(&sandbox, "12:01:00", &["compare", "--all", "before", "after"]);
    assert_eq!(portfolio["from"]["asked"], "before");
    sandbox
        .at("12:01:00", &["snapshot", "show", "before"])
        .fails_with(2)
        .mentions("is a moment of an account; of which?");
    sandbox.at("12:01:00", &["compare", "-a", "Gamma", "before", "after"]).fails_with(4);
}

#[test]
fn a_snapshot_is_taken_with_its_marks_and_pins_stay_until_they_are_taken_away() {
    let sandbox = story();
    sandbox.at("12:00:00", &["snapshot", "create", "-a", "Acme", "--tag", "qbr", "--pin"]).ok();
    let latest = sandbox.latest("12:01:00", "Acme");
    assert_eq!((&latest["tags"], &latest["pinned"]), (&json!(["qbr"]), &json!(true)));
    let id = latest["snapshot_id"].to_string();
    sandbox.at("12:02:00", &["snapshot", "pin", &id]).ok().tells("was pinned already");
    sandbox.at("12:03:00", &["snapshot", "unpin", &id]).ok();
    assert_eq!(sandbox.latest("12:04:00", "Acme")["pinned"], false);
    // The tag is taken: nothing of the second is written.
    let before = sandbox.count("snapshots");
    sandbox.at("12:05:00", &["snapshot", "create", "-a", "Acme", "--tag", "qbr"]).fails_with(5);
    assert_eq!(sandbox.count("snapshots"), before);
}

#[test]
fn what_is_no_name_is_refused_and_another_customers_snapshots_are_not_there() {
    let sandbox = story();
    for bad in ["12", "latest", "2026-Q3", "2026-09", "a b", "=cmd", "a/b", ""] {
        sandbox.at("12:00:00", &["snapshot", "tag", "--all", bad]).fails_with(2);
    }
    for words in [
        &["snapshot", "tag", "x"][..],
        &["snapshot", "tag", "1", "x", "--all"],
        &["snapshot", "tag", "a", "b"],
    ] {
        sandbox.at("12:00:00", words).fails_with(2);
    }
    sandbox.write("south.csv", "account,kpi,value\nOther,NPS,1\n");
    sandbox.at("12:00:00", &["--customer", "south", "ingest", "kpis", "south.csv"]).ok();
    sandbox.at("12:01:00", &["snapshot", "tag", "6", "x"]).fails_with(4);
    sandbox.at("12:01:00", &["snapshot", "pin", "6"]).fails_with(4);
    sandbox.at("12:01:00", &["--customer", "south", "snapshot", "tag", "--all", "theirs"]).ok();
    assert_eq!(json(&sandbox, "12:02:00", &["tags", "list"])["count"], 0);
    sandbox.at("12:03:00", &["tags", "list"]).ok().tells("no tags yet: acctsnap snapshot tag --all NAME");
}
