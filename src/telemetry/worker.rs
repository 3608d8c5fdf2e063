//! The lives of workers: their states, what changed them and why, and how one is seen from outside.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{PassIdx, RunId, TileIdx, WorkerIdx};

/// Where a worker is in its life. A lane whose worker is dead has nobody; the next one takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkerState {
    /// Its process was made and has not answered yet.
    Starting,
    /// It has nothing to do.
    Idle,
    /// It has tiles.
    Busy,
    /// A tile is overdue; it was asked whether it lives.
    Suspect,
    /// Nobody is there.
    #[default]
    Dead,
}

impl WorkerState {
    /// Stable: log files and their readers rely on it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Idle => "idle",
            Self::Busy => "busy",
            Self::Suspect => "suspect",
            Self::Dead => "dead",
        }
    }
}

/// A change in the life of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerEvent {
    /// The run it happened in; `None` between runs.
    pub run: Option<RunId>,
    pub worker: WorkerIdx,
    /// Process id of a worker process; `None` for a thread of the main process, or where there is
    /// no process.
    pub pid: Option<u32>,
    pub at_ns: u64,
    pub change: WorkerChange,
    /// The tile it computed, where that is known.
    #[serde(default)]
    pub tile: Option<(PassIdx, TileIdx)>,
}

impl WorkerEvent {
    /// One line for logs, such as `worker 1 pid 4711 died: signal 9 (pass 0 tile 7)`.
    #[must_use]
    pub fn text(&self) -> String {
        let pid = self.pid.map_or(String::new(), |pid| format!(" pid {pid}"));
        let tile = self.tile.map_or(String::new(), |(pass, tile)| {
            format!(" (pass {pass} tile {tile})")
        });
        format!("worker {}{pid} {}{tile}", self.worker, self.change)
    }
}

/// What happened to a worker; each leads to a state of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkerChange {
    /// Its thread or process was made.
    Started,
    /// It answered the handshake and takes work.
    Ready,
    Busy,
    Idle,
    /// It is overdue and was asked whether it lives.
    Suspect,
    /// It ended because it was told to.
    Ended(EndCause),
    Died(DeathCause),
}

impl WorkerChange {
    /// The state it leads to.
    #[must_use]
    pub const fn state(self) -> WorkerState {
        match self {
            Self::Started => WorkerState::Starting,
            Self::Ready | Self::Idle => WorkerState::Idle,
            Self::Busy => WorkerState::Busy,
            Self::Suspect => WorkerState::Suspect,
            Self::Ended(_) | Self::Died(_) => WorkerState::Dead,
        }
    }
}

impl fmt::Display for WorkerChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("started"),
            Self::Ready => f.write_str("ready"),
            Self::Busy => f.write_str("busy"),
            Self::Idle => f.write_str("idle"),
            Self::Suspect => f.write_str("suspect"),
            Self::Ended(cause) => write!(f, "ended: {cause}"),
            Self::Died(cause) => write!(f, "died: {cause}"),
        }
    }
}

/// Why a worker was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndCause {
    /// Fewer workers were asked for.
    Resize,
    /// Nobody had work for it for a while.
    Rest,
    /// It had done so many tiles that a fresh one takes its place.
    Recycled,
    /// Its pool is no longer wanted.
    Closed,
    /// The run it was started for was stopped.
    Stopped,
}

impl fmt::Display for EndCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resize => "resize",
            Self::Rest => "rest",
            Self::Recycled => "recycled",
            Self::Closed => "closed",
            Self::Stopped => "stopped",
        })
    }
}

/// Why a worker was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeathCause {
    Signal(i32),
    ExitCode(i32),
    /// It gave no sign of life in time and was ended.
    Deadline,
    /// It said something that makes no sense and was ended.
    Protocol,
    /// The system would not start it.
    Spawn,
}

impl fmt::Display for DeathCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::ExitCode(code) => write!(f, "exit code {code}"),
            Self::Deadline => f.write_str("deadline"),
            Self::Protocol => f.write_str("protocol"),
            Self::Spawn => f.write_str("spawn"),
        }
    }
}

/// A worker process as it is seen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkerView {
    /// Its lane.
    pub worker: WorkerIdx,
    /// `None` while nobody is there.
    pub pid: Option<u32>,
    pub state: WorkerState,
    /// Tiles done in its lane, by those before it as well.
    pub n_tiles: u64,
    /// Processes that took the lane after its first one died.
    pub n_restarts: u32,
    pub last_death: Option<DeathCause>,
    /// Why the last one ended that was told to; `None` where it died, or somebody took its place.
    pub last_end: Option<EndCause>,
    /// Memory resident; `None` where not looked at or not known.
    pub rss_bytes: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_as_a_line_and_survives_json() {
        let event = WorkerEvent {
            run: Some(RunId(3)),
            worker: WorkerIdx(1),
            pid: Some(4711),
            at_ns: 12,
            change: WorkerChange::Died(DeathCause::Signal(9)),
            tile: Some((PassIdx(0), TileIdx(7))),
        };
        assert_eq!(
            event.text(),
            "worker 1 pid 4711 died: signal 9 (pass 0 tile 7)"
        );
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<WorkerEvent>(&json).unwrap(), event);
        let ended = WorkerEvent {
            pid: None,
            tile: None,
            change: WorkerChange::Ended(EndCause::Rest),
            ..event
        };
        assert_eq!(ended.text(), "worker 1 ended: rest");
        assert_eq!(ended.change.state(), WorkerState::Dead);
    }
}
