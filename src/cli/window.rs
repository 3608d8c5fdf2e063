//! The default command: which photos the window shall open, or which picture of it to take.

use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, ValueEnum};

use super::args::Cli;
use super::exit::{self, Failure};

/// What the window is opened with.
#[derive(Debug, Clone, Default)]
pub struct WindowOptions {
    /// None: the sample photo.
    pub photos: Vec<PathBuf>,
    /// Refuse photos of more megapixels than this.
    pub max_megapixels: Option<u32>,
    /// Refuse photos where the decoder's sandbox is not complete.
    pub require_sandbox: bool,
    pub screenshot: Option<ScreenshotOptions>,
    /// Where a report of latencies goes when the window is closed.
    pub measure: Option<PathBuf>,
}

/// Draw the real window, save a picture of it and end.
#[derive(Debug, Clone)]
pub struct ScreenshotOptions {
    pub file: PathBuf,
    /// Of the window, in pixels.
    pub size_px: [u32; 2],
    pub recipe: Option<PathBuf>,
    pub zoom: Zoom,
    /// The photo alone, without panels around it.
    pub is_bare: bool,
    pub theme: Theme,
    /// What the picture shows, by the window's own word for it.
    pub scene: String,
}

/// How large the photo stands in the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    Fit,
    /// 100 is a pixel of the photo a pixel of the screen.
    Percent(f32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

#[derive(Debug, Args)]
pub(super) struct WindowArgs {
    /// Photos to open in the window
    #[arg(value_name = "PHOTO")]
    photos: Vec<PathBuf>,

    #[arg(long, value_name = "FILE", hide = true)]
    screenshot: Option<PathBuf>,
    #[arg(long, value_name = "WxH", hide = true, requires = "screenshot",
        default_value = "1600x1000", value_parser = read_size)]
    size: [u32; 2],
    #[arg(long, value_name = "FILE", hide = true, requires = "screenshot")]
    recipe: Option<PathBuf>,
    #[arg(long, value_name = "fit|PERCENT", hide = true, requires = "screenshot",
        default_value = "fit", value_parser = read_zoom)]
    zoom: Zoom,
    /// Without panels
    #[arg(long, hide = true, requires = "screenshot")]
    bare: bool,
    #[arg(long, hide = true, requires = "screenshot", value_enum, default_value_t = Theme::Dark)]
    theme: Theme,
    #[arg(
        long,
        value_name = "WORD",
        hide = true,
        requires = "screenshot",
        default_value = "edit"
    )]
    scene: String,
    #[arg(long, value_name = "FILE", hide = true)]
    measure: Option<PathBuf>,
    /// Refuse photos of more megapixels than this [default: 500]
    #[arg(long, value_name = "N")]
    max_megapixels: Option<u32>,
    /// Refuse to open photos where the sandbox of the process that decodes them is not complete
    #[arg(long)]
    require_sandbox: bool,
}

impl WindowArgs {
    /// Photos before a command would be forgotten in silence.
    pub(super) fn refuse_beside_a_command(&self) -> Result<(), Failure> {
        self.photos.first().map_or(Ok(()), |photo| {
            Err(
                Failure::new(exit::USAGE, "a photo stands before the command")
                    .about(photo)
                    .advise("write the command first, or ./NAME for a photo called like one"),
            )
        })
    }

    pub(super) fn options(self) -> Result<WindowOptions, Failure> {
        if let Some(missing) = self.photos.iter().find(|photo| is_missing(photo)) {
            let names = || {
                Cli::command()
                    .get_subcommands()
                    .map(|c| c.get_name().to_owned())
                    .collect()
            };
            let names: Vec<String> = names();
            let given = missing.to_string_lossy();
            let near = names
                .iter()
                .find(|name| name.starts_with(&*given) || given.starts_with(name.as_str()));
            let advice = match near {
                Some(name) => format!("the command is called {name} and stands first"),
                None => "check the name, or see `parallax --help` for the commands".to_owned(),
            };
            return Err(Failure::new(exit::INPUT, "no such file")
                .about(missing)
                .advise(advice));
        }
        let screenshot = self.screenshot.map(|file| ScreenshotOptions {
            file,
            size_px: self.size,
            recipe: self.recipe,
            zoom: self.zoom,
            is_bare: self.bare,
            theme: self.theme,
            scene: self.scene,
        });
        Ok(WindowOptions {
            photos: self.photos,
            max_megapixels: self.max_megapixels,
            require_sandbox: self.require_sandbox,
            screenshot,
            measure: self.measure,
        })
    }
}

fn is_missing(photo: &std::path::Path) -> bool {
    photo
        .metadata()
        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Why an option of the screenshot is not understood.
#[derive(Debug, thiserror::Error)]
enum OptionError {
    #[error("write it as WIDTHxHEIGHT, such as 1600x1000, each from 64 to 16384")]
    Size,
    #[error("write fit or a percentage from 1 to 3200")]
    Zoom,
}

fn read_size(text: &str) -> Result<[u32; 2], OptionError> {
    let side = |text: &str| {
        text.parse()
            .ok()
            .filter(|side| (64..=16_384).contains(side))
    };
    let (width, height) = text.split_once('x').ok_or(OptionError::Size)?;
    match (side(width), side(height)) {
        (Some(width), Some(height)) => Ok([width, height]),
        _ => Err(OptionError::Size),
    }
}

fn read_zoom(text: &str) -> Result<Zoom, OptionError> {
    if text == "fit" {
        return Ok(Zoom::Fit);
    }
    let percent = text
        .parse()
        .ok()
        .filter(|percent| (1.0..=3200.0).contains(percent));
    percent.map(Zoom::Percent).ok_or(OptionError::Zoom)
}
