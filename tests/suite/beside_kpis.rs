//! The store of what is known beside KPIs: the newest version of each thing, heads that are right, the oldest change
//! that a snapshot lacks, and nothing of another customer's.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::outsiders::kinds::{note, revenue, run, say_health, say_note, say_profile, say_run, text, upload};
use crate::support::Sandbox;
use crate::support::book::{nps, rows, today};
use crate::support::chain::{check, tables};
use crate::support::direct::begin;
use acctsnap::error::ErrorKind;
use acctsnap::model::health::month::{Month, MonthScores};
use acctsnap::model::ids::{AccountId, CustomerId, UploadId};
use acctsnap::model::playbook::PlaybookStatus;
use acctsnap::model::profile::{Profile, ProfileField, ProfilePatch};
use acctsnap::model::snapshot::content::ScoreSource;
use acctsnap::model::time::Timestamp;
use acctsnap::model::upload::UploadKind;
use acctsnap::store::{NewHealth, Store, WriteTransaction};

const ACME: AccountId = AccountId::new(1);
const BETA: AccountId = AccountId::new(2);
/// South's account of the same name as [`ACME`].
const FOREIGN: AccountId = AccountId::new(3);
const NORTH: CustomerId = CustomerId::new(1);
const SOUTH: CustomerId = CustomerId::new(2);

/// Two customers with accounts that have a snapshot of 10:00.
fn with_accounts() -> Sandbox {
    let sandbox = Sandbox::new();
    let file = rows([("Acme", "NPS", "40"), ("Beta", "NPS", "40")]);
    sandbox.ingest("10:00:00", &file, &["--customer", "north"]).ok();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &["--customer", "south"]).ok();
    sandbox
}

/// A transaction of north's at a time of the day, committed.
fn write<T>(sandbox: &Sandbox, time: &str, work: impl FnOnce(&mut WriteTransaction<'_>) -> T) -> T {
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, "north", time);
    transaction.load_heads(&[ACME, BETA, FOREIGN]).expect("the accounts");
    let done = work(&mut transaction);
    transaction.commit().expect("a commit");
    done
}

fn dirty(sandbox: &Sandbox) -> Vec<(AccountId, String)> {
    let store = Store::open_read_only(&sandbox.path("test.db")).expect("the database");
    let found =
        store.reader().and_then(|reader| reader.dirty_since(&[ACME, BETA, FOREIGN])).expect("answers");
    let mut found: Vec<_> = found.into_iter().map(|(account, at)| (account, at.to_string())).collect();
    found.sort();
    found
}

fn at(time: &str) -> String {
    Timestamp::parse(&today(time)).expect("a time of the day").to_string()
}

#[test]
fn dirty_since_is_the_oldest_change_of_any_kind_after_the_snapshot() {
    type Saying = fn(&mut WriteTransaction<'_>, UploadId);
    let kinds: [(UploadKind, Saying); 4] = [
        (UploadKind::Profiles, |write, file| {
            say_profile(write, ACME, file, &[(ProfileField::Region, text("EMEA"))], &[]);
        }),
        (UploadKind::Health, |write, file| say_health(write, ACME, Some(file), "2026-10", 7000)),
        (UploadKind::Playbooks, |write, file| {
            say_run(write, ACME, file, &run("e-1", PlaybookStatus::InProgress, None));
        }),
        (UploadKind::Notes, |write, file| say_note(write, ACME, file, &note("n-1", "a", None))),
    ];
    for (kind, saying) in kinds {
        let sandbox = with_accounts();
        for time in ["10:01:00", "10:02:00"] {
            write(&sandbox, time, |write| {
                upload(write, kind, "file", &[ACME], saying);
            });
        }
        assert_eq!(dirty(&sandbox), [(ACME, at("10:01:00"))], "{kind:?}");
        sandbox.ingest("10:03:00", &nps("Beta", "41"), &["--customer", "north"]).ok();
        assert_eq!(dirty(&sandbox), [(ACME, at("10:01:00")), (BETA, at("10:03:00"))], "{kind:?}");
        sandbox.at("10:04:00", &["snapshot", "create", "--all", "--customer", "north"]).ok();
        assert_eq!(dirty(&sandbox), [], "{kind:?}");
        write(&sandbox, "10:05:00", |write| {
            upload(write, kind, "file", &[ACME], saying);
        });
        assert_eq!(dirty(&sandbox), [(ACME, at("10:05:00"))], "{kind:?}");
    }
}

#[test]
fn what_was_calculated_came_late_or_was_only_confirmed_makes_nothing_dirty() {
    let sandbox = with_accounts();
    write(&sandbox, "10:01:00", |write| say_health(write, ACME, None, "2026-10", 7000));
    write(&sandbox, "10:02:00", |write| {
        upload(write, UploadKind::Profiles, "same.csv", &[ACME], |write, file| {
            let fields = ["region".to_owned(), "attributes.a".to_owned()];
            write.confirm(ACME, file, UploadKind::Profiles, &[1], &fields).expect("a confirmation");
        });
        upload(write, UploadKind::Health, "late.csv", &[ACME], |write, file| {
            let said = MonthScores { overall: Some(score(50)), ..MonthScores::default() };
            let late = NewHealth {
                source: ScoreSource::Ingested,
                month: month("2026-10"),
                observed_on: None,
                said,
                scores: said,
                replaces: None,
                is_late: true,
            };
            write.append_health(ACME, Some(file), late).expect("a row");
        });
    });
    assert_eq!(dirty(&sandbox), []);
    write(&sandbox, "10:03:00", |write| {
        let head = write.head(ACME).expect("the account");
        assert_eq!(head.profile_upload.map(UploadId::get), Some(3), "a confirmation names the upload");
        assert_eq!((head.profile, head.health), (None, None));
    });
    assert_eq!(sandbox.count("confirmations WHERE fields = 'region' || char(10) || 'attributes.a'"), 1);
}

fn score(points: i32) -> acctsnap::model::score::Score {
    acctsnap::model::score::Score::from_hundredths(points * 100)
}

fn month(text: &str) -> Month {
    Month::from_stored(text).expect("a month")
}

#[test]
fn the_ingested_row_of_the_newest_month_counts_then_of_the_newest_upload() {
    let sandbox = with_accounts();
    let current = |time: &str, ingested: bool, month: &str, points: i32| {
        write(&sandbox, time, |write| {
            let upload = ingested.then(|| write.next_upload().expect("an id"));
            say_health(write, ACME, upload, month, points);
        });
        // Read by a transaction of its own: from what was saved.
        write(&sandbox, time, |write| {
            let current = write.load_current_health(&[ACME, BETA]).expect("rows");
            current.get(&ACME).map(|row| (row.month.to_string(), row.scores.overall.map(score_text)))
        })
    };
    let is = |month: &str, overall: &str| Some((month.to_owned(), Some(overall.to_owned())));
    assert_eq!(current("10:01:00", false, "2026-11", 9000), None);
    assert_eq!(current("10:02:00", true, "2026-09", 6000), is("2026-09", "60"));
    assert_eq!(current("10:03:00", true, "2026-10", 7000), is("2026-10", "70"));
    assert_eq!(current("10:04:00", true, "2026-09", 6500), is("2026-10", "70"));
    assert_eq!(current("10:05:00", true, "2026-10", 7100), is("2026-10", "71"));
    write(&sandbox, "10:06:00", |write| {
        let months = write.load_health_months(&[ACME], ScoreSource::Ingested).expect("months").remove(&ACME);
        let months = months.unwrap_or_default();
        let overall: Vec<_> = months.values().filter_map(|it| it.scores.overall).map(score_text).collect();
        assert_eq!(overall, ["65", "71"]);
        assert_eq!(months.keys().map(ToString::to_string).collect::<Vec<_>>(), ["2026-09", "2026-10"]);
    });
    let store = sandbox.store();
    let listed = store.reader().and_then(|reader| reader.list_health(NORTH, ACME)).expect("a list");
    let listed: Vec<_> = listed.iter().map(|it| (it.version.month.to_string(), it.source)).collect();
    let [ingested, calculated] = [ScoreSource::Ingested, ScoreSource::Calculated];
    let expected = [("2026-11", calculated), ("2026-10", ingested), ("2026-09", ingested)];
    assert_eq!(listed, expected.map(|(month, source)| (month.to_owned(), source)));
}

fn score_text(score: acctsnap::model::score::Score) -> String {
    score.points().to_string()
}

#[test]
fn the_newest_notes_come_first_whether_dated_or_not_and_each_once() {
    let sandbox = with_accounts();
    write(&sandbox, "10:01:00", |write| {
        upload(write, UploadKind::Notes, "a.csv", &[ACME], |write, file| {
            for (id, day) in [("old", Some("2026-01-01")), ("new", Some("2026-11-20")), ("undated", None)] {
                let written = day.map(|day| format!("{day}T00:00:00Z"));
                say_note(write, ACME, file, &note(id, "text", written.as_deref()));
            }
            for number in 0..20 {
                say_note(
                    write,
                    ACME,
                    file,
                    &note(&format!("y{number}"), "text", Some("2025-06-01T00:00:00Z")),
                );
            }
        });
    });
    let recent = |time: &str| {
        write(&sandbox, time, |write| {
            upload(write, UploadKind::Notes, "b.csv", &[ACME], |write, file| {
                // The old one is dated anew, the new one edited.
                say_note(write, ACME, file, &note("old", "again", Some("2026-11-21T00:00:00Z")));
                say_note(
                    write,
                    ACME,
                    file,
                    &note("new", "edited \u{1f600} \"'", Some("2026-11-20T00:00:00Z")),
                );
            });
            let notes = write.load_recent_notes(&[ACME, BETA, FOREIGN, ACME], 5).expect("notes");
            assert_eq!(notes.keys().collect::<Vec<_>>(), [&ACME]);
            let ids = notes[&ACME].iter().map(|it| it.note.note_id.clone());
            assert!(notes[&ACME].iter().all(|it| it.note.content.is_none()));
            ids.collect::<Vec<_>>()
        })
    };
    // On 22 November the undated one was recorded.
    assert_eq!(recent("10:02:00"), ["undated", "old", "new", "y19", "y18"]);
    assert_eq!(recent("10:03:00"), ["undated", "old", "new", "y19", "y18"]);
    write(&sandbox, "10:04:00", |write| {
        let wanted = [(ACME, "new".to_owned()), (ACME, "none".to_owned()), (BETA, "new".to_owned())];
        let found = write.load_notes_by_id(&wanted).expect("notes");
        assert_eq!(found.len(), 1);
        let newest = &found[&wanted[0]];
        assert_eq!(newest.note, note("new", "edited \u{1f600} \"'", Some("2026-11-20T00:00:00Z")));
        assert_eq!(newest.recorded_at.to_string(), at("10:03:00"));
    });
    let store = sandbox.store();
    let reader = store.reader().expect("a view");
    let all = reader.list_notes(NORTH, ACME).expect("notes");
    assert_eq!((all.len(), all[0].version.note.note_id.as_str()), (23, "undated"));
    assert_eq!((all[1].upload.file_name.as_str(), all[1].upload.upload), ("b.csv", all[1].version.upload));
}

#[test]
fn an_execution_was_completed_when_that_was_first_recorded() {
    use PlaybookStatus::{Completed, Failed, InProgress};
    let sandbox = with_accounts();
    let recorded = |time: &str, status: PlaybookStatus| {
        write(&sandbox, time, |write| {
            upload(write, UploadKind::Playbooks, "a.json", &[ACME], |write, file| {
                say_run(write, ACME, file, &run("e-1", status, None));
            });
            let runs = write.load_playbook_runs(&[ACME, FOREIGN, ACME]).expect("executions").remove(&ACME);
            let runs = runs.expect("there are some");
            assert_eq!((runs.len(), runs[0].run.status), (1, status));
            assert_eq!(runs[0].run.details.len(), 1);
            let outline = write.load_playbook_outlines(&[ACME]).expect("executions").remove(&ACME);
            let outline = outline.expect("there are some");
            assert!(outline[0].run.details.is_empty());
            assert_eq!(outline[0].recorded_completed_at, runs[0].recorded_completed_at);
            runs[0].recorded_completed_at.map(|at| at.to_string())
        })
    };
    assert_eq!(recorded("10:01:00", InProgress), None);
    assert_eq!(recorded("10:02:00", Completed), Some(at("10:02:00")), "also within its own transaction");
    assert_eq!(recorded("10:03:00", Failed), Some(at("10:02:00")));
    assert_eq!(recorded("10:04:00", Completed), Some(at("10:02:00")));
    let store = sandbox.store();
    let runs = store.reader().and_then(|reader| reader.list_playbook_runs(NORTH, ACME)).expect("executions");
    assert_eq!(runs.len(), 1);
    assert!(runs[0].version.was_completed());
    assert_eq!(runs[0].upload.ingested_at.to_string(), at("10:04:00"));
}

#[test]
fn a_profile_reads_back_by_account_and_by_version() {
    let sandbox = with_accounts();
    let first = write(&sandbox, "10:01:00", |write| {
        upload(write, UploadKind::Profiles, "a.csv", &[ACME], |write, file| {
            let fields = [(ProfileField::Region, text("EMEA")), (ProfileField::Revenue, revenue(5, "EUR"))];
            say_profile(write, ACME, file, &fields, &[("seats", 9.into())]);
        });
        write.head(ACME).and_then(|head| head.profile).expect("its version")
    });
    write(&sandbox, "10:02:00", |write| {
        upload(write, UploadKind::Profiles, "b.csv", &[ACME], |write, file| {
            say_profile(write, ACME, file, &[(ProfileField::Region, None)], &[]);
        });
        let known = write.load_profiles(&[ACME, BETA]).expect("profiles");
        assert_eq!((known.len(), known[&ACME].text(ProfileField::Region)), (1, None));
        assert_eq!(known[&ACME].attributes()["seats"], 9);
    });
    let store = sandbox.store();
    let versions = store.reader().and_then(|reader| reader.profiles_by_id(&[first])).expect("versions");
    assert_eq!(versions[&first].text(ProfileField::Region), Some("EMEA"));
    assert_eq!(versions[&first].revenue().map(|revenue| revenue.minor_units), Some(5));
    let range = "uploads u WHERE u.kind = 2 AND u.rows_from = u.rows_to \
                 AND (SELECT p.upload_id FROM profiles p WHERE p.id = u.rows_from) = u.id";
    assert_eq!(sandbox.count(range), 2, "each upload names the rows that it wrote");
}

#[test]
fn an_account_of_another_customer_is_refused_and_never_read() {
    let sandbox = with_accounts();
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, "south", "10:01:00");
    transaction.load_heads(&[FOREIGN]).expect("the account");
    upload(&mut transaction, UploadKind::Notes, "a.csv", &[FOREIGN], |write, file| {
        say_note(write, FOREIGN, file, &note("n-1", "south's", None));
        say_run(write, FOREIGN, file, &run("e-1", PlaybookStatus::Completed, None));
        say_profile(write, FOREIGN, file, &[(ProfileField::Region, text("EMEA"))], &[]);
        say_health(write, FOREIGN, Some(file), "2026-10", 7000);
    });
    transaction.commit().expect("a commit");
    let mut transaction = begin(&mut store, "north", "10:02:00");
    transaction.load_heads(&[ACME, FOREIGN]).expect("the accounts");
    let file = transaction.next_upload().expect("an id");
    let refused = [
        transaction.append_note(FOREIGN, file, &note("n", "c", None), "", None).err(),
        transaction.append_profile(FOREIGN, file, &ProfilePatch::default(), &Profile::default()).err(),
        transaction.confirm(FOREIGN, file, UploadKind::Notes, &[1], &[]).err(),
        transaction
            .append_playbook_run(FOREIGN, file, &run("e", PlaybookStatus::Failed, None), "", None)
            .err(),
    ];
    let kinds = refused.map(|error| error.map(|error| error.kind()));
    assert_eq!(kinds, [Some(ErrorKind::UnknownAccount); 4]);
    let key = (FOREIGN, "n-1".to_owned());
    assert!(transaction.load_notes_by_id(&[key]).expect("notes").is_empty());
    assert!(transaction.load_recent_notes(&[FOREIGN], 5).expect("notes").is_empty());
    assert!(transaction.load_playbook_runs(&[FOREIGN]).expect("executions").is_empty());
    assert!(transaction.load_profiles(&[FOREIGN]).expect("profiles").is_empty());
    assert!(transaction.load_current_health(&[FOREIGN]).expect("rows").is_empty());
    assert!(transaction.load_health_months(&[FOREIGN], ScoreSource::Ingested).expect("rows").is_empty());
    drop(transaction);
    let reader = store.reader().expect("a view");
    for (customer, count) in [(NORTH, 0), (SOUTH, 1)] {
        assert_eq!(reader.list_notes(customer, FOREIGN).expect("notes").len(), count);
        assert_eq!(reader.list_playbook_runs(customer, FOREIGN).expect("executions").len(), count);
        assert_eq!(reader.list_health(customer, FOREIGN).expect("scores").len(), count);
    }
}

#[test]
fn an_upload_names_the_accounts_that_it_changed_and_those_that_it_confirmed() {
    type Saying = fn(&mut WriteTransaction<'_>, UploadId);
    let kinds: [(UploadKind, Saying); 4] = [
        (UploadKind::Profiles, |write, file| say_profile(write, BETA, file, &[], &[])),
        (UploadKind::Health, |write, file| say_health(write, BETA, Some(file), "2026-10", 7000)),
        (UploadKind::Playbooks, |write, file| {
            say_run(write, BETA, file, &run("e-1", PlaybookStatus::InProgress, None));
        }),
        (UploadKind::Notes, |write, file| say_note(write, BETA, file, &note("n-1", "a", None))),
    ];
    let sandbox = with_accounts();
    for (kind, saying) in kinds {
        let named = |saying: Option<Saying>| {
            let file = write(&sandbox, "10:01:00", |write| {
                upload(write, kind, "file", &[ACME, BETA], |write, file| {
                    write.confirm(ACME, file, kind, &[1], &[]).expect("a confirmation");
                    saying.into_iter().for_each(|saying| saying(write, file));
                })
            });
            let store = sandbox.store();
            let reader = store.reader().expect("a view");
            let upload = reader.find_upload(NORTH, file).expect("an answer").expect("the upload");
            assert_eq!(reader.upload_sources(&[file]).expect("sources")[&file].file_name, "file");
            reader.account_names_of_upload(NORTH, &upload, 5).expect("names")
        };
        assert_eq!(named(Some(saying)), ["Acme", "Beta"], "{kind:?}");
        assert_eq!(named(None), ["Acme"], "{kind:?}");
    }
}

#[test]
fn every_row_stands_in_its_changes_digest() {
    let sandbox = with_accounts();
    write(&sandbox, "10:01:00", |write| {
        upload(write, UploadKind::Profiles, "a.csv", &[ACME, BETA], |write, file| {
            say_profile(write, ACME, file, &[(ProfileField::Region, text("EMEA"))], &[]);
            say_profile(write, BETA, file, &[(ProfileField::Region, text("APAC"))], &[]);
            say_health(write, BETA, Some(file), "2026-10", 7000);
            say_run(write, ACME, file, &run("e-1", PlaybookStatus::Completed, None));
            say_note(write, ACME, file, &note("n-1", "text", None));
            write.confirm(ACME, file, UploadKind::Notes, &[1], &[]).expect("a confirmation");
        });
    });
    let sql = sandbox.sql();
    let total = tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum();
    assert_eq!(check(&sql), (vec![], total));
    for (table, column) in [
        ("profiles", "content = json_set(content, '$.region', 'x')"),
        ("health_scores", "overall = 1"),
        ("playbook_runs", "completed_text = 'x'"),
        ("notes", "author = 'x'"),
        ("confirmations", "row_ids = '[2]'"),
    ] {
        sql.execute_batch(&format!("BEGIN; DROP TRIGGER {table}_refuse_UPDATE; UPDATE {table} SET {column}"))
            .expect("an altered row");
        assert_eq!(check(&sql).0.len(), 1, "{table}");
        sql.execute_batch("ROLLBACK").expect("as it was");
    }
}
