//! `parallax worker`: what a worker process runs. Parallax starts it itself; stdout, or for one that
//! decodes stdin, is the protocol.

use clap::{Args, ValueEnum};

use super::exit::{self, Failure};
use crate::backend::decoder::run_decoder_main;
use crate::backend::processes::{run_echo_main, run_worker_main};
use crate::codecs::leave_decoding_to_others;
use crate::system::sandbox::Reach;

#[derive(Debug, Args)]
pub(super) struct WorkerArgs {
    /// What the worker is for
    #[arg(long, value_enum)]
    role: Role,

    /// Leave files open to it: it is handed memory by name
    #[arg(long)]
    memory_by_name: bool,

    /// What shall go wrong, for tests
    #[cfg(feature = "fault-injection")]
    #[arg(long, value_name = "ORDER")]
    fault: Option<String>,
    /// What to try, one after the other
    #[cfg(all(feature = "fault-injection", target_os = "linux"))]
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    acts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Computes tiles
    Compute,
    /// Decodes one photo
    Decode,
    /// Sends back what it is sent, for measuring
    Echo,
    /// Does what a decoder that was taken over would, for tests
    #[cfg(all(feature = "fault-injection", target_os = "linux"))]
    Attack,
    /// Runs this program as on a system without Landlock, for tests
    #[cfg(all(feature = "fault-injection", target_os = "linux"))]
    WithoutLandlock,
}

impl WorkerArgs {
    pub(super) fn run(&self) -> Result<(), Failure> {
        #[cfg(feature = "fault-injection")]
        if let Some(order) = &self.fault {
            crate::backend::faults::obey(order)
                .map_err(|error| Failure::new(exit::USAGE, error.to_string()))?;
        }
        let ended = |error: &dyn std::fmt::Display| {
            Failure::new(exit::BACKEND_LOST, format!("the worker ended: {error}"))
        };
        match self.role {
            Role::Compute => {
                leave_decoding_to_others();
                let reach = if self.memory_by_name {
                    Reach::NamedMemory
                } else {
                    Reach::Nothing
                };
                run_worker_main(reach).map_err(|error| ended(&error))
            }
            Role::Decode => run_decoder_main().map_err(|error| ended(&error)),
            Role::Echo => run_echo_main().map_err(|error| ended(&error)),
            #[cfg(all(feature = "fault-injection", target_os = "linux"))]
            Role::Attack => {
                crate::backend::decoder::run_attack_main(&self.acts).map_err(|error| ended(&error))
            }
            #[cfg(all(feature = "fault-injection", target_os = "linux"))]
            Role::WithoutLandlock => crate::backend::decoder::run_without_landlock(&self.acts)
                .map_err(|error| ended(&error)),
        }
    }
}
