//! `bench --process-costs`: what worker processes cost on this machine, in a few lines.

use crate::cli::apply::worker_program;
use crate::cli::exit::{self, Failure};
use crate::cli::print::print;
use crate::studio::bench::{Job, ProcessCosts, Scene};

pub(super) fn tell(
    scene: &Scene<'_>,
    jobs: &[Job],
    (n_workers, n_rounds): (usize, usize),
) -> Result<(), Failure> {
    let Some((job, recipe)) = jobs.iter().find_map(|job| Some((job, job.work.recipe()?))) else {
        return Err(Failure::new(exit::USAGE, "there is no recipe to measure"));
    };
    let size = (n_workers, n_rounds);
    let costs = ProcessCosts::measure(scene, recipe, &worker_program(), size)?;
    let ms = |ns: u64| format!("{:.1} ms", ns as f64 / 1e6);
    let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    print(&format!(
        "cold start   {} until one worker is ready, of which {} until its process is made\n\
         \x20            {} until all {n_workers} are\n\
         warm start   {} from the request to the first tile being computed\n\
         {} on {n_workers} workers, medians of {n_rounds} runs each, in turn:\n\
         threads      {}\n\
         pipes        {}: threads + {:.2} × the floor; {} moved, {:.2} × photo and output\n\
         shared       {}: {:.2} of the throughput of threads\n\
         floor        {}: the photo sent to a process and back, its start included\n",
        ms(costs.cold_ns),
        ms(costs.made_ns),
        ms(costs.cold_pool_ns),
        ms(costs.warm_ns),
        job.what,
        ms(costs.threads_ns),
        ms(costs.pipes_ns),
        costs.floors(),
        mb(costs.moved_bytes),
        costs.moved_share(),
        ms(costs.shared_memory_ns),
        costs.shared_memory_share(),
        ms(costs.floor_ns),
    ))
}
