//! Views of kpis.
