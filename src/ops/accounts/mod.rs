//! Accounts: who there is, what is kept of one, and the names, ids and archivings that people give.
//!
//! Every way to name an account is looked up within one customer; what is another's does not exist.

mod alias;
mod archive;
mod change;
mod external_id;
mod list;
mod merge;
mod rename;
mod show;

pub use alias::alias_account;
pub use archive::{archive_account, unarchive_account};
pub use external_id::set_external_id;
pub use list::{AccountsList, AccountsOptions, list_accounts};
pub use merge::merge_accounts;
pub use rename::rename_account;
pub use show::show_account;
