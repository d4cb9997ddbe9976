//! What is expected of other people's files, a module a folder, and how that is found out.
//!
//! Expectations are an analyst's, written from the file itself: never from what the program gives.

pub mod case;
pub mod complyflow;
pub mod duckdb;
pub mod kpi_long;
pub mod kpi_wide;
pub mod open_data;
pub mod original;
pub mod page;
pub mod playbook;
pub mod pollock;
pub mod profile;
pub mod ravenstack;
pub mod readers;
pub mod readxl;
pub mod run;
pub mod survey;
pub mod verdict;
pub mod workbooks;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use case::Case;
use verdict::{Judgement, judge};

/// Every expectation, in the order of the page.
pub fn all_cases() -> Vec<Case> {
    [
        original::cases(),
        complyflow::cases(),
        kpi_long::cases(),
        kpi_wide::cases(),
        playbook::cases(),
        profile::cases(),
        ravenstack::cases(),
        survey::cases(),
        readers::cases(),
        duckdb::cases(),
        pollock::cases(),
        open_data::cases(),
        workbooks::cases(),
        readxl::cases(),
    ]
    .concat()
}

/// Judges every case, as many at once as there are processors.
///
/// What did not end in time is judged again alone: on a busy machine a slow file is not yet one that hangs.
#[expect(clippy::expect_used, reason = "a test that cannot judge a case has failed")]
pub fn judge_all(root: &Path, cases: &[Case]) -> Vec<Judgement> {
    let next = AtomicUsize::new(0);
    let judgements = Mutex::new(vec![None; cases.len()]);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((at, case)) = take(&next, cases) {
                    let judgement = judge(root, case);
                    judgements.lock().expect("no judge has panicked")[at] = Some(judgement);
                }
            });
        }
    });
    let judgements = judgements.into_inner().expect("no judge has panicked");
    let judgements = judgements.into_iter().collect::<Option<Vec<_>>>().expect("every case is judged");
    let alone = |(case, judgement): (&Case, Judgement)| {
        if judgement.hung { judge(root, case) } else { judgement }
    };
    cases.iter().zip(judgements).map(alone).collect()
}

fn take<'a>(next: &AtomicUsize, cases: &'a [Case]) -> Option<(usize, &'a Case)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    cases.get(at).map(|case| (at, case))
}
