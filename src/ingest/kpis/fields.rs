//! The fields of a KPI row, and the headers by which CRMs, BI tools and spreadsheets call them.

use crate::ingest::columns::{Field, account};

/// A field of a KPI row; in the wide layouts some of them stand in headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KpiField {
    /// The account's name.
    Account,
    /// The account's id in the system that wrote the file.
    ExternalId,
    /// The KPI's name.
    Kpi,
    /// The value.
    Value,
    /// The health category.
    Category,
    /// The health category again, as health score sheets have it.
    HealthScoreComponent,
    /// The KPI's weight within its category.
    Weight,
    /// High, Medium or Low.
    ImpactLevel,
    /// The unit of bare numbers.
    Unit,
    /// The product that the value is of.
    Product,
    /// The day, month or quarter of the value.
    Date,
    /// Who or what the value came from; known, not kept.
    SourceReview,
    /// How often it is measured; known, not kept.
    MeasurementFrequency,
}

impl KpiField {
    /// The field of this name, as settings write it: `account`, `external_id`, ...
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        <Self as Field>::parse(name)
    }
}

impl Field for KpiField {
    const KIND: &'static str = "kpis";
    const ACCOUNT: Self = Self::Account;
    const EXTERNAL_ID: Self = Self::ExternalId;
    const ALL: &'static [Self] = &[
        Self::Account,
        Self::ExternalId,
        Self::Kpi,
        Self::Value,
        Self::Category,
        Self::HealthScoreComponent,
        Self::Weight,
        Self::ImpactLevel,
        Self::Unit,
        Self::Product,
        Self::Date,
        Self::SourceReview,
        Self::MeasurementFrequency,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::Kpi => "kpi",
            Self::Value => "value",
            Self::Category => "category",
            Self::HealthScoreComponent => "health_score_component",
            Self::Weight => "weight",
            Self::ImpactLevel => "impact_level",
            Self::Unit => "unit",
            Self::Product => "product",
            Self::Date => "date",
            Self::SourceReview => "source_review",
            Self::MeasurementFrequency => "measurement_frequency",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Account => account::ACCOUNT,
            Self::ExternalId => account::EXTERNAL_ID_OR_ID,
            Self::Kpi => KPI,
            Self::Value => VALUE,
            Self::Category => &[&["category", "kpi category", "health category", "metric category"]],
            Self::HealthScoreComponent => &[&["health score component", "component", "health component"]],
            Self::Weight => &[&["weight", "kpi weight", "weighting", "weightage", "weight percent"]],
            Self::ImpactLevel => &[&["impact level", "impact", "kpi impact"], &["importance"]],
            Self::Unit => &[&["unit", "units", "kpi unit", "unit of measure", "uom"]],
            Self::Product => &[&["product", "product name"], &["sku", "product line", "module"]],
            Self::Date => DATE,
            Self::SourceReview => &[&["source review", "source", "data source"], &["review"]],
            Self::MeasurementFrequency => &[&["measurement frequency", "frequency", "kpi frequency"]],
        }
    }
}

const KPI: &[&[&str]] = &[
    &[
        "kpi",
        "kpi name",
        "kpi/parameter",
        "metric",
        "metric name",
        "parameter",
        "parameter name",
        "measure",
        "measure name",
        "measure names",
        "indicator",
        "indicator name",
    ],
    &["attribute", "variable"],
];

const VALUE: &[&[&str]] = &[
    &[
        "value",
        "data",
        "kpi value",
        "metric value",
        "measure value",
        "measure values",
        "actual",
        "actual value",
        "current value",
        "measured value",
    ],
    &["result", "reading", "measurement"],
    &["score", "amount"],
];

const DATE: &[&[&str]] = &[
    &[
        "date",
        "period",
        "kpi date",
        "metric date",
        "as of",
        "as of date",
        "observed at",
        "observed on",
        "observation date",
        "measured at",
        "measured on",
        "measurement date",
        "reporting date",
        "reporting period",
        "report date",
    ],
    &["month", "quarter", "snapshot date", "recorded at", "timestamp"],
    &["year"],
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::model::names::loose_key;

    #[test]
    fn no_header_stands_for_two_fields() {
        let mut seen = HashMap::new();
        for field in KpiField::ALL {
            for header in field.headers().iter().copied().flatten() {
                let earlier = seen.insert(loose_key(header), *field);
                assert!(earlier.is_none_or(|earlier| earlier == *field), "{header}");
            }
        }
    }

    #[test]
    fn settings_name_fields_as_the_contract_does() {
        for field in KpiField::ALL {
            assert_eq!(KpiField::parse(field.name()), Some(*field));
        }
        assert_eq!(KpiField::parse("colour"), None);
    }
}
