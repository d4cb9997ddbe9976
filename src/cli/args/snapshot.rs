//! `snapshot`: take, list, show.

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};

use super::selection::{AccountFilterArgs, AccountSelectionArgs, LimitArgs};
use crate::model::ids::SnapshotId;
use crate::model::snapshot::SnapshotType;

/// What to do with snapshots.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap snapshot create -a 'TechCorp Solutions' --reason 'before the QBR'
  acctsnap snapshots list --since 30d
  acctsnap snapshot show 123")]
pub struct SnapshotArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SnapshotCommand,
}

/// What to do with snapshots.
#[derive(Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Take snapshots now; manual ones are never stopped by a cooldown
    Create(CreateSnapshotArgs),
    /// List snapshots, the newest first
    List(ListSnapshotsArgs),
    /// Show one snapshot
    #[command(after_help = "Example:\n  acctsnap snapshot show 123 --json")]
    Show(ShowSnapshotArgs),
}

/// `snapshot create`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap snapshot create -a 'TechCorp Solutions' --reason 'before the QBR'
  acctsnap snapshot create --all --type scheduled --force
  acctsnap snapshot create --where 'status in [at-risk] and playbooks_running_count > 0'")]
pub struct CreateSnapshotArgs {
    /// Of which accounts.
    #[command(flatten)]
    pub selection: AccountSelectionArgs,
    /// Why it is taken
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Another type than manual obeys that type's cooldown; a scheduled one made by hand fills no slot of the calendar
    #[arg(long = "type", value_name = "TYPE", default_value = "manual")]
    pub snapshot_type: SnapshotType,
    /// Pass the cooldown of the type
    #[arg(long)]
    pub force: bool,
}

/// `snapshot list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap snapshot list -a 'TechCorp Solutions' --limit 10
  acctsnap snapshot list --type event_driven --since 2026-Q3 --until 2026-Q4 --json")]
pub struct ListSnapshotsArgs {
    /// Of which account.
    #[command(flatten)]
    pub account: AccountFilterArgs,
    /// Only this type
    #[arg(long = "type", value_name = "TYPE")]
    pub snapshot_type: Option<SnapshotType>,
    /// Taken since a moment (2026-09-30, 2026-09, 2026-Q3) or for a duration (30d)
    #[arg(long, value_name = "MOMENT|DURATION")]
    pub since: Option<String>,
    /// Taken up to the end of a moment
    #[arg(long, value_name = "MOMENT")]
    pub until: Option<String>,
    /// How many.
    #[command(flatten)]
    pub limit: LimitArgs,
}

/// `snapshot show`
#[derive(Debug, Args)]
pub struct ShowSnapshotArgs {
    /// The snapshot's number
    #[arg(value_name = "ID", value_parser = snapshot_id())]
    pub id: SnapshotId,
}

fn snapshot_id() -> impl TypedValueParser<Value = SnapshotId> {
    clap::value_parser!(i64).range(1..).map(SnapshotId::new)
}
