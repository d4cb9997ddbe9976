//! `kpis list`, `show`, `unknown` and `import` as a user meets them.

use crate::support::{Outcome, Sandbox};
use serde_json::{Value, json};

const NPS: &str = "Net Promoter Score (NPS)";
const HEADER: &str = "kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best,aliases";

/// Two accounts with three defined KPIs, and three that nobody defined.
const VALUES: &str = "account,account_id,kpi,value,unit,category,product\n\
    Acme,A-1,NPS,45,,,\n\
    Acme,A-1,Ticket Volume,50,,,\n\
    Acme,A-1,Seats Used,85,,,\n\
    Acme,A-1,Seats Used,41,,,Widget\n\
    Beta,B-2,NPS,-20,,,\n\
    Beta,B-2,Ticket Volume,n/a,,,\n\
    Beta,B-2,Seats Used,40.5,,,\n\
    Beta,B-2,Nett Promoter Scores,12,score,Customer Sentiment,\n\
    Beta,B-2,Odd Thing,n/a,,,\n";

const FIRST: &str = "2026-11-01T10:00:00Z";
const LATER: &str = "2026-11-02T10:00:00Z";
const LAST: &str = "2026-11-03T10:00:00Z";

fn with_values() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("values.csv", VALUES);
    sandbox.command(["ingest", "kpis", "values.csv"]).at(FIRST).run().ok();
    sandbox
}

fn import(sandbox: &Sandbox, rows: &str) -> Outcome {
    sandbox.write("defs.csv", format!("{HEADER}\n{rows}\n"));
    sandbox.command(["kpis", "import", "defs.csv"]).at(LATER).run()
}

fn show(sandbox: &Sandbox, kpi: &str) -> Value {
    sandbox.run(["kpis", "show", kpi, "--json"]).ok().json()
}

/// Account, product and score of each value, the worst first.
fn scores(view: &Value) -> Vec<(String, Value, Value)> {
    let values = view["values"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    values.map(|v| (text(&v["account_name"]), v["product"].clone(), v["score"].clone())).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().into_iter().flatten().filter_map(|item| item["kpi_name"].as_str()).collect()
}

fn keys_in_order(line: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut depth = 0;
    let mut text = line.char_indices().peekable();
    while let Some((at, character)) = text.next() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '"' => {
                let rest = &line[at + 1..];
                let end = rest.find('"').unwrap_or(0);
                while text.next_if(|(place, _)| *place <= at + 1 + end).is_some() {}
                if depth == 1 && rest[end + 1..].starts_with(':') {
                    keys.push(rest[..end].to_owned());
                }
            }
            _ => {}
        }
    }
    keys
}

// ---- list

#[test]
fn the_list_has_every_kpi_that_is_defined_or_used() {
    let sandbox = with_values();
    sandbox.run(["kpis", "list"]).ok().matches_golden("kpis/list");
    let list = sandbox.run(["kpi", "list", "--json"]).ok().json();
    assert_eq!(list["schema"], "acctsnap.kpis/1");
    assert_eq!(list["count"], 71);
    assert_eq!(names(&list)[68..], ["Nett Promoter Scores", "Odd Thing", "Seats Used"]);
    let find = |name: &str| list["items"].as_array().unwrap().iter().find(|i| i["kpi_name"] == name).unwrap();
    let expected = json!({
        "kpi_name": NPS, "category": "Customer Sentiment", "unit": "score", "direction": "higher",
        "worst": -100, "critical_edge": 0, "healthy_edge": 50, "best": 100, "aliases": [],
        "origin": "catalogue", "products": [], "accounts": 2, "accounts_with_value": 2, "retired": false,
    });
    assert_eq!(*find(NPS), expected);
    assert_eq!(find("Ticket Volume")["accounts_with_value"], 1);
    let seats = find("Seats Used");
    assert_eq!((&seats["accounts"], &seats["products"]), (&json!(2), &json!(["Widget"])));
    assert_eq!(
        (&seats["origin"], &seats["direction"], &seats["best"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

#[test]
fn every_form_of_the_list_has_the_same_fields_in_one_order() {
    let sandbox = with_values();
    let csv = sandbox.run(["kpis", "list", "--format", "csv"]).ok().stdout.clone();
    let header = format!("{HEADER},origin,products,accounts,accounts_with_value,retired");
    assert_eq!(csv.lines().next(), Some(header.as_str()));
    assert_eq!(csv.lines().count(), 72);
    let lines = sandbox.run(["kpis", "list", "--format", "jsonl"]).ok().clone();
    assert_eq!(lines.jsonl().len(), 71);
    let keys = keys_in_order(lines.stdout.lines().next().unwrap_or_default());
    assert_eq!(keys.join(","), header);
}

#[test]
fn a_list_that_was_exported_imports_as_nothing_new() {
    let sandbox = Sandbox::new();
    sandbox.write("values.csv", "account,kpi,value\nAcme,NPS,45\n");
    sandbox.command(["ingest", "kpis", "values.csv"]).at(FIRST).run().ok();
    import(&sandbox, "Seat Use,Product Usage,%,higher,,50,80,100,Seats; Seats Used").ok();
    sandbox.run(["kpis", "list", "--format", "csv", "-o", "all.csv"]).ok();
    let view = sandbox.command(["kpis", "import", "all.csv", "--json"]).at(LAST).run().ok().json();
    let counts = json!({"read": 69, "added": 0, "changed": 0, "unchanged": 69});
    assert_eq!(view["definitions"], counts);
    assert_eq!(
        view["ignored_columns"],
        json!(["origin", "products", "accounts", "accounts_with_value", "retired"])
    );
}

// ---- show

#[test]
fn a_kpi_is_shown_with_its_scale_and_its_values() {
    let sandbox = with_values();
    sandbox.run(["kpis", "show", "nps"]).ok().matches_golden("kpis/show");
    sandbox.run(["kpis", "show", "Ticket Volume"]).ok().matches_golden("kpis/show_lower");
    sandbox.run(["kpis", "show", "seats used"]).ok().matches_golden("kpis/show_undefined");
    let view = show(&sandbox, "Net Promoter Score");
    assert_eq!(view["schema"], "acctsnap.kpi/1");
    assert_eq!(view["scale"], "critical up to 0, at risk up to 50, healthy above");
    assert_eq!(view["bands"], json!({"critical": 1, "at_risk": 1, "healthy": 0, "unscored": 0}));
    let worst = json!({
        "account_id": 2, "external_account_id": "B-2", "account_name": "Beta", "product": null, "value": -20,
        "score": 26.67, "health_status": "critical", "observed_at": "2026-11-01", "upload_id": 1,
    });
    assert_eq!(view["values"][0], worst);
    let csv = sandbox.run(["kpis", "show", "NPS", "--format", "csv"]).ok().stdout.clone();
    let header =
        "account_id,external_account_id,account_name,product,value,score,health_status,observed_at,upload_id";
    assert_eq!(
        csv.lines().collect::<Vec<_>>(),
        [header, "2,B-2,Beta,,-20,26.67,critical,2026-11-01,1", "1,A-1,Acme,,45,63.33,at_risk,2026-11-01,1",]
    );
}

#[test]
fn a_shared_abbreviation_is_said() {
    let sandbox = with_values();
    let shown = sandbox.run(["kpis", "show", "CSAT"]).ok().clone();
    assert!(shown.stdout.starts_with("Customer Satisfaction (CSAT)\n"), "{}", shown.stdout);
    assert_eq!(shown.stderr, "several KPIs bear 'CSAT'; this is Customer Satisfaction (CSAT)\n");
    assert!(shown.stdout.contains("none has it"), "{}", shown.stdout);
}

#[test]
fn a_kpi_that_is_not_there_is_exit_4_with_the_nearest_name() {
    let sandbox = with_values();
    let error = sandbox.run(["kpis", "show", "Tiket Volume", "--json"]).fails_with(4).error_json();
    assert_eq!((&error["code"], &error["exit_code"]), (&json!("unknown_kpi"), &json!(4)));
    assert_eq!(error["message"], "customer 'default' has no KPI 'Tiket Volume'");
    assert_eq!(error["hint"], "did you mean 'Ticket Volume'?");
    let error = sandbox.run(["kpis", "show", "Seats Usd", "--json"]).fails_with(4).error_json();
    assert_eq!(error["hint"], "did you mean 'Seats Used'?");
    let error = sandbox.run(["kpis", "show", "\u{1b}[31m", "--json"]).fails_with(4).error_json();
    assert_eq!(error["hint"], "`acctsnap kpis list` shows the KPIs that there are");
}

// ---- unknown

#[test]
fn what_has_no_definition_is_listed_with_what_it_may_mean() {
    let sandbox = with_values();
    sandbox.run(["kpis", "unknown"]).ok().matches_golden("kpis/unknown");
    let csv = sandbox.run(["kpis", "unknown", "--format", "csv"]).ok().stdout.clone();
    assert_eq!(
        csv.lines().collect::<Vec<_>>(),
        [
            "kpi_name,product,unit,category,accounts,accounts_with_value,lowest,highest,similar_to",
            "Nett Promoter Scores,,score,Customer Sentiment,1,1,12,12,Net Promoter Score (NPS)",
            "Odd Thing,,,,1,0,,,",
            "Seats Used,,,,2,2,40.5,85,",
            "Seats Used,Widget,,,1,1,41,41,",
        ]
    );
    let list = sandbox.run(["kpis", "unknown", "--json"]).ok().json();
    assert_eq!((&list["schema"], &list["count"]), (&json!("acctsnap.unknown_kpis/1"), &json!(4)));
}

#[test]
fn nothing_unknown_is_said_and_is_an_empty_list() {
    let sandbox = Sandbox::new();
    sandbox.write("values.csv", "account,kpi,value\nAcme,NPS,45\n");
    sandbox.run(["ingest", "kpis", "values.csv"]).ok();
    let text = sandbox.run(["kpis", "unknown"]).ok().stdout.clone();
    assert_eq!(text, "every KPI that is stored has a definition\n");
    let list = sandbox.run(["kpis", "unknown", "--json"]).ok().json();
    assert_eq!((&list["count"], &list["items"]), (&json!(0), &json!([])));
}

// ---- import

#[test]
fn an_import_says_what_is_new_and_the_second_one_that_nothing_is() {
    let sandbox = with_values();
    let rows = "Seat Use (SU),Product Usage,%,higher,0,50,80,100,Seats Used; seats\n\
                Net Promoter Score (NPS),Customer Sentiment,score,higher,-100,0,40,100,";
    import(&sandbox, rows).ok().matches_golden("kpis/import");
    import(&sandbox, rows).ok().matches_golden("kpis/import_again");
    let view = show(&sandbox, "SU");
    assert_eq!((&view["origin"], &view["aliases"]), (&json!("imported"), &json!(["Seats Used", "seats"])));
}

#[test]
fn the_values_that_are_kept_are_scored_again_and_snapshots_are_not() {
    let sandbox = with_values();
    let snapshot = || sandbox.command(["snapshot", "show", "2", "--json"]).at(LAST).run().ok().json();
    let (before, taken) = (scores(&show(&sandbox, "NPS")), snapshot());
    assert_eq!(before[0], ("Beta".into(), Value::Null, json!(26.67)));
    let row = format!("{NPS},Customer Sentiment,score,higher,-100,-50,20,100,");
    let import = sandbox.write("defs.csv", format!("{HEADER}\n{row}\n"));
    let import = import.to_str().unwrap_or_default();
    let view = sandbox.command(["kpis", "import", import, "--json"]).at(LATER).run().ok().json();
    assert_eq!(view["accounts_rescored"], 2);
    assert_eq!(view["written"], json!([{"kpi_name": NPS, "change": "changed", "in_force": true}]));
    let after = scores(&show(&sandbox, "NPS"));
    let expected = [("Beta", json!(47.62)), ("Acme", json!(77.08))];
    assert_eq!(after, expected.map(|(name, score)| (name.to_owned(), Value::Null, score)));
    assert_eq!(view_scores(&sandbox), after.iter().map(|(_, _, score)| score.clone()).collect::<Vec<_>>());
    assert_eq!(snapshot(), taken);
    assert_eq!(sandbox.run(["snapshot", "list", "--json"]).ok().json()["count"], 2);
}

/// The same scores as `v_kpi_current` has them, lowest first.
#[expect(clippy::expect_used, reason = "a test whose database cannot be read cannot go on")]
fn view_scores(sandbox: &Sandbox) -> Vec<Value> {
    let database = rusqlite::Connection::open(sandbox.path("test.db")).expect("the database opens");
    let mut statement = database
        .prepare("SELECT score FROM v_kpi_current WHERE kpi = ?1 ORDER BY score")
        .expect("the view is there");
    let scores = statement.query_map([NPS], |row| row.get::<_, f64>(0)).expect("the view is read");
    scores.map(|score| json!(score.expect("a score"))).collect()
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let sandbox = with_values();
    sandbox.write("defs.csv", format!("{HEADER}\nOdd Thing,Support,,higher,,1,2,,\n"));
    let dry = sandbox.command(["kpis", "import", "defs.csv", "-n", "--json"]).at(LATER).run().ok().json();
    assert_eq!((&dry["dry_run"], &dry["definitions"]["added"]), (&json!(true), &json!(1)));
    assert_eq!(sandbox.run(["kpis", "unknown", "--json"]).ok().json()["count"], 4);
    let nowhere = sandbox.command(["kpis", "import", "defs.csv", "-n"]).db("none.db").run().ok().clone();
    assert!(nowhere.stdout.ends_with("dry run: nothing was written\n"), "{}", nowhere.stdout);
    assert!(!sandbox.path("none.db").exists());
}

#[test]
fn a_database_and_a_customer_that_are_not_there_are_made_and_that_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("defs.csv", format!("{HEADER}\nOdd Thing,Support,,higher,,1,2,,\n"));
    let made = sandbox.run(["kpis", "import", "defs.csv", "--customer", "acme"]).ok().clone();
    let path = sandbox.path("test.db");
    assert_eq!(made.stderr, format!("made the database {}\nmade the customer 'acme'\n", path.display()));
    let shown = sandbox.run(["kpis", "show", "odd thing", "--customer", "acme"]).ok().clone();
    assert!(shown.stdout.contains("imported"), "{}", shown.stdout);
    let input = sandbox.read("defs.csv");
    let import =
        sandbox.command(["kpis", "import", "-", "--customer", "beta"]).stdin(input).run().ok().clone();
    assert_eq!(import.stderr, "made the customer 'beta'\n");
    assert!(import.stdout.starts_with("standard input: 1 definition = 1 added"), "{}", import.stdout);
}

#[test]
fn a_file_with_a_bad_row_is_refused_whole_with_every_place() {
    let sandbox = Sandbox::new();
    let rows = "Odd Thing,Support,,higher,,1,2,,\n\
                Bad One,Suport,,sideways,,1,2,,\n\
                Bad Two,Support,furlongs,lower,,1,2,,";
    let refused = import(&sandbox, rows);
    refused.fails_with(5).matches_golden("kpis/import_refused");
    assert!(!sandbox.path("test.db").exists());
    sandbox.write("empty.csv", "");
    sandbox.run(["kpis", "import", "empty.csv"]).fails_with(5);
    sandbox.write("header.csv", HEADER);
    let header = sandbox.run(["kpis", "import", "header.csv"]).fails_with(5).clone();
    assert!(header.stderr.contains("expected KPI definitions, got a header alone"), "{}", header.stderr);
    let missing = sandbox.run(["kpis", "import", "missing.csv", "--json"]).fails_with(5).error_json();
    assert_eq!(missing["code"], "file_not_found");
    assert!(!sandbox.path("test.db").exists());
}

#[test]
fn a_unit_does_not_change_under_values_that_accounts_hold() {
    let sandbox = with_values();
    let refused =
        import(&sandbox, "Ticket Volume,Support,%,lower,100,25,10,0,\nOdd Thing,Support,,higher,,1,2,,");
    refused.fails_with(5).matches_golden("kpis/import_unit");
    assert_eq!(show(&sandbox, "Ticket Volume")["unit"], "count");
    assert_eq!(show(&sandbox, "Odd Thing")["origin"], Value::Null);
    let both = format!("Ticket Volume,Support,%,lower,100,25,10,0,\n{NPS},Customer Sentiment,,higher,,1,2,,");
    sandbox.write("defs.csv", format!("{HEADER}\n{both}\n"));
    let error = sandbox.run(["kpis", "import", "defs.csv", "--json"]).fails_with(5).error_json();
    let message = "the units of 2 KPIs cannot change: accounts hold values in the old ones";
    assert_eq!((&error["message"], &error["details_total"]), (&json!(message), &json!(2)));
    let codes: Vec<&str> =
        error["details"].as_array().into_iter().flatten().filter_map(|d| d["code"].as_str()).collect();
    assert_eq!(codes, ["unit_changed", "unit_changed"]);
    // No account has it, so nothing would be read otherwise.
    import(&sandbox, "Ticket Backlog,Support,count,lower,100,25,10,0,").ok();
    assert_eq!(show(&sandbox, "Ticket Backlog")["unit"], "count");
}

#[test]
fn a_unit_that_an_import_gave_holds_as_the_catalogues_do() {
    let sandbox = with_values();
    let given = import(&sandbox, "Seats Used,Product Usage,%,higher,0,50,80,100,").ok().clone();
    let note = "note: 'Seats Used' had no unit: what 2 accounts had of it so far is now read as %";
    assert!(given.stdout.contains(note), "{}", given.stdout);
    let refused =
        import(&sandbox, "Seats Used,Product Usage,count,higher,0,50,80,100,").fails_with(5).clone();
    assert!(
        refused.stderr.contains("cannot change from % to count: 2 accounts hold values in %"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_file_without_aliases_leaves_them_as_they_are() {
    let sandbox = with_values();
    import(&sandbox, "Seat Use,Product Usage,%,higher,0,50,80,100,Seats Used").ok();
    let header = HEADER.trim_end_matches(",aliases");
    sandbox.write("bare.csv", format!("{header}\nSeat Use,Product Usage,%,higher,0,40,80,100\n"));
    sandbox.command(["kpis", "import", "bare.csv"]).at(LAST).run().ok();
    let view = show(&sandbox, "Seat Use");
    assert_eq!((&view["aliases"], &view["critical_edge"]), (&json!(["Seats Used"]), &json!(40)));
    let emptied = import(&sandbox, "Seat Use,Product Usage,%,higher,0,40,80,100,");
    emptied.fails_with(5); // earlier than the last change
    sandbox.command(["kpis", "import", "defs.csv"]).at(LAST).run().ok();
    assert_eq!(show(&sandbox, "Seat Use")["aliases"], json!([]));
}

#[test]
fn a_kpi_whose_old_name_became_an_alias_goes_on_where_it_was() {
    let sandbox = with_values();
    import(&sandbox, "Seat Use,Product Usage,%,higher,0,50,80,100,Seats Used").ok();
    sandbox.write("more.csv", "account,kpi,value\nBeta,Seat Use,90\nBeta,seats used,90\n");
    sandbox.command(["ingest", "kpis", "more.csv", "--on-error", "skip"]).at(LAST).run();
    sandbox.write("more.csv", "account,kpi,value\nBeta,Seat Use,95\n");
    sandbox.command(["ingest", "kpis", "more.csv"]).at(LAST).run().ok();
    let view = show(&sandbox, "Seat Use");
    let values: Vec<(&Value, &Value)> =
        view["values"].as_array().into_iter().flatten().map(|v| (&v["account_name"], &v["value"])).collect();
    assert_eq!(values.len(), 3, "{values:?}");
    assert!(values.contains(&(&json!("Beta"), &json!(95))), "{values:?}");
}

#[test]
fn two_names_that_become_one_kpi_are_told() {
    let sandbox = with_values();
    let told = import(
        &sandbox,
        "Net Promoter Score (NPS),Customer Sentiment,score,higher,-100,0,50,100,Nett Promoter Scores",
    );
    let note = "'Net Promoter Score (NPS)' and 'Nett Promoter Scores' are one KPI from now on; where an account has \
                both (1 account), both count";
    let text = told.ok().stdout.replace('\n', " ");
    assert!(text.contains(note), "{text}");
}

// ---- customers, settings, places

#[test]
fn a_customer_sees_its_own_kpis_alone() {
    let sandbox = with_values();
    sandbox.write("theirs.csv", "account,kpi,value\nZeta,Their Thing,1\n");
    sandbox.command(["ingest", "kpis", "theirs.csv", "--customer", "other"]).at(FIRST).run().ok();
    import(&sandbox, "Seat Use,Product Usage,%,higher,0,50,80,100,Seats Used").ok();
    let theirs = sandbox.run(["kpis", "list", "--customer", "other", "--json"]).ok().json();
    assert_eq!(theirs["count"], 69);
    assert_eq!(names(&theirs)[68], "Their Thing");
    sandbox.run(["kpis", "show", "Seat Use", "--customer", "other"]).fails_with(4);
    sandbox.run(["kpis", "show", "Their Thing"]).fails_with(4);
    let unknown = sandbox.run(["kpis", "unknown", "--customer", "other", "--json"]).ok().json();
    assert_eq!(names(&unknown), ["Their Thing"]);
    let nps = sandbox.run(["kpis", "show", "NPS", "--customer", "other", "--json"]).ok().json();
    assert_eq!((&nps["accounts"], &nps["values"]), (&json!(0), &json!([])));
}

#[test]
fn reading_makes_no_database_and_no_customer() {
    let sandbox = Sandbox::new();
    for command in [&["kpis", "list"][..], &["kpis", "show", "NPS"], &["kpis", "unknown"]] {
        let error = sandbox.command(command).arg("--json").run().fails_with(4).error_json();
        assert_eq!(error["code"], "no_database");
    }
    assert!(!sandbox.path("test.db").exists());
    let sandbox = with_values();
    let error = sandbox.run(["kpis", "list", "--customer", "nobody", "--json"]).fails_with(4).error_json();
    assert_eq!(error["code"], "unknown_customer");
}

fn config(edge: u32) -> String {
    format!(
        "[[kpi]]\nname = \"{NPS}\"\ncategory = \"Customer Sentiment\"\nunit = \"score\"\ndirection = \"higher\"\n\
         worst = -100\ncritical_edge = {edge}\nhealthy_edge = 50\nbest = 100\n"
    )
}

fn nps_scores(sandbox: &Sandbox) -> Vec<Value> {
    scores(&show(sandbox, "NPS")).into_iter().map(|(_, _, score)| score).collect()
}

/// Whichever command writes first after the rules changed scores everything again, and also after the way back.
#[test]
fn every_writing_command_scores_again_when_the_rules_changed() {
    let more = "account,kpi,value\nAcme,Ticket Volume,60\n";
    let commands = [
        &["flush"][..],
        &["snapshot", "create", "-a", "Acme"],
        &["ingest", "kpis", "more.csv"],
        &["ingest", "kpis", "values.csv"],
    ];
    for command in commands {
        let sandbox = with_values();
        sandbox.write("more.csv", more);
        let original = nps_scores(&sandbox);
        sandbox.write("snapshots.toml", config(40));
        let stale = sandbox.run(["kpis", "show", "NPS"]).ok().clone();
        assert!(
            stale.stderr.starts_with("warning: the scores shown follow the rules of the last write"),
            "{}",
            stale.stderr
        );
        assert_eq!(nps_scores(&sandbox), original);
        let wrote = sandbox.command(command).at(LATER).run().ok().clone();
        // A flush without a terminal is quiet where it ends well.
        let told = wrote.stderr.contains("the scoring rules differ from the last write's");
        assert!(told || command == ["flush"], "{command:?}: {}", wrote.stderr);
        assert_eq!(nps_scores(&sandbox), [json!(19.05), json!(50)], "{command:?}");
        assert_eq!(sandbox.run(["kpis", "show", "NPS"]).ok().stderr, "");
        std::fs::remove_file(sandbox.path("snapshots.toml")).unwrap_or_default();
        sandbox.command(["flush"]).at(LAST).run().ok();
        assert_eq!(nps_scores(&sandbox), original, "{command:?}");
    }
}

#[test]
fn what_snapshots_toml_defines_holds_before_an_import() {
    let sandbox = with_values();
    sandbox.write("snapshots.toml", config(40));
    let row = format!("{NPS},Customer Sentiment,score,higher,-100,10,50,100,");
    let imported = import(&sandbox, &row).ok().clone();
    let note = format!("note: snapshots.toml defines '{NPS}' itself, and that holds");
    assert!(imported.stdout.contains(&note), "{}", imported.stdout);
    let view = show(&sandbox, "NPS");
    assert_eq!((&view["origin"], &view["critical_edge"]), (&json!("config"), &json!(40)));
}

#[test]
fn every_answer_has_the_fields_that_its_schema_requires() {
    let sandbox = with_values();
    sandbox.write("defs.csv", format!("{HEADER}\nOdd Thing,Support,,higher,,1,2,,\n"));
    let answers = [
        ("kpis", sandbox.run(["kpis", "list", "--json"]).ok().json()),
        ("kpi", sandbox.run(["kpis", "show", "NPS", "--json"]).ok().json()),
        ("unknown_kpis", sandbox.run(["kpis", "unknown", "--json"]).ok().json()),
        ("kpis_import", sandbox.run(["kpis", "import", "defs.csv", "-n", "--json"]).ok().json()),
    ];
    for (name, answer) in answers {
        assert_eq!(answer["schema"], format!("acctsnap.{name}/1"));
        let schema = sandbox.run(["schema", name]).ok().json();
        let required = schema["required"].as_array().into_iter().flatten();
        let mut required: Vec<&str> = required.filter_map(Value::as_str).collect();
        let mut given: Vec<&str> =
            answer.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        required.sort_unstable();
        given.sort_unstable();
        assert_eq!(required, given, "{name}");
    }
}
