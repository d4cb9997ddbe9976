//! Logs of automation tools, read as runs of playbooks, and a planner's sheet of saves.

use super::case::{Case, in_folder, reads};

const LOGS: [(&str, &str, &str); 9] = [
    ("ansible_events-failure.jsonl", "f7349776-e8f9-4533-a793-bcecbe93ad4a", "failed"),
    ("ansible_events-success.jsonl", "d4ae95cf-71fd-4386-8dbf-2bce933ce713", "completed"),
    ("ansible_rhcsat-success.jsonl", "00000000-0000-0000-0000-000000000000", "completed"),
    ("ansible_test-events5.jsonl", "dbe69603-673c-4919-94bb-c490d0c59adc", "completed"),
    ("gha_check_run_completed.json", "128620228", "completed"),
    ("gha_workflow_job_failure.json", "289782451", "failed"),
    ("gha_workflow_job_in_progress.json", "14541957942", "in-progress"),
    ("gha_workflow_run_completed.json", "289782451", "completed"),
    ("satellite_sat-test-events2.jsonl", "0465783c-2e36-4e57-8514-c2cb962d323a", "failed"),
];

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    let known = |file, words| reads(file, words).after("real/profile/cs_sample_accounts.json", "profiles");
    let mut cases = Vec::new();
    for (file, run, status) in LOGS {
        cases.push(known(file, "playbooks").refused("--account"));
        let execution = format!("{run} {status}");
        cases.push(known(file, "playbooks -a ACME").rows(1).rejected(0).text(
            "execution",
            "SELECT execution_id || ' ' || status FROM v_playbooks",
            &execution,
        ));
    }
    cases.push(known("cs_sample_saves.json", "playbooks").refused("state"));
    cases.push(
        reads("cs_sample_saves.json", "profiles")
            .rows(4)
            .rejected(0)
            .accounts(4)
            .field("Acme Corp", "renewal_date", "2027-02-01")
            .field("Acme Corp", "revenue", "148000.0")
            .number(
                "without a renewal",
                "SELECT count(*) FROM v_latest WHERE account_name = 'Helios Freight' AND renewal_date IS NULL",
                1.0,
            ),
    );
    in_folder("real/playbook", cases)
}
