//! The rows that were set aside are never lost: where they go, and what is refused so that none is written over.

use crate::support::Sandbox;

const BAD: &str = "account,kpi,value\nAcme,NPS,12\nAcme,Ticket Volume,88%\n";
const WORSE: &str = "account,kpi,value\nBolt,NPS,3 hours\nBolt,Ticket Volume,7\n";

fn two_files() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("bad.csv", BAD);
    sandbox.write("worse.csv", WORSE);
    sandbox
}

#[test]
fn one_rejects_file_for_several_files_is_refused_before_anything_is_written() {
    let sandbox = two_files();
    let refused =
        sandbox.run(["ingest", "kpis", "bad.csv", "worse.csv", "--on-error", "skip", "--rejects", "r.csv"]);
    refused.fails_with(2);
    assert!(refused.stderr.contains("--rejects r.csv is one file, for 2 files"), "{}", refused.stderr);
    assert!(!sandbox.path("r.csv").exists() && !sandbox.path("test.db").exists());
}

#[test]
fn a_folder_takes_the_rejects_of_each_file_under_its_own_name() {
    let sandbox = two_files();
    sandbox.write("mend/keep.txt", "");
    sandbox
        .run(["ingest", "kpis", "bad.csv", "worse.csv", "--on-error", "skip", "--rejects", "mend"])
        .fails_with(3);
    assert!(
        sandbox.read("mend/bad.csv").contains("88%") && sandbox.read("mend/worse.csv").contains("3 hours")
    );
    sandbox.write("mend/bad.csv", sandbox.read("mend/bad.csv").replace("88%", "88"));
    sandbox.run(["ingest", "kpis", "mend/bad.csv"]).ok();
}

#[test]
fn the_rejects_never_write_over_what_is_read() {
    let sandbox = two_files();
    for rejects in ["bad.csv", "./bad.csv", "."] {
        sandbox.run(["ingest", "kpis", "bad.csv", "--on-error", "skip", "--rejects", rejects]).fails_with(2);
        assert_eq!(sandbox.read("bad.csv"), BAD);
    }
}

#[test]
fn inputs_of_one_name_are_told_apart_from_one_input_given_twice() {
    let sandbox = two_files();
    sandbox.write("old/bad.csv", WORSE);
    sandbox.write("mend/keep.txt", "");
    let refused = |files: [&str; 2], message: &str| {
        let words = ["ingest", "kpis", files[0], files[1], "--on-error", "skip", "--rejects", "mend"];
        let refused = sandbox.run(words);
        refused.fails_with(2);
        assert!(refused.stderr.contains(message), "{}", refused.stderr);
    };
    refused(["bad.csv", "./bad.csv"], "./bad.csv is given twice");
    refused(["bad.csv", "old/bad.csv"], "--rejects mend has one file for bad.csv and old/bad.csv");
    refused(["-", "-"], "standard input (-) is given twice");
    // Without rejects the second time is that of a known file.
    let twice = sandbox.run(["ingest", "kpis", "bad.csv", "./bad.csv", "--on-error", "skip", "--json"]);
    let statuses: Vec<_> = twice.fails_with(3).json()["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["status"].clone())
        .collect();
    assert_eq!(statuses, ["ingested", "unchanged_file"]);
}

#[test]
fn a_delimiter_that_nobody_would_look_for_stands_above_the_rejects() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.csv", BAD.replace(',', "^"));
    sandbox
        .run(["ingest", "kpis", "bad.csv", "--delimiter", "^", "--on-error", "skip", "--rejects", "r.csv"])
        .fails_with(3);
    sandbox.write("r.csv", sandbox.read("r.csv").replacen("88%", "88", 1));
    sandbox.run(["ingest", "kpis", "r.csv"]).ok();
    sandbox.run(["ingest", "kpis", "r.csv", "--delimiter", "^", "--force"]).ok();
}
