//! What is refused, where, and in which words.

use proptest::prelude::*;

use super::{FILE, parse_error};
use crate::config::{Config, TEMPLATE};
use crate::error::ErrorKind;

/// A text with one mistake, and what is said of it after the name of the file.
const MISTAKES: [(&str, &str); 40] = [
    ("colldown.rag_auto = \"5m\"", "1:1: colldown: unknown key; did you mean cooldown?"),
    (
        "\n[cooldown]\n  event_drivn = \"5m\"",
        "3:3: cooldown.event_drivn: unknown key; did you mean event_driven?",
    ),
    ("event_driven = \"5m\"", "1:1: event_driven: unknown key; did you mean cooldown.event_driven?"),
    ("[health]\ncolour = 1", "2:1: health.colour: unknown key"),
    (
        "customers.\"Big Corp\".timzone = \"UTC\"",
        "1:22: customers.\"Big Corp\".timzone: unknown key; did you mean timezone?",
    ),
    (
        "[cooldown]\nevent_driven = \"five\"",
        "2:16: cooldown.event_driven: expected a duration such as 5m or 1h30m, got 'five'",
    ),
    (
        "[cooldown]\nevent_driven = \"1mo\"",
        "2:16: cooldown.event_driven: expected a duration such as 5m or 1h30m, got '1mo'",
    ),
    (
        "[cooldown]\nmanual = \"5m\"",
        "2:1: cooldown.manual: expected no cooldown here: manual snapshots are never stopped by one",
    ),
    (
        "cooldown.scheduled = 5",
        "1:10: cooldown.scheduled: expected no cooldown here: how often scheduled snapshots are taken is for [[schedule]] to say",
    ),
    ("cooldown = 5", "1:12: cooldown: expected a table [cooldown], got 5"),
    ("schedule = 5", "1:12: schedule: expected tables such as [[schedule]], got 5"),
    ("schedule = [5]", "1:13: schedule[1]: expected a table, got 5"),
    (
        "timezone = \"Europe/Belin\"",
        "1:12: timezone: expected an IANA time zone such as Europe/Berlin, got 'Europe/Belin'; did you mean 'Europe/Berlin'?",
    ),
    (
        "timezone = \"new york\"",
        "1:12: timezone: expected an IANA time zone such as Europe/Berlin, got 'new york'; did you mean 'America/New_York'?",
    ),
    (
        "currency = \"Euro\"",
        "1:12: currency: expected an ISO 4217 code of three letters such as EUR, got 'Euro'",
    ),
    ("fiscal_year_starts = 13", "1:22: fiscal_year_starts: expected the number of a month, 1 to 12, got 13"),
    ("customer = \" \"", "1:12: customer: expected a text in quotes that is not blank, got ' '"),
    (
        "database = \"~/a.db\"",
        "1:12: database: expected a path without ~, relative to this file or absolute, got '~/a.db'",
    ),
    (
        "customers.acme.database = \"x\"",
        "1:16: customers.acme.database: expected this key at the top of the file alone: it holds for every customer",
    ),
    ("events.enabled = \"yes\"", "1:18: events.enabled: expected true or false, got 'yes'"),
    (
        "events.types = [\"schedul\"]",
        "1:16: events.types: expected one of kpi_data_uploaded, account_data_changed, health_scores_updated, health_calculation_completed, rag_query_missing_snapshot, schedule, got 'schedul'; did you mean 'schedule'?",
    ),
    (
        "health.prefer = \"new\"",
        "1:17: health.prefer: expected one of newest, ingested, calculated, got 'new'",
    ),
    (
        "health.weights.Suport = 1",
        "1:25: health.weights.Suport: expected one of Product Usage, Support, Customer Sentiment, Business Outcomes, Relationship Strength, got 'Suport'; did you mean 'Support'?",
    ),
    ("health.weights.Support = -1", "1:26: health.weights.Support: expected a number of at least 0, got -1"),
    (
        "health.weights.Support = nan",
        "1:26: health.weights.Support: expected a number of at least 0, got nan",
    ),
    (
        "trend.window = \"0d\"",
        "1:16: trend.window: expected a duration such as \"30d\" or a count such as \"3 snapshots\", got '0d'",
    ),
    (
        "missing.tokens = [\"x\", 5]",
        "1:18: missing.tokens: expected a list of texts such as [\"one\", \"two\"], got 5",
    ),
    ("aliases.profile.account = [\"x\"]", "1:9: aliases.profile: unknown key; did you mean profiles?"),
    (
        "[presets.p]\nheader = 0",
        "2:10: presets.p.header: expected \"auto\", \"none\" or the number of a row, from 1, got 0",
    ),
    (
        "[presets.p]\ndelimiter = \";;\"",
        "2:13: presets.p.delimiter: expected one character such as \";\" or \"\\t\", got ';;'",
    ),
    (
        "[retention.manual]\nday = \"some\"",
        "2:7: retention.manual.day: expected a count, a duration such as \"12mo\", or \"all\", got 'some'",
    ),
    ("[[schedule]]\nname = \"x\"", "1:1: schedule[1]: expected a key 'every' in this table, got none"),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\non = \"monday\"",
        "4:6: schedule[1].on: expected no weekday in a daily rule; only weekly ones have a day",
    ),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\nat = \"25:00\"",
        "4:6: schedule[1].at: expected a time of day such as \"02:00\", got '25:00'",
    ),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\nwhen = \"helth < 70\"",
        "4:9: schedule[1].when: expected a field of the snapshot, got 'helth'; did you mean health?",
    ),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\nwhen = '''\nhealth < 70\n and tier = '''",
        "6:13: schedule[1].when: expected a text, got the end",
    ),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\nwhen = \"tier = \\\"A\\\" and 5\"",
        "4:8: schedule[1].when: expected a field's name, got '5'",
    ),
    (
        "[[schedule]]\nname = \"x\"\nevery = \"daily\"\nwhen = true",
        "4:8: schedule[1].when: expected a condition in quotes such as \"revenue > 1000000\", got true",
    ),
    (
        "[[recommend]]\nplaybook = \"x\"\nwhen = \"playbook_recommendations_active = y\"",
        "3:8: recommend[1].when: expected no playbook_recommendations_active here: it is what these rules say",
    ),
    ("[[recommend]]\nplaybook = \"x\"", "1:1: recommend[1]: expected a key 'when' in this table, got none"),
];

#[test]
fn every_kind_of_mistake_is_told_with_its_place() {
    for (text, message) in MISTAKES {
        let error = parse_error(text);
        assert_eq!(error.message(), format!("{FILE}:{message}"), "{text}");
        assert_eq!((error.kind(), error.details_total()), (ErrorKind::Usage, 1), "{text}");
    }
}

#[test]
fn merged_settings_are_checked_where_they_were_written() {
    let zero = "[health.weights]\n\"Product Usage\" = 0\nSupport = 0\n\"Customer Sentiment KPI\" = 0\n\"Business Outcomes\" = 0\n";
    let cases = [
        (
            format!("{zero}\"Relationship Strength\" = 0"),
            "2:19: health.weights.\"Product Usage\": expected weights with a sum above 0, got a sum of 0",
        ),
        (
            format!("{zero}[customers.acme.health.weights]\n\"Relationship Strength\" = 0.0"),
            "7:27: customers.acme.health.weights.\"Relationship Strength\": expected weights with a sum above 0, got a sum of 0",
        ),
        (
            "health.bands.at_risk_from = 70".into(),
            "1:29: health.bands.at_risk_from: expected 0 < at_risk_from < healthy_from <= 100, got 70 and 66.66666666666667",
        ),
        (
            "health.bands.at_risk_from = 0".into(),
            "1:29: health.bands.at_risk_from: expected 0 < at_risk_from < healthy_from <= 100, got 0 and 66.66666666666667",
        ),
        (
            "health.bands.healthy_from = 100.1".into(),
            "1:29: health.bands.healthy_from: expected 0 < at_risk_from < healthy_from <= 100, got 33.333333333333336 and 100.1",
        ),
    ];
    for (text, message) in cases {
        let error = parse_error(&text);
        assert_eq!(error.message(), format!("{FILE}:{message}"), "{text}");
    }
    super::parse("health.bands = { at_risk_from = 0.5, healthy_from = 100 }");
}

#[test]
fn names_that_are_compared_alike_are_refused_twice() {
    let rule = |name: &str| format!("[[schedule]]\nname = \"{name}\"\nevery = \"daily\"\n");
    let kpi = |name: &str| format!("[[kpi]]\nname = \"{name}\"\naliases = [\"x\"]\n");
    for (text, place) in [
        (
            "[customers.ACME]\n[customers.acme]\n".to_owned(),
            "2:12: customers.acme: expected one customer of this name",
        ),
        (
            "[customers.\" \"]\n".to_owned(),
            "1:12: customers.\" \": expected a name for the customer, got a blank one",
        ),
        (
            "[customers.a.accounts.\"T C\"]\n[customers.a.accounts.\"t  c\"]\n".to_owned(),
            "2:23: customers.a.accounts.\"t  c\": expected one account of this name",
        ),
        (rule("x") + &rule("x"), "4:1: schedule[2]: expected one schedule rule of this name"),
        (kpi("On-time") + &kpi("on time"), "4:1: kpi[2]: expected one kpi of this name"),
        (
            "[health.weights]\nSupport = 1\n\"support kpi\" = 1\n".to_owned(),
            "3:17: health.weights.\"support kpi\": expected one weight for Support",
        ),
    ] {
        let message = parse_error(&text).message().to_owned();
        assert!(message.starts_with(&format!("{FILE}:{place}")), "{message}");
    }
}

#[test]
fn a_kpi_needs_four_points_in_order() {
    let cases = [
        (
            "direction = \"higher\"\ncritical_edge = 80\nhealthy_edge = 50",
            "5:17: kpi[1].critical_edge: expected a number above worst (140), because higher is better, got 80",
        ),
        (
            "direction = \"lower\"\ncritical_edge = 30\nhealthy_edge = 7\nbest = 8",
            "7:8: kpi[1].best: expected a number below healthy_edge (7), because lower is better, got 8",
        ),
        (
            "direction = \"higher\"\ncritical_edge = -1e308\nhealthy_edge = 1e308",
            "6:16: kpi[1].healthy_edge: worst: expected a finite number, got -inf",
        ),
        (
            "direction = \"higher\"\ncritical_edge = 1",
            "1:1: kpi[1]: expected a key 'healthy_edge' in this table, got none",
        ),
    ];
    for (points, message) in cases {
        let text = format!("[[kpi]]\nname = \"Seats\"\ncategory = \"Support\"\n{points}");
        let told = parse_error(&text).message().to_owned();
        assert!(told.starts_with(&format!("{FILE}:{message}")), "{told}");
    }
}

#[test]
fn all_problems_are_told_in_the_order_of_the_file() {
    let text = "curency = \"EUR\"\nfiscal_year_starts = 0\n[trend]\npoints = \"3\"\n[[schedule]]\nevery = \"hourly\"\n";
    let error = parse_error(text);
    let lines: Vec<_> =
        error.details().iter().map(|detail| (detail.line.unwrap(), detail.code.as_str())).collect();
    assert_eq!(
        lines,
        [(1, "unknown_key"), (2, "wrong_value"), (4, "wrong_value"), (5, "missing_key"), (6, "wrong_value")]
    );
    assert_eq!(
        error.message(),
        format!("{FILE}:1:1: curency: unknown key; did you mean currency? (the first of 5 problems)")
    );
    assert_eq!(error.details()[2].value.as_deref(), Some("3"));
    assert!(error.hint().unwrap().contains(FILE));
}

#[test]
fn broken_toml_is_told_with_its_place_and_without_guesses() {
    for (text, place) in [
        ("currency = \"EUR\"\ncurrency = \"USD\"\n", "2:1"),
        ("timezone = \"UTC\"\nfoo = = 1\nunknown = 1", "2:7"),
        ("a = \"é\" x", "1:9"),
    ] {
        let error = parse_error(text);
        assert!(error.message().starts_with(&format!("{FILE}:{place}: ")), "{}", error.message());
        assert!(error.details().iter().all(|detail| detail.code == "invalid_toml"), "{text}");
    }
}

#[test]
fn a_long_value_is_cut_and_a_hundred_details_are_enough() {
    let error = parse_error(&format!("currency = \"{}\"", "é".repeat(5000)));
    assert!(error.message().chars().count() < 200, "{}", error.message());
    let many: String = (0..250).map(|number| format!("unknown{number} = 1\n")).collect();
    let error = parse_error(&many);
    assert_eq!((error.details().len(), error.details_total()), (100, 250));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_taken() {
    let config = super::parse("\u{feff}currency = \"eur\"\r\n[trend]\r\npoints = 4\r\n");
    assert_eq!(config.for_customer("x").currency().value, "EUR");
    assert_eq!(config.for_customer("x").trend_points().origin, super::file(3, "trend.points"));
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for text in [format!("a = {}", "[".repeat(100_000)), format!("a{} = 1", ".a".repeat(100_000))] {
        assert!(parse_error(&text).details_total() > 0);
    }
}

/// A template line, or a piece of one, so that the random texts come near to what the parser knows.
fn fragment() -> impl Strategy<Value = String> {
    let lines: Vec<String> = TEMPLATE.lines().map(|line| line.trim_start_matches('#').to_owned()).collect();
    prop_oneof![
        3 => proptest::sample::select(lines.clone()),
        1 => (proptest::sample::select(lines), ".{0,12}").prop_map(|(line, end)| {
            line.split('=').next().unwrap_or_default().to_owned() + "=" + &end
        }),
        1 => ".{0,40}",
    ]
}

/// Values of every type, the edges of their ranges among them.
const VALUES: [&str; 16] = [
    "0",
    "-1",
    "9223372036854775807",
    "99999999999999999999",
    "1e308",
    "1e999",
    "-nan",
    "true",
    "\"\"",
    "\"all\"",
    "\"9999999w\"",
    "02:00",
    "1979-05-27",
    "[]",
    "[[], {}]",
    "{ a = \"b\" }",
];

proptest! {
    #[test]
    fn no_text_panics_the_parser(lines in proptest::collection::vec(fragment(), 0..25)) {
        let text = lines.join("\n");
        match Config::parse(&text, std::path::Path::new(FILE)) {
            Ok(config) => prop_assert!(!config.for_customer("acme").explain().is_empty()),
            Err(error) => prop_assert!(error.details_total() > 0 && !error.message().contains('\n')),
        }
    }

    #[test]
    fn every_wrong_value_is_told_at_its_own_line(at in any::<proptest::sample::Index>(), value in proptest::sample::select(&VALUES[..])) {
        let text = super::template::uncommented();
        let settings: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| line.contains(" = ") && !line.starts_with('#')).collect();
        let (number, line) = *at.get(&settings);
        let key = line.split(" = ").next().unwrap();
        let changed: Vec<String> = text.lines().enumerate().map(|(here, line)| {
            if here == number { format!("{key} = {value}") } else { line.to_owned() }
        }).collect();
        match Config::parse(&changed.join("\n"), std::path::Path::new(FILE)) {
            Ok(config) => prop_assert!(!config.for_customer("acme").explain().is_empty()),
            // A value that clashes with another one is told at either of the two.
            Err(error) => prop_assert!(error.details().iter().all(|detail| {
                detail.line.is_some_and(|told| told.abs_diff(number as u64 + 1) <= 4)
            }), "{}", error.message()),
        }
    }
}
