//! Which accounts a command is about.

use clap::Args;

use crate::model::condition::{Condition, ConditionError};

/// One account or several, all of the customer's, or those for which a condition holds.
#[derive(Debug, Clone, Args)]
#[group(id = "selection", required = true, multiple = true)]
pub struct AccountSelectionArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT", num_args = 1.., conflicts_with_all = ["all", "condition"])]
    pub account: Vec<String>,
    /// Every account of the customer
    #[arg(long)]
    pub all: bool,
    /// Those for which a condition holds, e.g. 'revenue > 1000000 and health < 70'
    #[arg(long = "where", value_name = "CONDITION", value_parser = condition)]
    pub condition: Option<Condition>,
}

/// One account or several, or all of the customer's.
#[derive(Debug, Clone, Args)]
#[group(id = "named_or_all", required = true, multiple = false)]
pub struct NamedOrAllArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT", num_args = 1..)]
    pub account: Vec<String>,
    /// Every account of the customer
    #[arg(long)]
    pub all: bool,
}

/// A condition over a snapshot's fields.
///
/// # Errors
/// Where it is none: the column, what was expected, what was probably meant.
pub fn condition(text: &str) -> Result<Condition, ConditionError> {
    Condition::parse(text)
}

/// Exactly one account.
#[derive(Debug, Clone, Args)]
pub struct OneAccountArgs {
    /// Account by external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: String,
}

/// One account, or without it all.
#[derive(Debug, Clone, Args)]
pub struct AccountFilterArgs {
    /// Only this account: external id, name, alias or our id (ext:11, name:11 and id:23 settle which)
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
}

/// How many items a list may have.
#[derive(Debug, Clone, Args)]
pub struct LimitArgs {
    /// At most so many, the newest first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
}

/// Which fields of an answer are wanted.
#[derive(Debug, Clone, Default, Args)]
pub struct FieldsArgs {
    /// Only these fields, in this order; may be given again
    #[arg(long = "field", value_name = "NAME")]
    pub fields: Vec<String>,
}

/// What a list without other choices takes.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// How many.
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}
