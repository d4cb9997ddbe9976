//! How often the properties of whole runs are tried.

use proptest::prelude::ProptestConfig;

/// As often as is said, or as `PROPTEST_CASES` asks for. No file of failures is kept: a find becomes a test.
pub fn times(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(usual), failure_persistence: None, ..ProptestConfig::default() }
}
