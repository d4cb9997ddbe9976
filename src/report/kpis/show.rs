//! `kpis show` (`acctsnap.kpi/1`): one KPI, its scale in words, and its values over the accounts.

use schemars::JsonSchema;
use serde::Serialize;

use super::{KpiItem, scale, with_unit};
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::{Band, Category, DefinitionOrigin, Direction, Unit};
use crate::model::score::Score;
use crate::report::style::{FAINT, STRONG, band_mark, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{count, escape_text, key_values, wrap};

/// Name and version of the shape.
pub const SHOW_SCHEMA: &str = "acctsnap.kpi/1";

/// What is known of the KPI of one account (and product).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiValue {
    /// Our id of the account.
    pub account_id: AccountId,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// The account's name.
    pub account_name: String,
    /// The product that the value is of; null for the whole account.
    pub product: Option<String>,
    /// The value; null where it was withdrawn.
    pub value: Option<f64>,
    /// What it scores, by the rules of the last write.
    pub score: Option<Score>,
    /// The band in which it lies.
    pub health_status: Option<Band>,
    /// The day of the value.
    pub observed_at: chrono::NaiveDate,
    /// The upload that said it.
    pub upload_id: UploadId,
}

/// The columns of the CSV: a row a value.
pub const VALUE_HEADERS: [&str; 9] = [
    "account_id",
    "external_account_id",
    "account_name",
    "product",
    "value",
    "score",
    "health_status",
    "observed_at",
    "upload_id",
];

/// How many values lie in each band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct BandCounts {
    /// In the critical band.
    pub critical: u64,
    /// Between the edges.
    pub at_risk: u64,
    /// In the healthy band.
    pub healthy: u64,
    /// Without a value or without points, or of a retired KPI.
    pub unscored: u64,
}

/// A KPI with its values.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.kpi/1")]
pub struct KpiView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SHOW_SCHEMA))]
    pub schema: &'static str,
    /// The definition and its use.
    #[serde(flatten)]
    pub kpi: KpiItem,
    /// Which values lie in which band, in words; null without a definition.
    pub scale: Option<String>,
    /// How many values lie in each band.
    pub bands: BandCounts,
    /// What each account has, the worst first; those without a score last.
    pub values: Vec<KpiValue>,
}

impl KpiView {
    /// A KPI and its values, put in order here.
    #[must_use]
    pub fn new(kpi: KpiItem, mut values: Vec<KpiValue>) -> Self {
        let rising = kpi.direction != Some(Direction::Lower);
        values.sort_by(|a, b| {
            let by_value = match (a.value, b.value) {
                (Some(a), Some(b)) if rising => a.total_cmp(&b),
                (Some(a), Some(b)) => b.total_cmp(&a),
                (a, b) => a.is_none().cmp(&b.is_none()),
            };
            let by_score = a.score.is_none().cmp(&b.score.is_none()).then(a.score.cmp(&b.score));
            by_score.then(by_value).then(a.account_id.cmp(&b.account_id)).then(a.product.cmp(&b.product))
        });
        let mut bands = BandCounts::default();
        for value in &values {
            match value.health_status {
                Some(Band::Critical) => bands.critical += 1,
                Some(Band::AtRisk) => bands.at_risk += 1,
                Some(Band::Healthy) => bands.healthy += 1,
                None => bands.unscored += 1,
            }
        }
        Self { schema: SHOW_SCHEMA, scale: scale::bands(&kpi), kpi, bands, values }
    }
}

/// How many values are shown at either end.
const AT_EITHER_END: usize = 5;

/// The KPI as a person reads it, at most `width` columns wide where nothing in it is wider by itself.
#[must_use]
pub fn render_kpi(view: &KpiView, width: usize) -> String {
    let kpi = &view.kpi;
    let mut text = format!("{}\n", styled(STRONG, escape_text(&kpi.kpi_name)));
    for line in wrap(&identity(kpi), width) {
        text.push_str(&format!("{}\n", styled(FAINT, line)));
    }
    let names = |names: &[String]| {
        let names: Vec<_> = names.iter().map(|name| escape_text(name)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let rows = [
        ("Scale", view.scale.clone()),
        ("Points", scale::points(kpi)),
        ("Also", names(&kpi.aliases)),
        ("Products", names(&kpi.products)),
        ("Accounts", Some(accounts(view))),
    ];
    let rows: Vec<(&str, String)> =
        rows.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    text.push('\n');
    text.push_str(&key_values(&rows, width));
    let table = values(view);
    if !table.is_empty() {
        text.push('\n');
        text.push_str(&table.render(Some(width)));
    }
    text
}

fn identity(kpi: &KpiItem) -> String {
    let direction = kpi.direction.map(|direction| match direction {
        Direction::Higher => "higher is better",
        Direction::Lower => "lower is better",
    });
    let origin = match kpi.origin {
        Some(DefinitionOrigin::Catalogue) => "from the built-in catalogue",
        Some(DefinitionOrigin::Imported) => "imported",
        Some(DefinitionOrigin::ByHand) => "set by hand",
        Some(DefinitionOrigin::Config) => "from snapshots.toml",
        None => "no definition: stored, in no score",
    };
    let unit = kpi.unit.map_or("no unit", Unit::name);
    let state = match kpi.direction {
        _ if kpi.retired => Some("retired: kept, in no score"),
        None if kpi.origin.is_some() => Some("without points: in no score"),
        _ => None,
    };
    let parts = [kpi.category.map(Category::name), Some(unit), direction, Some(origin), state];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn accounts(view: &KpiView) -> String {
    let kpi = &view.kpi;
    if kpi.accounts == 0 {
        return "none has it".to_owned();
    }
    let bands = view.bands;
    let of = |number: u64, band: Band| {
        (number > 0).then(|| format!("{} {number} {}", band_mark(band), band.label()))
    };
    let bands = [
        of(bands.critical, Band::Critical),
        of(bands.at_risk, Band::AtRisk),
        of(bands.healthy, Band::Healthy),
        (bands.unscored > 0).then(|| format!("{} unscored", bands.unscored)),
    ];
    let bands: Vec<String> = bands.into_iter().flatten().collect();
    let valued = match kpi.accounts_with_value {
        valued if valued == kpi.accounts => String::new(),
        valued => format!(", {valued} with a value"),
    };
    format!("{}{valued}: {}", count(kpi.accounts, "account"), bands.join(", "))
}

/// The worst values and the best, with a gap between them where there are more.
fn values(view: &KpiView) -> Table {
    let has_products = view.values.iter().any(|value| value.product.is_some());
    let mut columns = vec![
        Column::number("value"),
        Column::number("score"),
        Column::text("status"),
        Column::text("account").yielding(1),
        Column::text("of"),
    ];
    if has_products {
        columns.insert(4, Column::text("product").yielding(2));
    }
    let mut table = Table::new(&columns);
    let known: Vec<&KpiValue> = view.values.iter().filter(|value| value.value.is_some()).collect();
    let left_out = known.len().saturating_sub(2 * AT_EITHER_END);
    for (place, value) in known.iter().enumerate() {
        if left_out > 0 && place == AT_EITHER_END {
            let gap = format!("({left_out} more between)");
            table.add_row([String::new(), String::new(), String::new(), gap]);
        }
        if left_out > 0 && (AT_EITHER_END..AT_EITHER_END + left_out).contains(&place) {
            continue;
        }
        let mut cells = vec![
            value.value.map(|number| with_unit(number, view.kpi.unit)).unwrap_or_default(),
            value.score.map(|score| score.to_string()).unwrap_or_default(),
            value
                .health_status
                .map_or_else(String::new, |band| format!("{} {}", band_mark(band), band.label())),
            value.account_name.clone(),
            value.observed_at.to_string(),
        ];
        if has_products {
            cells.insert(4, value.product.clone().unwrap_or_default());
        }
        table.add_row(cells);
    }
    table
}
