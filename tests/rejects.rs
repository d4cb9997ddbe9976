//! The rows that were set aside are never lost: where they go, and what is refused so that none is written over.

pub mod support;

use support::Sandbox;

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
