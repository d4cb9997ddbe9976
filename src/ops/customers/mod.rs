//! Customers: who there is, what one is called, and under which of its names the settings find it.

mod list;
mod names;
mod rename;

pub use list::list_customers;
pub use names::known_as;
pub use rename::{RenameCustomerOptions, rename_customer};
