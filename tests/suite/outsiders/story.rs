//! The story that the outsiders read: two customers, a cooldown, a flush, a withdrawal, a denial.

use std::path::{Path, PathBuf};

use acctsnap::model::decision::Outcome;
use acctsnap::model::event::EventType;
use acctsnap::model::ids::AccountId;
use acctsnap::model::playbook::{PlaybookRun, PlaybookStatus};
use acctsnap::model::profile::{ProfileField, ProfileValue};
use acctsnap::model::schedule::{Gap, Period, Slot};
use acctsnap::model::score::Score;
use acctsnap::model::snapshot::SnapshotType;
use acctsnap::model::upload::UploadKind;
use acctsnap::store::{EventRow, LaterDecision, NewScheduleRun, NewSlot, SnapshotReason};

use super::kinds::{note, revenue, run, say_health, say_note, say_profile, say_run, text, upload};
use super::portfolio::{Portfolio, Said, answering, event, ingest, instant, said, snapshot};

/// An account of either customer; the first one's has an external id.
pub const TECHCORP: &str = "TechCorp Solutions";
/// An account without an external id.
const OBRIEN: &str = "O'Brien \"Quotes\", Ltd \\ 🎉";
const CORE: &str = "Core, \"X\"";

/// Two customers and three files; names with quotes, commas, a tab, a backslash, an emoji. What happens, step by step,
/// is told at the functions beneath.
pub fn two_customers(path: &Path) -> PathBuf {
    let mut book = Portfolio::create(path);
    let acme = "Acme, \"Inc\" 🎉";
    let first = first_upload(&mut book, acme);
    second_upload(&mut book, acme, first[0]);
    flush(&mut book, acme);
    manual_snapshot(&mut book, acme, &first);
    second_customer(&mut book, first[0]);
    beside_kpis(&mut book, acme, first[0]);
    beside_kpis_again(&mut book, acme, first[0]);
    schedule(&mut book, acme, &first);
    book.finish()
}

/// A run of the schedule that fills one slot, after a gap, and fails at another.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn schedule(book: &mut Portfolio, customer: &str, accounts: &[AccountId]) {
    let scheduled = SnapshotReason {
        snapshot_type: SnapshotType::Scheduled,
        trigger: Some(EventType::Schedule),
        action: Some("the \"rest\"".to_owned()),
        event: None,
        reason: None,
        created_by: None,
    };
    let period = |label| Period::parse(label).unwrap();
    book.write("2026-12-14T00:07:00Z", customer, |write| {
        write.load_heads(accounts).unwrap();
        let slot = NewSlot {
            account: accounts[0],
            slot: Slot { period: period("week 2026-W51"), due_at: instant("2026-12-14T00:00:00Z") },
            snapshot: snapshot(write, accounts[0], &scheduled),
            rule: "the \"rest\"",
            gap: Some(Gap { from: period("week 2026-W49"), to: period("week 2026-W50"), count: 2 }),
        };
        write.append_slots(&[slot]).unwrap();
        let run = NewScheduleRun { created: 1, failed: &accounts[1..2], flushed: 0, rules_hash: "0" };
        write.append_schedule_run(&run).unwrap();
    });
}

/// Three accounts: one with an external id, one without, one without any KPI that scores; two get a snapshot.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn first_upload(book: &mut Portfolio, customer: &str) -> Vec<AccountId> {
    let rows = [
        said(TECHCORP, "Net Promoter Score (NPS)", Some(42.0)),
        said(TECHCORP, "Ticket Volume", Some(700.5)),
        Said { product: Some(CORE), ..said(TECHCORP, "Feature Adoption Rate", Some(30.0)) },
        said(TECHCORP, "House \"special\" \\ ü,\tindex", Some(0.1 + 0.2)),
        said(OBRIEN, "Net Promoter Score (NPS)", Some(-12.5)),
        said(OBRIEN, "First Response Time", None),
        said("Quiet AG", "House \"special\" \\ ü,\tindex", Some(f64::MAX)),
    ];
    book.write("2026-11-22T10:00:00.250Z", customer, |write| {
        let file = ingest(write, "Q3, \"final\" 🎉.csv", &[(TECHCORP, "0011")], &rows);
        for account in &file.accounts[..2] {
            let id = write.next_event().unwrap();
            let taken = snapshot(write, *account, &answering(id));
            let created = EventRow {
                upload: Some(file.upload),
                snapshot: Some(taken),
                ..event(id, *account, Outcome::Created)
            };
            write.append_events(&[created]).unwrap();
        }
        file.accounts
    })
}

/// Dated values, a withdrawal, one value that only goes to history; the event waits for its cooldown.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn second_upload(book: &mut Portfolio, customer: &str, account: AccountId) {
    let rows = [
        said(TECHCORP, "Ticket Volume", None),
        Said { on: Some("2026-11-22"), ..said(TECHCORP, "Net Promoter Score (NPS)", Some(61.0)) },
        Said { on: Some("2024-02-29"), ..said(TECHCORP, "Net Promoter Score (NPS)", Some(1e-7)) },
        Said { on: Some("2024-02-29"), ..said(TECHCORP, "Ticket Volume", Some(1.234_567_890_123_456_8e20)) },
    ];
    book.write("2026-11-22T10:02:00Z", customer, |write| {
        let file = ingest(write, "october.csv", &[(TECHCORP, "0011")], &rows);
        let id = write.next_event().unwrap();
        let skipped = EventRow {
            upload: Some(file.upload),
            due_at: Some(instant("2026-11-22T10:05:00.250Z")),
            action: Some("by hand, \"really\""),
            ..event(id, account, Outcome::Skipped)
        };
        write.append_events(&[skipped]).unwrap();
    });
}

/// The skipped event gets its snapshot.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn flush(book: &mut Portfolio, customer: &str) {
    book.write("2026-11-22T10:05:30Z", customer, |write| {
        let pending = write.list_pending(None).unwrap();
        let (account, flushed) = (pending[0].account, pending[0].events[0].id);
        let taken = snapshot(write, account, &answering(flushed));
        let created = LaterDecision {
            event: flushed,
            account,
            outcome: Outcome::Created,
            snapshot: Some(taken),
            due_at: None,
            error: None,
        };
        write.append_decisions(&[created]).unwrap();
    });
}

/// A snapshot of what has not changed; and one more event, which goes on waiting.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn manual_snapshot(book: &mut Portfolio, customer: &str, accounts: &[AccountId]) {
    let manual = SnapshotReason {
        snapshot_type: SnapshotType::Manual,
        trigger: None,
        action: None,
        event: None,
        reason: Some("before the \"QBR\", 🎉".to_owned()),
        created_by: Some("Zoë".to_owned()),
    };
    book.write("2026-11-24T12:00:00Z", customer, |write| {
        write.load_heads(accounts).unwrap();
        snapshot(write, accounts[0], &manual);
        let waiting = EventRow {
            due_at: Some(instant("2028-02-29T23:59:59.999Z")),
            ..event(write.next_event().unwrap(), accounts[1], Outcome::Skipped)
        };
        write.append_events(&[waiting]).unwrap();
    });
}

/// Another customer with an account of the same name: a failed event, and a denied one about the first customer's.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn second_customer(book: &mut Portfolio, foreign: AccountId) {
    book.write("2026-11-22T10:06:00Z", "Globex", |write| {
        let file = ingest(write, "globex.csv", &[], &[said(TECHCORP, "NPS", Some(-100.0))]);
        let failed = EventRow {
            upload: Some(file.upload),
            error: Some("the disk said \"no\""),
            ..event(write.next_event().unwrap(), file.accounts[0], Outcome::Failed)
        };
        let denied = event(write.next_event().unwrap(), foreign, Outcome::Denied);
        write.append_events(&[failed, denied]).unwrap();
        write.insert_sighting(file.upload, "globex again.csv").unwrap();
    });
}

/// A profile, health scores, playbooks and notes of the account, a file each, and two snapshots of them; the account's
/// revenue grows between the two.
fn beside_kpis(book: &mut Portfolio, customer: &str, account: AccountId) {
    let manual = by_hand();
    book.write("2026-11-25T09:00:00Z", customer, |write| {
        upload(write, UploadKind::Profiles, "crm, \"all\".csv", &[account], |write, file| {
            let products = ProfileValue::List(vec!["Core, \"X\"".to_owned(), "Ünder \\ 🎉".to_owned()]);
            let fields = [
                (ProfileField::Revenue, revenue(145_284, "EUR")),
                (ProfileField::Industry, text("Food & \"Beverage\", ü")),
                (ProfileField::AccountStatus, text("active")),
                (ProfileField::RenewalDate, "2027-02-28".parse().ok().map(ProfileValue::Day)),
                (ProfileField::ProductsUsed, Some(products)),
                (ProfileField::EngagementScore, Some(ProfileValue::Score(Score::from_hundredths(7125)))),
                (ProfileField::StakeholderCount, Some(ProfileValue::Count(5))),
            ];
            say_profile(write, account, file, &fields, &[("postal", "02478".into()), ("seats", 9.into())]);
        });
        upload(write, UploadKind::Health, "scores.csv", &[account], |write, file| {
            say_health(write, account, Some(file), "2026-09", 6150);
            say_health(write, account, Some(file), "2026-10", 7000);
        });
        upload(write, UploadKind::Playbooks, "plays.json", &[account], |write, file| {
            say_run(write, account, file, &run("e-1", PlaybookStatus::InProgress, None));
            say_run(write, account, file, &run("e, \"2\"", PlaybookStatus::InProgress, None));
        });
        upload(write, UploadKind::Notes, "notes.csv", &[account], |write, file| {
            say_note(
                write,
                account,
                file,
                &note("n-1", "renewal at\n\"risk\" 🎉", Some("2026-11-20T00:00:00Z")),
            );
            say_note(write, account, file, &note("n-2", "no date", None));
        });
        snapshot(write, account, &manual);
    });
    book.write("2026-11-25T10:00:00Z", customer, |write| {
        upload(write, UploadKind::Profiles, "crm.csv", &[account], |write, file| {
            say_profile(write, account, file, &[(ProfileField::Revenue, revenue(163_445, "EUR"))], &[]);
        });
        snapshot(write, account, &manual);
    });
}

/// What was known is corrected, confirmed and emptied: the newest version of each counts. A revenue in another currency
/// cannot be compared.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn beside_kpis_again(book: &mut Portfolio, customer: &str, account: AccountId) {
    book.write("2026-11-26T09:00:00Z", customer, |write| {
        upload(write, UploadKind::Profiles, "crm in dollars.csv", &[account], |write, file| {
            let fields = [(ProfileField::Revenue, revenue(100_000, "USD")), (ProfileField::Industry, None)];
            say_profile(write, account, file, &fields, &[]);
        });
        upload(write, UploadKind::Health, "correction.csv", &[account], |write, file| {
            say_health(write, account, Some(file), "2026-09", 6400);
        });
        say_health(write, account, None, "2026-11", 5555);
        upload(write, UploadKind::Playbooks, "plays again.json", &[account], |write, file| {
            let report = [("report_id".to_owned(), "r \"1\"".into())];
            let done = PlaybookRun {
                report: Some(report.into_iter().collect()),
                ..run("e-1", PlaybookStatus::Completed, Some("2026-11-25T23:59:59.999Z"))
            };
            say_run(write, account, file, &done);
        });
        upload(write, UploadKind::Notes, "notes again.csv", &[account], |write, file| {
            say_note(write, account, file, &note("n-1", "saved", Some("2026-11-20T00:00:00Z")));
            write.confirm(account, file, UploadKind::Notes, &[2], &[]).unwrap();
        });
        snapshot(write, account, &by_hand());
    });
}

fn by_hand() -> SnapshotReason {
    SnapshotReason {
        snapshot_type: SnapshotType::Manual,
        trigger: None,
        action: None,
        event: None,
        reason: None,
        created_by: None,
    }
}
