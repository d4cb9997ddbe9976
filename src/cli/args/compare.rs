//! `compare`: two moments of an account, or of the whole portfolio.

use clap::Args;

use super::selection::{FieldsArgs, condition};
use crate::model::condition::Condition;

/// `compare`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap compare -a 'TechCorp Solutions'
  acctsnap compare -a 'TechCorp Solutions' 2026-06 now
  acctsnap compare 12 15 --json
  acctsnap compare -a ext:11 latest now --exit-code --tolerance 0.5
  acctsnap compare --all 2026-Q2 2026-Q3
  acctsnap compare --all 2026-06 now --by industry --where 'tier = enterprise'
  acctsnap compare --all 2025-12 2026-12 --format csv -o year.csv

A moment: a snapshot's id, a date, month or quarter (its last instant), latest, previous, now (the live state).
Alone: previous and latest. Digits alone are an id.

With --all an account is there at a moment where it has a snapshot by then (for now: where it is known), is not
archived, and has no status churned, cancelled, terminated or lost. It is lost where it is there at FROM alone, new
where it is there at TO alone. --where and --by ask its state at TO, of a lost one that at FROM. An account whose
revenue is unknown at a moment at which it is there, or in another currency than before, is left out of the revenue
and counted. Text shows the --top accounts in each direction; JSON and CSV have a line for each.")]
pub struct CompareArgs {
    /// Of which account: name, alias, external id or our id
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// The portfolio: all accounts of the customer
    #[arg(long, conflicts_with = "account", requires = "to")]
    pub all: bool,
    /// The earlier moment [default: previous]
    #[arg(value_name = "FROM")]
    pub from: Option<String>,
    /// The later moment [default: latest]
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// With --all: segments by this field, e.g. industry, region, csm, tier, attributes.Segment
    #[arg(long, value_name = "FIELD", requires = "all")]
    pub by: Option<String>,
    /// With --all: those for which a condition holds, e.g. 'revenue > 1000000 and tier = enterprise'
    #[arg(long = "where", value_name = "CONDITION", value_parser = condition, requires = "all")]
    pub condition: Option<Condition>,
    /// With --all: for how many accounts in each direction the reason is told
    #[arg(long, value_name = "N", default_value_t = 10, requires = "all", value_parser = top)]
    pub top: usize,
    /// Pass this field over, e.g. attributes
    #[arg(long, value_name = "FIELD")]
    pub ignore: Vec<String>,
    /// Pass over numbers that differ by no more than this
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0, hide_default_value = true, allow_negative_numbers = true, value_parser = tolerance)]
    pub tolerance: f64,
    /// Exit with 10 where anything differs
    #[arg(long)]
    pub exit_code: bool,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

fn top(text: &str) -> Result<usize, String> {
    text.trim().parse().map_err(|_| "expected a whole number from 0, such as 25".to_owned())
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.trim().parse().ok();
    let number = number.filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a number from 0, such as 0.5".to_owned())
}
