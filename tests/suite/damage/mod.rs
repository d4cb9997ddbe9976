//! A database with every kind of data in it, and ways to damage a copy of it.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;

use rusqlite::Connection;

use crate::support::Sandbox;
use crate::support::book::nps;

/// Two customers with KPIs, profiles, health, playbooks, notes, events that wait, slots, renamed KPIs and accounts.
pub fn everything() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "[[recommend]]\nplaybook = \"voc-sprint\"\nwhen = \"critical_kpis_count > 0\"\n",
    );
    let kpis = "account,external id,kpi,value,weight,impact,product,date\nAcme,a-1,NPS,-40,0.5,High,,2026-11-01\n\
                Acme,a-1,CSAT,3,0.5,Low,Suite,2026-11-01\nBeta,b-1,CSAT,3,,Low,,2026-11-01\nGamma,g-1,Widgets,7,,,,2026-11-01\n";
    for customer in ["north", "south"] {
        let of = ["--customer", customer];
        let run = |time: &str, words: &[&str]| {
            let words: Vec<&str> = words.iter().chain(&of).copied().collect();
            sandbox.at(time, &words);
        };
        sandbox.ingest("09:00:00", kpis, &of).ok();
        sandbox.write(
            "profiles.csv",
            "account,industry,arr,renewal date,extra\nAcme,Food,1000.50,2027-01-31,x\nBeta,Tech,2000,,y\n",
        );
        sandbox.write("health.csv", "account,period,score,support\nAcme,2026-10,55,44\nBeta,2026-09,70,\n");
        sandbox.write(
            "playbooks.csv",
            "account,execution id,playbook,status,started,completed\nAcme,e1,voc-sprint,completed,2026-11-01,2026-11-05\n\
             Acme,e2,onboarding,in-progress,2026-11-02,\n",
        );
        sandbox.write(
            "notes.csv",
            "account,note id,title,content,author,date\nAcme,n1,QBR,fine,jo,2026-11-02\nAcme,n2,Call,,jo,\n",
        );
        for (time, kind) in [
            ("09:10:00", "profiles"),
            ("09:20:00", "health"),
            ("09:30:00", "playbooks"),
            ("09:40:00", "notes"),
        ] {
            run(time, &["ingest", kind, &format!("{kind}.csv")]);
        }
        sandbox.write("profiles.csv", "account,industry,arr\nAcme,Food,1200\n");
        run("09:45:00", &["ingest", "profiles", "profiles.csv"]);
        run("09:46:00", &["ingest", "profiles", "profiles.csv"]);
        run("09:50:00", &["kpis", "rename", "Widgets", "Gadgets"]);
        run("09:55:00", &["accounts", "alias", "Beta", "Betamax"]);
        run("09:56:00", &["accounts", "archive", "Gamma"]);
        sandbox.ingest("10:00:00", &nps("Acme", "41"), &of).ok();
        sandbox.ingest("10:01:00", &nps("Acme", "42"), &of).ok();
        sandbox.ingest("10:01:30", &nps("Beta", "N/A"), &["--defer", "--customer", customer]).ok();
        sandbox.ingest("10:01:30", &nps("Beta", "N/A"), &["--defer", "--customer", customer]).ok();
        run("10:02:00", &["snapshot", "create", "--all", "--reason", "QBR"]);
        run("10:03:00", &["health", "calculate", "--all"]);
        run("10:04:00", &["scheduled", "run"]);
        sandbox.ingest("10:05:30", &nps("Acme", "12"), &of).ok();
        sandbox.ingest("10:06:00", &nps("Acme", "13"), &of).ok();
        sandbox.ingest("10:06:30", &nps("Beta", "50"), &["--defer", "--customer", customer]).ok();
    }
    sandbox.write("more.toml", "[health.weights]\n\"Support\" = 0.5\n");
    sandbox.at(
        "10:07:00",
        &["snapshot", "create", "-a", "Acme", "--customer", "south", "--config", "more.toml"],
    );
    // One upload of each kind is taken back, and two of them count again; 10 stands among others of its kind.
    let turns = [
        ("undo", "10"),
        ("undo", "6"),
        ("undo", "3"),
        ("undo", "4"),
        ("undo", "5"),
        ("redo", "4"),
        ("redo", "10"),
        ("undo", "11"),
    ];
    for (minute, (command, upload)) in (10..).zip(turns) {
        let words = ["uploads", command, upload, "--yes", "--customer", "north"];
        sandbox.at(&format!("10:{minute}:00"), &words).ok();
    }
    sandbox
}

/// Every column of tables that have rows.
pub fn columns<'t>(sandbox: &Sandbox, tables: impl Iterator<Item = &'t str>) -> Vec<(String, String)> {
    let sql = sandbox.sql();
    let mut columns = Vec::new();
    for table in tables.filter(|table| sandbox.count(table) > 0) {
        let query = format!("SELECT name FROM pragma_table_info('{table}')");
        let mut statement = sql.prepare(&query).expect("the columns");
        let names = statement.query_map([], |row| row.get::<_, String>(0)).expect("the columns");
        columns.extend(names.map(|name| (table.to_owned(), name.expect("a name"))));
    }
    columns
}

/// A copy in which one value of a column is another, with everything else as it was; None where no row has one.
pub fn altered(sandbox: &Sandbox, table: &str, column: &str) -> Option<Sandbox> {
    let copy = copy(sandbox);
    let sql = copy.sql();
    let guard: Option<String> = sql
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = ?1",
            [format!("{table}_refuse_UPDATE")],
            |row| row.get(0),
        )
        .ok();
    let lift = guard.as_ref().map_or(String::new(), |_| format!("DROP TRIGGER {table}_refuse_UPDATE;"));
    let change = format!(
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; {lift} \
         UPDATE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1 \
         WHEN 'text' THEN {column} || ' ' WHEN 'blob' THEN zeroblob(length({column})) END \
         WHERE rowid_of = (SELECT max(rowid_of) FROM {table} WHERE {column} IS NOT NULL)"
    );
    let key = match table {
        "counters" => "kind",
        "customer_heads" => "customer_id",
        "account_heads" | "kpi_current" | "cooldowns" | "slot_heads" => "account_id",
        "pending_events" => "event_id",
        _ => "id",
    };
    // What cannot stand there at all (a key given twice) cannot be altered so.
    sql.execute_batch(&change.replace("rowid_of", key)).ok()?;
    let is_altered = sql.changes() > 0;
    sql.execute_batch(&guard.unwrap_or_default()).expect("the guard as it was");
    is_altered.then_some(copy)
}

/// A sandbox with a copy of the database.
pub fn copy(sandbox: &Sandbox) -> Sandbox {
    let copy = Sandbox::new();
    let target = copy.path("test.db");
    sandbox.sql().execute("VACUUM INTO ?1", [target.to_string_lossy()]).expect("a copy");
    fs::metadata(&target).expect("the copy");
    copy
}

/// Drops the triggers that refuse to change history; gives the SQL that makes them again.
pub fn lift_guards(sql: &Connection) -> String {
    let query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let mut statement = sql.prepare(query).expect("the triggers");
    let guards: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("the triggers");
    for (name, _) in &guards {
        sql.execute_batch(&format!("DROP TRIGGER {name}")).expect("a trigger");
    }
    guards.into_iter().map(|(_, sql)| format!("{sql};\n")).collect()
}
