//! Runs of this and earlier days: keeping them, naming them, comparing two, making one again, and
//! logs that were opened beside them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::recipe::{Catalogue, RecipeError, RecipeFile};
use crate::telemetry::import::{self, ImportError};
use crate::telemetry::log::{Log, RunWithEvents};

use super::super::run_history::{Keeping, LineKey, RunHistory, RunLine, Source};
use super::super::run_log::RunRow;
use super::super::run_pair::RunPair;
use super::runs::Wanted;
use super::update::{Failure, Message, Update};
use super::{Sender, Session, Wake};
use crate::system::folders::Folders;
use crate::system::spare_memory::give_back;

/// A log of more bytes than this is not opened: its tiles would not fit a window.
const MAX_LOG_BYTES: u64 = 1 << 30;

/// A log that was opened for comparison.
#[derive(Debug)]
pub struct OpenedLog {
    /// Of its file.
    pub name: String,
    /// Oldest first.
    pub runs: Vec<Arc<RunWithEvents>>,
}

/// Why a run cannot be made again.
#[derive(Debug, thiserror::Error)]
pub enum CannotRepeat {
    #[error("there is no such run")]
    NoSuchRun,
    #[error("open {0} first: a run is made again on its own photo")]
    OtherPhoto(String),
    #[error("this Parallax has no backend called {0}")]
    UnknownBackend(String),
    #[error("its recipe cannot be read")]
    Recipe(#[from] RecipeError),
    #[error("another run is under way")]
    Busy,
}

/// Why a log was not opened.
#[derive(Debug, thiserror::Error)]
pub enum CannotOpenLog {
    #[error("the file cannot be read")]
    Read(#[from] io::Error),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("the file is larger than a timing log can be")]
    TooLarge,
}

/// Reads earlier runs on a thread of its own and writes new ones there.
pub(super) fn opened_history(
    folders: &Folders,
    sender: Sender<Message>,
    wake: Wake,
) -> io::Result<RunHistory> {
    let deliver = move |lines: Vec<RunLine>| {
        // The receiver is gone only when the session is.
        drop(sender.send(Message::Earlier(lines)));
        wake();
    };
    Ok(RunHistory::new(Keeping::new(folders, deliver)?))
}

impl Session {
    /// A line for every run of this and earlier days and of opened logs.
    #[must_use]
    pub const fn history(&self) -> &RunHistory {
        &self.history
    }

    /// Logs opened for comparison, in the order they were opened.
    #[must_use]
    pub fn logs(&self) -> &[OpenedLog] {
        &self.logs
    }

    /// Gives a run the user's own name; an empty one takes it away.
    pub fn rename_run(&mut self, key: &LineKey, name: &str) -> bool {
        self.history.rename(key, name)
    }

    /// The run of a line with what is left of its events; `None` for runs of earlier days.
    #[must_use]
    pub fn run_of(&self, line: &RunLine) -> Option<Arc<RunWithEvents>> {
        let run = match line.source {
            Source::Earlier => None,
            Source::Sitting(id) => self.runs.find(id).map(|row| &row.run),
            Source::Log { log_idx, run_idx } => self.logs.get(log_idx)?.runs.get(run_idx),
        };
        run.map(Arc::clone)
    }

    /// Two runs side by side; `None` where one of them is not there.
    #[must_use]
    pub fn pair_of(&self, first: &LineKey, second: &LineKey) -> Option<RunPair> {
        let (first, second) = (self.history.find(first)?, self.history.find(second)?);
        Some(RunPair::of(first, second))
    }

    /// Makes a run again as it was: its recipe, backend, terms and tile on the open photo, which must
    /// be the one it was made on. The edit in hand stays as it is.
    ///
    /// # Errors
    /// Why that cannot be.
    pub fn repeat_run(&mut self, key: &LineKey) -> Result<(), CannotRepeat> {
        let line = self.history.find(key).ok_or(CannotRepeat::NoSuchRun)?;
        let record = &line.record;
        let photo = self.photo().map(|open| open.photo.sha256.as_str());
        if photo != Some(record.photo.sha256.as_str()) {
            let name = record.photo.file_name.as_str().to_owned();
            return Err(CannotRepeat::OtherPhoto(name));
        }
        let Some(choice) = line.choice() else {
            return Err(CannotRepeat::UnknownBackend(record.backend.clone()));
        };
        if self.jobs.running.is_some() {
            return Err(CannotRepeat::Busy);
        }
        let recipe = RecipeFile::parse(&record.recipe, &Catalogue::all())?.recipe;
        let tile_px = Some(record.tile_size.width).filter(|side| *side > 0);
        self.start_run(Wanted {
            recipe,
            choice,
            tile_px,
        });
        Ok(())
    }

    /// Opens a timing log in any of its forms; its runs then stand among the others.
    pub fn open_log(&self, path: &Path) {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let path = path.to_owned();
        self.spawn("open log", move || {
            let log = read_log(&path);
            // Reading takes several times what is kept.
            give_back();
            Message::Log(name, Box::new(log))
        });
    }

    /// A run was made: into the table of this sitting and the history.
    pub(super) fn keep_run(&mut self, mut row: RunRow) {
        // Nobody else has it yet, so that nothing is copied.
        let record = &mut Arc::make_mut(&mut row.run).record;
        let (job_key, n_workers) = (&record.job_key, record.n_workers);
        let machine = self.runs.machine();
        record.ceiling_wall_ns = self
            .ceiling_of(job_key, usize::from(n_workers))
            .or_else(|| self.history.ceiling_of(job_key, n_workers, machine));
        self.history.push(RunLine::of(&row, self.runs.machine()));
        self.runs.push(row);
    }

    pub(super) fn take_earlier(&mut self, lines: Vec<RunLine>) -> Update {
        self.history.take_earlier(lines);
        Update::HistoryLoaded
    }

    pub(super) fn take_log(&mut self, name: String, log: Result<Log, CannotOpenLog>) -> Update {
        let log = match log {
            Ok(log) => log,
            Err(error) => {
                let failure = Failure::of(&error);
                return Update::LogFailed { name, failure };
            }
        };
        let log_idx = self.logs.len();
        let n_runs = log.runs.len();
        for (run_idx, run) in log.runs.iter().enumerate() {
            let source = Source::Log { log_idx, run_idx };
            let line = RunLine::of_log(&run.record, &log.machine, source);
            self.history.push(line);
        }
        self.logs.push(OpenedLog {
            name: name.clone(),
            runs: log.runs.into_iter().map(Arc::new).collect(),
        });
        Update::LogOpened { name, n_runs }
    }

    /// Wall time a picture of so many single-core runs side by side at this job, as the scaling lab
    /// last measured it.
    fn ceiling_of(&self, job_key: &str, n_workers: usize) -> Option<u64> {
        let scaling = self.scaling.as_ref().filter(|it| it.job_key == job_key)?;
        scaling.ceiling_ns(n_workers)
    }
}

fn read_log(path: &Path) -> Result<Log, CannotOpenLog> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_LOG_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LOG_BYTES {
        return Err(CannotOpenLog::TooLarge);
    }
    Ok(import::open(path, &bytes)?)
}
