//! What the sections hold, and what a customer's does to everyone's.

use chrono::{NaiveTime, Weekday};

use super::{file, parse};
use crate::config::{Config, HeaderRow, Origin};
use crate::model::condition::Condition;
use crate::model::duration::Span;
use crate::model::event::EventType;
use crate::model::health::config::{Prefer, TrendWindow};
use crate::model::kpi::{Category, Direction, KpiDefinition, Scale, Unit};
use crate::model::retention::Keep;
use crate::model::schedule::{Cadence, ScheduleRule};
use crate::model::snapshot::kind::SnapshotType;
use crate::model::upload::UploadKind;

#[test]
fn the_defaults_are_those_of_the_documents() {
    let config = Config::default();
    let settings = config.for_customer("default");
    assert_eq!(settings.timezone().value, chrono_tz::UTC);
    assert_eq!((settings.currency().value.as_str(), settings.fiscal_year_starts().value), ("USD", 1));
    assert!(settings.events_enabled().value);
    assert_eq!(settings.event_types().value, EventType::ALL);
    assert_eq!(settings.prefer().value, Prefer::Newest);
    assert_eq!(settings.weights().map(|weight| weight.value), [0.20, 0.20, 0.20, 0.25, 0.15]);
    assert_eq!(settings.trend().window, TrendWindow::Millis(2_592_000_000));
    assert_eq!(settings.trend().points.to_bits(), 3_f64.to_bits());
    assert_eq!(settings.significance().points.to_bits(), 5_f64.to_bits());
    assert_eq!(settings.significance().revenue_percent.to_bits(), 10_f64.to_bits());
    assert_eq!(settings.encoding_fallback().value, None);
    assert_eq!(settings.missing_tokens().value.len(), 9);
    assert!(settings.retention(SnapshotType::Manual).is_none());
    let [rule] = &settings.schedule()[..] else { panic!("one rule") };
    assert_eq!((&rule.value, &rule.origin), (&ScheduleRule::weekly(), &Origin::Default));
}

#[test]
fn rules_keep_their_order_and_their_conditions_as_written() {
    let config = parse(
        "[[schedule]]\nname = \"high value\"\nwhen = \"revenue>1000000\"\nevery = \"daily\"\nat = 02:30:00\n\
         [[schedule]]\nname = \"a\"\nevery = \"weekly\"\non = \"friday\"\n[[recommend]]\nplaybook = \"voc\"\nwhen = \" health  < 50 \"\n\
         [[customers.acme.schedule]]\nname = \"own\"\nevery = \"quarterly\"\n[customers.none]\nschedule = []\nrecommend = []\n",
    );
    let other = config.for_customer("other");
    let rules: Vec<_> = other.schedule().into_iter().map(|rule| rule.value).collect();
    let at = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
    let high = ScheduleRule {
        name: "high value".into(),
        when: Condition::parse("revenue>1000000").ok(),
        every: Cadence::Daily,
        on: Weekday::Mon,
        at,
    };
    let rest = ScheduleRule {
        name: "a".into(),
        when: None,
        every: Cadence::Weekly,
        on: Weekday::Fri,
        at: NaiveTime::MIN,
    };
    assert_eq!(rules, [high, rest]);
    assert_eq!(other.schedule()[1].origin, file(6, "schedule[2]"));
    let recommend = &other.recommendations()[0].value;
    assert_eq!((recommend.playbook.as_str(), recommend.when.written()), ("voc", "health  < 50"));

    let acme = config.for_customer("acme");
    assert_eq!(acme.schedule().iter().map(|rule| rule.value.every).collect::<Vec<_>>(), [Cadence::Quarterly]);
    assert_eq!(acme.recommendations().len(), 1);
    let none = config.for_customer("none");
    assert_eq!(none.schedule()[0].value, ScheduleRule::weekly());
    assert!(none.recommendations().is_empty());
}

#[test]
fn a_retention_table_is_one_policy() {
    let config = parse(
        "[retention.default]\nkeep_all = \"12mo\"\nday = 7\nweek = \"8w\"\nyear = \"all\"\nmin = 3\n\
         [retention.scheduled]\nmonth = 1\n[customers.acme.retention.default]\nquarter = \"all\"\n",
    );
    let policy = config.for_customer("x").retention(SnapshotType::Manual).unwrap();
    assert_eq!(policy.origin, file(1, "retention.default"));
    assert_eq!(policy.value.keep_all, Span::parse("1y").ok());
    assert_eq!(
        (policy.value.day, policy.value.month, policy.value.year),
        (Some(Keep::Count(7)), None, Some(Keep::All))
    );
    assert_eq!((policy.value.week, policy.value.min), (Span::parse("56d").ok().map(Keep::For), 3));
    let scheduled = config.for_customer("x").retention(SnapshotType::Scheduled).unwrap();
    assert_eq!(
        (scheduled.value.day, scheduled.value.month, scheduled.value.min),
        (None, Some(Keep::Count(1)), 1)
    );
    let acme = config.for_customer("acme").retention(SnapshotType::Scheduled).unwrap();
    assert_eq!(acme.origin, file(9, "customers.acme.retention.default"));
}

#[test]
fn names_add_up_and_presets_are_replaced() {
    let config = parse(
        "[aliases.kpis]\naccount = [\"Kunde\"]\n[presets.m]\nkind = \"kpis\"\nheader = 3\ndelimiter = \"\\t\"\nmap = { \"Mrr (EUR)\" = \"value\", Region = \"\" }\n\
         [customers.acme.aliases.kpis]\naccount = [\"Firma\"]\nvalue = [\"Wert\"]\n[customers.acme.presets.m]\ndecimal = \"comma\"\n",
    );
    let (acme, other) = (config.for_customer("acme"), config.for_customer("other"));
    let headers = |field: &str| {
        acme.column_aliases(UploadKind::Kpis)[field]
            .iter()
            .map(|header| header.value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (headers("account"), headers("value")),
        (vec!["Firma".to_owned(), "Kunde".to_owned()], vec!["Wert".to_owned()])
    );
    assert_eq!(other.column_aliases(UploadKind::Kpis).len(), 1);
    assert!(other.column_aliases(UploadKind::Notes).is_empty());
    let preset = &other.presets()["m"].value;
    assert_eq!(
        (preset.kind, preset.header, preset.delimiter),
        (Some(UploadKind::Kpis), Some(HeaderRow::Row(3)), Some('\t'))
    );
    assert_eq!(preset.map["Mrr (EUR)"], "value");
    assert_eq!(preset.map["Region"], "");
    let own = &acme.presets()["m"].value;
    assert_eq!((own.kind, own.decimal), (None, Some("comma")));
}

#[test]
fn kpi_definitions_override_and_their_names_add_up() {
    let config = parse(
        "[[kpi]]\nname = \"Seats\"\ncategory = \"product usage\"\nunit = \"%\"\ndirection = \"higher\"\ncritical_edge = 40\nhealthy_edge = 70\naliases = [\"Seat Usage\"]\n\
         [[kpi]]\nname = \"NPS\"\naliases = [\"Recommend\"]\n\
         [[customers.acme.kpi]]\nname = \"SEATS\"\naliases = [\"Sitze\", \"Seat Usage\"]\n\
         [[customers.beta.kpi]]\nname = \"Seats\"\ncategory = \"Support\"\ndirection = \"lower\"\nworst = 90\ncritical_edge = 60\nhealthy_edge = 20\nbest = 0\n",
    );
    let seats = |customer: &str| {
        let entries = config.for_customer(customer).kpis();
        entries.into_iter().find(|entry| entry.value.name.eq_ignore_ascii_case("seats")).unwrap().value
    };
    let everyone = KpiDefinition {
        kpi_name: "Seats".into(),
        category: Some(Category::ProductUsage),
        unit: Some(Unit::Percent),
        scale: Scale::new(Direction::Higher, [-20.0, 40.0, 70.0, 130.0]).ok(),
    };
    assert_eq!(seats("other").definition, Some(everyone.clone()));
    assert_eq!(seats("acme").definition, Some(everyone));
    assert_eq!(seats("acme").aliases, ["Sitze", "Seat Usage"]);
    let own = seats("beta").definition.unwrap();
    let scale = Scale::new(Direction::Lower, [90.0, 60.0, 20.0, 0.0]).ok();
    assert_eq!((own.unit, own.scale), (None, scale));
    let nps =
        config.for_customer("other").kpis().into_iter().find(|entry| entry.value.name == "NPS").unwrap();
    assert_eq!((nps.value.definition, nps.value.aliases), (None, vec!["Recommend".to_owned()]));
}

#[test]
fn explain_tells_every_key_in_a_fixed_order_with_its_origin() {
    let config = parse(
        "[trend]\nwindow = \"3 snapshots\"\n[customers.acme.accounts.\"A B\".cooldown]\nrag_auto = \"90m\"\n",
    );
    let lines = config.for_customer("acme").explain();
    let told: Vec<String> =
        lines.iter().map(|line| format!("{} = {} [{}]", line.key, line.value, line.origin)).collect();
    let expected = "database = acctsnap.db [default]
customer = default [default]
actor = unknown [default]
timezone = UTC [default]
currency = USD [default]
fiscal_year_starts = 1 [default]
events.enabled = true [default]
events.types = kpi_data_uploaded, account_data_changed, health_scores_updated, health_calculation_completed, rag_query_missing_snapshot, schedule [default]
cooldown.event_driven = 5m [default]
cooldown.post_health_calc = 5m [default]
cooldown.rag_auto = 30m [default]
accounts.\"A B\".cooldown.rag_auto = 1h30m [etc/snapshots.toml:4 (customers.acme.accounts.\"A B\".cooldown.rag_auto)]
schedule.weekly = weekly on monday at 00:00 [default]
health.prefer = newest [default]
health.weights.\"Product Usage\" = 0.2 [default]
health.weights.Support = 0.2 [default]
health.weights.\"Customer Sentiment\" = 0.2 [default]
health.weights.\"Business Outcomes\" = 0.25 [default]
health.weights.\"Relationship Strength\" = 0.15 [default]
health.bands.at_risk_from = 33.333333333333336 [default]
health.bands.healthy_from = 66.66666666666667 [default]
trend.window = 3 snapshots [etc/snapshots.toml:2 (trend.window)]
trend.points = 3 [default]
significance.points = 5 [default]
significance.revenue_percent = 10 [default]
retention.manual = keep_all 1y, month 5y, quarter all, min 1 [default]
retention.event_driven = keep_all 1y, month 5y, quarter all, min 1 [default]
retention.rag_auto = keep_all 1y, month 5y, quarter all, min 1 [default]
retention.scheduled = keep_all 1y, month 5y, quarter all, min 1 [default]
retention.post_health_calc = keep_all 1y, month 5y, quarter all, min 1 [default]
ingest.encoding_fallback = none [default]
missing.tokens = -, —, N/A, #N/A, #DIV/0!, none, null, TBD, nan [default]
aliases.kpis = none [default]
aliases.profiles = none [default]
aliases.playbooks = none [default]
aliases.health = none [default]
aliases.notes = none [default]
presets = none [default]
recommend = none [default]
kpi = none [default]";
    assert_eq!(told, expected.lines().collect::<Vec<_>>());
}

#[test]
fn explain_shows_tables_as_they_hold() {
    let config = parse(&super::template::uncommented());
    let lines = config.for_customer("acme").explain();
    let value = |key: &str| lines.iter().find(|line| line.key == key).map(|line| line.value.as_str());
    for (key, shown) in [
        ("schedule.\"high value\"", "daily at 02:00 when revenue > 1000000"),
        ("schedule.\"the rest\"", "weekly on monday at 00:00"),
        ("retention.scheduled", "month all, min 1"),
        (
            "presets.monthly",
            "kind kpis, sheet KPIs, layout long, header 1, date_order dmy, decimal comma, delimiter ;, encoding utf-8, duplicates last, on_error skip, clear_token (cleared), Mrr (EUR)=value, account: Kundenname",
        ),
        (
            "kpi.\"Seats in Use\"",
            "Product Usage, %, higher, 0 / 40 / 70 / 100, aliases Seat Usage | Licences in Use",
        ),
        ("recommend.voc-sprint", "when customer_sentiment_score < 50"),
        ("aliases.kpis.account", "Kunde"),
    ] {
        assert_eq!(value(key), Some(shown), "{key}");
    }
}
