//! Opening the window and staying until it is closed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use egui::{IconData, ViewportBuilder, vec2};

use crate::studio::session::{Limits, SessionOptions, WorkerProgram};
use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

use super::app::{App, AppOptions};
use super::missing::{WindowError, is_about_library, panic_words};
use super::picker::DesktopPicker;
use super::screenshot::{Photographer, Picture, ScreenshotOptions};
use super::state::ReportSlot;

const FIRST_SIZE: [f32; 2] = [1440.0, 900.0];
const LEAST_SIZE: [f32; 2] = [920.0, 600.0];

/// Drawn by `assets/icon/make_icon.py`.
const ICON: &[u8] = include_bytes!("../../assets/icon/parallax-256.png");

/// What the window is opened with.
pub struct WindowOptions {
    /// Opened at once.
    pub photo: Option<PathBuf>,
    /// Offered while there is no photo: the one that comes with the program.
    pub sample: Option<PathBuf>,
    /// What worker processes are started from.
    pub worker_program: WorkerProgram,
    pub folders: Folders,
    pub limits: Limits,
    /// Whether photos are opened only where the decoder's sandbox is complete.
    pub requires_sandbox: bool,
    /// Takes a picture of the window and closes it.
    pub screenshot: Option<ScreenshotOptions>,
    /// Where a report of all latencies goes when the window is closed.
    pub measure: Option<PathBuf>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// [`WindowError`] says what is missing.
pub fn run(options: WindowOptions) -> Result<(), WindowError> {
    if let Some(missing) = WindowError::probe() {
        return Err(missing);
    }
    let native = eframe::NativeOptions {
        viewport: viewport(options.screenshot.as_ref()),
        renderer: eframe::Renderer::Glow,
        persist_window: false,
        // The photo's own values go to the screen, without noise between them.
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    let (photographer, picture) = match options.screenshot {
        Some(screenshot) => {
            let (photographer, picture) = Photographer::new(screenshot);
            (Some(photographer), Some(picture))
        }
        None => (None, None),
    };
    let report = ReportSlot::default();
    let app_options = AppOptions {
        session: SessionOptions {
            worker_program: options.worker_program,
            folders: options.folders,
            limits: options.limits,
            requires_sandbox: options.requires_sandbox,
            keeps_edits: photographer.is_none(),
            wake: Arc::new(|| {}),
        },
        picker: Arc::new(DesktopPicker),
        photo: options.photo,
        sample: options.sample,
        report: options.measure.is_some().then(|| Arc::clone(&report)),
        photographer,
    };
    open(native, app_options)?;
    if let Some(path) = options.measure {
        let text = report.lock().unwrap_or_else(PoisonError::into_inner).take();
        save_bytes(
            &path,
            Existing::Replace,
            text.unwrap_or_default().as_bytes(),
        )?;
    }
    picture.map_or(Ok(()), Picture::outcome)
}

fn viewport(screenshot: Option<&ScreenshotOptions>) -> ViewportBuilder {
    let [width, height] = screenshot.map_or(FIRST_SIZE, ScreenshotOptions::size_points);
    ViewportBuilder::default()
        .with_title("Parallax")
        .with_app_id("parallax")
        .with_inner_size(vec2(width, height))
        .with_min_inner_size(LEAST_SIZE)
        .with_drag_and_drop(true)
        .with_icon(icon())
}

/// For task bars and switchers; none where it cannot be read, which a test rules out.
fn icon() -> IconData {
    eframe::icon_data::from_png_bytes(ICON).unwrap_or_default()
}

/// Some of the window's libraries panic where another is missing: that becomes an error like the
/// rest.
fn open(native: eframe::NativeOptions, options: AppOptions) -> Result<(), WindowError> {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !panic_words(info.payload()).is_some_and(is_about_library) {
            usual(info);
        }
    }));
    let create: eframe::AppCreator<'_> = Box::new(|creation| {
        let app = App::new(&creation.egui_ctx, options)?;
        Ok(Box::new(app))
    });
    match catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native("parallax", native, create)
    })) {
        Ok(result) => result.map_err(|error| WindowError::of(&error)),
        Err(payload) => match WindowError::of_panic(&*payload) {
            Some(missing) => Err(missing),
            None => resume_unwind(payload),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_can_be_read() {
        let icon = icon();
        assert_eq!((icon.width, icon.height), (256, 256));
    }
}
