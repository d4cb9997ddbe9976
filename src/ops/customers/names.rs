//! Every name by which a customer is known, for settings that are looked up before a use case begins.

use std::path::Path;

use crate::error::{ErrorKind, Result};
use crate::store::Store;

/// Every name that the customer ever had, its present one first; only `name` itself where there is no database or no
/// such customer yet.
///
/// # Errors
/// As opening the database for reading, without `NoDatabase`.
pub fn known_as(database: &Path, name: &str) -> Result<Vec<String>> {
    let store = match Store::open_read_only(database) {
        Err(error) if error.kind() == ErrorKind::NoDatabase => return Ok(vec![name.to_owned()]),
        store => store?,
    };
    let reader = store.reader()?;
    match reader.match_customer(name)? {
        Some(customer) => reader.customer_names(customer),
        None => Ok(vec![name.to_owned()]),
    }
}
