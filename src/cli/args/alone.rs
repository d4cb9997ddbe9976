//! The command line of one command alone: all that a run needs, in a small part of the time that all commands take.
//!
//! Whatever it takes, the whole command line takes in the same way. It answers no mistake and gives no help: for these,
//! and for every word that it does not know, the whole one is asked.

use std::ffi::OsString;

use clap::{Args, Command, FromArgMatches};

use super::{
    Cli, GlobalArgs, accounts, backup, compare, config, context, customers, erase, events, explain, export,
    flush, health, history, ingest, inspect, kpis, latest, notes, restore, retention, scheduled, snapshot,
    status, tags, uploads, verify,
};

/// Gives a command its arguments.
type Augment = fn(Command) -> Command;

/// The commands that work on a database, each with what follows its name.
const COMMANDS: [(&str, Augment); 26] = [
    ("accounts", accounts::AccountsArgs::augment_args),
    ("backup", backup::BackupArgs::augment_args),
    ("compare", compare::CompareArgs::augment_args),
    ("config", config::ConfigArgs::augment_args),
    ("context", context::ContextArgs::augment_args),
    ("customers", customers::CustomersArgs::augment_args),
    ("erase", erase::EraseArgs::augment_args),
    ("events", events::EventsArgs::augment_args),
    ("explain", explain::ExplainArgs::augment_args),
    ("export", export::ExportArgs::augment_args),
    ("flush", flush::FlushArgs::augment_args),
    ("health", health::HealthArgs::augment_args),
    ("history", history::HistoryArgs::augment_args),
    ("ingest", ingest::IngestArgs::augment_args),
    ("inspect", inspect::InspectArgs::augment_args),
    ("kpis", kpis::KpisArgs::augment_args),
    ("latest", latest::LatestArgs::augment_args),
    ("notes", notes::NotesArgs::augment_args),
    ("restore", restore::RestoreArgs::augment_args),
    ("retention", retention::RetentionArgs::augment_args),
    ("scheduled", scheduled::ScheduledArgs::augment_args),
    ("snapshot", snapshot::SnapshotArgs::augment_args),
    ("status", status::StatusArgs::augment_args),
    ("tags", tags::TagsArgs::augment_args),
    ("uploads", uploads::UploadsArgs::augment_args),
    ("verify", verify::VerifyArgs::augment_args),
];

/// What the arguments say, where the first word among them that is a command's name is the command.
#[must_use]
pub fn parse(arguments: &[OsString]) -> Option<Cli> {
    let named = |argument: &OsString| COMMANDS.iter().find(|(name, _)| argument == name);
    let (name, augment) = arguments.iter().skip(1).find_map(named)?;
    let command = GlobalArgs::augment_args(Command::new("acctsnap")).subcommand(augment(Command::new(*name)));
    Cli::from_arg_matches(&command.try_get_matches_from(arguments).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    /// What of a command decides how it is parsed.
    fn shape(command: &Command, path: &str, into: &mut BTreeSet<String>) {
        for argument in command.get_arguments() {
            into.insert(format!("{path} {argument:?}"));
        }
        for group in command.get_groups() {
            into.insert(format!("{path} {group:?}"));
        }
        for sub in command.get_subcommands() {
            let path = format!("{path} {}", sub.get_name());
            into.insert(format!(
                "{path} {:?} {} {}",
                sub.get_all_aliases().collect::<Vec<_>>(),
                sub.is_subcommand_required_set(),
                sub.is_arg_required_else_help_set()
            ));
            shape(sub, &path, into);
        }
    }

    #[test]
    fn each_command_alone_is_what_it_is_among_the_others() {
        let whole = Cli::command();
        for (name, augment) in COMMANDS {
            let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
            let among = whole.find_subcommand(name).unwrap_or_else(|| panic!("no command {name}"));
            assert_eq!(among.get_name(), name, "an alias is no name");
            shape(&augment(Command::new(name)), name, &mut ours);
            shape(among, name, &mut theirs);
            assert_eq!(ours, theirs);
        }
        let elsewhere = ["completions", "man", "schema", "__complete", "report", "mcp"];
        for sub in whole.get_subcommands().map(Command::get_name) {
            let is_here = COMMANDS.iter().any(|(name, _)| *name == sub);
            assert_ne!(is_here, elsewhere.contains(&sub), "{sub} is in one of the two lists");
        }
    }

    #[test]
    fn what_it_takes_the_whole_command_line_takes_alike_and_mistakes_are_left_to_it() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in [
            "acctsnap latest -a Acme --json",
            "acctsnap --customer health latest --all --format csv",
            "acctsnap --customer latest latest -a verify",
            "acctsnap -q snapshot create --all --reason latest",
            "acctsnap ingest kpis a.csv --at 2026-01-01T00:00:00Z --db x.db",
        ] {
            let whole = Cli::try_parse_from(words(line)).map_err(|error| panic!("{line}: {error}")).unwrap();
            if let Some(alone) = parse(&words(line)) {
                assert_eq!(format!("{alone:?}"), format!("{whole:?}"), "{line}");
            }
        }
        assert!(parse(&words("acctsnap latest -a Acme")).is_some());
        for line in [
            "acctsnap",
            "acctsnap latest --al",
            "acctsnap --help",
            "acctsnap latest --help",
            "acctsnap --customer latest",
            "acctsnap upload kpis a.csv",
            "acctsnap frobnicate latest",
        ] {
            assert!(parse(&words(line)).is_none(), "{line}");
        }
    }
}
