//! From arguments to an exit code: parse, choose the command, run it, say what went wrong.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use super::apply::worker_program;
use super::args::{Cli, Command};
use super::exit::{self, Failure};
use super::print::{print, say};
use super::window::WindowOptions;
use super::{panics, version};
use crate::backend::cancel::Cancel;
use crate::backend::decoder::Decoder;
use crate::codecs::leave_decoding_to_others;
use crate::system::lifetime::outlive_the_limit_of_files;
use crate::system::spare_memory::share_where_bounded;
use crate::telemetry::clock::now_ns;

/// What `main` does next.
#[derive(Debug)]
pub enum Next {
    Exit(ExitCode),
    /// Open the window.
    Window(Box<WindowOptions>),
}

/// Runs the command line.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> Next {
    // The clock of all events begins here.
    let _began_ns = now_ns();
    share_where_bounded();
    let done = match Cli::try_parse_from(args) {
        Ok(cli) => run_parsed(cli),
        Err(error) => refuse(&error).map(|()| None),
    };
    match done {
        Ok(Some(window)) => Next::Window(Box::new(window)),
        Ok(None) => Next::Exit(ExitCode::from(exit::DONE)),
        Err(failure) => {
            if !failure.is_quiet() {
                say(&failure.to_string());
            }
            Next::Exit(ExitCode::from(failure.code))
        }
    }
}

/// Says why there is no window and what works without one.
#[must_use]
pub fn no_window(why: &str) -> ExitCode {
    let failure = Failure::new(exit::OTHER, why)
        .advise("apply, bench, filters and info work without a window, see `parallax --help`");
    say(&failure.to_string());
    ExitCode::from(failure.code)
}

/// `None` when the command was run; otherwise the window is wanted.
fn run_parsed(cli: Cli) -> Result<Option<WindowOptions>, Failure> {
    // A worker is started by the dozen: it does without everything below.
    if let Some(Command::Worker(args)) = &cli.command {
        return args.run().map(|()| None);
    }
    outlive_the_limit_of_files();
    leave_decoding_to_others();
    panics::log_to_stderr(cli.verbose);
    panics::tell_plainly(cli.verbose);
    if cli.version {
        return version::run(cli.verbose).map(|()| None);
    }
    let Some(command) = cli.command else {
        let window = cli.window.options()?;
        if window.require_sandbox {
            // A window that could open nothing is not worth opening.
            let decoder = Decoder::beside(&worker_program()).requiring_sandbox(true);
            decoder.probe().map_err(|error| exit::of_decoder(&error))?;
        }
        return Ok(Some(window));
    };
    cli.window.refuse_beside_a_command()?;
    let outcome = catch_unwind(AssertUnwindSafe(|| run_command(command)));
    // The panic's own line was said when it happened.
    outcome
        .unwrap_or_else(|_| Err(Failure::quiet(exit::OTHER)))
        .map(|()| None)
}

fn run_command(command: Command) -> Result<(), Failure> {
    let cancel = Cancel::default();
    match command {
        Command::Apply(args) => args.run(&cancel),
        Command::Bench(args) => args.run(&cancel),
        Command::Filters(args) => args.run(),
        Command::Info(args) => args.run(),
        Command::Completions(args) => args.run(),
        Command::Worker(args) => args.run(),
    }
}

/// Help is a result; anything else clap says is wrong usage.
fn refuse(error: &clap::Error) -> Result<(), Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp => print(&error.render().to_string()),
        _ => Err(exit::of_usage(error)),
    }
}
