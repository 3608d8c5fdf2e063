//! What a person chose and would not choose again every day: recent files, export, looks.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::filters::value::{Value, Values};
use crate::pixels::geometry::Size;
use crate::pixels::image::Depth;
use crate::recipe::{Catalogue, Recipe};
use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

use super::export::IfExists;
use super::full_run::{OutputChoice, OutputProfile};

/// The filter an export at another size adds.
const RESIZE: &str = "resize";

/// Recent photos remembered.
const MAX_RECENT: usize = 12;

/// Kept as TOML in the folder for settings; fields that are missing have their defaults.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub export: ExportSettings,
    pub window: WindowSettings,
    /// Newest first.
    pub recent: Vec<PathBuf>,
}

/// The export sheet as it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportSettings {
    /// 1…100, for JPEG.
    pub quality: u8,
    /// 444, 422 or 420, for JPEG.
    pub subsampling: u16,
    pub profile: OutputProfile,
    /// For PNG and TIFF; `None`: as the photo has it.
    pub depth_bits: Option<u8>,
    /// The longer side of the file's picture, in pixels, where the edited photo has more.
    pub long_side_px: Option<u32>,
    pub if_exists: IfExists,
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            quality: 92,
            subsampling: 444,
            profile: OutputProfile::Srgb,
            depth_bits: None,
            long_side_px: None,
            if_exists: IfExists::KeepBoth,
        }
    }
}

impl ExportSettings {
    /// What makes a picture of this size: `recipe`, reduced behind all its edits where it is too
    /// large. `picture`: what `recipe` makes at present.
    #[must_use]
    pub fn sized(&self, recipe: &Recipe, picture: Size) -> Recipe {
        let spec = Catalogue::all().find(RESIZE);
        match (self.long_side_px, spec) {
            (Some(long_side_px), Some(spec)) if picture.long_side() > long_side_px.max(1) => {
                let side = Value::Number(f64::from(long_side_px.max(1)));
                let idx = spec.param_idx("long_side").unwrap_or_default();
                let values = Values::identity(spec).with(idx, side);
                recipe.inserted_at(usize::MAX, spec, &values).0
            }
            _ => recipe.clone(),
        }
    }

    #[must_use]
    pub fn output(&self) -> OutputChoice {
        let depth = match self.depth_bits {
            Some(8) => Some(Depth::Eight),
            Some(16) => Some(Depth::Sixteen),
            _ => None,
        };
        OutputChoice {
            profile: self.profile,
            depth,
        }
    }
}

/// The window as it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each a field of the file"
)]
pub struct WindowSettings {
    pub is_light: bool,
    /// Name of the canvas' surround.
    pub surround: String,
    pub shows_performance: bool,
    /// The performance panel is in a window of its own.
    pub detaches_performance: bool,
    /// Of the performance panel in the window's foot, in points.
    pub performance_height: u32,
    pub shows_left: bool,
    pub shows_right: bool,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self {
            is_light: false,
            surround: "middle".to_owned(),
            shows_performance: true,
            detaches_performance: false,
            performance_height: 264,
            shows_left: true,
            shows_right: true,
        }
    }
}

impl Settings {
    /// From the folder for settings; the defaults where nothing (readable) is there.
    #[must_use]
    pub fn load(folders: &Folders) -> Self {
        let text = path(folders).and_then(|path| std::fs::read_to_string(path).ok());
        text.and_then(|text| toml::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// Best effort: settings that cannot be kept are not worth a word. Waits for the disk; the window
    /// has a [`Keeper`](super::keeper::Keeper) do it.
    pub fn save(&self, folders: &Folders) {
        let (Some(path), Ok(text)) = (path(folders), toml::to_string(self)) else {
            return;
        };
        let folder = path.parent().map(std::fs::create_dir_all);
        let saved = save_bytes(&path, Existing::Replace, text.as_bytes());
        if let (Some(Ok(())), Err(error)) = (folder, saved) {
            tracing::warn!("settings were not kept: {error}");
        }
    }

    /// Puts a photo first among the recent ones.
    pub fn add_recent(&mut self, photo: &Path) {
        let photo = std::path::absolute(photo).unwrap_or_else(|_| photo.to_owned());
        self.recent.retain(|other| *other != photo);
        self.recent.insert(0, photo);
        self.recent.truncate(MAX_RECENT);
    }
}

fn path(folders: &Folders) -> Option<PathBuf> {
    folders
        .config
        .as_ref()
        .map(|config| config.join("settings.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_reduced_but_never_enlarged() {
        let settings = ExportSettings {
            long_side_px: Some(2048),
            ..ExportSettings::default()
        };
        let reduced = settings.sized(&Recipe::empty(), Size::new(4000, 6000));
        let ids: Vec<_> = reduced
            .edits()
            .iter()
            .map(crate::recipe::Edit::filter_id)
            .collect();
        assert_eq!(ids, [RESIZE]);
        assert!(reduced.edits()[0].is_active());
        for (settings, size) in [
            (settings, Size::new(2048, 1000)),
            (ExportSettings::default(), Size::new(4000, 6000)),
        ] {
            assert!(settings.sized(&Recipe::empty(), size).edits().is_empty());
        }
    }

    #[test]
    fn settings_survive_a_round_trip_and_missing_fields_have_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let mut settings = Settings::load(&folders);
        assert_eq!(settings, Settings::default());
        settings.export.quality = 80;
        for name in ["/a/b.jpg", "/a/c.jpg", "/a/b.jpg"] {
            settings.add_recent(Path::new(name));
        }
        settings.save(&folders);
        assert_eq!(Settings::load(&folders), settings);
        assert_eq!(settings.recent.len(), 2);
        let sparse: Settings = toml::from_str("[window]\nis_light = true\n").unwrap();
        assert!(sparse.window.is_light && sparse.export.quality == 92);
    }
}
