//! `status`: for people and monitors.

use clap::Args;

use super::selection::FieldsArgs;

/// `status`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap status
  acctsnap status --max-age 8d --max-data-age 40d --json
  acctsnap status --nagios

Exit codes: 0 all is well; 8 something is stale: a snapshot older than its schedule allows or than
--max-age, KPIs older than --max-data-age, a slot or a change due for more than two hours; 3 an event
failed too often to be tried again, whatever else there is. Slots count once the schedule has run.
With --nagios 0 OK, 1 WARNING (something failed and is tried again), 2 CRITICAL (8 or 3), 3 UNKNOWN.

Every customer is looked at, unless --customer names one.")]
pub struct StatusArgs {
    /// How old the newest snapshot of an account may be, e.g. 8d
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<String>,
    /// How long ago an upload may last have named an account's KPIs, e.g. 40d
    #[arg(long, value_name = "DURATION")]
    pub max_data_age: Option<String>,
    /// One line and the exit code of a monitoring plugin, whatever --format says
    #[arg(long)]
    pub nagios: bool,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}
