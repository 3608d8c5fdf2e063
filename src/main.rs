//! The program: parse the command line, run it, exit with its code. All else lives in the library.

use std::process::ExitCode;

use parallax::backend::processes::WorkerProgram;
use parallax::cli::{self, Next};
use parallax::codecs::Limits;
use parallax::recipe::{Catalogue, RecipeFile};
use parallax::studio::sample::sample_photo;
use parallax::system::folders::Folders;
use parallax::ui::{self, Scene};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Next::Exit(code) => code,
        Next::Window(options) => match open_window(*options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => cli::no_window(&format!("{error:#}")),
        },
    }
}

/// The two doors do not know each other: what one was asked for is told to the other here.
fn open_window(options: cli::WindowOptions) -> anyhow::Result<()> {
    let folders = Folders::find();
    let mut limits = Limits::default();
    if let Some(max_megapixels) = options.max_megapixels {
        limits.max_megapixels = max_megapixels;
    }
    let sample = sample_photo(&folders);
    let screenshot = options.screenshot.map(screenshot_options).transpose()?;
    let is_empty = screenshot
        .as_ref()
        .is_some_and(|shot| shot.scene == Scene::Empty);
    let first = options.photos.into_iter().next();
    let photo = first.or_else(|| sample.clone()).filter(|_| !is_empty);
    ui::run(ui::WindowOptions {
        photo,
        sample,
        worker_program: WorkerProgram::this_executable()?,
        folders,
        limits,
        requires_sandbox: options.require_sandbox,
        screenshot,
        measure: options.measure,
    })?;
    Ok(())
}

fn screenshot_options(asked: cli::ScreenshotOptions) -> anyhow::Result<ui::ScreenshotOptions> {
    let read = |path: &std::path::PathBuf| RecipeFile::read(path, &Catalogue::all());
    let recipe = asked
        .recipe
        .as_ref()
        .map(read)
        .transpose()?
        .map(|file| file.recipe);
    let Some(scene) = Scene::from_word(&asked.scene) else {
        let words = Scene::ALL.map(|(word, _)| word).join(", ");
        anyhow::bail!("there is no scene {}; there are {words}", asked.scene);
    };
    Ok(ui::ScreenshotOptions {
        file: asked.file,
        size: asked.size_px,
        recipe,
        zoom: match asked.zoom {
            cli::Zoom::Fit => None,
            cli::Zoom::Percent(percent) => Some(f64::from(percent) / 100.0),
        },
        shows_panels: !asked.is_bare,
        is_light: asked.theme == cli::Theme::Light,
        scene,
    })
}
