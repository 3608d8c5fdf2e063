//! The backends a person can choose, made when first used and kept warm.
//!
//! Two benches of them exist side by side: one for previews and one for full runs and exports, so
//! that an export never makes a slider wait.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::backend::processes::{Processes, WorkerProgram};
use crate::backend::single::Single;
use crate::backend::threads::Threads;
use crate::backend::{Backend, BackendError};

/// A way of running the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendKind {
    Single,
    Threads,
    Processes,
}

impl BackendKind {
    /// In the order of the switch.
    pub const ALL: [Self; 3] = [Self::Single, Self::Threads, Self::Processes];

    /// The name flags and logs use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Threads => "threads",
            Self::Processes => "processes",
        }
    }

    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// What the switch says.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Single => "Single",
            Self::Threads => "Threads",
            Self::Processes => "Processes",
        }
    }
}

/// A backend and how many workers it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BackendChoice {
    pub kind: BackendKind,
    /// At least 1; `single` has one whatever this says.
    pub n_workers: usize,
}

impl BackendChoice {
    #[must_use]
    pub fn new(kind: BackendKind, n_workers: usize) -> Self {
        let n_workers = if kind == BackendKind::Single {
            1
        } else {
            n_workers.max(1)
        };
        Self { kind, n_workers }
    }

    /// Threads on every core.
    #[must_use]
    pub fn all_cores() -> Self {
        Self::new(BackendKind::Threads, n_cores())
    }
}

/// Cores this process may use; 1 where the system does not tell.
#[must_use]
pub fn n_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Backends made so far, at most one of a kind: a change of the worker count makes a new one.
pub struct Engines {
    worker_program: WorkerProgram,
    single: Arc<Single>,
    threads: Mutex<Option<Arc<Threads>>>,
    processes: Mutex<Option<Arc<Processes>>>,
}

impl Engines {
    /// `worker_program` is what `processes` starts.
    #[must_use]
    pub fn new(worker_program: WorkerProgram) -> Self {
        Self {
            worker_program,
            single: Arc::default(),
            threads: Mutex::default(),
            processes: Mutex::default(),
        }
    }

    /// The backend of a choice; starts what is not running yet.
    ///
    /// # Errors
    /// [`BackendError::Start`] when the system refuses threads or processes.
    pub fn get(&self, choice: BackendChoice) -> Result<Arc<dyn Backend>, BackendError> {
        let n = choice.n_workers;
        Ok(match choice.kind {
            BackendKind::Single => Arc::clone(&self.single) as Arc<dyn Backend>,
            BackendKind::Threads => kept(&self.threads, n, || Threads::new(n))?,
            BackendKind::Processes => kept(&self.processes, n, || {
                Processes::new(n, self.worker_program.clone())
            })?,
        })
    }

    /// Process ids of the workers that are there; none while they are being started or ended.
    #[must_use]
    pub fn worker_pids(&self) -> Vec<u32> {
        let processes = self.processes.try_lock().ok();
        let made = processes.as_ref().and_then(|slot| slot.as_ref());
        made.map_or_else(Vec::new, |processes| processes.worker_pids())
    }

    /// Ends worker processes; they come back with the next run that needs them.
    pub fn rest(&self) {
        self.processes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

fn kept<B: Backend + 'static>(
    slot: &Mutex<Option<Arc<B>>>,
    n_workers: usize,
    make: impl FnOnce() -> Result<B, BackendError>,
) -> Result<Arc<dyn Backend>, BackendError> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(backend) = slot
        .as_ref()
        .filter(|backend| backend.n_workers() == n_workers)
    {
        return Ok(Arc::clone(backend) as Arc<dyn Backend>);
    }
    let made = Arc::new(make()?);
    *slot = Some(Arc::clone(&made));
    Ok(made)
}
