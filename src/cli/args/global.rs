//! The flags that every command takes, before or after its name.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::error::{Error, ErrorKind, Result};
use crate::model::time::Timestamp;

/// What holds for every command. Flags only: the environment is read elsewhere, so that it stays known which
/// of the two a value came from.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Configuration file; else ./snapshots.toml, else the one in the user's config folder [env: ACCTSNAP_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database file; else `database` in the config, else the one in the user's data folder [env: ACCTSNAP_DB]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Whose portfolio; else `customer` in the config, else "default" [env: ACCTSNAP_CUSTOMER]
    #[arg(long, visible_alias = "tenant", global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub customer: Option<String>,
    /// Who does it; else user@host [env: ACCTSNAP_ACTOR]
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true, value_parser = NonEmptyStringValueParser::new())]
    pub actor: Option<String>,
    /// Take this instant as now, e.g. 2026-11-22T10:00:00Z
    #[arg(long, global = true, value_name = "RFC3339", hide_short_help = true, value_parser = Timestamp::parse)]
    pub at: Option<Timestamp>,
    /// Answer what was known at a moment: 2026-09-30, 2026-09, 2026-Q3, FY27-Q1, an instant
    #[arg(long, global = true, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// Form of the answer [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Short for --format json
    #[arg(long, global = true)]
    pub json: bool,
    /// Write the answer into a file, whole or not at all
    #[arg(short, long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// On success say nothing but an answer that was asked for
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Tell of every account
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// No progress bars
    #[arg(long, global = true, hide_short_help = true)]
    pub no_progress: bool,
    /// Colour in text [default: auto] [env: NO_COLOR, CLICOLOR_FORCE]
    #[arg(long, global = true, value_name = "WHEN", hide_short_help = true)]
    pub color: Option<ColourChoice>,
    /// Form of the messages on stderr [default: text]
    #[arg(long, global = true, value_name = "FORMAT", hide_short_help = true)]
    pub log_format: Option<LogFormat>,
    /// How long a busy database is waited for, e.g. 2m [default: 30s]
    #[arg(long, global = true, value_name = "DURATION", hide_short_help = true)]
    pub wait: Option<String>,
    /// Do everything, then roll it back
    #[arg(short = 'n', long, global = true)]
    pub dry_run: bool,
    /// Do not ask before something is removed or rewritten
    #[arg(long, global = true, hide_short_help = true)]
    pub yes: bool,
}

impl GlobalArgs {
    /// The form of the answer, of `--format` and `--json` together.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the two contradict each other.
    pub fn answer_format(&self) -> Result<Format> {
        match (self.json, self.format) {
            (false, format) => Ok(format.unwrap_or_default()),
            (true, None | Some(Format::Json)) => Ok(Format::Json),
            (true, Some(other)) => Err(Error::new(
                ErrorKind::Usage,
                format!("--json is short for --format json, got --format {} too", other.name()),
            )
            .with_hint("give one of them")),
        }
    }
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated, with a header line.
    Csv,
}

impl Format {
    /// As it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// Whether errors are JSON too.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

/// When text bears colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Form of the messages on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}
