//! The whole command line as clap sees it; each command's own arguments live in its file.

use clap::{Parser, Subcommand};

use super::apply::ApplyArgs;
use super::bench::BenchArgs;
use super::completions::CompletionsArgs;
use super::filters::FiltersArgs;
use super::info::InfoArgs;
use super::window::WindowArgs;
use super::worker::WorkerArgs;

/// What `--help` says below the options.
const EXAMPLES: &str = "\
Examples:
  parallax photo.jpg                       edit a photo in the window
  parallax apply photo.jpg -o new.jpg --set exposure.ev=0.7 --set blur.radius=4
  parallax bench photo.jpg --filter blur,radius=8
  parallax filters                         what can be set, and in which ranges

Without a display, apply, bench, filters and info work all the same.";

/// A photo editor that shows its own parallelism.
///
/// Without a command it opens the window, with the sample photo when none is given.
#[derive(Debug, Parser)]
#[command(
    name = "parallax",
    after_help = EXAMPLES,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    #[command(flatten)]
    pub(super) window: WindowArgs,

    /// Print the version; with --verbose also what this machine offers
    #[arg(long, short = 'V')]
    pub(super) version: bool,

    #[arg(
        long,
        short,
        global = true,
        help = "Say more about what is being done (RUST_LOG chooses in detail)"
    )]
    pub(super) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Edit a photo and save the result as a new file
    Apply(Box<ApplyArgs>),
    /// Measure how long edits take on each backend
    Bench(Box<BenchArgs>),
    /// List every filter with its parameters
    Filters(FiltersArgs),
    /// Tell what a photo is and how it would be opened
    Info(InfoArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    #[command(hide = true)]
    Worker(WorkerArgs),
}
