//! Opening a photo: read, decode, reduce, find its edits; all on a thread of its own.

use std::path::Path;
use std::sync::Arc;

use crate::codecs::Watch;
use crate::recipe::{History, Recipe};
use crate::telemetry::clock::now_ns;

use super::super::autosave::{Kept, Sidecar};
use super::super::export::clear_leftovers;
use super::super::preview::Subject;
use super::super::pyramid::Pyramid;
use super::super::view::View;
use super::super::{Photo, StudioError};
use super::jobs::{Job, JobId, JobKind, finish};
use super::update::{Failure, Message, Update};
use super::{OpenPhoto, Session};

/// A photo that is ready to be shown.
pub(super) struct Opened {
    photo: Arc<Photo>,
    subject: Arc<Subject>,
    sidecar: Sidecar,
    kept: Kept,
}

impl Session {
    /// Opens a photo in the place of the one that is open; that one stays until the new one is ready.
    pub fn open(&mut self, path: &Path) {
        if let Some(earlier) = self.jobs.opening.take() {
            earlier.stop();
        }
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let job = Job::new(JobKind::Opening(name));
        let (path, folders, limits) = (path.to_owned(), self.folders.clone(), self.limits);
        let decoder = self.decoder.clone();
        let (pool, their_job) = (Arc::clone(&self.pool), job.clone());
        self.spawn("open", move || {
            let progress = |share: f32| their_job.progress.set(share * 0.8);
            let watch = Watch::new(their_job.cancel.flag(), &progress);
            let result = Photo::load(&decoder, &path, &limits, &watch).map(|photo| {
                let pyramid = pool.install(|| Pyramid::new(Arc::clone(&photo.image)));
                let subject = Arc::new(Subject {
                    photo: Arc::clone(&photo.image),
                    pyramid,
                });
                let sidecar = Sidecar::of(&photo, &folders);
                // Beside the photo is where edits are saved.
                clear_leftovers(&photo.path);
                let kept = sidecar.load();
                Opened {
                    photo: Arc::new(photo),
                    subject,
                    sidecar,
                    kept,
                }
            });
            Message::Opened(their_job.id, Box::new(result))
        });
        self.jobs.opening = Some(job);
    }

    /// Closes the photo; its edits are saved.
    pub fn close(&mut self) {
        self.open = None;
        self.preview = None;
        self.previewer.set_subject(None);
    }

    pub(super) fn take_opened(
        &mut self,
        id: JobId,
        result: Result<Opened, StudioError>,
    ) -> Option<Update> {
        let job = finish(&mut self.jobs.opening, id)?;
        let opened = match result {
            Ok(opened) => opened,
            Err(error) if error.is_stop() => return None,
            Err(error) => {
                let failure = Failure::of(&error);
                let name = match job.kind {
                    JobKind::Opening(name) => name,
                    JobKind::Running(_)
                    | JobKind::Comparing
                    | JobKind::Scaling
                    | JobKind::SideBySide
                    | JobKind::Touring(_)
                    | JobKind::Exporting(_) => String::new(),
                };
                return Some(Update::OpenFailed { name, failure });
            }
        };
        let mut notes: Vec<String> = opened.photo.notes.iter().map(ToString::to_string).collect();
        let recipe = match opened.kept {
            Kept::Nothing => Recipe::empty(),
            Kept::Recipe(recipe) => recipe,
            Kept::Bad { error, moved_to } => {
                let kept_as = moved_to.map_or_else(String::new, |path| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    format!("; the file was kept as {name}")
                });
                notes.push(format!("earlier edits could not be read: {error}{kept_as}"));
                Recipe::empty()
            }
        };
        let has_edits = !recipe.is_empty();
        self.settings.add_recent(&opened.photo.path);
        self.keep_settings();
        self.previewer
            .set_subject(Some(Arc::clone(&opened.subject)));
        self.open = Some(OpenPhoto {
            photo: opened.photo,
            sidecar: opened.sidecar,
            history: History::new(recipe),
            open_ns: job.elapsed_ns(),
        });
        self.preview = None;
        self.stand_in = None;
        self.view = View {
            viewport: self.view.viewport,
            margin_px: self.view.margin_px,
            ..View::default()
        };
        self.request_preview(now_ns(), false);
        Some(Update::Opened { has_edits, notes })
    }

    /// Runs `work` on a named thread and hands its message to the session.
    pub(super) fn spawn(&self, name: &str, work: impl FnOnce() -> Message + Send + 'static) {
        let (sender, wake) = (self.sender.clone(), Arc::clone(&self.wake));
        let spawned = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let message = work();
                // The receiver is gone only when the session is: then nobody waits for the answer.
                drop(sender.send(message));
                wake();
            });
        if let Err(error) = spawned {
            tracing::error!("no thread for {name}: {error}");
        }
    }
}
