//! Whether what the program made of a file is what was expected.
//!
//! It reads facts back through the views that analysts use, and must never know one file from another.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::case::{Case, Check, Expected, shown, told};
use super::run::{Answer, run};
use crate::support::Sandbox;

/// How a file fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Read, and all that was expected holds.
    Right,
    /// Refused, as it should be, for the true reason.
    RefusedRightly,
    /// Anything else.
    Wrong,
}

impl Verdict {
    /// Nothing is left to be done.
    pub fn is_good(self) -> bool {
        self != Self::Wrong
    }

    /// As the page has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::RefusedRightly => "refused rightly",
            Self::Wrong => "wrong",
        }
    }
}

/// What is said of one case.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What the program did, for people.
    pub done: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is wrong: what is and what should be.
    pub faults: Vec<String>,
    /// What must not happen with any file at all, where it happened.
    pub unsound: Option<String>,
    /// It was ended, because it did not end in time.
    pub hung: bool,
}

impl Judgement {
    /// Of what was done, whether that was a refusal, and what of the expected does not hold.
    pub fn new(done: String, refused: bool, faults: Vec<String>) -> Self {
        let verdict = match (faults.is_empty(), refused) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::RefusedRightly,
            (true, false) => Verdict::Right,
        };
        Self { done, verdict, faults, unsound: None, hung: false }
    }
}

/// Runs a case and judges it.
pub fn judge(root: &Path, case: &Case) -> Judgement {
    let sandbox = Sandbox::new();
    let answer = match run(root, case, &sandbox) {
        Ok(answer) => answer,
        Err(fault) => return Judgement::new("not run".into(), false, vec![shown_line(&fault)]),
    };
    let refused = answer.error.is_some();
    let database =
        Connection::open_with_flags(sandbox.path("test.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).ok();
    let facts = Facts { answer: &answer, database: database.as_ref(), truth: root.join(case.path()) };
    let faults = facts.faults(&case.checks);
    let unsound = unsound(&answer).map(|what| format!("{} {}: {what}", case.path(), case.words));
    Judgement { unsound, hung: answer.hung, ..Judgement::new(done(&answer), refused, faults) }
}

/// What must not happen, whatever the file holds.
fn unsound(answer: &Answer) -> Option<String> {
    if answer.hung {
        return Some("did not end in time".into());
    }
    if answer.text.contains("panicked at") || !matches!(answer.code, Some(0..=10)) {
        return Some(format!("ended with {:?}: {}", answer.code, answer.text));
    }
    let Some(rows) = answer.json.as_ref().map(|json| &json["rows"]) else {
        let told = answer.error.as_ref().is_some_and(|error| error["message"].is_string());
        return (!told).then(|| format!("neither an answer nor an error: {}", answer.text));
    };
    let count = |name: &str| rows[name].as_u64();
    let parts = ["inserted", "updated", "unchanged", "rejected"].map(count);
    let sum = parts.into_iter().try_fold(0_u64, |sum, part| sum.checked_add(part?));
    (sum.is_none() || sum != count("read")).then(|| format!("rows are lost: {rows}"))
}

/// What the program did, on one line.
fn done(answer: &Answer) -> String {
    if let Some(error) = &answer.error {
        let code = error["code"].as_str().unwrap_or_default().replace('_', " ");
        return shown_line(&format!("{code}: {}", error["message"].as_str().unwrap_or_default()));
    }
    let Some(json) = &answer.json else { return "no answer".into() };
    let rows = |name: &str| json["rows"][name].as_u64().unwrap_or_default();
    let parts: Vec<_> = ["inserted", "updated", "unchanged", "rejected"]
        .into_iter()
        .filter(|name| rows(name) > 0)
        .map(|name| format!("{} {name}", rows(name)))
        .collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" = {}", parts.join(" + ")) };
    format!("{} rows{parts}; {} accounts", rows("read"), json["accounts"]["touched"])
}

/// A message on one line, cut where it is long.
fn shown_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(160).collect();
    if text.chars().nth(160).is_some() { line + "…" } else { line }
}

/// What can be asked after a run.
struct Facts<'a> {
    answer: &'a Answer,
    database: Option<&'a Connection>,
    truth: std::path::PathBuf,
}

impl Facts<'_> {
    fn faults(&self, checks: &[Check]) -> Vec<String> {
        let mut faults: Vec<_> = checks.iter().filter_map(|check| self.fault(check).err()).collect();
        faults.dedup();
        faults
    }

    fn fault(&self, check: &Check) -> Result<(), String> {
        match check {
            Check::Rows(count) => self.count("rows", "read", *count),
            Check::Rejected(count) => self.count("rows", "rejected", *count),
            Check::Accounts(count) => self.count("accounts", "touched", *count),
            Check::Refused(words) => self.refused(words),
            Check::Says(text) => {
                let said = self.answer.text.to_lowercase().contains(&text.to_lowercase());
                said.then_some(()).ok_or_else(|| format!("\"{text}\" is not said"))
            }
            Check::Query { told, sql, parameters, expected } => {
                self.compare(told, &self.ask(sql, parameters)?, expected)
            }
            Check::Field { told, account, name, value } => {
                let sql = format!(
                    "SELECT CAST({name} AS TEXT) FROM v_latest \
                     WHERE external_account_id = ?1 OR account_name = ?1"
                );
                let found = self.ask(&sql, std::slice::from_ref(account))?;
                self.compare(told, &found, &Expected::Text(value.clone()))
            }
            Check::SpectrumTruth { account } => self.like_truth(account),
            Check::Either(lists) => {
                let faults: Vec<_> = lists.iter().map(|list| self.faults(list)).collect();
                let any = faults.iter().any(Vec::is_empty);
                any.then_some(()).ok_or_else(|| faults.concat().join("; "))
            }
        }
    }

    fn count(&self, group: &str, name: &str, expected: u64) -> Result<(), String> {
        let found = self.answer.json.as_ref().and_then(|json| json[group][name].as_u64());
        match found {
            Some(found) if found == expected => Ok(()),
            Some(found) => Err(format!("{found} {group} {name}, not {expected}")),
            None => Err("not read".into()),
        }
    }

    fn refused(&self, words: &str) -> Result<(), String> {
        if self.answer.code != Some(5) {
            return Err("not refused".into());
        }
        let details = self.answer.error.iter().flat_map(|error| error["details"].as_array());
        let lines = details.flatten().map(|detail| format!("\nline {} ", detail["line"]));
        let said = self.answer.text.to_lowercase();
        // A word may end with a space, so that line 8 is not found in line 84: marks are spaces too.
        let parted = said.replace([':', ';', ',', '.', '"'], " ");
        let said = said + &parted + &lines.collect::<String>();
        let any = words.split('|').any(|word| said.contains(&word.to_lowercase()));
        any.then_some(()).ok_or_else(|| "refused for another reason".into())
    }

    /// The first cell of the first row; a missing database has no rows.
    fn ask(&self, sql: &str, parameters: &[String]) -> Result<Expected, String> {
        let Some(database) = self.database else { return Err("not read".into()) };
        let parameters = rusqlite::params_from_iter(parameters);
        let found = database.prepare(sql).and_then(|mut query| {
            let mut rows = query.query(parameters)?;
            let Some(row) = rows.next()? else { return Ok(Expected::Nothing) };
            Ok(match row.get_ref(0)? {
                ValueRef::Null | ValueRef::Blob(_) => Expected::Nothing,
                ValueRef::Integer(_) | ValueRef::Real(_) => Expected::Number(row.get(0)?),
                ValueRef::Text(text) => Expected::Text(String::from_utf8_lossy(text).into_owned()),
            })
        });
        found.map_err(|error| error.to_string())
    }

    fn compare(&self, told: &str, found: &Expected, expected: &Expected) -> Result<(), String> {
        let equal = match (found, expected) {
            (Expected::Number(found), Expected::Number(expected)) => {
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
            }
            _ => found == expected,
        };
        let found = match found {
            Expected::Number(number) => number.to_string(),
            Expected::Text(text) => shown(text),
            Expected::Nothing => "nothing".into(),
        };
        equal.then_some(()).ok_or_else(|| format!("{told}, not {found}"))
    }

    /// Compares every cell with the JSON beside the file; an empty cell says nothing, and is no attribute.
    fn like_truth(&self, account: &str) -> Result<(), String> {
        let truth = std::fs::read_to_string(self.truth.with_extension("json")).map_err(|e| e.to_string())?;
        let truth: Vec<Value> = serde_json::from_str(&truth).map_err(|error| error.to_string())?;
        for (name, value, row) in truth.iter().flat_map(|row| cells(row, account)) {
            let sql = "SELECT a.value FROM v_latest, json_each(v_latest.attributes) a \
                       WHERE account_name = ?1 AND a.key = ?2";
            let found = self.ask(sql, &[row.to_owned(), name.to_owned()])?;
            let expected = if value.is_empty() { Expected::Nothing } else { Expected::Text(value.into()) };
            self.compare(&format!("{name} of {} is {}", shown(row), shown(value)), &found, &expected)?;
        }
        self.count("rows", "read", truth.len() as u64)
    }
}

/// Name, value and account of the cells of an object, but for the account itself.
fn cells<'a>(row: &'a Value, account: &str) -> Vec<(&'a str, &'a str, &'a str)> {
    let named = row[account].as_str().unwrap_or_default();
    let others = row.as_object().into_iter().flatten().filter(|(name, _)| *name != account);
    others.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default(), named)).collect()
}

/// What is expected of a case, for people.
pub fn expectation(case: &Case) -> String {
    told(&case.checks)
}
