//! `retention`: which snapshots are kept, hiding the others, bringing them back, removing them for good.
//!
//! One transaction a customer, but for the purge, which works in batches. Nothing is hidden that the plan does not
//! show, and nothing is removed that was not hidden before.

mod absent;
mod apply;
mod plan;
mod purge;
mod undo;

pub use apply::{ApplyOptions, apply_retention};
pub use plan::plan_retention;
pub use purge::{PurgeOptions, hidden_snapshots, purge_retention};
pub use undo::{UndoOptions, undo_retention};

pub(super) use absent::refuse_absent;

use chrono_tz::Tz;

use super::Context;
use crate::error::Result;
use crate::model::ids::CustomerId;
use crate::model::retention::{Policies, RetentionPolicy};
use crate::model::snapshot::SnapshotType;
use crate::store::Reader;

/// A customer's policies, and the zone whose days they mean.
struct CustomerRules {
    policies: Policies,
    zone: Tz,
}

impl CustomerRules {
    /// As the settings have them under any of the customer's names.
    ///
    /// # Errors
    /// Anything that the database says.
    fn load(context: &Context<'_>, reader: &Reader<'_>, customer: CustomerId) -> Result<Self> {
        let names = reader.customer_names(customer)?;
        let settings = context.config.for_customer_known_as(&names);
        let mut policies = [RetentionPolicy::standard(); SnapshotType::ALL.len()];
        for (policy, snapshot_type) in policies.iter_mut().zip(SnapshotType::ALL) {
            let Some(own) = settings.retention(snapshot_type) else { continue };
            *policy = own.value;
        }
        Ok(Self { policies: Policies(policies), zone: settings.timezone().value })
    }
}
