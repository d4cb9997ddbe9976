//! The README's tour is executed: what it shows is what the program says, and its first command works.
//!
//! `UPDATE_GOLDEN=1 cargo test --test suite readme::` writes the output into the README anew.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::{env, fs};

use crate::support::{Sandbox, golden};

/// A sandbox with the examples, in which `acctsnap` is on the path.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for folder in ["examples/portfolio", "examples/north", "examples/exports", "examples/story"] {
        for entry in fs::read_dir(root().join(folder)).expect("the examples") {
            let entry = entry.expect("an example");
            sandbox.write(
                Path::new(folder).join(entry.file_name()),
                fs::read(entry.path()).expect("an example"),
            );
        }
    }
    sandbox
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a shell line as a reader of the README would, with what goes to stderr in its place.
fn shell(sandbox: &Sandbox, exports: &str, line: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_acctsnap")).parent().expect("the binary lies in a folder");
    let path = format!("{}:{}", binary.display(), env::var("PATH").unwrap_or_default());
    let outcome =
        sandbox.program("bash", ["-c", &format!("exec 2>&1; {exports}; {line}")]).env("PATH", path).run();
    outcome.stdout.clone()
}

/// The README with every console block's output as it is now.
fn executed(readme: &str) -> String {
    let sandbox = sandbox();
    let (mut text, mut exports, mut in_block) = (String::new(), String::from("true"), false);
    for line in readme.lines() {
        match line {
            "```console" => in_block = true,
            "```" if in_block => in_block = false,
            _ if in_block => {
                let Some(command) = line.strip_prefix("$ ") else { continue };
                text.push_str(&format!("{line}\n"));
                match command.starts_with("export ") {
                    true => exports = command.to_owned(),
                    false => text.push_str(&shell(&sandbox, &exports, command)),
                }
                continue;
            }
            _ => {}
        }
        text.push_str(&format!("{line}\n"));
    }
    text
}

#[test]
fn the_tour_shows_what_the_program_says() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("the README");
    let updating = env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let mode = if updating { golden::Mode::Update } else { golden::Mode::Compare };
    if let Err(difference) = golden::compare(&path, &executed(&readme), mode) {
        panic!("{difference}");
    }
}

#[test]
fn the_readme_names_the_two_commands_first() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let blocks: Vec<&str> =
        readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks, ["bash examples/tour.sh\n", "cargo test\n"]);
}

/// The first command, on a copy of the examples, with the binary that was just built.
#[test]
fn the_first_command_ends_with_snapshots_and_a_latest_that_reads_as_json() {
    let sandbox = sandbox();
    let script = fs::read_to_string(root().join("examples/tour.sh")).expect("the tour");
    // The build is cargo's own affair; the rest of the script is run as it stands.
    let (build, binary) = ("cargo build --locked --quiet", "acctsnap=target/debug/acctsnap");
    assert!(script.contains(build) && script.contains(binary), "{script}");
    let script = script.replace(build, "true").replace(binary, "acctsnap=\"$BINARY\"");
    sandbox.write("examples/tour.sh", script);
    sandbox.write("snapshots.toml", fs::read(root().join("snapshots.toml")).expect("the settings"));
    for round in 1..=2 {
        let outcome =
            sandbox.program("bash", ["examples/tour.sh"]).env("BINARY", env!("CARGO_BIN_EXE_acctsnap")).run();
        assert_eq!(outcome.code(), Some(0), "round {round}: {}", outcome.stderr);
        assert!(outcome.stdout.contains("12 snapshots taken"), "{}", outcome.stdout);
        assert!(outcome.stdout.contains("Brightmoor Logistics"), "{}", outcome.stdout);
    }
    for (customer, accounts) in [("demo", 12), ("north", 4)] {
        let latest =
            sandbox.run(["latest", "--all", "--json", "--db", "tour.db", "--customer", customer]).ok().json();
        assert_eq!(latest["count"], accounts, "{customer}");
    }
}
