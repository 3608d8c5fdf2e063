//! `parallax worker`: what a worker process runs. Parallax starts it itself; stdout is the protocol.

use clap::{Args, ValueEnum};

use super::exit::{self, Failure};
use crate::backend::processes::run_worker_main;

#[derive(Debug, Args)]
pub(super) struct WorkerArgs {
    /// What the worker is for
    #[arg(long, value_enum)]
    role: Role,

    /// What shall go wrong, for tests
    #[cfg(feature = "fault-injection")]
    #[arg(long, value_name = "ORDER")]
    fault: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Compute,
    Decode,
}

impl WorkerArgs {
    pub(super) fn run(&self) -> Result<(), Failure> {
        #[cfg(feature = "fault-injection")]
        if let Some(order) = &self.fault {
            crate::backend::faults::obey(order)
                .map_err(|error| Failure::new(exit::USAGE, error.to_string()))?;
        }
        match self.role {
            Role::Compute => run_worker_main().map_err(|error| {
                Failure::new(exit::BACKEND_LOST, format!("the worker ended: {error}"))
            }),
            Role::Decode => Err(Failure::new(
                exit::USAGE,
                "this version decodes in its own process",
            )),
        }
    }
}
