//! A snapshot as conditions are asked of it: its JSON object.

use serde_json::{Map, Value};

use super::SnapshotView;
use crate::error::{Context as _, ErrorKind, Result};

impl SnapshotView {
    /// The fields and their values, as its JSON has them.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] where a value has no JSON.
    pub fn state(&self) -> Result<Map<String, Value>> {
        let value =
            serde_json::to_value(self).context(ErrorKind::Failed, || "a snapshot has no JSON".to_owned())?;
        match value {
            Value::Object(state) => Ok(state),
            // A view is an object.
            _ => Ok(Map::new()),
        }
    }
}
