//! The shipped file is true: what it shows is taken, its defaults are the real ones, and no key is missing.

use super::parse;
use crate::config::file::read_file;
use crate::config::notes::Notes;
use crate::config::{Config, Origin, TEMPLATE};

/// A setting is a `#` that no space follows; prose has one.
fn is_setting(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(' '))
}

/// The template with every setting switched on.
pub(super) fn uncommented() -> String {
    let plain = |line: &'static str| if is_setting(line) { &line[1..] } else { line };
    TEMPLATE.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// What the template shows as an example, because nothing is there by default or the default has no short text.
const EXAMPLES: [&str; 10] = [
    "database",
    "actor",
    "schedule",
    "health.bands.",
    "retention.",
    "ingest.encoding_fallback",
    "aliases.",
    "presets",
    "recommend",
    "kpi",
];

fn is_example(key: &str) -> bool {
    EXAMPLES.iter().any(|example| key.starts_with(example))
}

#[test]
fn as_it_is_shipped_it_changes_nothing() {
    let lines = parse(TEMPLATE).for_customer("acme").explain();
    assert_eq!(lines, Config::default().for_customer("acme").explain());
    assert!(lines.iter().all(|line| line.origin == Origin::Default));
}

#[test]
fn with_every_setting_switched_on_it_is_taken_and_shows_the_real_defaults() {
    let lines = parse(&uncommented()).for_customer("default").explain();
    let defaults = Config::default();
    let defaults = defaults.for_customer("default").explain();
    for line in &lines {
        assert_ne!(line.origin, Origin::Default, "{} is not in the template", line.key);
        if !is_example(&line.key) {
            let default = defaults.iter().find(|default| default.key == line.key).unwrap();
            assert_eq!(line.value, default.value, "{}", line.key);
        }
    }
    for default in &defaults {
        assert!(
            is_example(&default.key) || lines.iter().any(|line| line.key == default.key),
            "{}",
            default.key
        );
    }
}

#[test]
fn every_key_that_the_parser_knows_stands_in_it() {
    let text = uncommented();
    let mut notes = Notes::new(&text);
    read_file(&mut notes, &text);
    let shown = toml::Value::Table(text.parse().unwrap());
    assert!(notes.known().contains("customers.*.accounts.*.cooldown.rag_auto"));
    assert!(notes.known().contains("health.bands.healthy_from"));
    for pattern in notes.known() {
        // A customer's keys are those of the file again; what only a customer has must be shown.
        let is_again = pattern.starts_with("customers.*.") && !pattern.contains(".accounts.");
        assert!(
            is_again || is_retention_again(pattern) || leads_somewhere(&shown, pattern),
            "{pattern} is not in the template"
        );
    }
}

/// The keys of a type's retention are those of `retention.default`, where all are shown.
fn is_retention_again(pattern: &str) -> bool {
    let inner = pattern.strip_prefix("retention.").and_then(|rest| rest.split_once('.'));
    inner.is_some_and(|(table, _)| table != "default")
}

/// Whether a value stands under the keys; `*` is any name, and of a list any item will do.
fn leads_somewhere(value: &toml::Value, pattern: &str) -> bool {
    if let toml::Value::Array(items) = value {
        return items.iter().any(|item| leads_somewhere(item, pattern));
    }
    let (key, rest) = pattern.split_once('.').map_or((pattern, None), |(key, rest)| (key, Some(rest)));
    value.as_table().is_some_and(|table| {
        table.iter().any(|(name, inner)| {
            (key == "*" || key == name) && rest.is_none_or(|rest| leads_somewhere(inner, rest))
        })
    })
}

#[test]
fn every_setting_is_told_apart_from_prose() {
    for line in TEMPLATE.lines().filter(|line| is_setting(line)) {
        let plain = &line[1..];
        assert!(plain.starts_with('[') || plain.contains(" = "), "{line}");
    }
    assert!(TEMPLATE.lines().all(|line| line.len() <= 180 && !line.ends_with(' ')));
}
