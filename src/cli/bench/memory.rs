//! The memory of one recipe on one backend: the hidden option, and the process it is made for.

use std::path::Path;
use std::process::{Command, Stdio};

use tracing::warn;

use crate::cli::apply::worker_program;
use crate::cli::exit::{self, Failure};
use crate::cli::options::LimitOptions;
use crate::cli::print::print;
use crate::cli::recipes;
use crate::recipe::RecipeFile;
use crate::studio::StudioError;
use crate::studio::bench::{Contender, Job, Scene, peak_memory_bytes};
use crate::studio::engines::Engines;

/// What the hidden option does in the process made for it.
pub(super) fn tell(
    scene: &Scene<'_>,
    jobs: &[Job],
    contenders: &[Contender],
) -> Result<(), Failure> {
    let recipe = jobs.first().and_then(|job| job.work.recipe());
    let (Some(recipe), [Contender::Backend(choice)]) = (recipe, contenders) else {
        return Err(Failure::new(
            exit::USAGE,
            "memory is measured for one recipe on one backend at a time",
        ));
    };
    let engines = Engines::new(worker_program());
    let backend = engines.get(*choice).map_err(StudioError::from)?;
    let bytes = peak_memory_bytes(&scene.full_run(recipe), &*backend)?;
    bytes.map_or(Ok(()), |bytes| print(&format!("{bytes}\n")))
}

/// Starts this program anew for one job; `None` where that cannot be measured, as of anything but a
/// recipe on a backend.
pub(super) fn of(
    photo: &Path,
    job: &Job,
    contender: Contender,
    tile_px: Option<u32>,
    limits: &LimitOptions,
) -> Option<u64> {
    let Contender::Backend(choice) = contender else {
        return None;
    };
    let recipe = RecipeFile::preset(job.work.recipe()?.clone());
    let recipe = recipes::as_temporary_file(&recipe)?;
    let mut command = Command::new(worker_program().program);
    command
        .arg("bench")
        .arg("--memory-only")
        .arg("--recipe")
        .arg(recipe.path())
        .args([
            "--backends",
            choice.kind.id(),
            "--workers",
            &choice.n_workers.to_string(),
            "--transport",
            choice.transport.id(),
        ])
        .args(limits.as_args())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    if let Some(tile_px) = tile_px {
        command.args(["--tile", &tile_px.to_string()]);
    }
    let output = command.arg("--").arg(photo).output();
    let text = output.ok().filter(|output| output.status.success())?.stdout;
    let bytes = String::from_utf8(text).ok()?.trim().parse().ok();
    if bytes.is_none() {
        warn!("the memory of {} could not be measured", choice.kind.id());
    }
    bytes
}
