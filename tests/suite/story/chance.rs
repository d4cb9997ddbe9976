//! What may happen, and how often. Numbers are few, so that the same is often said again; none lies on a limit.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{ACCOUNTS, KPIS};
use crate::naive::health::Prefer;
use crate::naive::rows::{
    Cell, File, HealthRow, KpiRow, Mode, NoteRow, PlaybookRow, ProfileRow, Rows, Said, Status, Who,
};

/// Something that is done.
#[derive(Debug, Clone)]
pub enum Doing {
    /// A file is handed in.
    Ingest(File),
    /// The how manieth last file of the customer is handed in once more.
    Again(usize),
    /// Pending changes are written; whatever the cooldown, of every customer.
    Flush {
        /// Whatever the cooldown.
        now: bool,
        /// Of every customer.
        everyone: bool,
    },
    /// A snapshot by hand.
    Create(usize),
    /// An account is named by its first or its later name.
    Rename(usize, usize),
    /// An account is given its alias.
    Alias(usize),
    /// An account is put aside, or taken back.
    Archive(usize, bool),
}

/// What the three KPIs are worth: critical, at risk, healthy.
const NUMBERS: [[i32; 3]; 3] = [[-40, 20, 80], [900, 300, 30], [1, 2, 3]];

/// Steps of the clock: mostly within the cooldown, often at its very edge, now and then into the next day.
pub fn step() -> impl Strategy<Value = i64> {
    select(vec![0, 1, 60_000, 150_000, 299_999, 300_000, 300_001, 600_000, 86_400_000])
}

/// Which source a customer prefers.
pub fn prefer() -> impl Strategy<Value = Prefer> {
    select(vec![Prefer::Newest, Prefer::Newest, Prefer::Ingested, Prefer::Calculated])
}

/// Who does what: mostly the first customer.
pub fn doing() -> impl Strategy<Value = (usize, Doing)> {
    let customer = prop_oneof![3 => Just(0_usize), 1 => Just(1_usize)];
    let account = || 0..ACCOUNTS.len();
    let doing = prop_oneof![
        12 => file().prop_map(Doing::Ingest),
        1 => (0..4_usize).prop_map(Doing::Again),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(now, everyone)| Doing::Flush { now, everyone }),
        1 => account().prop_map(Doing::Create),
        1 => (account(), 0..2_usize).prop_map(|(account, word)| Doing::Rename(account, word)),
        1 => account().prop_map(Doing::Alias),
        1 => (account(), any::<bool>()).prop_map(|(account, aside)| Doing::Archive(account, aside)),
    ];
    (customer, doing)
}

fn file() -> impl Strategy<Value = File> {
    let mode = prop_oneof![6 => Just(Mode::Plain), 3 => Just(Mode::Deferred), 1 => Just(Mode::Silent)];
    let rows = prop_oneof![
        5 => kpis().prop_map(Rows::Kpis),
        3 => profiles().prop_map(Rows::Profiles),
        3 => health().prop_map(Rows::Health),
        3 => proptest::collection::vec(playbook(), 1..5).prop_map(Rows::Playbooks),
        2 => notes().prop_map(Rows::Notes),
    ];
    (rows, mode, proptest::bool::weighted(0.7)).prop_map(|(rows, mode, skip)| File { rows, mode, skip })
}

fn who() -> impl Strategy<Value = Who> {
    (0..ACCOUNTS.len(), 0..3_usize).prop_map(|(account, word)| Who { account, word })
}

/// Some of so many places, each with something of its own.
fn at_places<T: std::fmt::Debug + Clone>(
    places: usize,
    most: usize,
    each: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<(usize, T)>> {
    let chosen = subsequence((0..places).collect::<Vec<_>>(), 1..=most);
    (chosen, proptest::collection::vec(each, places))
        .prop_map(|(chosen, each)| chosen.into_iter().map(|place| (place, each[place].clone())).collect())
}

/// Which of a KPI's three numbers, or none of them: a withdrawal, or (true) what nobody can read.
type Drawn = Result<usize, bool>;

fn kpis() -> impl Strategy<Value = Vec<KpiRow>> {
    let cell = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Err(false))),
        1 => Just(Some(Err(true))),
        16 => (0..3_usize).prop_map(|number| Some(Ok(number))),
    ];
    let each = (cell, option::of(-3_i64..1), 0..3_usize);
    at_places(ACCOUNTS.len() * KPIS.len(), 4, each).prop_map(|rows| {
        let row = |(place, (cell, day, word)): (usize, (Option<Drawn>, Option<i64>, usize))| {
            let kpi = place % KPIS.len();
            let cell = match cell {
                None => Cell::Blank,
                Some(Ok(number)) => Cell::Number(NUMBERS[kpi][number]),
                Some(Err(false)) => Cell::Withdrawn,
                Some(Err(true)) => Cell::Bad,
            };
            KpiRow { who: Who { account: place / KPIS.len(), word }, kpi, cell, day }
        };
        rows.into_iter().map(row).collect()
    })
}

fn said<T: std::fmt::Debug + Clone + 'static>(values: Vec<T>) -> impl Strategy<Value = Said<T>> {
    prop_oneof![4 => Just(Said::Blank), 1 => Just(Said::Cleared), 4 => select(values).prop_map(Said::Is)]
}

fn profiles() -> impl Strategy<Value = Vec<ProfileRow>> {
    let arr = said(vec!["1000", "1000", "1250.50", "1090", "soon"]);
    let currency =
        prop_oneof![4 => Just(None), 2 => Just(Some("USD")), 1 => Just(Some("EUR")), 1 => Just(Some("JPY"))];
    let each = (
        said(vec!["Rail", "Wine"]),
        said(vec!["Ana", "Bo"]),
        arr,
        currency,
        said(vec![-1, 40]),
        said(vec![5, 6]),
        0..3_usize,
    );
    at_places(ACCOUNTS.len(), 2, each).prop_map(|rows| {
        let row = |(account, (industry, csm, arr, currency, renewal, seats, word))| ProfileRow {
            who: Who { account, word },
            industry,
            csm,
            arr,
            currency,
            renewal,
            seats,
        };
        rows.into_iter().map(row).collect()
    })
}

fn health() -> impl Strategy<Value = Vec<HealthRow>> {
    const MONTHS: usize = 4;
    let points = |step: i64| option::weighted(0.8, (0..3_i64).prop_map(move |number| 21 + number * step));
    let overall = prop_oneof![12 => points(30), 1 => Just(Some(140))];
    let each = (overall, points(25), 0..3_usize);
    at_places(ACCOUNTS.len() * MONTHS, 3, each).prop_map(|rows| {
        let row = |(place, (overall, support, word)): (usize, (Option<i64>, Option<i64>, usize))| {
            let month = 8 + i64::try_from(place % MONTHS).unwrap_or_default();
            HealthRow { who: Who { account: place / MONTHS, word }, month, overall, support }
        };
        rows.into_iter().map(row).collect()
    })
}

fn playbook() -> impl Strategy<Value = PlaybookRow> {
    use Status::{Completed, Failed, Running, Unreadable};
    let statuses = vec![Running, Running, Running, Completed, Completed, Completed, Failed, Unreadable];
    let day = |first: i64| option::of(select(vec![first, -31, -30, -10, -2, 0]));
    let status = option::weighted(0.85, select(statuses));
    (who(), 0..3_usize, option::of(0..2_usize), status, day(-40), day(-29)).prop_map(
        |(who, execution, playbook, status, started, completed)| PlaybookRow {
            who,
            execution,
            playbook,
            status,
            started,
            completed,
        },
    )
}

fn notes() -> impl Strategy<Value = Vec<NoteRow>> {
    const NOTES: usize = 7;
    let title = option::weighted(0.9, 0..2_usize);
    let day = option::of(select(vec![-40, -3, -2, -1, 0, 400]));
    at_places(ACCOUNTS.len() * NOTES, 5, (title, day, 0..3_usize)).prop_map(|rows| {
        let row = |(place, (title, day, word)): (usize, (Option<usize>, Option<i64>, usize))| NoteRow {
            who: Who { account: place / NOTES, word },
            note: place % NOTES,
            title,
            day,
        };
        rows.into_iter().map(row).collect()
    })
}
