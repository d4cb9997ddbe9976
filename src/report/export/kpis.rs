//! The history of KPI values as rows: the columns of the view `v_kpi_history`.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Column, Row, code, columns, known, text};
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::{Category, Unit};
use crate::model::time::Timestamp;

/// Name and version of the shape of their list.
pub const SCHEMA: &str = "acctsnap.exported_kpis/1";

/// A value of a KPI that an upload said of an account.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiRow {
    /// The customer: the tenant whose portfolio holds the account.
    pub customer: String,
    /// Our number of the account.
    pub account_id: AccountId,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// The account's name.
    pub account_name: String,
    /// The KPI's name.
    pub kpi: String,
    /// The product it is of; null for the whole account.
    pub product: Option<String>,
    /// The value, in its unit; null where it was withdrawn.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Option<Unit>,
    /// The category it counts in.
    pub category: Option<Category>,
    /// The day of the value.
    pub observed_at: NaiveDate,
    /// When it was read.
    pub ingested_at: Timestamp,
    /// The upload that said it.
    pub upload_id: UploadId,
}

impl Row for KpiRow {
    const COLUMNS: &'static [Column<Self>] = columns! { KpiRow:
        customer: Text |k| text(&k.customer);
        account_id: Integer |k| Some(k.account_id.get());
        external_account_id: Text |k| known(k.external_account_id.as_ref());
        account_name: Text |k| text(&k.account_name);
        kpi: Text |k| text(&k.kpi);
        product: Text |k| known(k.product.as_ref());
        value: Number |k| k.value;
        unit: Text |k| code(k.unit.map(Unit::name));
        category: Text |k| code(k.category.map(Category::name));
        observed_at: Date |k| Some(k.observed_at);
        ingested_at: Instant |k| Some(k.ingested_at);
        upload_id: Integer |k| Some(k.upload_id.get());
    };

    fn account_id(&self) -> AccountId {
        self.account_id
    }
}
