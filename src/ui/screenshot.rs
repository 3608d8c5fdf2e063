//! A picture of the real window, for the README and for looking at it: sets a scene, waits until
//! everything in it is done, saves what the window shows.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use egui::{ColorImage, Context, ViewportCommand};

use crate::recipe::Recipe;
use crate::studio::tour::{Guess, TourStep};
use crate::studio::view::{View, Zoom};
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save_bytes};

use super::app::App;
use super::command::{Command, ShowCommand};
use super::dispatch::dispatch;
use super::missing::WindowError;

/// How long a scene may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long everything must have been at rest: tooltips and fades are over then.
const REST: Duration = Duration::from_millis(700);

/// What the picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scene {
    /// No photo.
    Empty,
    #[default]
    Edit,
    Wipe,
    Crop,
    Export,
    Shortcuts,
    /// After one full run on the chosen backend.
    Run,
    /// After a comparison of all backends.
    Compare,
    /// The table of all runs, after a comparison.
    Runs,
    /// The scaling lab, measured.
    Scaling,
    /// The guided tour after its first step.
    Tour,
    /// The edit on two backends.
    Sides,
}

impl Scene {
    /// Every scene with the word that asks for it.
    pub const ALL: [(&'static str, Self); 12] = [
        ("empty", Self::Empty),
        ("edit", Self::Edit),
        ("wipe", Self::Wipe),
        ("crop", Self::Crop),
        ("export", Self::Export),
        ("shortcuts", Self::Shortcuts),
        ("run", Self::Run),
        ("compare", Self::Compare),
        ("runs", Self::Runs),
        ("scaling", Self::Scaling),
        ("tour", Self::Tour),
        ("sides", Self::Sides),
    ];

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(other, _)| *other == word);
        found.map(|(_, scene)| scene)
    }
}

/// What picture is wanted.
#[derive(Debug, Clone)]
pub struct ScreenshotOptions {
    /// A PNG.
    pub file: PathBuf,
    /// Of the window, in points; the picture has as many pixels as the screen gives them.
    pub size: [u32; 2],
    pub recipe: Option<Recipe>,
    /// Screen pixels a photo pixel; `None` fits.
    pub zoom: Option<f64>,
    /// Whether panels stand around the photo.
    pub shows_panels: bool,
    pub is_light: bool,
    pub scene: Scene,
}

impl ScreenshotOptions {
    pub(super) fn size_points(&self) -> [f32; 2] {
        self.size.map(|side| side as f32)
    }
}

/// Sets the scene and takes the picture.
pub struct Photographer {
    options: ScreenshotOptions,
    began: Instant,
    at_rest_since: Option<Instant>,
    stage: Stage,
    sender: Sender<Result<(), SaveError>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The photo is being opened.
    Opening,
    /// The scene is set; wait until it is done.
    Set,
    /// The picture is on its way.
    Taken,
}

/// What came of it, once the window is closed.
pub(super) struct Picture {
    file: PathBuf,
    receiver: Receiver<Result<(), SaveError>>,
}

impl Picture {
    pub(super) fn outcome(self) -> Result<(), WindowError> {
        match self.receiver.recv_timeout(Duration::from_secs(20)) {
            Ok(saved) => Ok(saved?),
            Err(_) => Err(WindowError::NoPicture(self.file)),
        }
    }
}

impl Photographer {
    pub(super) fn new(options: ScreenshotOptions) -> (Self, Picture) {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let picture = Picture {
            file: options.file.clone(),
            receiver,
        };
        let photographer = Self {
            options,
            began: Instant::now(),
            at_rest_since: None,
            stage: Stage::Opening,
            sender,
        };
        (photographer, picture)
    }

    /// Once a frame.
    pub(super) fn step(&mut self, app: &mut App, ctx: &Context) {
        if self.began.elapsed() > PATIENCE {
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        match self.stage {
            Stage::Opening => {
                if self.is_open(app) {
                    self.set(app, ctx);
                    self.stage = Stage::Set;
                }
            }
            Stage::Set => {
                if self.is_at_rest(app) {
                    self.take(ctx);
                    self.stage = Stage::Taken;
                }
            }
            Stage::Taken => {}
        }
        ctx.request_repaint_after(Duration::from_millis(50));
    }

    fn is_open(&self, app: &App) -> bool {
        self.options.scene == Scene::Empty || app.session.is_preview_settled()
    }

    fn set(&self, app: &mut App, ctx: &Context) {
        let options = &self.options;
        let mut window = app.session.settings.window.clone();
        window.is_light = options.is_light;
        app.keep_window(ctx, window);
        app.look.hides_panels = !options.shows_panels;
        if let Some(recipe) = &options.recipe {
            let after = app.session.recipe().replaced_by(recipe);
            app.session.apply(after, "Recipe");
        }
        if let Some(scale) = options.zoom {
            let view = View {
                zoom: Zoom::Scale(scale),
                ..app.session.view()
            };
            app.session.set_view(view);
        }
        let command = match options.scene {
            Scene::Empty | Scene::Edit => return,
            Scene::Wipe => Command::Show(ShowCommand::ToggleWipe),
            Scene::Crop => Command::Show(ShowCommand::ToggleCrop),
            Scene::Export => Command::Show(ShowCommand::ToggleExport),
            Scene::Shortcuts => Command::Show(ShowCommand::ToggleShortcuts),
            Scene::Run => Command::Run,
            Scene::Compare | Scene::Runs => Command::Compare,
            Scene::Scaling => Command::MeasureScaling,
            Scene::Tour => Command::RunTourStep(TourStep::OneWorker, Some(Guess::Slower)),
            Scene::Sides => Command::Show(ShowCommand::ToggleSides),
        };
        app.panels.performance.show_scene(options.scene);
        dispatch(app, ctx, command);
    }

    fn is_at_rest(&mut self, app: &App) -> bool {
        let is_shown = self.options.scene == Scene::Empty || app.session.is_preview_settled();
        if !is_shown || app.session.jobs().is_busy() {
            self.at_rest_since = None;
            return false;
        }
        let since = *self.at_rest_since.get_or_insert_with(Instant::now);
        since.elapsed() > REST
    }

    fn take(&self, ctx: &Context) {
        let (file, sender, closing) = (self.options.file.clone(), self.sender.clone(), ctx.clone());
        ctx.request_screenshot(move |picture: Arc<ColorImage>| {
            // The last thing this window does, so it may wait for the disk.
            drop(sender.send(save_png(&file, &picture)));
            closing.send_viewport_cmd(ViewportCommand::Close);
            closing.request_repaint();
        });
    }
}

/// # Errors
/// When the file cannot be written.
pub(super) fn save_png(file: &std::path::Path, picture: &ColorImage) -> Result<(), SaveError> {
    let [width, height] = picture.size;
    let rgb: Vec<u8> = picture
        .pixels
        .iter()
        .flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()])
        .collect();
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&rgb));
    written.map_err(|error| SaveError {
        kind: SaveErrorKind::Other,
        path: file.to_owned(),
        source: std::io::Error::other(error),
    })?;
    save_bytes(file, Existing::Replace, &png)
}
