//! The built-in KPI catalogue.
