//! `accounts`: list, show, and what people say of names, ids and archivings.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::selection::{FieldsArgs, condition};
use crate::model::condition::Condition;

/// What to do with accounts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap accounts list
  acctsnap account show 'TechCorp Solutions'
  acctsnap accounts rename ext:11 'TechCorp Group'
  acctsnap accounts archive 'Retail Chain Corp' --reason 'churned in May'")]
pub struct AccountsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AccountsCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// List the customer's accounts
    #[command(
        after_help = "Examples:\n  acctsnap accounts list --format csv\n  acctsnap accounts list --archived\n  \
                      acctsnap accounts list --where 'health < 70 and days_to_renewal < 90'"
    )]
    List(ListAccountsArgs),
    /// Show one account: its names, ids, facts and newest snapshot
    #[command(after_help = "Example:\n  acctsnap account show ext:11")]
    Show(ShowAccountArgs),
    /// Give an account another name; the old one goes on leading to it
    #[command(after_help = "Example:\n  acctsnap accounts rename 'TechCorp Solutions' 'TechCorp Group'")]
    Rename(RenameAccountArgs),
    /// Give an account further names
    #[command(
        after_help = "Example:\n  acctsnap accounts alias 'TechCorp Solutions' TechCorp 'TechCorp Inc.'"
    )]
    Alias(AliasAccountArgs),
    /// Give an account its id in your own systems; its earlier ids go on leading to it
    #[command(
        after_help = "Example:\n  acctsnap accounts set-external-id 'TechCorp Solutions' 0015g00000AbCdE"
    )]
    SetExternalId(SetExternalIdArgs),
    /// Put an account aside: in no portfolio unless asked for; its history stays
    #[command(
        after_help = "Example:\n  acctsnap accounts archive 'Retail Chain Corp' --reason 'churned in May'"
    )]
    Archive(ArchiveAccountArgs),
    /// Take an account back that was archived
    #[command(after_help = "Example:\n  acctsnap accounts unarchive 'Retail Chain Corp'")]
    Unarchive(UnarchiveAccountArgs),
    /// Have one account stand for two: its values win, the other's fill the gaps, and its names lead there
    #[command(
        after_help = "Examples:\n  acctsnap accounts merge 'TechCorp Inc' 'TechCorp Solutions' --dry-run\n  \
                      acctsnap accounts merge ext:12 ext:11 --yes"
    )]
    Merge(MergeAccountsArgs),
}

/// `accounts list`
#[derive(Debug, Args)]
pub struct ListAccountsArgs {
    /// Archived accounts too
    #[arg(long)]
    pub archived: bool,
    /// Only those whose state now is such, e.g. 'status in [at-risk] and days_to_renewal < 90'
    #[arg(long = "where", value_name = "CONDITION", value_parser = condition)]
    pub condition: Option<Condition>,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

/// `accounts show`
#[derive(Debug, Args)]
pub struct ShowAccountArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

/// `accounts rename`
#[derive(Debug, Args)]
pub struct RenameAccountArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
    /// Its name from now on
    #[arg(value_name = "NEW")]
    pub name: String,
}

/// `accounts alias`
#[derive(Debug, Args)]
pub struct AliasAccountArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
    /// Names that lead to it from now on, all of them or none
    #[arg(value_name = "NAME", required = true)]
    pub aliases: Vec<String>,
}

/// `accounts set-external-id`
#[derive(Debug, Args)]
pub struct SetExternalIdArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
    /// Its id; case matters
    #[arg(value_name = "ID")]
    pub external_id: String,
}

/// `accounts archive`
#[derive(Debug, Args)]
pub struct ArchiveAccountArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
    /// Why, for whoever asks later
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
}

/// `accounts unarchive`
#[derive(Debug, Args)]
pub struct UnarchiveAccountArgs {
    /// Which account.
    #[command(flatten)]
    pub account: WhichAccountArgs,
}

/// `accounts merge`
#[derive(Debug, Args)]
pub struct MergeAccountsArgs {
    /// The account that is merged; its history stays as it is
    #[arg(value_name = "FROM")]
    pub from: String,
    /// The account that answers for both from now on
    #[arg(value_name = "INTO")]
    pub into: String,
}

/// The account that a command is about.
#[derive(Debug, Args)]
pub struct WhichAccountArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
}
