//! The program: parse the command line, run it, exit with its code. All else lives in the library.

use std::process::ExitCode;

use parallax::cli::{self, Next};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Next::Exit(code) => code,
        Next::Window(_options) => cli::no_window("the window is not built yet"),
    }
}
