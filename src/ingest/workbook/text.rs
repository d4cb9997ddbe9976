//! Values of cells as text, written so that a reader of CSV reads the same value. It never rounds a number.

use std::fmt::Write;

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::sheet::Kind;

const DAY: f64 = 86_400.0;
/// The first serial numbers that Excel shows no date for: those after 9999-12-31.
const END_1900: f64 = 2_958_466.0;
const END_1904: f64 = 2_957_004.0;

/// A number as its shortest text that reads back the same: `8`, `0.52`, without an exponent up to 21 digits.
pub(super) fn number(text: &mut String, value: f64) -> Kind {
    text.push_str(ryu_js::Buffer::new().format(value));
    Kind::Amount
}

/// A share as percent: 0.07 is `7%`. The point is moved in the text, since 0.07 times 100 is 7.000000000000001.
pub(super) fn percent(text: &mut String, value: f64) -> Kind {
    let shortest = format!("{value:e}");
    let moved = shortest.split_once('e').and_then(|(digits, exponent)| {
        let exponent = exponent.parse::<i32>().ok()?.checked_add(2)?;
        format!("{digits}e{exponent}").parse().ok()
    });
    number(text, moved.filter(|moved: &f64| moved.is_finite()).unwrap_or(value * 100.0));
    text.push('%');
    Kind::Amount
}

/// A truth value as Excel shows it.
pub(super) fn truth(text: &mut String, value: bool) -> Kind {
    text.push_str(if value { "TRUE" } else { "FALSE" });
    Kind::Amount
}

/// A day, a time of day, both, or a duration, counted in days from 1900 or 1904.
///
/// Seconds are rounded: 10:00:00 is rarely a fraction of a day that binary numbers hold. Day 60 of 1900 is
/// 1900-02-29, which never was, as in Excel. What Excel shows no date for is the number.
pub(super) fn serial(text: &mut String, value: ExcelDateTime, is_1904: bool) -> Kind {
    let days = value.as_f64();
    let end = if is_1904 { END_1904 } else { END_1900 };
    if value.is_duration() && days.abs() < END_1900 {
        duration(text, (days * DAY).round());
        return Kind::Label;
    }
    let seconds = (days * DAY).round();
    if !(days >= 0.0 && seconds < end * DAY) {
        return number(text, days);
    }
    let day = (seconds / DAY).floor();
    let time = seconds - day * DAY;
    if day == 0.0 && (time > 0.0 || !is_1904) {
        duration(text, time);
        return Kind::Label;
    }
    let (year, month, day, ..) =
        ExcelDateTime::new(day, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    write_to(text, format_args!("{year:04}-{month:02}-{day:02}"));
    if time > 0.0 {
        text.push('T');
        duration(text, time);
    }
    Kind::Label
}

/// Seconds as `HH:MM:SS`, with as many hours as there are.
fn duration(text: &mut String, seconds: f64) {
    if seconds < 0.0 {
        text.push('-');
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative, and within 10,000 years; others are cut off at the ends"
    )]
    let seconds = seconds.abs() as u64;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    write_to(text, format_args!("{hours:02}:{minutes:02}:{:02}", seconds % 60));
}

/// A date, or a date and time, as ISO 8601: without midnight and without parts of a second.
pub(super) fn iso_moment(text: &mut String, moment: &str) -> Kind {
    let moment = moment.trim();
    let moment = moment.split_once('.').map_or(moment, |(seconds, _)| seconds);
    text.push_str(moment.strip_suffix("T00:00:00").unwrap_or(moment));
    Kind::Label
}

/// A duration as ISO 8601 writes it, `PT10H10M10S`, as `HH:MM:SS`; as it stands where it is something else.
pub(super) fn iso_duration(text: &mut String, given: &str) -> Kind {
    match seconds_of(given.trim()) {
        Some(seconds) => duration(text, seconds.round()),
        None => text.push_str(given),
    }
    Kind::Label
}

fn seconds_of(given: &str) -> Option<f64> {
    let (sign, given) = given.strip_prefix('-').map_or((1.0, given), |given| (-1.0, given));
    let mut rest = given.strip_prefix("PT")?;
    let mut seconds = 0.0;
    while let Some(at) = rest.find(|character: char| character.is_ascii_alphabetic()) {
        let (amount, unit) = rest.split_at_checked(at)?;
        let amount: f64 = amount.parse().ok()?;
        seconds += amount
            * match unit.chars().next()? {
                'H' => 3600.0,
                'M' => 60.0,
                'S' => 1.0,
                _ => return None,
            };
        rest = unit.get(1..)?;
    }
    (rest.is_empty() && seconds < END_1900 * DAY).then_some(sign * seconds)
}

/// Writing to a text cannot fail.
fn write_to(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut String) -> Kind) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn numbers_are_their_shortest_text() {
        for (value, expected) in [
            (8.0, "8"),
            (1_234_567.0, "1234567"),
            (-0.5, "-0.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e15, "1000000000000000"),
            (0.0, "0"),
        ] {
            assert_eq!(text(|text| number(text, value)), expected);
        }
    }

    #[test]
    fn percents_bear_no_noise() {
        for (value, expected) in [
            (0.07, "7%"),
            (0.52, "52%"),
            (0.0725, "7.25%"),
            (1.1, "110%"),
            (0.29, "29%"),
            (-0.035, "-3.5%"),
            (0.0, "0%"),
            (1e-9, "1e-7%"),
            (0.1 + 0.2, "30.000000000000004%"),
            (f64::MAX, "Infinity%"),
        ] {
            assert_eq!(text(|text| percent(text, value)), expected);
        }
        for thousandths in -2000_i32..2000 {
            let expected = format!("{}%", f64::from(thousandths) / 10.0);
            assert_eq!(text(|text| percent(text, f64::from(thousandths) / 1000.0)), expected);
        }
    }

    #[test]
    fn serial_numbers_are_iso_dates_in_both_systems() {
        let shown = |days, is_1904| {
            let value = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
            text(|text| serial(text, value, is_1904))
        };
        for (days, expected) in [
            (46326.0, "2026-10-31"),
            (46_326.416_666_666_664, "2026-10-31T10:00:00"),
            (46_326.999_999_999, "2026-11-01"),
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (0.5, "12:00:00"),
            (0.0, "00:00:00"),
            (2_958_465.0, "9999-12-31"),
            (2_958_466.0, "2958466"),
            (-1.0, "-1"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(shown(days, false), expected);
        }
        for (days, expected) in [(44864.0, "2026-10-31"), (0.0, "1904-01-01"), (0.25, "06:00:00")] {
            assert_eq!(shown(days, true), expected);
        }
    }

    #[test]
    fn durations_have_as_many_hours_as_they_last() {
        let shown = |days| {
            let value = ExcelDateTime::new(days, ExcelDateTimeType::TimeDelta, false);
            text(|text| serial(text, value, false))
        };
        assert_eq!(shown(1.5), "36:00:00");
        assert_eq!(shown(-0.25), "-06:00:00");
        for (given, expected) in [
            ("PT10H10M10S", "10:10:10"),
            ("PT36H00M00.500000000S", "36:00:01"),
            ("-PT1M", "-00:01:00"),
            ("P1D", "P1D"),
            ("PT1X", "PT1X"),
            ("PTé1S", "PTé1S"),
        ] {
            assert_eq!(text(|text| iso_duration(text, given)), expected);
        }
    }

    #[test]
    fn iso_moments_lose_midnight_and_parts_of_a_second() {
        for (given, expected) in [
            ("2021-01-01", "2021-01-01"),
            ("2021-01-01T00:00:00", "2021-01-01"),
            ("2021-01-01T00:00:00.000", "2021-01-01"),
            ("2021-01-01T10:10:10.25", "2021-01-01T10:10:10"),
        ] {
            assert_eq!(text(|text| iso_moment(text, given)), expected);
        }
    }
}
