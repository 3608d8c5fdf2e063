//! What was begun and is not done: a drag, a dialog, an errand, a run that is due.

use std::path::PathBuf;
use std::sync::Arc;

use egui::layers::ShapeIdx;

use crate::studio::session::ExportWish;
use crate::ui::picker::{Asking, FilePicker};

use super::{EditGesture, Errands, FileLoads, RunSoon};

/// See the module's own words.
pub struct Work {
    pub gesture: EditGesture,
    pub run_soon: RunSoon,
    pub asking: Asking,
    pub errands: Errands,
    pub file_loads: FileLoads,
    pub last_export: Option<ExportWish>,
    /// The photo that comes with the program, where it was found.
    pub sample: Option<PathBuf>,
    /// The window's title as it was set last.
    pub title: String,
    /// A place before everything that this frame draws.
    pub first_shape: Option<ShapeIdx>,
}

impl Work {
    #[must_use]
    pub fn new(picker: Arc<dyn FilePicker>, sample: Option<PathBuf>) -> Self {
        Self {
            gesture: EditGesture::default(),
            run_soon: RunSoon::default(),
            asking: Asking::new(picker),
            errands: Errands::default(),
            file_loads: FileLoads::default(),
            last_export: None,
            sample,
            title: String::new(),
            first_shape: None,
        }
    }
}
