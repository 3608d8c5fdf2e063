//! The program: parse the command line, run it or open the window, exit with its code. All else lives
//! in the library; the two doors meet only here.

use std::process::ExitCode;

use parallax::cli::{self, Next};
use parallax::recipe::{Catalogue, RecipeFile};
use parallax::studio::session::{Limits, WorkerProgram};
use parallax::system::folders::Folders;
use parallax::ui;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Next::Exit(code) => code,
        Next::Window(options) => match open_window(*options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => cli::no_window(&format!("{error:#}")),
        },
    }
}

fn open_window(options: cli::WindowOptions) -> anyhow::Result<()> {
    let screenshot = options.screenshot.map(picture_of_window).transpose()?;
    ui::run(ui::WindowOptions {
        photo: options.photos.into_iter().next(),
        worker_program: WorkerProgram::this_executable()?,
        folders: Folders::find(),
        limits: Limits::default(),
        screenshot,
        measure: options.measure,
    })?;
    Ok(())
}

fn picture_of_window(options: cli::ScreenshotOptions) -> anyhow::Result<ui::ScreenshotOptions> {
    let read = |path: std::path::PathBuf| RecipeFile::read(&path, &Catalogue::all());
    let word = options.state.as_deref().unwrap_or("edit");
    let scene = ui::Scene::from_word(word)
        .ok_or_else(|| anyhow::anyhow!("there is no state {word:?} of the window"))?;
    Ok(ui::ScreenshotOptions {
        file: options.file,
        size_px: options.size_px,
        scale: options.scale,
        recipe: options
            .recipe
            .map(read)
            .transpose()?
            .map(|file| file.recipe),
        zoom: match options.zoom {
            cli::Zoom::Fit => None,
            cli::Zoom::Percent(percent) => Some(f64::from(percent) / 100.0),
        },
        shows_panels: !options.panels.iter().any(|panel| panel == "none"),
        is_light: options.theme == cli::Theme::Light,
        scene,
    })
}
