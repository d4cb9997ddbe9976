//! The tools: the `sqlite3` shell, and DuckDB through Python. Where one is not installed, its tests are skipped, and
//! say so.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// A row by column.
pub type Row = Map<String, Value>;

/// The rows of every view, each view's in the order of their text.
pub type Rows = BTreeMap<String, Vec<Row>>;

/// The views, in the order of CONTRACT.md.
pub const VIEWS: [&str; 12] = [
    "v_accounts",
    "v_latest",
    "v_snapshots",
    "v_kpi_current",
    "v_kpi_history",
    "v_events",
    "v_uploads",
    "v_playbooks",
    "v_notes",
    "v_health_scores",
    "v_schedule_runs",
    "v_slots",
];

/// The `sqlite3` shell.
#[derive(Debug, Clone, Copy)]
pub struct Shell;

static SHELL: LazyLock<bool> = LazyLock::new(|| {
    Command::new("sqlite3").arg("--version").output().is_ok_and(|output| output.status.success())
});

#[expect(clippy::expect_used, reason = "the way of a test to fail")]
impl Shell {
    /// The shell, where it is installed.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub fn find() -> Option<Self> {
        if !*SHELL {
            eprintln!("skipped: the sqlite3 shell is not installed");
        }
        SHELL.then_some(Self)
    }

    /// Runs one statement as anybody would.
    pub fn run(self, database: &Path, arguments: &[&str], sql: &str) -> Output {
        // The folder of the database stands in for a home whose .sqlite3rc would be read.
        let home = database.parent().expect("a folder");
        let mut shell = Command::new("sqlite3");
        shell.env("HOME", home).arg("-batch").args(arguments).arg(database).arg(sql);
        shell.output().expect("the sqlite3 shell")
    }

    /// What a query answers, in the shell's own text.
    pub fn text(self, database: &Path, arguments: &[&str], sql: &str) -> String {
        let output = self.run(database, arguments, sql);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sqlite3 refused {sql}: {told}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// What a query answers, row by row.
    pub fn rows(self, database: &Path, sql: &str) -> Vec<Row> {
        match self.text(database, &["-json"], sql).trim() {
            "" => Vec::new(),
            json => serde_json::from_str(json).expect("rows as JSON"),
        }
    }

    /// The rows of every view.
    pub fn views(self, database: &Path) -> Rows {
        let read = |view: &str| {
            let mut rows = self.rows(database, &format!("SELECT * FROM {view}"));
            rows.sort_by_key(text_of);
            (view.to_owned(), rows)
        };
        VIEWS.map(read).into_iter().collect()
    }
}

/// DuckDB, reached through a Python that has it.
#[derive(Debug, Clone)]
pub struct DuckDb {
    python: String,
}

/// Prints the columns with their types and the rows of the views as JSON. Exit code 77: DuckDB cannot be had here.
const READ_VIEWS: &str = r#"
import json, sys
try:
    import duckdb
    try:
        from duckdb_extensions import import_extension
        import_extension("sqlite_scanner")
    except ImportError:
        pass
    duck = duckdb.connect()
    duck.execute("LOAD sqlite_scanner")
except Exception as error:
    print(error, file=sys.stderr)
    sys.exit(77)
if len(sys.argv) > 1:
    duck.execute("ATTACH '" + sys.argv[1] + "' AS book (TYPE sqlite, READ_ONLY)")
    views = {}
    for view in sys.argv[2:]:
        answer = duck.execute("SELECT * FROM book." + view)
        names = [column[0] for column in answer.description]
        types = [str(column[1]) for column in answer.description]
        rows = [dict(zip(names, row)) for row in answer.fetchall()]
        views[view] = {"columns": list(map(list, zip(names, types))), "rows": rows}
    print(json.dumps(views))
"#;

/// What DuckDB read: the rows, and each view's columns with their types.
#[derive(Debug)]
pub struct DuckViews {
    /// The rows of every view.
    pub rows: Rows,
    /// Name and type of every view's columns.
    pub columns: BTreeMap<String, Vec<(String, String)>>,
}

#[expect(clippy::expect_used, reason = "the way of a test to fail")]
impl DuckDb {
    /// DuckDB with its reader of SQLite files, where `ACCTSNAP_TEST_PYTHON` (else `python3`) has them.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub fn find() -> Option<Self> {
        let python = std::env::var("ACCTSNAP_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let found = Command::new(&python).args(["-c", READ_VIEWS]).output();
        let told = match found {
            Ok(output) if output.status.success() => return Some(Self { python }),
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => error.to_string(),
        };
        eprintln!("skipped: {python} has no DuckDB that reads SQLite files ({told})");
        None
    }

    /// The rows of every view.
    pub fn views(&self, database: &Path) -> DuckViews {
        let script = Command::new(&self.python).args(["-c", READ_VIEWS]).arg(database).args(VIEWS).output();
        let output = script.expect("python");
        assert!(output.status.success(), "DuckDB refused: {}", String::from_utf8_lossy(&output.stderr));
        let read: BTreeMap<String, Value> = serde_json::from_slice(&output.stdout).expect("views as JSON");
        let mut views = DuckViews { rows: Rows::new(), columns: BTreeMap::new() };
        for (view, answer) in read {
            let mut rows: Vec<Row> = serde_json::from_value(answer["rows"].clone()).expect("rows");
            rows.sort_by_key(text_of);
            views.rows.insert(view.clone(), rows);
            let columns = serde_json::from_value(answer["columns"].clone()).expect("columns");
            views.columns.insert(view, columns);
        }
        views
    }
}

/// A row as text, by which rows are put in order; without the hash that differs from run to run.
fn text_of(row: &Row) -> String {
    row.iter()
        .filter(|(column, _)| *column != "chain_hash")
        .map(|(column, value)| format!("{column}={value}\n"))
        .collect()
}
