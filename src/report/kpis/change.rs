//! What `kpis set`, `alias`, `rename` and `retire` did (`acctsnap.kpi_change/1`).

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::KpiItem;
use crate::report::json;
use crate::report::text::{count, escape_text, grouped, wrap};

/// Name and version of the shape.
pub const CHANGE_SCHEMA: &str = "acctsnap.kpi_change/1";

/// What became of the KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeStatus {
    /// It was not known before.
    Added,
    /// It is another than before.
    Changed,
    /// It was so already.
    Unchanged,
}

/// A field of the KPI that is another than before.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FieldChange {
    /// The field's name, as in the answer.
    pub field: &'static str,
    /// What it was; null for nothing.
    pub from: Value,
    /// What it is now.
    pub to: Value,
}

/// What a change by hand did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.kpi_change/1")]
pub struct KpiChangeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = CHANGE_SCHEMA))]
    pub schema: &'static str,
    /// What became of the KPI.
    pub status: ChangeStatus,
    /// The KPI as it is now.
    #[serde(flatten)]
    pub kpi: KpiItem,
    /// The fields that are others than before.
    pub changes: Vec<FieldChange>,
    /// Whether what was given holds; false where snapshots.toml has a definition of its own.
    pub in_force: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Accounts whose current values were scored again.
    pub accounts_rescored: u64,
    /// What else is to be known.
    pub notes: Vec<String>,
}

const FIELDS: [&str; 10] = [
    "kpi_name",
    "category",
    "unit",
    "direction",
    "worst",
    "critical_edge",
    "healthy_edge",
    "best",
    "aliases",
    "retired",
];

/// The fields in which a KPI differs from what it was; all that say something where it was not known.
#[must_use]
pub fn changes_between(before: Option<&KpiItem>, after: &KpiItem) -> Vec<FieldChange> {
    let changes = FIELDS.into_iter().filter_map(|field| {
        let from = before.map_or_else(|| nothing(field), |before| value_of(before, field));
        let to = value_of(after, field);
        (from != to).then_some(FieldChange { field, from, to })
    });
    changes.collect()
}

fn value_of(kpi: &KpiItem, field: &str) -> Value {
    match field {
        "kpi_name" => json!(kpi.kpi_name),
        "category" => json!(kpi.category),
        "unit" => json!(kpi.unit),
        "direction" => json!(kpi.direction),
        "worst" => json!(kpi.worst),
        "critical_edge" => json!(kpi.critical_edge),
        "healthy_edge" => json!(kpi.healthy_edge),
        "best" => json!(kpi.best),
        "aliases" => json!(kpi.aliases),
        _ => json!(kpi.retired),
    }
}

/// What a KPI that is not known has in a field.
fn nothing(field: &str) -> Value {
    match field {
        "aliases" => json!([]),
        "retired" => json!(false),
        _ => Value::Null,
    }
}

const POINTS: [&str; 4] = ["worst", "critical_edge", "healthy_edge", "best"];

/// The lines that a person sees.
#[must_use]
pub fn render_change(view: &KpiChangeView, width: usize) -> String {
    let name = escape_text(&view.kpi.kpi_name);
    let parts = parts(view).join(", ");
    let mut lines = vec![match view.status {
        ChangeStatus::Added => format!("{name} added: {parts}"),
        ChangeStatus::Changed => format!("{name} changed: {parts}"),
        ChangeStatus::Unchanged => format!("{name} is unchanged: it was so already"),
    }];
    if view.accounts_rescored > 0 {
        let rescored = count(view.accounts_rescored, "account");
        lines.push(format!(
            "{rescored} rescored; snapshots keep their scores: acctsnap snapshot create --all takes new ones"
        ));
    }
    lines.extend(view.notes.iter().map(|note| format!("note: {}", escape_text(note))));
    if view.dry_run {
        lines.push("dry run: nothing was written".to_owned());
    }
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

/// The changes in words: the name of an added KPI stands before them, and the four points stand together.
fn parts(view: &KpiChangeView) -> Vec<String> {
    let mut parts = Vec::new();
    let is_new = view.status == ChangeStatus::Added;
    let points: Vec<&FieldChange> =
        view.changes.iter().filter(|change| POINTS.contains(&change.field)).collect();
    for change in view.changes.iter().filter(|change| !POINTS.contains(&change.field)) {
        match (change.field, &change.to) {
            ("kpi_name", _) if is_new => {}
            // Told with the points, without which it says nothing.
            ("direction", Value::Null) => {}
            ("kpi_name", _) => parts.push(format!("it was '{}'", shown(&change.from))),
            ("retired", Value::Bool(true)) => parts.push("retired".to_owned()),
            ("retired", _) => parts.push("counts again".to_owned()),
            (field, to) if is_new => parts.push(format!("{field} {}", shown(to))),
            (field, to) => parts.push(format!("{field} {} -> {}", shown(&change.from), shown(to))),
        }
    }
    let now = [view.kpi.worst, view.kpi.critical_edge, view.kpi.healthy_edge, view.kpi.best];
    let is_dropped = now.iter().all(Option::is_none);
    if is_dropped && !points.is_empty() {
        parts.push("points dropped".to_owned());
    } else if !points.is_empty() {
        parts.extend(points.into_iter().map(|change| {
            let field = change.field.replace('_', " ");
            match change.from {
                Value::Null => format!("{field} {}", shown(&change.to)),
                _ => format!("{field} {} -> {}", shown(&change.from), shown(&change.to)),
            }
        }));
    }
    parts
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => escape_text(text).into_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("; "),
        Value::Number(number) => grouped(&json::number(number.as_f64().unwrap_or_default())),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::Unit;

    fn item() -> KpiItem {
        KpiItem {
            kpi_name: "Seats".into(),
            category: None,
            unit: Some(Unit::Count),
            direction: None,
            worst: None,
            critical_edge: None,
            healthy_edge: None,
            best: None,
            aliases: Vec::new(),
            origin: None,
            products: Vec::new(),
            accounts: 0,
            accounts_with_value: 0,
            retired: false,
        }
    }

    #[test]
    fn only_what_differs_is_told() {
        assert_eq!(changes_between(Some(&item()), &item()), []);
        let now = KpiItem { unit: Some(Unit::Percent), best: Some(100.0), retired: true, ..item() };
        let changes = changes_between(Some(&item()), &now);
        let fields: Vec<&str> = changes.iter().map(|change| change.field).collect();
        assert_eq!(fields, ["unit", "best", "retired"]);
        assert_eq!((&changes[1].from, &changes[1].to), (&Value::Null, &json!(100.0)));
        let added = changes_between(None, &item());
        assert_eq!(added.iter().map(|change| change.field).collect::<Vec<_>>(), ["kpi_name", "unit"]);
    }
}
