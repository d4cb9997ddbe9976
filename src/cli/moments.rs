//! `--since` and `--until`: text to instants, in the customer's time zone and fiscal year.

use chrono::Month;
use chrono_tz::Tz;

use super::workspace::Workspace;
use crate::config::CustomerSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::model::duration::Span;
use crate::model::ids::SnapshotId;
use crate::model::moment::Moment;
use crate::model::tag::Tag;
use crate::model::time::Timestamp;
use crate::ops::compare::{Place, Point};

/// The instant at which a list begins: the first of a moment, or so long before now.
///
/// # Errors
/// `Usage` where the text is neither.
pub fn since(workspace: &Workspace<'_>, text: &str) -> Result<Timestamp> {
    if let Ok(moment) = Moment::parse(text) {
        return Ok(moment.first(workspace.zone(), fiscal_start(workspace.settings())));
    }
    let span = Span::parse(text).map_err(|_| {
        let what = "expected a moment (2026-09-30, 2026-09, 2026-Q3, FY27-Q1, 2026-09-30T10:00:00Z) or a duration (30d)";
        Error::new(ErrorKind::Usage, format!("--since: {what}, got '{text}'"))
            .with_hint("durations have the units s m h d w mo y, largest first: 1h30m, 2w, 3mo")
    })?;
    Ok(span.before(workspace.context().clock.now(), workspace.zone()))
}

/// The instant at which a list ends: the last of a moment.
///
/// # Errors
/// `Usage` where the text is none.
pub fn until(workspace: &Workspace<'_>, text: &str) -> Result<Timestamp> {
    moment("--until", workspace, text)
}

/// The last instant of a moment that a flag names.
///
/// # Errors
/// `Usage` where the text is none.
pub fn moment(flag: &str, workspace: &Workspace<'_>, text: &str) -> Result<Timestamp> {
    let moment = Moment::parse(text).map_err(|why| Error::new(ErrorKind::Usage, format!("{flag}: {why}")))?;
    Ok(moment.last(workspace.zone(), fiscal_start(workspace.settings())))
}

/// The instant at which a look ahead ends: the last of a moment, or so long after now.
///
/// # Errors
/// `Usage` where the text is neither.
pub fn until_or_within(workspace: &Workspace<'_>, text: &str) -> Result<Timestamp> {
    if let Ok(moment) = Moment::parse(text) {
        return Ok(moment.last(workspace.zone(), fiscal_start(workspace.settings())));
    }
    let span = Span::parse(text).map_err(|_| {
        let what = "expected a duration (7d) or a moment (2026-12-31, 2026-12, 2026-Q4, FY27-Q1)";
        Error::new(ErrorKind::Usage, format!("--until: {what}, got '{text}'"))
            .with_hint("durations have the units s m h d w mo y, largest first: 1h30m, 2w, 3mo")
    })?;
    Ok(span.after(workspace.context().clock.now(), workspace.zone()))
}

/// A place in an account's history: a snapshot's id, a tag, a moment, `latest`, `previous`, `now`.
///
/// Digits alone are an id, also where they could be a year: scripts pass ids on as they get them.
///
/// # Errors
/// `Usage` where the text is none of these.
pub fn place(text: &str, zone: Tz, fiscal_start: Month) -> Result<Point> {
    let trimmed = text.trim();
    let place = match trimmed {
        "latest" => Place::Latest,
        "previous" => Place::Previous,
        "now" => Place::Now,
        _ if trimmed.bytes().all(|byte| byte.is_ascii_digit()) && !trimmed.is_empty() => {
            let id = trimmed.parse().ok().filter(|id| *id > 0).ok_or_else(|| no_place(text))?;
            Place::Snapshot(SnapshotId::new(id))
        }
        _ => match Moment::parse(trimmed) {
            Ok(moment) => Place::At(moment.last(zone, fiscal_start)),
            Err(_) => Place::Tagged(Tag::parse(trimmed).map_err(|_| no_place(text))?),
        },
    };
    Ok(Point { asked: trimmed.to_owned(), place })
}

fn no_place(text: &str) -> Error {
    let what = "expected a snapshot's id (from 1), a tag, latest, previous, now or a moment (2026-09-30, 2026-09, 2026-Q3, FY27-Q1)";
    Error::new(ErrorKind::Usage, format!("{what}, got '{text}'"))
        .with_hint("`acctsnap history -a ...` shows an account's snapshots")
}

/// The month in which the customer's fiscal year starts; the settings allow none but the twelve.
#[must_use]
pub fn fiscal_start(settings: CustomerSettings<'_>) -> Month {
    let number = settings.fiscal_year_starts().value;
    u8::try_from(number).ok().and_then(|number| Month::try_from(number).ok()).unwrap_or(Month::January)
}
