//! What an erasure asks of the way through the ledger, within its own transaction: the hashes that contents have once
//! the words that they show are gone, and the seals of changes whose own words go.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::facts::Facts;
use super::finding::{Findings, VerifyScope};
use super::retracted::Retracted;
use super::snapshots::Snapshots;
use super::walk::Walk;
use super::{take, turned};
use crate::error::Result;

/// By content, the hash that its content gives now, where it has another.
pub(in crate::store) fn other_hashes(sql: &Connection) -> Result<BTreeMap<i64, [u8; 32]>> {
    let (mut facts, mut snapshots) = (Facts::default(), Snapshots::new(Retracted::new(sql)?, true));
    let mut findings = Findings::new(VerifyScope::default());
    Walk::new(sql)?.run(sql, &mut findings, |change, rows, before, findings| {
        for row in rows {
            take(row, change, &mut facts, &mut snapshots, findings);
        }
        turned::take(sql, change, rows, &mut facts)?;
        snapshots.check_change(change, before, rows, &mut facts, findings);
        Ok(())
    })?;
    Ok(snapshots.other_hashes)
}

/// The seal of each change: over its digest, its words as they stand now, and the hashes of its rows.
pub(in crate::store) fn seals(sql: &Connection, changes: &[i64]) -> Result<FxHashMap<i64, [u8; 32]>> {
    let mut walk = Walk::new(sql)?;
    walk.seals = changes.iter().map(|change| (*change, [0; 32])).collect();
    let mut findings = Findings::new(VerifyScope::default());
    walk.run(sql, &mut findings, |_, _, _, _| Ok(()))?;
    Ok(walk.seals)
}
