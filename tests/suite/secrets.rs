//! Two customers whose files bear words of their own in every field: whatever one of them runs, no word of the other
//! comes out. Every command has its entry here, or this test fails.

use std::collections::BTreeSet;

use crate::support::{Outcome, Sandbox, shape};
use acctsnap::cli::args::Cli;
use acctsnap::report::schema::schema;
use clap::CommandFactory;

/// North's files bear words with this in them, south's with that.
const MARKS: [&str; 2] = ["norda", "sudra"];
const CUSTOMERS: [&str; 2] = ["norda inc", "sudra inc"];

/// The commands, each in words with `{}` where the customer's mark goes. `!`: it is asked about the other customer's
/// things, which do not exist for it; `=`: about its own, by number. The customers are made by the ingests, which stand first.
pub const RUNS: &[(&str, &[&str])] = &[
    ("ingest kpis", &["{}-kpis.csv", "--on-error", "skip", "--rejects", "{}-rejects.csv"]),
    ("ingest profiles", &["{}-profiles.csv", "--on-error", "skip", "--rejects", "{}-rejects.csv"]),
    ("ingest playbooks", &["{}-playbooks.csv", "--on-error", "skip", "--rejects", "{}-rejects.csv"]),
    ("ingest health", &["{}-health.csv", "--on-error", "skip", "--rejects", "{}-rejects.csv"]),
    ("ingest notes", &["{}-notes.csv", "--on-error", "skip", "--rejects", "{}-rejects.csv"]),
    ("ingest kpis", &["{}-kpis.csv"]),
    ("ingest kpis", &["{}-later.csv", "--defer", "-v"]),
    ("ingest notes", &["{}-later.csv"]),
    ("inspect", &["{}-later.csv"]),
    ("uploads list", &[]),
    ("uploads show", &["=upload"]),
    ("uploads show", &["!upload"]),
    ("snapshot create", &["--all", "--reason", "{} reason"]),
    ("snapshot create", &["-a", "!{} company"]),
    ("snapshot list", &[]),
    ("snapshot list", &["-a", "!{} company"]),
    ("snapshot show", &["=snapshot"]),
    ("snapshot show", &["!snapshot"]),
    ("snapshot tag", &["--all", "{}-tag"]),
    ("snapshot tag", &["!snapshot", "{}-tag"]),
    ("snapshot show", &["{}-tag", "-a", "{} company"]),
    ("snapshot pin", &["=snapshot"]),
    ("snapshot unpin", &["=snapshot"]),
    ("snapshot unpin", &["!snapshot"]),
    ("tags list", &[]),
    ("snapshot untag", &["!{}-tag"]),
    ("snapshot untag", &["{}-tag"]),
    ("latest", &["--all"]),
    ("latest", &["-a", "{} company"]),
    ("latest", &["-a", "!{} company"]),
    ("latest", &["-a", "!id"]),
    ("latest", &["-a", "!ext:{}-7"]),
    ("compare", &["-a", "{} company"]),
    ("compare", &["-a", "!{} company"]),
    ("compare", &["--all", "2020-01", "now", "--by", "industry"]),
    ("context", &["-a", "{} company"]),
    ("context", &["-a", "!{} company"]),
    ("context", &["--all"]),
    ("explain", &["-a", "{} company"]),
    ("explain", &["-a", "!{} company"]),
    ("history", &["-a", "{} company"]),
    ("history", &["-a", "!{} company"]),
    ("export snapshots", &["{}-snapshots.csv"]),
    ("export kpis", &["{}-history.csv", "--excel"]),
    ("export events", &["{}-events.jsonl"]),
    ("snapshot create", &["--all"]),
    ("retention plan", &["--config", "short.toml"]),
    ("retention apply", &["--yes", "--config", "short.toml"]),
    ("retention undo", &["!run"]),
    ("retention undo", &["=run"]),
    ("retention apply", &["--yes", "--config", "short.toml"]),
    ("retention purge", &["--yes"]),
    ("uploads undo", &["!upload", "--yes"]),
    ("uploads undo", &["=upload", "--yes"]),
    ("uploads redo", &["!upload", "--yes"]),
    ("uploads redo", &["=upload", "--yes"]),
    ("flush", &["--now", "-v"]),
    ("health calculate", &["-a", "{} company"]),
    ("health calculate", &["-a", "!{} company"]),
    ("scheduled run", &["-v"]),
    ("scheduled plan", &["--until", "30d"]),
    ("scheduled install", &["--cron"]),
    ("status", &[]),
    ("man", &["{}-pages"]),
    ("completions", &["bash"]),
    ("accounts list", &[]),
    ("accounts show", &["{} company"]),
    ("accounts show", &["!{} company"]),
    ("accounts alias", &["{} company", "{} byname"]),
    ("accounts alias", &["{} other", "{} byname"]),
    ("accounts rename", &["{} other", "{} renamed"]),
    ("accounts rename", &["{} renamed", "{} company"]),
    ("accounts set-external-id", &["{} renamed", "{}-8"]),
    ("accounts archive", &["{} renamed", "--reason", "{} farewell"]),
    ("accounts unarchive", &["{} renamed"]),
    ("accounts unarchive", &["!{} renamed"]),
    ("backup", &["{}-copy.db"]),
    ("erase", &["--person", "{} byname", "--yes"]),
    ("erase", &["-a", "!{} renamed", "--yes"]),
    ("accounts merge", &["!{} other", "{} company", "--yes"]),
    ("accounts merge", &["{} company", "!{} company", "--yes"]),
    ("accounts merge", &["{} renamed", "{} company", "--yes"]),
    ("accounts show", &["{} renamed"]),
    ("accounts list", &["--archived"]),
    ("restore", &["{}-copy.db", "--force", "--yes"]),
    ("customers list", &[]),
    ("customers rename", &["{} inc", "{} tenant"]),
    ("events list", &[]),
    ("events list", &["-a", "!{} company"]),
    ("kpis import", &["{}-definitions.csv"]),
    (
        "kpis set",
        &[
            "{} made",
            "--unit",
            "count",
            "--category",
            "Support",
            "--direction",
            "higher",
            "--worst",
            "0",
            "--critical-edge",
            "10",
            "--healthy-edge",
            "20",
            "--best",
            "30",
        ],
    ),
    ("kpis alias", &["{} made", "{} making"]),
    ("kpis rename", &["{} made", "{} built"]),
    ("kpis retire", &["{} built"]),
    ("kpis retire", &["!{} built"]),
    ("kpis list", &[]),
    ("kpis show", &["{} built"]),
    ("kpis show", &["!{} built"]),
    ("kpis unknown", &[]),
    ("kpis suggest", &[]),
    ("notes list", &["-a", "{} company"]),
    ("notes list", &["-a", "!{} company"]),
    ("verify", &[]),
    ("verify", &["-a", "{} company"]),
    ("verify", &["-a", "!{} company"]),
    ("config show", &[]),
    ("config check", &[]),
    ("config init", &["--config", "{}-settings.toml"]),
    ("schema", &["snapshot"]),
    ("erase", &["--dry-run"]),
];

/// The files of a customer, named and filled with its mark; `quoted` as a cell of CSV takes it.
pub fn files(sandbox: &Sandbox, mark: &str, quoted: &str) {
    let write = |name: &str, text: &str| {
        sandbox.write(format!("{mark}-{name}.csv"), text.replace("{}", quoted));
    };
    write(
        "kpis",
        "account,external id,kpi,category,product,value,date\n{} company,{}-7,NPS,Customer Sentiment,{} suite,-40,\n\
         {} company,{}-7,{} widgets,,,3,\n{} company,{}-7,{} gadgets,,,{} rubbish,\n{} other,,NPS,,,20,\n",
    );
    write("later", "account,kpi,value,note,note id\n{} company,NPS,7,{} said,{}-n9\n");
    write(
        "profiles",
        "account,external id,industry,region,csm,executive sponsor,products used,arr,{} column\n\
         {} company,{}-7,{} trade,{} land,{} manager,{} sponsor,{} suite; {} tool,1000,{} extra\n\
         {} other,,,,,,,{} rubbish,\n",
    );
    write(
        "playbooks",
        "account,execution id,playbook,status,started,current step,results\n\
         {} company,{}-e1,{} sprint,completed,2026-11-01,{} step,{} result\n{} company,{}-e2,{} sprint,{} rubbish,,,\n",
    );
    write(
        "health",
        "account,period,score,support\n{} company,2026-10,55,44\n{} nobody,2026-10,55,44\n{} other,{} rubbish,5,4\n",
    );
    write(
        "notes",
        "account,note id,type,title,content,author,date\n\
         {} company,{}-n1,{} call,{} title,{} content,{} writer,2026-11-02\n{} nobody,{}-n2,,{} title,,,\n",
    );
    write(
        "definitions",
        "kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best\n{} imported,Support,count,higher,0,1,2,3\n",
    );
}

/// The words of every command that does something.
fn commands(command: &clap::Command, words: &str, into: &mut BTreeSet<String>) {
    let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    let mut is_family = false;
    for below in below {
        is_family = true;
        commands(below, format!("{words} {}", below.get_name()).trim(), into);
    }
    if !is_family {
        into.insert(words.to_owned());
    }
}

#[test]
fn every_command_has_an_entry() {
    let mut all = BTreeSet::new();
    commands(&Cli::command(), "", &mut all);
    let here: BTreeSet<String> = RUNS.iter().map(|(command, _)| (*command).to_owned()).collect();
    assert_eq!(here, all);
}

/// What of a customer's an argument means.
fn named(sandbox: &Sandbox, argument: &str, customer: usize) -> String {
    let newest = |of: &str| {
        let query = format!(
            "SELECT max(r.id) FROM {of} r JOIN changes g ON g.id = r.change_id JOIN customers c \
             ON c.id = g.customer_id JOIN customer_names n ON n.customer_id = c.id WHERE n.name = '{}'",
            CUSTOMERS[customer]
        );
        sandbox.sql().query_one(&query, [], |row| row.get::<_, i64>(0)).unwrap_or_default().to_string()
    };
    match argument {
        "upload" => newest("uploads"),
        "run" => newest("retention_runs"),
        "snapshot" => newest("snapshots"),
        "id" => format!("id:{}", newest("accounts")),
        text => text.replace("{}", MARKS[customer]),
    }
}

fn run(
    sandbox: &Sandbox,
    command: &str,
    arguments: &[&str],
    customer: usize,
    format: &str,
    time: &str,
) -> Outcome {
    let (mark, other) = (MARKS[customer], 1 - customer);
    let mut typed = Vec::new();
    let mut words: Vec<String> = command.split(' ').map(ToOwned::to_owned).collect();
    for argument in arguments {
        words.push(match argument.strip_prefix('!') {
            Some(theirs) => {
                // The program may say back what was typed.
                typed.push(named(sandbox, theirs, other));
                typed[typed.len() - 1].clone()
            }
            None => match argument.strip_prefix('=') {
                Some(own) => named(sandbox, own, customer),
                None => argument.replace("{}", mark),
            },
        });
    }
    words.extend(
        ["--format", format, "--customer", CUSTOMERS[customer], "--actor", &format!("{mark}-actor")]
            .map(ToOwned::to_owned),
    );
    let outcome = sandbox.command(&words).at(time).run();
    let mut said = format!("{}\n{}", outcome.stdout, outcome.stderr);
    for file in ["rejects.csv", "snapshots.csv", "history.csv", "events.jsonl"] {
        let path = sandbox.path(format!("{mark}-{file}"));
        said.push_str(&std::fs::read_to_string(path).unwrap_or_default());
    }
    let mut said = said.to_lowercase();
    for typed in &typed {
        said = said.replace(&typed.to_lowercase(), "");
    }
    assert!(!said.contains(MARKS[other]), "'{}' came out\n{}", MARKS[other], outcome.transcript());
    if !typed.is_empty() {
        assert!(outcome.code() != Some(0), "{}", outcome.transcript());
    }
    outcome
}

/// Every answer names its shape, and is of that shape.
fn fits_its_schema(outcome: &Outcome) {
    let answer = outcome.json();
    let name = answer["schema"].as_str().and_then(|name| name.strip_prefix("acctsnap."));
    let name = name.and_then(|name| name.strip_suffix("/1")).unwrap_or_default();
    let schema = schema(name).unwrap_or_default();
    let faults = shape::faults(&schema, &answer);
    assert!(!schema.is_null() && faults.is_empty(), "{name}: {faults:#?}\n{}", outcome.transcript());
}

/// The commands that serve the whole database and refuse to be narrowed to a customer.
const WHOLE: [&str; 2] = ["backup", "restore"];

/// Every entry for each customer in turn; the commands of which none succeeded on the customer's own things.
fn all_runs(format: &str) -> BTreeSet<&'static str> {
    let sandbox = Sandbox::new();
    for mark in MARKS {
        files(&sandbox, mark, mark);
    }
    sandbox.write("short.toml", "[retention.default]\nkeep_all = \"1m\"\nmin = 1\n");
    let mut without: BTreeSet<&str> = RUNS.iter().map(|(command, _)| *command).collect();
    for (place, (command, arguments)) in RUNS.iter().enumerate() {
        for customer in [0, 1] {
            let time = format!("2026-11-22T{:02}:{:02}:00Z", 10 + place / 60, place % 60);
            let outcome = run(&sandbox, command, arguments, customer, format, &time);
            if WHOLE.contains(command) {
                assert_eq!(outcome.code(), Some(2), "{}", outcome.transcript());
                without.remove(command);
            }
            if format == "json" && [Some(0), Some(3)].contains(&outcome.code()) && *command != "schema" {
                fits_its_schema(&outcome);
            }
            let is_own = !arguments.iter().any(|argument| argument.starts_with('!'));
            if is_own && [Some(0), Some(3)].contains(&outcome.code()) {
                without.remove(command);
            }
        }
    }
    without
}

#[test]
fn no_word_of_one_customer_comes_out_at_the_other_in_text() {
    assert_eq!(all_runs("text"), BTreeSet::new(), "each command does something here");
}

#[test]
fn no_word_of_one_customer_comes_out_at_the_other_in_json() {
    // A shell's script has one form, and refuses another.
    assert_eq!(all_runs("json"), BTreeSet::from(["completions"]), "each other command does something here");
}

#[test]
fn no_word_of_one_customer_comes_out_at_the_other_in_csv() {
    let without = all_runs("csv");
    assert!(!without.contains("latest") && !without.contains("accounts list"), "{without:?}");
}
