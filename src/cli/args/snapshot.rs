//! `snapshot`: take, list, show, tag, pin.

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};

use super::selection::{AccountFilterArgs, AccountSelectionArgs, FieldsArgs, ListArgs};
use crate::model::ids::SnapshotId;
use crate::model::snapshot::SnapshotType;
use crate::model::tag::Tag;

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
    #[command(
        after_help = "Examples:\n  acctsnap snapshot show 123 --json\n  acctsnap snapshot show board-2026Q3 -a 'TechCorp Solutions'"
    )]
    Show(ShowSnapshotArgs),
    /// Give snapshots a name, at most one of each account; it can be used wherever an id or a moment can
    Tag(TagArgs),
    /// Take a name away
    #[command(after_help = "\
Examples:
  acctsnap snapshot untag board-2026Q3
  acctsnap snapshot untag qbr -a 'TechCorp Solutions'")]
    Untag(UntagArgs),
    /// Keep a snapshot, whatever the rules of retention say
    #[command(after_help = "Example:\n  acctsnap snapshot pin 123")]
    Pin(PinArgs),
    /// Let the rules of retention decide about a snapshot again
    #[command(after_help = "Example:\n  acctsnap snapshot unpin 123")]
    Unpin(PinArgs),
}

/// `snapshot tag`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap snapshot tag --all board-2026Q3 --date 2026-Q3
  acctsnap snapshot tag -a 'TechCorp Solutions' before-qbr
  acctsnap snapshot tag 123 before-qbr --move")]
pub struct TagArgs {
    /// The snapshot's number, then the tag; with -a or --all the tag alone
    #[arg(value_names = ["ID", "TAG"], num_args = 1..=2, required = true)]
    pub words: Vec<String>,
    /// The newest snapshot of this account
    #[arg(short, long, value_name = "ACCOUNT", conflicts_with = "all")]
    pub account: Option<String>,
    /// The newest snapshot of every account that is not archived
    #[arg(long)]
    pub all: bool,
    /// Not the newest snapshot, but the one in force at the end of a moment
    #[arg(long, value_name = "MOMENT")]
    pub date: Option<String>,
    /// Where an account has another snapshot of this tag, the tag moves
    #[arg(long = "move")]
    pub moves: bool,
}

/// `snapshot untag`
#[derive(Debug, Args)]
pub struct UntagArgs {
    /// The tag
    #[arg(value_name = "TAG", value_parser = Tag::parse)]
    pub tag: Tag,
    /// Of this account only
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
}

/// `snapshot pin` and `snapshot unpin`
#[derive(Debug, Args)]
pub struct PinArgs {
    /// The snapshot's number
    #[arg(value_name = "ID", value_parser = snapshot_id())]
    pub id: SnapshotId,
}

/// `snapshot create`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap snapshot create -a 'TechCorp Solutions' --reason 'before the QBR'
  acctsnap snapshot create --all --tag board-2026Q3 --pin
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
    /// Give them this tag
    #[arg(long, value_name = "TAG", value_parser = Tag::parse)]
    pub tag: Option<Tag>,
    /// Keep them, whatever the rules of retention say
    #[arg(long)]
    pub pin: bool,
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
    /// How many, and which fields.
    #[command(flatten)]
    pub list: ListArgs,
}

/// `snapshot show`
#[derive(Debug, Args)]
pub struct ShowSnapshotArgs {
    /// The snapshot's number; with -a also a tag, a moment (2026-09), latest or previous
    #[arg(value_name = "ID")]
    pub snapshot: String,
    /// Of this account, where no number says which snapshot
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

fn snapshot_id() -> impl TypedValueParser<Value = SnapshotId> {
    clap::value_parser!(i64).range(1..).map(SnapshotId::new)
}
