//! Every cache, compared with what the history gives.
//!
//! Heads, pending events and slots are folded by the same statements that answer questions about earlier moments; KPI
//! vectors and cooldowns by what the way through the ledger left behind.

use std::cmp::Ordering;

use rusqlite::Connection;

use super::cells::{Cell, cells};
use super::facts::Facts;
use super::finding::{Finding, FindingKind, Findings};
use super::snapshots::{Rules, Snapshots};
use crate::error::Result;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, CustomerId};
use crate::store::as_of::fold_caches;
use crate::store::vector_text;

/// A cache: its columns, of which the first so many are its key, and the places of customer and account among them.
struct Cache {
    table: &'static str,
    columns: &'static [&'static str],
    keys: usize,
    customer: Option<usize>,
    account: Option<usize>,
}

/// The configuration in force is compared with the KPI vectors: a return to an earlier one leaves no row.
const CUSTOMER_HEADS: Cache = Cache {
    table: "customer_heads",
    columns: &["customer_id", "name", "change_id", "recorded_at", "digest", "upload_id"],
    keys: 1,
    customer: Some(0),
    account: None,
};

const ACCOUNT_HEADS: Cache = Cache {
    table: "account_heads",
    columns: &[
        "account_id",
        "customer_id",
        "name",
        "external_id",
        "archived",
        "kpi_row_id",
        "kpi_fact_id",
        "kpis_change_id",
        "kpis_upload_id",
        "event_id",
        "snapshot_id",
        "content_id",
        "kpi_values_change_id",
        "profile_id",
        "profile_upload_id",
        "health_id",
        "health_month",
        "health_row_id",
        "health_upload_id",
        "playbook_row_id",
        "playbooks_upload_id",
        "note_row_id",
        "notes_upload_id",
    ],
    keys: 1,
    customer: Some(1),
    account: Some(0),
};

const PENDING_EVENTS: Cache = Cache {
    table: "pending_events",
    columns: &["event_id", "customer_id", "account_id", "outcome", "failures"],
    keys: 1,
    customer: Some(1),
    account: Some(2),
};

const SLOT_HEADS: Cache = Cache {
    table: "slot_heads",
    columns: &["account_id", "cadence", "label", "due_at"],
    keys: 2,
    customer: None,
    account: Some(0),
};

const SNAPSHOT_BRIDGES: Cache = Cache {
    table: "snapshot_bridges",
    columns: &["snapshot_id", "previous_id"],
    keys: 1,
    customer: None,
    account: None,
};

const KPI_CURRENT: Cache = Cache {
    table: "kpi_current",
    columns: &["account_id", "observed_on", "upload_id", "scoring_config_id", "vector"],
    keys: 1,
    customer: None,
    account: Some(0),
};

const COOLDOWNS: Cache = Cache {
    table: "cooldowns",
    columns: &["account_id", "snapshot_type", "change_id", "stamped_at"],
    keys: 2,
    customer: None,
    account: Some(0),
};

/// Compares every cache with the history; says how many rows that were.
pub(super) fn check(
    sql: &Connection,
    facts: &Facts,
    snapshots: &Snapshots,
    findings: &mut Findings,
) -> Result<u64> {
    fold_caches(sql)?;
    let mut rows = 0;
    for cache in [&CUSTOMER_HEADS, &ACCOUNT_HEADS, &PENDING_EVENTS, &SLOT_HEADS, &SNAPSHOT_BRIDGES] {
        let expected = read(sql, "temp", cache)?;
        rows += compare(sql, cache, expected, facts, findings)?;
    }
    let expected = vectors(sql, facts, snapshots)?;
    rows += compare(sql, &KPI_CURRENT, expected, facts, findings)?;
    check_weightings(sql, facts, findings)?;
    rows += compare(sql, &COOLDOWNS, stamps(sql, snapshots)?, facts, findings)?;
    Ok(rows)
}

fn read(sql: &Connection, schema: &str, cache: &Cache) -> Result<Vec<Vec<Cell>>> {
    let (columns, keys) =
        (cache.columns.join(", "), cache.columns.get(..cache.keys).unwrap_or_default().join(", "));
    let mut statement =
        sql.prepare(&format!("SELECT {columns} FROM {schema}.{} ORDER BY {keys}", cache.table))?;
    let rows = statement.query_map([], |row| cells(row, cache.columns.len()))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The KPI vectors as they should be, by account. A vector's configuration is the customer's newest; where it is not,
/// it shows as one that is scored by other rules.
fn vectors(sql: &Connection, facts: &Facts, snapshots: &Snapshots) -> Result<Vec<Vec<Cell>>> {
    let mut in_force =
        sql.prepare("SELECT customer_id, scoring_config_id FROM main.customer_heads ORDER BY customer_id")?;
    let in_force: Vec<(i64, Option<i64>)> =
        in_force.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut vectors = Vec::new();
    for (customer, config) in in_force {
        let rules = config.and_then(|config| Some((config, snapshots.rules.get(&config)?)));
        let (Some((config, Rules { scoring, dictionary })), Some(of_customer)) =
            (rules, facts.customers.get(&customer))
        else {
            continue;
        };
        let scorer = Scorer::new(scoring, dictionary, &of_customer.series);
        for (account, known) in facts.accounts.iter().filter(|(_, known)| known.customer == customer) {
            let (scored, _) = scorer.score(&known.kpis);
            let Some(vector) = vector_text::vector_text(&known.kpis, &scored) else { continue };
            vectors.push(vec![
                Cell::Integer(*account),
                Cell::text(&vector.observed_on.to_string()),
                Cell::Integer(vector.upload.get()),
                Cell::Integer(config),
                Cell::text(&vector.text),
            ]);
        }
    }
    vectors.sort_by(|a, b| key_order(a, b, 1));
    Ok(vectors)
}

/// The weights and impacts of each vector are kept as a text that several accounts share.
fn check_weightings(sql: &Connection, facts: &Facts, findings: &mut Findings) -> Result<()> {
    let mut statement =
        sql.prepare("SELECT account_id, weighting_id FROM main.kpi_current ORDER BY account_id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (account, weighting): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let Some(known) = facts.accounts.get(&account) else { continue };
        let expected = vector_text::weighting_text(&known.kpis);
        let found = weighting.map(|id| facts.weightings.get(&id).map_or("", String::as_str));
        if expected.as_deref() != found {
            let what = "its weighting_id does not lead to the weights that the history gives";
            let finding = Finding::new(FindingKind::Cache, what)
                .at("kpi_current", Some(account))
                .of_account(AccountId::new(account))
                .of_customer(CustomerId::new(known.customer));
            findings.add(finding.differs(expected.as_deref().unwrap_or("none"), found.unwrap_or("none")));
        }
    }
    Ok(())
}

/// The stamps as they should be. A stamp bears the clock's instant, which is before the change's own where the clock
/// stood behind: then any earlier one may be right.
fn stamps(sql: &Connection, snapshots: &Snapshots) -> Result<Vec<Vec<Cell>>> {
    let mut stored =
        sql.prepare("SELECT stamped_at FROM main.cooldowns WHERE account_id = ?1 AND snapshot_type = ?2")?;
    let mut stamps = Vec::new();
    for ((account, snapshot_type), stamp) in snapshots.stamps() {
        let mut rows = stored.query((account, snapshot_type))?;
        let found: Option<i64> = rows.next()?.map(|row| row.get(0)).transpose()?;
        let recorded = stamp.recorded_at.millis();
        let is_earlier = stamp.may_be_earlier && found.is_some_and(|found| found <= recorded);
        let at = if is_earlier { found.unwrap_or(recorded) } else { recorded };
        stamps.push(vec![
            Cell::Integer(account),
            Cell::Integer(snapshot_type),
            Cell::Integer(stamp.change),
            Cell::Integer(at),
        ]);
    }
    Ok(stamps)
}

/// Compares a cache with its rows as they should be, both by key.
fn compare(
    sql: &Connection,
    cache: &Cache,
    expected: Vec<Vec<Cell>>,
    facts: &Facts,
    findings: &mut Findings,
) -> Result<u64> {
    let found = read(sql, "main", cache)?;
    let rows = found.len() as u64;
    let (mut expected, mut found) = (expected.into_iter().peekable(), found.into_iter().peekable());
    loop {
        let order = match (expected.peek(), found.peek()) {
            (None, None) => return Ok(rows),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(expected), Some(found)) => key_order(expected, found, cache.keys),
        };
        let (ours, theirs) = match order {
            Ordering::Less => (expected.next(), None),
            Ordering::Greater => (None, found.next()),
            Ordering::Equal => (expected.next(), found.next()),
        };
        for finding in differences(cache, ours, theirs, facts) {
            findings.add(finding);
        }
    }
}

fn key_order(a: &[Cell], b: &[Cell], keys: usize) -> Ordering {
    let number = |cell: &Cell| if let Cell::Integer(number) = cell { *number } else { i64::MIN };
    a.iter().take(keys).map(number).cmp(b.iter().take(keys).map(number))
}

fn differences(
    cache: &Cache,
    expected: Option<Vec<Cell>>,
    found: Option<Vec<Cell>>,
    facts: &Facts,
) -> Vec<Finding> {
    let about = |row: &[Cell], what: String| {
        let int = |place: usize| {
            if let Some(Cell::Integer(number)) = row.get(place) { Some(*number) } else { None }
        };
        let finding = Finding::new(FindingKind::Cache, what).at(cache.table, int(0));
        let account = cache.account.and_then(int);
        let of_account = account.and_then(|account| facts.accounts.get(&account)).map(|known| known.customer);
        let customer = cache.customer.and_then(int).or(of_account);
        let finding = match account {
            Some(account) => finding.of_account(AccountId::new(account)),
            None => finding,
        };
        match customer {
            Some(customer) => finding.of_customer(CustomerId::new(customer)),
            None => finding,
        }
    };
    match (expected, found) {
        (Some(expected), None) => vec![about(&expected, "the row is missing".to_owned())],
        (None, Some(found)) => vec![about(&found, "the row should not be there".to_owned())],
        (Some(expected), Some(found)) => {
            let pairs = cache.columns.iter().zip(expected.iter().zip(&found));
            let differing = pairs.filter(|(_, (expected, found))| expected != found);
            let told = differing.map(|(column, (ours, theirs))| {
                about(&expected, format!("its {column} is not what the history gives")).differs(ours, theirs)
            });
            told.collect()
        }
        (None, None) => Vec::new(),
    }
}
