//! `parallax completions`: a script that teaches a shell the command line.

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::generate;

use super::args::Cli;
use super::exit::Failure;
use super::print::print;

const EXAMPLES: &str = "\
Examples:
  parallax completions bash > ~/.local/share/bash-completion/completions/parallax
  parallax completions zsh  > ~/.zfunc/_parallax
  parallax completions fish > ~/.config/fish/completions/parallax.fish";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl CompletionsArgs {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut command = Cli::command();
        let mut script = Vec::new();
        let shell = match self.shell {
            Shell::Bash => clap_complete::Shell::Bash,
            Shell::Zsh => clap_complete::Shell::Zsh,
            Shell::Fish => clap_complete::Shell::Fish,
        };
        generate(shell, &mut command, "parallax", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}
