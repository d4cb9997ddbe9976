//! The customers and the heads of their ledgers, a line each (`acctsnap.customers/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Column, Table};
use super::text::{grouped, instant};
use crate::model::ids::{ChangeId, CustomerId};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.customers/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 7] = [
    "customer_id",
    "customer",
    "accounts_count",
    "snapshots_count",
    "last_change_id",
    "last_change_at",
    "digest",
];

/// A customer and the head of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerLine {
    /// Our id.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer: String,
    /// How many accounts it has.
    pub accounts_count: u64,
    /// How many snapshots were taken of them.
    pub snapshots_count: u64,
    /// Its last change.
    pub last_change_id: ChangeId,
    /// When that was recorded.
    pub last_change_at: Timestamp,
    /// The digest of that change, in hexadecimal: it stands for everything recorded of the customer until then.
    pub digest: String,
}

/// A line a customer.
#[must_use]
pub fn render(customers: &[CustomerLine], width: Option<usize>, zone: Tz) -> String {
    if customers.is_empty() {
        return "no customers yet: acctsnap ingest kpis FILE\n".to_owned();
    }
    let mut table = Table::new(&[
        Column::number("id"),
        Column::text("customer").yielding(1),
        Column::number("accounts"),
        Column::number("snapshots"),
        Column::number("change"),
        Column::text("recorded").optional(3),
        Column::text("digest").optional(2),
    ]);
    for customer in customers {
        table.add_row([
            customer.customer_id.to_string(),
            customer.customer.clone(),
            grouped(&customer.accounts_count.to_string()),
            grouped(&customer.snapshots_count.to_string()),
            customer.last_change_id.to_string(),
            instant(customer.last_change_at, zone),
            customer.digest.clone(),
        ]);
    }
    table.render(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width;

    fn line() -> CustomerLine {
        CustomerLine {
            customer_id: CustomerId::new(12),
            customer: "A customer of a rather long name".to_owned(),
            accounts_count: 17_000,
            snapshots_count: 6_205_000,
            last_change_id: ChangeId::new(123_456),
            last_change_at: Timestamp::default(),
            digest: "ab".repeat(32),
        }
    }

    #[test]
    fn time_and_digest_are_left_out_rather_than_cut() {
        let text = plain(&render(&[line()], Some(60), Tz::UTC));
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        assert_eq!(
            text.lines().nth(1),
            Some("12  A customer of a rather lon…    17,000  6,205,000  123456"),
            "{text}"
        );
        assert!(text.ends_with("+ 2 columns with --json: recorded, digest\n"), "{text}");
        assert!(render(&[line()], None, Tz::UTC).contains(&"ab".repeat(32)));
        assert!(render(&[], None, Tz::UTC).starts_with("no customers yet"));
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(line()).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
