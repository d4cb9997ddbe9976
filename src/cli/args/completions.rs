//! `completions`, and the hidden command that its scripts ask.

use clap::Args;

use crate::cli::completion::Shell;

/// `completions`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  acctsnap completions bash -o ~/.local/share/bash-completion/completions/acctsnap
  acctsnap completions zsh -o ~/.zfunc/_acctsnap   (in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath))
  acctsnap completions fish -o ~/.config/fish/completions/acctsnap.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// `__complete`
#[derive(Debug, Args)]
pub struct CompleteArgs {
    /// The shell that asks
    #[arg(value_enum)]
    pub shell: Shell,
    /// The line up to the cursor
    #[arg(allow_hyphen_values = true)]
    pub line: String,
    /// The characters at which it begins a word of its own
    #[arg(allow_hyphen_values = true, default_value = "")]
    pub breaks: String,
}
