//! `kpis set`, `alias`, `rename` and `retire` as a user meets them, and what stays as it was.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::book::rows;
use crate::support::{Outcome, Sandbox, chain, shape};
use acctsnap::model::health::scorer::Scorer;
use acctsnap::model::ids::SnapshotId;
use acctsnap::model::kpi::dictionary::KpiDictionary;
use acctsnap::model::snapshot::content::TopKpi;
use acctsnap::store::{Reader, SnapshotRecord, Store};
use serde_json::{Value, json};

const NPS: &str = "Net Promoter Score (NPS)";

/// Two accounts with defined KPIs and one that nobody defined.
fn with_values() -> Sandbox {
    let sandbox = Sandbox::new();
    let values = [
        ("Acme", "NPS", "-50"),
        ("Acme", "Churn Rate", "99%"),
        ("Acme", "Seats", "4"),
        ("Beta", "NPS", "60"),
        ("Beta", "Seats", "5"),
    ];
    sandbox.ingest("10:00:00", &rows(values), &[]).ok();
    sandbox
}

fn kpis(sandbox: &Sandbox, time: &str, words: &[&str]) -> Outcome {
    sandbox.at(time, &[&["kpis"], words].concat())
}

#[track_caller]
fn changed(sandbox: &Sandbox, time: &str, words: &[&str]) -> Value {
    let view = kpis(sandbox, time, &[words, &["--json"]].concat()).ok().json();
    shape::check("kpi_change", &view);
    view
}

#[track_caller]
fn shown(sandbox: &Sandbox, kpi: &str) -> Value {
    sandbox.run(["kpis", "show", kpi, "--json"]).ok().json()
}

fn worst_names(snapshot: &Value) -> Vec<&str> {
    let worst = snapshot["top_critical_kpis"].as_array().into_iter().flatten();
    worst.filter_map(|kpi| kpi["kpi_name"].as_str()).collect()
}

fn column(sandbox: &Sandbox, query: &str) -> Vec<String> {
    let sql = sandbox.sql();
    let mut statement = sql.prepare(query).expect("the query");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

// ---- the hint of a refused unit

/// The command lines that hints print, in the order of the rows.
fn printed(error: &Value) -> Vec<String> {
    let details = error["details"].as_array().into_iter().flatten();
    let hints = details.filter_map(|detail| detail["hint"].as_str());
    hints
        .filter_map(|hint| hint.split_once(": acctsnap ").map(|(_, line)| format!("acctsnap {line}")))
        .collect()
}

/// Runs a printed line as it stands, in a POSIX shell.
#[track_caller]
fn run_in_shell(sandbox: &Sandbox, line: &str) {
    let program = env!("CARGO_BIN_EXE_acctsnap");
    sandbox.program("sh", ["-c", &format!("acctsnap() {{ '{program}' \"$@\"; }}; {line}")]).run().ok();
}

const WRONG_UNITS: &str = "account,kpi,value,unit\n\
    Acme,Ticket Volume,88%,\n\
    Beta,Ticket Volume,12 %,\n\
    Acme,NPS,27 hours,\n\
    Acme,Churn Rate,$1.5K,\n\
    Acme,Customer Complaints,7,$\n\
    Acme,-Odd's $Own,1,count\n\
    Acme,-Odd's $Own,2 days,\n";

#[test]
fn the_printed_line_gives_the_unit_that_the_file_bears() {
    let sandbox = Sandbox::new();
    let refused = sandbox.ingest("10:00:00", WRONG_UNITS, &["--json"]).fails_with(5).error_json();
    let lines = printed(&refused);
    let expected = [
        "acctsnap kpis set 'Ticket Volume' --unit %",
        "acctsnap kpis set 'Ticket Volume' --unit %",
        "acctsnap kpis set 'Net Promoter Score (NPS)' --unit hours",
        "acctsnap kpis set 'Churn Rate' --unit '$'",
        "acctsnap kpis set 'Customer Complaints' --unit '$'",
        r"acctsnap kpis set --unit days -- '-Odd'\''s $Own'",
    ];
    assert_eq!(lines, expected);
    for line in &lines {
        run_in_shell(&sandbox, line);
    }
    // That row alone contradicts itself: its own unit column says another unit than the KPI's values.
    let rest = WRONG_UNITS.replace("Acme,-Odd's $Own,1,count\n", "Acme,-Odd's $Own,1,days\n");
    sandbox.write("rest.csv", rest.replace("Acme,-Odd's $Own,2 days,\n", "Beta,-Odd's $Own,2 days,\n"));
    let again = sandbox.run(["ingest", "kpis", "rest.csv", "--json"]).ok().json();
    assert_eq!(again["rows"], json!({"read": 7, "inserted": 7, "updated": 0, "unchanged": 0, "rejected": 0}));
}

#[test]
fn the_printed_line_names_the_customer_that_was_named_and_no_other() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "Ticket Volume", "88%")]);
    let lines = |flags: &[&str]| {
        printed(&sandbox.ingest("10:00:00", &file, &[&["--json"], flags].concat()).fails_with(5).error_json())
    };
    assert_eq!(
        lines(&["--customer", "a b"]),
        ["acctsnap kpis set 'Ticket Volume' --unit % --customer 'a b'"]
    );
    sandbox.write("snapshots.toml", "customer = \"acme\"\n");
    assert_eq!(lines(&[]), ["acctsnap kpis set 'Ticket Volume' --unit %"]);
    run_in_shell(&sandbox, "acctsnap kpis set 'Ticket Volume' --unit %");
    sandbox.run(["ingest", "kpis", "kpis.csv"]).ok();
    sandbox.run(["ingest", "kpis", "kpis.csv", "--customer", "other"]).fails_with(5);
}

#[test]
fn the_printed_line_works_where_accounts_hold_values_in_the_old_unit() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "Ticket Volume", "70")]), &[]).ok();
    let file = rows([("Acme", "Ticket Volume", "88%")]);
    let refused = sandbox.ingest("11:00:00", &file, &["--json"]).fails_with(5).error_json();
    let lines = printed(&refused);
    assert_eq!(lines, ["acctsnap kpis set 'Ticket Volume' --unit % --reinterpret"]);
    run_in_shell(&sandbox, &lines[0]);
    assert_eq!(sandbox.run(["ingest", "kpis", "kpis.csv", "--json"]).ok().json()["rows"]["updated"], 1);
}

#[test]
fn no_line_is_printed_that_would_not_help() {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "Ticket Volume", "3 months"), ("Acme", "NPS", "€5")]);
    let error = sandbox.ingest("10:00:00", &file, &["--json"]).fails_with(5).error_json();
    assert_eq!(printed(&error), [""; 0]);
    assert_eq!(error["details"][0]["hint"], "write it in days or weeks");
    let currency = error["details"][1]["hint"].as_str().unwrap_or_default();
    assert!(currency.starts_with("no exchange rate is known"), "{currency}");
}

// ---- set

#[test]
fn a_unit_of_another_dimension_drops_the_points_until_new_ones_are_given() {
    let sandbox = with_values();
    kpis(&sandbox, "10:10:00", &["set", "Ticket Volume", "--unit", "%"]).ok().matches_golden("kpis/set_unit");
    kpis(&sandbox, "10:11:00", &["set", "ticket volume", "--unit", "%"])
        .ok()
        .matches_golden("kpis/set_again");
    let kpi = shown(&sandbox, "Ticket Volume");
    assert_eq!((&kpi["unit"], &kpi["category"]), (&json!("%"), &json!("Support")));
    assert_eq!(
        (&kpi["origin"], &kpi["best"], &kpi["direction"]),
        (&json!("by_hand"), &json!(null), &json!(null))
    );
    sandbox.ingest("11:00:00", &rows([("Acme", "Ticket Volume", "95%")]), &[]).ok();
    let unscored = sandbox.latest("11:00:00", "Acme");
    assert_eq!((&unscored["support_score"], &unscored["unscored_kpis_count"]), (&json!(null), &json!(2)));
    let unknown = sandbox.run(["kpis", "unknown", "--json"]).ok().json();
    assert_eq!(unknown["items"][1]["kpi_name"], "Ticket Volume");
    let points = ["--direction", "lower", "--critical-edge", "25", "--healthy-edge", "10", "--best", "0"];
    let view = changed(&sandbox, "11:10:00", &[&["set", "Ticket Volume"][..], &points].concat());
    assert_eq!(
        (&view["status"], &view["worst"], &view["notes"]),
        (&json!("changed"), &json!(55), &json!([]))
    );
    sandbox.at("11:11:00", &["snapshot", "create", "-a", "Acme"]).ok();
    let scored = sandbox.latest("11:11:00", "Acme");
    assert_eq!((&scored["support_score"], &scored["unscored_kpis_count"]), (&json!(0), &json!(1)));
    assert_eq!(chain::check(&sandbox.sql()).0, [0; 0]);
}

#[test]
fn what_is_given_takes_its_place_and_the_rest_stands() {
    let sandbox = with_values();
    let view =
        changed(&sandbox, "10:10:00", &["set", "NPS", "--critical-edge", "-60", "--alias", "Recommend"]);
    assert_eq!((&view["kpi_name"], &view["worst"], &view["best"]), (&json!(NPS), &json!(-100), &json!(100)));
    let changes = json!([
        {"field": "critical_edge", "from": 0, "to": -60},
        {"field": "aliases", "from": [], "to": ["Recommend"]},
    ]);
    assert_eq!((&view["changes"], &view["accounts_rescored"]), (&changes, &json!(1)));
    assert_eq!(shown(&sandbox, "recommend")["values"][0]["health_status"], "at_risk");
    let before = sandbox.count("changes");
    let again =
        changed(&sandbox, "10:11:00", &["set", "NPS", "--critical-edge", "-60", "--alias", "Recommend"]);
    assert_eq!((&again["status"], &again["changes"]), (&json!("unchanged"), &json!([])));
    assert_eq!(sandbox.count("changes"), before, "nothing new leaves no change");
    // An import of what stands is nothing new either.
    sandbox.run(["kpis", "list", "--format", "csv", "-o", "all.csv"]).ok();
    let csv = sandbox.read("all.csv");
    let defined: String =
        csv.lines().filter(|line| !line.starts_with("Seats,")).map(|it| format!("{it}\n")).collect();
    sandbox.write("all.csv", defined);
    let view = kpis(&sandbox, "10:12:00", &["import", "all.csv", "--json"]).ok().json();
    assert_eq!(view["definitions"]["unchanged"], 68);
}

#[test]
fn hours_and_days_convert_the_points() {
    let sandbox = Sandbox::new();
    let view = changed(&sandbox, "10:00:00", &["set", "ttfv", "--unit", "hours"]);
    let points = ["worst", "critical_edge", "healthy_edge", "best"].map(|point| view[point].clone());
    assert_eq!(points, [json!(1824), json!(720), json!(168), json!(0)]);
    sandbox.ingest("11:00:00", &rows([("Acme", "TTFV", "7 days")]), &[]).ok();
    assert_eq!(shown(&sandbox, "TTFV")["values"][0]["value"], 168);
    // Stored hours are no days: the same dimension, and other numbers.
    let refused = kpis(&sandbox, "11:10:00", &["set", "TTFV", "--unit", "days"]);
    assert!(refused.fails_with(5).stderr.contains("--reinterpret"), "{}", refused.stderr);
}

#[test]
fn values_in_the_old_unit_are_taken_in_the_new_one_only_where_somebody_says_so() {
    let sandbox = with_values();
    let refused = kpis(&sandbox, "10:10:00", &["set", "Churn Rate", "--unit", "count"]);
    refused.fails_with(5).matches_golden("kpis/set_held");
    let taken = kpis(&sandbox, "10:11:00", &["set", "Churn Rate", "--unit", "count", "--reinterpret"]);
    taken.ok().matches_golden("kpis/set_reinterpret");
    assert_eq!(shown(&sandbox, "Churn Rate")["values"][0]["value"], 99);
    assert_eq!(column(&sandbox, "SELECT unit FROM v_kpi_current WHERE kpi = 'Churn Rate'"), ["count"]);
    // A KPI without a unit may get one.
    let view = changed(&sandbox, "10:12:00", &["set", "Seats", "--unit", "count"]);
    let note = "'Seats' had no unit: what 2 accounts had of it so far is now read as count";
    assert!(view["notes"].as_array().is_some_and(|notes| notes.contains(&json!(note))), "{view}");
}

#[test]
fn what_is_missing_or_out_of_order_is_named_with_what_to_give() {
    let sandbox = with_values();
    let few = kpis(&sandbox, "10:10:00", &["set", "Seats", "--critical-edge", "5"]);
    few.fails_with(5).matches_golden("kpis/set_missing");
    let crossed = kpis(&sandbox, "10:10:00", &["set", "NPS", "--critical-edge", "60"]);
    crossed.fails_with(5).matches_golden("kpis/set_out_of_order");
    for words in [&["set", "NPS"][..], &["set", "NPS", "--reinterpret"], &["set", "NPS", "--unit", "miles"]] {
        kpis(&sandbox, "10:10:00", words).fails_with(2);
    }
    for name in ["", "%%", "a\u{1b}[31m"] {
        kpis(&sandbox, "10:10:00", &["set", name, "--unit", "%"]).fails_with(5);
        kpis(&sandbox, "10:10:00", &["rename", "NPS", name]).fails_with(5);
    }
    assert_eq!(sandbox.count("kpi_definitions"), 0);
}

#[test]
fn a_kpi_that_nobody_knew_is_defined_and_a_slip_is_asked_about() {
    let sandbox = Sandbox::new();
    let words =
        ["set", "Ticket Volumne", "--category", "support kpi", "--unit", "count", "--direction", "lower"];
    let edges = ["--critical-edge", "30", "--healthy-edge", "10"];
    let added = kpis(&sandbox, "10:00:00", &[&words[..], &edges].concat());
    added.ok().matches_golden("kpis/set_new");
    assert_eq!(shown(&sandbox, "ticket volumne")["worst"], 70);
    sandbox.ingest("11:00:00", &rows([("Acme", "Ticket Volumne", "10")]), &[]).ok();
    assert_eq!(sandbox.latest("11:00:00", "Acme")["support_score"], 66.67);
}

#[test]
fn only_set_makes_a_database_and_a_customer() {
    let sandbox = Sandbox::new();
    let others = [&["alias", "NPS", "x"][..], &["rename", "NPS", "x"], &["retire", "NPS"]];
    for words in others {
        let error = kpis(&sandbox, "10:00:00", &[words, &["--json"]].concat()).fails_with(4).error_json();
        assert_eq!(error["code"], "no_database");
    }
    kpis(&sandbox, "10:00:00", &["set", "NPS", "--best", "90", "-n"]).ok();
    assert!(!sandbox.path("test.db").exists());
    let made = kpis(&sandbox, "10:00:00", &["set", "NPS", "--best", "90", "--customer", "acme"]);
    assert!(made.ok().stderr.contains("made the customer 'acme'"), "{}", made.stderr);
    for words in others {
        let error = kpis(&sandbox, "10:00:00", &[words, &["--json"]].concat()).fails_with(4).error_json();
        assert_eq!(error["code"], "unknown_customer");
    }
    let unknown = kpis(&sandbox, "10:00:00", &["retire", "NPX", "--customer", "acme", "--json"]);
    assert_eq!(unknown.fails_with(4).error_json()["code"], "unknown_kpi");
}

// ---- names

#[test]
fn an_alias_leads_from_then_on_and_takes_in_what_nobody_defined() {
    let sandbox = with_values();
    let taken = kpis(&sandbox, "10:10:00", &["alias", "NPS", "Churn Rate"]);
    assert!(taken.fails_with(5).stderr.contains("'Churn Rate' is another KPI"), "{}", taken.stderr);
    let leads = kpis(&sandbox, "10:10:00", &["alias", "NPS", "TTFV"]);
    assert!(
        leads.fails_with(5).stderr.contains("'TTFV' leads to 'Time to First Value (TTFV)'"),
        "{}",
        leads.stderr
    );
    kpis(&sandbox, "10:11:00", &["alias", "NPS", "Recommend", "Fans"]).ok().matches_golden("kpis/alias");
    let again = changed(&sandbox, "10:12:00", &["alias", "NPS", "fans", "net promoter score"]);
    assert_eq!((&again["status"], &again["origin"]), (&json!("unchanged"), &json!("catalogue")));
    let answer = sandbox.ingested("11:00:00", &rows([("Acme", "Recommend", "30")]), &[]);
    assert_eq!(answer["rows"]["updated"], 1);
    let joined = changed(&sandbox, "11:10:00", &["alias", "Onboarding Completion Rate", "Seats"]);
    assert_eq!((&joined["accounts"], &joined["accounts_with_value"]), (&json!(2), &json!(2)));
    assert_eq!(sandbox.latest("11:10:00", "Acme")["unscored_kpis_count"], 1);
    sandbox.at("11:11:00", &["snapshot", "create", "--all"]).ok();
    assert_eq!(sandbox.latest("11:11:00", "Acme")["unscored_kpis_count"], 0);
}

#[test]
fn values_in_another_unit_do_not_join() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", "account,kpi,value,unit\nAcme,Fans,5,count\nAcme,Love,5,%\n", &[]).ok();
    for (kpi, name) in [("NPS", "Fans"), ("Fans", "Love")] {
        let refused = kpis(&sandbox, "10:10:00", &["alias", kpi, name]);
        assert!(refused.fails_with(5).stderr.contains("hold"), "{}", refused.stderr);
    }
    assert_eq!(sandbox.count("kpi_definitions"), 0);
}

#[test]
fn a_renamed_kpi_is_shown_under_its_new_name_and_found_under_both() {
    let sandbox = with_values();
    kpis(&sandbox, "10:10:00", &["rename", "NPS", "Fans"]).ok().matches_golden("kpis/rename");
    assert_eq!(changed(&sandbox, "10:11:00", &["rename", NPS, "Fans"])["status"], "unchanged");
    let series = column(&sandbox, "SELECT group_concat(id) FROM kpi_series");
    for name in ["Fans", NPS, "nps", "Net Promoter Score"] {
        assert_eq!(shown(&sandbox, name)["kpi_name"], "Fans", "{name}");
    }
    for (name, time) in [("NPS", "11:00:00"), ("fans", "11:10:00"), (NPS, "11:20:00")] {
        let answer = sandbox.ingested(time, &rows([("Acme", name, "-50")]), &[]);
        assert_eq!(answer["rows"]["unchanged"], 1, "{name}");
    }
    assert_eq!(column(&sandbox, "SELECT group_concat(id) FROM kpi_series"), series);
    assert_eq!(column(&sandbox, "SELECT DISTINCT kpi FROM v_kpi_history WHERE kpi LIKE '%an%'"), ["Fans"]);
    sandbox.at("11:30:00", &["snapshot", "create", "-a", "Acme"]).ok();
    assert_eq!(worst_names(&sandbox.latest("11:30:00", "Acme")), ["Churn Rate", "Fans"]);
    let back = changed(&sandbox, "11:40:00", &["rename", "Fans", NPS]);
    assert_eq!((&back["kpi_name"], &back["accounts"]), (&json!(NPS), &json!(2)));
    assert_eq!(shown(&sandbox, "fans")["kpi_name"], NPS);
}

#[test]
fn a_kpi_that_is_only_stored_is_renamed_too_and_takes_its_products_along() {
    let sandbox = with_values();
    sandbox.ingest("10:10:00", "account,kpi,value,product\nAcme,Seats,7,Widget\n", &[]).ok();
    changed(&sandbox, "10:20:00", &["rename", "seats", "Seats In Use"]);
    let file = "account,kpi,value,product,unit\nAcme,Seats,8,Widget,\nAcme,Seats In Use,5,,\nAcme,Seats,1,Gadget,count\n";
    let answer = sandbox.ingested("10:30:00", file, &[]);
    assert_eq!((&answer["rows"]["updated"], &answer["rows"]["inserted"]), (&json!(2), &json!(1)));
    let kpi = shown(&sandbox, "Seats");
    assert_eq!((&kpi["kpi_name"], &kpi["products"]), (&json!("Seats In Use"), &json!(["Gadget", "Widget"])));
    assert_eq!(
        column(&sandbox, "SELECT DISTINCT kpi FROM v_kpi_current WHERE kpi LIKE 'S%'"),
        ["Seats In Use"]
    );
    assert_eq!(
        sandbox.run(["kpis", "unknown", "--json"]).ok().json()["items"][0]["kpi_name"],
        "Seats In Use"
    );
}

#[test]
fn no_kpi_takes_the_name_of_another() {
    let sandbox = with_values();
    for taken in ["Churn Rate", "Seats", "ttfv"] {
        let refused = kpis(&sandbox, "10:10:00", &["rename", "NPS", taken]);
        assert!(refused.fails_with(5).stderr.contains(taken), "{}", refused.stderr);
    }
    sandbox.ingest("10:20:00", &rows([("Acme", "Own", "4")]), &[]).ok();
    kpis(&sandbox, "10:30:00", &["rename", "Own", "Seats"]).fails_with(5);
    assert_eq!(sandbox.count("kpi_series_words"), 0);
}

/// The content of a snapshot, put together anew from what is stored, and its hash.
fn recomputed(reader: &Reader<'_>, record: &SnapshotRecord) -> (Vec<String>, String) {
    let customer = reader.find_customer("default").expect("the customer");
    let all = reader.series(customer).expect("series");
    let series = all.as_of(record.change);
    let (config, _) = reader.scoring_config_by_id(record.config).expect("the rules");
    let dictionary = KpiDictionary::new(config.definitions.clone(), &config.aliases);
    let row = record.kpi_row().expect("its KPIs");
    let state = reader.kpi_state_at(row).expect("the KPIs of the moment");
    let (_, summary) = Scorer::new(&config, &dictionary, &series).score(&state);
    let top: Vec<TopKpi<'_>> =
        summary.top_critical.iter().filter_map(|kpi| TopKpi::new(kpi, &series)).collect();
    let hash = record.content.hash(&top, None, &mut Vec::new());
    (top.iter().map(|kpi| kpi.kpi_name.to_owned()).collect(), hash.map(|byte| format!("{byte:02x}")).concat())
}

#[test]
fn the_hash_of_every_snapshot_follows_from_what_is_stored_whatever_was_renamed_since() {
    let sandbox = with_values();
    let snapshot = |time: &str, nps: &str| {
        sandbox.ingest(time, &rows([("Acme", "NPS", nps)]), &["--no-events"]).ok();
        sandbox.at(time, &["snapshot", "create", "-a", "Acme"]).ok();
    };
    changed(&sandbox, "10:10:00", &["rename", "NPS", "Fans"]);
    snapshot("10:11:00", "-51");
    changed(&sandbox, "10:20:00", &["rename", "Fans", "Lovers"]);
    changed(&sandbox, "10:21:00", &["retire", "Churn Rate"]);
    snapshot("10:22:00", "-52");
    changed(&sandbox, "10:30:00", &["set", "Lovers", "--critical-edge", "-70"]);
    snapshot("10:31:00", "-53");
    changed(&sandbox, "10:40:00", &["rename", "Lovers", NPS]);
    changed(&sandbox, "10:41:00", &["retire", "Churn Rate", "--undo"]);
    let store = Store::open_read_only(&sandbox.path("test.db")).expect("the database");
    let reader = store.reader().expect("a reader");
    let customer = reader.find_customer("default").expect("the customer");
    let ids = [1, 3, 4, 5].map(SnapshotId::new);
    let records = reader.load_snapshots(customer, &ids).expect("the snapshots");
    let names: Vec<Vec<String>> = records
        .iter()
        .map(|record| {
            let (names, hash) = recomputed(&reader, record);
            assert_eq!(hash, record.content_hash, "snapshot {}", record.id);
            names
        })
        .collect();
    assert_eq!(names, [vec!["Churn Rate", NPS], vec!["Churn Rate", "Fans"], vec!["Lovers"], vec![]]);
    let in_view =
        "SELECT top_critical_kpis FROM v_snapshots WHERE account_name = 'Acme' ORDER BY snapshot_id";
    let in_view: Vec<Vec<String>> =
        column(&sandbox, in_view).iter().map(|it| serde_json::from_str(it).expect("a list")).collect();
    assert_eq!(in_view, names);
}

#[test]
fn a_new_name_alone_makes_a_new_content_and_old_snapshots_are_shown_as_they_were() {
    let sandbox = with_values();
    let before = sandbox.latest("10:00:00", "Acme");
    changed(&sandbox, "10:10:00", &["rename", "NPS", "Fans"]);
    let show = |id: &str| sandbox.at("10:11:00", &["snapshot", "show", id, "--json"]).ok().json();
    assert_eq!(show("1")["top_critical_kpis"], before["top_critical_kpis"]);
    sandbox.at("10:11:00", &["snapshot", "create", "-a", "Acme"]).ok();
    let after = sandbox.latest("10:11:00", "Acme");
    assert_eq!(
        (worst_names(&show("1")), worst_names(&after)),
        (vec!["Churn Rate", NPS], vec!["Churn Rate", "Fans"])
    );
    assert_ne!(after["content_hash"], before["content_hash"]);
    let store = Store::open_read_only(&sandbox.path("test.db")).expect("the database");
    let reader = store.reader().expect("a reader");
    let customer = reader.find_customer("default").expect("the customer");
    for record in reader.load_snapshots(customer, &[1, 3].map(SnapshotId::new)).expect("the snapshots") {
        assert_eq!(recomputed(&reader, &record).1, record.content_hash, "snapshot {}", record.id);
    }
}

// ---- retire

#[test]
fn a_retired_kpi_counts_in_nothing_new_and_keeps_its_history() {
    let sandbox = with_values();
    let before = sandbox.latest("10:00:00", "Acme");
    assert_eq!((&before["total_kpis"], worst_names(&before)), (&json!(3), vec!["Churn Rate", NPS]));
    kpis(&sandbox, "10:10:00", &["retire", "churn rate"]).ok().matches_golden("kpis/retire");
    assert_eq!(changed(&sandbox, "10:11:00", &["retire", "Churn Rate"])["status"], "unchanged");
    changed(&sandbox, "10:12:00", &["retire", "Seats"]);
    sandbox.at("10:13:00", &["snapshot", "create", "-a", "Acme"]).ok();
    let after = sandbox.latest("10:13:00", "Acme");
    assert_eq!((&after["total_kpis"], worst_names(&after)), (&json!(1), vec![NPS]));
    assert_eq!((&after["business_outcomes_score"], &after["unscored_kpis_count"]), (&json!(null), &json!(0)));
    let old = sandbox.at("10:13:00", &["snapshot", "show", "1", "--json"]).ok().json();
    assert_eq!(
        (&old["overall_health_score"], &old["total_kpis"]),
        (&before["overall_health_score"], &json!(3))
    );
    assert_eq!(old["content_hash"], before["content_hash"]);
    // The list marks it, and nobody is asked to define it.
    let list = sandbox.run(["kpis", "list", "--json"]).ok().json();
    let retired: Vec<&str> = list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|kpi| kpi["retired"] == true)
        .filter_map(|kpi| kpi["kpi_name"].as_str())
        .collect();
    assert_eq!(retired, ["Churn Rate", "Seats"]);
    assert_eq!(sandbox.run(["kpis", "unknown", "--json"]).ok().json()["count"], 0);
    let shown_text = sandbox.run(["kpis", "show", "Churn Rate"]).ok().stdout.clone();
    assert!(shown_text.contains("retired: kept, in no score"), "{shown_text}");
    // A later file is kept as history, and that is said.
    let answer =
        sandbox.ingested("11:00:00", &rows([("Acme", "Churn Rate", "10%"), ("Acme", "Seats", "9")]), &[]);
    assert_eq!(answer["rows"]["updated"], 2);
    let notes = json!([
        "KPI 'Churn Rate' is retired: its values were kept, and count in no score",
        "KPI 'Seats' is retired: its values were kept, and count in no score",
    ]);
    let file_notes = if answer["notes"].is_null() { &answer["files"][0]["notes"] } else { &answer["notes"] };
    assert_eq!(*file_notes, notes);
    assert_eq!(shown(&sandbox, "Churn Rate")["values"][0]["value"], 10);
    // And it comes back with all of it.
    let back = changed(&sandbox, "11:10:00", &["retire", "Churn Rate", "--undo"]);
    assert_eq!(back["changes"], json!([{"field": "retired", "from": true, "to": false}]));
    sandbox.at("11:11:00", &["snapshot", "create", "-a", "Acme"]).ok();
    assert_eq!(sandbox.latest("11:11:00", "Acme")["total_kpis"], 2);
    assert_eq!(chain::check(&sandbox.sql()).0, [0; 0]);
}

#[test]
fn a_retired_kpi_that_comes_back_leaves_the_rules_as_they_were() {
    let sandbox = with_values();
    let hash = |time: &str| {
        sandbox.at(time, &["snapshot", "create", "-a", "Acme"]).ok();
        sandbox.latest(time, "Acme")["scoring_config_hash"].clone()
    };
    let before = hash("10:01:00");
    changed(&sandbox, "10:10:00", &["retire", "Churn Rate"]);
    assert_ne!(hash("10:11:00"), before);
    changed(&sandbox, "10:20:00", &["retire", "Churn Rate", "--undo"]);
    assert_eq!(hash("10:21:00"), before);
}

// ---- imports, settings, customers, dry runs

#[test]
fn an_import_keeps_names_and_marks_that_were_given_by_hand() {
    let sandbox = with_values();
    changed(&sandbox, "10:10:00", &["rename", "NPS", "Fans"]);
    changed(&sandbox, "10:11:00", &["retire", "Fans"]);
    let header = "kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best,aliases";
    let row = |name: &str| format!("{name},Customer Sentiment,score,higher,-100,10,50,100,Promoters");
    sandbox.write("defs.csv", format!("{header}\n{}\n", row(NPS)));
    kpis(&sandbox, "10:20:00", &["import", "defs.csv"]).ok();
    let kpi = shown(&sandbox, "Promoters");
    assert_eq!((&kpi["kpi_name"], &kpi["critical_edge"]), (&json!("Fans"), &json!(10)));
    assert_eq!((&kpi["origin"], &kpi["retired"]), (&json!("imported"), &json!(true)));
    assert_eq!(shown(&sandbox, NPS)["kpi_name"], "Fans");
    sandbox.write("both.csv", format!("{header}\n{}\n{}\n", row(NPS).replace("Promoters", ""), row("Fans")));
    let twice = kpis(&sandbox, "10:30:00", &["import", "both.csv"]);
    assert!(twice.fails_with(5).stderr.contains("are one KPI"), "{}", twice.stderr);
}

#[test]
fn the_settings_hold_over_what_is_set_by_hand() {
    let sandbox = with_values();
    sandbox.write(
        "snapshots.toml",
        format!(
            "[[kpi]]\nname = \"{NPS}\"\ncategory = \"Customer Sentiment\"\nunit = \"score\"\ndirection = \"higher\"\n\
             worst = -100\ncritical_edge = 40\nhealthy_edge = 50\nbest = 100\n"
        ),
    );
    let view = changed(&sandbox, "10:10:00", &["set", "NPS", "--critical-edge", "10"]);
    assert_eq!((&view["in_force"], &view["critical_edge"]), (&json!(false), &json!(40)));
    assert_eq!(view["notes"], json!([format!("snapshots.toml defines '{NPS}' itself, and that holds")]));
    let refused = kpis(&sandbox, "10:11:00", &["rename", "NPS", "Fans"]);
    assert!(refused.fails_with(5).stderr.contains("snapshots.toml"), "{}", refused.stderr);
    assert_eq!(changed(&sandbox, "10:12:00", &["retire", "NPS"])["retired"], true);
    // Without the settings, what was set by hand comes forth.
    sandbox.write("snapshots.toml", "");
    assert_eq!(shown(&sandbox, "NPS")["critical_edge"], 10);
}

#[test]
fn one_customers_names_are_nothing_to_another() {
    let sandbox = with_values();
    sandbox
        .ingest("10:01:00", &rows([("Zeta", "NPS", "-50"), ("Zeta", "Seats", "1")]), &["--customer", "other"])
        .ok();
    changed(&sandbox, "10:10:00", &["rename", "NPS", "Fans"]);
    changed(&sandbox, "10:11:00", &["retire", "Seats"]);
    changed(&sandbox, "10:12:00", &["set", "Churn Rate", "--alias", "Leavers"]);
    let theirs = |kpi: &str| sandbox.run(["kpis", "show", kpi, "--customer", "other", "--json"]);
    assert_eq!(theirs("NPS").ok().json()["kpi_name"], NPS);
    assert_eq!(theirs("Seats").ok().json()["retired"], false);
    for name in ["Fans", "Leavers"] {
        theirs(name).fails_with(4);
    }
    sandbox.at("10:20:00", &["snapshot", "create", "--all", "--customer", "other"]).ok();
    assert_eq!(worst_names(&sandbox.latest_of_all("10:20:00", "other")[0]), [NPS]);
    assert_eq!(chain::check(&sandbox.sql()).0, [0; 0]);
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let sandbox = with_values();
    let changes = sandbox.count("changes");
    let commands = [
        &["set", "Ticket Volume", "--unit", "%"][..],
        &["alias", "NPS", "Fans"],
        &["rename", "NPS", "Fans"],
        &["retire", "NPS"],
    ];
    for words in commands {
        let dry = changed(&sandbox, "10:10:00", &[words, &["-n"]].concat());
        assert_eq!((&dry["status"], &dry["dry_run"]), (&json!("changed"), &json!(true)), "{words:?}");
        let text = kpis(&sandbox, "10:10:00", &[words, &["-n"]].concat());
        assert!(text.ok().stdout.ends_with("dry run: nothing was written\n"), "{}", text.stdout);
    }
    assert_eq!((sandbox.count("changes"), sandbox.count("kpi_definitions")), (changes, 0));
}

#[test]
fn only_accounts_of_which_a_score_changed_are_told_as_rescored() {
    let sandbox = with_values();
    for (second, words, rescored) in [
        (10, vec!["alias", "NPS", "Recommend"], 0),
        (11, vec!["rename", "NPS", "Fans"], 0),
        (12, vec!["set", "Fans", "--critical-edge", "-60"], 1),
        (13, vec!["set", "Fans", "--category", "Support"], 2),
        (14, vec!["retire", "Fans"], 2),
    ] {
        let view = changed(&sandbox, &format!("10:10:{second}"), &words);
        assert_eq!(view["accounts_rescored"], rescored, "{words:?}");
    }
}
