//! Whether the time since an account's last snapshot of a type is long enough for the next.
//!
//! Policy only: the stamp is read and written by the store, in the transaction that acts on the verdict. The
//! stamp is kept and the window is today's setting, so a changed setting holds at once.

use super::time::Timestamp;

/// What the cooldown says about a snapshot that is wanted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be taken.
    Over,
    /// It may not be taken yet.
    Holds {
        /// The first instant at which it may be.
        due: Timestamp,
        /// Whole seconds until then, rounded up, at least 1.
        remaining_seconds: i64,
    },
    /// It may be taken; the stamp lies so far in the future that it cannot be true, which is to be warned about.
    FutureStamp,
}

impl Verdict {
    /// Whether the snapshot may be taken now.
    #[must_use]
    pub const fn allows(self) -> bool {
        !matches!(self, Self::Holds { .. })
    }
}

/// Judges a stamp: a window of 300 s stamped at 10:00:00 is over at 10:05:00.000 exactly.
///
/// A stamp in the future by less than the window holds (another machine's clock runs ahead); by the window or
/// more it counts as expired, or one wrong clock would lock an account for years. A window of 0 never holds.
#[must_use]
pub fn check(stamp: Option<Timestamp>, now: Timestamp, window_millis: i64) -> Verdict {
    let Some(stamp) = stamp else { return Verdict::Over };
    let elapsed = now.millis_since(stamp);
    if window_millis <= 0 || elapsed >= window_millis {
        return Verdict::Over;
    }
    if elapsed <= -window_millis {
        return Verdict::FutureStamp;
    }
    let due = stamp.plus_millis(window_millis);
    // rounded up: rounded down the other way round
    Verdict::Holds { due, remaining_seconds: -now.seconds_since(due) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-11-22T{text}Z")).unwrap()
    }

    fn holds(due: &str, remaining_seconds: i64) -> Verdict {
        Verdict::Holds { due: at(due), remaining_seconds }
    }

    #[test]
    fn the_edges_to_the_millisecond() {
        for (stamp, now, verdict) in [
            ("10:00:00.000", "10:00:00.000", holds("10:05:00", 300)),
            ("10:00:00.000", "10:00:00.001", holds("10:05:00", 300)),
            ("10:00:00.000", "10:00:01.000", holds("10:05:00", 299)),
            ("10:00:00.000", "10:02:00.000", holds("10:05:00", 180)),
            ("10:00:00.000", "10:04:59.000", holds("10:05:00", 1)),
            ("10:00:00.000", "10:04:59.999", holds("10:05:00", 1)),
            ("10:00:00.000", "10:05:00.000", Verdict::Over),
            ("10:00:00.000", "10:05:00.001", Verdict::Over),
            ("10:00:00.250", "10:05:00.249", holds("10:05:00.250", 1)),
            ("10:00:00.250", "10:05:00.250", Verdict::Over),
            // a stamp in the future
            ("10:00:00.001", "10:00:00.000", holds("10:05:00.001", 301)),
            ("10:04:59.999", "10:00:00.000", holds("10:09:59.999", 600)),
            ("10:05:00.000", "10:00:00.000", Verdict::FutureStamp),
            ("23:00:00.000", "10:00:00.000", Verdict::FutureStamp),
        ] {
            assert_eq!(check(Some(at(stamp)), at(now), 300_000), verdict, "stamped {stamp}, now {now}");
        }
    }

    #[test]
    fn without_a_stamp_or_a_window_nothing_holds() {
        assert_eq!(check(None, at("10:00:00"), 300_000), Verdict::Over);
        for stamp in ["09:59:59.999", "10:00:00.000", "11:00:00.000"] {
            assert_eq!(check(Some(at(stamp)), at("10:00:00"), 0), Verdict::Over);
        }
    }

    #[test]
    fn todays_setting_decides() {
        let (stamp, now) = (Some(at("10:00:00")), at("10:10:00"));
        assert!(check(stamp, now, 300_000).allows());
        assert!(!check(stamp, now, 1_800_000).allows());
    }

    proptest! {
        #[test]
        fn no_instant_panics_and_what_holds_is_over_when_due(stamp in any::<i64>(), now in any::<i64>(), window in any::<i64>()) {
            let stamp = Timestamp::from_millis(stamp);
            if let Verdict::Holds { due, .. } = check(Some(stamp), Timestamp::from_millis(now), window)
                && due.millis() < i64::MAX
            {
                prop_assert_eq!(check(Some(stamp), due, window), Verdict::Over);
            }
        }

        #[test]
        fn the_remaining_seconds_reach_the_due_instant_and_no_second_more(elapsed in -299_999_i64..300_000) {
            let stamp = at("10:00:00");
            let now = stamp.plus_millis(elapsed);
            let Verdict::Holds { due, remaining_seconds } = check(Some(stamp), now, 300_000) else {
                return Err(TestCaseError::fail("expected it to hold"));
            };
            prop_assert!(now.plus_millis(remaining_seconds * 1000) >= due);
            prop_assert!(now.plus_millis((remaining_seconds - 1) * 1000) < due);
        }
    }
}
