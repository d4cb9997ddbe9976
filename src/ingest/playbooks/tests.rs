//! Whole files of playbooks, small ones by their text and real ones by their place.

use std::path::Path;

use super::*;
use crate::error::Error;
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::playbook::{PlaybookRow, PlaybookStatus};
use crate::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};

fn read_source(
    source: &Source,
    account: Option<&str>,
    maps: &[(&str, &str)],
) -> Result<KindFile<PlaybookBatch>> {
    let missing = MISSING_TOKENS.map(str::to_owned);
    let given = account
        .map(|name| GivenAccount::from(AccountMention { name: Some(name.to_owned()), external_id: None }));
    let maps: Vec<_> = maps.iter().map(|(column, field)| ((*column).into(), (*field).into())).collect();
    read_playbooks(
        source,
        RowOptions {
            given_account: given.as_ref(),
            period: None,
            today: "2026-11-22".parse().unwrap(),
            zone: chrono_tz::UTC,
            values: &ValueReader::new(&missing, "USD", DecimalMark::Point),
            missing: &missing,
            currency: "USD",
            clear_token: None,
            column_aliases: &[("execution_id".to_owned(), "Ticket".to_owned())],
            maps: &maps,
            on_progress: &mut |_| {},
        },
    )
}

fn read(name: &str, text: &str) -> KindFile<PlaybookBatch> {
    let file = read_source(&Source::spool(name, text.as_bytes()).unwrap(), None, &[]).unwrap();
    assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    file
}

fn refused(name: &str, text: &str) -> Error {
    read_source(&Source::spool(name, text.as_bytes()).unwrap(), None, &[]).unwrap_err()
}

fn codes(file: &KindFile<PlaybookBatch>) -> Vec<(u32, &'static str)> {
    let code = |problem: u32| file.rejections.problems[problem as usize].code;
    file.rejections.rows.iter().map(|row| (row.line, code(row.problem))).collect()
}

fn messages(file: &KindFile<PlaybookBatch>) -> Vec<&str> {
    file.notes.iter().map(|note| note.message.as_str()).collect()
}

/// The row, with the account that it is of: name or external id.
fn told(file: &KindFile<PlaybookBatch>, row: &PlaybookRow) -> String {
    let account = &file.batch.accounts[row.account as usize];
    let account = account.external_id.as_ref().or(account.name.as_ref()).unwrap();
    let said = &row.said;
    let playbook = said.playbook_id.as_deref().unwrap_or("-");
    let status = said.status.map_or("-", PlaybookStatus::code);
    format!("{}: {account} {} {playbook} {status}", row.line, said.execution_id)
}

fn all_told(file: &KindFile<PlaybookBatch>) -> Vec<String> {
    file.batch.rows.iter().map(|row| told(file, row)).collect()
}

#[test]
fn csv_is_read_by_the_usual_headers_and_keeps_the_rest() {
    let file = read(
        "plays.csv",
        "Run ID,Success Play,Account Name,Account ID,Status,Start Date,Completed On,Current Step,Results,CSM,,customerId\n\
         r1,voc-sprint,Acme,007,In Progress,2026-11-01,,Kick-off,\"[{\"\"a\"\": 1}]\",Kim,,1\n\
         r2,voc-sprint,,007,Closed Won,2026-11-01,2026-11-03,N/A,,,,1\n\
         ,voc-sprint,Acme,007,done,,,,,,,1\n\
         r4,voc-sprint,Acme,007,renewed,,,,,,,1\n\
         r5,voc-sprint,,,done,,,,,,,1\n\
         r6,voc-sprint,Acme\n",
    );
    assert_eq!(all_told(&file), ["2: 007 r1 voc-sprint in-progress", "3: 007 r2 voc-sprint completed"]);
    assert_eq!(
        codes(&file),
        [(4, "missing_execution"), (5, "unknown_status"), (6, "missing_account"), (7, "ragged_row")]
    );
    let [first, second] = file.batch.rows.as_slice() else { panic!() };
    assert_eq!(
        serde_json::json!(first.said.details),
        serde_json::json!({"Status": "In Progress", "Results": [{"a": 1}], "CSM": "Kim", "customerId": "1"})
    );
    assert_eq!(
        (first.said.current_step.as_deref(), second.said.current_step.as_deref()),
        (Some("Kick-off"), None)
    );
    assert_eq!((first.blanks, second.blanks), (1, 3));
    assert_eq!(file.tables[0].columns.columns[0].field, Some("execution_id"));
    let kept = "kept as details by their names: 'CSM', 'customerId'";
    assert!(messages(&file).contains(&kept), "{:?}", messages(&file));
    assert!(messages(&file).contains(&"column 11 has no name and was not read"));
    assert_eq!(file.rejections.examples[1].value.as_deref(), Some("renewed"));
}

const EXECUTION: &str = r#"{"id": "e1", "playbookId": "voc-sprint", "accountId": 7, "status": "completed",
 "startedAt": "2026-11-01T09:00:00Z", "completedAt": "2026-11-02T09:00:00Z", "currentStep": null,
 "results": [{"stepId": "s1", "status": "failed"}], "context": {"accountName": "Acme", "customerId": 3},
 "metadata": {"by": "kim"}}"#;

#[test]
fn json_is_read_in_every_form() {
    let snake = r#"{"execution_id": "e2", "playbook_id": "p", "status": "cancelled", "context": {"account_id": "8"}}"#;
    for text in [
        format!("{EXECUTION}\n{snake}\n"),
        format!("[{EXECUTION},\n{snake}]"),
        format!("{{\"executions\": [{EXECUTION},\n{snake}], \"total\": 2}}"),
    ] {
        let file = read("runs.json", &text);
        assert_eq!(all_told(&file), ["1: 7 e1 voc-sprint completed", "5: 8 e2 p cancelled"], "{text}");
        assert_eq!(file.batch.accounts[0].name.as_deref(), Some("Acme"));
        assert_eq!(file.batch.rows[0].blanks, 1);
    }
    let one = read("run.json", EXECUTION);
    assert_eq!(one.batch.rows.len(), 1);
    assert_eq!(one.batch.rows[0].said.details["results"][0]["status"], "failed");
    assert_eq!(one.batch.rows[0].said.details["context"]["customerId"], 3);
}

#[test]
fn each_element_is_read_by_its_own_names_and_states_stay_in_order() {
    let file = read(
        "runs.jsonl",
        "{\"id\": \"e1\", \"accountId\": 7, \"status\": \"running\", \"startedAt\": \"2026-11-01\"}\n\
         {\"execution_id\": \"e1\", \"account_id\": 7, \"status\": \"done\", \"started_at\": \"2026-11-01\"}\n\
         {\"executionId\": \"e1\", \"id\": \"r1\", \"accountId\": 7, \"executive_summary\": \"fine\"}\n\
         {\"executionId\": \"e1\", \"execution_id\": \"e2\", \"accountId\": 7, \"status\": \"done\"}\n",
    );
    assert_eq!(all_told(&file), ["1: 7 e1 - in-progress", "2: 7 e1 - completed", "3: 7 e1 - -"]);
    assert_eq!(codes(&file), [(4, "two_values")]);
    assert_eq!(file.batch.rows[2].said.report.as_ref().unwrap()["id"], "r1");
}

#[test]
fn a_file_that_lacks_what_executions_need_says_what_would_mend_it() {
    let lacking =
        refused("a.csv", "Account Name,Play ID,Ref ID,Stage of play\nAcme,p,1,Running\nAcme,p,2,Closed\n");
    assert_eq!(
        lacking.message(),
        "a.csv has no column for the id of an execution, and none for its state; its columns are 'Account Name', \
         'Play ID', 'Ref ID', 'Stage of play'"
    );
    let maps = "if that is what they hold, say so: --map 'Ref ID=execution_id' --map 'Stage of play=status'";
    assert_eq!(lacking.hint(), Some(maps));
    let source =
        Source::spool("a.csv", "Account Name,Ref ID,Stage of play\nAcme,1,Running\n".as_bytes()).unwrap();
    let mapped =
        read_source(&source, None, &[("Ref ID", "execution_id"), ("Stage of play", "status")]).unwrap();
    assert_eq!(all_told(&mapped), ["2: Acme 1 - in-progress"]);

    let stateless = refused("a.csv", "account,ticket,outcome\nAcme,1,renewed\n");
    assert!(
        stateless.message().contains("no column for the state of an execution"),
        "{}",
        stateless.message()
    );
    assert!(stateless.hint().unwrap().starts_with("no column holds states"));
    let nameless = refused("a.csv", "account,status\nAcme,done\n");
    assert!(nameless.hint().unwrap().starts_with("give each row the id"));
    let nobody = refused("a.csv", "id,status\n1,done\n");
    assert!(
        nobody.message().contains("no column for the account")
            && nobody.hint().unwrap().contains("--account")
    );
}

#[test]
fn a_column_can_be_passed_over() {
    let source = Source::spool("a.csv", "id,account,status,secret\n1,Acme,done,x\n".as_bytes()).unwrap();
    let file = read_source(&source, None, &[("secret", "")]).unwrap();
    assert_eq!(serde_json::json!(file.batch.rows[0].said.details), serde_json::json!({"status": "done"}));
}

/// A real file, if it is there, for an account or for none.
fn real(name: &str, account: Option<&str>) -> Option<Result<KindFile<PlaybookBatch>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/real").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(read_source(&Source::open(&path).unwrap(), account, &[]))
}

#[test]
fn real_run_logs_are_each_one_execution() {
    for (name, expected) in [
        ("gha_workflow_run_completed.json", "1: Acme 289782451 .github/workflows/test.yml completed"),
        ("gha_workflow_job_failure.json", "1: Acme 289782451 linters failed"),
        (
            "gha_workflow_job_in_progress.json",
            "1: Acme 14541957942 Do examples need to be regenerated? in-progress",
        ),
        ("gha_check_run_completed.json", "1: Acme 128620228 Octocoders-linter completed"),
        (
            "ansible_events-failure.jsonl",
            "1: Acme f7349776-e8f9-4533-a793-bcecbe93ad4a minimal-failure.yml failed",
        ),
        (
            "ansible_events-success.jsonl",
            "1: Acme d4ae95cf-71fd-4386-8dbf-2bce933ce713 minimal.yml completed",
        ),
        ("ansible_test-events5.jsonl", "1: Acme dbe69603-673c-4919-94bb-c490d0c59adc ping.yml completed"),
        ("ansible_rhcsat-success.jsonl", "1: Acme 00000000-0000-0000-0000-000000000000 - completed"),
        ("satellite_sat-test-events2.jsonl", "1: Acme 0465783c-2e36-4e57-8514-c2cb962d323a - failed"),
    ] {
        let name = format!("playbook/{name}");
        let Some(file) = real(&name, Some("Acme")) else { return };
        let file = file.unwrap();
        assert_eq!(all_told(&file), [expected], "{name}");
        assert_eq!((file.records_read, file.rejections.len()), (1, 0));
        let refused = real(&name, None).unwrap().unwrap_err();
        assert!(
            refused.message().ends_with("is a log of runs, which names no account"),
            "{}",
            refused.message()
        );
        assert!(refused.hint().unwrap().contains("--account"));
    }
}

#[test]
fn what_real_run_logs_tell_is_kept() {
    let Some(job) = real("playbook/gha_workflow_job_failure.json", Some("Acme")) else { return };
    let said = job.unwrap().batch.rows.remove(0).said;
    assert_eq!(said.details["failed_steps"], serde_json::json!(["Run yarn run format-check"]));
    assert_eq!(said.completed_at.unwrap().to_string(), "2021-08-05T10:38:16.000Z");
    let running = real("playbook/gha_workflow_job_in_progress.json", Some("Acme")).unwrap().unwrap();
    let said = &running.batch.rows[0].said;
    assert_eq!(said.completed_at, None);
    assert!(said.current_step.as_deref().unwrap().starts_with("Run actions/setup-node@"));
    let failed = real("playbook/ansible_events-failure.jsonl", Some("Acme")).unwrap().unwrap();
    let said = &failed.batch.rows[0].said;
    assert_eq!(said.details["failed_tasks"][0]["msg"], "Always fail");
    assert_eq!(said.started_at.unwrap().to_string(), "2021-01-22T15:07:21.333Z");
    assert!(
        messages(&failed)[0].starts_with("7 events were read as the execution"),
        "{:?}",
        messages(&failed)
    );
}

#[test]
fn real_files_that_hold_no_executions_are_refused_with_the_reason() {
    for name in [
        "playbook/cs_sample_saves.json",
        "complyflow/retention_experiments.csv",
        "ravenstack_dmy/ravenstack_churn_events.csv",
    ] {
        let Some(file) = real(name, None) else { return };
        let refused = file.unwrap_err();
        let both = "has no column for the id of an execution, and none for its state";
        assert!(refused.message().contains(both), "{}", refused.message());
        assert!(refused.hint().unwrap().starts_with("no column holds states"), "{:?}", refused.hint());
    }
}
