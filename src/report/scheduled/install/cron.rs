//! The crontab. A command goes through cron, for which `%` ends it, and then through `/bin/sh`.

use super::{InstallFile, InstallPaths, MINUTE};

/// The line that runs the schedule, with what a nightly batch would add.
pub(super) fn crontab(paths: &InstallPaths) -> InstallFile {
    let command = paths.words().into_iter().map(word).collect::<Vec<_>>().join(" ");
    let contents = format!(
        "# acctsnap: every hour the snapshots that are due. A good run prints nothing; what fails is mailed by cron.\n\
         # A busy database is waited for; the next run makes up for one that found it busy all the time (exit 6).\n\
         {MINUTE} * * * * {command} --wait 10m scheduled run\n\
         #\n\
         # A nightly batch: every file, then one snapshot an account with everything in it.\n\
         #30 1 * * * {command} --quiet ingest kpis /path/to/kpis.csv --defer; {command} --wait 10m flush --now\n"
    );
    InstallFile { path: "crontab".to_owned(), contents }
}

/// A word as cron and then the shell read it. A `%` stands outside of the quotes behind a backslash, which the one or
/// the other takes away, whichever cron it is.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@,=".contains(c);
    if text.chars().all(is_plain) && !text.is_empty() {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''").replace('%', r"'\%'"))
}
