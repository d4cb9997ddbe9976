//! The laws of the house that no compiler knows: no lost writes, no stubs, small rooms, a map that is true.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::source::functions::functions;
use crate::source::paths::lines_reading;
use crate::source::scanner::{code_only, literals_only};
use crate::source::tokens::{brackets_end, item_end, tokens};
use crate::source::{SourceFile, source_files};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 80;

/// Every place of the source at which a rule finds fault, as `file:line: what`.
fn faults(files: &[SourceFile], rule: impl Fn(&SourceFile) -> Vec<(usize, String)>) -> Vec<String> {
    let told = |file: &SourceFile| {
        let place = |(line, what)| format!("{}:{line}: {what}", file.path);
        rule(file).into_iter().map(place).collect::<Vec<_>>()
    };
    files.iter().flat_map(told).collect()
}

fn sample(text: &str) -> [SourceFile; 1] {
    [SourceFile::new("src/store/sample.rs", text)]
}

// ---- writes that could be lost

/// Calls of `query_row` in the store that run, or may run, a write.
///
/// rusqlite's `query_row` takes the first row and never steps to the end, so that a write whose commit fails is
/// answered with Ok. `execute`, `query_one` and a query that is read to its end tell of the failure.
fn writes_through_query_row(files: &[SourceFile], project: &Path) -> Vec<String> {
    let store: Vec<_> = files.iter().filter(|file| file.path.starts_with("src/store")).cloned().collect();
    let constants = constants(&store, project);
    faults(&store, |file| {
        let code = code_only(&file.text);
        let tokens = tokens(&code);
        let calls = tokens.iter().enumerate().filter(|(_, token)| token.text.starts_with("query_row"));
        let writes = calls.filter(|(at, call)| {
            let arguments = call.start..tokens[brackets_end(&tokens, *at) - 1].start;
            is_write(&sql_behind(arguments, file, &constants, project))
        });
        writes.map(|(_, call)| (call.line, call.text.to_owned())).collect()
    })
}

/// The SQL that a call runs: that of its arguments or, where they hold none (a prepared statement, a variable),
/// all that its function holds.
fn sql_behind(
    arguments: Range<usize>,
    file: &SourceFile,
    constants: &BTreeMap<String, String>,
    project: &Path,
) -> String {
    let (code, literals) = (code_only(&file.text), literals_only(&file.text));
    let sql = |bytes: Range<usize>| {
        let named = tokens(&code[bytes.clone()]).into_iter().filter_map(|word| constants.get(word.text));
        named.fold(with_included(&literals[bytes], file, project), |sql, more| sql + more)
    };
    let own = sql(arguments.clone());
    if is_write(&own) || words(&own).iter().any(|word| word == "select" || word == "pragma") {
        return own;
    }
    let around =
        functions(&file.text).into_iter().rfind(|function| function.bytes.contains(&arguments.start));
    around.map_or(own, |function| sql(function.bytes))
}

/// The texts of the constants of these files, by name; those that share a name share their texts.
fn constants(files: &[SourceFile], project: &Path) -> BTreeMap<String, String> {
    let mut constants = BTreeMap::<String, String>::new();
    for file in files {
        let (code, literals) = (code_only(&file.text), literals_only(&file.text));
        let tokens = tokens(&code);
        for (at, pair) in tokens.windows(2).enumerate() {
            let [keyword, name] = pair else { continue };
            if !matches!(keyword.text, "const" | "static") || !name.is_word() || name.text == "fn" {
                continue;
            }
            let last = item_end(&tokens, at).saturating_sub(1);
            let text = with_included(&literals[keyword.start..tokens[last].start], file, project);
            constants.entry(name.text.to_owned()).or_default().push_str(&text);
        }
    }
    constants
}

/// The text, followed by the `.sql` files that it names, which lie beside the file.
fn with_included(literals: &str, file: &SourceFile, project: &Path) -> String {
    let folder = project.join(&file.path);
    let folder = folder.parent().unwrap_or(project);
    let names = literals.split(['"', '#']).filter(|literal| literal.trim_end().ends_with(".sql"));
    let included = names.filter_map(|name| fs::read_to_string(folder.join(name.trim())).ok());
    [literals.to_owned()].into_iter().chain(included).collect::<Vec<_>>().join("\n")
}

fn words(sql: &str) -> Vec<String> {
    let words = sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn is_write(sql: &str) -> bool {
    let words = words(sql);
    let updates = words.iter().skip_while(|word| *word != "update").any(|word| word == "set");
    updates
        || words.windows(2).any(|pair| {
            let [first, second] = pair else { return false };
            matches!(
                (first.as_str(), second.as_str()),
                ("insert", "into" | "or") | ("replace", "into") | ("delete", "from")
            )
        })
}

#[test]
fn nothing_is_written_through_query_row() {
    let found = writes_through_query_row(&source_files(), Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(found.is_empty(), "use query_one or execute, these can lose a row and say Ok: {found:#?}");
}

#[test]
fn a_write_through_query_row_is_found_wherever_its_text_stands() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("src/store")).unwrap();
    fs::write(folder.path().join("src/store/add.sql"), "INSERT\n INTO a VALUES (1)").unwrap();
    for text in [
        r#"fn f() { c.query_row("INSERT INTO a VALUES (1) RETURNING id", [], id) }"#,
        r##"fn f() { let mut s = c.prepare(r#"delete from a returning id"#); s.query_row([], |r| r.get("id")) }"##,
        "const ADD: &str = \"UPDATE a\nSET b = 1\";\nfn f() { c.query_row(ADD, [], id) }",
        r#"fn f() { c.query_row(include_str!("add.sql"), [], id) }"#,
        "fn f() { c.query_row(\"REPLACE INTO a SELECT 1\", [], |row| row.get(0)) }",
        "const ADD: &str = include_str!(\"add.sql\");\nfn f() { c.query_row_and_then(ADD, [], id) }",
    ] {
        assert_eq!(writes_through_query_row(&sample(text), folder.path()).len(), 1, "{text}");
    }
    for text in [
        r#"fn f() { c.query_row("SELECT updated FROM a", [], id) } fn g() { c.execute("DELETE FROM a") }"#,
        r#"fn f() { c.execute("INSERT INTO a VALUES (1)"); c.query_row("SELECT 1", [], id) }"#,
        r#"const fn g() -> &'static str { "DELETE FROM a" } fn f(s: &mut S) { s.query_row([], id) }"#,
        "fn f() { /* query_row */ c.query_one(\"INSERT INTO a VALUES (1) RETURNING id\", [], id) }",
    ] {
        assert_eq!(writes_through_query_row(&sample(text), folder.path()), [""; 0], "{text}");
    }
}

// ---- stubs and silenced lints

fn stubs_and_allows(file: &SourceFile) -> Vec<(usize, String)> {
    const FORBIDDEN: [(&[&str], &str); 4] = [
        (&["todo", "!"], "todo!"),
        (&["unimplemented", "!"], "unimplemented!"),
        (&["#", "[", "allow", "("], "#[allow]: #[expect(lint, reason = \"...\")] says more"),
        (&["#", "!", "[", "allow", "("], "#![allow]: #![expect(lint, reason = \"...\")] says more"),
    ];
    let found = FORBIDDEN.iter().flat_map(|(texts, what)| {
        lines_reading(&file.text, texts).into_iter().map(|line| (line, (*what).to_owned()))
    });
    found.collect()
}

#[test]
fn nothing_is_left_open_or_silenced() {
    let found = faults(&source_files(), stubs_and_allows);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn stubs_and_allows_are_found_in_code_alone() {
    let text = "#![allow(a)]\n#[allow(b)]\nfn f() {\n todo!()\n}\nfn g() { unimplemented ! () }";
    let lines: Vec<_> = stubs_and_allows(&sample(text)[0]).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [4, 6, 2, 1]);
    assert_eq!(stubs_and_allows(&sample("// todo!()\nconst A: &str = \"#[allow(x)]\";")[0]), []);
}

// ---- small rooms

fn too_large(file: &SourceFile) -> Vec<(usize, String)> {
    let file_lines = file.text.lines().count();
    let whole = (file_lines > FILE_LINES_MAX).then(|| (1, format!("{file_lines} lines")));
    let long = functions(&file.text).into_iter().filter(|function| function.line_count > FUNCTION_LINES_MAX);
    let long = long.map(|function| (function.line, format!("fn {}: {}", function.name, function.line_count)));
    whole.into_iter().chain(long).collect()
}

#[test]
fn files_and_functions_stay_small() {
    let found = faults(&source_files(), too_large);
    assert!(found.is_empty(), "over {FILE_LINES_MAX} or {FUNCTION_LINES_MAX} lines: {found:#?}");
}

#[test]
fn a_long_function_is_measured_from_its_name_to_its_brace() {
    let body = |lines: usize| format!("\nfn f()\nwhere\n{{\n{}}}\n", " let a = '{'; // {\n".repeat(lines));
    assert_eq!(too_large(&sample(&body(76))[0]), []);
    assert_eq!(too_large(&sample(&body(77))[0]), [(2, "fn f: 81".to_owned())]);
    assert_eq!(too_large(&sample(&"\n".repeat(400))[0]), []);
    assert_eq!(too_large(&sample(&"\n".repeat(401))[0]), [(1, "401 lines".to_owned())]);
    let names: Vec<_> =
        functions("trait A { fn a(); fn b() { fn c() {} } } type D = fn(u8); /* fn e() {} */ fn g<T>() {}")
            .into_iter()
            .map(|function| function.name)
            .collect();
    assert_eq!(names, ["b", "c", "g"]);
}

// ---- the map

/// What is wrong with the map in the crate's documentation: modules it leaves out, paths that are not there.
fn map_faults(lib: &str, top_level: &[&str], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let map: Vec<_> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'))
        .filter(|word| word.starts_with("src/"))
        .collect();
    let unnamed =
        top_level.iter().filter(|path| !map.contains(path)).map(|path| format!("not named: {path}"));
    let gone = map.iter().filter(|path| !exists(path)).map(|path| format!("not there: {path}"));
    unnamed.chain(gone).collect()
}

#[test]
fn the_map_names_every_room_and_nothing_that_is_gone() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lib = fs::read_to_string(project.join("src/lib.rs")).unwrap();
    let mut top_level = Vec::new();
    for entry in fs::read_dir(project.join("src")).unwrap() {
        let entry = entry.unwrap();
        let slash = if entry.path().is_dir() { "/" } else { "" };
        top_level.push(format!("src/{}{slash}", entry.file_name().to_string_lossy()));
    }
    top_level.sort_unstable();
    let top_level: Vec<_> = top_level.iter().map(String::as_str).collect();
    let found = map_faults(&lib, &top_level, |path| project.join(path).exists());
    assert!(found.is_empty(), "the map in src/lib.rs: {found:#?}");
}

#[test]
fn a_map_that_lies_is_found() {
    let lib =
        "//! The map.\n//!\n//!     src/main.rs     in\n//!     src/gone/       see `src/model/kpi/`\nmod a;";
    let exists = |path: &str| path != "src/gone/";
    let found = map_faults(lib, &["src/main.rs", "src/store/"], exists);
    assert_eq!(found, ["not named: src/store/", "not there: src/gone/"]);
}

/// A list of ids has to lead its join: left to choose, the planner read a whole table for each of them.
#[test]
fn a_list_of_ids_leads_its_join() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut folders = vec![folder];
    let mut joins = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap().replace('\\', " ");
            for after in text
                .split("json_each(?")
                .skip(1)
                .filter_map(|rest| rest.split_once(") j ").or(rest.split_once(") j\n")))
            {
                if after.0.len() == 1 {
                    let next = after.1.trim_start();
                    assert!(
                        next.starts_with("CROSS JOIN"),
                        "{}: {}",
                        path.display(),
                        &next[..40.min(next.len())]
                    );
                    joins += 1;
                }
            }
        }
    }
    assert!(joins > 10, "{joins} joins were looked at");
}
