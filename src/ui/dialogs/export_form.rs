//! What the export sheet is filled with, and the wish it makes. Plain data: no widget, no disk but one
//! look whether the target exists.

use std::path::{Path, PathBuf};

use crate::studio::export::IfExists;
use crate::studio::session::{ExportWish, Session};
use crate::studio::settings::ExportSettings;
use crate::studio::{BackendChoice, BackendKind};

use super::typed_path::typed_path;

/// What a file's ending asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Jpeg,
    Png,
    Tiff,
}

impl Form {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match &*ending {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "tif" | "tiff" => Some(Self::Tiff),
            _ => None,
        }
    }
}

/// The sheet as it is filled in.
#[derive(Debug, Clone)]
pub(super) struct ExportForm {
    pub(super) path_text: String,
    pub(super) settings: ExportSettings,
    pub(super) kind: BackendKind,
    pub(super) n_workers: usize,
    /// Never written over.
    source: PathBuf,
    target_exists: bool,
}

impl ExportForm {
    /// As the last export was; `None` without a photo.
    pub(super) fn of(session: &Session) -> Option<Self> {
        let source = session.photo()?.photo.path.clone();
        let target = session.suggested_target()?;
        let settings = session.settings.export;
        Some(Self::new(source, &target, settings, session.n_cores()))
    }

    pub(super) fn new(
        source: PathBuf,
        target: &Path,
        settings: ExportSettings,
        n_workers: usize,
    ) -> Self {
        let mut form = Self {
            path_text: target.display().to_string(),
            settings: ExportSettings {
                if_exists: match settings.if_exists {
                    IfExists::Refuse => IfExists::KeepBoth,
                    kept => kept,
                },
                ..settings
            },
            kind: BackendKind::Threads,
            n_workers,
            source,
            target_exists: false,
        };
        form.path_changed();
        form
    }

    /// Where it goes; relative to the photo's folder.
    pub(super) fn target(&self) -> Option<PathBuf> {
        typed_path(&self.path_text, self.source.parent())
    }

    pub(super) fn form(&self) -> Option<Form> {
        Form::of(&self.target()?)
    }

    /// Looks again whether the target exists.
    pub(super) fn path_changed(&mut self) {
        let target = self.target();
        self.target_exists = target.is_some_and(|path| path.symlink_metadata().is_ok());
    }

    /// Why it cannot start.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let Some(target) = self.target() else {
            return Some("Say where the picture shall go");
        };
        if target == self.source {
            return Some("The photo itself is never overwritten; choose another name");
        }
        if Form::of(&target).is_none() {
            return Some("End the name in .jpg, .png or .tif");
        }
        None
    }

    /// What will happen to a file of that name, where there is one.
    pub(super) fn exists_words(&self) -> Option<&'static str> {
        self.target_exists.then_some(match self.settings.if_exists {
            IfExists::Replace => "A file of this name exists and is replaced.",
            IfExists::KeepBoth | IfExists::Refuse => {
                "A file of this name exists; the new one gets the next free number."
            }
        })
    }

    /// `Runs on threads · 4 workers`.
    pub(super) fn backend_words(&self, kind: BackendKind) -> String {
        let choice = BackendChoice::new(kind, self.n_workers);
        let workers = if choice.n_workers == 1 {
            "worker"
        } else {
            "workers"
        };
        format!("{} · {} {workers}", kind.label(), choice.n_workers)
    }

    /// `None` while there is a problem.
    pub(super) fn wish(&self) -> Option<ExportWish> {
        if self.problem().is_some() {
            return None;
        }
        Some(ExportWish {
            target: self.target()?,
            settings: self.settings,
            backend: BackendChoice::new(self.kind, self.n_workers),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::full_run::OutputProfile;

    fn form() -> ExportForm {
        ExportForm::new(
            PathBuf::from("/nowhere/a.jpg"),
            Path::new("/nowhere/a-edited.jpg"),
            ExportSettings {
                if_exists: IfExists::Refuse,
                ..ExportSettings::default()
            },
            4,
        )
    }

    #[test]
    fn the_wish_holds_what_was_filled_in() {
        let mut form = form();
        form.settings.quality = 80;
        form.settings.profile = OutputProfile::Input;
        form.path_text = "b.tif".to_owned();
        let wish = form.wish().unwrap();
        assert_eq!(wish.target, PathBuf::from("/nowhere/b.tif"));
        assert_eq!(wish.settings.quality, 80);
        assert_eq!(wish.settings.profile, OutputProfile::Input);
        assert_eq!(
            wish.settings.if_exists,
            IfExists::KeepBoth,
            "a sheet never refuses"
        );
        assert_eq!(wish.backend, BackendChoice::new(BackendKind::Threads, 4));
        assert_eq!(form.backend_words(BackendKind::Single), "Single · 1 worker");
    }

    #[test]
    fn no_wish_while_there_is_a_problem() {
        for text in ["", "c.gif", "noending", "/nowhere/a.jpg", "a.jpg"] {
            let mut form = form();
            form.path_text = text.to_owned();
            assert!(form.problem().is_some() && form.wish().is_none(), "{text}");
        }
    }

    #[test]
    fn endings_agree_with_what_can_be_written() {
        let settings = ExportSettings::default();
        for name in ["a.jpg", "a.JPEG", "a.png", "a.tif", "a.TIFF", "a.webp", "a"] {
            let known = settings.format_for(Path::new(name)).is_ok();
            assert_eq!(Form::of(Path::new(name)).is_some(), known, "{name}");
        }
    }
}
