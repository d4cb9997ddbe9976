//! What each shell runs when it starts. The scripts know nothing of the commands: they hand over the line.

use super::Shell;

pub(super) const fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("acctsnap.bash"),
        Shell::Zsh => include_str!("acctsnap.zsh"),
        Shell::Fish => include_str!("acctsnap.fish"),
    }
}
