//! `compare`: two moments of an account.

use clap::Args;

/// `compare`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap compare -a 'TechCorp Solutions'
  acctsnap compare -a 'TechCorp Solutions' 2026-06 now
  acctsnap compare 12 15 --json
  acctsnap compare -a ext:11 latest now --exit-code --tolerance 0.5

A moment: a snapshot's id, a date, month or quarter (its last instant), latest, previous, now (the live state).
Alone: previous and latest. Digits alone are an id.")]
pub struct CompareArgs {
    /// Of which account: name, alias, external id or our id
    #[arg(short, long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// The earlier moment [default: previous]
    #[arg(value_name = "FROM")]
    pub from: Option<String>,
    /// The later moment [default: latest]
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// Pass this field over, e.g. attributes
    #[arg(long, value_name = "FIELD")]
    pub ignore: Vec<String>,
    /// Pass over numbers that differ by no more than this
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0, hide_default_value = true, allow_negative_numbers = true, value_parser = tolerance)]
    pub tolerance: f64,
    /// Exit with 10 where anything differs
    #[arg(long)]
    pub exit_code: bool,
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.trim().parse().ok();
    let number = number.filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a number from 0, such as 0.5".to_owned())
}
