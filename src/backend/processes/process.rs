//! One worker process: started, greeted, and never outlived by anything it leaves behind.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::pixels::geometry::Rect;
use crate::pixels::simd::SimdLevel;
use crate::system::spare_memory::memory_limit_bytes;
use crate::system::{lifetime, pipes};
use crate::telemetry::event::DeathCause;

use super::foreman::Foreman;
use super::link::{Closed, Link};
use super::peer::{GreetError, Peer};
use super::place::SharedChild;
use super::stderr::Stderr;
use super::transport::Transport;

/// Of the environment a worker gets only this, and the SIMD level of its parent.
const KEPT_VARIABLES: [&str; 3] = ["RUST_LOG", "RUST_BACKTRACE", "SystemRoot"];

/// A stream that ended while its process lives on is a process that is ending.
const EXIT_DEADLINE: Duration = Duration::from_millis(500);

/// Larger pipes need fewer turns; a system that grants less is as good.
const PIPE_BYTES: usize = 1 << 20;

/// Where workers are at home.
const ROOT: &str = if cfg!(windows) { "C:\\" } else { "/" };

/// What to run as a worker. A value, because the running executable need not be the program: under
/// a test runner it is the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProgram {
    pub program: PathBuf,
    pub args: Vec<OsString>,
}

impl WorkerProgram {
    /// This executable as a worker that computes.
    ///
    /// # Errors
    /// When the system does not tell which executable runs.
    pub fn this_executable() -> io::Result<Self> {
        // On Linux this is the file that runs, even when it was replaced meanwhile.
        let running = PathBuf::from("/proc/self/exe");
        let program = if cfg!(target_os = "linux") && running.exists() {
            running
        } else {
            std::env::current_exe()?
        };
        let this = Self::computing(program);
        #[cfg(feature = "fault-injection")]
        let this = this.with_fault_ordered();
        Ok(this)
    }

    /// Hands on what `PARALLAX_FAULT` orders, for tests; see `backend/faults.rs`.
    #[cfg(feature = "fault-injection")]
    fn with_fault_ordered(mut self) -> Self {
        if let Some(order) = std::env::var_os("PARALLAX_FAULT") {
            let text = order.to_string_lossy();
            if let Err(error) = crate::backend::faults::obey_as_parent(&text) {
                tracing::warn!("{error}");
            }
            self.args.extend(["--fault".into(), order]);
        }
        self
    }

    /// `program`, a Parallax, as a worker that computes.
    #[must_use]
    pub fn computing(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: ["worker", "--role", "compute"].map(OsString::from).into(),
        }
    }

    fn command(&self, transport: Transport) -> io::Result<Command> {
        if !self.program.is_absolute() {
            // Neither the working folder nor a search path chooses what computes a photo.
            let what = "it is no absolute path";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear();
        if transport == Transport::SharedMemory {
            command.arg("--memory-by-name");
        }
        for name in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("PARALLAX_SIMD", SimdLevel::current().name())
            // Whatever the parent's folder is, a worker keeps nobody from unmounting it.
            .current_dir(ROOT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // A group of its own: an interrupt from the terminal is the parent's to answer.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(command)
    }
}

impl fmt::Display for WorkerProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.args
            .iter()
            .try_for_each(|arg| write!(f, " {}", arg.to_string_lossy()))
    }
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
pub(super) enum SpawnError {
    /// The system will not start it; trying again will not help.
    #[error(transparent)]
    Spawn(#[from] io::Error),
    /// It is of another build; trying again will not help.
    #[error("the worker program does not fit: {0}")]
    Mismatch(String),
    /// It ended, or made no sense, before it was ready.
    #[error("{0}")]
    Died(Death),
    /// Nobody waits for it any more.
    #[error("stopped")]
    Stopped,
}

/// What the allocator says when there is no memory.
const NO_MEMORY: &str = "memory allocation of";

/// How a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Death {
    pub(super) cause: DeathCause,
    /// The cause and the worker's last words.
    pub(super) text: String,
}

impl Death {
    /// Says more of one who ran out of memory: over how large a tile, and what the limit was.
    pub(super) fn weighed(mut self, tile: Option<Rect>) -> Self {
        if let (Some(rect), true) = (tile, self.text.contains(NO_MEMORY)) {
            let limit = match memory_limit_bytes() {
                Some(bytes) => format!("the limit is {} MiB", bytes >> 20),
                None => "the system sets no limit".to_owned(),
            };
            let (width, height) = (rect.width, rect.height);
            self.text = format!(
                "out of memory over a tile of {width} × {height} pixels ({limit}): {}",
                self.text
            );
        }
        self
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A running worker. Dropping it kills and reaps it.
#[derive(Debug)]
pub(super) struct Process {
    pid: u32,
    child: SharedChild,
    stderr: Stderr,
    pub(super) peer: Peer,
}

impl Process {
    /// Starts a worker without waiting for it. The foreman must live as long as the worker: on Linux
    /// the worker ends with his thread.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn spawn(
        program: &WorkerProgram,
        transport: Transport,
        name: &str,
        foreman: &Foreman,
    ) -> io::Result<Self> {
        let mut child = Guard(Some(foreman.spawn(program.command(transport)?)?));
        let running = child.0.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let pid = running.id();
        let (Some(stdin), Some(stdout), Some(stderr)) = (
            running.stdin.take(),
            running.stdout.take(),
            running.stderr.take(),
        ) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        pipes::enlarge(&stdin, PIPE_BYTES);
        pipes::enlarge(&stdout, PIPE_BYTES);
        let stderr = Stderr::drain(pid, stderr)?;
        let link = Link::new(name, stdout, stdin)?;
        let child = child.0.take().ok_or(io::ErrorKind::NotFound)?;
        Ok(Self {
            pid,
            child: Arc::new(Mutex::new(child)),
            stderr,
            peer: Peer::new(link),
        })
    }

    /// Asks who it is and what its clock reads.
    ///
    /// # Errors
    /// When it is another build, or died, or `is_stopped` meanwhile.
    pub(super) fn greet(&mut self, is_stopped: &dyn Fn() -> bool) -> Result<(), SpawnError> {
        self.peer.greet(is_stopped).map_err(|error| match error {
            GreetError::Stopped => SpawnError::Stopped,
            GreetError::Mismatch(what) => SpawnError::Mismatch(what),
            GreetError::Closed(closed) => SpawnError::Died(self.autopsy(closed)),
            GreetError::Silent => {
                SpawnError::Died(self.end(DeathCause::Deadline, "it does not answer"))
            }
        })
    }

    pub(super) const fn pid(&self) -> u32 {
        self.pid
    }

    /// For those who may kill it from outside.
    pub(super) fn child(&self) -> SharedChild {
        Arc::clone(&self.child)
    }

    /// Ends and reaps a worker whose link closed, and tells why it died.
    pub(super) fn autopsy(&mut self, closed: Closed) -> Death {
        match closed {
            Closed::Nonsense(what) => self.end(DeathCause::Protocol, &what),
            Closed::Ended => match self.wait(EXIT_DEADLINE) {
                Some(status) => self.end(cause_of(status), ""),
                None => self.end(DeathCause::Protocol, "it closed its streams"),
            },
        }
    }

    /// Ends and reaps the worker, for a cause that is known.
    pub(super) fn end(&mut self, cause: DeathCause, what: &str) -> Death {
        self.kill();
        let last_words = self.stderr.last_words();
        let mut text = format!("{cause} (pid {})", self.pid);
        for (before, words) in [(": ", what), ("; it said: ", &last_words)] {
            if !words.is_empty() {
                text.push_str(before);
                text.push_str(words);
            }
        }
        Death { cause, text }
    }

    fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + at_most;
        loop {
            match lock(&self.child).try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_micros(500));
                }
                Ok(None) | Err(_) => return None,
            }
        }
    }

    fn kill(&mut self) {
        kill_and_reap(&mut lock(&self.child));
        self.peer.link.join();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A child that is killed when something fails before it has an owner.
struct Guard(Option<Child>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            kill_and_reap(child);
        }
    }
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kill_and_reap(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        // What it may have started goes with it: it would hold the pipes open.
        lifetime::kill_group(child);
    }
    // Both fail only for a child that was reaped already.
    child.kill().ok();
    child.wait().ok();
}

#[cfg(unix)]
fn cause_of(status: ExitStatus) -> DeathCause {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.signal(), status.code()) {
        (Some(signal), _) => DeathCause::Signal(signal),
        (None, code) => DeathCause::ExitCode(code.unwrap_or_default()),
    }
}

#[cfg(not(unix))]
fn cause_of(status: ExitStatus) -> DeathCause {
    DeathCause::ExitCode(status.code().unwrap_or_default())
}
