//! `kpis`: definitions.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::selection::FieldsArgs;
use crate::model::kpi::{Category, Direction, Unit};

/// What to do with KPI definitions.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap kpis list
  acctsnap kpi show NPS
  acctsnap kpis unknown
  acctsnap kpis suggest
  acctsnap kpis set 'Ticket Volume' --unit %")]
pub struct KpisArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KpisCommand,
}

/// What to do with KPI definitions.
#[derive(Debug, Subcommand)]
pub enum KpisCommand {
    /// List the definitions that hold for the customer
    #[command(after_help = "Example:\n  acctsnap kpis list --format csv -o kpis.csv")]
    List(FieldsArgs),
    /// Show one definition
    #[command(after_help = "Example:\n  acctsnap kpi show 'Net Promoter Score (NPS)'")]
    Show(ShowKpiArgs),
    /// List KPIs that files named and that have no definition
    #[command(after_help = "Example:\n  acctsnap kpis unknown --json")]
    Unknown(FieldsArgs),
    /// Suggest definitions for KPIs that have none, as TOML to paste
    #[command(after_help = "\
Examples:
  acctsnap kpis suggest
  acctsnap kpis suggest -o suggested.toml
  acctsnap kpis suggest --json

Cut points are the quartiles of the portfolio's own values; direction and category are guesses, each with its
reason. Nothing is applied: what you keep goes into snapshots.toml. What cannot be told stands in comments.")]
    Suggest(FieldsArgs),
    /// Read definitions from a CSV file
    #[command(after_help = "Example:\n  acctsnap kpis import our-kpis.csv --dry-run")]
    Import(ImportKpisArgs),
    /// Define a KPI, or change its definition; what is not given stands
    Set(SetKpiArgs),
    /// Give a KPI further names
    #[command(
        after_help = "Example:\n  acctsnap kpis alias 'Net Promoter Score (NPS)' 'Promoter Score' Recommend"
    )]
    Alias(AliasKpiArgs),
    /// Give a KPI another name; the old one goes on leading to it
    #[command(after_help = "Example:\n  acctsnap kpis rename 'Seats Used' 'Seat Usage'")]
    Rename(RenameKpiArgs),
    /// Let a KPI count in no score and no total any more; its history stays
    #[command(after_help = "\
Examples:
  acctsnap kpis retire 'Seats Used'
  acctsnap kpis retire 'Seats Used' --undo")]
    Retire(RetireKpiArgs),
}

/// `kpis show`
#[derive(Debug, Args)]
pub struct ShowKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets
    #[arg(value_name = "KPI")]
    pub kpi: String,
    /// Which fields.
    #[command(flatten)]
    pub fields: FieldsArgs,
}

/// `kpis import`
#[derive(Debug, Args)]
pub struct ImportKpisArgs {
    /// CSV with the columns of `kpis list --format csv`; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `kpis set`
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("given").required(true).multiple(true).args([
        "unit", "category", "direction", "worst", "critical_edge", "healthy_edge", "best", "aliases",
    ]),
    override_usage = "acctsnap kpis set [OPTIONS] <KPI>",
    after_help = "\
Examples:
  acctsnap kpis set 'Ticket Volume' --unit %
  acctsnap kpis set NPS --critical-edge 10 --healthy-edge 40
  acctsnap kpis set 'Seats Used' --category Support --direction higher --critical-edge 50 --healthy-edge 80

An outer point (worst, best) that is not given lies two gaps beyond its edge. A unit of another dimension drops
the points; between hours and days they are converted."
)]
pub struct SetKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets; a new name defines a new KPI
    #[arg(value_name = "KPI")]
    pub kpi: String,
    /// The unit of its values: %, $, days, hours, score, count, ratio
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    pub unit: Option<Unit>,
    /// The health category in which it counts
    #[arg(long, value_name = "CATEGORY", value_parser = category)]
    pub category: Option<Category>,
    /// Which way is better: higher or lower
    #[arg(long, value_name = "higher|lower", value_parser = direction)]
    pub direction: Option<Direction>,
    /// The value that scores 0
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub worst: Option<f64>,
    /// The value that scores a third of 100; on its worse side the KPI is critical
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub critical_edge: Option<f64>,
    /// The value that scores two thirds of 100; on its better side the KPI is healthy
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub healthy_edge: Option<f64>,
    /// The value that scores 100
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub best: Option<f64>,
    /// A further name that leads to it (repeatable)
    #[arg(long = "alias", value_name = "NAME")]
    pub aliases: Vec<String>,
    /// Take the numbers that accounts hold in the new unit, as they are
    #[arg(long, requires = "unit")]
    pub reinterpret: bool,
}

/// `kpis alias`
#[derive(Debug, Args)]
pub struct AliasKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets
    #[arg(value_name = "KPI")]
    pub kpi: String,
    /// Further names
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

/// `kpis rename`
#[derive(Debug, Args)]
pub struct RenameKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets
    #[arg(value_name = "OLD")]
    pub old: String,
    /// Its name from now on
    #[arg(value_name = "NEW")]
    pub new: String,
}

/// `kpis retire`
#[derive(Debug, Args)]
pub struct RetireKpiArgs {
    /// The KPI's name, an alias, or the abbreviation in its brackets
    #[arg(value_name = "KPI")]
    pub kpi: String,
    /// Bring it back
    #[arg(long)]
    pub undo: bool,
}

fn unit(text: &str) -> Result<Unit, String> {
    Unit::parse(text).ok_or_else(|| format!("expected one of {}", Unit::ALL.map(Unit::name).join(", ")))
}

fn category(text: &str) -> Result<Category, String> {
    Category::parse(text)
        .ok_or_else(|| format!("expected one of {}", Category::ALL.map(Category::name).join(", ")))
}

fn direction(text: &str) -> Result<Direction, String> {
    Direction::parse(text).ok_or_else(|| "expected higher or lower".to_owned())
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "expected a plain number such as 12.5, in the KPI's unit".to_owned())
}
