//! Views of customers.
