//! Commands as other programs call them, and what they are called here: distance of letters finds `lst`, not `diff`.

/// What people type, and the command line that does it here.
const WORDS: [(&str, &str); 24] = [
    ("add", "acctsnap ingest kpis"),
    ("alerts", "acctsnap status"),
    ("check", "acctsnap status"),
    ("companies", "acctsnap accounts list"),
    ("company", "acctsnap accounts list"),
    ("configure", "acctsnap config init"),
    ("cron", "acctsnap scheduled install"),
    ("delete", "acctsnap accounts archive"),
    ("diff", "acctsnap compare"),
    ("get", "acctsnap latest"),
    ("init", "acctsnap config init"),
    ("list", "acctsnap accounts list"),
    ("load", "acctsnap ingest kpis"),
    ("log", "acctsnap history"),
    ("ls", "acctsnap accounts list"),
    ("preview", "acctsnap inspect"),
    ("remove", "acctsnap accounts archive"),
    ("rm", "acctsnap accounts archive"),
    ("score", "acctsnap explain"),
    ("scores", "acctsnap explain"),
    ("settings", "acctsnap config show"),
    ("show", "acctsnap latest"),
    ("tenants", "acctsnap customers list"),
    ("why", "acctsnap explain"),
];

/// The command line that does here what a word means elsewhere.
#[must_use]
pub fn command_for(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::super::args::Cli;
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn every_word_leads_to_a_command_and_is_none_itself() {
        assert!(WORDS.is_sorted());
        for (word, line) in WORDS {
            let mut command = &Cli::command();
            assert!(command.find_subcommand(word).is_none(), "{word} is a command");
            for name in line.split(' ').skip(1) {
                command = command.find_subcommand(name).unwrap_or_else(|| panic!("{line} is not there"));
            }
        }
    }
}
