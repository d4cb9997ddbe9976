//! The texts of `kpi_changes` and `kpi_current`: JSON objects by series id, written and read by Rust alone.
//!
//! Numbers are written as ECMAScript writes them (the shortest text that reads back bit for bit).

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::failure::damaged;
use crate::error::Result;
use crate::model::health::ScoredEntry;
use crate::model::ids::{SeriesId, UploadId};
use crate::model::kpi::fold::WeightChange;
use crate::model::kpi::state::{KpiEntry, KpiState, Ranked};

use crate::model::kpi::{Band, Impact};
use crate::model::plain_number::push_number;
use crate::model::score::Score;

/// Ids in rising order as ranges: `1-59,71`.
pub(super) fn ranges(series: &[SeriesId]) -> String {
    let mut text = String::new();
    let mut rest = series.iter().map(|id| id.get()).peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while rest.next_if_eq(&(last + 1)).is_some() {
            last += 1;
        }
        if !text.is_empty() {
            text.push(',');
        }
        let _ = if first == last { write!(text, "{first}") } else { write!(text, "{first}-{last}") };
    }
    text
}

/// Reads ranges back.
pub(super) fn parse_ranges(text: &str) -> Result<Vec<SeriesId>> {
    let unreadable = || damaged(format!("a list of KPIs cannot be read ('{text}')"));
    let number = |text: &str| text.parse::<i64>().map_err(|_| unreadable());
    let mut series = Vec::new();
    for range in text.split(',').filter(|range| !range.is_empty()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        series.extend((number(first)?..=number(last)?).map(SeriesId::new));
    }
    Ok(series)
}

/// Changed values: `{"12":71.2,"13":null}`.
pub(super) fn changed_text(changed: &[(SeriesId, Option<f64>)], text: &mut String) {
    text.clear();
    text.push('{');
    for (series, value) in changed {
        key(text, *series);
        number(text, *value);
    }
    text.push('}');
}

/// Reads changed values back, by series.
pub(super) fn parse_changed(text: &str) -> Result<Vec<(SeriesId, Option<f64>)>> {
    let map: BTreeMap<i64, Option<f64>> = serde_json::from_str(text)
        .map_err(|error| damaged(format!("a KPI change cannot be read ({error})")))?;
    Ok(map.into_iter().map(|(series, value)| (SeriesId::new(series), value)).collect())
}

fn key(text: &mut String, series: SeriesId) {
    if text.len() > 1 {
        text.push(',');
    }
    text.push('"');
    integer(text, series.get());
    text.push_str("\":");
}

fn integer(text: &mut String, number: i64) {
    text.push_str(itoa::Buffer::new().format(number));
}

fn number(text: &mut String, value: Option<f64>) {
    match value {
        Some(value) => push_number(text, value),
        None => text.push_str("null"),
    }
}

/// What an upload said of weights: `{"w":{"12":[5,3]}}`, weight then impact, null where it said nothing.
pub(super) fn weight_change_text(changes: &[WeightChange]) -> String {
    let mut text = String::from("{\"w\":{");
    for (place, change) in changes.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push('"');
        integer(&mut text, change.series.get());
        text.push_str("\":[");
        number(&mut text, change.weight);
        text.push(',');
        number(&mut text, change.impact.map(Impact::weight));
        text.push(']');
    }
    text.push_str("}}");
    text
}

/// All weights and impacts of an account; the day is written once, and beside an entry only where it differs.
/// None where there are none.
pub(super) fn weighting_text(state: &KpiState) -> Option<String> {
    let first = state
        .entries()
        .iter()
        .find_map(|entry| entry.weight.map(|w| w.effective_on).or(entry.impact.map(|i| i.effective_on)))?;
    let mut text = format!("{{\"d\":\"{first}\",\"w\":{{");
    let mut is_first = true;
    for entry in state.entries().iter().filter(|entry| entry.weight.is_some() || entry.impact.is_some()) {
        if !std::mem::take(&mut is_first) {
            text.push(',');
        }
        text.push('"');
        integer(&mut text, entry.series.get());
        text.push_str("\":[");
        number(&mut text, entry.weight.map(|w| w.value));
        text.push(',');
        number(&mut text, entry.impact.map(|i| i.value.weight()));
        let weight_on = entry.weight.map_or(first, |w| w.effective_on);
        let impact_on = entry.impact.map_or(first, |i| i.effective_on);
        if weight_on != first || impact_on != first {
            let _ = write!(text, ",\"{weight_on}\",\"{impact_on}\"");
        }
        text.push(']');
    }
    text.push_str("}}");
    Some(text)
}

/// An account's weights and impacts by series.
pub(super) type Weighting = FxHashMap<i64, (Option<Ranked<f64>>, Option<Ranked<Impact>>)>;

#[derive(Deserialize)]
struct WeightingText {
    d: NaiveDate,
    w: HashMap<i64, Vec<serde_json::Value>>,
}

/// Reads a weighting back.
pub(super) fn parse_weighting(text: &str) -> Result<Weighting> {
    let unreadable = |what: &str| damaged(format!("a weighting cannot be read ({what})"));
    let parsed: WeightingText = serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
    let day = |value: Option<&serde_json::Value>| match value.and_then(|value| value.as_str()) {
        Some(text) => text.parse().map_err(|_| unreadable(text)),
        None => Ok(parsed.d),
    };
    let mut weighting = Weighting::default();
    for (series, entry) in &parsed.w {
        let weight = entry.first().and_then(serde_json::Value::as_f64);
        let impact = entry.get(1).and_then(serde_json::Value::as_i64).and_then(Impact::from_code);
        let (weight_on, impact_on) = (day(entry.get(2))?, day(entry.get(3))?);
        weighting.insert(
            *series,
            (
                weight.map(|value| Ranked { value, effective_on: weight_on }),
                impact.map(|value| Ranked { value, effective_on: impact_on }),
            ),
        );
    }
    Ok(weighting)
}

/// The vector's text and the day and upload that most of its values share.
pub(super) struct VectorText {
    pub(super) text: String,
    pub(super) observed_on: NaiveDate,
    pub(super) upload: UploadId,
}

/// The current vector: `{"12":[value,score,band]}`, with day and upload behind where they differ from most.
/// None for an account without KPIs.
pub(super) fn vector_text(state: &KpiState, scored: &[ScoredEntry]) -> Option<VectorText> {
    let (observed_on, upload) = most_common(state)?;
    let mut text = String::with_capacity(32 * state.entries().len());
    text.push('{');
    for (entry, scored) in state.entries().iter().zip(scored) {
        key(&mut text, entry.series);
        text.push('[');
        number(&mut text, entry.value);
        match scored.score {
            Some(score) => {
                text.push(',');
                integer(&mut text, i64::from(score.rounded.hundredths()));
                text.push(',');
                integer(&mut text, score.band as i64);
            }
            None => text.push_str(",null,null"),
        }
        if (entry.observed_on, entry.upload) != (observed_on, upload) {
            let _ = write!(text, ",\"{}\",{}", entry.observed_on, entry.upload);
        }
        text.push(']');
    }
    text.push('}');
    Some(VectorText { text, observed_on, upload })
}

fn most_common(state: &KpiState) -> Option<(NaiveDate, UploadId)> {
    let mut counts: FxHashMap<(NaiveDate, UploadId), usize> = FxHashMap::default();
    let mut previous = None;
    let mut run = 0;
    for entry in state.entries() {
        let pair = (entry.observed_on, entry.upload);
        if previous != Some(pair) {
            if let Some(pair) = previous {
                *counts.entry(pair).or_default() += run;
            }
            (previous, run) = (Some(pair), 0);
        }
        run += 1;
    }
    *counts.entry(previous?).or_default() += run;
    counts.into_iter().max_by_key(|(pair, count)| (*count, *pair)).map(|(pair, _)| pair)
}

/// One value of a stored vector.
pub(super) struct StoredEntry {
    pub(super) series: i64,
    pub(super) value: Option<f64>,
    pub(super) observed_on: NaiveDate,
    pub(super) upload: UploadId,
}

/// Reads a vector back, without its scores.
pub(super) fn parse_vector(text: &str, observed_on: NaiveDate, upload: UploadId) -> Result<Vec<StoredEntry>> {
    let unreadable = |what: &str| damaged(format!("a current KPI vector cannot be read ({what})"));
    let parsed: Pairs = serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
    parsed
        .0
        .into_iter()
        .map(|(series, entry)| {
            let day = match entry.3 {
                Some(day) => day.parse().map_err(|_| unreadable(day))?,
                None => observed_on,
            };
            Ok(StoredEntry {
                series,
                value: entry.0,
                observed_on: day,
                upload: entry.4.map_or(upload, UploadId::new),
            })
        })
        .collect()
}

/// Reads one entry of a vector with its score; day and upload are the vector's own.
pub(super) fn parse_scored_entry(text: &str, observed_on: NaiveDate, upload: UploadId) -> Result<ScoredText> {
    /// Value, score in hundredths, band, day, upload.
    #[derive(Deserialize)]
    struct Entry(
        Option<f64>,
        Option<i32>,
        Option<i64>,
        #[serde(default)] Option<NaiveDate>,
        #[serde(default)] Option<i64>,
    );
    let Entry(value, hundredths, band, day, said_by) = serde_json::from_str(text)
        .map_err(|error| damaged(format!("a current KPI value cannot be read ({error})")))?;
    Ok(ScoredText {
        value,
        score: hundredths.map(Score::from_hundredths),
        band: band.and_then(Band::from_number),
        observed_on: day.unwrap_or(observed_on),
        upload: said_by.map_or(upload, UploadId::new),
    })
}

/// One value of a stored vector with its score.
pub(super) struct ScoredText {
    pub(super) value: Option<f64>,
    pub(super) score: Option<Score>,
    pub(super) band: Option<Band>,
    pub(super) observed_on: NaiveDate,
    pub(super) upload: UploadId,
}

/// Value, score, band, day, upload; what stands behind the band may be missing.
#[derive(Default)]
struct EntryText<'a>(Option<f64>, (), (), Option<&'a str>, Option<i64>);

struct Pairs<'a>(Vec<(i64, EntryText<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for EntryText<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = EntryText<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[value, score, band, day, upload]")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                use serde::de::{Error, IgnoredAny};
                let value = seq.next_element::<Option<f64>>()?.ok_or_else(|| A::Error::custom("no value"))?;
                seq.next_element::<IgnoredAny>()?;
                seq.next_element::<IgnoredAny>()?;
                let day = seq.next_element::<&str>()?;
                let upload = seq.next_element::<i64>()?;
                Ok(EntryText(value, (), (), day, upload))
            }
        }
        deserializer.deserialize_seq(Visitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object by series id")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(64);
                while let Some(pair) = map.next_entry::<i64, EntryText<'de>>()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Puts a stored vector and its weighting together; `ingested_on` gives the day of each upload.
pub(super) fn state_from(
    entries: Vec<StoredEntry>,
    weighting: Option<&Weighting>,
    ingested_on: &FxHashMap<UploadId, NaiveDate>,
) -> KpiState {
    let entries = entries
        .into_iter()
        .map(|stored| {
            let weighted = weighting.and_then(|weighting| weighting.get(&stored.series));
            let ingested = ingested_on.get(&stored.upload).copied().unwrap_or(stored.observed_on);
            KpiEntry {
                series: SeriesId::new(stored.series),
                value: stored.value,
                observed_on: stored.observed_on,
                effective_on: stored.observed_on.min(ingested),
                upload: stored.upload,
                weight: weighted.and_then(|(weight, _)| *weight),
                impact: weighted.and_then(|(_, impact)| *impact),
            }
        })
        .collect();
    KpiState::new(entries)
}

/// Reads back what an upload said of weights.
pub(super) fn parse_weight_change(text: &str) -> Result<Vec<WeightChange>> {
    #[derive(Deserialize)]
    struct Changes {
        w: HashMap<i64, (Option<f64>, Option<f64>)>,
    }
    let parsed: Changes = serde_json::from_str(text)
        .map_err(|error| damaged(format!("a weighting cannot be read ({error})")))?;
    let changes = parsed.w.into_iter().map(|(series, (weight, impact))| WeightChange {
        series: SeriesId::new(series),
        weight,
        impact: [Impact::Low, Impact::Medium, Impact::High]
            .into_iter()
            .find(|known| Some(known.weight()) == impact),
    });
    Ok(changes.collect())
}
