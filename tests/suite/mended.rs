//! A rejects file, once it is mended, is ingested by the plain command as the first command, with its flags, would have
//! taken its rows had they been right at once.

use crate::support::{Outcome, Sandbox};
use rust_xlsxwriter::Workbook;

/// How a file is ingested, what is bad in it, and what it should have been.
struct Case<'a> {
    kind: &'a str,
    file: &'a str,
    flags: &'a [&'a str],
    mend: &'a [(&'a str, &'a str)],
}

fn mended(text: &str, mend: &[(&str, &str)]) -> String {
    mend.iter().fold(text.to_owned(), |text, (bad, good)| {
        assert!(text.contains(bad), "no {bad:?} in\n{text}");
        text.replacen(bad, good, 1)
    })
}

/// Everything that is known: values with their days, and profiles.
#[expect(clippy::unwrap_used, reason = "a test that cannot look into its database cannot go on")]
fn known(sandbox: &Sandbox) -> Vec<String> {
    let sql = sandbox.sql();
    let mut lines = Vec::new();
    for query in [
        "SELECT account_name || '|' || kpi || '|' || coalesce(product, '') || '|' || coalesce(value, '-') || '|'
         || observed_at FROM v_kpi_history ORDER BY 1",
        "SELECT account_name || '|' || coalesce(revenue, '-') || '|' || coalesce(industry, '-') || '|'
         || coalesce(renewal_date, '-') || '|' || attributes FROM v_latest ORDER BY 1",
        "SELECT account_name || '|' || month || '|' || coalesce(overall_health_score, '-')
         FROM v_health_scores ORDER BY 1",
    ] {
        let mut statement = sql.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        lines.extend(rows.map(Result::unwrap));
    }
    lines.dedup();
    lines
}

fn words<'a>(case: &Case<'a>, name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    ["ingest", case.kind, name]
        .into_iter()
        .chain(case.flags.iter().copied())
        .chain(more.iter().copied())
        .collect()
}

/// What is known after the first command and the mended rejects, and what would be had the file been right.
fn both_ways(case: &Case<'_>) -> (Sandbox, Vec<String>, Vec<String>) {
    let (at_once, later) = (Sandbox::new(), Sandbox::new());
    for sandbox in [&at_once, &later] {
        sandbox.write("accounts.csv", "account\nAcme\nBeta\nGamma\n");
        sandbox.run(["ingest", "profiles", "accounts.csv"]).ok();
    }
    at_once.write("file.csv", mended(case.file, case.mend));
    at_once.run(words(case, "file.csv", &[])).ok();
    later.write("file.csv", case.file);
    later.run(words(case, "file.csv", &["--on-error", "skip", "--rejects", "r.csv"])).fails_with(3);
    later.write("r.csv", mended(&later.read("r.csv"), case.mend));
    later.run(["ingest", case.kind, "r.csv"]).ok();
    let again = later.run(["ingest", case.kind, "r.csv", "--json"]).ok().json();
    assert_eq!(again["files"][0]["status"], "unchanged_file", "{:?}", case.flags);
    let (expected, found) = (known(&at_once), known(&later));
    (later, expected, found)
}

fn is_the_same(case: &Case<'_>) -> String {
    let (sandbox, expected, found) = both_ways(case);
    let rejects = sandbox.read("r.csv");
    assert_eq!(found, expected, "{:?}\n{rejects}", case.flags);
    rejects
}

#[test]
fn flags_of_the_first_command_hold_for_the_mended_rows() {
    let long = "account,kpi,value\nAcme,NPS,12\nBeta,NPS,many\n";
    let mend: &[(&str, &str)] = &[("Beta,NPS,many", "Beta,NPS,7")];
    let rejects = is_the_same(&Case { kind: "kpis", file: long, flags: &["--period", "2026-06"], mend });
    assert!(rejects.contains("Beta,NPS,7,period=2026-06-30,"), "{rejects}");
    let given = "kpi,value\nNPS,12\nTicket Volume,many\n";
    let mend: &[(&str, &str)] = &[("many", "7")];
    is_the_same(&Case { kind: "kpis", file: given, flags: &["-a", "O'Neill & Co"], mend });
    let named = "Kunde,Was,Wieviel\nAcme,NPS,12\nBeta,NPS,many\n";
    let maps = ["--map", "Kunde=account", "--map", "Was=kpi", "--map", "Wieviel=value"];
    is_the_same(&Case { kind: "kpis", file: named, flags: &maps, mend });
    let unnamed = "Acme,NPS,12\nBeta,NPS,many\n";
    let maps =
        ["--header", "none", "--map", "column 1=account", "--map", "column 2=kpi", "--map", "column 3=value"];
    is_the_same(&Case { kind: "kpis", file: unnamed, flags: &maps, mend });
    let profiles =
        "account,industry,revenue,renewal_date\nAcme,Retail,1000,2026-12-01\nBeta,(none),lots,2027-01-01\n";
    let mend: &[(&str, &str)] = &[("lots", "2000")];
    is_the_same(&Case { kind: "profiles", file: profiles, flags: &["--clear-token", "(none)"], mend });
    let health = "account,health_score\nAcme,70\nBeta,good\n";
    let mend: &[(&str, &str)] = &[("Beta,good", "Beta,80")];
    is_the_same(&Case { kind: "health", file: health, flags: &["--period", "2026-06"], mend });
}

#[test]
fn a_preset_is_not_needed_again() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "[presets.monthly]\nkind = \"kpis\"\nmap = { Wieviel = \"value\" }\naliases = { kpi = [\"Kennzahl\"] }\n",
    );
    sandbox.write("a.csv", "account,Kennzahl,Wieviel\nAcme,NPS,12\nBeta,NPS,many\n");
    let words =
        ["ingest", "kpis", "a.csv", "--preset", "monthly", "--on-error", "skip", "--rejects", "r.csv"];
    sandbox.run(words).fails_with(3);
    sandbox.write("r.csv", sandbox.read("r.csv").replacen("many", "7", 1));
    sandbox.run(["ingest", "kpis", "r.csv"]).ok();
    assert_eq!(known(&sandbox).iter().filter(|line| line.contains("|7.0|")).count(), 1);
}

#[test]
fn a_flag_given_by_hand_beats_the_file_and_that_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,kpi,value\nAcme,NPS,12\nBeta,NPS,many\n");
    let words =
        ["ingest", "kpis", "a.csv", "--period", "2026-06", "--on-error", "skip", "--rejects", "r.csv"];
    sandbox.run(words).fails_with(3);
    sandbox.write("r.csv", sandbox.read("r.csv").replacen("many", "7", 1));
    let again = sandbox.run(["ingest", "kpis", "r.csv", "--period", "2026-07", "--json"]);
    let note = "--period as given holds, and not '2026-06-30' by which these rows were read before";
    assert!(again.ok().json()["files"][0]["notes"].as_array().unwrap().iter().any(|said| said == note));
    assert!(known(&sandbox).iter().any(|line| line.starts_with("Beta|") && line.contains("|7.0|2026-07-31")));
}

#[test]
fn what_a_row_says_must_mean_something_and_be_the_same_of_the_whole_file() {
    let sandbox = Sandbox::new();
    let header = "account,kpi,value,acctsnap_reading\n";
    sandbox.write("a.csv", format!("{header}Acme,NPS,1,period=June\n"));
    let refused = sandbox.run(["ingest", "kpis", "a.csv"]);
    refused.fails_with(5).mentions("line 2, column acctsnap_reading: 'period=June' means nothing here");
    sandbox.write("a.csv", format!("{header}Acme,NPS,1,period=2026-05-31\nAcme,NPS,2,period=2026-06-30\n"));
    sandbox
        .run(["ingest", "kpis", "a.csv"])
        .fails_with(5)
        .mentions("ingest the rejects of each file by themselves");
}

#[test]
fn values_of_a_wide_row_that_were_taken_are_not_said_again() {
    for (flags, file, newer) in [
        (vec![], "account,NPS,Ticket Volume\nAcme,5,many\n", "account,NPS\nAcme,9\n"),
        (
            vec!["--layout", "transposed"],
            "kpi,Acme,Beta\nNPS,5,many\nCSAT,,3\nTicket Volume,,4\n",
            "account,NPS\nAcme,9\n",
        ),
        (vec![], "account,kpi,2026-09,2026-10\nAcme,NPS,5,many\n", "account,kpi,2026-09\nAcme,NPS,9\n"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("a.csv", file);
        let mut words = vec!["ingest", "kpis", "a.csv", "--on-error", "skip", "--rejects", "r.csv"];
        words.extend(&flags);
        sandbox.run(words).fails_with(3);
        sandbox.write("newer.csv", newer);
        sandbox.run(["ingest", "kpis", "newer.csv"]).ok();
        sandbox.write("r.csv", sandbox.read("r.csv").replacen("many", "7", 1));
        let view = sandbox.run(["ingest", "kpis", "r.csv", "--json"]).ok().json();
        let rows = &view["files"][0]["rows"];
        assert_eq!(
            (&rows["inserted"], &rows["updated"]),
            (&1.into(), &0.into()),
            "{}",
            sandbox.read("r.csv")
        );
        assert!(
            known(&sandbox).iter().any(|line| line.starts_with("Acme|") && line.contains("|9.0|")),
            "{flags:?}"
        );
    }
}

#[test]
fn a_wide_column_is_what_it_was_however_few_of_its_cells_are_left() {
    let rows: String = (1..9).map(|row| format!("A{row},{row},0{row}555,{row}.5\n")).collect();
    let file = format!("account,Foo,Zip code,NPS\n{rows}Beta,many,12345,6\n");
    let rejects =
        is_the_same(&Case { kind: "kpis", file: &file, flags: &[], mend: &[("Beta,many", "Beta,7")] });
    assert!(rejects.contains("Beta,7,12345,,layout=wide pass_over='Zip code'"), "{rejects}");
    let file = format!("account,Foo,Zip code,NPS\n{rows}Beta,many,12345,6\n");
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", file);
    sandbox.run(["ingest", "kpis", "a.csv", "--on-error", "skip", "--rejects", "r.csv"]).fails_with(3);
    // Unmended it is refused, not passed over.
    sandbox.run(["ingest", "kpis", "r.csv"]).fails_with(5).mentions("many");
}

#[test]
fn an_account_of_a_transposed_file_that_is_refused_is_set_aside_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,NPS\nAcme,1\n");
    sandbox.run(["ingest", "kpis", "a.csv"]).ok();
    sandbox.write("b.csv", "kpi,Acme,Beta\nNPS,5,6\nTicket Volume,7,8\n");
    let words = ["ingest", "kpis", "b.csv", "--layout", "transposed", "--no-create"];
    sandbox.run(words.iter().chain(&["--on-error", "skip", "--rejects", "r.csv"])).fails_with(3);
    let rejects = sandbox.read("r.csv");
    assert!(rejects.contains("NPS,,6,") && rejects.contains("Ticket Volume,,8,"), "{rejects}");
    sandbox
        .run(["ingest", "kpis", "r.csv"])
        .fails_with(5)
        .mentions("in a rejects file: in its column acctsnap_reading");
    sandbox.write("r.csv", rejects.replace(" no_create=yes", ""));
    sandbox.run(["ingest", "kpis", "r.csv"]).ok();
    assert!(known(&sandbox).iter().any(|line| line.starts_with("Beta|Ticket Volume||8.0")));
}

#[test]
fn a_group_of_which_one_value_is_made_is_set_aside_whole() {
    let file = "account,kpi,value\nAcme,Ticket Volume,5\nAcme,Ticket Volume,many\nAcme,Ticket Volume,7\nBeta,NPS,4\n";
    for policy in ["sum", "mean", "first", "last"] {
        let mend: &[(&str, &str)] = &[("many", "9")];
        let flags: &[&str] = &["--duplicates", policy];
        let rejects = is_the_same(&Case { kind: "kpis", file, flags, mend });
        assert_eq!(rejects.matches("in line 3 cannot be taken").count(), 2, "{rejects}");
    }
    let wide = "account,NPS,Ticket Volume\nAcme,5,1\nAcme,6,many\nAcme,7,3\n";
    let (flags, mend): (&[&str], &[(&str, &str)]) = (&["--duplicates", "sum"], &[("many", "2")]);
    let rejects = is_the_same(&Case { kind: "kpis", file: wide, flags, mend });
    assert!(rejects.contains("Acme,,1,") && !rejects.contains("Acme,5"), "{rejects}");
    let profiles = "account,industry,revenue\nAcme,Retail,100\nAcme,Food,lots\nBeta,Food,5\n";
    let health = "account,month,health_score\nAcme,2026-06,70\nAcme,2026-06,good\nAcme,2026-07,60\n";
    for policy in ["first", "last"] {
        let flags: &[&str] = &["--duplicates", policy];
        is_the_same(&Case { kind: "profiles", file: profiles, flags, mend: &[("lots", "200")] });
        is_the_same(&Case { kind: "health", file: health, flags, mend: &[("good", "80")] });
    }
}

/// A workbook with a long sheet and a wide one, each written in its own way, and each with a bad cell.
#[expect(clippy::unwrap_used, reason = "a workbook is written to memory")]
fn two_layouts(sandbox: &Sandbox, long_bad: &str, wide_bad: &str) {
    let mut book = Workbook::new();
    let sheets: [(&str, &[[&str; 4]]); 2] = [
        (
            "Long",
            &[
                ["customer", "kpi", "value", "date"],
                ["Acme", "NPS", "12,5", "31/10/2026"],
                ["Beta", "NPS", long_bad, "03/04/2026"],
            ],
        ),
        (
            "Wide",
            &[
                ["account_name", "Ticket Volume", "Renewal note", "date"],
                ["Acme", "4.5", "call them", "10/31/2026"],
                ["Gamma", wide_bad, "write to them", "03/04/2026"],
            ],
        ),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, *cell).unwrap();
            }
        }
    }
    sandbox.write("book.xlsx", book.save_to_buffer().unwrap());
}

#[test]
fn sheets_of_different_layouts_and_conventions_go_back_in_as_they_were() {
    let (at_once, later) = (Sandbox::new(), Sandbox::new());
    two_layouts(&at_once, "1,5", "2.5");
    at_once.run(["ingest", "kpis", "book.xlsx"]).ok();
    two_layouts(&later, "many", "lots");
    later.run(["ingest", "kpis", "book.xlsx", "--on-error", "skip", "--rejects", "r.csv"]).fails_with(3);
    let rejects = later.read("r.csv");
    later.write("r.csv", mended(&rejects, &[("many", "\"1,5\""), ("lots", "2.5")]));
    later.run(["ingest", "kpis", "r.csv"]).ok();
    assert_eq!(known(&later), known(&at_once), "{rejects}");
}

#[test]
fn the_rejects_of_rejects_go_back_in_too() {
    let (at_once, later) = (Sandbox::new(), Sandbox::new());
    two_layouts(&at_once, "1,5", "2.5");
    at_once.run(["ingest", "kpis", "book.xlsx"]).ok();
    two_layouts(&later, "many", "lots");
    let skip = ["--on-error", "skip", "--rejects"];
    later.run(["ingest", "kpis", "book.xlsx"].iter().chain(&skip).chain(&["r.csv"])).fails_with(3);
    later.write("r.csv", later.read("r.csv").replacen("many", "\"1,5\"", 1));
    later.run(["ingest", "kpis", "r.csv"].iter().chain(&skip).chain(&["r2.csv"])).fails_with(3);
    let rejects = later.read("r2.csv");
    later.write("r2.csv", mended(&rejects, &[("lots", "2.5")]));
    later.run(["ingest", "kpis", "r2.csv"]).ok();
    assert_eq!(known(&later), known(&at_once), "{rejects}");
}

/// Sheets of texts and, where a text begins with `=`, numbers.
#[expect(clippy::unwrap_used, reason = "a workbook is written to memory")]
fn write_book(sandbox: &Sandbox, sheets: &[(&str, &[&[&str]])]) {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                match cell.strip_prefix('=') {
                    Some(number) => sheet.write(row, column, number.parse::<f64>().unwrap()).unwrap(),
                    None => sheet.write(row, column, *cell).unwrap(),
                };
            }
        }
    }
    sandbox.write("book.xlsx", book.save_to_buffer().unwrap());
}

/// What is known once the rejects of `book.xlsx` are mended and ingested, and how they stood.
fn book_mended(sandbox: &Sandbox, flags: &[&str], mend: &[(&str, &str)]) -> (Vec<String>, String) {
    let words = ["ingest", "kpis", "book.xlsx", "--on-error", "skip", "--rejects", "r.csv"];
    sandbox.run(words.iter().chain(flags)).fails_with(3);
    let rejects = sandbox.read("r.csv");
    sandbox.write("r.csv", mended(&rejects, mend));
    sandbox.run(["ingest", "kpis", "r.csv"]).ok();
    (known(sandbox), rejects)
}

#[test]
fn a_column_of_a_sheet_is_not_read_by_the_mark_of_another() {
    let sandbox = Sandbox::new();
    let rows: &[&[&str]] = &[
        &["Account", "NPS", "Ticket Volume", "Date"],
        &["Acme", "12,5", "=5", "2026-05-05"],
        &["Beta", "4,5", "=1.234", "bad"],
        &["Cee", "2,5", "=4", "2026-05-05"],
    ];
    write_book(&sandbox, &[("One", rows)]);
    let (known, rejects) = book_mended(&sandbox, &[], &[("bad", "2026-05-05")]);
    for value in ["Beta|Ticket Volume||1.234|", "Beta|Net Promoter Score (NPS)||4.5|"] {
        assert!(known.iter().any(|line| line.starts_with(value)), "{known:?}\n{rejects}");
    }
}

#[test]
fn a_column_of_a_text_is_not_read_by_the_mark_of_another() {
    let file = "Account,NPS,Ticket Volume,Date\nAcme,\"12,5\",5,2026-05-05\nBeta,\"4,5\",1.234,bad\n";
    let rejects = is_the_same(&Case { kind: "kpis", file, flags: &[], mend: &[("bad", "2026-05-05")] });
    assert!(rejects.contains("decimal='NPS=comma'"), "{rejects}");
}

#[test]
fn a_sheet_is_not_read_by_the_mark_of_its_neighbour() {
    let german: &[&[&str]] = &[
        &["Account", "KPI", "Value", "Date"],
        &["Acme", "NPS", "12,5", "bad"],
        &["Beta", "NPS", "4,5", "2026-05-05"],
    ];
    let numbers: &[&[&str]] = &[
        &["Account", "KPI", "Value", "Date"],
        &["Gam", "NPS", "=1.234", "worse"],
        &["Del", "NPS", "=3", "2026-05-05"],
    ];
    let texts: &[&[&str]] = &[
        &["Account", "KPI", "Value", "Date"],
        &["Gam", "NPS", "yy", "2026-05-05"],
        &["Del", "NPS", "4.5", "2026-05-05"],
    ];
    let day = ("bad", "2026-05-05");
    for (american, mend) in [(numbers, [day, ("worse", "2026-05-05")]), (texts, [day, ("yy", "1.234")])] {
        let sandbox = Sandbox::new();
        write_book(&sandbox, &[("DE", german), ("US", american)]);
        let (known, rejects) = book_mended(&sandbox, &[], &mend);
        for value in ["Gam|Net Promoter Score (NPS)||1.234|", "Acme|Net Promoter Score (NPS)||12.5|"] {
            assert!(known.iter().any(|line| line.starts_with(value)), "{known:?}\n{rejects}");
        }
    }
}

#[test]
fn a_column_that_was_passed_over_by_hand_goes_back_in_as_it_is() {
    let mend: &[(&str, &str)] = &[("xx", "7")];
    let wide = "Account,X,NPS\nAcme,10,xx\nBeta,5,5\n";
    let rejects = is_the_same(&Case { kind: "kpis", file: wide, flags: &["--map", "X="], mend });
    assert!(rejects.contains("map='X='") && !rejects.contains("pass_over"), "{rejects}");
    let periods = "Account,KPI,2026-01,2026-02\nAcme,NPS,10,xx\nBeta,NPS,5,5\n";
    is_the_same(&Case { kind: "kpis", file: periods, flags: &["--map", "2026-01="], mend });
    let sandbox = Sandbox::new();
    let rows: &[&[&str]] = &[&["Account", "Z", "NPS"], &["Acme", "=10", "xx"], &["Beta", "=5", "=5"]];
    write_book(&sandbox, &[("One", rows)]);
    let (known, rejects) = book_mended(&sandbox, &["--map", "Z="], mend);
    assert!(
        known.iter().any(|line| line.starts_with("Acme|Net Promoter Score (NPS)||7.0|")),
        "{known:?}\n{rejects}"
    );
    assert!(!known.iter().any(|line| line.contains("|Z|")), "{known:?}");
}

#[test]
fn rejects_of_a_json_file_remember_its_flags() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "[{\"Kunde\": \"Acme\", \"industry\": \"-\", \"revenue\": \"lots\"}]");
    let words = ["ingest", "profiles", "a.json", "--map", "Kunde=account", "--clear-token", "-"];
    sandbox.run(words.iter().chain(&["--on-error", "skip", "--rejects", "r.json"])).fails_with(3);
    sandbox.write("r.json", sandbox.read("r.json").replacen("\"lots\"", "5", 1));
    sandbox.run(["ingest", "profiles", "r.json"]).ok();
    assert!(known(&sandbox).iter().any(|line| line.starts_with("Acme|5")), "{:?}", known(&sandbox));
}

fn rejects_twice(sandbox: &Sandbox, words: &[&str]) -> (Outcome, Outcome) {
    let more = |name| ["--on-error", "skip", "--rejects", name];
    let first = sandbox.run(words.iter().copied().chain(more("one.csv")));
    let second = sandbox.run(words.iter().copied().chain(more("two.csv")).chain(["--json"]));
    (first, second)
}

#[test]
fn a_known_file_gives_the_same_rejects_again() {
    let sandbox = Sandbox::new();
    sandbox.write("accounts.csv", "account\nAcme Inc.\n");
    sandbox.run(["ingest", "profiles", "accounts.csv"]).ok();
    for (words, file) in [
        (vec!["ingest", "kpis", "a.csv"], "account,kpi,value\nBeta,NPS,12\nBeta,Ticket Volume,many\n"),
        // Refused only beside what is known, and by an account that only other flags would make.
        (vec!["ingest", "kpis", "a.csv"], "account,kpi,value\nBeta,NPS,1\nACME inc,NPS,7\n"),
        (vec!["ingest", "kpis", "a.csv", "--no-create"], "account,kpi,value\nBeta,NPS,2\nGamma,NPS,7\n"),
        (vec!["ingest", "health", "a.csv"], "account,month,health_score\nBeta,2026-06,1\nGamma,2026-06,7\n"),
        (
            vec!["ingest", "profiles", "a.csv"],
            "account,currency,revenue\nBeta,EUR,1\nBeta,USD,2\nacme inc,USD,7\n",
        ),
    ] {
        sandbox.write("a.csv", file);
        let (first, second) = rejects_twice(&sandbox, &words);
        first.fails_with(3);
        second.fails_with(3);
        assert_eq!(second.json()["files"][0]["status"], "unchanged_file");
        assert_eq!(sandbox.read("two.csv"), sandbox.read("one.csv"));
    }
}

#[test]
fn rejects_that_would_be_others_today_are_not_written_and_that_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,kpi,value\nBeta,NPS,12\n");
    sandbox.run(["ingest", "kpis", "a.csv"]).ok();
    sandbox.write("b.csv", "account,kpi,value\nBeta,Ticket Volume,2\nGamma,NPS,7\n");
    let words = ["ingest", "kpis", "b.csv", "--no-create", "--on-error", "skip", "--rejects"];
    sandbox.run(words.iter().chain(&["one.csv"])).fails_with(3);
    sandbox.write("c.csv", "account\nGamma\n");
    sandbox.run(["ingest", "profiles", "c.csv"]).ok();
    let again = sandbox.run(words.iter().chain(&["two.csv"]));
    again.fails_with(3).mentions("two.csv was not written");
    assert!(!sandbox.path("two.csv").exists());
}
