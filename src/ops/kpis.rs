//! Answers about kpis.
