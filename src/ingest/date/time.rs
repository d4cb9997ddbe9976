//! The time of day behind a date, with or without an offset.

use super::number;

/// What stands behind a date: `T00:00:00.000Z`, ` 3:15:52`, ` 3:15 PM`, `T10:00+02:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    /// Since midnight; a leap second is the next minute's first.
    pub(super) millis: i64,
    /// East of UTC; None where the text does not say.
    pub(super) offset_minutes: Option<i64>,
}

/// The date of a text, and its time with the space or `T` before it; None where it has no time.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let before_colon = text.get(..text.find(':')?)?;
    let before_hour = before_colon.trim_end_matches(|c: char| c.is_ascii_digit());
    let date = before_hour.strip_suffix([' ', 'T', 't'])?;
    Some((date.trim_end().trim_end_matches(','), text.get(date.len()..)?))
}

impl TimeOfDay {
    /// Reads a time with the space or `T` before it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let time = text.strip_prefix(['T', 't', ' '])?.trim();
        let zone = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
        let (clock, zone) = time.split_at(zone);
        let (half, zone) = half_of_day(zone.trim());
        let millis = millis(clock)?;
        let millis = match half {
            None => millis,
            // Twelve is the first hour of either half.
            Some(half) => {
                let hour = millis / HOUR;
                (1..=12).contains(&hour).then_some(millis % HOUR + (hour % 12) * HOUR + half)?
            }
        };
        Some(Self { millis, offset_minutes: offset(zone)? })
    }
}

const HOUR: i64 = 3_600_000;

/// When the half of the day begins that the text names, and what follows its name.
fn half_of_day(text: &str) -> (Option<i64>, &str) {
    let halves = [("a.m.", 0), ("p.m.", 12 * HOUR), ("am", 0), ("pm", 12 * HOUR)];
    let found = halves.iter().find_map(|(name, start)| {
        let (half, rest) = text.split_at_checked(name.len())?;
        half.eq_ignore_ascii_case(name).then_some((Some(*start), rest.trim_start()))
    });
    found.unwrap_or((None, text))
}

fn millis(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let hour = parts.next().and_then(number).filter(|hour| *hour < 24)?;
    let minute = parts.next().and_then(number).filter(|minute| *minute < 60)?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            (number(whole).filter(|second| *second <= 60)?, thousandths(fraction)?)
        }
    };
    let seconds = (hour * 60 + minute) * 60 + second;
    parts.next().is_none().then(|| i64::from(seconds) * 1000 + i64::from(fraction))
}

/// The first three digits of a fraction; finer ones are cut.
fn thousandths(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number(&fraction.chars().chain("00".chars()).take(3).collect::<String>())
}

/// The offset that the text behind a clock says; None in it where it says nothing.
fn offset(zone: &str) -> Option<Option<i64>> {
    if zone.is_empty() {
        return Some(None);
    }
    if ["z", "utc", "gmt"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some(Some(0));
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?.replacen(':', "", 1);
    let hours = number(digits.get(..2)?).filter(|hours| *hours < 24)?;
    let minutes = match digits.get(2..)? {
        "" => 0,
        minutes if minutes.len() == 2 => number(minutes).filter(|minutes| *minutes < 60)?,
        _ => return None,
    };
    Some(Some(sign * i64::from(hours * 60 + minutes)))
}
