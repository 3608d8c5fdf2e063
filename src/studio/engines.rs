//! The backends a person can choose, made when first used and kept warm.
//!
//! Two benches of them exist side by side: one for previews and one for full runs and exports, so
//! that an export never makes a slider wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::backend::global_lock::{DEFAULT_SWITCH_INTERVAL, GlobalLock};
pub use crate::backend::processes::Transport;
use crate::backend::processes::{Processes, WorkerProgram};
use crate::backend::single::Single;
use crate::backend::threads::Threads;
use crate::backend::{Backend, BackendError};
use crate::system::spare_memory::give_back;
use crate::telemetry::worker::WorkerView;

/// A way of running the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendKind {
    Single,
    Threads,
    Processes,
    GlobalLock,
}

impl BackendKind {
    /// In the order of the switch.
    pub const ALL: [Self; 4] = [
        Self::Single,
        Self::Threads,
        Self::Processes,
        Self::GlobalLock,
    ];

    /// The name flags and logs use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::GlobalLock => "global-lock",
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
            Self::GlobalLock => "Global lock",
        }
    }
}

/// How long each tile waits where the work waits: simulated slow storage, in milliseconds.
pub const STORAGE_WAIT_MS: u32 = 20;

/// A backend, how many workers it has, and on what terms they work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BackendChoice {
    pub kind: BackendKind,
    /// At least 1; `single` has one whatever this says.
    pub n_workers: usize,
    /// How long a worker waits for the one lock before its holder is asked to let go, in
    /// microseconds; matters for `global-lock` alone.
    pub switch_interval_us: u32,
    /// How long each tile first waits for slow storage, simulated, in milliseconds; 0 for not at
    /// all. Previews never wait.
    pub storage_wait_ms: u32,
    /// How pixels travel; matters for `processes` alone.
    #[serde(default)]
    pub transport: Transport,
}

impl BackendChoice {
    /// With a lock as `CPython` has it, and no waits.
    #[must_use]
    pub const fn new(kind: BackendKind, n_workers: usize) -> Self {
        let n_workers = match kind {
            BackendKind::Single => 1,
            _ if n_workers == 0 => 1,
            _ => n_workers,
        };
        Self {
            kind,
            n_workers,
            switch_interval_us: DEFAULT_SWITCH_INTERVAL.as_micros() as u32,
            storage_wait_ms: 0,
            transport: Transport::Pipes,
        }
    }

    /// Another backend on the same terms.
    #[must_use]
    pub const fn of_kind(self, kind: BackendKind, n_workers: usize) -> Self {
        Self {
            switch_interval_us: self.switch_interval_us,
            storage_wait_ms: self.storage_wait_ms,
            transport: self.transport,
            ..Self::new(kind, n_workers)
        }
    }

    /// `threads, 4 workers`.
    #[must_use]
    pub fn words(self) -> String {
        let backend = self.kind.label().to_lowercase();
        let transport = match (self.kind, self.transport) {
            (BackendKind::Processes, Transport::SharedMemory) => " by shared memory",
            _ => "",
        };
        match (self.kind, self.n_workers) {
            (BackendKind::Single, _) => backend,
            (_, 1) => format!("{backend}{transport}, 1 worker"),
            (_, n) => format!("{backend}{transport}, {n} workers"),
        }
    }

    /// Workers that can compute at the same moment: what tiles are planned for.
    #[must_use]
    pub const fn n_at_once(self) -> usize {
        match self.kind {
            BackendKind::Single | BackendKind::GlobalLock => 1,
            BackendKind::Threads | BackendKind::Processes => self.n_workers,
        }
    }

    #[must_use]
    pub const fn with_workers(self, n_workers: usize) -> Self {
        self.of_kind(self.kind, n_workers)
    }

    #[must_use]
    pub const fn with_switch_interval_us(self, switch_interval_us: u32) -> Self {
        Self {
            switch_interval_us,
            ..self
        }
    }

    #[must_use]
    pub const fn with_storage_wait_ms(self, storage_wait_ms: u32) -> Self {
        Self {
            storage_wait_ms,
            ..self
        }
    }

    #[must_use]
    pub const fn with_transport(self, transport: Transport) -> Self {
        Self { transport, ..self }
    }

    fn switch_interval(self) -> Duration {
        Duration::from_micros(u64::from(self.switch_interval_us))
    }

    fn storage_wait(self) -> Duration {
        Duration::from_millis(u64::from(self.storage_wait_ms))
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

type Slot<B> = Mutex<Option<Arc<B>>>;

/// Backends made so far, at most one of a kind. A change of the worker count makes new threads, and
/// gives or takes processes.
pub struct Engines {
    worker_program: WorkerProgram,
    single: Slot<Single>,
    threads: Slot<Threads>,
    /// By transport.
    processes: [Slot<Processes>; 2],
    global_lock: Slot<GlobalLock>,
}

impl Engines {
    /// `worker_program` is what `processes` starts.
    #[must_use]
    pub fn new(worker_program: WorkerProgram) -> Self {
        Self {
            worker_program,
            single: Mutex::default(),
            threads: Mutex::default(),
            processes: Default::default(),
            global_lock: Mutex::default(),
        }
    }

    /// Another set with pools of its own: who measures several sizes of one pool needs each of them.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self::new(self.worker_program.clone())
    }

    /// The backend of a choice; starts what is not running yet.
    ///
    /// # Errors
    /// [`BackendError::Start`] when the system refuses threads or processes.
    pub fn get(&self, choice: BackendChoice) -> Result<Arc<dyn Backend>, BackendError> {
        let (n, wait) = (choice.n_workers, choice.storage_wait());
        match choice.kind {
            BackendKind::Single => kept(
                &self.single,
                |made| made.storage_wait() == wait,
                || Ok(Single::with_storage_wait(wait)),
            ),
            BackendKind::Threads => kept(
                &self.threads,
                |made| made.n_workers() == n && made.storage_wait() == wait,
                || Threads::with_storage_wait(n, wait),
            ),
            BackendKind::Processes => self.processes(choice),
            BackendKind::GlobalLock => kept(
                &self.global_lock,
                |made| {
                    let interval = made.switch_interval();
                    let same_terms = interval == Some(choice.switch_interval());
                    made.n_workers() == n && made.storage_wait() == wait && same_terms
                },
                || GlobalLock::new(n, choice.switch_interval(), wait),
            ),
        }
    }

    /// The pool there is of a transport, with as many workers as wanted; its warm ones stay.
    fn processes(&self, choice: BackendChoice) -> Result<Arc<dyn Backend>, BackendError> {
        let (n_workers, transport) = (choice.n_workers, choice.transport);
        let mut slot = self.pool(transport);
        let pool = if let Some(pool) = slot.take() {
            pool
        } else {
            let pool = Processes::new(n_workers, self.worker_program.clone())?;
            Arc::new(pool.by(transport))
        };
        if pool.n_workers() != n_workers {
            pool.resize(n_workers);
        }
        pool.set_storage_wait(choice.storage_wait());
        *slot = Some(Arc::clone(&pool));
        Ok(pool)
    }

    /// Every worker process as it is now, none where no pool was made.
    #[must_use]
    pub fn workers(&self) -> Vec<WorkerView> {
        let pools = Transport::ALL.map(|transport| self.pool(transport).clone());
        let pools = pools.iter().flatten();
        pools.flat_map(|pool| pool.workers()).collect()
    }

    /// Kills the worker process of this id; whether there was one. The work goes on without it.
    pub fn kill_worker(&self, pid: u32) -> bool {
        let pools = Transport::ALL.map(|transport| self.pool(transport).clone());
        let mut pools = pools.iter().flatten();
        pools.any(|pool| pool.kill_worker(pid))
    }

    fn pool(&self, transport: Transport) -> MutexGuard<'_, Option<Arc<Processes>>> {
        self.processes[transport as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends threads; they come back with the next run that needs them. Each of them keeps the memory it
    /// works in, which for a hundred is more than the photo's.
    pub fn dismiss_threads(&self) {
        ended(&self.single, |_| true);
        ended(&self.threads, |_| true);
        ended(&self.global_lock, |_| true);
        give_back();
    }

    /// Ends pools of more threads than there are cores: they are there to be looked at, not for speed,
    /// and what they keep is not worth it.
    pub fn end_surplus(&self) {
        let is_surplus = |n_workers: usize| n_workers > n_cores();
        let threads = ended(&self.threads, |made| is_surplus(made.n_workers()));
        let locked = ended(&self.global_lock, |made| is_surplus(made.n_workers()));
        if threads || locked {
            give_back();
        }
    }

    /// Ends worker processes; they come back with the next run that needs them.
    pub fn rest(&self) {
        for transport in Transport::ALL {
            self.pool(transport).take();
        }
    }
}

/// Whether what was in the slot was let go; who still works with it ends it.
fn ended<B: Backend>(slot: &Slot<B>, is_meant: impl Fn(&B) -> bool) -> bool {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.take_if(|made| is_meant(made)).is_some()
}

/// What is in the slot, where it fits; else something new.
fn kept<B: Backend + 'static>(
    slot: &Slot<B>,
    fits: impl Fn(&B) -> bool,
    make: impl FnOnce() -> Result<B, BackendError>,
) -> Result<Arc<dyn Backend>, BackendError> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(backend) = slot.as_ref().filter(|backend| fits(backend)) {
        return Ok(Arc::clone(backend) as Arc<dyn Backend>);
    }
    let made = Arc::new(make()?);
    *slot = Some(Arc::clone(&made));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_of_more_threads_than_cores_are_not_kept() {
        let engines = Engines::new(WorkerProgram {
            program: "no-such-program".into(),
            args: Vec::new(),
        });
        let get = |kind, n_workers| engines.get(BackendChoice::new(kind, n_workers)).unwrap();
        let few = get(BackendKind::Threads, 1);
        let many = Arc::downgrade(&get(BackendKind::GlobalLock, n_cores() + 1));
        assert!(many.upgrade().is_some(), "kept warm while it may be wanted");
        engines.end_surplus();
        assert!(many.upgrade().is_none());
        assert!(Arc::ptr_eq(&few, &get(BackendKind::Threads, 1)));
        engines.dismiss_threads();
        assert!(!Arc::ptr_eq(&few, &get(BackendKind::Threads, 1)));
    }
}
