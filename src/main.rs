//! The program: hands on to the command that was asked for.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args != ["worker", "--role", "compute"] {
        return ExitCode::from(2);
    }
    match parallax::backend::processes::run_worker_main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the program's one error line")]
            {
                eprintln!("parallax: worker: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
