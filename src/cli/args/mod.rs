//! The command line as typed: clap types only, one file for each family of commands.
//!
//! Nothing is looked up or worked out here: durations, moments and account names stay text until a command
//! knows the customer's time zone and accounts.

pub mod accounts;
pub mod alone;
pub mod backup;
pub mod compare;
pub mod completions;
pub mod config;
pub mod context;
pub mod customers;
pub mod erase;
pub mod events;
pub mod explain;
pub mod export;
pub mod flush;
pub mod global;
pub mod health;
pub mod history;
pub mod ingest;
pub mod inspect;
pub mod kpis;
pub mod latest;
pub mod man;
pub mod notes;
pub mod restore;
pub mod retention;
pub mod scheduled;
pub mod schema;
pub mod selection;
pub mod snapshot;
pub mod status;
pub mod tags;
pub mod uploads;
pub mod verify;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

pub use global::GlobalArgs;

const EXAMPLES: &str = "\
Examples:
  acctsnap ingest kpis june.csv
  acctsnap latest -a 'TechCorp Solutions'
  acctsnap latest --all --format csv -o portfolio.csv
  acctsnap history -a 'TechCorp Solutions' --since 90d

Exit codes: 0 done, 1 failed, 2 usage, 3 partly done, 4 not there, 5 input refused, 6 database busy,
7 integrity, 8 stale, 9 storage, 130 and 143 stopped by a signal.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "acctsnap",
    bin_name = "acctsnap",
    version,
    about = "Remembers what customer-success platforms forget: immutable snapshots of accounts, their health and why it moved",
    after_help = EXAMPLES,
    max_term_width = 110
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read files of KPIs, profiles, playbooks, health or notes, and snapshot the accounts that they changed
    #[command(visible_aliases = ["upload", "import"])]
    Ingest(ingest::IngestArgs),
    /// Say what a file is, how it would be read, and by which command
    Inspect(inspect::InspectArgs),
    /// List the files that were ingested, or show one
    Uploads(uploads::UploadsArgs),
    /// Take, list, show, tag or pin snapshots
    #[command(visible_alias = "snapshots")]
    Snapshot(snapshot::SnapshotArgs),
    /// List the names that were given to snapshots
    #[command(visible_alias = "tag")]
    Tags(tags::TagsArgs),
    /// Show the newest snapshot of accounts
    Latest(latest::LatestArgs),
    /// Tell a language model what it needs to know of accounts, within a bound
    Context(context::ContextArgs),
    /// Explain an account's score term by term, and what became of its latest events
    Explain(explain::ExplainArgs),
    /// Say what changed between two moments of an account, and why its score moved
    Compare(compare::CompareArgs),
    /// Show an account's snapshots over time
    History(history::HistoryArgs),
    /// Write the snapshots that pending changes are owed
    Flush(flush::FlushArgs),
    /// Calculate the scores of a month from the KPIs
    Health(health::HealthArgs),
    /// Take the snapshots that the calendar owes, show what will be due, install the timer
    #[command(visible_alias = "schedule")]
    Scheduled(scheduled::ScheduledArgs),
    /// Show which snapshots are kept and why, hide the others, bring them back, remove them for good
    Retention(retention::RetentionArgs),
    /// Say what is stale, what waits, what failed, and whether the schedule runs
    Status(status::StatusArgs),
    /// List, show, rename, archive accounts; give them aliases and ids
    #[command(visible_alias = "account")]
    Accounts(accounts::AccountsArgs),
    /// List customers, or rename one
    #[command(visible_alias = "customer")]
    Customers(customers::CustomersArgs),
    /// List events and what became of them
    #[command(visible_alias = "event")]
    Events(events::EventsArgs),
    /// List, show, import and change KPI definitions
    #[command(visible_alias = "kpi")]
    Kpis(kpis::KpisArgs),
    /// List what people wrote about an account
    #[command(visible_alias = "note")]
    Notes(notes::NotesArgs),
    /// Copy the whole database into a file or a folder, while others write
    Backup(backup::BackupArgs),
    /// Put a backup where the database is to be
    Restore(restore::RestoreArgs),
    /// Take a person or an account out of the whole history
    Erase(erase::EraseArgs),
    /// Write snapshots, KPI values or events into a file: CSV, JSON Lines or Parquet
    Export(export::ExportArgs),
    /// Check everything: the file, the ledger's digests, every snapshot against the facts of its moment
    Verify(verify::VerifyArgs),
    /// Show, check or write the configuration
    Config(config::ConfigArgs),
    /// Print what makes a shell complete commands, flags and names
    Completions(completions::CompletionsArgs),
    /// Write the man pages of all commands into a folder
    Man(man::ManArgs),
    /// Print the JSON Schema of an answer
    Schema(schema::SchemaArgs),
    /// What the scripts of `completions` ask
    #[command(name = "__complete", hide = true, disable_help_flag = true)]
    Complete(completions::CompleteArgs),
    /// Reserved
    #[command(hide = true, disable_help_flag = true)]
    Report(ReservedArgs),
    /// Reserved
    #[command(hide = true, disable_help_flag = true)]
    Mcp(ReservedArgs),
}

/// Whatever follows a reserved word.
#[derive(Debug, Args)]
pub struct ReservedArgs {
    /// Anything.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub rest: Vec<OsString>,
}

#[cfg(test)]
mod tests;
