//! Flag beats environment beats file beats default; account beats customer beats everyone.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::{file, parse};
use crate::config::{Config, GlobalValues, Origin};
use crate::model::snapshot::kind::SnapshotType::{EventDriven, Manual, PostHealthCalc, RagAuto, Scheduled};

fn values(name: &str) -> GlobalValues {
    GlobalValues { database: Some(name.into()), customer: Some(name.into()), actor: Some(name.into()) }
}

#[test]
fn flag_beats_environment_beats_file_beats_default() {
    let text = "database = \"f.db\"\ncustomer = \"f\"\nactor = \"f\"";
    let (in_file, nowhere) = (parse(text), Config::default());
    let cases = [
        (
            in_file.clone().with_defaults(values("d")).with_environment(values("e")).with_flags(values("x")),
            "x",
            Origin::Flag("--customer"),
        ),
        (
            in_file.clone().with_defaults(values("d")).with_environment(values("e")),
            "e",
            Origin::Environment("ACCTSNAP_CUSTOMER"),
        ),
        (in_file.with_defaults(values("d")), "f", file(2, "customer")),
        (nowhere.clone().with_defaults(values("d")), "d", Origin::Default),
        (nowhere, "default", Origin::Default),
    ];
    for (config, customer, origin) in cases {
        assert_eq!(config.customer().value, customer);
        assert_eq!(config.customer().origin, origin);
        if customer.len() == 1 {
            assert_eq!(config.actor().value, customer);
        }
    }
}

#[test]
fn a_database_in_the_file_is_relative_to_the_file_and_nowhere_else() {
    let relative = parse("database = \"data/a.db\"");
    assert_eq!(relative.database().value, PathBuf::from("etc/data/a.db"));
    assert_eq!(relative.database().origin, file(1, "database"));
    assert_eq!(parse("database = \"/srv/a.db\"").database().value, PathBuf::from("/srv/a.db"));
    assert_eq!(relative.with_flags(values("b.db")).database().value, PathBuf::from("b.db"));
}

#[test]
fn blank_environment_values_count_as_not_set() {
    let environment: BTreeMap<String, OsString> =
        [("ACCTSNAP_DB", "e.db"), ("ACCTSNAP_CUSTOMER", " "), ("ACCTSNAP_ACTOR", ""), ("OTHER", "x")]
            .map(|(name, value)| (name.to_owned(), OsString::from(value)))
            .into();
    let values = GlobalValues::from_environment(&environment).unwrap();
    assert_eq!(values, GlobalValues { database: Some("e.db".into()), customer: None, actor: None });
}

#[cfg(unix)]
#[test]
fn an_environment_value_that_is_no_text_is_refused_by_name() {
    use std::os::unix::ffi::OsStringExt as _;
    let bytes = OsString::from_vec(vec![0xff]);
    let environment = BTreeMap::from([("ACCTSNAP_CUSTOMER".to_owned(), bytes.clone())]);
    let error = GlobalValues::from_environment(&environment).unwrap_err();
    assert!(error.message().contains("ACCTSNAP_CUSTOMER"));
    let environment = BTreeMap::from([("ACCTSNAP_DB".to_owned(), bytes.clone())]);
    assert_eq!(GlobalValues::from_environment(&environment).unwrap().database, Some(PathBuf::from(bytes)));
}

#[test]
fn account_beats_customer_beats_everyone_beats_default() {
    let config = parse(
        "[cooldown]\nevent_driven = \"10m\"\n[customers.Acme.cooldown]\nrag_auto = \"1h\"\nevent_driven = \"15m\"\n\
         [customers.Acme.accounts.\"TechCorp Solutions\".cooldown]\nevent_driven = \"0s\"\n",
    );
    let account_key = "customers.Acme.accounts.\"TechCorp Solutions\".cooldown.event_driven";
    let cases = [
        ("other", EventDriven, None, 600_000, file(2, "cooldown.event_driven")),
        ("other", RagAuto, None, 1_800_000, Origin::Default),
        ("other", EventDriven, Some("TechCorp Solutions"), 600_000, file(2, "cooldown.event_driven")),
        ("acme", EventDriven, None, 900_000, file(5, "customers.Acme.cooldown.event_driven")),
        (" ACME ", RagAuto, Some("Retail"), 3_600_000, file(4, "customers.Acme.cooldown.rag_auto")),
        ("acme", EventDriven, Some("techcorp  SOLUTIONS"), 0, file(7, account_key)),
        ("acme", RagAuto, Some("TechCorp Solutions"), 3_600_000, file(4, "customers.Acme.cooldown.rag_auto")),
        ("acme", PostHealthCalc, Some("TechCorp Solutions"), 300_000, Origin::Default),
        ("acme", Manual, None, 0, Origin::Default),
        ("acme", Scheduled, None, 0, Origin::Default),
    ];
    for (customer, kind, account, millis, origin) in cases {
        let cooldown = config.for_customer(customer).cooldown(kind, account);
        assert_eq!((cooldown.value, cooldown.origin), (millis, origin), "{customer} {kind} {account:?}");
    }
}

#[test]
fn single_keys_of_a_customer_leave_the_others_to_everyone() {
    let config = parse(
        "timezone = \"Europe/Berlin\"\n[health]\nprefer = \"ingested\"\n[health.weights]\nSupport = 1\n\
         [health.bands]\nhealthy_from = 80\n[customers.acme]\ncurrency = \"eur\"\n[customers.acme.health.weights]\n\
         \"Product Usage\" = 2\n[customers.acme.health.bands]\nat_risk_from = 70\n",
    );
    let (acme, other) = (config.for_customer("acme"), config.for_customer("other"));
    assert_eq!(acme.timezone().value, chrono_tz::Europe::Berlin);
    assert_eq!((acme.currency().value, other.currency().value), ("EUR".to_owned(), "USD".to_owned()));
    assert_eq!(acme.weights().map(|weight| weight.value), [2.0, 1.0, 0.2, 0.25, 0.15]);
    assert_eq!(other.weights().map(|weight| weight.value), [0.2, 1.0, 0.2, 0.25, 0.15]);
    assert_eq!(acme.weights()[0].origin, file(11, "customers.acme.health.weights.\"Product Usage\""));
    assert_eq!((acme.bands().at_risk_from, acme.bands().healthy_from), (70.0, 80.0));
    assert_eq!((other.bands().at_risk_from, other.bands().healthy_from), (100.0 / 3.0, 80.0));
}

#[test]
fn a_section_holds_for_every_name_that_its_customer_ever_had() {
    let config = parse(
        "[customers.old]\ncurrency = \"EUR\"\n[customers.older]\ncurrency = \"CHF\"\n\
         [customers.both]\ncurrency = \"GBP\"\n",
    );
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let cases: [(&[&str], &str); 5] = [
        (&["new", "old"], "EUR"),
        (&["new", " Old ", "older"], "EUR"),
        (&["new", "older", "old"], "CHF"),
        (&["Both", "old"], "GBP"),
        (&["new"], "USD"),
    ];
    for (known_as, currency) in cases {
        assert_eq!(config.for_customer_known_as(&names(known_as)).currency().value, currency, "{known_as:?}");
    }
    assert!(config.has_customer_sections() && !parse("currency = \"EUR\"").has_customer_sections());
    assert!(config.has_section_of("OLD") && !config.has_section_of("new"));
}
