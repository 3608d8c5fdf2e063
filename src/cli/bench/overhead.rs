//! `bench --overhead`: what measuring itself costs, in one line.

use crate::cli::exit::{self, Failure};
use crate::cli::print::print;
use crate::studio::bench::{Job, Overhead, Scene};

pub(super) fn tell(scene: &Scene<'_>, jobs: &[Job], n_rounds: usize) -> Result<(), Failure> {
    let Some((job, recipe)) = jobs.iter().find_map(|job| Some((job, job.work.recipe()?))) else {
        return Err(Failure::new(exit::USAGE, "there is no recipe to measure"));
    };
    let overhead = Overhead::measure(scene, recipe, n_rounds)?;
    let ms = |ns: u64| ns as f64 / 1e6;
    let clock = if overhead.is_cpu_time {
        "CPU time of the computing thread"
    } else {
        "wall time"
    };
    print(&format!(
        "measuring costs {:+.2} % ({}, {} tiles of {} px on one core: {:.1} ms measured, {:.1} ms not; \
         medians of {n_rounds} runs each, in turn; {clock})\n",
        overhead.share() * 100.0,
        job.what,
        overhead.n_tiles,
        overhead.tile_px,
        ms(overhead.measured_ns),
        ms(overhead.unmeasured_ns),
    ))
}
