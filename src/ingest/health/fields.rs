//! The fields of a health row, and the headers by which they go. A column of another name is never taken for a
//! score: `usage_score` is some tool's own, not the score of a category.

use crate::ingest::columns::Field;
use crate::ingest::columns::account::{ACCOUNT, EXTERNAL_ID_OR_ID};
use crate::model::kpi::Category;

/// A field of a health row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ingest) enum HealthField {
    /// The account's name.
    Account,
    /// The account's id in the system that wrote the file.
    ExternalId,
    /// The month: a number or a name beside a year, or the whole of it.
    Month,
    /// The year of the month.
    Year,
    /// The day or the month of the scores.
    Date,
    /// The overall score.
    Overall,
    /// The score of a category.
    Category(Category),
}

/// The scores, in the order of [`crate::model::health::month::MonthScores`]: the overall one, then the categories.
pub(super) const SCORES: [HealthField; 6] = [
    HealthField::Overall,
    HealthField::Category(Category::ProductUsage),
    HealthField::Category(Category::Support),
    HealthField::Category(Category::CustomerSentiment),
    HealthField::Category(Category::BusinessOutcomes),
    HealthField::Category(Category::RelationshipStrength),
];

/// The names of [`SCORES`].
pub(super) const SCORE_NAMES: [&str; 6] = [
    "overall_health_score",
    "product_usage_score",
    "support_score",
    "customer_sentiment_score",
    "business_outcomes_score",
    "relationship_strength_score",
];

impl Field for HealthField {
    const KIND: &'static str = "health";

    const ALL: &'static [Self] = &[
        Self::Account,
        Self::ExternalId,
        Self::Month,
        Self::Year,
        Self::Date,
        Self::Overall,
        Self::Category(Category::ProductUsage),
        Self::Category(Category::Support),
        Self::Category(Category::CustomerSentiment),
        Self::Category(Category::BusinessOutcomes),
        Self::Category(Category::RelationshipStrength),
    ];

    const ACCOUNT: Self = Self::Account;

    const EXTERNAL_ID: Self = Self::ExternalId;

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::Month => "month",
            Self::Year => "year",
            Self::Date => "date",
            Self::Overall => "overall_health_score",
            Self::Category(Category::ProductUsage) => "product_usage_score",
            Self::Category(Category::Support) => "support_score",
            Self::Category(Category::CustomerSentiment) => "customer_sentiment_score",
            Self::Category(Category::BusinessOutcomes) => "business_outcomes_score",
            Self::Category(Category::RelationshipStrength) => "relationship_strength_score",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Account => ACCOUNT,
            Self::ExternalId => EXTERNAL_ID_OR_ID,
            Self::Month => &[&["month", "health month", "score month", "reporting month", "month name"]],
            Self::Year => &[&["year", "health year", "score year", "reporting year", "calendar year"]],
            Self::Date => DATE,
            Self::Overall => OVERALL,
            Self::Category(category) => category_headers(category),
        }
    }
}

const DATE: &[&[&str]] = &[
    &["period", "health period", "score period", "reporting period"],
    &["snapshot date", "score date", "health date", "health score date", "scored at", "scored on"],
    &[
        "date",
        "as of",
        "as of date",
        "observed at",
        "observed on",
        "measured at",
        "measured on",
        "report date",
    ],
    &["recorded at", "calculated at", "calculated on", "timestamp"],
];

const OVERALL: &[&[&str]] = &[
    &["overall health score"],
    &["health score", "overall score", "account health score", "customer health score", "total health score"],
    &["score", "overall health"],
    &["health"],
];

/// The category's name, with and without the word that says what it is; singular and plural of the outcomes.
const fn category_headers(category: Category) -> &'static [&'static [&'static str]] {
    match category {
        Category::ProductUsage => &[
            &["product usage score", "product usage health score"],
            &["product usage health", "product usage kpi score"],
            &["product usage", "product usage kpi"],
        ],
        Category::Support => &[
            &["support score", "support health score"],
            &["support health", "support kpi score"],
            &["support", "support kpi"],
        ],
        Category::CustomerSentiment => &[
            &["customer sentiment score", "customer sentiment health score"],
            &["customer sentiment health", "customer sentiment kpi score"],
            &["customer sentiment", "customer sentiment kpi"],
        ],
        Category::BusinessOutcomes => &[
            &["business outcomes score", "business outcomes health score", "business outcome score"],
            &["business outcomes health", "business outcomes kpi score"],
            &["business outcomes", "business outcome", "business outcomes kpi"],
        ],
        Category::RelationshipStrength => &[
            &["relationship strength score", "relationship strength health score"],
            &["relationship strength health", "relationship strength kpi score"],
            &["relationship strength", "relationship strength kpi"],
        ],
    }
}
