//! One window's work: the open photo, its recipe and history, the view, and the jobs under way.
//!
//! Everything here returns at once; photos are opened, computed and saved on other threads, and
//! [`Session::poll`] tells what they achieved. The window owns one session and draws what it says.

mod edits;
mod jobs;
mod lab;
mod opening;
mod past;
mod previews;
mod progress;
mod runs;
mod sides;
mod tour;
mod tour_run;
mod update;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::backend::decoder::Decoder;
pub use crate::backend::processes::WorkerProgram;
pub use crate::codecs::Limits;
use crate::pixels::geometry::Size;
use crate::recipe::{History, Recipe};
use crate::system::folders::Folders;
use crate::telemetry::machine::Machine;
use crate::telemetry::summary::Rolling;

use super::autosave::{Autosave, Sidecar};
use super::engines::{BackendChoice, BackendKind, Engines, n_cores};
use super::keeper::Keeper;
use super::lab::Scaling;
use super::monitor::Monitor;
use super::preview::{PreviewFrame, Previewer};
use super::run_history::RunHistory;
use super::run_log::RunLog;
use super::settings::Settings;
use super::side_by_side::SideBySide;
use super::view::View;
use super::workers::{BenchWorker, Benches};
use super::{Photo, StudioError};

pub use jobs::{Job, JobId, JobKind};
pub use past::{CannotOpenLog, CannotRepeat, OpenedLog};
pub use progress::{Doing, LiveRun, WorkerProgress};
pub use runs::ExportWish;
pub use tour::{StepShown, Tour};
pub use update::{Failure, Update};

use jobs::Jobs;
use previews::Awaited;
use update::Message;

/// Called from any thread when there is something to poll.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Preview times kept for the rolling summary.
const N_PREVIEW_TIMES: usize = 200;

/// What the session is made with.
pub struct SessionOptions {
    pub worker_program: WorkerProgram,
    pub folders: Folders,
    pub limits: Limits,
    /// Whether photos are opened only where the decoder's sandbox is complete.
    pub requires_sandbox: bool,
    /// Whether edits are saved beside the photo; not while pictures of the window are made.
    pub keeps_edits: bool,
    pub wake: Wake,
}

/// A photo with its edits.
pub struct OpenPhoto {
    pub photo: Arc<Photo>,
    sidecar: Sidecar,
    pub history: History,
    /// Nanoseconds from the wish to the photo being ready.
    pub open_ns: u64,
}

/// See the module's own words.
pub struct Session {
    wake: Wake,
    folders: Folders,
    decoder: Decoder,
    limits: Limits,
    keeps_edits: bool,
    pub settings: Settings,
    messages: Receiver<Message>,
    sender: Sender<Message>,
    pool: Arc<ThreadPool>,
    full: Arc<Engines>,
    benches: Benches,
    worker_program: WorkerProgram,
    previewer: Previewer,
    autosave: Autosave,
    keeper: Keeper,
    pub monitor: Monitor,
    open: Option<OpenPhoto>,
    jobs: Jobs,
    pub runs: RunLog,
    history: RunHistory,
    logs: Vec<OpenedLog>,
    scaling: Option<Arc<Scaling>>,
    sides: Option<Arc<SideBySide>>,
    tour: Tour,
    backend: BackendChoice,
    /// Of the backend chosen last that has several.
    n_workers: usize,
    view: View,
    with_before: bool,
    preview: Option<PreviewFrame>,
    preview_times: Rolling,
    awaited: Awaited,
    next_seq: u64,
    shown_revision: Option<u64>,
    /// When the input arrived that is being worked off; 0 where nobody said.
    input_ns: u64,
    /// Shown in place of the recipe, such as the uncropped picture while cropping.
    stand_in: Option<Recipe>,
}

impl Session {
    /// Starts the threads that wait for work; opens nothing.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(options: SessionOptions) -> Result<Self, StudioError> {
        let SessionOptions {
            worker_program,
            folders,
            limits,
            requires_sandbox,
            keeps_edits,
            wake,
        } = options;
        let decoder = Decoder::beside(&worker_program).requiring_sandbox(requires_sandbox);
        let pool = Arc::new(studio_pool()?);
        // Bounded far above what can be under way, so that no thread ever waits for the window.
        let (sender, messages) = crossbeam_channel::bounded(4096);
        let benches = Benches::new(&worker_program);
        let interactive = Arc::clone(&benches.previews);
        let watched = benches.clone();
        let awaited = Awaited::default();
        let deliver = awaited.delivery(sender.clone(), Arc::clone(&wake));
        let previewer =
            Previewer::new(interactive, Arc::clone(&pool), deliver).map_err(no_threads)?;
        Ok(Self {
            settings: Settings::load(&folders),
            runs: RunLog::new(Machine::gather()),
            history: past::opened_history(&folders, sender.clone(), Arc::clone(&wake))
                .map_err(no_threads)?,
            logs: Vec::new(),
            scaling: None,
            sides: None,
            tour: Tour::default(),
            full: Arc::clone(&benches.runs),
            benches,
            worker_program,
            autosave: Autosave::new().map_err(no_threads)?,
            keeper: Keeper::new(folders.clone()).map_err(no_threads)?,
            monitor: Monitor::new(move || watched.workers()).map_err(no_threads)?,
            backend: BackendChoice::all_cores(),
            n_workers: n_cores(),
            wake,
            folders,
            decoder,
            limits,
            keeps_edits,
            messages,
            sender,
            pool,
            previewer,
            open: None,
            jobs: Jobs::default(),
            view: View::default(),
            with_before: false,
            preview: None,
            preview_times: Rolling::new(N_PREVIEW_TIMES),
            awaited,
            next_seq: 1,
            shown_revision: None,
            input_ns: 0,
            stand_in: None,
        })
    }

    /// The open photo with its history.
    #[must_use]
    pub const fn photo(&self) -> Option<&OpenPhoto> {
        self.open.as_ref()
    }

    /// The recipe as it is now; empty without a photo.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        self.open
            .as_ref()
            .map_or_else(Recipe::empty, |open| open.history.current().clone())
    }

    /// The newest finished preview of the open photo.
    #[must_use]
    pub const fn preview(&self) -> Option<&PreviewFrame> {
        self.preview.as_ref()
    }

    /// Shows `recipe` in place of the photo's own, which does not change; `None` ends that.
    pub fn set_stand_in(&mut self, recipe: Option<Recipe>) {
        if self.stand_in != recipe {
            self.stand_in = recipe;
            self.request_preview(self.input_time(), false);
        }
    }

    /// The recipe that previews show.
    #[must_use]
    pub fn shown_recipe(&self) -> Recipe {
        self.stand_in.clone().unwrap_or_else(|| self.recipe())
    }

    /// Size at scale 1 of what `recipe` makes of the open photo; `None` without one, or where the
    /// recipe cannot be planned.
    #[must_use]
    pub fn picture_size(&self, recipe: &Recipe) -> Option<Size> {
        let photo = &self.open.as_ref()?.photo;
        super::preview::picture_size(&photo.image, recipe).ok()
    }

    #[must_use]
    pub const fn backend(&self) -> BackendChoice {
        self.backend
    }

    /// The worker processes of previews and runs, as they were a moment ago.
    #[must_use]
    pub fn workers(&self) -> Vec<BenchWorker> {
        self.monitor.workers()
    }

    /// Kills a worker process; whatever it worked on goes on without it.
    pub fn kill_worker(&self, pid: u32) {
        self.benches.kill(pid);
    }

    /// Cores this program may use: what the worker count begins at.
    #[must_use]
    pub fn n_cores(&self) -> usize {
        n_cores()
    }

    /// Workers the person chose last; all cores before that. `single` has one all the same.
    #[must_use]
    pub const fn n_workers(&self) -> usize {
        self.n_workers
    }

    /// Chooses who computes; the preview is repeated at once.
    pub fn set_backend(&mut self, choice: BackendChoice) {
        if choice.kind != BackendKind::Single {
            self.n_workers = choice.n_workers;
        }
        if self.backend != choice {
            self.backend = choice;
            self.request_preview(self.input_time(), false);
        }
    }

    /// Whether previews shall carry the unedited picture beside the edited one.
    pub fn set_with_before(&mut self, with_before: bool) {
        if self.with_before != with_before {
            self.with_before = with_before;
            self.request_preview(self.input_time(), false);
        }
    }

    /// Whether all edits are on the disk.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.autosave.is_saved()
    }

    /// The settings changed: they are written down, without waiting for the disk.
    pub fn keep_settings(&self) {
        self.keeper.changed(&self.settings);
    }

    #[must_use]
    pub const fn folders(&self) -> &Folders {
        &self.folders
    }

    #[must_use]
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Where an export of the open photo goes unless told otherwise.
    #[must_use]
    pub fn suggested_target(&self) -> Option<PathBuf> {
        let photo = &self.open.as_ref()?.photo;
        let beside = super::export::suggested_target(&photo.path);
        let is_sample = self
            .folders
            .data
            .as_ref()
            .is_some_and(|data| photo.path.starts_with(data));
        let folder_is_ours = photo.path.parent().is_some_and(is_writable_folder) && !is_sample;
        match (&self.folders.pictures, beside.file_name()) {
            (Some(pictures), Some(name)) if !folder_is_ours => Some(pictures.join(name)),
            _ => Some(beside),
        }
    }

    /// Takes what other threads achieved since the last call; cheap when there is nothing.
    pub fn poll(&mut self) -> Vec<Update> {
        let mut updates = Vec::new();
        while let Some(message) = self.next_message() {
            updates.extend(self.take(message));
        }
        if let Some(error) = self.autosave.take_error() {
            updates.push(Update::AutosaveFailed(Failure::of(&error)));
        }
        updates
    }

    fn take(&mut self, message: Message) -> Option<Update> {
        match message {
            Message::Preview(frame) => Some(self.take_preview(*frame)),
            Message::Opened(job, result) => self.take_opened(job, *result),
            Message::Ran(job, result) => self.take_run(job, *result),
            Message::Compared(job, result) => self.take_comparison(job, result),
            Message::Exported(job, result) => self.take_export(job, *result),
            Message::Earlier(lines) => Some(self.take_earlier(lines)),
            Message::Log(name, log) => Some(self.take_log(name, *log)),
            Message::Scaled(job, result) => self.take_scaling(job, *result),
            Message::Sides(job, result) => self.take_sides(job, *result),
            Message::Toured(job, result) => self.take_tour_step(job, *result),
        }
    }
}

fn no_threads(source: std::io::Error) -> StudioError {
    StudioError::Run(crate::backend::BackendError::Start {
        what: "the session's threads".to_owned(),
        source,
    })
}

fn studio_pool() -> Result<ThreadPool, StudioError> {
    let named = ThreadPoolBuilder::new().thread_name(|idx| format!("studio {idx}"));
    named
        .build()
        .map_err(|error| no_threads(std::io::Error::other(error)))
}

/// Whether a file could be made there; asked of the system without making one.
fn is_writable_folder(folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    folder
        .metadata()
        .is_ok_and(|facts| !facts.permissions().readonly())
}
