//! Words that may follow a number: units and suffixes.
//!
//! The lists are closed: a word that is not here is not a unit, for `10 approx` must never read as a count of ten.

use super::quantity::{Mark, TimeUnit};

/// What a word after a number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A unit.
    Unit(Mark),
    /// A suffix: the number times this power of ten.
    Scale(u8),
    /// `m`: million, or for a time, minutes.
    MillionOrMinutes,
}

/// Longer words have no meaning here.
const LONGEST: usize = 16;

/// Looks a word up, ASCII case aside; allocates nothing.
pub(super) fn lookup(word: &str) -> Option<Word> {
    let mut buffer = [0; LONGEST];
    let lowered = buffer.get_mut(..word.len())?;
    lowered.copy_from_slice(word.as_bytes());
    lowered.make_ascii_lowercase();
    let word = std::str::from_utf8(lowered).ok()?;
    if word == "m" {
        return Some(Word::MillionOrMinutes);
    }
    scale(word).map(Word::Scale).or_else(|| unit(word).map(Word::Unit))
}

/// The unit of time that a word names; after a longer unit, `m` is minutes (`1h 30m`).
pub(super) fn time_unit(word: &str) -> Option<TimeUnit> {
    match lookup(word)? {
        Word::Unit(Mark::Time(unit)) => Some(unit),
        Word::MillionOrMinutes => Some(TimeUnit::Minute),
        _ => None,
    }
}

fn scale(word: &str) -> Option<u8> {
    Some(match word {
        "k" | "thousand" => 3,
        "mm" | "mn" | "million" => 6,
        "b" | "bn" | "billion" => 9,
        _ => return None,
    })
}

fn unit(word: &str) -> Option<Mark> {
    Some(match word {
        "percent" | "pct" => Mark::Percent,
        "hours" | "hour" | "hrs" | "hr" | "h" => Mark::Time(TimeUnit::Hour),
        "days" | "day" | "d" => Mark::Time(TimeUnit::Day),
        "minutes" | "minute" | "mins" | "min" => Mark::Time(TimeUnit::Minute),
        "weeks" | "week" | "wks" | "wk" | "w" => Mark::Time(TimeUnit::Week),
        "seconds" | "second" | "secs" | "sec" | "s" => Mark::Time(TimeUnit::Second),
        "milliseconds" | "millisecond" | "ms" => Mark::Time(TimeUnit::Millisecond),
        "months" | "month" | "mo" | "quarters" | "quarter" | "years" | "year" | "yrs" | "yr" | "y" => {
            Mark::Calendar
        }
        "x" => Mark::Ratio,
        "points" | "point" | "pts" | "pt" | "score" | "stars" | "star" => Mark::Score,
        "kb" | "mb" | "gb" | "tb" | "bps" => Mark::Measure,
        _ if is_counted(word) => Mark::Count,
        _ => return None,
    })
}

/// Things that customer-success teams count, in the singular or plural.
fn is_counted(word: &str) -> bool {
    match word {
        "people" | "persons" | "companies" | "queries" | "inquiries" | "enquiries" | "count" => true,
        _ => matches!(
            word.strip_suffix('s').unwrap_or(word),
            "account"
                | "action"
                | "activation"
                | "article"
                | "bug"
                | "call"
                | "case"
                | "champion"
                | "chat"
                | "click"
                | "complaint"
                | "contact"
                | "contract"
                | "conversation"
                | "customer"
                | "defect"
                | "demo"
                | "download"
                | "email"
                | "employee"
                | "error"
                | "escalation"
                | "event"
                | "feature"
                | "incident"
                | "install"
                | "integration"
                | "interaction"
                | "invoice"
                | "issue"
                | "item"
                | "lead"
                | "license"
                | "licence"
                | "login"
                | "meeting"
                | "member"
                | "message"
                | "order"
                | "outage"
                | "person"
                | "product"
                | "project"
                | "question"
                | "referral"
                | "release"
                | "renewal"
                | "request"
                | "response"
                | "review"
                | "seat"
                | "session"
                | "site"
                | "stakeholder"
                | "subscriber"
                | "subscription"
                | "survey"
                | "task"
                | "ticket"
                | "training"
                | "transaction"
                | "unit"
                | "upgrade"
                | "user"
                | "view"
                | "visit"
                | "visitor"
                | "workshop"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_number_make_no_difference_and_other_words_mean_nothing() {
        assert_eq!(lookup("Tickets"), lookup("ticket"));
        assert_eq!(lookup("HOURS"), Some(Word::Unit(Mark::Time(TimeUnit::Hour))));
        assert_eq!(lookup("Bn"), Some(Word::Scale(9)));
        for word in
            ["", "approx", "dozen", "lakh", "trillion", "tickets-or-more", "averyveryverylongword", "é"]
        {
            assert_eq!(lookup(word), None, "{word:?}");
        }
    }
}
