//! `parallax --version`, and with `--verbose` what this machine offers: for a bug report.

use super::apply::worker_program;
use super::exit::Failure;
use super::print::print;
use crate::backend::decoder::Decoder;
use crate::pixels::simd::SimdLevel;
use crate::studio::BackendKind;
use crate::telemetry::machine::Machine;

/// Parts that only some builds have.
const FEATURES: &str = if cfg!(feature = "fault-injection") {
    "fault-injection"
} else {
    "none"
};

pub(super) fn run(verbose: bool) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    if !verbose {
        return print(&format!("parallax {version}\n"));
    }
    let machine = Machine::gather();
    let levels: Vec<&str> = SimdLevel::available()
        .iter()
        .map(|level| level.name())
        .collect();
    let backends = BackendKind::ALL.map(BackendKind::id).join(", ");
    print(&format!(
        "parallax {version}\n\
         processor  {}\n\
         cores      {} usable of {}\n\
         SIMD       {} (of {})\n\
         system     {}\n\
         backends   {backends}\n\
         transport  pipes, shared-memory\n\
         features   {FEATURES}\n\
         sandbox    {}\n",
        machine.cpu_model,
        machine.usable_cores,
        machine.logical_cores,
        machine.simd_level,
        levels.join(", "),
        machine.os,
        sandbox(),
    ))
}

/// What would hold a process that decodes a photo: one is started and asked.
fn sandbox() -> String {
    match Decoder::beside(&worker_program()).probe() {
        Ok(state) => {
            let landlock = state
                .landlock_abi
                .map_or_else(String::new, |abi| format!(" (Landlock {abi})"));
            format!("{state}{landlock}")
        }
        Err(error) => format!("not known: {error}"),
    }
}
