//! The envelope of every list in JSON: `{"schema","count","items"}`.

use rayon::prelude::*;
use serde::Serialize;

use super::json;
use crate::error::Result;

/// A list with the name of its schema, e.g. `acctsnap.snapshots/1`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct List<T> {
    /// Name and version of this shape.
    pub schema: &'static str,
    /// How many items there are.
    pub count: usize,
    /// The items, in the command's documented order.
    pub items: Vec<T>,
}

impl<T: Serialize + Sync> List<T> {
    /// Wraps items, counting them.
    #[must_use]
    pub fn new(schema: &'static str, items: Vec<T>) -> Self {
        Self { schema, count: items.len(), items }
    }

    /// The bare items, one line each.
    ///
    /// # Errors
    /// As [`json::line`].
    pub fn json_lines(&self) -> Result<String> {
        json_lines(&self.items)
    }
}

/// From so many items on their lines are made on all cores.
const MANY: usize = 100;

/// Items as JSON, one line each.
///
/// # Errors
/// As [`json::line`].
pub fn json_lines<T: Serialize + Sync>(items: &[T]) -> Result<String> {
    match items.len() {
        0..MANY => items.iter().map(json::line).collect(),
        _ => Ok(items.par_iter().map(json::line).collect::<Result<Vec<String>>>()?.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_counts_and_the_lines_are_bare() {
        let list = List::new("acctsnap.numbers/1", vec![1.0, 2.5]);
        let envelope = json::line(&list).unwrap();
        assert_eq!(envelope, "{\"schema\":\"acctsnap.numbers/1\",\"count\":2,\"items\":[1,2.5]}\n");
        assert_eq!(list.json_lines().unwrap(), "1\n2.5\n");
    }
}
