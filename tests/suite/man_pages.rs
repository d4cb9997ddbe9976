//! Man pages: one for each command, whole, and well formed for the tools that read them.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why it is skipped"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::support::Sandbox;
use acctsnap::cli::args::Cli;
use clap::CommandFactory;

fn expected(command: &clap::Command, name: &str, into: &mut BTreeSet<String>) {
    into.insert(format!("{name}.1"));
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help")
    {
        expected(below, &format!("{name}-{}", below.get_name()), into);
    }
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_command_has_its_page_and_nothing_else_is_left() {
    let sandbox = Sandbox::new();
    let view = sandbox.run(["man", "pages/man1", "--json"]).ok().json();
    crate::support::shape::check("man", &view);
    let mut all = BTreeSet::new();
    expected(&Cli::command(), "acctsnap", &mut all);
    assert_eq!(names_in(&sandbox.path("pages/man1")), all);
    assert_eq!(view["pages"].as_array().unwrap().len(), all.len());
    sandbox.run(["man", "pages/man1"]).ok();
    assert_eq!(names_in(&sandbox.path("pages/man1")), all, "a second time replaces them");
}

#[test]
fn a_page_has_examples_as_typed_exit_codes_and_its_neighbours() {
    let sandbox = Sandbox::new();
    sandbox.run(["man", "."]).ok();
    let page = sandbox.read("acctsnap-latest.1");
    for part in [".SH EXAMPLES\n.nf\nacctsnap latest", ".SH \"EXIT STATUS\"", "\\fBacctsnap\\fR(1)"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(sandbox.read("acctsnap-ingest.1").contains("acctsnap\\-ingest\\-kpis\\fR(1)"));
    assert!(!sandbox.path("acctsnap-__complete.1").exists());
}

#[test]
fn a_dry_run_writes_nothing_and_a_file_is_no_folder() {
    let sandbox = Sandbox::new();
    let told = sandbox.run(["man", "pages", "-n"]);
    assert!(told.ok().stdout.ends_with("dry run: nothing was written\n"), "{}", told.stdout);
    assert!(!sandbox.path("pages").exists());
    sandbox.write("pages", "mine");
    assert_ne!(sandbox.run(["man", "pages"]).code(), Some(0));
    assert_eq!(sandbox.read("pages"), "mine");
}

/// What a tool has to say of all the pages; None where it is not installed.
fn complaints(program: &str, flags: &[&str]) -> Option<String> {
    let sandbox = Sandbox::new();
    sandbox.run(["man", "pages"]).ok();
    let mut said = String::new();
    for name in names_in(&sandbox.path("pages")) {
        let mut command = Command::new(program);
        command.args(flags).arg(sandbox.path("pages").join(&name)).env("LC_ALL", "C.UTF-8");
        let Ok(output) = command.output() else {
            eprintln!("skipped: there is no {program} here");
            return None;
        };
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        if program == "mandoc" {
            said.push_str(&String::from_utf8_lossy(&output.stdout));
        }
    }
    Some(said)
}

#[test]
fn the_tools_that_read_man_pages_have_nothing_to_say() {
    let groff = complaints("groff", &["-man", "-ww", "-z", "-Tutf8"]).unwrap_or_default();
    assert_eq!(groff, "");
    let mandoc = complaints("mandoc", &["-Tlint", "-Wwarning"]).unwrap_or_default();
    // The pages bear no date, and lists of values have a break that is not needed.
    let known = ["missing date", "skipping paragraph macro"];
    let grave = mandoc.lines().filter(|line| !known.iter().any(|known| line.contains(known)));
    let grave: Vec<&str> = grave.collect();
    assert_eq!(grave, [""; 0]);
}
